-- Schemes: which roles members of a team or channel get instead of the usual ones.

CREATE TABLE schemes (
    id {id} NOT NULL PRIMARY KEY,
    name {key} NOT NULL,
    display_name {text} NOT NULL,
    description {text} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    scope {key} NOT NULL,
    team_admin {key} NOT NULL,
    team_user {key} NOT NULL,
    team_guest {key} NOT NULL,
    channel_admin {key} NOT NULL,
    channel_user {key} NOT NULL,
    channel_guest {key} NOT NULL
){rows};
CREATE UNIQUE INDEX schemes_name ON schemes (name);
CREATE INDEX schemes_scope ON schemes (scope, create_at);
CREATE INDEX teams_scheme ON teams (scheme_id);
CREATE INDEX channels_scheme ON channels (scheme_id);

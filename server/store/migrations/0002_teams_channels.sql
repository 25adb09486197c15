-- Teams, channels, who is in them, and how people arrange them.

CREATE TABLE teams (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    display_name {text} NOT NULL,
    name {key} NOT NULL,
    description {text} NOT NULL,
    email {text} NOT NULL,
    kind {key} NOT NULL,
    company_name {text} NOT NULL,
    allowed_domains {text} NOT NULL,
    invite_id {key} NOT NULL,
    allow_open_invite {bool} NOT NULL,
    last_team_icon_update {ms} NOT NULL,
    scheme_id {id},
    group_constrained {bool},
    names {text} NOT NULL
){rows};
CREATE UNIQUE INDEX teams_name ON teams (name);
CREATE INDEX teams_invite_id ON teams (invite_id);

CREATE TABLE team_members (
    team_id {id} NOT NULL,
    user_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    roles {text} NOT NULL,
    scheme_guest {bool} NOT NULL,
    scheme_user {bool} NOT NULL,
    scheme_admin {bool} NOT NULL,
    PRIMARY KEY (team_id, user_id)
){keyed};
CREATE INDEX team_members_user_id ON team_members (user_id, delete_at);

CREATE TABLE channels (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    team_id {id} NOT NULL,
    kind {key} NOT NULL,
    display_name {text} NOT NULL,
    name {key} NOT NULL,
    header {text} NOT NULL,
    purpose {text} NOT NULL,
    last_post_at {ms} NOT NULL,
    total_msg_count {int} NOT NULL,
    extra_update_at {ms} NOT NULL,
    creator_id {id} NOT NULL,
    scheme_id {id},
    props {json} NOT NULL,
    group_constrained {bool},
    shared {bool},
    total_msg_count_root {int} NOT NULL,
    last_root_post_at {ms} NOT NULL,
    names {text} NOT NULL
){rows};
CREATE UNIQUE INDEX channels_team_id_name ON channels (team_id, name);
CREATE INDEX channels_kind ON channels (team_id, kind, delete_at);

CREATE TABLE channel_members (
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    roles {text} NOT NULL,
    last_viewed_at {ms} NOT NULL,
    msg_count {int} NOT NULL,
    mention_count {int} NOT NULL,
    mention_count_root {int} NOT NULL,
    msg_count_root {int} NOT NULL,
    urgent_mention_count {int} NOT NULL,
    notify_props {json} NOT NULL,
    last_update_at {ms} NOT NULL,
    scheme_guest {bool} NOT NULL,
    scheme_user {bool} NOT NULL,
    scheme_admin {bool} NOT NULL,
    PRIMARY KEY (channel_id, user_id)
){keyed};
CREATE INDEX channel_members_user_id ON channel_members (user_id, channel_id);

CREATE TABLE sidebar_categories (
    id {key} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL,
    team_id {id} NOT NULL,
    kind {key} NOT NULL,
    display_name {text} NOT NULL,
    sorting {key} NOT NULL,
    sort_order {int} NOT NULL,
    muted {bool} NOT NULL,
    collapsed {bool} NOT NULL
){rows};
CREATE INDEX sidebar_categories_user_team ON sidebar_categories (user_id, team_id);

CREATE TABLE sidebar_channels (
    category_id {key} NOT NULL,
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    sort_order {int} NOT NULL,
    PRIMARY KEY (category_id, channel_id)
){keyed};
CREATE INDEX sidebar_channels_user_id ON sidebar_channels (user_id, channel_id);

-- Groups that people make to mention several at once.

CREATE TABLE user_groups (
    id {id} NOT NULL PRIMARY KEY,
    name {key} NOT NULL,
    display_name {text} NOT NULL,
    description {text} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL
){rows};
CREATE UNIQUE INDEX user_groups_name ON user_groups (name);

CREATE TABLE group_members (
    group_id {id} NOT NULL,
    user_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    PRIMARY KEY (group_id, user_id)
){keyed};
CREATE INDEX group_members_user ON group_members (user_id);

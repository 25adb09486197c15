-- What people have begun to write, and what is to be sent later.

CREATE TABLE drafts (
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    -- Empty for the channel itself.
    root_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    message {long} NOT NULL,
    kind {key} NOT NULL,
    props {json} NOT NULL,
    file_ids {text} NOT NULL,
    priority {json} NOT NULL,
    PRIMARY KEY (user_id, channel_id, root_id)
){keyed};

CREATE TABLE scheduled_posts (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    root_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    message {long} NOT NULL,
    kind {key} NOT NULL,
    props {json} NOT NULL,
    file_ids {text} NOT NULL,
    priority {json} NOT NULL,
    scheduled_at {ms} NOT NULL,
    -- When sending failed; 0: it waits.
    processed_at {ms} NOT NULL,
    error_code {key} NOT NULL
){rows};
CREATE INDEX scheduled_posts_user ON scheduled_posts (user_id, scheduled_at);

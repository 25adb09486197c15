-- Uploads that go on over several requests, and custom emoji.

CREATE TABLE upload_sessions (
    id {id} NOT NULL PRIMARY KEY,
    kind {key} NOT NULL,
    create_at {ms} NOT NULL,
    -- When something last came in.
    update_at {ms} NOT NULL,
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    filename {text} NOT NULL,
    file_size {int} NOT NULL,
    file_offset {int} NOT NULL,
    -- Where in the file store the pieces are that have come in, in order.
    parts {json} NOT NULL
){rows};
CREATE INDEX upload_sessions_user ON upload_sessions (user_id, create_at);
CREATE INDEX upload_sessions_update_at ON upload_sessions (update_at);

CREATE TABLE custom_emoji (
    id {id} NOT NULL PRIMARY KEY,
    creator_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    name {key} NOT NULL
){rows};
-- A name is free again once its emoji is deleted.
CREATE UNIQUE INDEX custom_emoji_name_delete_at ON custom_emoji (name, delete_at);
CREATE INDEX custom_emoji_create_at ON custom_emoji (create_at);

-- Files: what is known of them. Their content is in the file store, under `path`.

CREATE TABLE file_infos (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL,
    -- Empty until it is posted.
    post_id {id} NOT NULL,
    -- Where it was uploaded to, and later where it was posted.
    channel_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    path {text} NOT NULL,
    name {text} NOT NULL,
    extension {key} NOT NULL,
    size {int} NOT NULL,
    mime_type {key} NOT NULL,
    width {int} NOT NULL,
    height {int} NOT NULL,
    -- How it stands with the smaller pictures made of it: 0 none, 1 ordered, 2 made, 3 cannot be made.
    pictures {int} NOT NULL,
    mini_preview {text} NOT NULL
){rows};
CREATE INDEX file_infos_post ON file_infos (post_id){where post_id <> ''};
CREATE INDEX file_infos_channel ON file_infos (channel_id, create_at);

-- Links and files that a channel keeps at hand. Those of a channel that are not deleted are numbered from 0.

CREATE TABLE channel_bookmarks (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    channel_id {id} NOT NULL,
    owner_id {id} NOT NULL,
    -- Of a link: empty.
    file_id {id} NOT NULL,
    display_name {text} NOT NULL,
    sort_order {int} NOT NULL,
    link_url {text} NOT NULL,
    image_url {text} NOT NULL,
    emoji {text} NOT NULL,
    kind {key} NOT NULL
){rows};
CREATE INDEX channel_bookmarks_channel ON channel_bookmarks (channel_id, sort_order);

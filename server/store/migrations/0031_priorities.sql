-- How much posts ask to be seen, and who says that they have.

ALTER TABLE posts ADD COLUMN priority {key} NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN ack_requested {bool} NOT NULL DEFAULT FALSE;

CREATE TABLE acknowledgements (
    post_id {id} NOT NULL,
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    acknowledged_at {ms} NOT NULL,
    PRIMARY KEY (post_id, user_id)
){keyed};

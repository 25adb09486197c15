-- Texts that burn after reading: apart from their posts, whose text is empty, and to whom they are shown until when.

CREATE TABLE burning_texts (
    post_id {id} NOT NULL PRIMARY KEY,
    message {long} NOT NULL,
    expire_at {ms} NOT NULL
){rows};
CREATE INDEX burning_texts_expire_at ON burning_texts (expire_at);

CREATE TABLE burning_readers (
    post_id {id} NOT NULL,
    user_id {id} NOT NULL,
    expire_at {ms} NOT NULL,
    PRIMARY KEY (post_id, user_id)
){keyed};

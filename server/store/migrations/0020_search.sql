-- What can be found: an index of words, and what has still to be put into it.

-- Written within the change of a post, so that nothing is forgotten; emptied in the background.
CREATE TABLE search_pending (
    seq {seq},
    post_id {id} NOT NULL
){rows};

-- `place` orders posts by time: create_at * 2^20 + the last 20 bits of the post's number.
CREATE TABLE indexed_posts (
    place {ms} NOT NULL PRIMARY KEY,
    post_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL
){rows};
CREATE UNIQUE INDEX indexed_posts_post ON indexed_posts (post_id);
CREATE INDEX indexed_posts_user ON indexed_posts (user_id, place);
CREATE INDEX indexed_posts_channel ON indexed_posts (channel_id, place);

-- Words are made by us and are ASCII, see backend's `search`: all three databases see the same.
{on sqlite CREATE VIRTUAL TABLE post_words USING fts5(words, content='', contentless_delete=1, tokenize='ascii');}
{on postgres CREATE TABLE post_words (place BIGINT NOT NULL PRIMARY KEY, words TSVECTOR NOT NULL);}
{on postgres CREATE INDEX post_words_words ON post_words USING GIN (words);}
{on mysql CREATE TABLE post_words (place BIGINT NOT NULL PRIMARY KEY, words MEDIUMTEXT NOT NULL, FULLTEXT (words)) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;}

INSERT INTO search_pending (post_id) SELECT id FROM posts WHERE delete_at = 0 AND original_id = '' ORDER BY create_at;

-- What can be found: an index of words, and what has still to be put into it.

-- Written within the change of a post, so that nothing is forgotten; emptied in the background.
CREATE TABLE search_pending (
    seq {seq},
    post_id {id} NOT NULL
){rows};

-- `place` orders posts by time: create_at * 2^20 + the last 20 bits of the post's number. Words are made by us and are
-- ASCII, see backend's `search`: all three databases see the same.
CREATE TABLE indexed_posts (
    place {ms} NOT NULL PRIMARY KEY,
    post_id {id} NOT NULL,
    channel_id {id} NOT NULL
){rows};
CREATE UNIQUE INDEX indexed_posts_post ON indexed_posts (post_id);

-- The beginnings kept are of `wd` and one, two or three letters.
{on sqlite CREATE VIRTUAL TABLE post_words USING fts5(words, content='', contentless_delete=1, tokenize='ascii', prefix='3 4 5');}
{on postgres ALTER TABLE indexed_posts ADD COLUMN words TSVECTOR NOT NULL;}
{on postgres ALTER TABLE indexed_posts ALTER COLUMN words SET STATISTICS 400;}
{on postgres CREATE INDEX indexed_posts_words ON indexed_posts USING GIN (words) WITH (fastupdate = off);}
{on mysql ALTER TABLE indexed_posts ADD COLUMN words MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL;}
{on mysql CREATE FULLTEXT INDEX indexed_posts_words ON indexed_posts (words);}

INSERT INTO search_pending (post_id) SELECT id FROM posts WHERE delete_at = 0 AND original_id = '' ORDER BY create_at;

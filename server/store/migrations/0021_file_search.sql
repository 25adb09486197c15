-- Files that can be found, by their names and what is in them: as messages, see 0020.

CREATE TABLE file_search_pending (
    seq {seq},
    file_id {id} NOT NULL
){rows};

-- `place` orders files by time: create_at * 2^20 + the last 20 bits of the number under which it waited.
CREATE TABLE indexed_files (
    place {ms} NOT NULL PRIMARY KEY,
    file_id {id} NOT NULL,
    channel_id {id} NOT NULL
){rows};
CREATE UNIQUE INDEX indexed_files_file ON indexed_files (file_id);

{on sqlite CREATE VIRTUAL TABLE file_words USING fts5(words, content='', contentless_delete=1, tokenize='ascii', prefix='3 4 5');}
{on postgres ALTER TABLE indexed_files ADD COLUMN words TSVECTOR NOT NULL;}
{on postgres ALTER TABLE indexed_files ALTER COLUMN words SET STATISTICS 400;}
{on postgres CREATE INDEX indexed_files_words ON indexed_files USING GIN (words) WITH (fastupdate = off);}
{on mysql ALTER TABLE indexed_files ADD COLUMN words MEDIUMTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL;}
{on mysql CREATE FULLTEXT INDEX indexed_files_words ON indexed_files (words);}

INSERT INTO file_search_pending (file_id) SELECT id FROM file_infos WHERE delete_at = 0 AND post_id <> '' ORDER BY create_at;

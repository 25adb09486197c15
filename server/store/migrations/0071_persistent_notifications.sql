-- Messages that notify again and again until they are answered.

ALTER TABLE posts ADD COLUMN persistent {bool} NOT NULL DEFAULT FALSE;

-- What linked pages say of themselves, by the hashes of their addresses.

CREATE TABLE link_previews (
    hash {key} NOT NULL PRIMARY KEY,
    body {json} NOT NULL,
    fetch_at {ms} NOT NULL
){keyed};
CREATE INDEX link_previews_fetch_at ON link_previews (fetch_at);

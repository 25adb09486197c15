-- Terms that people have to accept, and who has.

CREATE TABLE terms_of_service (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    user_id {id} NOT NULL,
    body {long} NOT NULL
){rows};
CREATE INDEX terms_of_service_create_at ON terms_of_service (create_at);

CREATE TABLE accepted_terms (
    user_id {id} NOT NULL PRIMARY KEY,
    terms_id {id} NOT NULL,
    create_at {ms} NOT NULL
){keyed};

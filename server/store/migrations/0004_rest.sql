-- What the server keeps for itself: values, audits, what clients may have missed.

CREATE TABLE system_values (
    name {key} NOT NULL PRIMARY KEY,
    value {long} NOT NULL
){keyed};

CREATE TABLE audits (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    user_id {id} NOT NULL,
    action {key} NOT NULL,
    extra_info {text} NOT NULL,
    ip_address {key} NOT NULL,
    session_id {id} NOT NULL
){rows};
CREATE INDEX audits_user_id ON audits (user_id, create_at);
CREATE INDEX audits_create_at ON audits (create_at);

CREATE TABLE resume_log (
    place {int} NOT NULL PRIMARY KEY,
    noted_at {ms} NOT NULL,
    body {long} NOT NULL
){rows};

CREATE TABLE resume_connections (
    connection_id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL,
    session_id {id} NOT NULL,
    state {long} NOT NULL,
    noted_at {ms} NOT NULL
){rows};

-- How this server signs in to the programs of integrations. Secrets are kept as they are, since they have to be sent.

CREATE TABLE outgoing_oauth_connections (
    id {id} NOT NULL PRIMARY KEY,
    creator_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    name {text} NOT NULL,
    client_id {text} NOT NULL,
    client_secret {text} NOT NULL,
    credentials_username {text} NOT NULL,
    credentials_password {text} NOT NULL,
    oauth_token_url {text} NOT NULL,
    grant_type {key} NOT NULL,
    audiences {json} NOT NULL
){rows};

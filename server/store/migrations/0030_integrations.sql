-- Programs that talk here: bots, tokens, webhooks, slash commands, buttons under posts, OAuth 2.0.

CREATE TABLE bots (
    user_id {id} NOT NULL PRIMARY KEY,
    owner_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL
){keyed};
CREATE INDEX bots_owner ON bots (owner_id);

CREATE TABLE access_tokens (
    id {id} NOT NULL PRIMARY KEY,
    hash {key} NOT NULL,
    user_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    description {text} NOT NULL,
    is_active {bool} NOT NULL
){rows};
CREATE UNIQUE INDEX access_tokens_hash ON access_tokens (hash);
CREATE INDEX access_tokens_user ON access_tokens (user_id, create_at);

CREATE TABLE incoming_webhooks (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    team_id {id} NOT NULL,
    display_name {text} NOT NULL,
    description {text} NOT NULL,
    username {text} NOT NULL,
    icon_url {text} NOT NULL,
    channel_locked {bool} NOT NULL
){rows};
CREATE INDEX incoming_webhooks_team ON incoming_webhooks (team_id, create_at);

CREATE TABLE outgoing_webhooks (
    id {id} NOT NULL PRIMARY KEY,
    token {key} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    creator_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    team_id {id} NOT NULL,
    trigger_words {json} NOT NULL,
    trigger_when {int} NOT NULL,
    callback_urls {json} NOT NULL,
    display_name {text} NOT NULL,
    description {text} NOT NULL,
    content_type {key} NOT NULL,
    username {text} NOT NULL,
    icon_url {text} NOT NULL
){rows};
CREATE INDEX outgoing_webhooks_team ON outgoing_webhooks (team_id, create_at);

CREATE TABLE commands (
    id {id} NOT NULL PRIMARY KEY,
    token {key} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    creator_id {id} NOT NULL,
    team_id {id} NOT NULL,
    trigger_word {key} NOT NULL,
    method {key} NOT NULL,
    username {text} NOT NULL,
    icon_url {text} NOT NULL,
    auto_complete {bool} NOT NULL,
    auto_complete_desc {text} NOT NULL,
    auto_complete_hint {text} NOT NULL,
    display_name {text} NOT NULL,
    description {text} NOT NULL,
    url {text} NOT NULL
){rows};
CREATE INDEX commands_team ON commands (team_id, trigger_word);

-- Addresses to which the program of a command can answer later.
CREATE TABLE command_answers (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    command_id {id} NOT NULL,
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    root_id {id} NOT NULL,
    uses {int} NOT NULL
){rows};
CREATE INDEX command_answers_create_at ON command_answers (create_at);

-- What buttons and menus under posts call, which nobody but the server sees.
CREATE TABLE post_actions (
    post_id {id} NOT NULL,
    action_id {key} NOT NULL,
    create_at {ms} NOT NULL,
    channel_id {id} NOT NULL,
    user_id {id} NOT NULL,
    cookie {key} NOT NULL,
    body {json} NOT NULL,
    PRIMARY KEY (post_id, action_id)
){keyed};
CREATE INDEX post_actions_passing ON post_actions (user_id, create_at);

CREATE TABLE oauth_apps (
    id {id} NOT NULL PRIMARY KEY,
    creator_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    client_secret {text} NOT NULL,
    name {text} NOT NULL,
    description {text} NOT NULL,
    icon_url {text} NOT NULL,
    callback_urls {json} NOT NULL,
    homepage {text} NOT NULL,
    is_trusted {bool} NOT NULL,
    is_dynamically_registered {bool} NOT NULL
){rows};
CREATE INDEX oauth_apps_creator ON oauth_apps (creator_id);

CREATE TABLE oauth_codes (
    hash {key} NOT NULL PRIMARY KEY,
    client_id {id} NOT NULL,
    user_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    redirect_uri {text} NOT NULL,
    scope {text} NOT NULL,
    code_challenge {text} NOT NULL
){rows};
CREATE INDEX oauth_codes_create_at ON oauth_codes (create_at);

CREATE TABLE oauth_grants (
    id {id} NOT NULL PRIMARY KEY,
    refresh_hash {key} NOT NULL,
    client_id {id} NOT NULL,
    user_id {id} NOT NULL,
    session_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    scope {text} NOT NULL
){rows};
CREATE UNIQUE INDEX oauth_grants_refresh ON oauth_grants (refresh_hash);
CREATE INDEX oauth_grants_user ON oauth_grants (user_id, client_id);
CREATE INDEX oauth_grants_client ON oauth_grants (client_id);

-- People, their sessions, roles and what they prefer.

CREATE TABLE users (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    username {key} NOT NULL,
    password {text} NOT NULL,
    auth_data {key} NOT NULL,
    auth_service {key} NOT NULL,
    email {key} NOT NULL,
    email_verified {bool} NOT NULL,
    nickname {text} NOT NULL,
    first_name {text} NOT NULL,
    last_name {text} NOT NULL,
    position {text} NOT NULL,
    roles {text} NOT NULL,
    props {json} NOT NULL,
    notify_props {json} NOT NULL,
    last_password_update {ms} NOT NULL,
    last_picture_update {ms} NOT NULL,
    failed_attempts {int} NOT NULL,
    locale {key} NOT NULL,
    timezone {json} NOT NULL,
    mfa_active {bool} NOT NULL,
    mfa_secret {text} NOT NULL,
    is_bot {bool} NOT NULL,
    bot_description {text} NOT NULL,
    last_activity_at {ms} NOT NULL,
    disable_welcome_email {bool} NOT NULL,
    names {text} NOT NULL
){rows};
CREATE UNIQUE INDEX users_username ON users (username);
CREATE UNIQUE INDEX users_email ON users (email);
CREATE INDEX users_auth ON users (auth_service, auth_data);
CREATE INDEX users_create_at ON users (create_at);

CREATE TABLE sessions (
    id {id} NOT NULL PRIMARY KEY,
    token {key} NOT NULL,
    create_at {ms} NOT NULL,
    expires_at {ms} NOT NULL,
    last_activity_at {ms} NOT NULL,
    user_id {id} NOT NULL,
    device_id {text} NOT NULL,
    roles {text} NOT NULL,
    is_oauth {bool} NOT NULL,
    expired_notify {bool} NOT NULL,
    props {json} NOT NULL
){rows};
CREATE UNIQUE INDEX sessions_token ON sessions (token);
CREATE INDEX sessions_user_id ON sessions (user_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE roles (
    id {id} NOT NULL PRIMARY KEY,
    name {key} NOT NULL,
    display_name {text} NOT NULL,
    description {text} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    permissions {long} NOT NULL,
    scheme_managed {bool} NOT NULL,
    built_in {bool} NOT NULL
){rows};
CREATE UNIQUE INDEX roles_name ON roles (name);

CREATE TABLE preferences (
    user_id {id} NOT NULL,
    category {key} NOT NULL,
    name {key} NOT NULL,
    value {text} NOT NULL,
    PRIMARY KEY (user_id, category, name)
){keyed};
CREATE INDEX preferences_category_name ON preferences (category, name);

CREATE TABLE statuses (
    user_id {id} NOT NULL PRIMARY KEY,
    status {key} NOT NULL,
    is_manual {bool} NOT NULL,
    last_activity_at {ms} NOT NULL,
    dnd_end_time {ms} NOT NULL,
    prev_status {key} NOT NULL
){keyed};
CREATE INDEX statuses_dnd_end_time ON statuses (dnd_end_time);

CREATE TABLE tokens (
    token {key} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    kind {key} NOT NULL,
    extra {text} NOT NULL
){keyed};
CREATE INDEX tokens_create_at ON tokens (create_at);

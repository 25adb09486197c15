-- Messages that are to be told of by mail, until their mail is written.

CREATE TABLE mail_waiting (
    id {id} NOT NULL PRIMARY KEY,
    user_id {id} NOT NULL,
    post_id {id} NOT NULL,
    -- When the mail is to be written at the latest.
    due_at {ms} NOT NULL
){rows};
CREATE UNIQUE INDEX mail_waiting_user_post ON mail_waiting (user_id, post_id);
CREATE INDEX mail_waiting_due_at ON mail_waiting (due_at);

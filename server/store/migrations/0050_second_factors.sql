-- What belongs to somebody's second factor, besides its secret in `users`.

CREATE TABLE second_factors (
    user_id {id} NOT NULL PRIMARY KEY,
    -- A secret that was shown and not yet confirmed; empty for none.
    pending {text} NOT NULL,
    pending_at {ms} NOT NULL,
    -- The period (of 30 s) of the last code that was accepted: each is good once.
    last_step {int} NOT NULL
){keyed};

CREATE TABLE recovery_codes (
    user_id {id} NOT NULL,
    hash {key} NOT NULL,
    PRIMARY KEY (user_id, hash)
){keyed};

-- +goose Up

-- Answers to calls of the API with an Idempotency-Key, so that the same call again gets the same answer.
CREATE TABLE kept_answers (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL,
    caller     TEXT    NOT NULL, -- public id of the user or API key
    key        BLOB    NOT NULL, -- SHA-256 of the Idempotency-Key
    request    BLOB    NOT NULL, -- HMAC of what was asked for, under the master key: there may be a password in it
    status     INTEGER NOT NULL DEFAULT 0, -- 0: the first call has no answer yet
    answer     BLOB,             -- sealed: some answers have keys in them
    created_at INTEGER NOT NULL,
    UNIQUE (tenant_id, caller, key)
) STRICT;
CREATE INDEX kept_answers_age ON kept_answers (created_at);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

-- +goose Up

ALTER TABLE executions ADD COLUMN enrichments TEXT; -- JSON list of what was fetched, with numbers of snapshots; null: nothing

-- What was fetched, once per content: many deliveries are about the same customer.
CREATE TABLE snapshots (
    id        INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    hash      BLOB    NOT NULL,                -- SHA-256 of places and body
    body      BLOB    NOT NULL,                -- JSON
    places    BLOB,                            -- of the pseudonyms in it
    UNIQUE (tenant_id, hash)
) STRICT;

-- Executions whose enrichments are being fetched, or are to be tried again: a lease with the number of who has it.
CREATE TABLE fetches (
    execution_id INTEGER PRIMARY KEY,
    epoch        INTEGER NOT NULL,             -- drawn anew each time somebody takes it; 0: nobody has it
    due_at       INTEGER NOT NULL,             -- nobody else takes it before: the lease ends, or it is tried again
    since        INTEGER NOT NULL,             -- the first try
    attempts     INTEGER NOT NULL              -- that failed
) STRICT;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

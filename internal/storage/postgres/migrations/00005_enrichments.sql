-- +goose Up

ALTER TABLE executions ADD COLUMN enrichments TEXT; -- JSON list of what was fetched, with numbers of snapshots; null: nothing

-- What was fetched, once per content: many deliveries are about the same customer.
CREATE TABLE snapshots (
    id        BIGINT PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    hash      BYTEA   NOT NULL,                -- SHA-256 of places and body
    body      BYTEA   NOT NULL,                -- JSON
    places    BYTEA,                            -- of the pseudonyms in it
    UNIQUE (tenant_id, hash)
);

-- Executions whose enrichments are being fetched, or are to be tried again: a lease with the number of who has it.
CREATE TABLE fetches (
    execution_id BIGINT PRIMARY KEY,
    epoch        BIGINT NOT NULL,             -- drawn anew each time somebody takes it; 0: nobody has it
    due_at       BIGINT NOT NULL,             -- nobody else takes it before: the lease ends, or it is tried again
    since        BIGINT NOT NULL,             -- the first try
    attempts     BIGINT NOT NULL              -- that failed
);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

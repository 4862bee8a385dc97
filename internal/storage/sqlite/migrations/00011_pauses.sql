-- +goose Up

-- Providers whose fetches failed last, several in a row or with a word of when to come back; all nodes keep to it.
CREATE TABLE pauses (
    provider_id INTEGER PRIMARY KEY,
    failures    INTEGER NOT NULL,  -- in a row
    since       INTEGER NOT NULL,  -- the first of them
    until_at    INTEGER NOT NULL,  -- nothing is fetched before
    tripped     INTEGER NOT NULL,  -- 1: so many that after the pause one is fetched alone, to see
    probe       INTEGER NOT NULL,  -- the epoch of that one; 0: there is none
    why         TEXT NOT NULL   -- the last failure, in words
) STRICT;

-- What waits for one reason, in the order in which it is taken: looks read its beginning, however long it is.
DROP INDEX executions_reason;
CREATE INDEX executions_reason ON executions (source_id, reason, processor_id, delivery_id, position) WHERE status = 'waiting';

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

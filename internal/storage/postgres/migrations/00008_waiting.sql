-- +goose Up

-- Looks at what waits ask for one reason at a time, and must not read what waits for others: that may be half a million.
-- Only waiting executions are in it, so it costs the doors nothing.
CREATE INDEX executions_reason ON executions (source_id, reason, processor_id) WHERE status = 'waiting';

CREATE INDEX fetches_due ON fetches (due_at);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

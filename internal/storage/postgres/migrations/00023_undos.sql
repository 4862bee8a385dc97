-- +goose Up

-- An undo is found by its number: in the journal of what it took back, an execution or a call, which has no other lines. Changes
-- of records, which are many, are not in it.
CREATE INDEX journal_undos ON journal (tenant_id, noun, made_by) WHERE noun IN ('execution', 'source_execution');

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

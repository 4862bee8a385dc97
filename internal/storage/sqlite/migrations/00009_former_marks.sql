-- +goose Up

-- The sets of marks that a source had before, each once, as lists of {path, kind}: what ran under one of them is computed
-- again with it. Which one that is the digest of the execution tells.
ALTER TABLE sources ADD COLUMN former_marks TEXT NOT NULL DEFAULT '[]';

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

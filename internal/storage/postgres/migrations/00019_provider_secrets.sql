-- +goose Up

ALTER TABLE providers ADD COLUMN secrets BYTEA;  -- JSON, the type's own secret fields, sealed for the row; NULL: none

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

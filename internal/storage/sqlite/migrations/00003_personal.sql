-- +goose Up

-- Where customer personal data is in what a source delivers: JSON list of {path, kind}.
ALTER TABLE sources ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';

-- Which texts of a body are pseudonyms that the door put there; null: none. See pseudonym.Places.
ALTER TABLE deliveries ADD COLUMN places BLOB;
ALTER TABLE source_executions ADD COLUMN places BLOB;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

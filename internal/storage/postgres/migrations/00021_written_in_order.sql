-- +goose Up

-- Indexes are written in another order on SQLite, whose one writer pays for each page that it touches. Here they stay.
SELECT 1;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

-- +goose Up

CREATE TABLE drafts (                           -- specs that somebody is writing, one of each person
    processor_id INTEGER NOT NULL REFERENCES processors (id),
    author       TEXT    NOT NULL,             -- public id of the user or API key
    body         BLOB    NOT NULL,             -- as it was sent: a tree (JSON) or text (YAML), valid or not
    is_tree      INTEGER NOT NULL,
    base_version INTEGER NOT NULL,             -- of the spec it was begun on; 0: none
    revision     INTEGER NOT NULL,             -- raised by every write
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    PRIMARY KEY (processor_id, author)
) STRICT;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

-- +goose Up

CREATE TABLE drafts (                           -- specs that somebody is writing, one of each person
    processor_id BIGINT NOT NULL REFERENCES processors (id),
    author       TEXT    NOT NULL,             -- public id of the user or API key
    body         BYTEA    NOT NULL,             -- as it was sent: a tree (JSON) or text (YAML), valid or not
    is_tree      BIGINT NOT NULL,
    base_version BIGINT NOT NULL,             -- of the spec it was begun on; 0: none
    revision     BIGINT NOT NULL,             -- raised by every write
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    PRIMARY KEY (processor_id, author)
);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

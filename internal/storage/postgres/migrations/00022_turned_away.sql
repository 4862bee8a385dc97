-- +goose Up

-- Calls that did not get past the door, as far as they have lines in the call log: what is known of them beside that.
CREATE TABLE turned_away (
    id          BIGINT PRIMARY KEY,       -- of the source execution
    at          BIGINT NOT NULL,
    caller      TEXT    NOT NULL,          -- network of who called; '': several
    media       TEXT    NOT NULL,          -- what the body was said to be; '': nothing that can be read
    bytes       BIGINT NOT NULL,          -- that it was said to have; -1: unknown
    more        BIGINT NOT NULL,          -- so many more like it came, and are only counted
    last_at     BIGINT                    -- of these
);
CREATE INDEX turned_away_at ON turned_away (at);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

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

-- Failures are counted by each code, at the moment that an execution was made: all is counted again, from what is there.
DELETE FROM source_pulse;
DELETE FROM run_pulse;
DELETE FROM run_latency;
DELETE FROM failure_pulse;
DELETE FROM record_pulse;
DELETE FROM agent_pulse;
DELETE FROM pulse_waiting;
UPDATE pulse_places SET deliveries = 0, executions = 0, records = 0, turn = turn + 1;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

-- +goose Up

-- More of how things go, counted as the rest is: behind the writer, never in its way. Runs are told apart by source as well.
DROP TABLE run_pulse;
CREATE TABLE run_pulse (
    tenant_id    INTEGER NOT NULL,
    span         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    source_id    INTEGER NOT NULL,
    processor_id INTEGER NOT NULL,
    created      INTEGER NOT NULL,             -- executions, by the most that they did
    updated      INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    skipped      INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span, at, source_id, processor_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE failure_pulse (                   -- executions with errors, by what the first error was
    tenant_id    INTEGER NOT NULL,
    span         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    processor_id INTEGER NOT NULL,
    code         TEXT    NOT NULL,
    executions   INTEGER NOT NULL,
    newest       INTEGER NOT NULL,             -- the last of them
    PRIMARY KEY (tenant_id, span, at, processor_id, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE record_pulse (                    -- new records: whence, and how long after what they tell of, as a histogram
    tenant_id    INTEGER NOT NULL,
    span         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    provider_id  INTEGER NOT NULL,
    source_id    INTEGER NOT NULL,             -- 0: the fixed webhooks of the provider
    processor_id INTEGER NOT NULL,             -- 0: a fixed webhook made it
    kind         TEXT    NOT NULL,
    step         INTEGER NOT NULL,             -- see pulse.Step; -1: of what is still to come
    records      INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span, at, provider_id, source_id, processor_id, kind, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE agent_pulse (                     -- new records that name an agent, by its identity
    tenant_id   INTEGER NOT NULL,
    span        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    identity_id INTEGER NOT NULL,
    records     INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span, at, identity_id)
) STRICT, WITHOUT ROWID;

-- All is counted again, from what is there.
DELETE FROM source_pulse;
DELETE FROM run_latency;
DELETE FROM pulse_waiting;
ALTER TABLE pulse_places ADD COLUMN records INTEGER NOT NULL DEFAULT 0;
UPDATE pulse_places SET deliveries = 0, executions = 0, turn = turn + 1;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

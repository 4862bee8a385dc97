-- +goose Up

-- More of how things go, counted as the rest is: behind the writer, never in its way. Runs are told apart by source as well.
DROP TABLE run_pulse;
CREATE TABLE run_pulse (
    tenant_id    BIGINT NOT NULL,
    span         BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    source_id    BIGINT NOT NULL,
    processor_id BIGINT NOT NULL,
    created      BIGINT NOT NULL,              -- executions, by the most that they did
    updated      BIGINT NOT NULL,
    unchanged    BIGINT NOT NULL,
    skipped      BIGINT NOT NULL,
    failed       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, at, source_id, processor_id)
);
CREATE TABLE failure_pulse (                   -- executions with errors, by what the first error was
    tenant_id    BIGINT NOT NULL,
    span         BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    processor_id BIGINT NOT NULL,
    code         TEXT   NOT NULL,
    executions   BIGINT NOT NULL,
    newest       BIGINT NOT NULL,              -- the last of them
    PRIMARY KEY (tenant_id, span, at, processor_id, code)
);
CREATE TABLE record_pulse (                    -- new records: whence, and how long after what they tell of, as a histogram
    tenant_id    BIGINT NOT NULL,
    span         BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    provider_id  BIGINT NOT NULL,
    source_id    BIGINT NOT NULL,              -- 0: the fixed webhooks of the provider
    processor_id BIGINT NOT NULL,              -- 0: a fixed webhook made it
    kind         TEXT   NOT NULL,
    step         BIGINT NOT NULL,              -- see pulse.Step; -1: of what is still to come
    records      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, at, provider_id, source_id, processor_id, kind, step)
);
CREATE TABLE agent_pulse (                     -- new records that name an agent, by its identity
    tenant_id   BIGINT NOT NULL,
    span        BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    identity_id BIGINT NOT NULL,
    records     BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, at, identity_id)
);

-- All is counted again, from what is there.
DELETE FROM source_pulse;
DELETE FROM run_latency;
DELETE FROM pulse_waiting;
ALTER TABLE pulse_places ADD COLUMN records BIGINT NOT NULL DEFAULT 0;
UPDATE pulse_places SET deliveries = 0, executions = 0, turn = turn + 1;

-- Lists of executions are counted from the index alone where vacuum has been by; of the newest rows each is looked up, and lies on a
-- page of its own. Vacuum comes by after a fiftieth more, not a fifth: the same pages in smaller parts, none of them twice.
ALTER TABLE executions SET (autovacuum_vacuum_insert_scale_factor = 0.02);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

-- +goose Up

-- What metrics count over: the records of a tenant in the order of their moment, with what is added up. Moments are mostly
-- those of today, so an insert goes to the end of a type.
CREATE INDEX activities_metric ON activities (tenant_id, activity_type, moment, agent_identity_id, team_identity_id, value);
CREATE INDEX anonymous_activities_metric ON anonymous_activities (tenant_id, activity_type, moment, team_identity_id, value);
CREATE INDEX sales_metric ON sales (tenant_id, sold_at, agent_identity_id, proposition_identity_id, cancelled_at, contract_value);
CREATE INDEX calls_metric ON calls (tenant_id, started_at, agent_identity_id, duration);
CREATE INDEX periods_metric ON periods (tenant_id, period_type, starts_at, ends_at, agent_identity_id, value);

CREATE TABLE metrics (
    id         BIGINT PRIMARY KEY,
    tenant_id  BIGINT NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL,
    definition TEXT    NOT NULL,               -- JSON, see metric.Definition
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX metrics_tenant ON metrics (tenant_id, id);

CREATE TABLE events (                          -- rules: which records are told of when they appear
    id         BIGINT PRIMARY KEY,            -- also the number from which on records count
    tenant_id  BIGINT NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL,
    rule       TEXT    NOT NULL,               -- JSON, see event.Rule
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX events_tenant ON events (tenant_id, id);

CREATE TABLE event_hits (                      -- each record once per event, however often it is written
    id        BIGINT PRIMARY KEY,
    tenant_id BIGINT NOT NULL,
    event_id  BIGINT NOT NULL REFERENCES events (id),
    noun      TEXT    NOT NULL,
    record_id BIGINT NOT NULL,
    told      BIGINT NOT NULL,                -- 1: people are told of it
    at        BIGINT NOT NULL,
    UNIQUE (event_id, record_id)
);
CREATE INDEX event_hits_list ON event_hits (event_id, id);
CREATE INDEX event_hits_told ON event_hits (tenant_id, id) WHERE told = 1;

CREATE TABLE event_reads (                     -- how far each user has read
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    upto    BIGINT NOT NULL
);

-- Changes are read in the order of their numbers.
CREATE INDEX IF NOT EXISTS journal_tenant ON journal (tenant_id, id);

CREATE TABLE event_places (                    -- how far the records of a tenant were looked through
    tenant_id BIGINT PRIMARY KEY REFERENCES tenants (id),
    upto      BIGINT NOT NULL                 -- numbers below it were
);

-- What came in and what ran, counted by five minutes (kept for two days) and by hour.
CREATE TABLE pulse_places (                    -- how far deliveries and executions were counted; one row
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    deliveries BIGINT NOT NULL,
    executions BIGINT NOT NULL,
    turn       BIGINT NOT NULL                -- raised by every count, so that two nodes never count the same
);
INSERT INTO pulse_places (id, deliveries, executions, turn) VALUES (1, 0, 0, 0);
CREATE TABLE source_pulse (
    tenant_id   BIGINT NOT NULL,
    span        BIGINT NOT NULL,              -- seconds: 300 or 3600
    at          BIGINT NOT NULL,              -- its beginning
    provider_id BIGINT NOT NULL,
    source_id   BIGINT NOT NULL,              -- 0: the fixed webhooks of the provider
    deliveries  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, at, provider_id, source_id)
);
CREATE TABLE run_pulse (
    tenant_id    BIGINT NOT NULL,
    span         BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    processor_id BIGINT NOT NULL,
    created      BIGINT NOT NULL,             -- executions, by the most that they did
    updated      BIGINT NOT NULL,
    unchanged    BIGINT NOT NULL,
    skipped      BIGINT NOT NULL,
    failed       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, at, processor_id)
);
CREATE TABLE run_latency (                     -- from delivery to record, as a histogram
    tenant_id    BIGINT NOT NULL,
    span         BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    processor_id BIGINT NOT NULL,
    step         BIGINT NOT NULL,             -- see pulse.Step
    runs         BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, span, at, processor_id, step)
);
CREATE TABLE pulse_waiting (                   -- executions that waited when they were come by, to be counted when they have run
    execution_id BIGINT PRIMARY KEY
);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

-- +goose Up

-- What metrics count over: the records of a tenant in the order of their moment, with what is added up. Moments are mostly
-- those of today, so an insert goes to the end of a type.
CREATE INDEX activities_metric ON activities (tenant_id, activity_type, moment, agent_identity_id, team_identity_id, value);
CREATE INDEX anonymous_activities_metric ON anonymous_activities (tenant_id, activity_type, moment, team_identity_id, value);
CREATE INDEX sales_metric ON sales (tenant_id, sold_at, agent_identity_id, proposition_identity_id, cancelled_at, contract_value);
CREATE INDEX calls_metric ON calls (tenant_id, started_at, agent_identity_id, duration);
CREATE INDEX periods_metric ON periods (tenant_id, period_type, starts_at, ends_at, agent_identity_id, value);

CREATE TABLE metrics (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL,
    definition TEXT    NOT NULL,               -- JSON, see metric.Definition
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX metrics_tenant ON metrics (tenant_id, id);

CREATE TABLE events (                          -- rules: which records are told of when they appear
    id         INTEGER PRIMARY KEY,            -- also the number from which on records count
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL,
    rule       TEXT    NOT NULL,               -- JSON, see event.Rule
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_tenant ON events (tenant_id, id);

CREATE TABLE event_hits (                      -- each record once per event, however often it is written
    id        INTEGER PRIMARY KEY,
    tenant_id INTEGER NOT NULL,
    event_id  INTEGER NOT NULL REFERENCES events (id),
    noun      TEXT    NOT NULL,
    record_id INTEGER NOT NULL,
    told      INTEGER NOT NULL,                -- 1: people are told of it
    at        INTEGER NOT NULL,
    UNIQUE (event_id, record_id)
) STRICT;
CREATE INDEX event_hits_list ON event_hits (event_id, id);
CREATE INDEX event_hits_told ON event_hits (tenant_id, id) WHERE told = 1;

CREATE TABLE event_reads (                     -- how far each user has read
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    upto    INTEGER NOT NULL
) STRICT;

-- Changes are read in the order of their numbers.
CREATE INDEX IF NOT EXISTS journal_tenant ON journal (tenant_id, id);

CREATE TABLE event_places (                    -- how far the records of a tenant were looked through
    tenant_id INTEGER PRIMARY KEY REFERENCES tenants (id),
    upto      INTEGER NOT NULL                 -- numbers below it were
) STRICT;

-- What came in and what ran, counted by five minutes (kept for two days) and by hour.
CREATE TABLE pulse_places (                    -- how far deliveries and executions were counted; one row
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    deliveries INTEGER NOT NULL,
    executions INTEGER NOT NULL,
    turn       INTEGER NOT NULL                -- raised by every count, so that two nodes never count the same
) STRICT;
INSERT INTO pulse_places (id, deliveries, executions, turn) VALUES (1, 0, 0, 0);
CREATE TABLE source_pulse (
    tenant_id   INTEGER NOT NULL,
    span        INTEGER NOT NULL,              -- seconds: 300 or 3600
    at          INTEGER NOT NULL,              -- its beginning
    provider_id INTEGER NOT NULL,
    source_id   INTEGER NOT NULL,              -- 0: the fixed webhooks of the provider
    deliveries  INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span, at, provider_id, source_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_pulse (
    tenant_id    INTEGER NOT NULL,
    span         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    processor_id INTEGER NOT NULL,
    created      INTEGER NOT NULL,             -- executions, by the most that they did
    updated      INTEGER NOT NULL,
    unchanged    INTEGER NOT NULL,
    skipped      INTEGER NOT NULL,
    failed       INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span, at, processor_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE run_latency (                     -- from delivery to record, as a histogram
    tenant_id    INTEGER NOT NULL,
    span         INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    processor_id INTEGER NOT NULL,
    step         INTEGER NOT NULL,             -- see pulse.Step
    runs         INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, span, at, processor_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE pulse_waiting (                   -- executions that waited when they were come by, to be counted when they have run
    execution_id INTEGER PRIMARY KEY
) STRICT;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

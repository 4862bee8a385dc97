-- +goose Up

-- The counter every number is drawn from. It moves inside the transaction that uses the numbers.
CREATE TABLE counters (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    next INTEGER NOT NULL
) STRICT;
INSERT INTO counters (id, next) VALUES (1, 1);

-- The epoch that each change of configuration raises.
CREATE TABLE epochs (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    configuration INTEGER NOT NULL
) STRICT;
INSERT INTO epochs (id, configuration) VALUES (1, 1);

-- what people configure ------------------------------------------------------------------------------------------

CREATE TABLE tenants (
    id               INTEGER PRIMARY KEY,
    name             TEXT    NOT NULL,
    time_zone        TEXT    NOT NULL,              -- IANA name
    country          TEXT    NOT NULL,              -- calling code, "+31"
    record_kinds     TEXT    NOT NULL,              -- JSON list of the kinds that are on
    projects         INTEGER NOT NULL,
    provider_types   TEXT    NOT NULL,              -- JSON list of the types on offer
    user_creation    INTEGER NOT NULL DEFAULT 1,    -- fixed webhooks: agent_email makes users
    agent_management INTEGER NOT NULL DEFAULT 1,    -- fixed webhooks: agent_team_id manages agents and teams
    pseudonym_key    BLOB    NOT NULL,
    created_at       INTEGER NOT NULL,              -- all moments: microseconds since 1970 UTC
    updated_at       INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id            INTEGER PRIMARY KEY,
    tenant_id     INTEGER NOT NULL REFERENCES tenants (id),
    email         TEXT    NOT NULL,            -- lower case
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,            -- owner, admin, member, viewer
    status        TEXT    NOT NULL,            -- active, invited, disabled
    password_hash TEXT,                        -- argon2id; null: cannot sign in
    agent_id      INTEGER,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (tenant_id, email)
) STRICT;
CREATE INDEX users_agent ON users (agent_id) WHERE agent_id IS NOT NULL;

CREATE TABLE sessions (
    token  TEXT    PRIMARY KEY,
    data   BLOB    NOT NULL,
    expiry INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE api_keys (
    id           INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenants (id),
    name         TEXT    NOT NULL,
    hash         BLOB    NOT NULL UNIQUE,      -- SHA-256
    hint         TEXT    NOT NULL,             -- last four characters
    role         TEXT    NOT NULL,
    created_by   INTEGER,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;

CREATE TABLE providers (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    type       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    settings   TEXT    NOT NULL,               -- JSON
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE INDEX providers_tenant ON providers (tenant_id, id);

CREATE TABLE provider_keys (
    id           INTEGER PRIMARY KEY,
    provider_id  INTEGER NOT NULL REFERENCES providers (id),
    hash         BLOB    NOT NULL,             -- SHA-256
    hint         TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,                      -- set when a newer key replaces it
    last_used_at INTEGER,
    uses         INTEGER NOT NULL,
    UNIQUE (provider_id, hash)
) STRICT;

CREATE TABLE refused_calls (                   -- strangers' calls: counted by provider and hour, never kept
    provider_id INTEGER NOT NULL,
    hour        INTEGER NOT NULL,              -- moment of its start
    status      INTEGER NOT NULL,
    calls       INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    PRIMARY KEY (provider_id, hour, status)
) STRICT, WITHOUT ROWID;

CREATE TABLE sources (
    id           INTEGER PRIMARY KEY,
    tenant_id    INTEGER NOT NULL REFERENCES tenants (id),
    provider_id  INTEGER NOT NULL REFERENCES providers (id),
    type         TEXT    NOT NULL,             -- webhook.payload
    source_model TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    settings     TEXT    NOT NULL,             -- JSON, the type's own fields
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    deleted_at   INTEGER
) STRICT;
CREATE INDEX sources_provider ON sources (provider_id, id);

CREATE TABLE processors (
    id              INTEGER PRIMARY KEY,
    tenant_id       INTEGER NOT NULL REFERENCES tenants (id),
    provider_id     INTEGER NOT NULL REFERENCES providers (id),
    name            TEXT    NOT NULL,
    source_model    TEXT    NOT NULL,
    enabled         INTEGER NOT NULL,
    suspended       INTEGER NOT NULL,          -- its saved spec no longer checks
    current_version INTEGER NOT NULL,          -- 0: no spec saved yet
    next_step       INTEGER NOT NULL,          -- the next free number for instruction ids s1, s2, …
    created_at      INTEGER NOT NULL,
    updated_at      INTEGER NOT NULL,
    deleted_at      INTEGER
) STRICT;
CREATE INDEX processors_tenant ON processors (tenant_id, id);

CREATE TABLE spec_versions (
    id           INTEGER PRIMARY KEY,
    processor_id INTEGER NOT NULL REFERENCES processors (id),
    version      INTEGER NOT NULL,
    tree         TEXT    NOT NULL,             -- JSON
    content_hash BLOB    NOT NULL,
    program_hash BLOB    NOT NULL,
    note         TEXT    NOT NULL,
    created_by   TEXT    NOT NULL,             -- public id of the user or API key
    created_at   INTEGER NOT NULL,
    UNIQUE (processor_id, version)
) STRICT;

CREATE TABLE links (                           -- source → processor
    source_id    INTEGER NOT NULL REFERENCES sources (id),
    processor_id INTEGER NOT NULL REFERENCES processors (id),
    position     INTEGER NOT NULL,
    constants    TEXT    NOT NULL,             -- JSON, the values given on this link
    PRIMARY KEY (source_id, processor_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_processor ON links (processor_id);

CREATE TABLE agents (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL,
    team_id    INTEGER,
    active     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX agents_tenant ON agents (tenant_id, id);

CREATE TABLE teams (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX teams_tenant ON teams (tenant_id, id);
CREATE TABLE projects (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX projects_tenant ON projects (tenant_id, id);
CREATE TABLE segments (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX segments_tenant ON segments (tenant_id, id);
CREATE TABLE propositions (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX propositions_tenant ON propositions (tenant_id, id);

-- what the machine runs ------------------------------------------------------------------------------------------

CREATE TABLE source_executions (
    id          INTEGER PRIMARY KEY,
    tenant_id   INTEGER NOT NULL,
    provider_id INTEGER NOT NULL,
    source_id   INTEGER,                       -- null: a fixed webhook
    door        TEXT    NOT NULL,              -- "activity", "sale", …, "in"
    received_at INTEGER NOT NULL,
    status      TEXT    NOT NULL,              -- succeeded, failed
    http_status INTEGER NOT NULL,
    items       INTEGER NOT NULL,
    error       TEXT,                          -- JSON of the answer's error, null for a success
    remarks     TEXT,                          -- JSON list of lines for the call log (agent moved, user invited …)
    body        BLOB                           -- only where no delivery holds it: refused or unreadable calls
) STRICT;
CREATE INDEX source_executions_tenant ON source_executions (tenant_id, id);
CREATE INDEX source_executions_provider ON source_executions (provider_id, id);
CREATE INDEX source_executions_source ON source_executions (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX source_executions_failed ON source_executions (tenant_id, id) WHERE status = 'failed';

CREATE TABLE deliveries (
    id                  INTEGER PRIMARY KEY,   -- the acceptance number
    tenant_id           INTEGER NOT NULL,
    provider_id         INTEGER NOT NULL,
    source_id           INTEGER,               -- null: a fixed webhook
    door                TEXT    NOT NULL,      -- as of its call
    source_execution_id INTEGER NOT NULL,
    item_index          INTEGER NOT NULL,
    received_at         INTEGER NOT NULL,
    state               TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'skipped')),
    event_id            TEXT,
    body                BLOB    NOT NULL       -- the JSON of this item
) STRICT;
CREATE UNIQUE INDEX deliveries_event ON deliveries (provider_id, door, coalesce(source_id, 0), event_id) WHERE event_id IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (source_id, id) WHERE state = 'waiting';
CREATE INDEX deliveries_call ON deliveries (source_execution_id);

-- What an execution depended on beside delivery and program: zone, country, constants, language revision.
-- Content-addressed, so an execution stores one number.
CREATE TABLE environments (
    id   INTEGER PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE executions (
    id             INTEGER PRIMARY KEY,
    tenant_id      INTEGER NOT NULL,
    delivery_id    INTEGER NOT NULL,
    source_id      INTEGER NOT NULL,
    processor_id   INTEGER NOT NULL,
    version        INTEGER NOT NULL,
    environment_id INTEGER NOT NULL,
    position       INTEGER NOT NULL,           -- of the processor on the source
    number         INTEGER NOT NULL,           -- the acceptance number its writes carry
    kind           TEXT    NOT NULL,           -- live, test, replay
    status         TEXT    NOT NULL CHECK (status IN ('waiting', 'running', 'succeeded', 'skipped', 'partial', 'failed')),
    reason         TEXT,                       -- waiting: why
    ran_at         INTEGER NOT NULL,
    created        INTEGER NOT NULL,
    updated        INTEGER NOT NULL,
    unchanged      INTEGER NOT NULL,
    skipped        INTEGER NOT NULL,
    failed         INTEGER NOT NULL,
    error          TEXT,                       -- JSON list of data errors
    asked          TEXT,                       -- JSON: the open question and the answers so far
    answers        BLOB,                       -- packed, see spec/run
    digest         BLOB
) STRICT;
CREATE INDEX executions_tenant ON executions (tenant_id, id);
CREATE INDEX executions_delivery ON executions (delivery_id);
CREATE INDEX executions_source ON executions (source_id, id);
CREATE INDEX executions_processor ON executions (processor_id, id);
CREATE INDEX executions_waiting ON executions (source_id, delivery_id, position) WHERE status = 'waiting';
CREATE INDEX executions_unusual ON executions (tenant_id, status, id) WHERE status IN ('waiting', 'running', 'partial', 'failed', 'skipped');

CREATE TABLE identities (
    id                  INTEGER PRIMARY KEY,
    tenant_id           INTEGER NOT NULL,
    provider_id         INTEGER NOT NULL,
    kind                TEXT    NOT NULL,      -- agent, team, project, segment, proposition
    external_id         TEXT    NOT NULL,
    external_name       TEXT    NOT NULL,
    email               TEXT,
    project_identity_id INTEGER,
    team_identity_id    INTEGER,
    entity_id           INTEGER,               -- the agent, team … it is linked to
    ignored             INTEGER NOT NULL,
    mark_number         INTEGER NOT NULL,
    mark_position       INTEGER NOT NULL,
    marks               TEXT,                  -- JSON: fields whose mark differs
    made_by             TEXT    NOT NULL,      -- JSON, see record.Maker
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_key ON identities (provider_id, kind, external_id);
CREATE INDEX identities_tenant ON identities (tenant_id, id);
CREATE INDEX identities_unlinked ON identities (tenant_id, kind, id) WHERE entity_id IS NULL;
CREATE INDEX identities_entity ON identities (kind, entity_id) WHERE entity_id IS NOT NULL;

CREATE TABLE activities (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, provider_id INTEGER NOT NULL, external_id TEXT NOT NULL,
    activity_type TEXT NOT NULL, agent_identity_id INTEGER, moment INTEGER NOT NULL, value TEXT, value_is_money INTEGER NOT NULL,
    contact_key TEXT, project_identity_id INTEGER, segment_identity_id INTEGER, team_identity_id INTEGER,
    mark_number INTEGER NOT NULL, mark_position INTEGER NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX activities_key ON activities (provider_id, external_id);
CREATE INDEX activities_tenant ON activities (tenant_id, id);

CREATE TABLE anonymous_activities (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, provider_id INTEGER NOT NULL, external_id TEXT NOT NULL,
    activity_type TEXT NOT NULL, moment INTEGER NOT NULL, value TEXT, value_is_money INTEGER NOT NULL,
    contact_key TEXT, project_identity_id INTEGER, segment_identity_id INTEGER, team_identity_id INTEGER,
    mark_number INTEGER NOT NULL, mark_position INTEGER NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX anonymous_activities_key ON anonymous_activities (provider_id, external_id);
CREATE INDEX anonymous_activities_tenant ON anonymous_activities (tenant_id, id);

CREATE TABLE sales (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, provider_id INTEGER NOT NULL, external_id TEXT NOT NULL,
    agent_identity_id INTEGER, proposition_identity_id INTEGER, sold_at INTEGER NOT NULL, cancelled_at INTEGER,
    is_retention INTEGER NOT NULL, contract_value TEXT, contact_key TEXT,
    electricity_usage TEXT, electricity_return TEXT, gas_usage TEXT, connection_count TEXT,
    project_identity_id INTEGER, segment_identity_id INTEGER,
    mark_number INTEGER NOT NULL, mark_position INTEGER NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX sales_key ON sales (provider_id, external_id);
CREATE INDEX sales_tenant ON sales (tenant_id, id);

CREATE TABLE calls (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, provider_id INTEGER NOT NULL, external_id TEXT NOT NULL,
    agent_identity_id INTEGER, started_at INTEGER NOT NULL, duration TEXT, direction TEXT, result TEXT, contact_key TEXT,
    project_identity_id INTEGER, segment_identity_id INTEGER,
    mark_number INTEGER NOT NULL, mark_position INTEGER NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX calls_key ON calls (provider_id, external_id);
CREATE INDEX calls_tenant ON calls (tenant_id, id);

CREATE TABLE periods (
    id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL, provider_id INTEGER NOT NULL, external_id TEXT NOT NULL,
    period_type TEXT NOT NULL, starts_at INTEGER NOT NULL, ends_at INTEGER, agent_identity_id INTEGER, value TEXT,
    contact_key TEXT, project_identity_id INTEGER, segment_identity_id INTEGER,
    mark_number INTEGER NOT NULL, mark_position INTEGER NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX periods_key ON periods (provider_id, external_id);
CREATE INDEX periods_tenant ON periods (tenant_id, id);

-- Every change of a record, identity, link, agent, team or user, with what was there before. A creation by a run has
-- no row here: the thing itself names its maker.
CREATE TABLE journal (
    noun      TEXT    NOT NULL,                -- activity, …, agent_identity, …, agent, team, user
    thing_id  INTEGER NOT NULL,
    id        INTEGER NOT NULL,
    tenant_id INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    made_by   TEXT    NOT NULL,                -- JSON, see record.Maker
    before    TEXT    NOT NULL,                -- JSON: field → value and mark before; null for a creation
    PRIMARY KEY (noun, thing_id, id)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

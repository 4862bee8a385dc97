-- +goose Up

-- The counter every number is drawn from. A row would make all nodes wait for each other until they commit; a sequence
-- does not, and what is drawn after another's commit is still higher than all that one drew. The lock makes n numbers
-- come one after the other; it is held for the moment of drawing only.
CREATE SEQUENCE numbers AS BIGINT MINVALUE 1 CACHE 1;
-- +goose StatementBegin
CREATE FUNCTION draw_numbers(n BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    first BIGINT;
BEGIN
    PERFORM pg_advisory_lock(7205759403792794);
    first := nextval('numbers');
    PERFORM setval('numbers', first + n - 1);
    PERFORM pg_advisory_unlock(7205759403792794);
    RETURN first;
END
$$;
-- +goose StatementEnd

-- The epoch that each change of configuration raises.
CREATE TABLE epochs (
    id            BIGINT PRIMARY KEY CHECK (id = 1),
    configuration BIGINT NOT NULL
);
INSERT INTO epochs (id, configuration) VALUES (1, 1);

-- what people configure ------------------------------------------------------------------------------------------

CREATE TABLE tenants (
    id               BIGINT PRIMARY KEY,
    name             TEXT    NOT NULL,
    time_zone        TEXT    NOT NULL,              -- IANA name
    country          TEXT    NOT NULL,              -- calling code, "+31"
    record_kinds     TEXT    NOT NULL,              -- JSON list of the kinds that are on
    projects         BIGINT NOT NULL,
    provider_types   TEXT    NOT NULL,              -- JSON list of the types on offer
    user_creation    BIGINT NOT NULL DEFAULT 1,     -- fixed webhooks: agent_email makes users
    agent_management BIGINT NOT NULL DEFAULT 1,     -- fixed webhooks: agent_team_id manages agents and teams
    pseudonym_key    BYTEA    NOT NULL,
    created_at       BIGINT NOT NULL,               -- all moments: microseconds since 1970 UTC
    updated_at       BIGINT NOT NULL
);

CREATE TABLE users (
    id            BIGINT PRIMARY KEY,
    tenant_id     BIGINT NOT NULL REFERENCES tenants (id),
    email         TEXT    NOT NULL,            -- lower case
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,            -- owner, admin, member, viewer
    status        TEXT    NOT NULL,            -- active, invited, disabled
    password_hash TEXT,                        -- argon2id; null: cannot sign in
    agent_id      BIGINT,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    UNIQUE (tenant_id, email)
);
CREATE INDEX users_agent ON users (agent_id) WHERE agent_id IS NOT NULL;

CREATE TABLE sessions (
    token  TEXT    PRIMARY KEY,
    data   BYTEA    NOT NULL,
    expiry BIGINT NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expiry);

CREATE TABLE api_keys (
    id           BIGINT PRIMARY KEY,
    tenant_id    BIGINT NOT NULL REFERENCES tenants (id),
    name         TEXT    NOT NULL,
    hash         BYTEA    NOT NULL UNIQUE,      -- SHA-256
    hint         TEXT    NOT NULL,             -- last four characters
    role         TEXT    NOT NULL,
    created_by   BIGINT,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

CREATE TABLE providers (
    id         BIGINT PRIMARY KEY,
    tenant_id  BIGINT NOT NULL REFERENCES tenants (id),
    type       TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    settings   TEXT    NOT NULL,               -- JSON
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX providers_tenant ON providers (tenant_id, id);

CREATE TABLE provider_keys (
    id           BIGINT PRIMARY KEY,
    provider_id  BIGINT NOT NULL REFERENCES providers (id),
    hash         BYTEA    NOT NULL,             -- SHA-256
    hint         TEXT    NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,                      -- set when a newer key replaces it
    last_used_at BIGINT,
    uses         BIGINT NOT NULL,
    UNIQUE (provider_id, hash)
);

CREATE TABLE refused_calls (                   -- strangers' calls: counted by provider and hour, never kept
    provider_id BIGINT NOT NULL,
    hour        BIGINT NOT NULL,              -- moment of its start
    status      BIGINT NOT NULL,
    calls       BIGINT NOT NULL,
    last_at     BIGINT NOT NULL,
    PRIMARY KEY (provider_id, hour, status)
);

CREATE TABLE sources (
    id           BIGINT PRIMARY KEY,
    tenant_id    BIGINT NOT NULL REFERENCES tenants (id),
    provider_id  BIGINT NOT NULL REFERENCES providers (id),
    type         TEXT    NOT NULL,             -- webhook.payload
    source_model TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    settings     TEXT    NOT NULL,             -- JSON, the type's own fields
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    deleted_at   BIGINT
);
CREATE INDEX sources_provider ON sources (provider_id, id);

CREATE TABLE processors (
    id              BIGINT PRIMARY KEY,
    tenant_id       BIGINT NOT NULL REFERENCES tenants (id),
    provider_id     BIGINT NOT NULL REFERENCES providers (id),
    name            TEXT    NOT NULL,
    source_model    TEXT    NOT NULL,
    enabled         BIGINT NOT NULL,
    suspended       BIGINT NOT NULL,          -- its saved spec no longer checks
    current_version BIGINT NOT NULL,          -- 0: no spec saved yet
    next_step       BIGINT NOT NULL,          -- the next free number for instruction ids s1, s2, …
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    deleted_at      BIGINT
);
CREATE INDEX processors_tenant ON processors (tenant_id, id);

CREATE TABLE spec_versions (
    id           BIGINT PRIMARY KEY,
    processor_id BIGINT NOT NULL REFERENCES processors (id),
    version      BIGINT NOT NULL,
    tree         TEXT    NOT NULL,             -- JSON
    content_hash BYTEA    NOT NULL,
    program_hash BYTEA    NOT NULL,
    note         TEXT    NOT NULL,
    created_by   TEXT    NOT NULL,             -- public id of the user or API key
    created_at   BIGINT NOT NULL,
    UNIQUE (processor_id, version)
);

CREATE TABLE links (                           -- source → processor
    source_id    BIGINT NOT NULL REFERENCES sources (id),
    processor_id BIGINT NOT NULL REFERENCES processors (id),
    position     BIGINT NOT NULL,
    constants    TEXT    NOT NULL,             -- JSON, the values given on this link
    PRIMARY KEY (source_id, processor_id)
);
CREATE INDEX links_processor ON links (processor_id);

CREATE TABLE agents (
    id         BIGINT PRIMARY KEY,
    tenant_id  BIGINT NOT NULL REFERENCES tenants (id),
    name       TEXT    NOT NULL,
    team_id    BIGINT,
    active     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX agents_tenant ON agents (tenant_id, id);

CREATE TABLE teams (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE INDEX teams_tenant ON teams (tenant_id, id);
CREATE TABLE projects (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE INDEX projects_tenant ON projects (tenant_id, id);
CREATE TABLE segments (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE INDEX segments_tenant ON segments (tenant_id, id);
CREATE TABLE propositions (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL REFERENCES tenants (id), name TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE INDEX propositions_tenant ON propositions (tenant_id, id);

-- what the machine runs ------------------------------------------------------------------------------------------

CREATE TABLE source_executions (
    id          BIGINT PRIMARY KEY,
    tenant_id   BIGINT NOT NULL,
    provider_id BIGINT NOT NULL,
    source_id   BIGINT,                       -- null: a fixed webhook
    door        TEXT    NOT NULL,              -- "activity", "sale", …, "in"
    received_at BIGINT NOT NULL,
    status      TEXT    NOT NULL,              -- succeeded, failed
    http_status BIGINT NOT NULL,
    items       BIGINT NOT NULL,
    error       TEXT,                          -- JSON of the answer's error, null for a success
    remarks     TEXT,                          -- JSON list of lines for the call log (agent moved, user invited …)
    body        BYTEA                           -- only where no delivery holds it: refused or unreadable calls
);
CREATE INDEX source_executions_tenant ON source_executions (tenant_id, id);
CREATE INDEX source_executions_provider ON source_executions (provider_id, id);
CREATE INDEX source_executions_source ON source_executions (source_id, id) WHERE source_id IS NOT NULL;
CREATE INDEX source_executions_failed ON source_executions (tenant_id, id) WHERE status = 'failed';

CREATE TABLE deliveries (
    id                  BIGINT PRIMARY KEY,   -- the acceptance number
    tenant_id           BIGINT NOT NULL,
    provider_id         BIGINT NOT NULL,
    source_id           BIGINT,               -- null: a fixed webhook
    door                TEXT   NOT NULL,      -- as of its call
    source_execution_id BIGINT NOT NULL,
    item_index          BIGINT NOT NULL,
    received_at         BIGINT NOT NULL,
    state               TEXT    NOT NULL CHECK (state IN ('waiting', 'done', 'failed', 'skipped')),
    event_id            TEXT,
    body                BYTEA    NOT NULL       -- the JSON of this item
);
CREATE UNIQUE INDEX deliveries_event ON deliveries (provider_id, door, coalesce(source_id, 0), event_id) WHERE event_id IS NOT NULL;
CREATE INDEX deliveries_waiting ON deliveries (source_id, id) WHERE state = 'waiting';
CREATE INDEX deliveries_call ON deliveries (source_execution_id);

-- What an execution depended on beside delivery and program: zone, country, constants, language revision.
-- Content-addressed, so an execution stores one number.
CREATE TABLE environments (
    id   BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL UNIQUE,
    body TEXT NOT NULL
);

CREATE TABLE executions (
    id             BIGINT PRIMARY KEY,
    tenant_id      BIGINT NOT NULL,
    delivery_id    BIGINT NOT NULL,
    source_id      BIGINT NOT NULL,
    processor_id   BIGINT NOT NULL,
    version        BIGINT NOT NULL,
    environment_id BIGINT NOT NULL,
    position       BIGINT NOT NULL,           -- of the processor on the source
    number         BIGINT NOT NULL,           -- the acceptance number its writes carry
    kind           TEXT    NOT NULL,           -- live, test, replay
    status         TEXT    NOT NULL CHECK (status IN ('waiting', 'running', 'succeeded', 'skipped', 'partial', 'failed')),
    reason         TEXT,                       -- waiting: why
    ran_at         BIGINT NOT NULL,
    created        BIGINT NOT NULL,
    updated        BIGINT NOT NULL,
    unchanged      BIGINT NOT NULL,
    skipped        BIGINT NOT NULL,
    failed         BIGINT NOT NULL,
    error          TEXT,                       -- JSON list of data errors
    asked          TEXT,                       -- JSON: the open question and the answers so far
    answers        BYTEA,                       -- packed, see spec/run
    digest         BYTEA
);
CREATE INDEX executions_tenant ON executions (tenant_id, id);
CREATE INDEX executions_delivery ON executions (delivery_id);
CREATE INDEX executions_source ON executions (source_id, id);
CREATE INDEX executions_processor ON executions (processor_id, id);
CREATE INDEX executions_waiting ON executions (source_id, delivery_id, position) WHERE status = 'waiting';
CREATE INDEX executions_unusual ON executions (tenant_id, status, id) WHERE status IN ('waiting', 'running', 'partial', 'failed', 'skipped');

CREATE TABLE identities (
    id                  BIGINT PRIMARY KEY,
    tenant_id           BIGINT NOT NULL,
    provider_id         BIGINT NOT NULL,
    kind                TEXT    NOT NULL,      -- agent, team, project, segment, proposition
    external_id         TEXT    NOT NULL,
    external_name       TEXT    NOT NULL,
    email               TEXT,
    project_identity_id BIGINT,
    team_identity_id    BIGINT,
    entity_id           BIGINT,               -- the agent, team … it is linked to
    ignored             BIGINT NOT NULL,
    mark_number         BIGINT NOT NULL,
    mark_position       BIGINT NOT NULL,
    marks               TEXT,                  -- JSON: fields whose mark differs
    made_by             TEXT    NOT NULL,      -- JSON, see record.Maker
    created_at          BIGINT NOT NULL,
    updated_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX identities_key ON identities (provider_id, kind, external_id);
CREATE INDEX identities_tenant ON identities (tenant_id, id);
CREATE INDEX identities_unlinked ON identities (tenant_id, kind, id) WHERE entity_id IS NULL;
CREATE INDEX identities_entity ON identities (kind, entity_id) WHERE entity_id IS NOT NULL;

CREATE TABLE activities (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL, provider_id BIGINT NOT NULL, external_id TEXT NOT NULL,
    activity_type TEXT NOT NULL, agent_identity_id BIGINT, moment BIGINT NOT NULL, value TEXT, value_is_money BIGINT NOT NULL,
    contact_key TEXT, project_identity_id BIGINT, segment_identity_id BIGINT, team_identity_id BIGINT,
    mark_number BIGINT NOT NULL, mark_position BIGINT NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX activities_key ON activities (provider_id, external_id);
CREATE INDEX activities_tenant ON activities (tenant_id, id);

CREATE TABLE anonymous_activities (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL, provider_id BIGINT NOT NULL, external_id TEXT NOT NULL,
    activity_type TEXT NOT NULL, moment BIGINT NOT NULL, value TEXT, value_is_money BIGINT NOT NULL,
    contact_key TEXT, project_identity_id BIGINT, segment_identity_id BIGINT, team_identity_id BIGINT,
    mark_number BIGINT NOT NULL, mark_position BIGINT NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX anonymous_activities_key ON anonymous_activities (provider_id, external_id);
CREATE INDEX anonymous_activities_tenant ON anonymous_activities (tenant_id, id);

CREATE TABLE sales (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL, provider_id BIGINT NOT NULL, external_id TEXT NOT NULL,
    agent_identity_id BIGINT, proposition_identity_id BIGINT, sold_at BIGINT NOT NULL, cancelled_at BIGINT,
    is_retention BIGINT NOT NULL, contract_value TEXT, contact_key TEXT,
    electricity_usage TEXT, electricity_return TEXT, gas_usage TEXT, connection_count TEXT,
    project_identity_id BIGINT, segment_identity_id BIGINT,
    mark_number BIGINT NOT NULL, mark_position BIGINT NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sales_key ON sales (provider_id, external_id);
CREATE INDEX sales_tenant ON sales (tenant_id, id);

CREATE TABLE calls (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL, provider_id BIGINT NOT NULL, external_id TEXT NOT NULL,
    agent_identity_id BIGINT, started_at BIGINT NOT NULL, duration TEXT, direction TEXT, result TEXT, contact_key TEXT,
    project_identity_id BIGINT, segment_identity_id BIGINT,
    mark_number BIGINT NOT NULL, mark_position BIGINT NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calls_key ON calls (provider_id, external_id);
CREATE INDEX calls_tenant ON calls (tenant_id, id);

CREATE TABLE periods (
    id BIGINT PRIMARY KEY, tenant_id BIGINT NOT NULL, provider_id BIGINT NOT NULL, external_id TEXT NOT NULL,
    period_type TEXT NOT NULL, starts_at BIGINT NOT NULL, ends_at BIGINT, agent_identity_id BIGINT, value TEXT,
    contact_key TEXT, project_identity_id BIGINT, segment_identity_id BIGINT,
    mark_number BIGINT NOT NULL, mark_position BIGINT NOT NULL, marks TEXT, locks TEXT, made_by TEXT NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX periods_key ON periods (provider_id, external_id);
CREATE INDEX periods_tenant ON periods (tenant_id, id);

-- Every change of a record, identity, link, agent, team or user, with what was there before. A creation by a run has
-- no row here: the thing itself names its maker.
CREATE TABLE journal (
    noun      TEXT    NOT NULL,                -- activity, …, agent_identity, …, agent, team, user
    thing_id  BIGINT NOT NULL,
    id        BIGINT NOT NULL,
    tenant_id BIGINT NOT NULL,
    at        BIGINT NOT NULL,
    made_by   TEXT    NOT NULL,                -- JSON, see record.Maker
    before    TEXT    NOT NULL,                -- JSON: field → value and mark before; null for a creation
    PRIMARY KEY (noun, thing_id, id)
);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

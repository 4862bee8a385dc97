-- +goose Up

-- Lists of executions by what is rare. What succeeds at the doors is in neither, so they cost it nothing.
CREATE INDEX executions_errors ON executions (tenant_id, id, status) WHERE status IN ('partial', 'failed');
CREATE INDEX executions_again ON executions (tenant_id, kind, id) WHERE kind <> 'live';

-- The journal of a whole tenant, and what changed since a moment. Changes are appended to it; a new record has no line.
CREATE INDEX journal_tenant ON journal (tenant_id, id);

-- Filters of lists that somebody keeps under a name.
CREATE TABLE saved_views (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    owner      TEXT   NOT NULL,               -- public id of the user or API key
    list       TEXT   NOT NULL,               -- executions, deliveries, sales …
    name       TEXT   NOT NULL,
    search     TEXT   NOT NULL,               -- the filters, as they stand in the address
    shared     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX saved_views_list ON saved_views (tenant_id, list, id);

-- What is done to many things at once, in parts, each a transaction of its own.
CREATE TABLE bulk_operations (
    id         INTEGER PRIMARY KEY,
    tenant_id  INTEGER NOT NULL REFERENCES tenants (id),
    verb       TEXT   NOT NULL,               -- replay, ignore, unignore, link, unlink
    made_by    TEXT   NOT NULL,               -- JSON of the principal
    ask        TEXT   NOT NULL,               -- JSON: ids or filter, and how
    total      INTEGER,                       -- null: more than are counted
    at         INTEGER NOT NULL,              -- things up to this one are done; of ids: so many of them
    state      TEXT   NOT NULL CHECK (state IN ('running', 'done', 'cancelled')),
    done       INTEGER NOT NULL,
    failed     INTEGER NOT NULL,
    problems   TEXT   NOT NULL,               -- JSON: the first things that failed, and why
    changed    TEXT   NOT NULL,               -- JSON: ids of things that it changed, to undo it with
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX bulk_operations_tenant ON bulk_operations (tenant_id, id);
CREATE INDEX bulk_operations_running ON bulk_operations (id) WHERE state = 'running';

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

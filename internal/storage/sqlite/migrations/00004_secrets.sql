-- +goose Up

-- Which master key everything sealed in this database is under. There is no row before the first start with a key.
CREATE TABLE secret_keys (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT    NOT NULL,
    kept        BLOB                -- the key itself, where it is given nowhere and there is no data folder that all nodes share
) STRICT;

ALTER TABLE tenants ADD COLUMN contact_keys TEXT NOT NULL DEFAULT 'pseudonym'; -- of fixed webhooks: pseudonym, refuse, allow
ALTER TABLE tenants ADD COLUMN raw_days INTEGER NOT NULL DEFAULT 0;            -- how long raw bodies are kept; 0: they are not
ALTER TABLE tenants ADD COLUMN raw_key BLOB;                                   -- sealed; what raw bodies are sealed under

-- Bodies as they came, where a tenant keeps them; sealed.
CREATE TABLE raw_bodies (
    source_execution_id INTEGER PRIMARY KEY,
    tenant_id           INTEGER NOT NULL,
    received_at         INTEGER NOT NULL,
    body                BLOB    NOT NULL
) STRICT;
CREATE INDEX raw_bodies_age ON raw_bodies (tenant_id, received_at);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

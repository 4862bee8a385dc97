-- +goose Up

-- Which master key everything sealed in this database is under. There is no row before the first start with a key.
CREATE TABLE secret_keys (
    id          BIGINT PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT    NOT NULL,
    kept        BYTEA                -- the key itself, where it is given nowhere and there is no data folder that all nodes share
);

ALTER TABLE tenants ADD COLUMN contact_keys TEXT NOT NULL DEFAULT 'pseudonym'; -- of fixed webhooks: pseudonym, refuse, allow
ALTER TABLE tenants ADD COLUMN raw_days BIGINT NOT NULL DEFAULT 0;             -- how long raw bodies are kept; 0: they are not
ALTER TABLE tenants ADD COLUMN raw_key BYTEA;                                  -- sealed; what raw bodies are sealed under

-- Bodies as they came, where a tenant keeps them; sealed.
CREATE TABLE raw_bodies (
    source_execution_id BIGINT PRIMARY KEY,
    tenant_id           BIGINT  NOT NULL,
    received_at         BIGINT  NOT NULL,
    body                BYTEA   NOT NULL
);
CREATE INDEX raw_bodies_age ON raw_bodies (tenant_id, received_at);

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

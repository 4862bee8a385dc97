-- +goose Up

-- The records that name an identity: how many would move when it is linked is told before it is. Where a record names
-- none there is no entry.
CREATE INDEX activities_agent ON activities (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX sales_agent ON sales (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX sales_proposition ON sales (proposition_identity_id, id) WHERE proposition_identity_id IS NOT NULL;
CREATE INDEX calls_agent ON calls (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX periods_agent ON periods (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

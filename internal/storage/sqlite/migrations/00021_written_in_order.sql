-- +goose Up

-- Every index is written at few places by a group of deliveries, whatever they are about: each page that a group touches is
-- written twice, to the log and to the file, and that cost the doors more than all else about these indexes.

-- What metrics count over: the records of a tenant by day of their moment (in UTC), and of a day in the order in which they came. An
-- insert goes to the end of its day, however the moments of that day come. See storage.Backend.Day.
DROP INDEX activities_metric;
DROP INDEX anonymous_activities_metric;
DROP INDEX sales_metric;
DROP INDEX calls_metric;
DROP INDEX periods_metric;
CREATE INDEX activities_metric ON activities (tenant_id, activity_type, moment / 86400000000, id, moment, agent_identity_id, team_identity_id, value, value_is_money);
CREATE INDEX anonymous_activities_metric ON anonymous_activities (tenant_id, activity_type, moment / 86400000000, id, moment, team_identity_id, value, value_is_money);
CREATE INDEX sales_metric ON sales (tenant_id, sold_at / 86400000000, id, sold_at, agent_identity_id, proposition_identity_id, cancelled_at, contract_value);
CREATE INDEX calls_metric ON calls (tenant_id, started_at / 86400000000, id, started_at, agent_identity_id, duration);
CREATE INDEX periods_metric ON periods (tenant_id, period_type, starts_at / 86400000000, id, starts_at, ends_at, agent_identity_id, value);

-- The records that name an identity, by span of 8,192 numbers: who looks for those of one identity goes from span to span. See
-- storage.Backend.Span.
DROP INDEX activities_agent;
DROP INDEX sales_agent;
DROP INDEX sales_proposition;
DROP INDEX calls_agent;
DROP INDEX periods_agent;
CREATE INDEX activities_agent ON activities (id / 8192, agent_identity_id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX sales_agent ON sales (id / 8192, agent_identity_id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX sales_proposition ON sales (id / 8192, proposition_identity_id) WHERE proposition_identity_id IS NOT NULL;
CREATE INDEX calls_agent ON calls (id / 8192, agent_identity_id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX periods_agent ON periods (id / 8192, agent_identity_id) WHERE agent_identity_id IS NOT NULL;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

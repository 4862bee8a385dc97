-- +goose Up

-- The records that name an identity: how many would move when it is linked is told before it is. Where a record names
-- none there is no entry.
CREATE INDEX activities_agent ON activities (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX activities_team ON activities (team_identity_id, id) WHERE team_identity_id IS NOT NULL;
CREATE INDEX activities_project ON activities (project_identity_id, id) WHERE project_identity_id IS NOT NULL;
CREATE INDEX activities_segment ON activities (segment_identity_id, id) WHERE segment_identity_id IS NOT NULL;
CREATE INDEX anonymous_activities_team ON anonymous_activities (team_identity_id, id) WHERE team_identity_id IS NOT NULL;
CREATE INDEX anonymous_activities_project ON anonymous_activities (project_identity_id, id) WHERE project_identity_id IS NOT NULL;
CREATE INDEX anonymous_activities_segment ON anonymous_activities (segment_identity_id, id) WHERE segment_identity_id IS NOT NULL;
CREATE INDEX sales_agent ON sales (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX sales_proposition ON sales (proposition_identity_id, id) WHERE proposition_identity_id IS NOT NULL;
CREATE INDEX sales_project ON sales (project_identity_id, id) WHERE project_identity_id IS NOT NULL;
CREATE INDEX sales_segment ON sales (segment_identity_id, id) WHERE segment_identity_id IS NOT NULL;
CREATE INDEX calls_agent ON calls (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX calls_project ON calls (project_identity_id, id) WHERE project_identity_id IS NOT NULL;
CREATE INDEX calls_segment ON calls (segment_identity_id, id) WHERE segment_identity_id IS NOT NULL;
CREATE INDEX periods_agent ON periods (agent_identity_id, id) WHERE agent_identity_id IS NOT NULL;
CREATE INDEX periods_project ON periods (project_identity_id, id) WHERE project_identity_id IS NOT NULL;
CREATE INDEX periods_segment ON periods (segment_identity_id, id) WHERE segment_identity_id IS NOT NULL;

-- +goose Down
SELECT 1 / 0; -- versions only go forward; restore a backup instead

package sqlite_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
)

// TestOlderDatabase: one that has records from before the indexes were written in the order of numbers finds them afterwards, by
// those indexes.
func TestOlderDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sqlite.MakeOlder(t, dir, 20, `INSERT INTO activities (id, tenant_id, provider_id, external_id, activity_type, agent_identity_id, moment, value_is_money, mark_number, mark_position, made_by, created_at, updated_at)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i * 5, 1, 1, i, 'Deal', 1 + i % 10, i * 1000000, 0, 0, 0, '{}', 0, 0 FROM n`,
		`INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at) VALUES (3, 1, 1, 'agent', '3', '', 50, 0, 0, 0, '{}', 0, 0)`)
	db := open(t, storage.Options{Dir: dir})
	n, err := db.CountFor(t.Context(), storage.RecordFilter{TenantID: 1, Kind: record.KindOf("activity"), Entities: map[string]int64{"agent_identity_id": 50}})
	if err != nil || n == nil || *n != 3000 {
		t.Fatalf("found %v (%v), want 3000", n, err)
	}
	day := fmt.Sprintf(sqlite.Day, "r.moment")
	for statement, index := range map[string]string{
		fmt.Sprintf("SELECT count(*) FROM (VALUES (1), (2)) AS span CROSS JOIN activities ON activities.id / %d = span.column1 WHERE agent_identity_id IN (1, 2)", sqlite.Span): "activities_agent (<expr>=? AND agent_identity_id=?)",
		"SELECT r.agent_identity_id FROM activities r WHERE r.tenant_id = 1 AND r.activity_type IN ('Deal') AND " + day + " >= 5 AND " + day + " <= 9 AND r.moment >= 5":        "COVERING INDEX activities_metric (tenant_id=? AND activity_type=? AND <expr>>? AND <expr><?)",
	} {
		if plan := strings.Join(sqlite.Plan(t, db, statement), "\n"); !strings.Contains(plan, index) {
			t.Errorf("%s\n%s\nwant %s", statement, plan, index)
		}
	}
}

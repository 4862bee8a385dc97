package storagetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// Fill puts rows into every table that groups read and write: as many as n in each, of one tenant, one provider and one
// source, as a database has after a while, and analyses it.
func Fill(t testing.TB, db *storage.DB, n int) {
	t.Helper()
	statements := []string{
		`source_executions (id, tenant_id, provider_id, source_id, door, received_at, status, http_status, items)
			SELECT i, 1, 1, 1, 'in', i, 'succeeded', 200, 1 FROM n`,
		`deliveries (id, tenant_id, provider_id, source_id, door, source_execution_id, item_index, received_at, state, event_id, body)
			SELECT i, 1, 1, 1, 'in', i, 0, i, 'done', 'event' || i, (SELECT pseudonym_key FROM tenants WHERE tenants.id = 1) FROM n`,
		`executions (id, tenant_id, delivery_id, source_id, processor_id, version, environment_id, position, number, kind, status, ran_at,
				created, updated, unchanged, skipped, failed)
			SELECT i, 1, i, 1, 1, 1, 1, 0, i, 'live', CASE WHEN i % 10 = 0 THEN 'failed' ELSE 'succeeded' END, i, 1, 0, 0, 0, 0 FROM n`,
		`identities (id, tenant_id, provider_id, kind, external_id, external_name, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at)
			SELECT i, 1, 1, 'agent', 'x' || i, 'X', NULLIF(i % 2, 0), 0, i, 0, '{}', i, i FROM n`,
		`agents (id, tenant_id, name, active, created_at, updated_at) SELECT i, 1, 'A', 1, i, i FROM n`,
		`teams (id, tenant_id, name, created_at, updated_at) SELECT i, 1, 'T', i, i FROM n`,
		`users (id, tenant_id, email, name, role, status, agent_id, created_at, updated_at) SELECT i, 1, 'u' || i, 'U', 'viewer', 'invited', i, i, i FROM n`,
		`journal (noun, thing_id, id, tenant_id, at, made_by, before) SELECT 'activity', i, i, 1, i, '{}', '{}' FROM n`,
	}
	for _, kind := range record.Kinds {
		names, values := "id, tenant_id, provider_id, external_id", "i, 1, 1, 'x' || i"
		for _, c := range kind.Columns()[4:] {
			if !c.NotNull {
				continue
			}
			names += ", " + c.Name
			if c.Kind == record.IntCell {
				values += ", i"
			} else {
				values += ", 'x'"
			}
		}
		statements = append(statements, fmt.Sprintf("%s (%s) SELECT %s FROM n", storage.Table(kind), names, values))
	}
	err := db.Write(context.Background(), func(tx *storage.Tx) error {
		_, err := tx.Exec(`INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at)
			VALUES (1, 'T', 'UTC', '+31', '[]', 0, '[]', ?, 1, 1)`, []byte("{}"))
		if err != nil {
			return err
		}
		for _, s := range statements {
			table, rows, _ := strings.Cut(s, "SELECT ")
			numbers := fmt.Sprintf(" WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT ", n)
			if _, err := tx.Exec("INSERT INTO " + table + numbers + rows); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		_, err = tx.Exec("ANALYZE")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

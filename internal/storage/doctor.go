package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline"
)

// Sums is how many deliveries and executions are in which state, over all tenants.
type Sums struct {
	Deliveries map[string]int64
	Executions map[string]int64
}

// Sums counts. It reads all of both tables.
func (db *DB) Sums(ctx context.Context) (s Sums, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		s = Sums{Deliveries: map[string]int64{}, Executions: map[string]int64{}}
		if err := tx.tally(s.Deliveries, "SELECT state, count(*) FROM deliveries GROUP BY state"); err != nil {
			return err
		}
		return tx.tally(s.Executions, "SELECT status, count(*) FROM executions GROUP BY status")
	})
	return s, err
}

func (t *Tx) tally(into map[string]int64, query string) error {
	return t.Each(func(rows *sql.Rows) error {
		var name string
		var n int64
		err := rows.Scan(&name, &n)
		into[name] = n
		return err
	}, query)
}

// checks of the doctor: what must not be there. Each gives numbers.
var checks = []struct{ what, from string }{
	{"deliveries of a source whose state is not what their executions say",
		"deliveries WHERE source_id IS NOT NULL AND state <> " + DeliveryState},
	{"deliveries of a fixed webhook that are not done", "deliveries WHERE source_id IS NULL AND state <> 'done'"},
	{"deliveries without the call that brought them",
		"deliveries WHERE NOT EXISTS (SELECT 1 FROM source_executions WHERE source_executions.id = source_execution_id)"},
	{"executions without their delivery", "executions WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE deliveries.id = delivery_id)"},
	{"executions that ran without a spec version or an environment",
		`executions WHERE digest IS NOT NULL AND (NOT EXISTS (SELECT 1 FROM environments WHERE environments.id = environment_id)
			OR NOT EXISTS (SELECT 1 FROM spec_versions WHERE spec_versions.processor_id = executions.processor_id AND spec_versions.version = executions.version))`},
	{"failed executions without a reason", "executions WHERE status = 'failed' AND error IS NULL"},
	{"waiting executions without a reason", "executions WHERE status = 'waiting' AND reason IS NULL"},
	{"failed calls without an error", "source_executions WHERE status = 'failed' AND error IS NULL"},
	{"calls that were turned away and are not in the call log",
		"turned_away WHERE NOT EXISTS (SELECT 1 FROM source_executions WHERE source_executions.id = turned_away.id)"},
}

// examples is how many of what a check finds are named.
const examples = 5

// Findings adds the numbers up: every delivery is waiting, done, failed with a reason or skipped, as its executions
// say. It reads all of the tables, on one snapshot, so it may be asked while the server works.
func (db *DB) Findings(ctx context.Context) (findings []pipeline.Finding, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		findings = nil
		for _, c := range checks {
			f := pipeline.Finding{What: c.what}
			if err := tx.QueryRow("SELECT count(*) FROM " + c.from).Scan(&f.Count); err != nil {
				return fmt.Errorf("count %s: %w", c.what, err)
			}
			if f.Count > 0 {
				err := tx.Each(func(rows *sql.Rows) error {
					var id int64
					err := rows.Scan(&id)
					f.Examples = append(f.Examples, id)
					return err
				}, "SELECT id FROM "+c.from+" ORDER BY id LIMIT ?", examples)
				if err != nil {
					return fmt.Errorf("name %s: %w", c.what, err)
				}
			}
			findings = append(findings, f)
		}
		return nil
	})
	return findings, err
}

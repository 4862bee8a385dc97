package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
)

// LastDeliveries is that of trial.Store. It goes by the calls of each source, of which there is an index; nodes draw the
// numbers of calls in blocks, so where several are at work the oldest few may be others than by acceptance.
func (db *DB) LastDeliveries(ctx context.Context, tenantID int64, sources []int64, before int64, limit int) (kept []trial.Kept, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		for _, source := range sources {
			err := tx.Each(func(rows *sql.Rows) error {
				var one trial.Kept
				err := rows.Scan(&one.Number, &one.Bytes)
				kept = append(kept, one)
				return err
			}, `SELECT d.id, length(d.body) FROM source_executions s JOIN deliveries d ON d.source_execution_id = s.id
				WHERE s.source_id = ? AND d.source_id = s.source_id AND d.tenant_id = ? AND d.id < ? ORDER BY s.id DESC, d.id DESC LIMIT ?`,
				source, tenantID, before, limit)
			if err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(kept, func(a, b trial.Kept) int { return cmp.Compare(b.Number, a.Number) })
	return kept[:min(limit, len(kept))], err
}

// LastDeliveriesAmong is that of trial.Store. Failures are found by the processor's executions, everything else by the calls
// of each source, both the newest first.
func (db *DB) LastDeliveriesAmong(ctx context.Context, tenantID, processorID int64, sources []int64, among trial.Among, limit int) (kept []trial.Kept, err error) {
	until := cmp.Or(among.Until, math.MaxInt64)
	err = db.Read(ctx, func(tx *Tx) error {
		for _, source := range sources {
			query, args := `SELECT d.id, length(d.body) FROM source_executions s JOIN deliveries d ON d.source_execution_id = s.id
				WHERE s.source_id = ? AND d.source_id = s.source_id AND d.tenant_id = ? AND s.received_at >= ? AND s.received_at < ? ORDER BY s.id DESC, d.id DESC LIMIT ?`,
				[]any{source, tenantID, among.From, until, limit}
			if among.Failing {
				query, args = `SELECT DISTINCT d.id, length(d.body) FROM executions e JOIN deliveries d ON d.id = e.delivery_id
					WHERE e.processor_id = ? AND e.status IN ('failed', 'partial') AND d.source_id = ? AND d.tenant_id = ?
					AND d.received_at >= ? AND d.received_at < ? ORDER BY d.id DESC LIMIT ?`,
					[]any{processorID, source, tenantID, among.From, until, limit}
			}
			err := tx.Each(func(rows *sql.Rows) error {
				var one trial.Kept
				err := rows.Scan(&one.Number, &one.Bytes)
				kept = append(kept, one)
				return err
			}, query, args...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	slices.SortFunc(kept, func(a, b trial.Kept) int { return cmp.Compare(b.Number, a.Number) })
	return kept[:min(limit, len(kept))], err
}

// DeliveriesAfter is that of trial.Store.
func (db *DB) DeliveriesAfter(ctx context.Context, tenantID int64, sources []int64, after int64, among int) (kept []trial.Kept, last int64, err error) {
	looked := 0
	err = db.Read(ctx, func(tx *Tx) error {
		return tx.Each(func(rows *sql.Rows) error {
			var one trial.Kept
			var source int64
			err := rows.Scan(&one.Number, &one.Bytes, &source)
			looked, last = looked+1, one.Number
			if slices.Contains(sources, source) {
				kept = append(kept, one)
			}
			return err
		}, "SELECT id, length(body), coalesce(source_id, 0) FROM deliveries WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?", tenantID, after, among)
	})
	if looked < among {
		last = 0
	}
	return kept, last, err
}

// Deliveries is that of trial.Store.
func (db *DB) Deliveries(ctx context.Context, tenantID int64, numbers []int64) (all []pipeline.Delivery, err error) {
	for part := range slices.Chunk(numbers, some) {
		in, args := In(part)
		err = db.Read(ctx, func(tx *Tx) error {
			return tx.Each(func(rows *sql.Rows) error {
				d, err := scanKeptDelivery(rows.Scan)
				all = append(all, d.Delivery)
				return err
			}, "SELECT "+keptDeliveryColumns+" FROM "+deliveryTables+" WHERE deliveries.tenant_id = ? AND deliveries.id IN "+in, append([]any{tenantID}, args...)...)
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b pipeline.Delivery) int { return cmp.Compare(a.Number, b.Number) })
	return all, nil
}

// Ran is that of trial.Store. The plus signs leave the index of deliveries as the only one of use: before its statistics are
// made, PostgreSQL takes that of processors and goes through all they ever ran.
func (db *DB) Ran(ctx context.Context, tenantID, processorID int64, deliveries []int64) (map[int64]trial.Ran, error) {
	ran := map[int64]trial.Ran{}
	for part := range slices.Chunk(deliveries, some) {
		in, args := In(part)
		err := db.Read(ctx, func(tx *Tx) error {
			return tx.Each(func(rows *sql.Rows) error {
				var delivery int64
				var one trial.Ran
				err := rows.Scan(&delivery, &one.Execution, &one.Version)
				ran[delivery] = one
				return err
			}, "SELECT delivery_id, id, version FROM executions WHERE +tenant_id = ? AND +processor_id = ? AND status IN ('succeeded', 'partial', 'skipped') AND delivery_id IN "+in+
				" ORDER BY ran_at, id", append([]any{tenantID, processorID}, args...)...)
		})
		if err != nil {
			return nil, err
		}
	}
	return ran, nil
}

// MadeBy is that of trial.Store.
func (db *DB) MadeBy(ctx context.Context, tenantID, processorID int64, kind *record.Kind, after int64, among int) (made []trial.Made, last int64, err error) {
	table, noun := "identities", "kind"
	if kind != nil {
		table, noun = Table(kind), "'"+kind.Noun+"'"
	}
	is := fmt.Sprintf(`"processor":%d,`, processorID) // the version follows it
	looked := 0
	err = db.Read(ctx, func(tx *Tx) error {
		return tx.Each(func(rows *sql.Rows) error {
			var m trial.Made
			var by string
			err := rows.Scan(&m.ID, &m.Key.ProviderID, &m.Key.Noun, &m.Key.ExternalID, &by, &m.Mark.Number, &m.Mark.Position)
			looked, last = looked+1, m.ID
			if err != nil || !strings.Contains(by, is) {
				return err
			}
			if kind == nil {
				m.Key.Noun += record.IdentitySuffix
			}
			made = append(made, m)
			return json.Unmarshal([]byte(by), &made[len(made)-1].Maker)
		}, "SELECT id, provider_id, "+noun+", external_id, made_by, mark_number, mark_position FROM "+table+" WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ?", tenantID, after, among)
	})
	if looked < among {
		last = 0
	}
	return made, last, err
}

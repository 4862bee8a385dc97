package storage

import (
	"context"
	"database/sql"
	"math"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline"
)

const (
	executionColumns = `executions.id, executions.tenant_id, executions.delivery_id, executions.source_id, executions.processor_id, version,
		environment_id, position, number, kind, executions.status, coalesce(reason, ''), ran_at,
		created, updated, unchanged, skipped, failed, executions.error, asked, enrichments,
		coalesce(sources.name, ''), coalesce(processors.name, ''), coalesce(deliveries.received_at, 0)`
	executionTables = `executions
		LEFT JOIN sources ON sources.id = executions.source_id
		LEFT JOIN processors ON processors.id = executions.processor_id
		LEFT JOIN deliveries ON deliveries.id = executions.delivery_id`
)

// whether a statement also has the columns answers and digest
const (
	withDetail    = true
	withoutDetail = false
)

func scanExecution(scan row, detail bool) (e pipeline.ExecutionLine, err error) {
	var failures, question, fetched sql.NullString
	dest := []any{
		&e.ID, &e.TenantID, &e.DeliveryID, &e.SourceID, &e.ProcessorID, &e.Version, &e.EnvironmentID, &e.Position, &e.Number, &e.Kind, &e.Status, &e.Reason, &e.RanAt,
		&e.Counts.Created, &e.Counts.Updated, &e.Counts.Unchanged, &e.Counts.Skipped, &e.Counts.Failed, &failures, &question, &fetched,
		&e.SourceName, &e.ProcessorName, &e.ReceivedAt,
	}
	if detail {
		dest = append(dest, &e.Answers, &e.Digest)
	}
	if err = scan(dest...); err != nil {
		return e, err
	}
	if e.Errors, err = readErrors(failures.String); err != nil {
		return e, err
	}
	if e.Asked, err = readAsked(question.String); err != nil {
		return e, err
	}
	e.Enrichments, err = readEnrichments(fetched.String)
	return e, err
}

// Execution gives one execution with the answers it got, its digest and what was fetched for it.
func (db *DB) Execution(ctx context.Context, tenantID, id int64) (e pipeline.ExecutionLine, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		e, err = scanExecution(tx.QueryRow("SELECT "+executionColumns+", answers, digest FROM "+executionTables+" WHERE executions.id = ? AND executions.tenant_id = ?", id, tenantID).Scan, withDetail)
		if err != nil {
			return found(err, "execution")
		}
		return tx.fillSnapshots(e.Enrichments)
	})
	return e, err
}

// PastRuns gives at most limit executions of a processor that have run with this program, whatever the version, the
// newest first; before is the number of an execution, 0 for the newest there is.
func (db *DB) PastRuns(ctx context.Context, tenantID, processorID int64, program []byte, before int64, limit int) (past []pipeline.PastRun, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	err = db.Read(ctx, func(tx *Tx) error {
		past = nil
		err := tx.Each(func(rows *sql.Rows) error {
			e, err := scanExecution(rows.Scan, withDetail)
			past = append(past, pipeline.PastRun{Execution: e})
			return err
		}, "SELECT "+executionColumns+", answers, digest FROM "+executionTables+`
			WHERE executions.processor_id = ? AND executions.tenant_id = ? AND executions.id < ? AND executions.digest IS NOT NULL
				AND executions.version IN (SELECT version FROM spec_versions WHERE processor_id = ? AND program_hash = ?)
			ORDER BY executions.id DESC LIMIT ?`, processorID, tenantID, before, processorID, program, limit)
		if err != nil {
			return err
		}
		for i := range past {
			d, err := tx.delivery(tenantID, past[i].Execution.DeliveryID)
			if err != nil {
				return err
			}
			past[i].Delivery = &d.Delivery
		}
		lists := make([][]pipeline.Enrichment, len(past))
		for i := range past {
			lists[i] = past[i].Execution.Enrichments
		}
		return tx.fillSnapshots(lists...)
	})
	return past, err
}

// LastExecutions gives the newest execution of a processor on each of these deliveries. The plus signs leave the index of
// deliveries as the only one of use, as in Ran.
func (db *DB) LastExecutions(ctx context.Context, tenantID, processorID int64, deliveries []int64) (map[int64]pipeline.ExecutionLine, error) {
	last := map[int64]pipeline.ExecutionLine{}
	for part := range slices.Chunk(deliveries, some) {
		in, args := In(part)
		err := db.Read(ctx, func(tx *Tx) error {
			return tx.Each(func(rows *sql.Rows) error {
				e, err := scanExecution(rows.Scan, withoutDetail)
				last[e.DeliveryID] = e
				return err
			}, "SELECT "+executionColumns+" FROM "+executionTables+" WHERE +executions.tenant_id = ? AND +executions.processor_id = ? AND executions.delivery_id IN "+in+
				" ORDER BY executions.id", append([]any{tenantID, processorID}, args...)...)
		})
		if err != nil {
			return nil, err
		}
	}
	return last, nil
}

// RecentExecutions gives executions of all tenants that have run, with answers, digests and what was fetched, the newest first:
// those with an id below before, 0 for the newest of all.
func (db *DB) RecentExecutions(ctx context.Context, before int64, limit int) (list []pipeline.ExecutionLine, err error) {
	if before == 0 {
		before = math.MaxInt64
	}
	err = db.Read(ctx, func(tx *Tx) error {
		list = nil
		err := tx.Each(func(rows *sql.Rows) error {
			e, err := scanExecution(rows.Scan, withDetail)
			list = append(list, e)
			return err
		}, "SELECT "+executionColumns+", answers, digest FROM "+executionTables+" WHERE executions.digest IS NOT NULL AND executions.id < ? ORDER BY executions.id DESC LIMIT ?", before, limit)
		if err != nil {
			return err
		}
		lists := make([][]pipeline.Enrichment, len(list))
		for i := range list {
			lists[i] = list[i].Enrichments
		}
		return tx.fillSnapshots(lists...)
	})
	return list, err
}

package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
)

const (
	deliveryColumns = `deliveries.id, deliveries.tenant_id, deliveries.provider_id, coalesce(deliveries.source_id, 0), deliveries.door, source_execution_id,
		item_index, received_at, state, coalesce(event_id, ''), coalesce(sources.name, '')`
	keptDeliveryColumns = deliveryColumns + ", body, places"
	deliveryTables      = "deliveries LEFT JOIN sources ON sources.id = deliveries.source_id"
)

func scanDelivery(scan row, more ...any) (d pipeline.DeliveryLine, err error) {
	err = scan(append([]any{
		&d.Number, &d.TenantID, &d.ProviderID, &d.SourceID, &d.Door, &d.SourceExecutionID, &d.Index, &d.ReceivedAt, &d.State, &d.EventID, &d.SourceName,
	}, more...)...)
	return d, err
}

// scanKeptDelivery reads keptDeliveryColumns: a delivery with what is stored of its item.
func scanKeptDelivery(scan row) (pipeline.DeliveryLine, error) {
	var body, places []byte
	d, err := scanDelivery(scan, &body, &places)
	d.Body, d.Places = body, places
	return d, err
}

// Delivery gives one delivery with its body.
func (db *DB) Delivery(ctx context.Context, tenantID, number int64) (d pipeline.DeliveryLine, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		d, err = tx.delivery(tenantID, number)
		return err
	})
	return d, err
}

func (t *Tx) delivery(tenantID, number int64) (pipeline.DeliveryLine, error) {
	d, err := scanKeptDelivery(t.QueryRow("SELECT "+keptDeliveryColumns+" FROM "+deliveryTables+" WHERE deliveries.id = ? AND deliveries.tenant_id = ?", number, tenantID).Scan)
	return d, found(err, "delivery")
}

// ListDeliveries gives deliveries, the newest first.
func (db *DB) ListDeliveries(ctx context.Context, f pipeline.DeliveryFilter, r page.Request) (p page.Page[pipeline.DeliveryLine], err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.deliveryList(f)
		if err != nil {
			return err
		}
		if err := tx.received(&l, "deliveries", f.After, f.Before); err != nil {
			return err
		}
		p, err = pageOf(tx, l, r, func(scan row) (pipeline.DeliveryLine, error) { return scanDelivery(scan) })
		return err
	})
	return p, err
}

// DeliveryHistogram counts deliveries in equal parts of a span of time.
func (db *DB) DeliveryHistogram(ctx context.Context, f pipeline.DeliveryFilter, parts int) (c pipeline.Chart, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.deliveryList(f)
		if err != nil {
			return err
		}
		l.and("deliveries.tenant_id = ?", f.TenantID) // a chart may leave out the rest of the filter, and this never
		c, err = tx.chart(l, "state = 'failed'", tx.receivedFrom("deliveries"), f.After, f.Before, parts)
		return err
	})
	return c, err
}

// deliveryList is the list of a filter, but for its span of time. Deliveries have no index by source or state: the doors
// would pay for it, and executions are found by both.
func (t *Tx) deliveryList(f pipeline.DeliveryFilter) (list, error) {
	l := list{
		columns: deliveryColumns, from: deliveryTables, table: "deliveries", id: "deliveries.id", order: "-id",
		sorts: []sortable{{"id", "deliveries.id", ofNumber}},
	}
	if f.SourceExecutionID != 0 {
		l.and("source_execution_id = ?", f.SourceExecutionID)
	}
	if f.EventID != "" {
		found, err := t.deliveriesOf(f.TenantID, f.EventID)
		if err != nil {
			return l, err
		}
		in, args := In(append(found, 0))
		l.and("deliveries.id IN "+in, args...)
	}
	if f.Search != "" {
		found, err := t.deliveriesNamed(f.TenantID, f.Search)
		if err != nil {
			return l, err
		}
		in, args := In(append(found, 0))
		l.and("deliveries.id IN "+in, args...)
	}
	l.rarely("deliveries.tenant_id = ?", f.TenantID)
	if f.ProviderID != 0 {
		l.rarely("deliveries.provider_id = ?", f.ProviderID)
	}
	if f.SourceID != 0 {
		l.rarely("deliveries.source_id = ?", f.SourceID)
	}
	if f.State != "" {
		l.rarely("deliveries.state = ?", string(f.State))
	}
	if f.Ran != nil {
		ran := "EXISTS (SELECT 1 FROM executions WHERE executions.delivery_id = deliveries.id AND executions.kind <> 'test')"
		if !*f.Ran {
			ran = "deliveries.source_id IS NOT NULL AND NOT " + ran
		}
		l.rarely(ran)
	}
	if f.NotRunBy != 0 {
		l.rarely("deliveries.source_id IN (SELECT source_id FROM links WHERE processor_id = ?)", f.NotRunBy)
		l.rarely("NOT EXISTS (SELECT 1 FROM executions WHERE executions.delivery_id = deliveries.id AND executions.processor_id = ? AND executions.kind <> 'test')", f.NotRunBy)
	}
	if f.Until != 0 {
		l.and("deliveries.id <= ?", f.Until)
	}
	return l, nil
}

// DeliveryNumbers is that of bulk.Store.
func (db *DB) DeliveryNumbers(ctx context.Context, f pipeline.DeliveryFilter, after int64, limit int) (ids []int64, last int64, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.deliveryList(f)
		if err != nil {
			return err
		}
		if err := tx.received(&l, "deliveries", f.After, f.Before); err != nil {
			return err
		}
		ids, last, err = tx.idsAfter(l, after, limit)
		return err
	})
	return ids, last, err
}

// ProcessorsOf is that of queue.Store.
func (db *DB) ProcessorsOf(ctx context.Context, tenantID, delivery int64) (linked, ran []int64, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		linked, ran = nil, nil
		return tx.Each(func(rows *sql.Rows) error {
			var processor int64
			var has bool
			err := rows.Scan(&processor, &has)
			if linked = append(linked, processor); has {
				ran = append(ran, processor)
			}
			return err
		}, `SELECT p.id, EXISTS (SELECT 1 FROM executions AS e WHERE e.delivery_id = d.id AND e.processor_id = p.id AND e.kind <> 'test')
			FROM deliveries AS d JOIN links AS l ON l.source_id = d.source_id JOIN processors AS p ON p.id = l.processor_id
			WHERE d.id = ? AND d.tenant_id = ? AND p.enabled = 1 AND p.deleted_at IS NULL ORDER BY l.position`, delivery, tenantID)
	})
	return linked, ran, err
}

// WaitingSources gives the sources that have waiting executions for one of the reasons. It steps from source to source and
// asks each for one, however many wait.
func (db *DB) WaitingSources(ctx context.Context, reasons ...pipeline.Reason) (sources []int64, err error) {
	in, args := inReasons(reasons)
	err = db.Read(ctx, func(tx *Tx) error {
		sources = nil
		return tx.Each(func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			sources = append(sources, id)
			return err
		}, `WITH RECURSIVE waits (source_id) AS (
				SELECT min(source_id) FROM executions WHERE status = 'waiting'
				UNION ALL
				SELECT (SELECT min(e.source_id) FROM executions AS e WHERE e.status = 'waiting' AND e.source_id > waits.source_id)
				FROM waits WHERE waits.source_id IS NOT NULL
			)
			SELECT source_id FROM waits
			WHERE (SELECT 1 FROM executions AS e WHERE e.source_id = waits.source_id AND e.status = 'waiting' AND e.reason IN `+in+` LIMIT 1) IS NOT NULL
			ORDER BY source_id`, args...)
	})
	return sources, err
}

// Waiting is that of queue.Store.
func (db *DB) Waiting(ctx context.Context, w pipeline.Waiting) (runs []pipeline.WaitingRun, err error) {
	in, inArgs := inReasons(w.Reasons)
	of, ofArgs := In(w.Processors)
	err = db.Read(ctx, func(tx *Tx) error {
		runs = nil
		behindIt, behindArgs, err := tx.heldBack(w)
		if err != nil {
			return err
		}
		args := slices.Concat([]any{w.SourceID}, ofArgs, inArgs, behindArgs, []any{w.Limit})
		err = tx.Each(func(rows *sql.Rows) error {
			e, err := scanExecution(rows.Scan, withDetail)
			runs = append(runs, pipeline.WaitingRun{Execution: &e.Execution})
			return err
		}, "SELECT "+executionColumns+", answers, digest FROM "+executionTables+
			" WHERE executions.source_id = ? AND executions.processor_id IN "+of+" AND executions.status = 'waiting' AND executions.reason IN "+in+behindIt+
			" ORDER BY executions.delivery_id, executions.position LIMIT ?", args...)
		if err != nil {
			return err
		}
		deliveries := map[int64]*pipeline.Delivery{}
		for i := range runs {
			e := runs[i].Execution
			if deliveries[e.DeliveryID] == nil {
				d, err := tx.delivery(e.TenantID, e.DeliveryID)
				if err != nil {
					return err
				}
				deliveries[e.DeliveryID] = &d.Delivery
			}
			runs[i].Delivery = deliveries[e.DeliveryID]
		}
		lists := make([][]pipeline.Enrichment, len(runs))
		for i := range runs {
			lists[i] = runs[i].Execution.Enrichments
		}
		return tx.fillSnapshots(lists...)
	})
	return runs, err
}

// heldBack is the condition that leaves out what an earlier execution of its processor holds back, because that is still
// being fetched for and has not been for long.
func (t *Tx) heldBack(w pipeline.Waiting) (condition string, args []any, err error) {
	for _, processor := range w.Enriched {
		var first int64
		err := t.QueryRow(`SELECT e.delivery_id FROM executions AS e LEFT JOIN fetches AS f ON f.execution_id = e.id
			WHERE e.source_id = ? AND e.processor_id = ? AND e.status = 'waiting' AND e.reason = 'enriching' AND e.kind = 'live' AND (f.since IS NULL OR f.since > ?)
			ORDER BY e.delivery_id LIMIT 1`, w.SourceID, processor, w.HeldSince).Scan(&first)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		condition += " AND NOT (executions.processor_id = ? AND executions.delivery_id > ?)"
		args = append(args, processor, first)
	}
	return condition, args, nil
}

func inReasons(reasons []pipeline.Reason) (string, []any) {
	args := make([]any, len(reasons))
	for i, r := range reasons {
		args[i] = string(r)
	}
	return marks(len(args)), args
}

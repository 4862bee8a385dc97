package storage

import (
	"context"
	"database/sql"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline"
)

// unsettled are waiting executions that wait for something else than their reason says, each kind with what becomes of
// it. What waits for a person (asked, parked) can go on without a link, unless it is live: then its delivery would wait
// for ever.
var unsettled = []struct {
	reason pipeline.Reason
	where  string
}{
	{pipeline.ReasonUnlinked, `(kind = 'live' OR reason NOT IN ('asked', 'parked'))
		AND NOT EXISTS (SELECT 1 FROM links WHERE links.source_id = executions.source_id AND links.processor_id = executions.processor_id)`},
	{pipeline.ReasonDisabled, `reason IN ('behind', 'enriching', 'incomplete_link', 'suspended')
		AND EXISTS (SELECT 1 FROM links WHERE links.source_id = executions.source_id AND links.processor_id = executions.processor_id)
		AND EXISTS (SELECT 1 FROM processors WHERE processors.id = executions.processor_id AND enabled = 0)`},
	{pipeline.ReasonBehind, "reason = 'disabled' AND EXISTS (SELECT 1 FROM processors WHERE processors.id = executions.processor_id AND enabled = 1)"},
}

// SettleWaiting is that of queue.Store. Most of the time there is nothing to settle, so a look that may not write goes
// first.
func (db *DB) SettleWaiting(ctx context.Context) error {
	for _, u := range unsettled {
		for {
			var executions, deliveries []int64
			look := func(tx *Tx) error {
				executions, deliveries = nil, nil
				return tx.Each(func(rows *sql.Rows) error {
					var execution, delivery int64
					err := rows.Scan(&execution, &delivery)
					executions, deliveries = append(executions, execution), append(deliveries, delivery)
					return err
				}, "SELECT id, delivery_id FROM executions WHERE status = 'waiting' AND "+u.where+" LIMIT ?", some)
			}
			if err := db.Read(ctx, look); err != nil {
				return err
			}
			if len(executions) == 0 {
				break
			}
			slices.Sort(deliveries)
			err := db.Write(ctx, func(tx *Tx) error { return tx.settle(executions, slices.Compact(deliveries), u.reason, u.where) })
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// settle looks again whether what was found is still so: somebody may have linked or enabled the processor since.
func (t *Tx) settle(executions, deliveries []int64, reason pipeline.Reason, where string) error {
	in, ids := In(executions)
	still := " WHERE status = 'waiting' AND " + where + " AND id IN " + in
	if reason != pipeline.ReasonUnlinked {
		_, err := t.Exec("UPDATE executions SET reason = ?"+still, append([]any{string(reason)}, ids...)...)
		return err
	}
	if _, err := t.Exec("UPDATE executions SET status = 'skipped', reason = ?, ran_at = ?, skipped = 1"+still,
		append([]any{string(reason), t.Now}, ids...)...); err != nil {
		return err
	}
	if _, err := t.Exec("DELETE FROM fetches WHERE execution_id IN (SELECT id FROM executions WHERE status <> 'waiting' AND id IN "+in+")", ids...); err != nil {
		return err
	}
	of, args := In(deliveries)
	// First the lock, in a statement of its own: the next one then sees what a group did to the deliveries.
	if _, err := t.Exec("UPDATE deliveries SET state = state WHERE id IN "+of, args...); err != nil {
		return err
	}
	_, err := t.Exec("UPDATE deliveries SET state = "+DeliveryState+" WHERE id IN "+of, args...)
	return err
}

// WaitingLanes is that of queue.Store. It asks each link for one, however many wait.
func (db *DB) WaitingLanes(ctx context.Context) (lanes []pipeline.Lane, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		lanes = nil
		return tx.Each(func(rows *sql.Rows) error {
			var l pipeline.Lane
			err := rows.Scan(&l.SourceID, &l.ProcessorID)
			lanes = append(lanes, l)
			return err
		}, `SELECT source_id, processor_id FROM links
			WHERE (SELECT 1 FROM executions
				WHERE executions.source_id = links.source_id AND executions.processor_id = links.processor_id
				AND status = 'waiting' AND kind = 'live' AND reason IN ('behind', 'enriching', 'incomplete_link', 'suspended', 'disabled')
				LIMIT 1) IS NOT NULL`)
	})
	return lanes, err
}

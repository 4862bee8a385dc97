package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline"
)

// waitingGroup is what waits for one reason for one processor on one source.
type waitingGroup struct {
	source, processor int64
	reason            pipeline.Reason
	linked            bool
	enabled           bool
	deleted           bool // the source
}

// becomes says what a group is to wait for, or be skipped for, and whether that is only so for live executions; false:
// it waits for what it says. What waits for a person (asked, parked) can go on without a link, unless it is live: then
// its delivery would wait for ever.
func (g waitingGroup) becomes() (reason pipeline.Reason, live, is bool) {
	person := g.reason == pipeline.ReasonAsked || g.reason == pipeline.ReasonParked
	switch {
	case g.deleted:
		return pipeline.ReasonSourceDeleted, person, true
	case !g.linked:
		return pipeline.ReasonUnlinked, person, true
	case !g.enabled && g.reason != pipeline.ReasonDisabled && !person:
		return pipeline.ReasonDisabled, false, true
	case g.enabled && g.reason == pipeline.ReasonDisabled:
		return pipeline.ReasonBehind, false, true
	}
	return "", false, false
}

// SettleWaiting is that of queue.Store. It steps from group to group, however many executions wait in one. Most of the time
// there is nothing to settle, so looks that may not write go first.
func (db *DB) SettleWaiting(ctx context.Context) error {
	var g waitingGroup
	for {
		var err error
		if g, err = db.waitingAfter(ctx, g); err != nil || g.source == 0 {
			return err
		}
		if _, _, is := g.becomes(); !is {
			continue
		}
		for more := true; more; {
			if err := db.Write(ctx, func(tx *Tx) (err error) {
				more, err = tx.settle(g)
				return err
			}); err != nil {
				return err
			}
		}
	}
}

// groupState is of the group with the source, reason and processor in a table g.
const groupState = `EXISTS (SELECT 1 FROM links WHERE links.source_id = g.source_id AND links.processor_id = g.processor_id),
	EXISTS (SELECT 1 FROM processors WHERE processors.id = g.processor_id AND enabled = 1),
	EXISTS (SELECT 1 FROM sources WHERE sources.id = g.source_id AND deleted_at IS NOT NULL)`

// waitingAfter gives the group after another one, in the order of the index on them.
func (db *DB) waitingAfter(ctx context.Context, last waitingGroup) (g waitingGroup, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		g = waitingGroup{}
		err := tx.QueryRow(`SELECT source_id, reason, processor_id, `+groupState+` FROM (
				SELECT source_id, reason, processor_id FROM executions
				WHERE status = 'waiting' AND (source_id, reason, processor_id) > (?, ?, ?)
				ORDER BY source_id, reason, processor_id LIMIT 1
			) AS g`, last.source, string(last.reason), last.processor).Scan(&g.source, &g.reason, &g.processor, &g.linked, &g.enabled, &g.deleted)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return g, err
}

// settle settles some of a group, where it still has to be: somebody may have linked or enabled the processor since. More:
// there may be more of it.
func (t *Tx) settle(g waitingGroup) (more bool, err error) {
	err = t.QueryRow("SELECT "+groupState+" FROM (SELECT CAST(? AS BIGINT) AS source_id, CAST(? AS BIGINT) AS processor_id) AS g", g.source, g.processor).
		Scan(&g.linked, &g.enabled, &g.deleted)
	if err != nil {
		return false, err
	}
	reason, live, is := g.becomes()
	if !is {
		return false, nil
	}
	where := "status = 'waiting' AND source_id = ? AND reason = ? AND processor_id = ?"
	args := []any{g.source, string(g.reason), g.processor}
	if live {
		where += " AND kind = 'live'"
	}
	var executions, deliveries []int64
	err = t.Each(func(rows *sql.Rows) error {
		var execution, delivery int64
		err := rows.Scan(&execution, &delivery)
		executions, deliveries = append(executions, execution), append(deliveries, delivery)
		return err
	}, "SELECT id, delivery_id FROM executions WHERE "+where+" ORDER BY delivery_id, position LIMIT ?", append(args, some)...)
	if err != nil || len(executions) == 0 {
		return false, err
	}
	in, ids := In(executions)
	more = len(executions) == some
	still := " WHERE id IN " + in + " AND " + where
	if reason == pipeline.ReasonDisabled || reason == pipeline.ReasonBehind {
		_, err := t.Exec("UPDATE executions SET reason = ?"+still, slices.Concat([]any{string(reason)}, ids, args)...)
		return more, err
	}
	if _, err := t.Exec("UPDATE executions SET status = 'skipped', reason = ?, ran_at = ?, skipped = 1"+still, slices.Concat([]any{string(reason), t.Now}, ids, args)...); err != nil {
		return false, err
	}
	if _, err := t.Exec("DELETE FROM fetches WHERE execution_id IN (SELECT id FROM executions WHERE status <> 'waiting' AND id IN "+in+")", ids...); err != nil {
		return false, err
	}
	slices.Sort(deliveries)
	of, args := In(slices.Compact(deliveries))
	// First the lock, in a statement of its own: the next one then sees what a group did to the deliveries.
	if _, err := t.Exec("UPDATE deliveries SET state = state WHERE id IN "+of, args...); err != nil {
		return false, err
	}
	_, err = t.Exec("UPDATE deliveries SET state = "+DeliveryState+" WHERE id IN "+of, args...)
	return more, err
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

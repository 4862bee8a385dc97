package storage

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/ingest"
)

// AddCounts adds uses of keys and calls that were turned away to those counted before, and gives these their lines in the
// call log. Rows are touched in order, so that two nodes never wait for each other.
func (db *DB) AddCounts(ctx context.Context, c ingest.Counts) error {
	numbers := make([]int64, len(c.Lines))
	err := db.Write(ctx, func(tx *Tx) error {
		for _, key := range slices.Sorted(maps.Keys(c.Keys)) {
			uses := c.Keys[key]
			_, err := tx.Exec(`
				UPDATE provider_keys
				SET uses = uses + ?, last_used_at = CASE WHEN last_used_at > ? THEN last_used_at ELSE ? END
				WHERE id = ?`, uses.Times, uses.Last, uses.Last, key)
			if err != nil {
				return err
			}
		}
		refusals := slices.SortedFunc(maps.Keys(c.Refused), func(a, b ingest.Refusal) int {
			return cmp.Or(cmp.Compare(a.ProviderID, b.ProviderID), cmp.Compare(a.Hour, b.Hour), cmp.Compare(a.Status, b.Status))
		})
		for _, r := range refusals {
			uses := c.Refused[r]
			_, err := tx.Exec(`
				INSERT INTO refused_calls (provider_id, hour, status, calls, last_at)
				VALUES (?, ?, ?, ?, ?)
				ON CONFLICT (provider_id, hour, status) DO UPDATE
				SET calls = refused_calls.calls + excluded.calls,
				    last_at = CASE WHEN refused_calls.last_at > excluded.last_at THEN refused_calls.last_at ELSE excluded.last_at END`,
				r.ProviderID, r.Hour, r.Status, uses.Times, uses.Last)
			if err != nil {
				return err
			}
		}
		for i := range c.Lines {
			var err error
			if numbers[i], err = tx.keepTurnedAway(&c.Lines[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range c.Lines {
		c.Lines[i].Call.ID = numbers[i]
	}
	return nil
}

// keepTurnedAway adds a line to the call log, or calls to one that is there, and gives its number. What came longer ago than
// clocks may differ gets none: numbers tell when calls came.
func (t *Tx) keepTurnedAway(x *ingest.TurnedAway) (number int64, err error) {
	c, w := &x.Call, &x.What
	if c.ID != 0 {
		_, err := t.Exec("UPDATE turned_away SET more = more + ?, last_at = ? WHERE id = ?", w.More, orNull(w.Last), c.ID)
		return c.ID, err
	}
	if c.ReceivedAt < t.Now-slack/2 {
		return 0, nil
	}
	if number, err = t.NextNumber(); err != nil {
		return 0, err
	}
	_, err = t.Exec(`
		INSERT INTO source_executions (id, tenant_id, provider_id, source_id, door, received_at, status, http_status, items, error)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
		number, c.TenantID, c.ProviderID, orNull(c.SourceID), c.Door, c.ReceivedAt, c.Status, c.HTTPStatus, string(c.Error))
	if err != nil {
		return 0, err
	}
	_, err = t.Exec("INSERT INTO turned_away (id, at, caller, media, bytes, more, last_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
		number, c.ReceivedAt, w.Caller, w.Media, w.Bytes, w.More, orNull(w.Last))
	return number, err
}

// turnedAwayKept is for how long the log has lines of calls that were turned away, and how many there were: they are for who
// connects a system, and have something of a caller's address.
const turnedAwayKept = 30 * day

// SweepTurnedAway takes away at most limit lines of calls that were turned away and are kept no longer, and says how many it
// took.
func (db *DB) SweepTurnedAway(ctx context.Context, limit int) (swept int, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		before := tx.Now - turnedAwayKept
		var old []int64
		err := tx.Each(func(rows *sql.Rows) error {
			var id int64
			err := rows.Scan(&id)
			old = append(old, id)
			return err
		}, "SELECT id FROM turned_away WHERE at <= ? ORDER BY at LIMIT ?", before, limit)
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM refused_calls WHERE hour <= ?", before); err != nil {
			return err
		}
		if swept = len(old); swept == 0 {
			return nil
		}
		in, args := In(old)
		for _, table := range []string{"turned_away", "source_executions"} {
			if _, err := tx.Exec("DELETE FROM "+table+" WHERE id IN "+in, args...); err != nil {
				return err
			}
		}
		return nil
	})
	return swept, err
}

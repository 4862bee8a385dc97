package storage

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/ingest"
)

// AddCounts adds uses of keys and refused calls to those counted before. Rows are touched in order, so that two nodes
// never wait for each other.
func (db *DB) AddCounts(ctx context.Context, c ingest.Counts) error {
	return db.Write(ctx, func(tx *Tx) error {
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
		return nil
	})
}

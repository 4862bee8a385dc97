package storage

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pseudonym"
)

// Redacted is what came of passing stored bodies through the doors of their sources again.
type Redacted struct {
	Read    int64 // that came in at a source with marks
	Changed int64 // marks that are younger than they are changed them
	last    int64 // the number to go on after
}

// One transaction looks at so many bodies, of which each may have a megabyte, among the rows of so many numbers: where
// few of them came in at a source with marks, it must end as well.
const (
	redactAtOnce = 100
	redactAmong  = 50_000
)

// RedactDeliveries puts pseudonyms in the place of what marks cover that are younger than the stored deliveries. It goes
// on in small transactions beside whatever else works on the database, and may be broken off and begun again: what is
// done stays as it is. The bytes are not gone before Scrub.
func (db *DB) RedactDeliveries(ctx context.Context, doors map[int64]*pseudonym.Door) (Redacted, error) {
	return db.redact(ctx, doors, "deliveries", "NULL")
}

// RedactCalls is RedactDeliveries for the bodies that are kept with calls, and for errors that quote from them.
func (db *DB) RedactCalls(ctx context.Context, doors map[int64]*pseudonym.Door) (Redacted, error) {
	return db.redact(ctx, doors, "source_executions", "error")
}

func (db *DB) redact(ctx context.Context, doors map[int64]*pseudonym.Door, table, failure string) (all Redacted, err error) {
	if len(doors) == 0 {
		return all, nil
	}
	var newest int64
	err = db.Read(ctx, func(tx *Tx) error {
		return tx.QueryRow("SELECT coalesce(min(id), 1) - 1, coalesce(max(id), 0) FROM "+table).Scan(&all.last, &newest)
	})
	for err == nil && all.last < newest {
		var part Redacted
		part, err = db.redactPart(ctx, doors, table, failure, all.last)
		all.Read, all.Changed, all.last = all.Read+part.Read, all.Changed+part.Changed, part.last
	}
	return all, err
}

// redactPart looks at some rows of a table; failure is the column with the error of a call, or NULL.
func (db *DB) redactPart(ctx context.Context, doors map[int64]*pseudonym.Door, table, failure string, after int64) (part Redacted, err error) {
	type row struct {
		id   int64
		kept pseudonym.Kept
		told string
	}
	of, sources := In(slices.Sorted(maps.Keys(doors)))
	err = db.Write(ctx, func(tx *Tx) error {
		part = Redacted{last: after + redactAmong}
		var changed []row
		err := tx.Each(func(rows *sql.Rows) error {
			var id, sourceID int64
			var body, places []byte
			var told sql.NullString
			if err := rows.Scan(&id, &sourceID, &body, &places, &told); err != nil {
				return err
			}
			if part.Read++; part.Read == redactAtOnce {
				part.last = id
			}
			door := doors[sourceID]
			kept, is := door.Again(pseudonym.Kept{Body: body, Places: places})
			now := string(pipeline.WithoutValues([]byte(told.String)))
			if is || now != told.String {
				changed = append(changed, row{id, kept, now})
			}
			return nil
		}, "SELECT id, source_id, body, places, "+failure+" FROM "+table+" WHERE id > ? AND id <= ? AND source_id IN "+of+" AND body IS NOT NULL ORDER BY id LIMIT ?",
			slices.Concat([]any{after, after + redactAmong}, sources, []any{redactAtOnce})...)
		if err != nil {
			return err
		}
		part.Changed = int64(len(changed))
		for _, r := range changed {
			if _, err := tx.Exec("UPDATE "+table+" SET body = ?, places = ? WHERE id = ?", r.kept.Body, bytesOrNull(r.kept.Places), r.id); err != nil {
				return err
			}
			if r.told == "" {
				continue
			}
			if _, err := tx.Exec("UPDATE "+table+" SET "+failure+" = ? WHERE id = ?", r.told, r.id); err != nil {
				return err
			}
		}
		return nil
	})
	return part, err
}

// bytesOrNull gives places as an argument of a statement.
func bytesOrNull(p pseudonym.Places) any {
	if p == nil {
		return nil
	}
	return []byte(p)
}

// Left is a place where overwritten bytes are still, and what takes them away from there.
type Left struct {
	Where string `json:"where"`
	Do    string `json:"do"`
}

// Scrub takes what was overwritten or deleted in the redacted tables off the disk: their files are written anew, which
// takes as much disk again and lets nobody else at them meanwhile, and the database's log is written over. What could not
// be done is told; backups, archived logs, standbys and what a file system keeps are out of reach.
func (db *DB) Scrub(ctx context.Context) (left []Left, err error) {
	left, err = db.b.Scrub(ctx)
	return left, db.b.Explain(err)
}

package storage

import (
	"context"
	"database/sql"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pseudonym"
)

// Redacted is what came of passing stored bodies through the doors of their sources again.
type Redacted struct {
	Read    int64 // that came in at a source
	Changed int64 // marks that are younger than they are changed them
	last    int64 // the number to go on after
}

// redactAtOnce is how many bodies one transaction looks at: each may have a megabyte.
const redactAtOnce = 100

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
	for {
		part, err := db.redactPart(ctx, doors, table, failure, all.last)
		if err != nil {
			return all, err
		}
		all.Read, all.Changed, all.last = all.Read+part.Read, all.Changed+part.Changed, part.last
		if part.Read < redactAtOnce {
			return all, nil
		}
	}
}

// redactPart looks at some rows of a table; failure is the column with the error of a call, or NULL.
func (db *DB) redactPart(ctx context.Context, doors map[int64]*pseudonym.Door, table, failure string, after int64) (part Redacted, err error) {
	type row struct {
		id   int64
		kept pseudonym.Kept
		told string
	}
	err = db.Write(ctx, func(tx *Tx) error {
		part = Redacted{}
		var changed []row
		err := tx.Each(func(rows *sql.Rows) error {
			var id, sourceID int64
			var body, places []byte
			var told sql.NullString
			if err := rows.Scan(&id, &sourceID, &body, &places, &told); err != nil {
				return err
			}
			part.Read, part.last = part.Read+1, id
			door := doors[sourceID]
			if door == nil {
				return nil
			}
			kept, is := door.Again(pseudonym.Kept{Body: body, Places: places})
			now := string(pipeline.WithoutValues([]byte(told.String)))
			if is || now != told.String {
				changed = append(changed, row{id, kept, now})
			}
			return nil
		}, "SELECT id, source_id, body, places, "+failure+" FROM "+table+" WHERE id > ? AND source_id IS NOT NULL AND body IS NOT NULL ORDER BY id LIMIT ?", after, redactAtOnce)
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

// Scrub takes what was overwritten or deleted off the disk, as far as the database can: not out of backups, archived
// logs, or what the file system keeps. SQLite's file is written anew, which takes as much disk again; PostgreSQL gives
// the room back, and the bytes go when it is used again.
func (db *DB) Scrub(ctx context.Context) error { return db.b.Explain(db.b.Scrub(ctx)) }

package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Undone gives the execution or call whose writes an undo took back, or put back.
func (db *DB) Undone(ctx context.Context, tenantID, undo int64) (about record.Thing, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		about, err = tx.undone(tenantID, undo)
		return err
	})
	return about, err
}

// undone looks through the undos of a tenant, by an index that has no other lines of the journal.
func (t *Tx) undone(tenantID, undo int64) (about record.Thing, err error) {
	err = t.QueryRow("SELECT noun, thing_id FROM journal WHERE tenant_id = ? AND noun IN ('execution', 'source_execution') AND (made_by LIKE ? OR made_by LIKE ?) LIMIT 1",
		tenantID, fmt.Sprintf(`%%"undo":%d,%%`, undo), fmt.Sprintf(`%%"undo":%d}%%`, undo)).Scan(&about.Noun, &about.ID)
	if errors.Is(err, sql.ErrNoRows) {
		err = notFound("undo")
	}
	return about, err
}

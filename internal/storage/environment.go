package storage

import (
	"context"

	"github.com/dealwright/dealwright/internal/pipeline/plan"
)

// Environment gives what an execution depended on beside delivery, program and answers.
func (db *DB) Environment(ctx context.Context, id int64) (e plan.Environment, err error) {
	var body []byte
	err = db.Read(ctx, func(tx *Tx) error {
		return found(tx.QueryRow("SELECT body FROM environments WHERE id = ?", id).Scan(&body), "environment")
	})
	if err != nil {
		return e, err
	}
	return plan.ReadEnvironment(body)
}

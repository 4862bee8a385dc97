package undo

import (
	"context"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Done is an undo that was done, or the undo of one.
type Done struct {
	record.PastUndo
	About       record.Thing // the execution or call that was run
	At          int64        // microseconds
	TakenBackBy int64        // the undo that took it back; 0: it stands
}

// Done gives an undo by its number.
func (d *Desk) Done(ctx context.Context, tenantID, number int64) (done Done, err error) {
	if done.About, err = d.Store.Undone(ctx, tenantID, number); err != nil {
		return done, err
	}
	err = d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		journal, err := at.Journal([]record.Thing{done.About})
		if err != nil {
			return err
		}
		done.PastUndo, done.At, done.TakenBackBy, err = record.FindUndo(journal[done.About], number)
		return err
	})
	return done, err
}

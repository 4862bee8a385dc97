package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/app"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
)

type redact struct {
	database
	JSON bool `help:"Print JSON." name:"json"`
}

// redaction is what was redacted.
type redaction struct {
	Sources    int   `json:"sources"` // with marks
	Deliveries int64 `json:"deliveries"`
	Redacted   int64 `json:"redacted_deliveries"`
	Calls      int64 `json:"calls"`
	RedactedIn int64 `json:"redacted_calls"`
	// Left is where the disk still has what was taken out of the rows.
	Left []storage.Left `json:"left"`
}

// Run puts pseudonyms in the place of what sources mark as personal data today, in all that was stored before, and takes
// the old bytes off the disk. Broken off, it can be begun again. No server may be at work: on SQLite it cannot, on
// PostgreSQL it would wait while tables are written anew.
func (c redact) Run(ctx context.Context, env Environment) (err error) {
	o := c.options()
	o.Existing = true
	db, err := app.OpenDatabase(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	lib := library.Standard().WithModels(connector.Standard().Models()...)
	picture, err := storage.NewPictureLoader(db, lib).LoadPicture(ctx)
	if err != nil {
		return err
	}
	deliveries, err := db.RedactDeliveries(ctx, picture.Doors)
	if err != nil {
		return err
	}
	calls, err := db.RedactCalls(ctx, picture.Doors)
	if err != nil {
		return err
	}
	did := redaction{Sources: len(picture.Doors), Deliveries: deliveries.Read, Redacted: deliveries.Changed, Calls: calls.Read, RedactedIn: calls.Changed, Left: []storage.Left{}}
	if did.Sources > 0 { // also when nothing was changed: the time before may have been broken off, or have left something
		left, err := db.Scrub(ctx)
		if err != nil {
			return err
		}
		did.Left = append(did.Left, left...)
	}
	if err := did.print(env, c.JSON); err != nil {
		return err
	}
	if len(did.Left) > 0 {
		return errShown
	}
	return nil
}

func (did redaction) print(env Environment, asJSON bool) error {
	if asJSON {
		return printJSON(env.Out, did)
	}
	fmt.Fprintf(env.Out, "%d sources have marks: %d of %d deliveries and %d of %d kept calls had personal data and have pseudonyms in its place now.\n",
		did.Sources, did.Redacted, did.Deliveries, did.RedactedIn, did.Calls)
	if len(did.Left) > 0 {
		fmt.Fprintln(env.Out, "It is not done yet: the bytes that were overwritten are still in")
		for _, l := range did.Left {
			advise(env.Out, "  ", l.Where, l.Do)
		}
	}
	_, err := fmt.Fprintln(env.Out, "Backups, archived logs and standbys from before keep what was there; so do records and answers of runs from before the marks.")
	return err
}

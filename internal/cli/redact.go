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
}

// Run puts pseudonyms in the place of what sources mark as personal data today, in all that was stored before. Broken
// off, it can be begun again. On SQLite no server may be at work.
func (c redact) Run(ctx context.Context, env Environment) (err error) {
	db, err := app.OpenDatabase(ctx, c.options())
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
	if err := db.Scrub(ctx); err != nil {
		return err
	}
	did := redaction{Sources: len(picture.Doors), Deliveries: deliveries.Read, Redacted: deliveries.Changed, Calls: calls.Read, RedactedIn: calls.Changed}
	if c.JSON {
		return printJSON(env.Out, did)
	}
	_, err = fmt.Fprintf(env.Out, "%d sources have marks: %d of %d deliveries and %d of %d kept calls had personal data and have pseudonyms in its place now.\nBackups made before keep what was there; so do records and answers of runs from before the marks.\n",
		did.Sources, did.Redacted, did.Deliveries, did.RedactedIn, did.Calls)
	return err
}

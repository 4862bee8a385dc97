package execute

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Item reads a stored delivery for a program: the one way from what was kept to what a run, a run again, a trace or a
// trial sees. It passes the door of its source again, as that is now (nil: it has no marks), so that a mark holds for
// deliveries that were there before it.
func Item(d *pipeline.Delivery, door *pseudonym.Door) (value.Value, error) {
	stored, err := d.Kept().Value()
	if err != nil {
		return value.Null(), fmt.Errorf("the stored delivery %d cannot be read: %w", d.Number, err)
	}
	item, _ := door.Pass(stored)
	return item, nil
}

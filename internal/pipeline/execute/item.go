package execute

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Item reads a stored delivery for a program: the one way from what was kept to what a run, a run again, a trace or a
// trial sees.
func Item(d *pipeline.Delivery) (value.Value, error) {
	item, syntax := value.ParseJSON(d.Body, value.Limits{Bytes: len(d.Body) + 1})
	if syntax != nil {
		return value.Null(), fmt.Errorf("the stored delivery %d cannot be read: %w", d.Number, syntax)
	}
	return item, nil
}

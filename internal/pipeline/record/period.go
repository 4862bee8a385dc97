package record

import (
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Period is a state that lasts: an open deal, a shift. Without an end it is still open.
var Period = &Kind{
	Noun:   "period",
	Plural: "periods",
	Prefix: id.Period,
	Title:  "Period",
	When:   "starts_at",
	Fields: []Field{
		{Name: "period_type", Column: "period_type", Type: TextField, Required: true},
		{Name: "starts_at", Column: "starts_at", Type: MomentField, Required: true},
		{Name: "ends_at", Column: "ends_at", Type: MomentField},
		agentField,
		{Name: "value", Column: "value", Type: NumberField},
		contactField,
		projectField,
		segmentField,
	},
	Check: endsAfterStart,
}

// Places of the two fields that must agree.
const (
	periodStarts = 1
	periodEnds   = 2
)

// endsAfterStart looks at the period as it would stand, so also at an end that the record already had.
func endsAfterStart(values []value.Value) *run.DataError {
	starts, ends := values[periodStarts], values[periodEnds]
	if ends.IsNull() || ends.Micros() >= starts.Micros() {
		return nil
	}
	return &run.DataError{
		Code:    "ends_before_start",
		Field:   "ends_at",
		Value:   ends,
		Message: "The period would end at " + moment(ends) + ", before it starts at " + moment(starts) + ".",
		Remedy:  "Give an ends_at that is not before starts_at, or null while the period is open.",
	}
}

func moment(v value.Value) string {
	return time.UnixMicro(v.Micros()).UTC().Format("2006-01-02T15:04:05.999999Z")
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var now = &Expression{
	Entry: Entry{
		Name: "now", Group: Dates, Title: "Now",
		Help:      "When the delivery was received: the same for every item of a batch, in a re-run and in a replay.",
		Signature: types.Signature{Result: types.Moment, Nulls: types.NoNull},
		Examples:  []Example{{"now()", `"2025-12-10T18:00:00Z"`}},
	},
	Meaning: eager(func(f *run.Frame, _ []value.Value) (value.Value, *run.DataError) {
		return value.Moment(f.ReceivedAt()), nil
	}),
}

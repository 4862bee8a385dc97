package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var isEmpty = &Expression{
	Entry: Entry{
		Name: "is_empty", Group: Logic, Title: "Is empty",
		Help: "Whether a value is null, blank text, or a list or object with nothing in it. 0 and false are not empty.",
		Signature: types.Signature{
			Params: []types.Param{req("value", types.Something, "Any value, also a personal one.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.Absent,
		},
		Examples: []Example{{`is_empty("  ")`, "true"}, {"is_empty(0)", "false"}, {"is_empty(false)", "false"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return value.Bool(a[0].IsBlank()), nil
	}),
}

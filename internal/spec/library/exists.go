package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var exists = &Expression{
	Entry: Entry{
		Name: "exists", Group: Logic, Title: "Exists",
		Help: "Whether a value is there and not null.",
		Signature: types.Signature{
			Params: []types.Param{req("value", types.Something, "Any value, also a personal one.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.Present,
		},
		Examples: []Example{{"exists(0)", "true"}, {"exists(null)", "false"}, {`exists("")`, "true"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return value.Bool(!a[0].IsNull()), nil
	}),
}

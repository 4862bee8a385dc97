package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var isNull = &Expression{
	Entry: Entry{
		Name: "is_null", Group: Logic, Title: "Is null",
		Help: "Whether a value is not there, or null.",
		Signature: types.Signature{
			Params: []types.Param{req("value", types.Something, "Any value, also a personal one.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.Absent,
		},
		Examples: []Example{{`is_null("")`, "false"}, {"is_null(null)", "true"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return value.Bool(a[0].IsNull()), nil
	}),
}

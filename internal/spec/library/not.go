package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var not = &Expression{
	Entry: Entry{
		Name: "not", Group: Logic, Title: "Not",
		Help: "The opposite. Null counts as false.",
		Signature: types.Signature{
			Params: []types.Param{req("value", types.Bool, "A condition.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.Not,
		},
		Examples: []Example{{"not(null)", "true"}, {"not(true)", "false"}, {`not(event.word)`, "!wrong_kind"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return value.Bool(!a[0].Bool()), nil
	}),
}

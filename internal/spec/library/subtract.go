package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var subtract = &Expression{
	Entry: Entry{
		Name: "subtract", Group: Numbers, Title: "Subtract",
		Help: "Left minus right, exact.",
		Signature: types.Signature{
			Params: []types.Param{req("left", types.Num, "From what."), req("right", types.Num, "What is taken off.")},
			Result: types.Num,
		},
		Examples: []Example{{"subtract(1, 0.9)", "0.1"}, {"subtract(1, null)", "null"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return number(a[0].Decimal().Sub(a[1].Decimal()))
	}),
}

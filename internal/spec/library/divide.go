package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var divide = &Expression{
	Entry: Entry{
		Name: "divide", Group: Numbers, Title: "Divide",
		Help: "Rounded half-even at 12 decimals. Division by zero is an error.",
		Signature: types.Signature{
			Params: []types.Param{req("numerator", types.Num, "What is divided."), req("denominator", types.Num, "By what.")},
			Result: types.Num,
		},
		Examples: []Example{{"divide(2, 3)", "0.666666666667"}, {"divide(1, 0)", "!division_by_zero"}, {"divide(null, 0)", "null"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return number(a[0].Decimal().Div(a[1].Decimal()))
	}),
}

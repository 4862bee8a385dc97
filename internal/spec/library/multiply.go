package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var multiply = &Expression{
	Entry: Entry{
		Name: "multiply", Group: Numbers, Title: "Multiply",
		Help: "The product, rounded half-even at 20 decimals.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.Num, "Numbers.")},
			Result: types.Num,
		},
		Examples: []Example{{"multiply(19.99, 3)", "59.97"}, {"multiply(2, null)", "null"}, {"multiply(1e30, 1e30)", "!out_of_range"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		product := value.FromInt(1)
		var err error
		for _, n := range a {
			if product, err = product.Mul(n.Decimal()); err != nil {
				break
			}
		}
		return number(product, err)
	}),
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var sumOf = &Expression{
	Entry: Entry{
		Name: "sum_of", Group: Lists, Title: "Sum of",
		Help: "The sum of a number computed for each item, exact; nulls are left out.",
		Signature: types.Signature{
			Params: []types.Param{listParam(), itemVar(), {Name: "value", Type: types.Num, Required: true, Inner: true, Help: "Computed for each item."}},
			Result: types.Num, Nulls: types.NoNull,
		},
		Examples: []Example{{"sum_of(list(1, 2), x, x)", "3"}, {"sum_of(null, x, x)", "0"}},
	},
	Meaning: func(c *Call) run.Expr {
		each := &c.Args[2]
		return c.items(func(f *run.Frame, items []value.Value, bind func(value.Value)) (value.Value, *run.DataError) {
			var sum value.Decimal
			for _, item := range items {
				bind(item)
				v, err := each.eval(f)
				if err != nil {
					return v, err
				}
				added, failure := sum.Add(v.Decimal())
				if failure != nil {
					return number(added, failure)
				}
				sum = added
			}
			return value.Number(sum), nil
		})
	},
}

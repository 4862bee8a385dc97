package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var filter = &Expression{
	Entry: Entry{
		Name: "filter", Group: Lists, Title: "Filter",
		Help: "The items of a list for which a condition holds.",
		Signature: types.Signature{
			Params: []types.Param{listParam(), itemVar(), {Name: "where", Type: types.Bool, Required: true, Inner: true, Help: "A condition on each item."}},
			Result: types.ListOf(types.Var("T")), Nulls: types.AsGiven, Logic: types.Select,
		},
		Examples: []Example{{"filter(list(1, 2), x, greater_than(x, 1))", "[2]"}, {"filter(null, x, true)", "[]"}},
	},
	Meaning: func(c *Call) run.Expr {
		each := &c.Args[2]
		return c.items(func(f *run.Frame, items []value.Value, bind func(value.Value)) (value.Value, *run.DataError) {
			if err := f.ListRoom(len(items)); err != nil {
				return value.Null(), err
			}
			var kept []value.Value
			for _, item := range items {
				bind(item)
				v, err := each.eval(f)
				if err != nil {
					return v, err
				}
				if v.Bool() {
					kept = append(kept, item)
				}
			}
			return value.List(kept), nil
		})
	},
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var all = &Expression{
	Entry: Entry{
		Name: "all", Group: Lists, Title: "All",
		Help: "Whether a condition holds for every item. Stops at the first for which it does not; for an empty list it is true.",
		Signature: types.Signature{
			Params: []types.Param{listParam(), itemVar(), {Name: "where", Type: types.Bool, Required: true, Inner: true, Help: "A condition on each item."}},
			Result: types.Bool, Nulls: types.NoNull,
		},
		Examples: []Example{{"all(list(1, 2), x, less_than(x, 3))", "true"}, {"all(null, x, false)", "true"}},
	},
	Meaning: func(c *Call) run.Expr {
		each := &c.Args[2]
		return c.items(func(f *run.Frame, items []value.Value, bind func(value.Value)) (value.Value, *run.DataError) {
			for _, item := range items {
				bind(item)
				if v, err := each.eval(f); err != nil || !v.Bool() {
					return value.Bool(false), err
				}
			}
			return value.Bool(true), nil
		})
	},
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var anyExpression = &Expression{
	Entry: Entry{
		Name: "any", Group: Lists, Title: "Any",
		Help: "Whether a condition holds for one item at least. Stops at the first; an empty list has none.",
		Signature: types.Signature{
			Params: []types.Param{listParam(), itemVar(), {Name: "where", Type: types.Bool, Required: true, Inner: true, Help: "A condition on each item."}},
			Result: types.Bool, Nulls: types.NoNull,
		},
		Examples: []Example{{"any(list(1, 2), x, equals(x, 2))", "true"}, {"any(null, x, true)", "false"}},
	},
	Meaning: func(c *Call) run.Expr {
		each := &c.Args[2]
		return c.items(func(f *run.Frame, items []value.Value, bind func(value.Value)) (value.Value, *run.DataError) {
			for _, item := range items {
				bind(item)
				if v, err := each.eval(f); err != nil || v.Bool() {
					return v, err
				}
			}
			return value.Bool(false), nil
		})
	},
}

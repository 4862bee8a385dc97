package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var minimum = extreme("minimum", "Smallest", "The smallest number or earliest datetime.", -1,
	Example{"minimum(3, null, 2)", "2"}, Example{"minimum(null)", "null"}, Example{"minimum(1, event.word)", "!wrong_kind"})

// extreme declares minimum and maximum: sign is -1 and 1.
func extreme(name, title, help string, sign int, examples ...Example) *Expression {
	return &Expression{
		Entry: Entry{
			Name: name, Group: Numbers, Title: title,
			Help: help + " Nulls are left out; with nothing left it is null.",
			Signature: types.Signature{
				Params: []types.Param{many("arguments", comparable, "All numbers, or all datetimes.")},
				Result: comparable, Nulls: types.AsGiven,
				Infer: func(args []types.Arg) (types.Type, error) {
					t, err := types.Unify(argTypes(args)...)
					t.Optional = true
					for _, a := range args {
						t.Optional = t.Optional && a.Type.MayBeNull()
					}
					return t, err
				},
			},
			Examples: examples,
		},
		Meaning: func(c *Call) run.Expr {
			return c.eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
				var found value.Value
				for i, v := range a {
					if v.IsNull() {
						continue
					}
					if found.IsNull() {
						found = v
						continue
					}
					if err := alike(found, v, c.Rest[i].Pointer); err != nil {
						return value.Null(), err
					}
					if order(v, found) == sign {
						found = v
					}
				}
				return found, nil
			})
		},
	}
}

func argTypes(args []types.Arg) []types.Type {
	list := make([]types.Type, len(args))
	for i, a := range args {
		list[i] = a.Type
	}
	return list
}

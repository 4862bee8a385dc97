package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var coalesce = &Expression{
	Entry: Entry{
		Name: "coalesce", Group: Values, Title: "First filled in",
		Help: "The first that is not empty (null, blank text, an empty list); where all are, the last as it is.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.Var("T"), "Values of one type.")},
			Result: types.Var("T"), Nulls: types.AsGiven,
			Infer: func(args []types.Arg) (types.Type, error) {
				t, err := types.Unify(argTypes(args)...)
				t.Optional = args[len(args)-1].Type.MayBeNull()
				return t, err
			},
		},
		Examples: []Example{{`coalesce(null, "", "x")`, `"x"`}, {`coalesce(null, "")`, `""`}, {"coalesce(0, 1)", "0"}},
	},
	Meaning: func(c *Call) run.Expr {
		args := c.Rest
		return func(f *run.Frame) (v value.Value, err *run.DataError) {
			for i := range args {
				if v, err = args[i].eval(f); err != nil || !v.IsBlank() {
					return v, err
				}
			}
			return v, nil
		}
	},
}

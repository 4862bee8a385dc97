package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var and = &Expression{
	Entry: Entry{
		Name: "and", Group: Logic, Title: "And",
		Help: "True when all are. Stops at the first that is not; null counts as false.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.Bool, "Conditions.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.And,
		},
		Examples: []Example{{"and(true, null)", "false"}, {"and(true, equals(1, 1))", "true"}, {`and(false, event.word)`, "false"}},
	},
	Meaning: until(false),
}

// until evaluates booleans from the left and stops at the first that is what it looks for.
func until(found bool) func(*Call) run.Expr {
	return func(c *Call) run.Expr {
		args := c.Rest
		return func(f *run.Frame) (value.Value, *run.DataError) {
			for i := range args {
				v, err := args[i].eval(f)
				if err != nil {
					return v, err
				}
				if v.Bool() == found {
					return value.Bool(found), nil
				}
			}
			return value.Bool(!found), nil
		}
	}
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var ifExpression = &Expression{
	Entry: Entry{
		Name: "if", Group: Logic, Title: "If",
		Help: "One of two values, by a condition. Only that one is evaluated. Null counts as false.",
		Signature: types.Signature{
			Params: []types.Param{
				req("condition", types.Bool, "True or false."),
				{Name: "then", Type: types.Var("T"), Required: true, Given: "condition", Help: "The value when it is true."},
				{Name: "else", Type: types.Var("T"), Required: true, Given: "!condition", Help: "The value when it is not."},
			},
			Result: types.Var("T"), Nulls: types.AsGiven,
		},
		Examples: []Example{{"if(false, 1, 2)", "2"}, {"if(null, 1, null)", "null"}, {"if(true, 1, divide(1, 0))", "1"}},
	},
	Meaning: func(c *Call) run.Expr {
		condition, then, otherwise := &c.Args[0], &c.Args[1], &c.Args[2]
		return func(f *run.Frame) (value.Value, *run.DataError) {
			v, err := condition.eval(f)
			switch {
			case err != nil:
				return v, err
			case v.Bool():
				return then.eval(f)
			}
			return otherwise.eval(f)
		}
	},
}

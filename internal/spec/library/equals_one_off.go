package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var equalsOneOff = &Expression{
	Entry: Entry{
		Name: "equals_one_off", Group: Logic, Title: "Equals one of",
		Help: "Whether a value equals one of some others. Stops at the first that does.",
		Signature: types.Signature{
			Params: []types.Param{req("value", types.Plain, "What is looked for."), many("options", types.Plain, "What it may equal.")},
			Result: types.Bool, Nulls: types.NoNull,
		},
		Examples: []Example{{`equals_one_off("a", "b", "a")`, "true"}, {`equals_one_off(null, "", 0)`, "false"}},
	},
	Meaning: func(c *Call) run.Expr {
		wanted, options := &c.Args[0], c.Rest
		return func(f *run.Frame) (value.Value, *run.DataError) {
			v, err := wanted.eval(f)
			if err != nil {
				return v, err
			}
			for i := range options {
				option, err := options[i].eval(f)
				if err != nil {
					return option, err
				}
				if v.Equal(option) {
					return value.Bool(true), nil
				}
			}
			return value.Bool(false), nil
		}
	},
}

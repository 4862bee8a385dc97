package library

import (
	"github.com/dealwright/dealwright/internal/spec/types"
)

var or = &Expression{
	Entry: Entry{
		Name: "or", Group: Logic, Title: "Or",
		Help: "True when one of them is. Stops at the first that is; null counts as false.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.Bool, "Conditions.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.Or,
		},
		Examples: []Example{{"or(null, true)", "true"}, {"or(false, null)", "false"}},
	},
	Meaning: until(true),
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var first = &Expression{
	Entry: Entry{
		Name: "first", Group: Lists, Title: "First",
		Help: "The first item of a list; null where it is empty.",
		Signature: types.Signature{
			Params: []types.Param{req("list", types.ListOf(types.Var("T")), "The list.")},
			Result: types.Var("T").Maybe(), Nulls: types.AsGiven,
		},
		Examples: []Example{{"first(list(1, 2))", "1"}, {"first(null)", "null"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return a[0].At(0), nil
	}),
}

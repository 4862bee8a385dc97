package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var last = &Expression{
	Entry: Entry{
		Name: "last", Group: Lists, Title: "Last",
		Help: "The last item of a list; null where it is empty.",
		Signature: types.Signature{
			Params: []types.Param{req("list", types.ListOf(types.Var("T")), "The list.")},
			Result: types.Var("T").Maybe(), Nulls: types.AsGiven,
		},
		Examples: []Example{{"last(list(1, 2))", "2"}, {"last(null)", "null"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return a[0].At(a[0].Len() - 1), nil
	}),
}

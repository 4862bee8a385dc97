package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var list = &Expression{
	Entry: Entry{
		Name: "list", Group: Lists, Title: "List",
		Help: "Values as a list; nulls are kept.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.Var("T"), "Values of one type.")},
			Result: types.ListOf(types.Var("T")), Nulls: types.AsGiven,
		},
		Examples: []Example{{"list(1, 2)", "[1,2]"}, {"list(null)", "[null]"}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		if err := f.ListRoom(len(a)); err != nil {
			return value.Null(), err
		}
		return value.List(append([]value.Value(nil), a...)), nil
	}),
}

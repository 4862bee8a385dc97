package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var count = &Expression{
	Entry: Entry{
		Name: "count", Group: Lists, Title: "Count",
		Help: "How many items a list has; null has none.",
		Signature: types.Signature{
			Params: []types.Param{req("list", types.ListOf(types.Something), "The list.")},
			Result: types.Num, Nulls: types.NoNull,
		},
		Examples: []Example{{"count(null)", "0"}, {"count(list(1, null))", "2"}, {`count(event.word)`, "!wrong_kind"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return value.Int(int64(a[0].Len())), nil
	}),
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var listContains = &Expression{
	Entry: Entry{
		Name: "list_contains", Group: Lists, Title: "List contains",
		Help: "Whether an item of a list equals a value.",
		Signature: types.Signature{
			Params: []types.Param{req("list", types.ListOf(types.Plain), "The list."), req("value", types.Plain, "What is looked for.")},
			Result: types.Bool, Nulls: types.NoNull,
		},
		Examples: []Example{{`list_contains(list("a", "b"), "b")`, "true"}, {"list_contains(null, 1)", "false"}, {`list_contains(list("5"), 5)`, "true"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		for _, item := range a[0].Items() {
			if item.Equal(a[1]) {
				return value.Bool(true), nil
			}
		}
		return value.Bool(false), nil
	}),
}

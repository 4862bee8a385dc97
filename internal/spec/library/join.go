package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var join = &Expression{
	Entry: Entry{
		Name: "join", Group: Texts, Title: "Join a list",
		Help: "The texts and numbers of a list with a separator between them; nulls are left out.",
		Signature: types.Signature{
			Params: []types.Param{req("list", types.ListOf(types.ID), "Texts or numbers."), req("separator", types.Text, "What goes between them.")},
			Result: types.Text,
		},
		Examples: []Example{{`join(list("a", 2), ", ")`, `"a, 2"`}, {`join(null, ", ")`, `""`}, {`join(list("a", null, "b"), "")`, `"ab"`}, {`join(list(event.ready), "")`, "!wrong_kind"}},
	},
	Meaning: func(c *Call) run.Expr {
		list := &c.Args[0]
		ids := kindsOf(types.ID)
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			var b []byte
			parts := 0
			for _, item := range a[0].Items() {
				if item.IsNull() {
					continue
				}
				if !ids.have(item) {
					return value.Null(), at(list.Pointer, wrongKind(types.ID, item))
				}
				if parts++; parts > 1 {
					b = append(b, a[1].Text()...)
				}
				b = append(b, idText(item)...)
				if len(b) > run.MaxText {
					return value.Null(), f.Room(len(b))
				}
			}
			return f.Text(string(b))
		})
	},
}

package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var stringReplace = &Expression{
	Entry: Entry{
		Name: "string_replace", Group: Texts, Title: "Replace",
		Help: "Replaces all places of one text by another, exactly. A replacement that is null takes them out.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "The text."), req("search", types.Text, "What is replaced; empty: nothing."), req("replacement", types.Text, "What comes there.")},
			Result: types.Text, Nulls: types.AsGiven,
			Infer: func(args []types.Arg) (types.Type, error) {
				t := types.Text
				t.Optional = args[0].Type.MayBeNull() || args[1].Type.MayBeNull()
				return t, nil
			},
		},
		Examples: []Example{{`string_replace("a-b-c", "-", "")`, `"abc"`}, {`string_replace("a-b", "-", null)`, `"ab"`}, {`string_replace("ab", "", "x")`, `"ab"`}, {`string_replace(null, "a", "b")`, "null"}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		text, search, replacement := a[0].Text(), a[1].Text(), a[2].Text()
		if a[0].IsNull() || a[1].IsNull() {
			return value.Null(), nil
		}
		if search == "" {
			return a[0], nil
		}
		// The room is asked for before the text is made: a small text can become a huge one.
		if err := f.Room(len(text) + strings.Count(text, search)*(len(replacement)-len(search))); err != nil {
			return value.Null(), err
		}
		return value.Text(strings.ReplaceAll(text, search, replacement)), nil
	}),
}

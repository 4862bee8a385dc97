package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var stringBetween = &Expression{
	Entry: Entry{
		Name: "string_between", Group: Texts, Title: "Text between",
		Help: "What stands after the first start up to the next end. An empty marker is that end of the text. Null where it is not found.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "Where to look."), req("start", types.Text, "What stands before."), req("end", types.Text, "What stands behind.")},
			Result: types.Text.Maybe(),
		},
		Examples: []Example{{`string_between("a[b]c", "[", "]")`, `"b"`}, {`string_between("a[b", "[", "]")`, "null"}, {`string_between("a-b", "", "-")`, `"a"`}, {`string_between("a-b", "-", "")`, `"b"`}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		_, rest, ok := strings.Cut(a[0].Text(), a[1].Text())
		if !ok {
			return value.Null(), nil
		}
		if end := a[2].Text(); end != "" {
			if rest, _, ok = strings.Cut(rest, end); !ok {
				return value.Null(), nil
			}
		}
		return f.Text(rest)
	}),
}

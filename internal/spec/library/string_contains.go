package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var stringContains = &Expression{
	Entry: Entry{
		Name: "string_contains", Group: Texts, Title: "Contains",
		Help: "Whether a text has another one in it, exactly. With null it is false.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "Where to look."), req("needle", types.Text, "What to look for.")},
			Result: types.Bool, Nulls: types.NoNull,
		},
		Examples: []Example{{`string_contains("Deal won", "won")`, "true"}, {`string_contains("Deal won", "Won")`, "false"}, {`string_contains(null, "won")`, "false"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		if a[0].IsNull() || a[1].IsNull() {
			return value.Bool(false), nil
		}
		return value.Bool(strings.Contains(a[0].Text(), a[1].Text())), nil
	}),
}

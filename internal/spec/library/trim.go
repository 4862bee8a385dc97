package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var trim = &Expression{
	Entry: Entry{
		Name: "trim", Group: Texts, Title: "Trim",
		Help: "The text without the white space at both ends.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "The text.")},
			Result: types.Text,
		},
		Examples: []Example{{`trim("  a b ")`, `"a b"`}, {"trim(null)", "null"}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return f.Text(strings.TrimSpace(a[0].Text()))
	}),
}

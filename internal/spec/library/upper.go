package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var upper = &Expression{
	Entry: Entry{
		Name: "upper", Group: Texts, Title: "Capitals",
		Help: "The text in capitals, in any script.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "The text.")},
			Result: types.Text,
		},
		Examples: []Example{{`upper("één")`, `"ÉÉN"`}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return f.Text(strings.ToUpper(a[0].Text()))
	}),
}

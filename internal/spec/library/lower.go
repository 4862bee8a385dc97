package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var lower = &Expression{
	Entry: Entry{
		Name: "lower", Group: Texts, Title: "Small letters",
		Help: "The text in small letters, in any script.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "The text.")},
			Result: types.Text,
		},
		Examples: []Example{{`lower("ÉÉN")`, `"één"`}},
	},
	Meaning: eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return f.Text(strings.ToLower(a[0].Text()))
	}),
}

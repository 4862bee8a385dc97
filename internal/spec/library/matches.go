package library

import (
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var matches = &Expression{
	Entry: Entry{
		Name: "matches", Group: Texts, Title: "Matches a pattern",
		Help: "Whether a regular expression (RE2) is found anywhere in a text. With null it is false.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "The text."), literal(valid(req("pattern", types.Text, "The regular expression, at most 1,000 characters."), isPattern))},
			Result: types.Bool, Nulls: types.NoNull,
		},
		Examples: []Example{{`matches("AB-12", "^[A-Z]+-[0-9]+$")`, "true"}, {`matches("ab", "B")`, "false"}, {`matches(null, "B")`, "false"}},
	},
	Meaning: func(c *Call) run.Expr {
		var pattern *regexp.Regexp
		if c.Args[1].Literal != nil {
			pattern, _ = regexp.Compile(c.Args[1].Literal.Text()) // one that is no pattern matches nothing; the checker says so
		}
		return c.eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			return value.Bool(pattern != nil && !a[0].IsNull() && pattern.MatchString(a[0].Text())), nil
		})
	},
}

const maxPattern = 1000 // characters

func isPattern(v value.Value) error {
	if utf8.RuneCountInString(v.Text()) > maxPattern {
		return errors.New("a pattern has at most 1,000 characters")
	}
	if _, err := regexp.Compile(v.Text()); err != nil {
		return fmt.Errorf("this is no pattern: %w", err)
	}
	return nil
}

package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var implodeWithSpaces = &Expression{
	Entry: Entry{
		Name: "implode_with_spaces", Group: Texts, Title: "Join with spaces",
		Help: "Texts and numbers with a space between them, each trimmed, empty ones left out. Directly in a key no part may be empty.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.ID, "Texts or numbers.")},
			Result: types.Text, Nulls: types.NoNull,
		},
		Examples: []Example{{`implode_with_spaces(" Cas ", null, "Bos")`, `"Cas Bos"`}, {`implode_with_spaces(null, " ")`, `""`}, {`implode_with_spaces("nr", 7)`, `"nr 7"`}},
	},
	Meaning: func(c *Call) run.Expr { return implosion(c, false) },
	Key:     func(c *Call) run.Expr { return implosion(c, true) },
}

func implosion(c *Call, key bool) run.Expr {
	return c.eager(func(f *run.Frame, parts []value.Value) (value.Value, *run.DataError) {
		if key {
			if err := c.emptyPart(parts); err != nil {
				return value.Null(), err
			}
		}
		var buf [128]byte
		b := buf[:0]
		for _, part := range parts {
			start := len(b)
			if start > 0 {
				b = append(b, ' ')
			}
			if part.Kind() == value.KindNumber {
				b = part.Decimal().Append(b)
				continue
			}
			text := strings.TrimSpace(part.Text())
			if text == "" {
				b = b[:start]
				continue
			}
			b = append(b, text...)
			if len(b) > run.MaxText {
				return value.Null(), f.Room(len(b))
			}
		}
		return f.Text(string(b))
	})
}

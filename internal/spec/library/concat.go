package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var concat = &Expression{
	Entry: Entry{
		Name: "concat", Group: Texts, Title: "Join text",
		Help: "Texts and numbers one after the other; null is nothing. Directly in a key no part may be empty.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.ID, "Texts or numbers.")},
			Result: types.Text, Nulls: types.NoNull,
		},
		Examples: []Example{{`concat(12.50, null, "x")`, `"12.5x"`}, {"concat(null)", `""`}},
	},
	Meaning: func(c *Call) run.Expr { return concatenation(c, false) },
	Key:     func(c *Call) run.Expr { return concatenation(c, true) },
}

func concatenation(c *Call, key bool) run.Expr {
	return c.eager(func(f *run.Frame, parts []value.Value) (value.Value, *run.DataError) {
		if key {
			if err := c.emptyPart(parts); err != nil {
				return value.Null(), err
			}
		}
		var buf [128]byte
		b := buf[:0]
		for _, part := range parts {
			if part.Kind() == value.KindNumber {
				b = part.Decimal().Append(b)
			} else {
				b = append(b, part.Text()...)
			}
			if len(b) > run.MaxText {
				return value.Null(), f.Room(len(b))
			}
		}
		return f.Text(string(b))
	})
}

// emptyPart is the error of a key that would be built from nothing: all deliveries without that part would overwrite
// one record. A literal is meant as it is, and so is what an if chose.
func (c *Call) emptyPart(parts []value.Value) *run.DataError {
	for i, part := range parts {
		if c.Rest[i].Literal == nil && !c.Rest[i].Chosen && part.IsBlank() {
			return at(c.Rest[i].Pointer, run.Fail("missing_value", part,
				c.Rest[i].Formula+" is empty, and a key is never built from nothing",
				"Check that the sender fills it in; a part that may be missing is written with if(…)."))
		}
	}
	return nil
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var substring = &Expression{
	Entry: Entry{
		Name: "substring", Group: Texts, Title: "Part of a text",
		Help: "Characters from a place, counted from 0; below 0 from the end. What lies outside the text is empty.",
		Signature: types.Signature{
			Params: []types.Param{
				req("text", types.Text, "The text."),
				valid(req("start", types.Num, "The first character."), wholeNumber),
				valid(opt("length", types.Num, "How many; left out: all that follow."), wholeNumber),
			},
			Result: types.Text,
		},
		Examples: []Example{{`substring("abcdef", -2)`, `"ef"`}, {`substring("abcdef", 1, length=2)`, `"bc"`}, {`substring("één", 0, length=2)`, `"éé"`}, {`substring("abc", 5)`, `""`}, {`substring("abc", 0, length=-1)`, `""`}, {`substring("abc", event.half)`, "!out_of_range"}},
	},
	Meaning: func(c *Call) run.Expr {
		start, length := &c.Args[1], &c.Args[2]
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			from, err := whole(a[1], start.Pointer)
			if err != nil {
				return value.Null(), err
			}
			text := []rune(a[0].Text())
			size := int64(len(text))
			count := size
			if length.Eval != nil {
				if count, err = whole(a[2], length.Pointer); err != nil {
					return value.Null(), err
				}
			}
			if from < 0 {
				from += size
			}
			if from < 0 || from >= size || count <= 0 {
				return value.Text(""), nil
			}
			return f.Text(string(text[from : from+min(count, size-from)]))
		})
	},
}

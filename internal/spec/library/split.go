package library

import (
	"errors"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var split = &Expression{
	Entry: Entry{
		Name: "split", Group: Texts, Title: "Split",
		Help: "The parts of a text between separators, as a list. Of null or an empty text: an empty list.",
		Signature: types.Signature{
			Params: []types.Param{req("text", types.Text, "The text."), valid(req("separator", types.Text, "What stands between the parts."), notEmptyText)},
			Result: types.ListOf(types.Text), Nulls: types.AsGiven,
			Infer: func(args []types.Arg) (types.Type, error) { // no text is an empty list, no separator is null
				t := types.ListOf(types.Text)
				t.Optional = args[1].Type.MayBeNull()
				return t, nil
			},
		},
		Examples: []Example{{`split("a,b", ",")`, `["a","b"]`}, {`split("", ",")`, "[]"}, {`split(null, ",")`, "[]"}, {`split("a", trim(" "))`, "!out_of_range"}},
	},
	Meaning: func(c *Call) run.Expr {
		separator := &c.Args[1]
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			text := a[0].Text()
			switch {
			case a[1].IsNull():
				return value.Null(), nil
			case a[1].Text() == "":
				return value.Null(), at(separator.Pointer, run.Fail("out_of_range", a[1], "the separator is empty", "Say what stands between the parts."))
			case text == "":
				return value.List(nil), nil
			}
			if err := f.ListRoom(1 + strings.Count(text, a[1].Text())); err != nil {
				return value.Null(), err
			}
			if err := f.Room(len(text)); err != nil {
				return value.Null(), err
			}
			parts := strings.Split(text, a[1].Text())
			items := make([]value.Value, len(parts))
			for i, part := range parts {
				items[i] = value.Text(part)
			}
			return value.List(items), nil
		})
	},
}

func notEmptyText(v value.Value) error {
	if v.Kind() == value.KindText && v.Text() == "" {
		return errors.New("the separator is empty")
	}
	return nil
}

package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var formatNumber = &Expression{
	Entry: Entry{
		Name: "format_number", Group: Numbers, Title: "Write a number",
		Help: "A number as text, rounded half up. Without options all its digits and no zeros at the end.",
		Signature: types.Signature{
			Params: []types.Param{
				req("value", types.Num, "The number."),
				valid(opt("decimals", types.Num, "How many, 0 to 20; left out: as many as there are."), inDecimals(0)),
				opt("decimal", types.Text, "The decimal sign; a point if left out."),
				opt("group", types.Text, "What parts thousands; nothing if left out."),
			},
			Result: types.Text,
		},
		Examples: []Example{
			{`format_number(1234.5, decimals=2, decimal=",", group=".")`, `"1.234,50"`}, {"format_number(12.50)", `"12.5"`},
			{`format_number(-1234567, group=" ")`, `"-1 234 567"`}, {"format_number(2.5, decimals=0)", `"3"`},
		},
	},
	Meaning: func(c *Call) run.Expr {
		decimals, point := &c.Args[1], &c.Args[2]
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			text := a[0].Decimal().String()
			if decimals.Eval != nil {
				n, err := places(a[1], 0, decimals.Pointer)
				if err != nil {
					return value.Null(), err
				}
				fixed, failure := a[0].Decimal().Fixed(n)
				if failure != nil {
					return number(value.Decimal{}, failure)
				}
				text = fixed
			}
			sign := ""
			if rest, ok := strings.CutPrefix(text, "-"); ok {
				sign, text = "-", rest
			}
			whole, fraction, hasPoint := strings.Cut(text, ".")
			if err := f.Room(len(text) + len(a[2].Text()) + len(whole)/3*len(a[3].Text())); err != nil {
				return value.Null(), err
			}
			text = sign + grouped(whole, a[3].Text())
			if hasPoint {
				separator := "."
				if point.Eval != nil {
					separator = a[2].Text()
				}
				text += separator + fraction
			}
			return value.Text(text), nil
		})
	},
}

func grouped(whole, separator string) string {
	if separator == "" {
		return whole
	}
	first := len(whole) % 3
	var b strings.Builder
	b.WriteString(whole[:first])
	for i := first; i < len(whole); i += 3 {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(whole[i : i+3])
	}
	return b.String()
}

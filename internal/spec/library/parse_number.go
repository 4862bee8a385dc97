package library

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var parseNumber = &Expression{
	Entry: Entry{
		Name: "parse_number", Group: Numbers, Title: "Read a number",
		Help: "A number out of text, written like -12.50. With decimal also with thousands in threes. Unreadable: the default, else an error.",
		Signature: types.Signature{
			Params: []types.Param{
				req("text", types.ID, "Text, or a number already."),
				literal(word("decimal", "The decimal sign: a comma or a point. The other one, a space or an apostrophe may then part thousands.", ",", ".")),
				opt(fallback, types.Num, "The value where the text is no number."),
			},
			Result: types.Num,
		},
		Examples: []Example{
			{`parse_number("1.234,50", decimal=",")`, "1234.5"}, {`parse_number("-12.50")`, "-12.5"}, {"parse_number(7)", "7"},
			{`parse_number(" ")`, "null"}, {`parse_number("1,5")`, "!unreadable"}, {`parse_number("abc", default=0)`, "0"},
			{`parse_number("1 234", decimal=".")`, "1234"}, {`parse_number("1.23,5", decimal=",")`, "!unreadable"},
		},
	},
	Meaning: func(c *Call) run.Expr {
		decimal := ""
		if literal := c.Args[1].Literal; literal != nil {
			decimal = literal.Text()
		}
		orElse := &c.Args[2]
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			if a[0].Kind() == value.KindNumber {
				return a[0], nil
			}
			text := strings.TrimSpace(a[0].Text())
			if text == "" {
				return value.Null(), nil
			}
			plain, ok := plainNumber(text, decimal)
			d, err := value.ParseDecimal(plain)
			if !ok || err != nil {
				if orElse.Eval != nil {
					return a[2], nil
				}
				return value.Null(), run.Fail("unreadable", a[0], Preview(a[0])+" is no number"+asNumbers(decimal), "Check what the sender puts here, or give a default.")
			}
			if !d.InRange() {
				return value.Null(), run.Fail("out_of_range", a[0], "the number "+Preview(a[0])+" has more than 38 digits before the point", "Keep it as text if it is an id.")
			}
			return value.Number(d), nil
		})
	},
}

// fallback is the parameter whose null is a value, not something missing.
const fallback = "default"

func asNumbers(decimal string) string {
	if decimal == "" {
		return ` as -12.50 is; for other ways of writing give decimal="," or "."`
	}
	return fmt.Sprintf(" with %q as its decimal sign", decimal)
}

// plainNumber gives the number as JSON writes it (zeros at the start, which people write, taken off).
func plainNumber(text, decimal string) (string, bool) {
	sign := ""
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, text = "-", rest
	}
	point := "."
	if decimal != "" {
		point = decimal
	}
	whole, fraction, hasPoint := strings.Cut(text, point)
	if decimal != "" {
		var ok bool
		if whole, ok = withoutThousands(whole, decimal); !ok {
			return "", false
		}
	}
	if !allDigits(whole) || hasPoint && !allDigits(fraction) {
		return "", false
	}
	whole = strings.TrimLeft(whole, "0")
	if whole == "" {
		whole = "0"
	}
	if hasPoint {
		return sign + whole + "." + fraction, true
	}
	return sign + whole, true
}

// withoutThousands takes out separators between groups of three digits: all the same one, and all groups full but
// the first.
func withoutThousands(whole, decimal string) (string, bool) {
	i := strings.IndexFunc(whole, func(c rune) bool { return c < '0' || c > '9' })
	if i < 0 {
		return whole, true
	}
	separator, size := utf8.DecodeRuneInString(whole[i:])
	switch separator {
	case ' ', '\u00a0', '\u202f', '\'', '’':
	case '.', ',':
		if string(separator) == decimal {
			return "", false
		}
	default:
		return "", false
	}
	groups := strings.Split(whole, whole[i:i+size])
	for n, group := range groups {
		if !allDigits(group) || n > 0 && len(group) != 3 || n == 0 && len(group) > 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

package library

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var pseudonym = &Expression{
	Entry: Entry{
		Name: "pseudonym", Group: Personal, Title: "Pseudonym",
		Help: "A name that always stands for the same person or thing, and from which nobody can tell who it is. Of a marked value it is what the door put there.",
		Signature: types.Signature{
			Params: []types.Param{
				req("value", types.Type{Kind: types.OneOf, Among: []types.Kind{types.Personal, types.String, types.Number, types.Boolean}}, "A personal value, text, number or boolean."),
				unmarked("value", literal(word("kind", "How an unmarked value is brought into one form first; text if left out.", types.PersonalKinds...))),
			},
			Result: types.Text,
		},
		Examples: []Example{{`pseudonym("Jan@Example.test ", kind="email")`, `"psn(jan@example.test)"`}, {`pseudonym(" ")`, "null"}},
	},
	Meaning: func(c *Call) run.Expr {
		kind := "text"
		if literal := c.Args[1].Literal; literal != nil {
			kind = literal.Text()
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			if a[0].Kind() == value.KindPseudonym {
				return value.Text(a[0].Text()), nil
			}
			text := idText(a[0])
			if a[0].Kind() == value.KindBool {
				text = a[0].String()
			}
			text = OneForm(kind, f.Country(), text)
			if text == "" {
				return value.Null(), nil
			}
			return f.Pseudonym(kind, text)
		})
	},
}

// OneForm brings a value into the form of its kind, so that the same person has one pseudonym however they are written
// (section 7). Country is the calling code of telephone numbers that have none, "+31" where nothing is given. Text that
// has a form already is left as it is.
func OneForm(kind, country, text string) string {
	text = strings.TrimSpace(norm.NFC.String(text))
	switch kind {
	case "email":
		return strings.ToLower(text)
	case "phone":
		return onePhone(text, country)
	case "name", "address":
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	case "postcode":
		return strings.Join(strings.Fields(strings.ToUpper(text)), "")
	case "date":
		if local, _, ok := readLocal(text); ok {
			return local.date()
		}
	}
	return text
}

// onePhone gives digits with the country in front: 06-12 34 56 78 and +31 (0)6 12345678 are one number.
func onePhone(text, country string) string {
	text = strings.ReplaceAll(text, "(0)", "")
	var b strings.Builder
	for _, c := range text {
		if c >= '0' && c <= '9' || c == '+' && b.Len() == 0 {
			b.WriteRune(c)
		}
	}
	number := b.String()
	if country == "" {
		country = "+31"
	}
	switch {
	case strings.HasPrefix(number, "00"):
		return "+" + number[2:]
	case strings.HasPrefix(number, "0"):
		return country + number[1:]
	case number == "+":
		return ""
	}
	return number
}

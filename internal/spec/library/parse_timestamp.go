package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var parseTimestamp = &Expression{
	Entry: Entry{
		Name: "parse_timestamp", Group: Dates, Title: "Read a timestamp",
		Help: "A datetime out of a count of seconds, milliseconds or microseconds since 1970. Without a unit it is told from the size.",
		Signature: types.Signature{
			Params: []types.Param{
				req("number", types.ID, "A number, or text with one."),
				literal(word("unit", "What it counts.", "seconds", "milliseconds", "microseconds")),
				opt(fallback, types.Moment, "The value where the text is no number."),
			},
			Result: types.Moment,
		},
		Examples: []Example{
			{`parse_timestamp("1765389600")`, `"2025-12-10T18:00:00Z"`},
			{`parse_timestamp(1765389600123)`, `"2025-12-10T18:00:00.123Z"`},
			{`parse_timestamp(1765389600123456, unit="microseconds")`, `"2025-12-10T18:00:00.123456Z"`},
			{`parse_timestamp(1765389600123456)`, "!out_of_range"},
			{`parse_timestamp("soon")`, "!unreadable"},
			{`parse_timestamp("")`, "null"},
			{`parse_timestamp(1.5)`, `"1970-01-01T00:00:01.5Z"`},
		},
	},
	Meaning: func(c *Call) run.Expr {
		unit, orElse := "", &c.Args[2]
		if literal := c.Args[1].Literal; literal != nil {
			unit = literal.Text()
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			n := a[0].Decimal()
			if a[0].Kind() == value.KindText {
				text := strings.TrimSpace(a[0].Text())
				if text == "" {
					return value.Null(), nil
				}
				plain, ok := plainNumber(text, "")
				read, err := value.ParseDecimal(plain)
				if !ok || err != nil {
					if orElse.Eval != nil {
						return a[2], nil
					}
					return value.Null(), run.Fail("unreadable", a[0], Preview(a[0])+" is no number", "Check what the sender puts here, or give a default.")
				}
				n = read
			}
			counts := unit
			if counts == "" {
				if counts = guessUnit(n); counts == "" {
					return value.Null(), run.Fail("out_of_range", a[0], Preview(a[0])+" is too large to tell seconds from milliseconds", `Say what it counts: unit="microseconds".`)
				}
				f.Remark("unit_guessed", "read as "+counts+", from its size")
			}
			micros, ok := scaled(n, elapsed[counts])
			if !ok {
				return value.Null(), run.Fail("out_of_range", a[0], Preview(a[0])+" is outside the years 1 to 9999", "Check the unit.")
			}
			return datetime(micros)
		})
	},
}

// guessUnit tells what a timestamp counts by its size: seconds below 10^11, milliseconds below 10^14.
func guessUnit(n value.Decimal) string {
	if n.Sign() < 0 {
		n = n.Neg()
	}
	switch {
	case n.Cmp(value.FromInt(1e11)) < 0:
		return "seconds"
	case n.Cmp(value.FromInt(1e14)) < 0:
		return "milliseconds"
	}
	return ""
}

// scaled gives n × unit as whole microseconds, finer ones cut off; not ok where that is outside all datetimes.
func scaled(n value.Decimal, unit int64) (int64, bool) {
	product, err := n.Mul(value.FromInt(unit))
	if err != nil {
		return 0, false
	}
	if product, err = product.Round(0, value.Floor); err != nil {
		return 0, false
	}
	micros, ok := product.Int64()
	return micros, ok
}

// elapsed has the microseconds of the units that are always as long.
var elapsed = map[string]int64{
	"microseconds": 1, "milliseconds": 1000, "seconds": second, "minutes": minute, "hours": hour, "days": day,
}

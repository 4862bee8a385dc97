package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var datetimeAdd = &Expression{
	Entry: Entry{
		Name: "datetime_add", Group: Dates, Title: "Add to a datetime",
		Help: "Milliseconds to hours move the instant; days, weeks, months and years are whole and keep the local time. A day that a month lacks becomes its last.",
		Signature: types.Signature{
			Params: []types.Param{
				req("datetime", types.Moment, "From when."), req("amount", types.Num, "How many; below 0 goes back."),
				must(literal(word("unit", "Of what.", "milliseconds", "seconds", "minutes", "hours", "days", "weeks", "months", "years"))),
				zoneParam(),
			},
			Result: types.Moment,
		},
		Examples: []Example{
			{`datetime_add(parse_datetime("2026-01-31"), 1, "months")`, `"2026-02-28T05:00:00Z"`},
			{`datetime_add(parse_datetime("2026-03-28 12:00"), 1, "days")`, `"2026-03-29T10:00:00Z"`},
			{`datetime_add(parse_datetime("2026-03-28 12:00"), 24, "hours")`, `"2026-03-29T11:00:00Z"`},
			{`datetime_add(parse_datetime("2026-01-01"), 0.5, "days")`, "!out_of_range"},
			{`datetime_add(parse_datetime("2026-01-01"), 1000000, "years")`, "!out_of_range"},
		},
	},
	Meaning: func(c *Call) run.Expr {
		unit, amount, zone := "", &c.Args[1], &c.Args[3]
		if literal := c.Args[2].Literal; literal != nil {
			unit = literal.Text()
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			if unit != "days" {
				if size, ok := elapsed[unit]; ok {
					micros, ok := scaled(a[1].Decimal(), size)
					if !ok || micros > value.MaxMoment-value.MinMoment || micros < value.MinMoment-value.MaxMoment {
						return value.Null(), run.Fail("out_of_range", a[1], "the result is outside the years 1 to 9999", "Check the values that go in.")
					}
					return datetime(a[0].Micros() + micros)
				}
			}
			n, err := whole(a[1], amount.Pointer)
			if err != nil {
				return value.Null(), err
			}
			const mostDays = 10_000 * 366
			if n > mostDays || n < -mostDays {
				return value.Null(), run.Fail("out_of_range", a[1], "the result is outside the years 1 to 9999", "Check the values that go in.")
			}
			loc, err := zoneOf(f, a[3], zone.Pointer)
			if err != nil {
				return value.Null(), err
			}
			l := localAt(a[0].Micros(), loc)
			switch unit {
			case "days":
				l = fromWall(l.wall() + n*day)
			case "weeks":
				l = fromWall(l.wall() + 7*n*day)
			case "months":
				l = l.addMonths(n)
			default:
				l = l.addMonths(12 * n)
			}
			if l.year < 1 || l.year > 9999 {
				return value.Null(), run.Fail("out_of_range", a[1], "the result is outside the years 1 to 9999", "Check the values that go in.")
			}
			return l.moment(f, loc)
		})
	},
}

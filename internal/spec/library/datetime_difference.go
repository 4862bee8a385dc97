package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var datetimeDifference = &Expression{
	Entry: Entry{
		Name: "datetime_difference", Group: Dates, Title: "Difference of datetimes",
		Help: "How long from one to the other; below 0 where the second is earlier. In seconds, unless unit says otherwise; calendar_days, months and years count on the calendar of the zone.",
		Signature: types.Signature{
			Params: []types.Param{
				req("from", types.Moment, "From when."), req("to", types.Moment, "Until when."),
				literal(word("unit", "What is counted.", "milliseconds", "seconds", "minutes", "hours", "days", "calendar_days", "months", "years")),
				zoneParam(),
			},
			Result: types.Num,
		},
		Examples: []Example{
			{`datetime_difference(parse_timestamp(0), parse_timestamp(90), unit="minutes")`, "1.5"},
			{`datetime_difference(parse_timestamp(90), parse_timestamp(0))`, "-90"},
			{`datetime_difference(parse_datetime("2026-03-28 23:30"), parse_datetime("2026-03-29 00:30"), unit="calendar_days")`, "1"},
			{`datetime_difference(parse_datetime("2026-01-31"), parse_datetime("2026-02-28"), unit="months")`, "0"},
			{`datetime_difference(parse_datetime("2024-02-29"), parse_datetime("2026-02-28"), unit="years")`, "1"},
			{`datetime_difference(parse_timestamp(0), parse_timestamp(100), unit="hours")`, "0.027777777778"},
		},
	},
	Meaning: func(c *Call) run.Expr {
		unit, zone := "seconds", &c.Args[3]
		if literal := c.Args[2].Literal; literal != nil {
			unit = literal.Text()
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			from, to := a[0].Micros(), a[1].Micros()
			if size, ok := elapsed[unit]; ok {
				return number(value.FromInt(to - from).Div(value.FromInt(size)))
			}
			loc, err := zoneOf(f, a[3], zone.Pointer)
			if err != nil {
				return value.Null(), err
			}
			start, end := localAt(from, loc), localAt(to, loc)
			switch unit {
			case "calendar_days":
				return value.Int(daysTo(end.year, end.month, end.day) - daysTo(start.year, start.month, start.day)), nil
			case "years":
				return value.Int(wholeMonths(start, end) / 12), nil
			}
			return value.Int(wholeMonths(start, end)), nil
		})
	},
}

// wholeMonths counts the months that have passed in full, towards zero.
func wholeMonths(start, end local) int64 {
	if end.wall() < start.wall() {
		return -wholeMonths(end, start)
	}
	months := int64(end.year-start.year)*12 + int64(end.month-start.month)
	startIn, endIn := start, end
	startIn.year, startIn.month, endIn.year, endIn.month = 2000, 1, 2000, 1
	if endIn.wall() < startIn.wall() {
		months--
	}
	return months
}

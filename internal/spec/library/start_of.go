package library

import (
	"time"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var startOf = &Expression{
	Entry: Entry{
		Name: "start_of", Group: Dates, Title: "Start of",
		Help: "The first instant, in the zone, of the hour, day, week (from Monday), month, quarter or year that a datetime is in.",
		Signature: types.Signature{
			Params: []types.Param{
				req("datetime", types.Moment, "When."),
				must(literal(word("unit", "Of what.", "hour", "day", "week", "month", "quarter", "year"))),
				zoneParam(),
			},
			Result: types.Moment,
		},
		Examples: []Example{
			{`start_of(parse_datetime("2025-12-10"), "day")`, `"2025-12-09T23:00:00Z"`},
			{`start_of(parse_datetime("2025-12-10"), "week")`, `"2025-12-07T23:00:00Z"`},
			{`start_of(parse_datetime("2025-12-10"), "quarter")`, `"2025-09-30T22:00:00Z"`},
			{`start_of(parse_datetime("2026-10-25T01:30:00Z"), "hour")`, `"2026-10-25T01:00:00Z"`},
		},
	},
	Meaning: func(c *Call) run.Expr {
		unit, zone := "", &c.Args[2]
		if literal := c.Args[1].Literal; literal != nil {
			unit = literal.Text()
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			loc, err := zoneOf(f, a[2], zone.Pointer)
			if err != nil {
				return value.Null(), err
			}
			return datetime(startOfUnit(a[0].Micros(), unit, loc))
		})
	},
}

func startOfUnit(micros int64, unit string, loc *time.Location) int64 {
	l := localAt(micros, loc)
	if unit == "hour" {
		// An hour that comes twice has two starts: the one before this instant counts.
		into := int64(l.minute)*minute + int64(l.second)*second + int64(l.micros)
		return micros - into
	}
	start := local{year: l.year, month: l.month, day: l.day}
	switch unit {
	case "week":
		start = fromWall(start.wall() - int64(l.weekday())*day)
	case "month":
		start.day = 1
	case "quarter":
		start.month, start.day = (l.month-1)/3*3+1, 1
	case "year":
		start.month, start.day = 1, 1
	}
	at, changed := start.instant(loc)
	if changed == skipped {
		// Midnight itself was skipped: the day begins when the clock jumps.
		jump, _ := time.UnixMicro(at).In(loc).ZoneBounds()
		at = jump.UnixMicro()
	}
	return at
}

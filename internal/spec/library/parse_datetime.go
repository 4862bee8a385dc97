package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var parseDatetime = &Expression{
	Entry: Entry{
		Name: "parse_datetime", Group: Dates, Title: "Read a datetime",
		Help: "A datetime out of text: 2025-12-10, alone or with a time and an offset, or as format says. Without a time it is 06:00:00; without an offset it is in the zone. Unreadable: the default, else an error.",
		Signature: types.Signature{
			Params: []types.Param{
				req("text", types.Text, "The text."),
				valid(opt("format", types.Text, "How it is written: DD-MM-YYYY HH:mm."), isReadable),
				zoneParam(),
				opt(fallback, types.Moment, "The value where the text is no datetime."),
			},
			Result: types.Moment,
		},
		Examples: []Example{
			{`parse_datetime("2025-07-01")`, `"2025-07-01T04:00:00Z"`},
			{`parse_datetime("2025-12-10 19:00:00")`, `"2025-12-10T18:00:00Z"`},
			{`parse_datetime("2025-12-10T19:00:00.1234567+01:00")`, `"2025-12-10T18:00:00.123456Z"`},
			{`parse_datetime("10-12-2025")`, "!unreadable"},
			{`parse_datetime("10-12-2025 7:05 pm", format="DD-MM-YYYY h:mm A")`, `"2025-12-10T18:05:00Z"`},
			{`parse_datetime("2026-03-29 02:30")`, `"2026-03-29T01:30:00Z"`},
			{`parse_datetime("2026-10-25 02:30")`, `"2026-10-25T00:30:00Z"`},
			{`parse_datetime("2025-07-01 12:00", zone="America/New_York")`, `"2025-07-01T16:00:00Z"`},
			{`parse_datetime("0000-00-00 00:00:00")`, "null"},
			{`parse_datetime("soon", default=null)`, "null"},
			{`parse_datetime("2025-02-30")`, "!unreadable"},
		},
	},
	Meaning: func(c *Call) run.Expr {
		format, zone, orElse := &c.Args[1], &c.Args[2], &c.Args[3]
		var known []token
		if format.Literal != nil {
			known = layout(format.Literal.Text())
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			text := strings.TrimSpace(a[0].Text())
			if text == "" || strings.HasPrefix(text, "0000-00-00") {
				return value.Null(), nil
			}
			loc, err := zoneOf(f, a[2], zone.Pointer)
			if err != nil {
				return value.Null(), err
			}
			list := known
			if list == nil && format.Eval != nil {
				list = layout(a[1].Text())
				if failure := readable(list); failure != nil {
					return value.Null(), at(format.Pointer, run.Fail("out_of_range", a[1], failure.Error(), "Mend the format."))
				}
			}
			var l local
			var r reading
			var ok bool
			if list == nil {
				l, r, ok = readLocal(text)
			} else {
				l, r, ok = read(list, text)
			}
			if !ok {
				if orElse.Eval != nil {
					return a[3], nil
				}
				return value.Null(), unreadableDate(a[0], l, r, list != nil)
			}
			if r.dateOnly {
				f.Remark("date_only", "the text has no time; it is 06:00:00")
			}
			if r.hasOffset {
				return datetime(l.wall() - r.offset)
			}
			if zone.Eval == nil {
				f.Remark("zone_assumed", "the text has no zone; it is "+loc.String())
			}
			return l.moment(f, loc)
		})
	},
}

// unreadableDate tells why text is no datetime; where all of it could be read, what no calendar or clock shows.
func unreadableDate(v value.Value, l local, r reading, formatted bool) *run.DataError {
	if wrong := l.wrong(); r.whole && wrong != "" {
		return run.Fail("unreadable", v, Preview(v)+" is no datetime: "+wrong, "Have the sender mend it, say how it is written (`format`), or give a default.")
	}
	if formatted {
		return run.Fail("unreadable", v, Preview(v)+" is not written as the format says", "Mend the format, or give a default.")
	}
	return run.Fail("unreadable", v, Preview(v)+" is no datetime: it is read as 2025-12-10 or 2025-12-10 19:00:00", `Say how it is written, format="DD-MM-YYYY", or give a default.`)
}

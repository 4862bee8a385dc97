package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var formatDatetime = &Expression{
	Entry: Entry{
		Name: "format_datetime", Group: Dates, Title: "Write a datetime",
		Help: "A datetime as text, in the zone: YYYY MM DD HH mm ss, MMM and ddd in English, GGGG-[W]WW for ISO weeks; text in brackets stays as it is.",
		Signature: types.Signature{
			Params: []types.Param{req("datetime", types.Moment, "When."), req("format", types.Text, "How it is written."), zoneParam()},
			Result: types.Text,
		},
		Examples: []Example{
			{`format_datetime(parse_datetime("2025-12-10"), "GGGG-[W]WW")`, `"2025-W50"`},
			{`format_datetime(parse_datetime("2026-01-01 13:05:09"), "dddd D MMMM YY, h:mm A Z")`, `"Thursday 1 January 26, 1:05 PM +01:00"`},
			{`format_datetime(parse_datetime("2027-01-01"), "GGGG-WW SSS")`, `"2026-53 000"`},
		},
	},
	Meaning: func(c *Call) run.Expr {
		format, zone := &c.Args[1], &c.Args[2]
		var known []token
		if format.Literal != nil {
			known = layout(format.Literal.Text())
		}
		return c.eager(func(f *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			loc, err := zoneOf(f, a[2], zone.Pointer)
			if err != nil {
				return value.Null(), err
			}
			list := known
			if format.Literal == nil {
				list = layout(a[1].Text())
			}
			offset := offsetAt(loc, a[0].Micros())
			return f.Text(write(list, fromWall(a[0].Micros()+offset), offset))
		})
	},
}

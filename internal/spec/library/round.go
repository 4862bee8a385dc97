package library

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var round = &Expression{
	Entry: Entry{
		Name: "round", Group: Numbers, Title: "Round",
		Help: "To a number of decimals, 0 if left out; below 0 to tens, hundreds and so on. Halves go away from zero, unless mode says otherwise.",
		Signature: types.Signature{
			Params: []types.Param{
				req("value", types.Num, "The number."),
				valid(opt("decimals", types.Num, "From -20 to 20."), inDecimals(-value.MaxScale)),
				literal(word("mode", "half_up (away from zero), half_even, floor or ceiling.", "half_up", "half_even", "floor", "ceiling")),
			},
			Result: types.Num,
		},
		Examples: []Example{{"round(2.345, decimals=2)", "2.35"}, {"round(-2.5)", "-3"}, {`round(2.5, mode="half_even")`, "2"}, {"round(1250, decimals=-2)", "1300"}, {`round(-2.1, mode="floor")`, "-3"}, {"round(1, decimals=event.many)", "!out_of_range"}},
	},
	Meaning: func(c *Call) run.Expr {
		decimals := &c.Args[1]
		mode := value.HalfUp
		if literal := c.Args[2].Literal; literal != nil {
			mode = roundings[literal.Text()]
		}
		return c.eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
			places, err := places(a[1], -value.MaxScale, decimals.Pointer)
			if err != nil {
				return value.Null(), err
			}
			return number(a[0].Decimal().Round(places, mode))
		})
	},
}

var roundings = map[string]value.Rounding{
	"half_up": value.HalfUp, "half_even": value.HalfEven, "floor": value.Floor, "ceiling": value.Ceiling,
}

// places reads a number of decimals; null is 0.
func places(v value.Value, least int, pointer string) (int, *run.DataError) {
	if v.IsNull() {
		return 0, nil
	}
	if err := inDecimals(least)(v); err != nil {
		return 0, at(pointer, run.Fail("out_of_range", v, err.Error(), "Give a whole number in that range."))
	}
	n, _ := v.Decimal().Int64()
	return int(n), nil
}

func inDecimals(least int) func(value.Value) error {
	return func(v value.Value) error {
		n, ok := v.Decimal().Int64()
		if v.Kind() == value.KindNumber && (!ok || n < int64(least) || n > value.MaxScale) {
			return fmt.Errorf("decimals are a whole number from %d to %d, not %s", least, value.MaxScale, Preview(v))
		}
		return nil
	}
}

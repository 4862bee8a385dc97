package library

import (
	"cmp"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var greaterThan = comparison("greater_than", "Greater than",
	"Whether the left one is greater, or later.",
	func(order int) bool { return order > 0 },
	Example{"greater_than(2, 10)", "false"}, Example{"greater_than(null, 1)", "false"}, Example{`greater_than(event.word, 1)`, "!wrong_kind"})

// comparable is two numbers or two datetimes.
var comparable = types.Var("T", types.Number, types.Datetime)

func comparison(name, title, help string, holds func(order int) bool, examples ...Example) *Expression {
	return &Expression{
		Entry: Entry{
			Name: name, Group: Logic, Title: title,
			Help: help + " Two numbers or two datetimes; with null it is false.",
			Signature: types.Signature{
				Params: []types.Param{req("left", comparable, "One value."), req("right", comparable, "The other.")},
				Result: types.Bool, Nulls: types.NoNull,
			},
			Examples: examples,
		},
		Meaning: func(c *Call) run.Expr {
			right := &c.Args[1]
			return c.eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
				if a[0].IsNull() || a[1].IsNull() {
					return value.Bool(false), nil
				}
				if err := alike(a[0], a[1], right.Pointer); err != nil {
					return value.Null(), err
				}
				return value.Bool(holds(order(a[0], a[1]))), nil
			})
		},
	}
}

// alike refuses a number beside a datetime.
func alike(a, b value.Value, pointer string) *run.DataError {
	if a.Kind() == b.Kind() {
		return nil
	}
	return at(pointer, run.Fail("wrong_kind", b, Preview(b)+" is "+b.Kind().String()+", and is compared with "+a.Kind().String(), "Compare two numbers or two datetimes."))
}

// order compares two numbers or two datetimes.
func order(a, b value.Value) int {
	if a.Kind() == value.KindMoment {
		return cmp.Compare(a.Micros(), b.Micros())
	}
	return a.Decimal().Cmp(b.Decimal())
}

package library

import (
	"errors"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var sum = &Expression{
	Entry: Entry{
		Name: "sum", Group: Numbers, Title: "Sum",
		Help: "The sum, exact. Nulls are left out; with nothing left it is 0.",
		Signature: types.Signature{
			Params: []types.Param{many("arguments", types.Num, "Numbers.")},
			Result: types.Num, Nulls: types.NoNull,
		},
		Examples: []Example{{"sum(0.1, null, 0.2)", "0.3"}, {"sum(null)", "0"}, {`sum(event.word)`, "!wrong_kind"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return total(a)
	}),
}

// total adds numbers up; null is nothing.
func total(numbers []value.Value) (value.Value, *run.DataError) {
	var t value.Decimal
	for _, n := range numbers {
		var err error
		if t, err = t.Add(n.Decimal()); err != nil {
			return number(t, err)
		}
	}
	return value.Number(t), nil
}

// number is the result of arithmetic, or what went wrong with it.
func number(d value.Decimal, err error) (value.Value, *run.DataError) {
	switch {
	case err == nil:
		return value.Number(d), nil
	case errors.Is(err, value.ErrDivisionByZero):
		return value.Null(), run.Fail("division_by_zero", value.Int(0), "the denominator is 0", "Test it first: if(equals(…, 0), …, divide(…)).")
	}
	return value.Null(), run.Fail("out_of_range", value.Null(), err.Error(), "Check the numbers that go in.")
}

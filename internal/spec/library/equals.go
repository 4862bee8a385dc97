package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var equals = &Expression{
	Entry: Entry{
		Name: "equals", Group: Logic, Title: "Equals",
		Help: "Whether two values are equal. A number equals the text it is written as; null equals only null.",
		Signature: types.Signature{
			Params: []types.Param{req("left", types.Plain, "One value."), req("right", types.Plain, "The other.")},
			Result: types.Bool, Nulls: types.NoNull, Logic: types.Equal,
		},
		Examples: []Example{{`equals(5, "5")`, "true"}, {`equals(5, "5.0")`, "false"}, {"equals(null, null)", "true"}, {`equals(null, "")`, "false"}},
	},
	Meaning: eager(func(_ *run.Frame, a []value.Value) (value.Value, *run.DataError) {
		return value.Bool(a[0].Equal(a[1])), nil
	}),
}

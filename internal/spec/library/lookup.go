package library

import (
	"errors"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var lookup = &Expression{
	Entry: Entry{
		Name: "lookup", Group: Values, Title: "Look up",
		Help: "The row of a table (a constant) for a value, by its exact text. No row, or null: the default, else null.",
		Signature: types.Signature{
			Params: []types.Param{
				req("value", types.Var("K", types.String, types.Number, types.Boolean), "What is looked for."),
				req("table", types.TableOf(types.Var("V")), "A constant of a table type."),
				opt("default", types.Var("V"), "The value where there is no row."),
			},
			Result: types.Var("V"), Nulls: types.AsGiven,
			Infer: func(args []types.Arg) (types.Type, error) {
				if args[1].Type.Kind == types.Null {
					return types.Broken, errors.New("the table is null, so there is nothing to look in")
				}
				t := types.Broken
				if args[1].Type.Elem != nil {
					t = *args[1].Type.Elem
				}
				if args[2].Given {
					return types.Unify(t, args[2].Type)
				}
				return t.Maybe(), nil
			},
		},
		Examples: []Example{{`lookup("won", stages)`, `"accepted"`}, {`lookup("new", stages)`, "null"}, {`lookup("new", stages, default="other")`, `"other"`}, {"lookup(null, stages)", "null"}},
	},
	Meaning: func(c *Call) run.Expr {
		wanted, table, fallback := &c.Args[0], &c.Args[1], &c.Args[2]
		return func(f *run.Frame) (value.Value, *run.DataError) {
			v, err := wanted.eval(f)
			if err != nil {
				return v, err
			}
			rows, err := table.eval(f)
			if err != nil {
				return rows, err
			}
			if !v.IsNull() {
				key := idText(v)
				if v.Kind() == value.KindBool {
					key = v.String()
				}
				if found := rows.Get(key); !found.IsNull() {
					return found, nil
				}
			}
			if fallback.Eval == nil {
				return value.Null(), nil
			}
			return fallback.eval(f)
		}
	},
}

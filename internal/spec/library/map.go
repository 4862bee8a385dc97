package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var mapExpression = &Expression{
	Entry: Entry{
		Name: "map", Group: Lists, Title: "Map",
		Help: "A list with a value computed for each item; nulls are kept.",
		Signature: types.Signature{
			Params: []types.Param{listParam(), itemVar(), {Name: "value", Type: types.Var("U"), Required: true, Inner: true, Help: "Computed for each item."}},
			Result: types.ListOf(types.Var("U")), Nulls: types.AsGiven,
		},
		Examples: []Example{{"map(list(1, 2), x, multiply(x, 10))", "[10,20]"}, {"map(null, x, x)", "[]"}},
	},
	Meaning: func(c *Call) run.Expr {
		each := &c.Args[2]
		return c.items(func(f *run.Frame, items []value.Value, bind func(value.Value)) (value.Value, *run.DataError) {
			if err := f.ListRoom(len(items)); err != nil {
				return value.Null(), err
			}
			made := make([]value.Value, len(items))
			for i, item := range items {
				bind(item)
				v, err := each.eval(f)
				if err != nil {
					return v, err
				}
				made[i] = v
			}
			return value.List(made), nil
		})
	},
}

func listParam() types.Param {
	return req("list", types.ListOf(types.Var("T")), "The list; null is an empty one.")
}

func itemVar() types.Param {
	return types.Param{Name: "item_var", Form: types.Name, Required: true, Of: "list", Help: "What an item is called."}
}

// items is the meaning of expressions over the items of a list: bind gives the next item its name.
func (c *Call) items(meaning func(f *run.Frame, items []value.Value, bind func(value.Value)) (value.Value, *run.DataError)) run.Expr {
	list, slot := &c.Args[0], c.Args[1].Slot
	return func(f *run.Frame) (value.Value, *run.DataError) {
		v, err := list.eval(f)
		if err != nil {
			return v, err
		}
		return meaning(f, v.Items(), func(item value.Value) {
			f.SetSlot(slot, item)
			f.Item(item)
		})
	}
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var forEach = &Operation{
	Block: true,
	Entry: Entry{
		Name: "for_each", Group: Blocks, Title: "For each", Summary: "For each {item_var} of {list}",
		Help: "Runs instructions once for each item of a list, in order. An item that fails is undone alone; the others stand.",
		Signature: types.Signature{Loops: true, Params: []types.Param{
			{Name: "list", Title: "List", Type: types.ListOf(types.Var("T")), Required: true, MayBeNull: true, Help: "Null or empty: nothing runs. At most 10,000 items."},
			{Name: "item_var", Title: "Item", Form: types.Name, Required: true, Of: "list", Help: "What an item is called within."},
			{Name: "index_var", Title: "Index", Form: types.Name, Help: "What its number is called, counted from 1."},
			{Name: "body", Title: "Do", Form: types.Body, Required: true, Inner: true, Help: "Runs for each item."},
		}},
		Examples: []Example{{
			`- type: for_each
  list: =list("a", "b")
  item_var: name
  index_var: n
  body:
    - {type: upsert_team_external_identity, external_id: '=concat(name, n)'}`,
			`team a1
team b2`,
		}},
	},
	Meaning: func(s *Step) run.Do {
		item, index := s.Slots["item_var"], -1
		if slot, ok := s.Slots["index_var"]; ok {
			index = slot
		}
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			items := fields[0].Value.Items()
			if err := f.ListRoom(len(items)); err != nil {
				err.Field = "list"
				return f.Broken(in, err)
			}
			return value.Null(), f.Each(in, items, item, index, s.body(in, "body"))
		}
	},
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var ifElse = &Operation{
	Block: true,
	Entry: Entry{
		Name: "if_else", Group: Blocks, Title: "If, else", Summary: "If {condition}",
		Help: "Runs one of two lists of instructions. A condition that is null counts as false.",
		Signature: types.Signature{Params: []types.Param{
			{Name: "condition", Title: "Condition", Type: types.Bool, Required: true, MayBeNull: true, Help: "True or false."},
			{Name: "then", Title: "Then", Form: types.Body, Required: true, Branch: true, Given: "condition", Help: "Runs when the condition is true."},
			{Name: "else", Title: "Else", Form: types.Body, Branch: true, Otherwise: true, Given: "!condition", Help: "Runs when it is not."},
		}},
		Examples: []Example{{
			`- type: if_else
  condition: =equals(1, "1")
  then:
    - {type: upsert_team_external_identity, external_id: a}
  else:
    - {type: upsert_team_external_identity, external_id: b}`,
			`team a`,
		}},
	},
	Meaning: func(s *Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			name := "else"
			if fields[0].Value.Bool() {
				name = "then"
			}
			return value.Null(), f.Branch(s.body(in, name))
		}
	},
}

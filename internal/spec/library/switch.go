package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var switchBlock = &Operation{
	Block: true,
	Entry: Entry{
		Name: "switch", Group: Blocks, Title: "Switch", Summary: "Switch on {value}",
		Help: "Runs the first case that has an equal value, and only that one; where none has, the default.",
		Signature: types.Signature{Params: []types.Param{
			{Name: "value", Title: "Value", Type: types.Plain, Required: true, MayBeNull: true, Help: "What is compared. Null equals only null."},
			{Name: "cases", Title: "Cases", Form: types.Cases, Type: types.Plain, Required: true, MayBeNull: true, Branch: true, Help: "Values with what to do for them."},
			{Name: "default", Title: "Otherwise", Form: types.Body, Branch: true, Otherwise: true, Help: "Runs where no case does."},
		}},
		Examples: []Example{{
			`- type: switch
  value: won
  cases:
    - equals: [new, open]
      body:
        - {type: upsert_team_external_identity, external_id: a}
    - equals: won
      body:
        - {type: upsert_team_external_identity, external_id: b}`,
			`team b`,
		}},
	},
	Meaning: func(s *Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			for i := range s.Cases {
				for j := range s.Cases[i].Equals {
					v, err := f.Field(&s.Cases[i].Equals[j])
					if err != nil {
						return f.Broken(in, at(s.Cases[i].Equals[j].Pointer, err))
					}
					if v.Equal(fields[0].Value) {
						return value.Null(), f.Branch(&in.Bodies[s.Cases[i].Body])
					}
				}
			}
			return value.Null(), f.Branch(s.body(in, "default"))
		}
	},
}

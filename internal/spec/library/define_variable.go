package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var defineVariable = &Operation{
	Entry: Entry{
		Name: "define_variable", Group: Utility, Title: "Define variable", Summary: "Define {return_as}",
		Help: "Gives a value a name. Done again with the same name, it assigns: so a loop can keep a total.",
		Signature: types.Signature{
			Params: []types.Param{{Name: "value", Title: "Value", Type: types.Var("T"), Required: true, MayBeNull: true, Help: "Any value, also null."}},
			Result: types.Var("T"), Nulls: types.AsGiven, Assigns: true, ReturnAs: true,
		},
		Examples: []Example{{
			`- {type: define_variable, value: '=sum(1, 2)', return_as: total}
- {type: upsert_team_external_identity, external_id: =total}`,
			`team 3`,
		}},
	},
	Meaning: func(*Step) run.Do {
		return func(f *run.Frame, _ *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			f.Outcome("defined")
			return fields[0].Value, run.Next
		}
	},
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var stop = &Operation{
	Entry: Entry{
		Name: "stop", Group: Utility, Title: "Stop", Summary: "Stop {reason}",
		Help: "Ends the whole run, also from within a loop. What was done before stands.",
		Signature: types.Signature{
			Params: []types.Param{field("reason", types.Text, "Reason", "For whoever reads the trace.")},
			Ends:   true, EndsRun: true,
		},
		Examples: []Example{{
			`- {type: upsert_team_external_identity, external_id: a}
- {type: stop, reason: enough}
- {type: upsert_team_external_identity, external_id: b}`,
			`team a`,
		}},
	},
	Meaning: func(*Step) run.Do {
		return func(f *run.Frame, _ *run.Instruction, _ []run.Field) (value.Value, run.Flow) {
			f.Outcome("stopped")
			return value.Null(), run.Stopped
		}
	},
}

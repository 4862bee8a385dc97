package record

import "github.com/dealwright/dealwright/internal/id"

// Call is a telephone call of an agent.
var Call = &Kind{
	Noun:   "call",
	Plural: "calls",
	Prefix: id.Call,
	Title:  "Call",
	Fields: []Field{
		required(agentField),
		{Name: "started_at", Column: "started_at", Type: MomentField, Required: true},
		{Name: "duration", Column: "duration", Type: NumberField}, // seconds
		{Name: "direction", Column: "direction", Type: TextField}, // inbound, outbound
		{Name: "result", Column: "result", Type: TextField},
		contactField,
		projectField,
		segmentField,
	},
}

package fixed

import "github.com/dealwright/dealwright/internal/pipeline/record"

var call = &Door{
	Path: "call",
	Kind: record.Call,
	Fields: fields(
		[]Field{externalID()},
		agentFields(true),
		[]Field{
			{Name: "started_at", Type: Moment, Required: true, To: "started_at"},
			{Name: "duration", Type: Number, To: "duration", NotBelow: true},
			{Name: "direction", Type: Text, To: "direction", Words: []string{"inbound", "outbound"}},
			{Name: "result", Type: Text, To: "result"},
			{Name: "contact_key", Type: Key, To: "contact_key"},
		},
		contextFields(),
	),
}

package fixed

import "github.com/dealwright/dealwright/internal/pipeline/record"

var period = &Door{
	Path: "period",
	Kind: record.Period,
	Fields: fields(
		[]Field{
			externalID(),
			{Name: "type", Type: Label, Required: true, To: "period_type"},
		},
		agentFields(false),
		[]Field{
			{Name: "starts_at", Type: Moment, Required: true, To: "starts_at"},
			{Name: "ends_at", Type: Moment, To: "ends_at"},
			{Name: "value", Type: Number, To: "value"},
			{Name: "contact_key", Type: Key, To: "contact_key"},
		},
		contextFields(),
	),
}

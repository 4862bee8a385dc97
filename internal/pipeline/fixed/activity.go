package fixed

import "github.com/dealwright/dealwright/internal/pipeline/record"

var activity = &Door{
	Path: "activity",
	Kind: record.Activity,
	Fields: fields(
		[]Field{
			externalID(),
			{Name: "type", Type: Label, Required: true, To: "activity_type"},
		},
		agentFields(true),
		[]Field{
			{Name: "moment", Type: Moment, Required: true, To: "moment"},
			{Name: "contact_key", Type: Key, To: "contact_key"},
			{Name: "value", Type: Number, To: "value"},
			{Name: "value_is_money", Type: Boolean, To: "value_is_money"},
		},
		contextFields(),
	),
}

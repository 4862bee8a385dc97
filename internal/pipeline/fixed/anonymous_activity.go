package fixed

import "github.com/dealwright/dealwright/internal/pipeline/record"

var anonymousActivity = &Door{
	Path: "anonymous-activity",
	Kind: record.AnonymousActivity,
	Fields: fields(
		[]Field{
			externalID(),
			{Name: "type", Type: Label, Required: true, To: "activity_type"},
			{Name: "moment", Type: Moment, Required: true, To: "moment"},
			{Name: "contact_key", Type: Key, To: "contact_key"},
			{Name: "value", Type: Number, To: "value"},
			{Name: "value_is_money", Type: Boolean, To: "value_is_money"},
		},
		contextFields(),
	),
}

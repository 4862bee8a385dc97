package record

import "github.com/dealwright/dealwright/internal/id"

// Activity is something an agent did.
var Activity = &Kind{
	Noun:   "activity",
	Plural: "activities",
	Prefix: id.Activity,
	Title:  "Activity",
	When:   "moment",
	Fields: []Field{
		{Name: "activity_type", Column: "activity_type", Type: TextField, Required: true},
		required(agentField),
		{Name: "moment", Column: "moment", Type: MomentField, Required: true},
		{Name: "value", Column: "value", Type: NumberField},
		{Name: "value_is_money", Column: "value_is_money", Type: BoolField},
		contactField,
		projectField,
		segmentField,
		teamField,
	},
}

package record

import "github.com/dealwright/dealwright/internal/id"

// AnonymousActivity is something that happened without an agent: money spent on advertisements, say.
var AnonymousActivity = &Kind{
	Noun:   "anonymous_activity",
	Plural: "anonymous_activities",
	Prefix: id.Anonymous,
	Title:  "Anonymous activity",
	Fields: []Field{
		{Name: "activity_type", Column: "activity_type", Type: TextField, Required: true},
		{Name: "moment", Column: "moment", Type: MomentField, Required: true},
		{Name: "value", Column: "value", Type: NumberField},
		{Name: "value_is_money", Column: "value_is_money", Type: BoolField},
		contactField,
		projectField,
		segmentField,
		teamField,
	},
}

package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var updateContactActivities = updateContact("activity", "activities",
	"Sets fields of the activities that have a contact key: who a contact belongs to now, say. More than 10,000 are an error.",
	[]Example{{
		`- {type: update_contact_activities, contact_key: " c-1 ", activity_types: [Lead, Visit], set: {value: 12, segment_external_identity: null}}`,
		`activity c-1 activity_types=["Lead","Visit"] set.segment_external_identity=null set.value=12`,
	}},
	typesField("activity_types", "Only of these types"),
	setField(
		kept(identityField("agent")), identityField("project"), identityField("segment"),
		field("value", types.Num, "Value", "An amount or a quantity."),
		kept(label("activity_type", "Type", "What kind of activity it is; metrics count by it.")),
	))

var updateContactPeriods = updateContact("period", "periods",
	"Sets fields of the periods that have a contact key: ends those that are open, say. One that starts after the new ends_at is left alone. More than 10,000 are an error.",
	[]Example{{
		`- {type: update_contact_periods, contact_key: c-1, only_open: true, set: {ends_at: '=parse_datetime("2025-12-10 19:00")'}}`,
		`period c-1 only_open=true set.ends_at="2025-12-10T18:00:00Z"`,
	}},
	typesField("period_types", "Only of these types"),
	field("only_open", types.Bool, "Only open ones", "Only periods that have no end yet."),
	setField(
		field("ends_at", types.Moment, "Ends at", "When it ended; null: it is open again."),
		identityField("agent"), identityField("project"), identityField("segment"),
		field("value", types.Num, "Value", "An amount or a quantity."),
		kept(label("period_type", "Type", "What kind of period it is.")),
	))

// updateContact declares an operation on all records of a kind that have a contact key.
func updateContact(noun, plural, help string, examples []Example, fields ...types.Param) *Operation {
	return &Operation{
		Entry: Entry{
			Name: "update_contact_" + plural, Group: FollowUp, Title: "Update contact's " + plural, Help: help,
			Summary:   "Update " + plural + " of {contact_key}",
			Signature: types.Signature{Params: append([]types.Param{must(contactKey())}, fields...)},
			Examples:  examples,
		},
		Meaning: func(*Step) run.Do {
			return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
				return f.Apply(in, run.Effect{Kind: run.UpdateContact, Noun: noun, Key: fields[0].Value.Text(), Fields: fields[1:]})
			}
		},
	}
}

// typesField declares a list of types that narrows what an operation sees.
func typesField(name, title string) types.Param {
	p := label(name, title, "Left out: all.")
	p.Form = types.Expressions
	return p
}

// setField declares what an operation sets in all it finds.
func setField(fields ...types.Param) types.Param {
	return types.Param{Name: "set", Title: "Set", Form: types.Group, Required: true, Fields: fields,
		Help: "At least one field. Left out keeps what a record has, null clears it."}
}

// kept declares a field that may be left out and cannot be cleared.
func kept(p types.Param) types.Param {
	p.Kept = true
	return p
}

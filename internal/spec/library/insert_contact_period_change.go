package library

import (
	"fmt"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var insertContactPeriodChange = &Operation{
	Entry: Entry{
		Name: "insert_contact_period_change", Group: FollowUp, Title: "Insert contact period change", Summary: "From {moment} {contact_key} is {period_type}",
		Help: "Says that from a moment on the contact is in this state: its periods that go on then end, and a new one begins. Changes may arrive in any order and more than once.",
		Signature: types.Signature{
			Params: []types.Param{
				must(contactKey()),
				must(label("period_type", "Type", "The state the contact is in from then on.")),
				perRun(must(field("moment", types.Moment, "Moment", "When it began to be so.")), "only_if_changed"),
				{Name: "external_id", Title: "External id", Type: types.ID, Key: true,
					Help: "Of the period. Left out, or blank: contact key, type and moment. A change with one that is there is that change come again."},
				typesField("period_types", "Only among these types"),
				field("only_if_changed", types.Bool, "Only if changed", "Do nothing where the contact is in this state already: for senders that repeat it."),
				{Name: "set", Title: "Set", Form: types.Group, Help: "What the new period holds beside that.", Fields: []types.Param{
					identityField("agent"), identityField("project"), identityField("segment"),
					field("value", types.Num, "Value", "An amount or a quantity."),
				}},
			},
			Result: upsertPeriod.Result,
		},
		Examples: []Example{{
			`- {type: insert_contact_period_change, contact_key: c-1, period_type: Negotiation, moment: '=parse_datetime("2025-12-10 19:00")', set: {value: 12}}`,
			`period c-1 | Negotiation | 2025-12-10T18:00:00Z contact_key="c-1" period_type="Negotiation" moment="2025-12-10T18:00:00Z" set.value=12`,
		}},
	},
	Meaning: func(*Step) run.Do { return insertChange },
}

func insertChange(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
	key := value.Null()
	kept := make([]run.Field, 0, len(fields))
	for _, given := range fields {
		if given.Name == "external_id" {
			key = given.Value
			continue
		}
		kept = append(kept, given)
	}
	if key.IsNull() {
		var err *run.DataError
		if key, err = changeKey(f, kept[0].Value, kept[1].Value, kept[2].Value); err != nil {
			return f.Broken(in, err)
		}
	}
	return f.Apply(in, run.Effect{Kind: run.InsertPeriodChange, Noun: "period", Key: key.Text(), Fields: kept})
}

// changeKey names a change by what it says: "c-1 | Negotiation | 2025-12-10T18:00:00Z".
func changeKey(f *run.Frame, contact, kind, moment value.Value) (value.Value, *run.DataError) {
	text := contact.Text() + " | " + kind.Text() + " | " + string(value.AppendMoment(nil, moment.Micros()))
	if n := utf8.RuneCountInString(text); n > 255 {
		err := run.Fail("too_long", value.Text(text), fmt.Sprintf("the external_id made of contact_key, period_type and moment has %d characters, and 255 are the most", n), "Give an external_id.")
		err.Field = "external_id"
		return value.Null(), err
	}
	return f.Text(text)
}

func perRun(p types.Param, unless string) types.Param {
	p.PerRun = unless
	return p
}

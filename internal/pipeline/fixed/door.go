// Package fixed has the five fixed webhooks: one call writes one record, by the same rules and on the same stage as the
// upserts of a spec. It declares their fields, reads a body against them, telling all that is wrong at once, and makes
// a unit of what is left. It never sees a request and never answers one.
package fixed

import (
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Door is one fixed webhook.
type Door struct {
	Path   string // last part of the URL: "anonymous-activity"
	Kind   *record.Kind
	Fields []Field // in the order of the documentation; the first is the record's id
}

// Doors are the fixed webhooks, in the order people see them.
var Doors = []*Door{activity, sale, call, period, anonymousActivity}

// DoorOf gives the door of a path, nil for none.
func DoorOf(path string) *Door {
	for _, d := range Doors {
		if d.Path == path {
			return d
		}
	}
	return nil
}

// Type is what a field takes.
type Type uint8

// The types. JSON takes no text for a number or a boolean; a form, where all is text, takes what reads as one.
const (
	Key     Type = iota // text or number; trimmed, at most 255 characters
	Label               // text; trimmed, at most 255 characters
	Name                // text or number; trimmed, at most 1,000 characters
	Email               // text; trimmed, small letters
	Text                // text, at most 1 MiB
	Number              // exact
	Boolean             //
	Moment              // text that parse_datetime reads; zoneless is the tenant's time, without a time 06:00:00
	Group               // an object of Fields
)

// Field declares one field of a call, as senders write it.
type Field struct {
	Name     string
	Type     Type
	Required bool
	To       string   // the record's field
	Words    []string // of Text: those that are taken
	Whole    bool     // of Number
	NotBelow bool     // of Number: not below 0
	Fields   []Field  // of Group
	// Identity: the field is the key of an identity of this noun; NamedBy is the field whose value names it.
	Identity string
	NamedBy  string
	// Of is the field without which this one means nothing; such a one is not used, and the call log says so.
	Of string
	// Projects: only where the tenant has projects.
	Projects bool
	// Switch is the setting of the tenant that must be on for it; where it is off it is not used, and the call log says so.
	Switch Switch
}

// Switch is a setting for what calls may do beside their record, in the words of the settings.
type Switch string

// The switches.
const (
	UserCreation    Switch = "user creation"
	AgentManagement Switch = "agent management"
)

// off says whether a tenant has it off; "" never is.
func (s Switch) off(t *plan.Tenant) bool {
	return s == UserCreation && !t.UserCreation || s == AgentManagement && !t.AgentManagement
}

// Open says whether a tenant has this door: nil, or what to answer.
func (d *Door) Open(tenant *plan.Tenant) *fault.Error {
	if tenant.Kinds[d.Kind.Noun] {
		return nil
	}
	return fault.New(fault.NotFound, "%s records are switched off in this tenant, so this webhook is not there. Switch them on in the settings (record kinds) to use it.", d.Kind.Title)
}

// the fields that several doors share; functions, so that no door shares memory with another
func externalID() Field { return Field{Name: "id", Type: Key, Required: true} }

func agentFields(mustBe bool) []Field {
	return []Field{
		{Name: "agent_id", Type: Key, Required: mustBe, To: "agent_external_identity", Identity: "agent", NamedBy: "agent_name"},
		{Name: "agent_name", Type: Name, Of: "agent_id"},
		{Name: "agent_email", Type: Email, Of: "agent_id", Switch: UserCreation},
		{Name: "agent_team_id", Type: Key, Of: "agent_id", Switch: AgentManagement},
		{Name: "agent_team_name", Type: Name, Of: "agent_team_id", Switch: AgentManagement},
	}
}

func contextFields() []Field {
	return []Field{
		{Name: "project_id", Type: Key, To: "project_external_identity", Identity: "project", NamedBy: "project_name", Projects: true},
		{Name: "project_name", Type: Name, Of: "project_id", Projects: true},
		{Name: "segment_id", Type: Key, To: "segment_external_identity", Identity: "segment", NamedBy: "segment_name"},
		{Name: "segment_name", Type: Name, Of: "segment_id"},
	}
}

func fields(groups ...[]Field) []Field {
	var all []Field
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

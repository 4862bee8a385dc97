package why

import (
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/fixed"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// outcome of a step for one field of a thing.
type outcome string

const (
	wrote  outcome = "wrote"
	stale  outcome = "stale"
	locked outcome = "locked"
)

// hit is a step that was about a field of the thing.
type hit struct {
	field   string
	how     outcome
	step    *trace.Step
	given   *trace.Field // of the step; nil: the operation made the value itself
	items   []int
	under   []Condition
	sources []Source
}

func (h *hit) shown() *Step {
	return &Step{Step: h.step, Field: h.given, Items: h.items, Under: h.under}
}

// gave reports whether the step gave this value. One that the operation made itself may have been any.
func (h *hit) gave(v value.Value) bool {
	if h.given == nil || h.given.Value == nil {
		return true
	}
	given := h.given.Value.Value
	if e := v.Entity(); e != nil {
		g := given.Entity()
		return g != nil && g.Noun() == e.Noun() && g.ExternalID() == e.ExternalID()
	}
	return given.Equal(v) || given.IsNull() && v.Kind() == value.KindBool && !v.Bool()
}

// hitsAt gives what a step did to the fields of the thing.
func (r *reading) hitsAt(at *visited) []*hit {
	did := at.Record
	if did == nil || did.Noun != r.noun() || at.State != trace.Ran || at.Undone || at.Type == "lock_record_field" {
		return nil
	}
	var hits []*hit
	add := func(field string, how outcome, from string) {
		h := &hit{field: field, how: how, step: at.Step, given: fieldOf(at.Step, from), items: at.walker.items(), under: at.walker.conditions()}
		if h.given != nil {
			h.sources = at.walker.origins(h.given, at.walker.names)
		}
		hits = append(hits, h)
	}
	// each adds the fields that names mean, where the thing has them.
	each := func(names []string, how outcome) {
		for _, name := range names {
			for _, f := range r.fields {
				if f.name == name || strings.HasPrefix(f.name, name+".") {
					add(f.name, how, giver(at.Step, f.name))
				}
			}
		}
	}
	set := make([]string, len(did.FieldsAfter))
	for i, f := range did.FieldsAfter {
		set[i] = f.Name
	}
	if r.ids[did.ExternalID] {
		add(keyField, wrote, keyField)
		if at.Type == "insert_contact_period_change" {
			set = append(set, "contact_key", "period_type")
			if at.Outcome == run.Created {
				set = append(set, "starts_at", "ends_at")
			}
		}
		each(set, wrote)
		each(did.Locked, locked)
		each(did.Stale, stale)
		return hits
	}
	for _, o := range did.Others {
		if !r.ids[o.ExternalID] {
			continue
		}
		if at.Type == "insert_contact_period_change" { // it ended this one
			set = set[:0]
			for _, f := range o.Before {
				set = append(set, f.Name)
			}
		}
		if o.Outcome != run.LeftAlone {
			each(slices.DeleteFunc(slices.Clone(set), func(name string) bool {
				return slices.Contains(o.Locked, name) || slices.Contains(o.Stale, name)
			}), wrote)
		}
		each(o.Locked, locked)
		each(o.Stale, stale)
		return hits
	}
	if did.ExternalID == "" && did.ContactKey != "" && did.ContactKey == r.contact {
		each(set, wrote) // it found nothing to change in this one, and says no more of it
	}
	return hits
}

// giver is the field of a step that gives a field of the record.
func giver(s *trace.Step, field string) string {
	group, _, _ := strings.Cut(field, ".")
	names := []string{field, "set." + field, group, "set." + group}
	if s.Type == "insert_contact_period_change" && (field == "starts_at" || field == "ends_at") {
		names = []string{"moment"}
	}
	for _, name := range names {
		if fieldOf(s, name) != nil {
			return name
		}
	}
	return ""
}

// sentAs is where a call of a fixed webhook says what a field of the thing holds; nil: it does not.
func (r *reading) sentAs(door, field string) []string {
	at := fixed.DoorOf(door)
	if at == nil {
		return nil
	}
	if at.Kind.Noun == r.thing.Noun {
		if field == keyField {
			return []string{at.Fields[0].Name}
		}
		for _, f := range at.Fields {
			if f.To == field {
				return []string{f.Name}
			}
			for _, inner := range f.Fields {
				if inner.To == field {
					return []string{f.Name, inner.Name}
				}
			}
		}
		return nil
	}
	noun := r.noun()
	if noun == "team" {
		switch field {
		case keyField:
			return []string{"agent_team_id"}
		case "external_name":
			return []string{"agent_team_name"}
		}
		return nil
	}
	if noun == "agent" {
		switch field {
		case "email":
			return []string{"agent_email"}
		case "team_external_identity":
			return []string{"agent_team_id"}
		}
	}
	for _, f := range at.Fields {
		switch {
		case f.Identity != noun:
		case field == keyField:
			return []string{f.Name}
		case field == "external_name":
			return []string{f.NamedBy}
		}
	}
	return nil
}

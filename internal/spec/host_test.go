package spec_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// host holds records and identities in memory: the rules of section 5 for upserts, written to be read. It is what the
// behaviour cases run on; the real stage is held to the same rules by its own tests.
type host struct {
	lib    *library.Library
	things map[string]*thing // by noun and external id
	made   map[string]int    // how many of a noun were created
	units  []unit
	lines  []string // of effects, for the case
}

// unit is what End puts back.
type unit struct {
	things map[string]*thing
	made   map[string]int
	lines  int
}

// thing is one record or identity. It is never changed; an upsert puts another in its place.
type thing struct {
	noun, key, id string
	fields        map[string]value.Value
	params        []types.Param
	linked        string // name of the entity; "" not linked
	locked, stale []string
}

func (t *thing) Noun() string       { return t.noun }
func (t *thing) ExternalID() string { return t.key }

// Field reads one field as a spec does: a group as an object, a boolean never null.
func (t *thing) Field(name string) value.Value {
	switch name {
	case "id":
		return value.Text(t.id)
	case "external_id":
		return value.Text(t.key)
	case "linked":
		return value.Bool(t.linked != "")
	case "entity":
		if t.linked == "" {
			return value.Null()
		}
		return value.Object([]value.Member{{Key: "id", Value: value.Text(t.noun + "-1")}, {Key: "name", Value: value.Text(t.linked)}})
	}
	for _, p := range t.params {
		if p.Name == name && p.Form == types.Group {
			var members []value.Member
			for _, f := range p.Fields {
				members = append(members, value.Member{Key: f.Name, Value: t.fields[name+"."+f.Name]})
			}
			return value.Object(members)
		}
	}
	if v, ok := t.fields[name]; ok || !isBoolean(t.params, name) {
		return v
	}
	return value.Bool(false)
}

func isBoolean(params []types.Param, name string) bool {
	return slices.ContainsFunc(params, func(p types.Param) bool { return p.Name == name && p.Type.Kind == types.Boolean })
}

func (h *host) Begin() {
	h.units = append(h.units, unit{things: maps.Clone(h.things), made: maps.Clone(h.made), lines: len(h.lines)})
}

func (h *host) End(keep bool) {
	u := h.units[len(h.units)-1]
	h.units = h.units[:len(h.units)-1]
	if keep {
		return
	}
	h.things, h.made = u.things, u.made
	for i := u.lines; i < len(h.lines); i++ {
		if !strings.HasPrefix(h.lines[i], "undone: ") {
			h.lines[i] = "undone: " + h.lines[i]
		}
	}
}

// Pseudonym is readable, as in spec tests.
func (h *host) Pseudonym(_, text string) (string, error) { return "psn(" + text + ")", nil }

func (h *host) Apply(e run.Effect) (run.Answer, error) {
	if e.Kind == run.Ask {
		return run.Answer{}, &run.ErrPending{Question: e.Noun, Fields: slices.Clone(e.Fields)}
	}
	switch e.Kind {
	case run.LockField:
		return h.lock(e), nil
	case run.UpdateContact:
		return h.updateContact(e), nil
	case run.InsertPeriodChange:
		return h.insertChange(e), nil
	}
	return h.upsert(e), nil
}

func (h *host) upsert(e run.Effect) run.Answer {
	place := e.Noun + " " + e.Key
	old := h.things[place]
	t := &thing{noun: e.Noun, key: e.Key, params: h.params(e), fields: map[string]value.Value{}}
	if old == nil {
		h.made[e.Noun]++
		t.id = fmt.Sprintf("new-%s-%d", e.Noun, h.made[e.Noun])
	} else {
		t.id, t.linked, t.locked, t.stale = old.id, old.linked, old.locked, old.stale
		maps.Copy(t.fields, old.fields)
	}
	answer := run.Answer{Outcome: run.Created}
	for _, f := range e.Fields {
		switch {
		case slices.Contains(t.locked, f.Name):
			answer.Locked = append(answer.Locked, f.Name)
		case slices.Contains(t.stale, f.Name):
			answer.Stale = append(answer.Stale, f.Name)
		case f.Name == "external_name" && f.Value.IsBlank():
			// left out, null or blank: the name there is
		default:
			after := f.Value
			if after.IsNull() && isBoolean(t.params, f.Name) {
				after = value.Bool(false) // null clears
			}
			if old != nil && !old.Field(f.Name).Equal(after) {
				answer.Before = append(answer.Before, run.Field{Name: f.Name, Value: old.Field(f.Name)})
			}
			t.fields[f.Name] = after
		}
	}
	if _, named := t.fields["external_name"]; e.Kind == run.UpsertIdentity && !named {
		t.fields["external_name"] = value.Text(e.Key)
	}
	switch {
	case old == nil:
	case len(answer.Before) > 0:
		answer.Outcome = run.Updated
	case e.Kind == run.UpsertIdentity:
		answer.Outcome = run.Found
	default:
		answer.Outcome = run.Unchanged
	}
	h.things[place] = t
	answer.Result = value.Ref(t)
	h.lines = append(h.lines, describe(e, answer))
	return answer
}

// params are the fields that the operation for a thing declares.
func (h *host) params(e run.Effect) []types.Param {
	name := "upsert_" + e.Noun
	if e.Kind == run.UpsertIdentity {
		name += "_external_identity"
	}
	if o := h.lib.FindOperation(name); o != nil {
		return o.Params
	}
	return nil
}

// describe is an effect with its answer on one line.
func describe(e run.Effect, a run.Answer) string {
	line := string(a.Outcome) + " " + e.Noun + " " + e.Key
	for _, f := range e.Fields {
		line += "; " + f.Name + " " + show(f.Value)
	}
	for _, f := range a.Before {
		line += "; before " + f.Name + " " + show(f.Value)
	}
	if a.Locked != nil {
		line += "; locked " + strings.Join(a.Locked, ", ")
	}
	if a.Stale != nil {
		line += "; stale " + strings.Join(a.Stale, ", ")
	}
	return line
}

// show is a value as cases write it: moments and references without quotes.
func show(v value.Value) string {
	switch v.Kind() {
	case value.KindMoment:
		return string(value.AppendMoment(nil, v.Micros()))
	case value.KindRef:
		return v.Entity().Noun() + ":" + v.Entity().ExternalID()
	}
	return v.String()
}

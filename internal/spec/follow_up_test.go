package spec_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// lock adds fields to those that are locked, a group as a whole. In cases the lock is always somebody else's.
func (h *host) lock(e run.Effect) run.Answer {
	t := h.change(e.Noun + " " + e.Key)
	name, answer := e.Fields[0].Name, run.Answer{Outcome: run.Unchanged, Result: value.Ref(t)}
	names := []string{name}
	for _, p := range t.params {
		for _, f := range p.Fields {
			if p.Name == name {
				names = append(names, name+"."+f.Name)
			}
		}
	}
	for _, n := range names {
		if !slices.Contains(t.locked, n) {
			t.locked = append(t.locked, n)
			answer.Outcome = run.Locked
		}
	}
	h.lines = append(h.lines, string(answer.Outcome)+" "+e.Noun+" "+e.Key+" "+name)
	return answer
}

// change puts a copy of a thing in its place, to be changed.
func (h *host) change(place string) *thing {
	t := *h.things[place]
	t.fields, t.locked = maps.Clone(t.fields), slices.Clone(t.locked)
	h.things[place] = &t
	return &t
}

// ofContact gives the records of a contact in order of moment, then external id.
func (h *host) ofContact(noun, key string) []*thing {
	when := map[string]string{"activity": "moment", "period": "starts_at"}[noun]
	var found []*thing
	for _, t := range h.things {
		if t.noun == noun && t.fields["contact_key"].Text() == key {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, func(a, b *thing) int {
		return cmp.Or(cmp.Compare(a.fields[when].Micros(), b.fields[when].Micros()), cmp.Compare(a.key, b.key))
	})
	return found
}

// given gives a field of an effect.
func given(e run.Effect, name string) value.Value {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return value.Null()
}

// updateContact is update_contact_activities and update_contact_periods.
func (h *host) updateContact(e run.Effect) run.Answer {
	answer := run.Answer{Outcome: run.Unchanged}
	types := given(e, e.Noun+"_types")
	h.lines = append(h.lines, "contact "+e.Key)
	for _, t := range h.ofContact(e.Noun, e.Key) {
		kind := func(v value.Value) bool { return v.Equal(t.Field(e.Noun + "_type")) }
		if !types.IsNull() && !slices.ContainsFunc(types.Items(), kind) || given(e, "only_open").Bool() && !t.Field("ends_at").IsNull() {
			continue
		}
		answer.Matched++
		touched := run.Touched{ExternalID: t.key, Outcome: run.LeftAlone}
		if ends := given(e, run.SetPrefix+"ends_at"); ends.IsNull() || t.Field("starts_at").Micros() <= ends.Micros() {
			touched = h.set(t, e)
		}
		if touched.Outcome == run.Updated {
			answer.Outcome = run.Updated
		}
		if touched.Outcome != run.Unchanged || touched.Locked != nil || touched.Stale != nil {
			answer.Touched = append(answer.Touched, touched)
		}
	}
	return answer
}

// set does to one record what the effect says of all.
func (h *host) set(t *thing, e run.Effect) run.Touched {
	of := run.Effect{Kind: run.UpsertRecord, Noun: t.noun, Key: t.key}
	for _, f := range e.Fields {
		if name, ok := strings.CutPrefix(f.Name, run.SetPrefix); ok {
			of.Fields = append(of.Fields, run.Field{Name: name, Value: f.Value})
		}
	}
	a := h.upsert(of)
	return run.Touched{ExternalID: t.key, Outcome: a.Outcome, Before: a.Before, Locked: a.Locked, Stale: a.Stale}
}

// insertChange is insert_contact_period_change, where no two periods begin at one moment.
func (h *host) insertChange(e run.Effect) run.Answer {
	fields := []run.Field{{Name: "contact_key", Value: given(e, "contact_key")}, {Name: "period_type", Value: given(e, "period_type")}}
	var set []run.Field
	for _, f := range e.Fields {
		if name, ok := strings.CutPrefix(f.Name, run.SetPrefix); ok {
			set = append(set, run.Field{Name: name, Value: f.Value})
		}
	}
	of := run.Effect{Kind: run.UpsertRecord, Noun: e.Noun, Key: e.Key, Fields: append(fields, set...)}
	if h.things[e.Noun+" "+e.Key] != nil {
		return h.upsert(of)
	}
	moment, ends := given(e, "moment"), value.Null()
	var covering []*thing
	for _, t := range h.ofContact(e.Noun, fields[0].Value.Text()) {
		kind := func(v value.Value) bool { return v.Equal(t.Field("period_type")) }
		types := given(e, "period_types")
		if !types.IsNull() && !slices.ContainsFunc(types.Items(), kind) && !kind(fields[1].Value) {
			continue
		}
		if t.Field("starts_at").Micros() >= moment.Micros() {
			if ends.IsNull() || t.Field("starts_at").Micros() < ends.Micros() {
				ends = t.Field("starts_at")
			}
			break
		}
		if end := t.Field("ends_at"); end.IsNull() || end.Micros() > moment.Micros() {
			covering, ends = append(covering, t), end
		}
	}
	if n := len(covering); n > 0 && given(e, "only_if_changed").Bool() {
		latest := covering[n-1]
		differs := func(f run.Field) bool { return !latest.Field(f.Name).Equal(f.Value) }
		if !slices.ContainsFunc(append(set, fields[1]), differs) {
			h.lines = append(h.lines, "unchanged period "+latest.key)
			return run.Answer{Outcome: run.Unchanged, Result: value.Ref(latest)}
		}
	}
	of.Fields = append(of.Fields, run.Field{Name: "starts_at", Value: moment}, run.Field{Name: "ends_at", Value: ends})
	answer := h.upsert(of)
	for _, t := range covering {
		end := h.upsert(run.Effect{Kind: run.UpsertRecord, Noun: e.Noun, Key: t.key, Fields: []run.Field{{Name: "ends_at", Value: moment}}})
		answer.Touched = append(answer.Touched, run.Touched{ExternalID: t.key, Outcome: end.Outcome, Before: end.Before, Locked: end.Locked})
	}
	return answer
}

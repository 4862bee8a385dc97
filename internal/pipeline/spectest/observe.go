package spectest

import (
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// observer hears what a run that is played again reads and writes, and so learns what it found: an upsert says what the
// fields it changed held before, and that the others it was given held what they were given.
type observer struct {
	run.Unheard
	things   map[entity]*thing
	order    []*thing // as it came by them
	contacts []contact
	// pseudonyms the run computed, and how a test writes them.
	pseudonyms []string
	undo       []func() // takes back what was done, step by step
	units      []int    // of each open item, how much of undo was there before it
	failed     int      // items
	internal   bool     // it read an internal id, or what an identity is linked to
}

// entity is what a record or identity is told by.
type entity struct{ noun, id string }

// contact is one whose records the run looked at.
type contact struct{ noun, key string }

// thing is a record or identity that the run came by.
type thing struct {
	entity
	known, there bool // whether it is known that the run found it there
	wrote        bool // and it stands
	found        fields
	set          fields // what stands of what the run set
	tried        fields // what it was given and did not take
	locked       []string
	stale        []string
}

// fields by name, in the order in which they came; those of groups are written with a point.
type fields []run.Field

func (f fields) get(name string) (value.Value, bool) {
	i := slices.IndexFunc(f, func(f run.Field) bool { return f.Name == name })
	if i < 0 {
		return value.Null(), false
	}
	return f[i].Value, true
}

func (o *observer) thing(noun, id string) *thing {
	e := entity{noun, id}
	t := o.things[e]
	if t == nil {
		t = &thing{entity: e}
		o.things[e] = t
		o.order = append(o.order, t)
	}
	return t
}

// is tells whether a thing was there when it was first heard of.
func (t *thing) is(there bool) {
	if !t.known {
		t.known, t.there = true, there
	}
}

// learn takes what a field held, unless the run has set it by now.
func (t *thing) learn(field string, held value.Value) {
	_, found := t.found.get(field)
	_, set := t.set.get(field)
	if t.there && !found && !set {
		t.found = append(t.found, run.Field{Name: field, Value: held})
	}
}

func (o *observer) setField(t *thing, field string, v value.Value) {
	before := t.set
	o.undo = append(o.undo, func() { t.set = before })
	t.set = slices.DeleteFunc(slices.Clone(t.set), func(f run.Field) bool { return f.Name == field })
	t.set = append(t.set, run.Field{Name: field, Value: v})
}

func (o *observer) wrote(t *thing) {
	before := t.wrote
	o.undo = append(o.undo, func() { t.wrote = before })
	t.wrote = true
}

// heldBack notes what locks and newer deliveries held back.
func (t *thing) heldBack(locked, stale []string) {
	t.locked = append(t.locked, locked...)
	t.stale = append(t.stale, stale...)
}

func (o *observer) Answered(e run.Effect, a run.Answer) {
	switch e.Kind {
	case run.UpsertIdentity, run.UpsertRecord:
		t := o.thing(e.Noun, e.Key)
		t.is(a.Outcome != run.Created)
		o.given(t, flat(e.Noun, e.Fields), &a)
	case run.UpdateContact:
		o.contacts = append(o.contacts, contact{e.Noun, e.Key})
		o.touched(e.Noun, a.Touched, e.Fields)
	case run.InsertPeriodChange:
		o.change(&e, &a)
	}
}

// given is what an effect gives the fields of a thing, and what came of it.
func (o *observer) given(t *thing, given fields, a *run.Answer) {
	t.heldBack(a.Locked, a.Stale)
	for _, f := range given {
		if slices.Contains(a.Locked, f.Name) || slices.Contains(a.Stale, f.Name) {
			t.tried = append(t.tried, f)
			continue
		}
		if f.Name == "external_name" && (f.Value.IsNull() || f.Value.IsBlank()) {
			continue // it keeps what is there
		}
		held, changed := fields(a.Before).get(f.Name)
		if !changed {
			held = f.Value
		}
		t.learn(f.Name, held)
		o.setField(t, f.Name, f.Value)
	}
	o.wrote(t)
}

func (o *observer) touched(noun string, all []run.Touched, to []run.Field) {
	for i := range all {
		other := &all[i]
		t := o.thing(noun, other.ExternalID)
		t.is(true)
		t.heldBack(other.Locked, other.Stale)
		if other.Outcome != run.Updated {
			continue
		}
		for _, f := range other.Before {
			v, ok := fields(to).get(run.SetPrefix + f.Name)
			if !ok {
				continue
			}
			t.learn(f.Name, f.Value)
			o.setField(t, f.Name, v)
		}
		o.wrote(t)
	}
}

// change is what an insert_contact_period_change does.
func (o *observer) change(e *run.Effect, a *run.Answer) {
	var to fields
	for _, f := range e.Fields {
		name, isSet := strings.CutPrefix(f.Name, run.SetPrefix)
		if isSet || f.Name == "contact_key" || f.Name == "period_type" {
			to = append(to, run.Field{Name: name, Value: f.Value})
		}
	}
	key, _ := fields(e.Fields).get("contact_key")
	moment, _ := fields(e.Fields).get("moment")
	o.contacts = append(o.contacts, contact{record.Period.Noun, key.Text()})
	it := a.Result.Entity()
	if it == nil {
		return
	}
	t := o.thing(record.Period.Noun, it.ExternalID())
	t.is(a.Outcome != run.Created)
	switch {
	case a.Outcome == run.Created:
		to = append(to, run.Field{Name: "starts_at", Value: moment})
		o.given(t, to, a)
	case it.ExternalID() == e.Key: // this very change come again
		o.given(t, to, a)
	default: // the state is as it was
		o.wrote(t)
	}
	o.touched(record.Period.Noun, a.Touched, []run.Field{{Name: run.SetPrefix + "ends_at", Value: moment}})
}

func (o *observer) Read(of value.Entity, field string, v value.Value) {
	t := o.thing(of.Noun(), of.ExternalID())
	t.is(true)
	switch field {
	case "external_id":
	case "id", "entity":
		o.internal = true
	default:
		for _, f := range flat(of.Noun(), []run.Field{{Name: field, Value: v}}) {
			t.learn(f.Name, f.Value)
		}
	}
}

func (o *observer) Pseudonym(kind, text, made string) {
	if shown, err := readable(kind, text); err == nil && !slices.Contains(o.pseudonyms, made) {
		o.pseudonyms = append(o.pseudonyms, made, shown)
	}
}

func (o *observer) LoopItem(*run.Instruction, int, value.Value) {
	o.units = append(o.units, len(o.undo))
}

func (o *observer) LoopItemEnds(status run.Status, _ *run.DataError) {
	last := len(o.units) - 1
	if status == run.Failed {
		o.failed++
		o.takeBack(o.units[last])
	}
	o.units = o.units[:last]
}

// takeBack goes back to where the run had done so much.
func (o *observer) takeBack(to int) {
	for i := len(o.undo) - 1; i >= to; i-- {
		o.undo[i]()
	}
	o.undo = o.undo[:to]
}

// flat gives the fields of a group one by one.
func flat(noun string, given []run.Field) fields {
	kind := record.KindOf(noun)
	if kind == nil {
		return given
	}
	var all fields
	for _, f := range given {
		if kind.Place(f.Name) >= 0 {
			all = append(all, f)
			continue
		}
		for i := range kind.Fields {
			key, ok := strings.CutPrefix(kind.Fields[i].Name, f.Name+".")
			if ok && (f.Value.IsNull() || f.Value.Has(key)) {
				all = append(all, run.Field{Name: kind.Fields[i].Name, Value: f.Value.Get(key)})
			}
		}
	}
	return all
}

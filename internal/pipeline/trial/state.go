package trial

import (
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// state is what a record or an identity holds at one time, field by field.
type state struct {
	id     int64 // below 0: it is not there yet
	names  []string
	values []value.Value
	locks  []string
	madeBy string
	marks  func(field int) record.Mark
}

// stateOf gives a thing as it was loaded, or as it has become on the stage; nil: it is not there.
func stateOf(stage *record.Stage, key record.Key, asLoaded bool) *state {
	if key.IsIdentity() {
		i := stage.LoadedIdentity(key)
		if !asLoaded {
			i = stage.Identity(key)
		}
		return identityState(i)
	}
	r := stage.Loaded(key)
	if !asLoaded {
		r = stage.Row(key)
	}
	return rowState(r)
}

func rowState(r *record.Row) *state {
	if r == nil {
		return nil
	}
	s := &state{id: r.ID, names: namesOf(r.Key), values: r.Values, madeBy: r.MadeBy, marks: r.MarkOf}
	for i := range r.Kind.Fields {
		if _, locked := r.Locks[i]; locked {
			s.locks = append(s.locks, r.Kind.Fields[i].Name)
		}
	}
	return s
}

func identityState(i *record.Identity) *state {
	if i == nil {
		return nil
	}
	s := &state{id: i.ID, names: record.IdentityFields, madeBy: i.MadeBy, marks: i.MarkOf}
	for _, name := range s.names {
		s.values = append(s.values, i.Field(name))
	}
	return s
}

// namesOf gives the names of the fields of a thing, in order of declaration.
func namesOf(key record.Key) []string {
	if key.IsIdentity() {
		return record.IdentityFields
	}
	kind := record.KindOf(key.Noun)
	names := make([]string, len(kind.Fields))
	for i := range kind.Fields {
		names[i] = kind.Fields[i].Name
	}
	return names
}

// flat gives what was given to a thing field by field: a group of fields that came whole has become its fields.
func flat(noun string, given []run.Field) []run.Field {
	kind := record.KindOf(noun)
	if kind == nil {
		return given
	}
	var all []run.Field
	for _, f := range given {
		if kind.Place(f.Name) >= 0 {
			all = append(all, f)
			continue
		}
		for i := range kind.Fields {
			name := kind.Fields[i].Name
			if key, ok := strings.CutPrefix(name, f.Name+"."); ok && (f.Value.IsNull() || f.Value.Has(key)) {
				all = append(all, run.Field{Name: name, Value: f.Value.Get(key)})
			}
		}
	}
	return all
}

// isEmpty: the field holds nothing.
func isEmpty(v value.Value) bool {
	return v.IsNull() || v.Kind() == value.KindBool && !v.Bool()
}

// sameHeld reports whether nothing is lost when a field keeps what it holds.
func sameHeld(holds, wanted value.Value) bool {
	return holds.Equal(wanted) || isEmpty(holds) && isEmpty(wanted)
}

// makerOf reads who made a thing or a change. What cannot be read, which the doctor finds, names nobody.
func makerOf(stored string) record.Maker {
	m, err := record.ReadMaker(stored)
	if err != nil {
		return record.Maker{}
	}
	return m
}

package types

import (
	"fmt"
	"slices"
)

// MayBeNull says whether a value of the type may be null as far as the types know. Of any it is not said: what any
// holds is seen when the spec runs.
func (t Type) MayBeNull() bool {
	return t.Kind == Null || t.Optional && t.Kind != Any && t.Kind != Unknown
}

// IsJSON says whether values of the type are JSON: such types fit any, and any fits them.
func (t Type) IsJSON() bool {
	switch t.Kind {
	case Unknown, Null, String, Number, Boolean, Any:
		return true
	case Array:
		return t.Elem.IsJSON()
	case Object:
		return !slices.ContainsFunc(t.Fields, func(f Field) bool { return !f.Type.IsJSON() })
	case OneOf, Variable:
		return t.Among == nil || slices.ContainsFunc(t.Among, isJSONKind)
	}
	return false
}

func isJSONKind(k Kind) bool {
	switch k {
	case String, Number, Boolean, Any, Object, Array:
		return true
	}
	return false
}

// IsPersonal says whether a value of the type is personal, or has something personal in it and so counts as such.
func (t Type) IsPersonal() bool {
	switch t.Kind {
	case Personal:
		return true
	case Any:
		return t.Marks.Leads()
	case Array, Table:
		return t.Elem.IsPersonal()
	case Object:
		return slices.ContainsFunc(t.Fields, func(f Field) bool { return f.Type.IsPersonal() })
	}
	return false
}

// isOnePersonal says whether a value of the type is a personal value itself, or nothing but such values in lists: no
// object that has one in it.
func (t Type) isOnePersonal() bool {
	_, marked := t.Marks.Hit()
	return t.Kind == Personal || t.Kind == Any && marked
}

// PersonalPath is where what is personal in the type comes from, "" where that is not known or nothing is.
func (t Type) PersonalPath() string {
	switch t.Kind {
	case Any, Personal:
		return t.Marks.Path()
	case Array, Table:
		return t.Elem.PersonalPath()
	case Object:
		for _, f := range t.Fields {
			if f.Type.IsPersonal() {
				return f.Type.PersonalPath()
			}
		}
	}
	return ""
}

// marks are all that are in the type.
func (t Type) marks() Marks {
	switch t.Kind {
	case Any, Personal:
		return t.Marks
	case Array, Table:
		return t.Elem.marks()
	case Object:
		var all Marks
		for _, f := range t.Fields {
			all = all.With(f.Type.marks())
		}
		return all
	}
	return nil
}

// asAny are the marks of what is known as any from here on: those in fields of objects hold at any depth. It is for
// types that are not personal.
func (t Type) asAny() Marks {
	switch t.Kind {
	case Any:
		return t.Marks
	case Array: // marks go through lists
		return t.Elem.asAny()
	case Object:
		var all Marks
		for _, f := range t.Fields {
			all = all.With(f.Type.asAny().anywhere())
		}
		return all
	}
	return nil
}

// Same says whether two types are the same.
func Same(a, b Type) bool {
	if a.Kind != b.Kind || a.Optional != b.Optional || a.Noun != b.Noun || a.Name != b.Name || !slices.Equal(a.Among, b.Among) || !a.Marks.Same(b.Marks) {
		return false
	}
	if (a.Elem == nil) != (b.Elem == nil) || a.Elem != nil && !Same(*a.Elem, *b.Elem) {
		return false
	}
	return a.Kind == Ref || slices.EqualFunc(a.Fields, b.Fields, func(f, g Field) bool { return f.Name == g.Name && Same(f.Type, g.Type) })
}

// Fits says whether a value of type t can go where want is asked for, null apart (see MayBeNull).
func Fits(t, want Type) bool {
	switch {
	case t.Kind == Unknown || t.Kind == Null || want.Kind == Unknown:
		return true
	case want.Kind == OneOf || want.Kind == Variable:
		return fitsOne(t, want.Among)
	case t.Kind == Array && want.Kind == Array:
		return Fits(*t.Elem, *want.Elem)
	case t.Kind == Any && t.IsPersonal() && want.Kind == Array: // perhaps a list
		return Fits(t, *want.Elem)
	case t.IsPersonal():
		return want.IsPersonal() && t.Kind == want.Kind
	case want.Kind == Any:
		return t.IsJSON()
	case t.Kind == Any:
		return want.IsJSON()
	case t.Kind != want.Kind:
		return false
	}
	switch t.Kind {
	case Table:
		return Fits(*t.Elem, *want.Elem)
	case Ref:
		return t.Noun == want.Noun
	case Object:
		for _, f := range want.Fields {
			if got, ok := t.Field(f.Name); !ok || !Fits(got, f.Type) {
				return false
			}
		}
	}
	return true
}

func fitsOne(t Type, among []Kind) bool {
	switch {
	case among == nil:
		return true
	case t.IsPersonal():
		return t.isOnePersonal() && slices.Contains(among, Personal)
	case slices.Contains(among, t.Kind):
		return true
	}
	return t.Kind == Any && slices.ContainsFunc(among, isJSONKind) || t.IsJSON() && slices.Contains(among, Any)
}

// Unify gives the one type of several values that lead to one result: null makes it optional, JSON types that are not
// alike make it any, and what is personal makes it personal. Other types have nothing in common.
func Unify(list ...Type) (Type, error) {
	if len(list) == 0 {
		return Type{Kind: Null}, nil
	}
	t := list[0]
	for _, u := range list[1:] {
		var err error
		if t, err = unify(t, u); err != nil {
			return Broken, err
		}
	}
	return t, nil
}

func unify(a, b Type) (Type, error) {
	switch {
	case a.Kind == Null:
		return b.Maybe(), nil
	case b.Kind == Null:
		return a.Maybe(), nil
	case a.Kind == Unknown:
		return a, nil
	case b.Kind == Unknown:
		return b, nil
	}
	optional, internal := a.Optional || b.Optional, a.Internal || b.Internal
	with := func(t Type) (Type, error) {
		t.Optional, t.Internal = optional, internal
		return t, nil
	}
	switch {
	case Same(a.Sure(), b.Sure()):
		return with(a)
	case a.Kind == Any && (b.Kind == Any || b.IsJSON() && !b.IsPersonal()), b.Kind == Any && a.IsJSON() && !a.IsPersonal():
		return with(Free.Marked(a.asAny().With(b.asAny())))
	case a.IsPersonal() || b.IsPersonal():
		return with(Private.Marked(a.marks().With(b.marks()).all()))
	}
	switch {
	case a.Kind == Array && b.Kind == Array:
		if elem, err := unify(*a.Elem, *b.Elem); err == nil {
			return with(ListOf(elem))
		}
	case a.Kind == Object && b.Kind == Object:
		if both, ok := inBoth(a, b); ok {
			return with(both)
		}
	case a.Kind == b.Kind && Fits(a, b):
		return with(b)
	case a.Kind == b.Kind && Fits(b, a):
		return with(a)
	}
	if a.IsJSON() && b.IsJSON() {
		return with(Free.Marked(a.asAny().With(b.asAny())))
	}
	return Type{}, fmt.Errorf("%s and %s have no type in common", a.Sure(), b.Sure())
}

// inBoth is the type of objects of one of which the fields are among those of the other: a field holds what either has.
func inBoth(a, b Type) (both Type, ok bool) {
	if len(a.Fields) > len(b.Fields) {
		a, b = b, a
	}
	fields := make([]Field, len(a.Fields))
	for i, f := range a.Fields {
		other, there := b.Field(f.Name)
		if !there {
			return Type{}, false
		}
		t, err := unify(f.Type, other)
		if err != nil {
			return Type{}, false
		}
		fields[i] = Field{Name: f.Name, Type: t}
	}
	return ObjectOf(fields...), true
}

// Bindings are the types that the variables of a declaration stand for at one place.
type Bindings map[string]Type

// Bind adds what an argument of type t says about the variables in want. It fails where that contradicts what is known.
func (b Bindings) Bind(want, t Type) error {
	switch want.Kind {
	case Variable:
		if known, ok := b[want.Name]; ok {
			both, err := unify(known, t)
			if err != nil {
				return err
			}
			t = both
		}
		b[want.Name] = t
	case Array, Table:
		switch {
		case t.Elem != nil:
			return b.Bind(*want.Elem, *t.Elem)
		case t.Kind == Any:
			return b.Bind(*want.Elem, Free.Marked(t.Marks))
		case t.Kind == Null: // an empty list
			return b.Bind(*want.Elem, t)
		case t.Kind == Unknown:
			return b.Bind(*want.Elem, Broken)
		}
	}
	return nil
}

// Apply puts the bindings in the place of variables.
func (b Bindings) Apply(t Type) Type {
	switch t.Kind {
	case Variable:
		bound, ok := b[t.Name]
		if !ok {
			return Broken
		}
		bound.Optional = bound.Optional || t.Optional
		return bound
	case Array, Table:
		elem := b.Apply(*t.Elem)
		t.Elem = &elem
	}
	return t
}

// PersonalFields gives the marked fields of a schema, by their paths.
func (t Type) PersonalFields() []Mark { return t.From("").marks().List() }

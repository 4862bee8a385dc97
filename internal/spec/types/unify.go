package types

import "fmt"

// Unify gives the one type of a result that may be any of several values: null makes it optional, unlike JSON types
// make it any; all else must be of one type.
func Unify(list ...Type) (Type, error) {
	if len(list) == 0 {
		return Type{Kind: Null}, nil
	}
	t := list[0]
	for _, next := range list[1:] {
		joined, err := unify(t, next)
		if err != nil {
			return Broken, err
		}
		t = joined
	}
	return t, nil
}

func unify(a, b Type) (Type, error) {
	t := a
	switch {
	case a.Kind == Unknown || b.Kind == Unknown:
		return Broken, nil
	case b.Kind == Null, a.sure() == b.sure():
	case a.Kind == Null:
		t = b
	case a.Kind == Array && b.Kind == Array:
		elem, err := unify(*a.Elem, *b.Elem)
		if err != nil {
			return Broken, err
		}
		t = ListOf(elem)
	case a.IsJSON() && b.IsJSON():
		t = Free
	default:
		return Broken, fmt.Errorf("%s and %s cannot be one result", a, b)
	}
	t.Optional = a.Optional || b.Optional || a.Kind == Null || b.Kind == Null
	t.Internal = a.Internal || b.Internal
	return t, nil
}

// IsJSON says whether values of the type are JSON values all through.
func (t Type) IsJSON() bool {
	switch t.Kind {
	case String, Number, Boolean, Any, Null:
		return true
	case Array:
		return t.Elem.IsJSON()
	case Object:
		for _, f := range t.Fields {
			if !f.Type.IsJSON() {
				return false
			}
		}
		return true
	}
	return false
}

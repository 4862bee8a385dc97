package library

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Call is one place in a spec where an expression is used, as its meaning sees it. Args are in the order of the
// parameters; of the parameter that takes as many as one likes the arguments are Rest, and its Arg is empty.
type Call struct {
	Signature *types.Signature
	Args      []Arg
	Rest      []Arg
}

// Arg is one argument of a call.
type Arg struct {
	Eval    run.Expr     // nil where it is left out
	Literal *value.Value // nil where it is no literal
	Name    string       // of the expression: "var", "concat"
	Pointer string       // of the argument, for errors
	Formula string       // of the argument, for messages
	Slot    int          // of the name that a Name parameter binds
	Type    types.Type   // what the parameter takes
	Chosen  bool         // it is an if: what it gives was chosen by a condition, also when that is nothing

	kinds kinds // of Type
}

// Make makes what computes the expression at one place; key says that it stands directly in a key.
func (e *Expression) Make(c *Call, key bool) run.Expr {
	for _, args := range [][]Arg{c.Args, c.Rest} {
		for i := range args {
			args[i].kinds = kindsOf(args[i].Type)
		}
	}
	if key && e.Key != nil {
		return e.Key(c)
	}
	return e.Meaning(c)
}

// Meaning computes a result from the values of all arguments: first those of the parameters, null where left out, then
// the rest. Where the signature says NullIn, none that was given is null.
type Meaning func(f *run.Frame, args []value.Value) (value.Value, *run.DataError)

// eager is the meaning of expressions that evaluate all their arguments, from the left, before they begin.
func eager(meaning Meaning) func(*Call) run.Expr {
	return func(c *Call) run.Expr { return c.eager(meaning) }
}

func (c *Call) eager(meaning Meaning) run.Expr {
	type checked struct {
		*Arg
		nullsIn bool // null here makes the result null
	}
	var args []checked
	for i := range c.Args {
		if p := &c.Signature.Params[i]; p.Form != types.Expressions {
			args = append(args, checked{&c.Args[i], c.Signature.Nulls == types.NullIn && p.Name != fallback})
		}
	}
	for i := range c.Rest {
		args = append(args, checked{&c.Rest[i], c.Signature.Nulls == types.NullIn})
	}
	return func(f *run.Frame) (value.Value, *run.DataError) {
		depth := f.Depth()
		missing := false
		for i := range args {
			a := &args[i]
			if a.Eval == nil {
				f.Push(value.Null())
				continue
			}
			v, err := a.Eval(f)
			if err == nil && (v.IsNull() || !a.kinds.have(v)) {
				v, err = mend(a.Arg, v)
				missing = missing || a.nullsIn && v.IsNull()
			}
			if err != nil {
				f.Pop(depth)
				return value.Null(), err
			}
			f.Push(v)
		}
		if missing {
			f.Pop(depth)
			return value.Null(), nil
		}
		v, err := meaning(f, f.Args(depth))
		f.Pop(depth)
		return v, err
	}
}

// eval evaluates one argument, checked; null passes.
func (a *Arg) eval(f *run.Frame) (value.Value, *run.DataError) {
	v, err := a.Eval(f)
	if err != nil || a.kinds.have(v) {
		return v, err
	}
	return mend(a, v)
}

// mend settles a value that is not plainly of the wanted kind: null passes (a null list is an empty one), all else is
// an error.
func mend(a *Arg, v value.Value) (value.Value, *run.DataError) {
	if v.IsNull() {
		if a.Type.Kind == types.Array {
			return value.List(nil), nil
		}
		return v, nil
	}
	return v, at(a.Pointer, wrongKind(a.Type, v))
}

// at says where an error is, unless it knows.
func at(pointer string, err *run.DataError) *run.DataError {
	if err.Place == "" {
		err.Place = pointer
	}
	return err
}

// kinds is a set of value kinds, null apart. wide is in it where numbers of any size are taken, open where what is
// within a list or object counts: nothing personal may be there.
type kinds uint32

const (
	wide kinds = 1 << 16
	open kinds = 1 << 17
)

// have reports whether v is right.
func (k kinds) have(v value.Value) bool {
	return k>>v.Kind()&1 != 0 && (k&wide != 0 || v.InRange()) && (k&open == 0 || !v.HoldsPersonal())
}

func set(of ...value.Kind) (k kinds) {
	for _, kind := range of {
		k |= 1 << kind
	}
	return k
}

var (
	jsonKinds = set(value.KindText, value.KindNumber, value.KindBool, value.KindList, value.KindObject)
	allKinds  = jsonKinds | set(value.KindMoment, value.KindRef, value.KindPseudonym, value.KindNull)
)

// kindsOf gives the kinds that a type takes.
func kindsOf(t types.Type) kinds {
	switch t.Kind {
	case types.Personal:
		return set(value.KindPseudonym)
	case types.String:
		return set(value.KindText)
	case types.Number:
		return set(value.KindNumber)
	case types.Boolean:
		return set(value.KindBool)
	case types.Datetime:
		return set(value.KindMoment)
	case types.Any:
		return jsonKinds | wide | open
	case types.Object, types.Table:
		return set(value.KindObject)
	case types.Array:
		return set(value.KindList) | kindsOf(*t.Elem)&open
	case types.Ref:
		return set(value.KindRef)
	case types.OneOf, types.Variable:
		if t.Among == nil {
			return allKinds | wide
		}
		var k kinds
		for _, kind := range t.Among {
			if kind == types.Array { // of whatever is in it
				k |= set(value.KindList)
				continue
			}
			k |= kindsOf(types.Type{Kind: kind})
		}
		if k&set(value.KindList, value.KindObject) != 0 {
			k |= open
		}
		return k
	}
	return 0
}

// wrongKind says that v, which is not null, is not what t takes.
func wrongKind(t types.Type, v value.Value) *run.DataError {
	switch {
	case v.HoldsPersonal():
		return run.Fail("personal_data", v, personalText(v)+", which may not be used here", "Use pseudonym(…) of it, or take it out.")
	case v.Kind() == value.KindNumber && kindsOf(t)>>value.KindNumber&1 == 1:
		return run.Fail("out_of_range", v, "the number "+Preview(v)+" has more than 38 digits before the point", "Send it as text if it is an id.")
	}
	remedy := "Check what the sender puts here."
	switch t.Kind {
	case types.Datetime:
		remedy = "Make a datetime of it with parse_datetime(…)."
	case types.Number:
		remedy = "Make a number of it with parse_number(…)."
	case types.String:
		if v.Kind() == value.KindNumber {
			remedy = "Make text of it with concat(…)."
		}
	case types.Boolean:
		remedy = `Compare it: equals(…, "yes").`
	}
	return run.Fail("wrong_kind", v, fmt.Sprintf("%s is %s, and %s is needed here", Preview(v), v.Kind(), wanted(t)), remedy)
}

func personalText(v value.Value) string {
	if v.Kind() == value.KindPseudonym {
		return "this is customer personal data"
	}
	return "this has customer personal data in it"
}

func wanted(t types.Type) string {
	switch t.Kind {
	case types.String:
		return "text"
	case types.Number:
		return "a number"
	case types.Boolean:
		return "true or false"
	case types.Datetime:
		return "a datetime"
	case types.Array:
		return "a list"
	case types.Object:
		return "an object"
	case types.Table:
		return "a table"
	case types.Ref:
		return "the result of an upsert (" + t.String() + ")"
	}
	return t.String()
}

// Preview is a value for a message: its JSON, cut off where it gets long.
func Preview(v value.Value) string {
	const most = 80
	if v.Kind() == value.KindPseudonym {
		return "a personal value"
	}
	b, _ := v.AppendLimited(nil, 4*most, run.MaxDepth)
	s := []rune(string(b))
	if len(s) <= most {
		return string(s)
	}
	return string(s[:most]) + "…"
}

// req declares an argument that must be given.
func req(name string, t types.Type, help string) types.Param {
	return types.Param{Name: name, Type: t, Required: true, Help: help}
}

// opt declares an argument that may be left out.
func opt(name string, t types.Type, help string) types.Param {
	return types.Param{Name: name, Type: t, Help: help}
}

// many declares arguments of which there may be as many as one likes, but one at least.
func many(name string, t types.Type, help string) types.Param {
	return types.Param{Name: name, Type: t, Form: types.Expressions, Required: true, Help: help}
}

// word declares an argument that is one of some words. An expression may take it from data, unless it is literal.
func word(name, help string, words ...string) types.Param {
	return types.Param{Name: name, Type: types.Text, Words: words, Help: help}
}

func literal(p types.Param) types.Param {
	p.Literal = true
	return p
}

func unmarked(of string, p types.Param) types.Param {
	p.Unmarked = of
	return p
}

func valid(p types.Param, check func(value.Value) error) types.Param {
	p.Valid = check
	return p
}

// whole reads a whole number, or fails.
func whole(v value.Value, pointer string) (int64, *run.DataError) {
	n, ok := v.Decimal().Int64()
	if !ok {
		return 0, at(pointer, run.Fail("out_of_range", v, Preview(v)+" is not a whole number", "Round it first: round(…)."))
	}
	return n, nil
}

// idText gives a text or number as text.
func idText(v value.Value) string {
	if v.Kind() == value.KindNumber {
		return v.Decimal().String()
	}
	return v.Text()
}

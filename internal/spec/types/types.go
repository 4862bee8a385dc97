// Package types has the static types of the spec language, what fits where, and the shape in which expressions and
// instructions declare what they take and give. It knows no expression and no operation by name and never looks at a
// run-time value.
package types

import "strings"

// Kind of a type.
type Kind uint8

// The kinds. The last two occur in declarations only.
const (
	None    Kind = iota // no result at all
	Unknown             // what follows from a mistake; fits everywhere, so that one mistake is told once
	Null                // of the literal null alone
	String
	Number
	Boolean
	Datetime
	Any // any JSON value
	Object
	Array
	Table // constants only: text → string, number or boolean
	Ref   // an identity or a record
	Personal

	OneOf    // any type whose kind is in Among (V: every kind but Personal)
	Variable // as OneOf, and the same type at each place of one declaration that uses its Name
)

// Type is a static type. Types are immutable.
type Type struct {
	Kind     Kind
	Optional bool    // may be null
	Elem     *Type   // of Array and Table
	Fields   []Field // of Object and Ref, in their order
	Noun     string  // of Ref: "agent" …, "activity" …
	Name     string  // of Variable: "T"
	Among    []Kind  // of OneOf and Variable; nil: every kind
	Internal bool    // text made of an id the store gave: a warning where it is stored in a field
	Marks    Marks   // of Any: where personal data is in it; of Personal: its own
}

// Field is one field of an object, identity or record.
type Field struct {
	Name string
	Type Type
}

// The plain types.
var (
	Text    = Type{Kind: String}
	Num     = Type{Kind: Number}
	Bool    = Type{Kind: Boolean}
	Moment  = Type{Kind: Datetime}
	Free    = Type{Kind: Any}
	Private = PersonalOf("text")
	Broken  = Type{Kind: Unknown} // what follows from a mistake

	// ID is a string or a number; numbers become their canonical text.
	ID = Type{Kind: OneOf, Among: []Kind{String, Number}}
	// Plain is V of the language: any type but personal.
	Plain = Type{Kind: OneOf, Among: []Kind{String, Number, Boolean, Datetime, Any, Object, Array, Table, Ref}}
	// Something is any type at all, personal too.
	Something = Type{Kind: OneOf}
)

// Var is a type variable of a declaration: T, or with kinds one of those.
func Var(name string, among ...Kind) Type { return Type{Kind: Variable, Name: name, Among: among} }

// ListOf gives array<elem>.
func ListOf(elem Type) Type { return Type{Kind: Array, Elem: &elem} }

// PersonalOf gives the type of a marked field: personal data of a kind, one of PersonalKinds.
func PersonalOf(kind string) Type {
	return Type{Kind: Personal, Marks: Marks{{kind: kind}}}
}

// TableOf gives table<elem>.
func TableOf(elem Type) Type { return Type{Kind: Table, Elem: &elem} }

// ObjectOf gives an object with these fields.
func ObjectOf(fields ...Field) Type { return Type{Kind: Object, Fields: fields} }

// RefTo gives the type of an identity or record of a noun, with the fields it can be read by.
func RefTo(noun string, fields ...Field) Type { return Type{Kind: Ref, Noun: noun, Fields: fields} }

// Maybe gives T?.
func (t Type) Maybe() Type {
	t.Optional = true
	return t
}

// Sure gives T of T?.
func (t Type) Sure() Type {
	t.Optional = false
	return t
}

// Field gives the type of a field of an object, identity or record.
func (t Type) Field(name string) (Type, bool) {
	for _, f := range t.Fields {
		if f.Name == name {
			return f.Type, true
		}
	}
	return Type{}, false
}

// Marked gives any of a type that is any: data in which these marks hold.
func (t Type) Marked(marks Marks) Type {
	t.Marks = marks
	return t
}

// Key gives the type below a key of any, personal or unknown: what is in there has no schema.
func (t Type) Key(key string) Type {
	if t.Kind == Any {
		t.Marks = t.Marks.Key(key)
	}
	return t
}

// Computed gives the type of what a computed key takes out of any or personal. Out of what is personal as a whole it is
// personal.
func (t Type) Computed() Type {
	switch {
	case t.Kind == Any && t.Marks.Leads():
		t.Marks = t.Marks.all()
	case t.Kind == Any:
		t.Marks = t.Marks.AnyKey()
	}
	return t
}

// From gives the type with the paths of what is personal in it, read from a name.
func (t Type) From(name string) Type {
	switch t.Kind {
	case Any, Personal:
		if t.Kind == Personal && len(t.Marks) == 0 {
			t.Marks = Private.Marks
		}
		t.Marks = t.Marks.within(name)
	case Array:
		elem := t.Elem.From(name + "[]")
		t.Elem = &elem
	case Object:
		fields := make([]Field, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = Field{Name: f.Name, Type: f.Type.From(below(name, f.Name))}
		}
		t.Fields = fields
	}
	return t
}

// IsIdentity says whether t is an external identity (else a Ref is a record).
func (t Type) IsIdentity() bool {
	if t.Kind != Ref {
		return false
	}
	switch t.Noun {
	case "agent", "team", "project", "segment", "proposition":
		return true
	}
	return false
}

// String is the type as the language's reference and error texts write it.
func (t Type) String() string {
	s := t.sure()
	if t.Optional && t.Kind != Null && t.Kind != Unknown {
		s += "?"
	}
	return s
}

var kindNames = [...]string{
	None: "nothing", Unknown: "unknown", Null: "null", String: "string", Number: "number", Boolean: "boolean",
	Datetime: "datetime", Any: "any", Object: "object", Array: "array", Table: "table", Ref: "record", Personal: "personal",
	OneOf: "any type", Variable: "any type",
}

func (k Kind) String() string { return kindNames[k] }

func (t Type) sure() string {
	switch t.Kind {
	case Array, Table:
		return t.Kind.String() + "<" + t.Elem.String() + ">"
	case Object:
		parts := make([]string, len(t.Fields))
		for i, f := range t.Fields {
			parts[i] = f.Name + ": " + f.Type.String()
		}
		return "object{" + strings.Join(parts, ", ") + "}"
	case Ref:
		if t.IsIdentity() {
			return t.Noun + "_external_identity"
		}
		return t.Noun
	case OneOf, Variable:
		switch {
		case t.Among == nil:
			return "any type"
		case len(t.Among) == len(Plain.Among):
			return "any type but personal"
		}
		parts := make([]string, len(t.Among))
		for i, k := range t.Among {
			parts[i] = k.String()
		}
		return strings.Join(parts, " or ")
	}
	return t.Kind.String()
}

package api

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/types"
)

// TypeView is a type of the spec language, for forms and pickers.
type TypeView struct {
	Text     string      `json:"text" doc:"As the reference writes it." example:"array<string>?"`
	Kind     string      `json:"kind" enum:"string,number,boolean,datetime,any,object,array,table,identity,record,personal,null,unknown,one_of" doc:"any: JSON without a schema; one_of: one of the kinds in among; unknown: what follows from a mistake, and fits everywhere."`
	Optional bool        `json:"optional" doc:"May be null."`
	Noun     string      `json:"noun,omitempty" doc:"Of an identity or a record: agent, sale …"`
	Elem     *TypeView   `json:"elem,omitempty" doc:"Of an array or a table."`
	Fields   []FieldType `json:"fields,omitempty" doc:"Of an object, an identity or a record. Left out where the type is one that a place takes: the noun says it all."`
	Among    []string    `json:"among,omitempty" doc:"Of one_of: the kinds; left out, any kind at all."`
	Variable string      `json:"variable,omitempty" doc:"Of a declaration: the same type at each place that has this name."`
	Internal bool        `json:"internal,omitempty" doc:"An id that this system gave, which no other system knows."`
	Personal *MarkedType `json:"personal,omitempty" doc:"It is personal data of a customer, or has some in it."`
}

// FieldType is one field of an object, an identity or a record.
type FieldType struct {
	Name string   `json:"name"`
	Type TypeView `json:"type"`
}

// MarkedType says where in a type personal data is.
type MarkedType struct {
	Whole bool         `json:"whole" doc:"The value itself is personal; false: something in it is."`
	Marks []types.Mark `json:"marks" doc:"Paths and kinds of what is marked."`
}

// viewType shows the type of a value, with all that can be read of it.
func viewType(t types.Type) TypeView {
	v := outline(t)
	for _, f := range t.Fields {
		v.Fields = append(v.Fields, FieldType{f.Name, viewType(f.Type)})
	}
	if t.Elem != nil {
		elem := viewType(*t.Elem)
		v.Elem = &elem
	}
	return v
}

// viewTaken shows the type that a place takes.
func viewTaken(t types.Type) TypeView {
	if t.Kind == types.Ref {
		return outline(t)
	}
	v := outline(t)
	for _, f := range t.Fields {
		v.Fields = append(v.Fields, FieldType{f.Name, viewTaken(f.Type)})
	}
	if t.Elem != nil {
		elem := viewTaken(*t.Elem)
		v.Elem = &elem
	}
	return v
}

// outline is a type without what is in it.
func outline(t types.Type) TypeView {
	v := TypeView{Text: t.String(), Kind: kindName(t), Optional: t.Optional && t.Kind != types.Unknown || t.Kind == types.Null, Internal: t.Internal}
	switch t.Kind {
	case types.Ref:
		v.Noun = t.Noun
	case types.OneOf, types.Variable:
		v.Variable = t.Name
		for _, k := range t.Among {
			v.Among = append(v.Among, k.String())
		}
		if slices.Contains(t.Among, types.Ref) {
			v.Among = append(v.Among, "identity")
		}
	}
	if t.IsPersonal() {
		_, hit := t.Marks.Hit()
		v.Personal = &MarkedType{Whole: t.Kind == types.Personal || t.Kind == types.Any && hit, Marks: t.PersonalFields()}
		if v.Personal.Marks == nil {
			v.Personal.Marks = []types.Mark{}
		}
	}
	return v
}

func kindName(t types.Type) string {
	switch {
	case t.IsIdentity():
		return "identity"
	case t.Kind == types.OneOf || t.Kind == types.Variable:
		return "one_of"
	}
	return t.Kind.String()
}

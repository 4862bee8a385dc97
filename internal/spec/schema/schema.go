// Package schema makes a JSON Schema (draft 2020-12) of specs as people write them and as they are stored, for editors
// that complete and check while somebody types. It is drawn from the library's declarations and knows no operation by
// name. It sees forms only: whether a name exists or a type fits, package check says.
package schema

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// ID names the schema, so that others can refer to it. Nothing is there to be fetched.
const ID = "https://dealwright.dev/schema/spec-1.json"

// node is one schema.
type node = map[string]any

// Patterns of what is text in a spec. Editors' regular expressions and Go's read them alike.
const (
	namePattern    = `^[A-Za-z_][A-Za-z0-9_]{0,63}$`
	idPattern      = `^[A-Za-z0-9_-]{1,40}$`
	formulaPattern = `^=[^=]`
	// A text that is no literal but a formula has one = in front.
	textPattern = `^([^=]|==|$)`
)

// JSON gives the schema of specs for a library.
func JSON(lib *library.Library) []byte {
	s := maker{lib: lib, defs: node{}}
	root := s.spec(lib.Models())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["$id"] = ID
	root["title"] = "Dealwright spec"
	root["$defs"] = s.defs
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil { // maps of texts, numbers and lists always can be written
		panic(err)
	}
	return append(b, '\n')
}

type maker struct {
	lib  *library.Library
	defs node
}

func (s *maker) spec(models []library.Model) node {
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	s.shared()
	s.instructions()
	s.expressions()
	s.defs["test"] = s.test()
	return object(node{
		"spec":         node{"const": tree.Revision, "description": "The revision of the language."},
		"source_model": node{"enum": names, "description": "The type of the items the spec is for."},
		"var":          described(text(namePattern), "The name the item is bound to; left out, the model's own."),
		"note":         note(),
		"constants": node{"type": "array", "maxItems": tree.MaxConstants, "description": "Named here, valued on each link.", "items": object(node{
			"name": text(namePattern), "type": node{"enum": check.ConstantTypes()}, "default": node{"type": []string{"string", "number", "boolean", "object"}}, "note": note(),
		}, "name", "type")},
		"enrichments": node{"type": "array", "description": "Fetched before the first instruction.", "items": object(node{
			"name": text(namePattern), "of": node{"type": "string"}, "use": node{"type": "string"}, "note": note(),
		}, "name", "of", "use")},
		"instructions": ref("instructions"),
		"tests":        node{"type": "array", "maxItems": tree.MaxTests, "items": ref("test")},
	}, "spec", "source_model", "instructions")
}

// shared are the forms that everything else is made of.
func (s *maker) shared() {
	s.defs["comments"] = node{
		"type": "object", "description": "Comments of the YAML: what they stand above, and their lines.",
		"additionalProperties": node{"type": "array", "items": node{"type": "string"}},
	}
	s.defs["formula"] = described(text(formulaPattern), "A formula.")
	s.defs["instructions"] = node{"type": "array", "items": ref("instruction")}
}

// instructions are told apart by their type. A disabled one is kept as it is and may be anything.
func (s *maker) instructions() {
	var consts, cases []any
	for _, o := range s.lib.Operations() {
		name := "instruction." + o.Name
		consts = append(consts, node{"const": o.Name, "title": o.Title, "description": o.Help})
		cases = append(cases, when(o.Name, ref(name)))
		s.defs[name] = s.instruction(o)
	}
	s.defs["instruction"] = node{
		"type": "object", "required": []string{"type"},
		"if":   node{"properties": node{"disabled": node{"const": true}}, "required": []string{"disabled"}},
		"then": node{"properties": node{"type": node{"type": "string"}}},
		"else": node{"properties": node{"type": node{"anyOf": consts}}, "allOf": cases},
	}
}

// when is a schema that holds for objects of one type.
func when(name string, then node) node {
	return node{"if": node{"properties": node{"type": node{"const": name}}, "required": []string{"type"}}, "then": then}
}

func (s *maker) instruction(o *library.Operation) node {
	properties := node{
		"type": node{"const": o.Name}, "id": text(idPattern), "note": note(), "disabled": node{"type": "boolean"},
	}
	required := []string{"type"}
	for i := range o.Params {
		p := &o.Params[i]
		properties[p.Name] = described(s.field(p), p.Help)
		if p.Required {
			required = append(required, p.Name)
		}
	}
	if o.Result.Kind != types.None || o.ReturnAs {
		properties["return_as"] = described(text(namePattern), "The name the result is bound to.")
	}
	if o.ReturnAs {
		required = append(required, "return_as")
	}
	return described(object(properties, required...), o.Help)
}

// expressions are trees: what a formula is stored as.
func (s *maker) expressions() {
	var consts, cases []any
	add := func(name, help string, def node) {
		consts = append(consts, node{"const": name, "description": help})
		cases = append(cases, when(name, ref("expression."+name)))
		s.defs["expression."+name] = def
	}
	literal := closed(node{"type": node{"const": tree.Literal}, "value": node{"type": []string{"string", "number", "boolean", "null"}}, "number": node{"type": "string"}}, "type")
	literal["oneOf"] = []any{node{"required": []string{"value"}}, node{"required": []string{"number"}}}
	add(tree.Literal, "A value that is always the same.", literal)
	add(tree.Var, "A variable, or what is at a path in it.", closed(node{"type": node{"const": tree.Var}, "var": node{"type": "string"}}, "type", "var"))
	for _, e := range s.lib.Expressions() {
		properties, required := node{"type": node{"const": e.Name}}, []string{"type"}
		for i := range e.Params {
			p := &e.Params[i]
			properties[p.Name] = described(s.field(p), p.Help)
			if p.Required {
				required = append(required, p.Name)
			}
		}
		add(e.Name, e.Help, described(closed(properties, required...), e.Help))
	}
	s.defs["tree"] = node{
		"type": "object", "required": []string{"type"}, "properties": node{"type": node{"anyOf": consts}}, "allOf": cases,
	}
}

// field is what may be written in a field of an instruction or a parameter of an expression.
func (s *maker) field(p *types.Param) node {
	switch p.Form {
	case types.Name:
		return text(namePattern)
	case types.Body:
		return ref("instructions")
	case types.Cases:
		return node{"type": "array", "items": object(node{
			"equals": node{"anyOf": []any{s.expression(p), node{"type": "array", "items": s.expression(p)}}},
			"body":   ref("instructions"),
		}, "equals", "body")}
	case types.Expressions:
		list := node{"type": "array", "items": s.expression(p)}
		if p.Required {
			list["minItems"] = 1
		}
		return list
	case types.Group:
		properties := node{}
		var required []string
		for i := range p.Fields {
			f := &p.Fields[i]
			properties[f.Name] = described(s.field(f), f.Help)
			if f.Required {
				required = append(required, f.Name)
			}
		}
		group := closed(properties, required...)
		if p.Required {
			group["minProperties"] = 1
			return group
		}
		return node{"anyOf": []any{group, node{"type": "null"}, literalNull()}}
	default:
		return s.expression(p)
	}
}

// expression is a literal of the right form, a formula, or a tree.
func (s *maker) expression(p *types.Param) node {
	forms := []any{ref("formula"), ref("tree")}
	kinds := Literals(p.Type)
	switch {
	case p.Words != nil:
		forms = append(forms, node{"enum": p.Words})
	case slices.Contains(kinds, types.String):
		forms = append(forms, text(textPattern))
	}
	if slices.Contains(kinds, types.Number) {
		forms = append(forms, node{"type": "number"})
	}
	if slices.Contains(kinds, types.Boolean) {
		forms = append(forms, node{"type": "boolean"})
	}
	if !p.NeedsValue() {
		forms = append(forms, node{"type": "null"})
	}
	return node{"anyOf": forms}
}

// Literals are the kinds of literal that a type takes.
func Literals(t types.Type) []types.Kind {
	all := []types.Kind{types.String, types.Number, types.Boolean}
	switch t.Kind {
	case types.String, types.Number, types.Boolean:
		return []types.Kind{t.Kind}
	case types.Any:
		return all
	case types.OneOf, types.Variable:
		if t.Among == nil || slices.Contains(t.Among, types.Any) {
			return all
		}
		return t.Among
	}
	return nil
}

func (s *maker) test() node {
	kinds := check.Kinds(s.lib)
	before, expect := node{}, node{}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t := kinds[kind]
		given, read := node{"external_id": key()}, node{"external_id": key()}
		required := []string{"external_id"}
		if upsert := s.lib.Instruction("upsert_" + t.String()); upsert != nil {
			for _, p := range upsert.Params[1:] {
				given[p.Name], read[p.Name] = node{}, node{}
				if p.Required {
					required = append(required, p.Name)
				}
			}
		}
		for _, f := range t.Fields {
			if f.Name != "external_id" {
				read[f.Name] = node{}
			}
		}
		if t.IsIdentity() {
			given["linked"] = node{"type": "boolean"}
		} else {
			given["locked"] = node{"type": "array", "items": node{"type": "string"}}
		}
		before[kind] = node{"type": "array", "items": closed(given, required...)}
		expect[kind] = node{"type": "array", "items": closed(read, "external_id")}
	}
	expect["outcome"] = node{"enum": check.Outcomes}
	expect["error"] = closed(node{"instruction": node{"type": "string"}, "code": node{"type": "string"}})
	expect["failed_items"] = node{"type": "integer", "minimum": 0}
	return object(node{
		"name":        node{"type": "string", "pattern": `\S`},
		"note":        note(),
		"given":       described(node{"type": []string{"object", "array"}}, "One item, or a list of items delivered in order."),
		"constants":   node{"type": "object"},
		"zone":        node{"type": "string"},
		"received_at": node{"type": "string"},
		"before":      described(closed(before), "The records and identities that are there."),
		"expect":      described(closed(expect), "The outcome, and of each kind that is named exactly the records the run wrote or confirmed."),
	}, "name", "given", "expect")
}

// object is closed, but for comments and keys that mean nothing.
func object(properties node, required ...string) node {
	properties["comments"] = ref("comments")
	o := closed(properties, required...)
	o["patternProperties"] = node{"^x-": node{}}
	return o
}

func closed(properties node, required ...string) node {
	o := node{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		o["required"] = required
	}
	return o
}

func ref(def string) node { return node{"$ref": "#/$defs/" + strings.ReplaceAll(def, "/", "~1")} }

func text(pattern string) node { return node{"type": "string", "pattern": pattern} }

func key() node { return node{"type": []string{"string", "number"}} }

func note() node { return node{"type": "string", "description": "A person's remark."} }

func literalNull() node {
	return node{"type": "object", "properties": node{"type": node{"const": tree.Literal}, "value": node{"type": "null"}}, "required": []string{"type", "value"}}
}

// described puts a description beside a schema. 2020-12 allows it beside a $ref, too.
func described(n node, help string) node {
	if help != "" {
		n["description"] = help
	}
	return n
}

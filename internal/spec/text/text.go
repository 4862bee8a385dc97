// Package text turns what people write into trees and back: formulas, YAML and JSON, with the place of everything in
// the user's own file, and the one formatter. It says what cannot be read; whether a spec makes sense is for package
// check.
package text

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// ReadYAML reads a spec written as YAML. It gives the spec as far as it could be read (nil: not at all), everything
// that has not the form of a spec, and where things are in the file. The problems have their places.
func ReadYAML(data []byte, g tree.Grammar) (*tree.Spec, []tree.Problem, *Positions) {
	f, v, ok := readYAML(data)
	p := &Positions{grammar: g, read: f, given: v}
	if !ok {
		return nil, f.problems, p
	}
	spec, problems := decoder(g).Decode(v)
	f.comments(spec)
	problems = append(f.problems, slices.DeleteFunc(problems, f.told)...)
	p.Place(problems)
	return spec, problems, p
}

// told says whether a problem only follows from one of the file: a formula that YAML cut off.
func (f *sourceFile) told(p tree.Problem) bool {
	return p.Code == tree.Syntax && slices.ContainsFunc(f.problems, func(q tree.Problem) bool { return q.Pointer == p.Pointer })
}

// ReadJSON reads a spec written as JSON, as ReadYAML does YAML.
func ReadJSON(data []byte, g tree.Grammar) (*tree.Spec, []tree.Problem, *Positions) {
	p := &Positions{grammar: g, json: string(data)}
	v, problems := readJSON(data)
	if problems != nil {
		return nil, problems, p
	}
	p.given = v
	spec, problems := decoder(g).Decode(v)
	p.Place(problems)
	return spec, problems, p
}

func decoder(g tree.Grammar) *tree.Decoder {
	return &tree.Decoder{Grammar: g, Formula: func(source string) (*tree.Expr, []tree.FormulaProblem) {
		return ParseFormula(source, g)
	}}
}

// Decode makes a spec of a value, formulas in it as they are written. There are no problems: it is for what is known to
// be half written.
func Decode(v value.Value, g tree.Grammar) *tree.Spec {
	spec, _ := decoder(g).Decode(v)
	return spec
}

// ReadExpression reads one expression as a spec's tree has it, with the pointers of its problems from there on.
func ReadExpression(v value.Value, g tree.Grammar) (*tree.Expr, []tree.Problem) {
	return decoder(g).ReadExpr(v)
}

package api

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

func (s *Server) formulaRows() []Row {
	return []Row{
		{"POST", "/v1/formulas", access.ReadConfig, "Formulas from text to trees and back: nothing is kept, and names and types are not looked at", one(s.readFormulas)},
	}
}

type formulasInput struct {
	Body struct {
		Formulas []FormulaInput `json:"formulas" minItems:"1" maxItems:"200"`
	}
}

// FormulaInput is one formula, in one of its forms.
type FormulaInput struct {
	Text *string  `json:"text,omitempty" doc:"As it is typed, from its = on; without one it is a literal text. At most 16 KiB."`
	Tree anything `json:"tree,omitempty" doc:"Instead: the expression as a spec's tree has it."`
}

// FormulaView is one formula in both its forms.
type FormulaView struct {
	Text     *string          `json:"text" doc:"In the one way it is written, as YAML would have it; null: it could not be read."`
	Tree     anything         `json:"tree" doc:"Null: it could not be read."`
	Problems []FormulaProblem `json:"problems"`
}

// FormulaProblem is something wrong within a formula.
type FormulaProblem struct {
	Code    string `json:"code"`
	Message string `json:"message" said:"ours"`
	Hint    string `json:"hint,omitempty" said:"ours"`
	Column  int    `json:"column,omitempty" doc:"From 1, in characters of the text; = is at 1. Left out: of a tree."`
	Pointer string `json:"pointer,omitempty" doc:"JSON Pointer into the tree that was sent."`
	Mended  string `json:"mended,omitempty" doc:"The whole formula without the mistake."`
	Mend    string `json:"mend,omitempty" said:"ours" doc:"What that does."`
}

func (s *Server) readFormulas(_ context.Context, in *formulasInput) ([]FormulaView, error) {
	views := make([]FormulaView, len(in.Body.Formulas))
	for i, f := range in.Body.Formulas {
		isTree := len(f.Tree) > 0 && string(f.Tree) != "null"
		if isTree == (f.Text != nil) {
			return nil, fault.New(fault.Invalid, "The formulas were not read.").With(fault.Detail{
				Field: fmt.Sprintf("formulas[%d]", i), Index: &i, Code: "one_of", Message: "A formula is sent as text or as tree: one of the two.",
			})
		}
		if isTree {
			views[i] = s.formulaOfTree(f.Tree)
		} else {
			views[i] = s.formulaOfText(*f.Text)
		}
	}
	return views, nil
}

func (s *Server) formulaOfText(source string) FormulaView {
	v := FormulaView{Problems: []FormulaProblem{}}
	if len(source) == 0 || source[0] != '=' || len(source) > 1 && source[1] == '=' { // == is a text that begins with =
		if len(source) > 0 && source[0] == '=' {
			source = source[1:]
		}
		return s.bothForms(v, tree.Lit(value.Text(source)))
	}
	e, problems := text.ParseFormula(source, s.Library)
	for _, p := range problems {
		v.Problems = append(v.Problems, FormulaProblem{
			Code: p.Code, Message: p.Message, Hint: p.Hint, Column: utf8.RuneCountInString(source[:min(p.Offset, len(source))]) + 1, Mended: p.Mended, Mend: p.Mend,
		})
	}
	if e == nil || len(problems) > 0 {
		return v
	}
	return s.bothForms(v, e)
}

func (s *Server) formulaOfTree(raw anything) FormulaView {
	v := FormulaView{Problems: []FormulaProblem{}}
	given, syntax := value.ParseJSON(raw, tree.ParseLimits)
	if syntax != nil {
		v.Problems = append(v.Problems, FormulaProblem{Code: syntax.Code, Message: syntax.Message, Hint: syntax.Hint})
		return v
	}
	e, problems := text.ReadExpression(given, s.Library)
	for _, p := range problems {
		v.Problems = append(v.Problems, FormulaProblem{Code: p.Code, Message: p.Message, Hint: p.Hint, Pointer: p.Pointer})
	}
	if len(problems) > 0 {
		return v
	}
	return s.bothForms(v, e)
}

// bothForms shows an expression that could be read.
func (s *Server) bothForms(v FormulaView, e *tree.Expr) FormulaView {
	given := text.Given(e, s.Library)
	written := given.Text()
	if given.Kind() != value.KindText {
		written = text.PrintFormula(e, s.Library)
	}
	v.Text, v.Tree = &written, e.JSON().AppendJSON(nil)
	return v
}

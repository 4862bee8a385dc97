package tree

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// Every code that a problem can have is explained, once.
func TestCodesAreExplained(t *testing.T) {
	t.Parallel()
	explained := map[string]Code{}
	for _, c := range Codes {
		if _, twice := explained[c.Code]; twice || c.Means == "" || c.Do == "" {
			t.Errorf("%s is explained twice, or only half", c.Code)
		}
		explained[c.Code] = c
	}
	file, err := parser.ParseFile(token.NewFileSet(), "problem.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	severity, declared := Error, 0
	for _, d := range file.Decls {
		constants, ok := d.(*ast.GenDecl)
		if !ok || constants.Tok != token.CONST || constants.Specs[0].(*ast.ValueSpec).Type != nil {
			continue
		}
		for _, s := range constants.Specs {
			code, err := strconv.Unquote(s.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			declared++
			if c, ok := explained[code]; !ok || c.Severity != severity {
				t.Errorf("%s is not explained as %s", code, severity)
			}
		}
		severity = Warning // they come second
	}
	if declared != len(Codes) {
		t.Errorf("%d codes are declared, and %d explained", declared, len(Codes))
	}
}

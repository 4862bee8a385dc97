package spec_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

// The example of every code gives a problem of that code, and no other error.
func TestExamplesOfProblems(t *testing.T) {
	t.Parallel()
	for _, code := range tree.Codes {
		c := &oneCase{T: t, lib: withAsk, given: map[string]string{
			"spec.yaml": "spec: 1\nsource_model: webhook.payload\n" + code.Example + "\n", "marks": "contact.email email\n",
		}}
		c.model = c.readModel()
		c.read()
		found := false
		for _, p := range c.problems {
			found = found || p.Code == code.Code
			if p.Code != code.Code && p.Severity == tree.Error {
				t.Errorf("the example of %s also has %s: %s", code.Code, p.Code, p.Message)
			}
		}
		if !found {
			t.Errorf("the example of %s has %v\n%s", code.Code, c.problems, code.Example)
		}
	}
}

// The example of every error of a run fails with it; those that no item alone can give have a case elsewhere.
func TestExamplesOfErrors(t *testing.T) {
	t.Parallel()
	for _, code := range run.Codes {
		if code.Spec == "" {
			if code.Code != "personal_data" && code.Code != "enrichment_failed" {
				t.Errorf("%s has no example", code.Code)
			}
			continue
		}
		c := &oneCase{T: t, lib: withAsk, given: map[string]string{
			"spec.yaml": "spec: 1\nsource_model: webhook.payload\ninstructions:\n  " + strings.ReplaceAll(code.Spec, "\n", "\n  ") + "\n", "item.json": code.Item,
		}}
		c.model = c.readModel()
		if outcome := c.run()["outcome"]; !strings.HasPrefix(outcome, "failed\n"+code.Code+" ") {
			t.Errorf("the example of %s gives %s", code.Code, outcome)
		}
	}
}

// Every error of a run that a run itself can give has a case.
func TestErrorsHaveCases(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var told strings.Builder
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasPrefix(f.Name, "outcome") || f.Name == "formulas" {
				told.Write(f.Data)
			}
		}
	}
	for _, code := range run.Codes {
		if code.Code != "enrichment_failed" && !strings.Contains(told.String(), "\n"+code.Code+" ") && !strings.Contains(told.String(), "!"+code.Code) {
			t.Errorf("no case fails with %s", code.Code)
		}
	}
}

package examples_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/examples"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// fewest examples there may be, so that none is lost.
const fewest = 13

// folders are the examples.
func folders(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(examples.Specs, "*/spec.yaml")
	if err != nil || len(files) < fewest {
		t.Fatalf("%d examples, and there were %d once: %v", len(files), fewest, err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], "/spec.yaml")
	}
	return files
}

func read(t *testing.T, folder string) (*tree.Spec, []tree.Problem) {
	t.Helper()
	source, err := examples.Specs.ReadFile(folder + "/spec.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec, problems, places := text.ReadYAML(source, library.Standard())
	if spec == nil {
		t.Fatalf("%s: %v", folder, problems)
	}
	model, _ := library.Standard().Model(spec.SourceModel)
	_, more := check.Check(spec, library.Standard(), model)
	places.Place(more)
	return spec, append(problems, more...)
}

// TestCheck: people learn from examples, so not even a warning is left in them.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		_, problems := read(t, folder)
		for _, p := range problems {
			t.Errorf("%s/spec.yaml:%d:%d: %s: %s", folder, p.Line, p.Column, p.Code, p.Message)
		}
	}
}

// TestRoundTrip: each survives being stored and being formatted, and its canonical form is one.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	lib := library.Standard()
	for _, folder := range folders(t) {
		spec, _ := read(t, folder)
		stored, problems, _ := text.ReadJSON(spec.AppendJSON(nil), lib)
		if stored == nil || !tree.Equal(spec, stored) {
			t.Errorf("%s is another spec once it was stored: %v", folder, problems)
			continue
		}
		formatted := text.FormatYAML(stored, lib)
		written, err := examples.Specs.ReadFile(folder + "/spec.yaml")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(formatted), string(written)); diff != "" {
			t.Errorf("%s is not in canonical form; run dealwright spec fmt --write (-canonical +written):\n%s", folder, diff)
		}
		again, problems, _ := text.ReadYAML(formatted, lib)
		if again == nil || !tree.Equal(spec, again) {
			t.Errorf("%s is another spec once it was formatted: %v", folder, problems)
			continue
		}
		if diff := cmp.Diff(string(formatted), string(text.FormatYAML(again, lib))); diff != "" {
			t.Errorf("%s, formatted twice:\n%s", folder, diff)
		}
	}
}

// TestSpecTests runs the tests of each, which come by every instruction and every branch.
func TestSpecTests(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			spec, _ := read(t, folder)
			suite := suiteOf(t, spec)
			results, err := suite.RunAll()
			if err != nil {
				t.Fatal(err)
			}
			if len(results) < 2 {
				t.Errorf("it has %d tests", len(results))
			}
			for _, r := range results {
				for _, d := range r.Differences {
					t.Errorf("%s: %s", r.Name, d)
				}
			}
			for _, share := range []coverage.Share{suite.Coverage().Instructions(), suite.Coverage().Branches()} {
				for _, m := range share.Missed {
					t.Errorf("no test comes by %s %s %s", m.Pointer, m.Type, m.Branch)
				}
			}
		})
	}
}

// TestItems: what stands beside each spec is an item it can do something with.
func TestItems(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		content, err := os.ReadFile(folder + "/item.json")
		if err != nil {
			t.Error(err)
			continue
		}
		item, syntax := value.ParseJSON(content, value.Limits{})
		if syntax != nil {
			t.Errorf("%s/item.json: %v", folder, syntax)
			continue
		}
		spec, _ := read(t, folder)
		result, err := suiteOf(t, spec).Run(&tree.Test{Members: []value.Member{
			{Key: "name", Value: value.Text("item.json")},
			{Key: "given", Value: item},
			{Key: "expect", Value: value.Object(nil)},
		}})
		if err != nil || result.Outcome != run.Succeeded {
			t.Errorf("%s/item.json: it %s: %v %v", folder, result.Outcome, result.Differences, err)
		}
	}
}

// TestReadme: each has its line.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders(t) {
		if !strings.Contains(string(readme), "| ["+folder+"]("+folder+"/spec.yaml) | ") {
			t.Errorf("README.md has no line for %s", folder)
		}
	}
}

func suiteOf(t *testing.T, spec *tree.Spec) *spectest.Suite {
	t.Helper()
	model, _ := library.Standard().Model(spec.SourceModel)
	suite, err := spectest.New(spec, library.Standard(), model)
	if err != nil {
		t.Fatal(err)
	}
	return suite
}

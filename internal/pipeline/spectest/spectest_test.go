package spectest_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "rewrite what the cases expect; review the difference like code")

// TestCases: each file of testdata is a spec with tests, and what is told about them.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil || len(archive.Files) != 2 {
				t.Fatalf("a case has spec.yaml and told: %v", err)
			}
			got := tell(t, archive.Files[0].Data)
			if *update {
				archive.Files[1].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// crm is a model with enrichments: a deal has a contact, and that a company.
var crm = library.Model{
	Name: "crm.deal", Var: "deal",
	Type: types.ObjectOf(types.Field{Name: "id", Type: types.Num}),
	Enrichments: []library.Enrichment{
		{Use: "contact", Type: types.ObjectOf(types.Field{Name: "city", Type: types.Text.Maybe()}).Maybe()},
		{Use: "company", Of: "contact", Type: types.ObjectOf(types.Field{Name: "name", Type: types.Text}).Maybe()},
	},
}

func tell(t *testing.T, source []byte) string {
	t.Helper()
	lib := library.Standard()
	spec, problems, _ := text.ReadYAML(source, lib)
	if spec == nil {
		t.Fatal(problems)
	}
	model := library.WebhookPayload
	if spec.SourceModel == crm.Name {
		model = crm
	}
	_, more := check.Check(spec, lib, model)
	if all := append(problems, more...); tree.HasErrors(all) {
		t.Fatal(all)
	}
	suite, err := spectest.New(spec, lib, model)
	if err != nil {
		t.Fatal(err)
	}
	results, err := suite.RunAll()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, r := range results {
		verdict := "ok"
		if !r.Passed() {
			verdict = "FAIL"
		}
		fmt.Fprintf(&b, "%s: %s (%s)\n", verdict, r.Name, r.Outcome)
		for _, d := range r.Differences {
			fmt.Fprintf(&b, "  %s\n", d)
		}
		if !r.Passed() {
			tellSides(&b, r.Sides)
		}
	}
	tellShare(&b, "instructions", suite.Coverage().Instructions())
	tellShare(&b, "branches", suite.Coverage().Branches())
	return b.String()
}

// tellSides has a line for each thing compared: what was expected, and what came.
func tellSides(b *bytes.Buffer, sides []spectest.Side) {
	told := func(v *value.Value) string {
		if v == nil {
			return "–"
		}
		return v.String()
	}
	for _, s := range sides {
		mark := "!"
		if s.Same {
			mark = "="
		}
		fmt.Fprintf(b, "  %s %s: %s | %s\n", mark, strings.TrimSpace(s.Noun+" "+s.ExternalID+" "+s.Field), told(s.Want), told(s.Got))
	}
}

func tellShare(b *bytes.Buffer, what string, s coverage.Share) {
	fmt.Fprintf(b, "%d of %d %s\n", s.Reached, s.All, what)
	for _, m := range s.Missed {
		fmt.Fprintf(b, "  not %s\n", strings.TrimSpace(m.Instruction+" "+m.Type+" "+m.Branch))
	}
}

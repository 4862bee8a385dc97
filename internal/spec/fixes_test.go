package spec_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// fewestFixes there may be in all cases, so that none is lost.
const fewestFixes = 90

// hides are the problems that hide what else is wrong where they stand, or with the type of what is not known yet:
// mending one may show it.
var hides = []string{tree.Syntax, tree.UnknownType, tree.UnknownKey, tree.UnknownName, tree.NameTaken, tree.BadTest}

// Every fix of every case is made, in the text as it was written and in the tree: the problem is gone, and there is no
// error that was not there before.
func TestEveryFixMends(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	fixes, trees := 0, 0
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := &oneCase{T: t, lib: withAsk, given: map[string]string{}}
		for _, f := range txtar.Parse(data).Files {
			c.given[f.Name] = string(f.Data)
		}
		if c.given["spec.yaml"] == "" && c.given["spec.json"] == "" {
			continue
		}
		c.model = c.readModel()
		c.read()
		for _, p := range c.problems {
			if p.Fix == nil {
				continue
			}
			fixes++
			if p.Fix.Source == nil {
				t.Errorf("%s: the fix cannot be made in the text: %s", name, problemAndFix(p))
				continue
			}
			section, source := c.source()
			for _, fix := range append([]*tree.Fix{p.Fix}, p.Others...) {
				mustMend(t, name, c, p, section, source, string(text.Mend([]byte(source), fix.Source)))
			}
		}
		trees += c.mendTree(name)
	}
	if fixes < fewestFixes || trees < fewestFixes/2 {
		t.Errorf("%d fixes in texts and %d in trees; once there were more", fixes, trees)
	}
}

func (c *oneCase) source() (section, source string) {
	if s, ok := c.given["spec.yaml"]; ok {
		return "spec.yaml", s
	}
	return "spec.json", c.given["spec.json"]
}

// mendTree makes every fix of the stored form of a spec as a JSON Patch of it.
func (c *oneCase) mendTree(name string) int {
	if c.spec == nil {
		return 0
	}
	stored := string(c.spec.AppendJSON(nil))
	before := c.with("spec.json", stored)
	count := 0
	for _, p := range before.problems {
		if p.Fix == nil || len(p.Fix.Edits) == 0 {
			continue
		}
		given, err := value.ParseJSON([]byte(stored), tree.ParseLimits)
		if err != nil {
			c.Fatal(err)
		}
		mended, failed := p.Fix.Apply(given)
		if failed != nil {
			c.Errorf("%s: the fix cannot be made in the tree: %s: %v", name, problemAndFix(p), failed)
			continue
		}
		count++
		mustMend(c.T, name+" as a tree", before, p, "spec.json", stored, mended.String())
	}
	return count
}

// with is the case with another spec.
func (c *oneCase) with(section, source string) *oneCase {
	other := &oneCase{T: c.T, lib: c.lib, model: c.model, given: map[string]string{section: source}}
	other.read()
	return other
}

func mustMend(t *testing.T, name string, before *oneCase, p tree.Problem, section, source, mended string) {
	t.Helper()
	after := before.with(section, mended)
	had, has := count(before.problems), count(after.problems)
	if k := key(p); has[k] >= had[k] && (p.Code != tree.Syntax || stands(after.problems, p)) {
		t.Errorf("%s: still there: %s\nfrom %s\nto %s", name, problemAndFix(p), source, mended)
	}
	for k, n := range has {
		if n > had[k] && strings.HasPrefix(k, string(tree.Error)) && !slices.Contains(hides, p.Code) {
			t.Errorf("%s: %s\nbrings %s\nfrom %s\nto %s", name, problemAndFix(p), k, source, mended)
		}
	}
}

// stands says whether a problem is where it was: of a file that cannot be read only the first is told.
func stands(problems []tree.Problem, p tree.Problem) bool {
	return slices.ContainsFunc(problems, func(q tree.Problem) bool { return key(p) == key(q) && p.Line == q.Line && p.Column == q.Column })
}

func count(problems []tree.Problem) map[string]int {
	all := map[string]int{}
	for _, p := range problems {
		all[key(p)]++
	}
	return all
}

// key tells problems apart wherever they stand.
func key(p tree.Problem) string { return fmt.Sprintf("%s %s: %s", p.Severity, p.Code, p.Message) }

func problemAndFix(p tree.Problem) string {
	return fmt.Sprintf("%s %s (%s), %d:%d", p.Code, p.Message, p.Fix.Title, p.Line, p.Column)
}

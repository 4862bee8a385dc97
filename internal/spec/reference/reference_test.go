package reference_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/reference"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

func pages() map[string]string {
	all := map[string]string{}
	for _, p := range reference.Pages(library.Standard()) {
		all[p.Name] = p.Content
	}
	return all
}

// TestComplete: every entry of the library has its heading, its parameters and its examples; every code its row.
func TestComplete(t *testing.T) {
	t.Parallel()
	all := pages()
	for _, e := range library.Expressions() {
		needs(t, all["expressions.md"], &e.Entry)
	}
	for _, o := range library.Operations() {
		name := "operations.md"
		if o.Block {
			name = "blocks.md"
		}
		needs(t, all[name], &o.Entry)
	}
	for _, c := range tree.Codes {
		if !strings.Contains(all["problems.md"], "\n### "+c.Code+"\n") {
			t.Errorf("problems.md has no %s", c.Code)
		}
	}
	for _, c := range run.Codes {
		if !strings.Contains(all["errors.md"], "\n### "+c.Code+"\n") {
			t.Errorf("errors.md has no %s", c.Code)
		}
	}
}

func needs(t *testing.T, page string, e *library.Entry) {
	t.Helper()
	_, rest, found := strings.Cut(page, "\n### "+e.Name+"\n")
	if !found {
		t.Errorf("there is no heading for %s", e.Name)
		return
	}
	section, _, _ := strings.Cut(rest, "\n### ")
	for _, p := range e.Params {
		if !strings.Contains(section, "| `"+p.Name+"`") {
			t.Errorf("%s: its %s is not there", e.Name, p.Name)
		}
	}
	for _, x := range e.Examples {
		if !strings.Contains(section, strings.ReplaceAll(x.In, "|", `\|`)) && !strings.Contains(section, x.In) {
			t.Errorf("%s: the example %s is not there", e.Name, x.In)
		}
	}
}

// TestLinks: a link within the reference leads to a page, and a heading of it.
func TestLinks(t *testing.T) {
	t.Parallel()
	all := pages()
	link := regexp.MustCompile(`\]\(([a-z]*\.md)?(#[a-z_-]+)?\)`)
	for name, content := range all {
		for _, m := range link.FindAllStringSubmatch(content, -1) {
			page := content
			if m[1] != "" {
				var ok bool
				if page, ok = all[m[1]]; !ok {
					t.Errorf("%s links to %s, which is not there", name, m[1])
				}
			}
			if anchor := strings.TrimPrefix(m[2], "#"); anchor != "" && !slices.Contains(anchors(page), anchor) {
				t.Errorf("%s links to the heading %s, which is not there", name, m[2])
			}
		}
	}
}

func anchors(page string) []string {
	var all []string
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "#") {
			all = append(all, strings.ReplaceAll(strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#"))), " ", "-"))
		}
	}
	return all
}

// TestErrorsOfARun: every code that the sources give to a data error is explained.
func TestErrorsOfARun(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile(`(?:Fail\(|\bfail\(|DataError\{[^}]*?Code:\s*)"([a-z_]+)"`)
	count := 0
	for _, folder := range []string{"../library", "../run", "../../pipeline/record", "../../pipeline/execute"} {
		files, err := filepath.Glob(folder + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", folder, err)
		}
		for _, name := range files {
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(source), -1) {
				count++
				if m[1] != "aborted" && !slices.ContainsFunc(run.Codes, func(c run.Code) bool { return c.Code == m[1] }) {
					t.Errorf("%s: the code %s is not explained", name, m[1])
				}
			}
		}
	}
	if count < 20 {
		t.Errorf("only %d codes were found", count)
	}
}

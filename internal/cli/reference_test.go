package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/cli"
	"github.com/dealwright/dealwright/internal/spec/library"
)

// TestReferenceChecks: what the reference shows as YAML passes lint as it is printed, be it a whole spec or some of its
// instructions, and so does every formula, there and in the guide. Only the page about problems shows what does not.
func TestReferenceChecks(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/reference/*.md")
	if err != nil {
		t.Fatal(err)
	}
	guide, err := filepath.Glob("../../docs/guide/*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, guide...)
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```")
	formulas := regexp.MustCompile("(?m)^\\| `(=.*?)` \\|")
	inline := regexp.MustCompile("`(=[a-z][^`]*)`")
	count := 0
	for _, name := range pages {
		if filepath.Base(name) == "problems.md" {
			continue
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range blocks.FindAllStringSubmatch(string(content), -1) {
			count++
			lints(t, name, m[1])
		}
		if strings.Contains(name, "guide") {
			for _, m := range inline.FindAllStringSubmatch(string(content), -1) {
				count++
				lints(t, name, "- {type: define_variable, value: '"+strings.ReplaceAll(m[1], "'", "''")+"', return_as: result}\n")
			}
		}
		for _, m := range formulas.FindAllStringSubmatch(string(content), -1) {
			count++
			formula := strings.ReplaceAll(strings.ReplaceAll(m[1], `\|`, "|"), "'", "''")
			lints(t, name, "- {type: define_variable, value: '"+formula+"', return_as: result}\n")
		}
	}
	if count < 150 {
		t.Errorf("only %d examples were found", count)
	}
}

func lints(t *testing.T, page, example string) {
	t.Helper()
	spec := example
	if strings.HasPrefix(example, "- ") {
		spec = "instructions:\n" + spec
	}
	if !strings.HasPrefix(spec, "spec:") {
		spec = library.ExampleHead + spec
	}
	var out bytes.Buffer
	code := cli.Main(context.Background(), []string{"spec", "lint", "-"}, cli.Environment{In: strings.NewReader(spec), Out: &out, Err: &out, Version: "test"})
	if code != 0 {
		t.Errorf("%s\n%s\n%s", filepath.Base(page), example, out.String())
	}
}

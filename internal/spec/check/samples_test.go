package check_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "write what is found into testdata")

// TestWhatSamplesShow reads testdata/*.txtar: `spec.yaml`; `samples`, where a line of JSON is repeated as often as the
// number before it says, with that of the repeat for every %d; and the `warnings` that come beside those of the spec
// alone.
func TestWhatSamplesShow(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sections := map[string]string{}
			for _, f := range archive.Files {
				sections[f.Name] = string(f.Data)
			}
			lib := library.Standard()
			spec, problems, _ := text.ReadYAML([]byte(sections["spec.yaml"]), lib)
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			_, alone := check.Check(spec, lib, library.WebhookPayload)
			said := map[string]bool{}
			for _, p := range alone {
				said[fmt.Sprint(p.Code, p.Pointer, p.Message)] = true
			}
			got := ""
			for _, p := range check.Seen(spec, lib, library.WebhookPayload, learn(t, sections["samples"])) {
				if !said[fmt.Sprint(p.Code, p.Pointer, p.Message)] {
					got += fmt.Sprintf("%s %s %s: %s\n  %s\n", p.Severity, p.Code, p.Pointer, p.Message, p.Hint)
				}
			}
			if *update {
				for i := range archive.Files {
					if archive.Files[i].Name == "warnings" {
						archive.Files[i].Data = []byte(got)
					}
				}
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != sections["warnings"] {
				t.Errorf("warnings:\n%s\nwant:\n%s", got, sections["warnings"])
			}
		})
	}
}

func learn(t *testing.T, lines string) *shape.Shape {
	t.Helper()
	l := shape.New("+31")
	for line := range strings.Lines(lines) {
		times, sample, _ := strings.Cut(strings.TrimSpace(line), " ")
		var n int
		if _, err := fmt.Sscan(times, &n); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for i := range n {
			v, syntax := value.ParseJSON([]byte(strings.ReplaceAll(sample, "%d", fmt.Sprint(i))), value.Limits{})
			if syntax != nil {
				t.Fatalf("%s: %v", line, syntax)
			}
			l.Add(v)
		}
	}
	return l.Shape()
}

package pipelinetest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// Case is a file of testdata: sections in their order, those of specs beside.
type Case struct {
	Name    string
	Specs   []string // the sections whose names begin with spec
	file    string
	archive *txtar.Archive
}

// Cases reads testdata/*.txtar, of which there must be some.
func Cases(t testing.TB) (all []*Case) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := &Case{Name: strings.TrimSuffix(filepath.Base(file), ".txtar"), file: file, archive: archive}
		for _, f := range archive.Files {
			if strings.HasPrefix(f.Name, "spec") {
				c.Specs = append(c.Specs, string(f.Data))
			}
		}
		all = append(all, c)
	}
	return all
}

// Play has the sections done, but for specs, and compares what those give that tell something with what they hold, or,
// with update, writes that into the file.
func (c *Case) Play(t testing.TB, update bool, do func(words []string, body string) (got string, tells bool)) {
	t.Helper()
	for i := range c.archive.Files {
		f := &c.archive.Files[i]
		if strings.HasPrefix(f.Name, "spec") {
			continue
		}
		got, tells := do(strings.Fields(f.Name), string(f.Data))
		switch {
		case !tells:
		case update:
			f.Data = []byte(got)
		default:
			if diff := cmp.Diff(string(f.Data), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", f.Name, diff)
			}
		}
	}
	if update {
		if err := os.WriteFile(c.file, txtar.Format(c.archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

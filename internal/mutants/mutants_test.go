// Package mutants proves that the tests notice: each file in testdata breaks one promise of the product on purpose, and
// names the test that must then fail. It holds nothing but that test.
package mutants

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// fewest mutants there may be, so that none is lost.
const fewest = 20

// A mutant is a file in testdata: a remark that says which promise is broken, then the sections "test" (the arguments
// of go test), "file" (of the repository), "old" (what stands there, exactly once) and "new".
func TestBrokenOnPurpose(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < fewest {
		t.Errorf("there are %d mutants, and there were %d once", len(names), fewest)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	turns := make(chan struct{}, 2) // each is a build and a run of its own
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			m := readMutant(t, name)
			m.mustBeThere(t, root)
			if testing.Short() {
				return
			}
			turns <- struct{}{}
			defer func() { <-turns }()
			m.mustBeCaught(t, root)
		})
	}
}

type mutant struct {
	promise        string
	test           []string
	file, old, new string
}

func readMutant(t *testing.T, name string) mutant {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for _, f := range archive.Files {
		sections[f.Name] = strings.TrimSuffix(string(f.Data), "\n")
	}
	m := mutant{promise: strings.TrimSpace(string(archive.Comment)), test: strings.Fields(sections["test"]), file: strings.TrimSpace(sections["file"]), old: sections["old"], new: sections["new"]}
	if m.promise == "" || len(m.test) == 0 || m.file == "" || m.old == "" || m.old == m.new {
		t.Fatalf("%s: a remark, and the sections test, file, old and new are needed", name)
	}
	return m
}

// mustBeThere fails where the code was changed since, so that no mutant goes stale.
func (m mutant) mustBeThere(t *testing.T, root string) {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		t.Fatalf("%s has the old text %d times, and once is needed: bring the mutant up to date with the code", m.file, n)
	}
}

// mustBeCaught runs the test on the product with the mutant in it. The working tree is not touched.
func (m mutant) mustBeCaught(t *testing.T, root string) {
	t.Helper()
	place := filepath.Join(root, m.file)
	source, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	broken := filepath.Join(folder, filepath.Base(m.file))
	if err := os.WriteFile(broken, []byte(strings.Replace(string(source), m.old, m.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {place: broken}})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"test", "-overlay", overlay, "-count=1", "-vet=off", "-failfast"}, m.test...)...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	switch said := string(out); {
	case strings.Contains(said, "[build failed]") || strings.Contains(said, "[setup failed]"):
		t.Fatalf("it does not compile:\n%s", said)
	case strings.Contains(said, "no tests to run"):
		t.Fatalf("go test %s runs no test", strings.Join(m.test, " "))
	case err == nil:
		t.Fatalf("%s\nnobody notices: go test %s passes", m.promise, strings.Join(m.test, " "))
	}
}

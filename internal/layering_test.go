// Package internal holds the rules of the tree as a test: who may import whom, and what no package may do. It reads
// the source files itself, so it needs no tool and no network.
package internal

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/dealwright/dealwright"

// layers says who may import whom, from the top down. A package may import every package of the lines below its own,
// and within its line those to the right of an arrow after it; never what stands above or beside it. Each package is
// here exactly once: a new one gets its place with the commit that brings it. ARCHITECTURE.md tells the reasons.
var layers = []string{
	"cmd/dealwright → internal/cli → internal/app internal/demo",
	"cmd/dealwright-bench → internal/bench",
	"internal/api → internal/guide",
	"internal/storage/sqlite internal/storage/postgres → internal/storage",
	"internal/pipeline/spectest",
	"internal/pipeline/rekey → internal/pipeline/bulk → internal/pipeline/ingest internal/pipeline/queue internal/pipeline/retention internal/pipeline/undo internal/pipeline/why internal/pipeline/trial → internal/pipeline/explain → internal/pipeline/commit → internal/pipeline/fixed internal/pipeline/enrich → internal/pipeline/execute → internal/pipeline/record internal/pipeline/plan → internal/pipeline",
	"internal/provider internal/processor internal/identity internal/event internal/pulse → internal/metric → internal/access → internal/tenant",
	"internal/pseudonym internal/connector",
	"internal/spec/lsp internal/spec/schema internal/spec/reference internal/spec/diff internal/spec/coverage → internal/spec/check internal/spec/compile internal/spec/trace → internal/spec/library → internal/spec/run",
	"internal/spec/text → internal/spec/tree",
	"internal/spec/types internal/spec/shape → internal/spec/value",
	"internal/reply internal/page → internal/fault",
	"internal/id internal/secret internal/peer internal/language examples docs web",
}

// testSupport may be imported by test files only (and by other test support), and may itself import everything.
var testSupport = []string{
	"internal/pgtest",
	"internal/pipeline/pipelinetest",
	"internal/spec/specgen",
	"internal/storage/storagetest",
}

// vague names say nothing about what is inside; things put there belong with the noun they serve.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "misc", "shared", "base"}

// longest is how many lines one file may have; a longer one holds more than one noun.
const longest = 800

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	places := placesOf(t)
	seen := map[string]bool{}
	for _, f := range goFiles(t) {
		if f.test || slices.Contains(testSupport, f.folder) {
			continue
		}
		from, ok := places[f.folder]
		if !ok {
			t.Errorf("%s: package %s has no place in layers (internal/layering_test.go); give it one", f.path, f.folder)
			continue
		}
		seen[f.folder] = true
		for _, spec := range f.syntax.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value) // the parser has checked it
			name, ours := strings.CutPrefix(imported, module+"/")
			if !ours {
				continue
			}
			to, ok := places[name]
			switch {
			case slices.Contains(testSupport, name):
				t.Errorf("%s imports %s, which is for tests", f.path, name)
			case !ok:
				t.Errorf("%s imports %s, which has no place in layers", f.path, name)
			case !from.above(to):
				t.Errorf("%s imports %s, which does not stand below %s", f.path, name, f.folder)
			}
		}
	}
	for name := range places {
		if !seen[name] {
			t.Errorf("layers names %s, which is not there", name)
		}
	}
}

func TestHouseRules(t *testing.T) {
	t.Parallel()
	for _, f := range goFiles(t) {
		name := f.syntax.Name.Name
		if slices.Contains(vague, strings.TrimSuffix(name, "_test")) {
			t.Errorf("%s: package %s is named after nothing; name it after what is inside", f.path, name)
		}
		inCmd := strings.HasPrefix(f.folder, "cmd/")
		if inCmd != (strings.TrimSuffix(name, "_test") == "main") {
			t.Errorf("%s: package %s: programs live in cmd/, and only they", f.path, name)
		}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: func init: list things in a visible slice instead", f.path)
			}
		}
		if f.lines > longest && !ast.IsGenerated(f.syntax) {
			t.Errorf("%s has %d lines, over %d: split it by noun", f.path, f.lines, longest)
		}
	}
}

// place of a package: its line in layers, and its rank among the arrows of that line.
type place struct{ line, rank int }

func (p place) above(q place) bool {
	return p.line < q.line || p.line == q.line && p.rank < q.rank
}

func placesOf(t *testing.T) map[string]place {
	t.Helper()
	places := map[string]place{}
	for i, line := range layers {
		for rank, group := range strings.Split(line, "→") {
			for _, name := range strings.Fields(group) {
				if _, twice := places[name]; twice {
					t.Fatalf("layers has %s twice", name)
				}
				places[name] = place{line: i, rank: rank}
			}
		}
	}
	return places
}

type goFile struct {
	path   string // from the root of the repository, with slashes
	folder string
	test   bool
	lines  int
	syntax *ast.File
}

// goFiles parses every Go file of the module. End-to-end tests and data of tests are no part of the layers.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	const root = ".."
	var files []goFile
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			switch base := entry.Name(); {
			case base == "node_modules", base == "testdata", base == "tools", base == "e2e", base != ".." && strings.HasPrefix(base, "."):
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		rel = filepath.ToSlash(rel)
		files = append(files, goFile{
			path:   rel,
			folder: path.Dir(rel),
			test:   strings.HasSuffix(rel, "_test.go"),
			lines:  set.Position(syntax.FileEnd).Line,
			syntax: syntax,
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

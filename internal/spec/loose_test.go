package spec_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

// What the strict reader takes, the loose one reads as the same: of every case, every example, and what the formatter
// makes of them; at the same places, too.
func TestLooseReadingAgrees(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	sources := map[string]string{}
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if f.Name == "spec.yaml" {
				sources[name] = string(f.Data)
			}
		}
	}
	examples, err := filepath.Glob("../../examples/*/spec.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range examples {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources[name] = string(data)
	}
	compared := 0
	for name, source := range sources {
		if strict, problems, _ := text.ReadYAML([]byte(source), withAsk); strict != nil && !tree.HasErrors(problems) {
			compared++
			agree(t, name, source)
			agree(t, name+", formatted", string(text.FormatYAML(strict, withAsk)))
		}
	}
	if compared < 240 {
		t.Errorf("only %d specs were compared", compared)
	}
}

func agree(t *testing.T, name, source string) {
	t.Helper()
	strict, _, places := text.ReadYAML([]byte(source), withAsk)
	loose, loosePlaces := text.ReadLoosely([]byte(source), withAsk)
	strict.Comments, loose.Comments = nil, nil
	withoutRemarks(strict)
	if want, got := string(strict.AppendJSON(nil)), string(loose.AppendJSON(nil)); want != got {
		t.Errorf("%s: -strict +loose\n%s\nof\n%s", name, cmp.Diff(want, got), source)
		return
	}
	strict.Walk(func(pointer string, i *tree.Instruction) bool {
		pointers := []string{pointer}
		for _, f := range i.Fields {
			pointers = append(pointers, pointer+"/"+f.Name)
		}
		for _, p := range pointers {
			wantLine, wantColumn := places.At(p)
			gotLine, gotColumn := loosePlaces.At(p)
			if wantLine != gotLine || wantColumn != gotColumn {
				t.Errorf("%s: %s is at %d:%d, and loosely at %d:%d of\n%s", name, p, wantLine, wantColumn, gotLine, gotColumn, source)
			}
		}
		return true
	})
}

// withoutRemarks takes out comments, which the loose reader does not see.
func withoutRemarks(s *tree.Spec) {
	for _, c := range s.Constants {
		c.Comments = nil
	}
	for _, e := range s.Enrichments {
		e.Comments = nil
	}
	for _, test := range s.Tests {
		test.Comments = nil
	}
	s.Walk(func(_ string, i *tree.Instruction) bool {
		i.Comments = nil
		for _, f := range i.Fields {
			if cases, ok := f.Content.(tree.Cases); ok {
				for _, one := range cases {
					one.Comments = nil
				}
			}
		}
		return true
	})
}

// The loose reader reads what is half written as far as it goes.
func TestReadLoosely(t *testing.T) {
	t.Parallel()
	const head = "spec: 1\nsource_model: webhook.payload\ninstructions:\n"
	for name, c := range map[string]struct{ source, want string }{
		"a key being typed":      {"  - type: stop\n    reas", `[{"type":"stop","reas":null}]`},
		"a key with a colon":     {"  - type: stop\n    reason:", `[{"type":"stop","reason":{"type":"literal","value":null}}]`},
		"a bracket is missing":   {"  - {type: stop, reason: x\n  - {type: stop}", `[{"type":"stop","reason":{"type":"literal","value":"x"}},{"type":"stop"}]`},
		"a quote is missing":     {"  - type: stop\n    reason: \"x", `[{"type":"stop","reason":{"type":"literal","value":"x"}}]`},
		"a dash alone":           {"  - type: stop\n  -", `[{"type":"stop"},{}]`},
		"a formula is open":      {"  - type: stop\n    reason: =concat(event.id, \n  - type: stop", `[{"type":"stop","reason":{}},{"type":"stop"}]`},
		"tabs":                   {"\t- type: stop", `[{"type":"stop"}]`},
		"a bracket of a formula": {"  - {type: stop, reason: =event.lines[0}", `[{"type":"stop","reason":{}}]`},
	} {
		spec, _ := text.ReadLoosely([]byte(head+c.source), library.Standard())
		got := string((&tree.Spec{Instructions: spec.Instructions}).AppendJSON(nil))
		if want := `{"spec":1,"instructions":` + c.want + `}`; got != want {
			t.Errorf("%s: -want +got\n%s", name, cmp.Diff(want, got))
		}
	}
}

package schema_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/dealwright/dealwright/examples"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/schema"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.JSON(library.Standard())))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(schema.ID, document); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(schema.ID) // it is validated against the metaschema, too
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// written is a spec as an editor reads the YAML.
func written(t *testing.T, source []byte) any {
	t.Helper()
	b, err := yaml.YAMLToJSON(source)
	if err != nil {
		t.Fatal(err)
	}
	return stored(t, b)
}

func stored(t *testing.T, b []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestExamples: what people start from has the form, as it is written and as it is stored.
func TestExamples(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	files, err := fs.Glob(examples.Specs, "*/spec.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, name := range files {
		source, err := examples.Specs.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(written(t, source)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		spec, problems, _ := text.ReadYAML(source, library.Standard())
		if spec == nil {
			t.Fatalf("%s: %v", name, problems)
		}
		if err := s.Validate(stored(t, spec.AppendJSON(nil))); err != nil {
			t.Errorf("%s, stored: %v", name, err)
		}
	}
}

// TestWhatChecksHasTheForm: every case of the language that the checker takes has the form; else an editor would mark
// what is right.
func TestWhatChecksHasTheForm(t *testing.T) {
	t.Parallel()
	s, lib, count := compiled(t), library.Standard(), 0
	err := filepath.WalkDir("../testdata", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".txtar" {
			return err
		}
		archive, err := txtar.ParseFile(name)
		if err != nil {
			return err
		}
		for _, f := range archive.Files {
			if f.Name != "spec.yaml" {
				continue
			}
			spec, problems, _ := text.ReadYAML(f.Data, lib)
			if spec == nil {
				continue
			}
			_, more := check.Check(spec, lib, library.WebhookPayload)
			if tree.HasErrors(append(problems, more...)) {
				continue
			}
			count++
			if err := s.Validate(stored(t, spec.AppendJSON(nil))); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < 100 {
		t.Errorf("only %d cases check", count)
	}
}

// TestBroken: each of these breaks the form in one place, and the checker takes none of them either.
func TestBroken(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	archive, err := txtar.ParseFile("testdata/broken.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		err := s.Validate(written(t, f.Data))
		if err == nil {
			t.Errorf("%s has the form", f.Name)
		}
		spec, problems, _ := text.ReadYAML(f.Data, library.Standard())
		if spec != nil {
			_, more := check.Check(spec, library.Standard(), library.WebhookPayload)
			problems = append(problems, more...)
		}
		if !tree.HasErrors(problems) {
			t.Errorf("%s checks", f.Name)
		}
	}
	good, err := os.ReadFile("testdata/good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(written(t, good)); err != nil {
		t.Errorf("good.yaml: %v", err)
	}
	if !strings.Contains(string(good), "upsert_") {
		t.Error("good.yaml is nothing to break")
	}
}

package spec_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/specgen"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// seed gives a section of every case to a fuzzer.
func seed(f *testing.F, section string) {
	f.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(data).Files {
			if file.Name == section && len(file.Data) < 4096 {
				f.Add(file.Data)
			}
		}
	}
}

// Whatever is read as a formula is printed so that it is read as the same, and printed once more the same.
func FuzzFormula(f *testing.F) {
	for _, formula := range []string{"=event.id", `=concat("a", event["odd key"][0])`, "=round(1.50, decimals=2)", "=map(l, x, x.y)", "=and(", "=a + b", "=-0", "=1e400"} {
		f.Add(formula)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, problems := text.ParseFormula(source, withAsk)
		for _, p := range problems {
			if p.Offset < 0 || p.Offset > len(source) || p.Message == "" || p.Hint == "" {
				t.Fatalf("%q: %+v", source, p)
			}
		}
		if len(problems) > 0 || e == nil {
			return
		}
		printed := text.PrintFormula(e, withAsk)
		again, problems := text.ParseFormula(printed, withAsk)
		if len(problems) > 0 {
			if len(printed) > tree.MaxFormula {
				return
			}
			t.Fatalf("%q is printed %q: %+v", source, printed, problems)
		}
		if twice := text.PrintFormula(again, withAsk); twice != printed {
			t.Fatalf("%q is printed %q, then %q", source, printed, twice)
		}
	})
}

// Whatever is read as YAML can be formatted, and that is read as an equal tree.
func FuzzYAML(f *testing.F) {
	seed(f, "spec.yaml")
	f.Fuzz(func(t *testing.T, source []byte) {
		spec, problems, places := text.ReadYAML(source, withAsk)
		mustHavePlaces(t, problems)
		if spec == nil {
			return
		}
		mustSurvive(t, spec, problems, places)
	})
}

// The same for JSON.
func FuzzJSON(f *testing.F) {
	seed(f, "spec.json")
	seed(f, "tree.json")
	f.Fuzz(func(t *testing.T, source []byte) {
		spec, problems, places := text.ReadJSON(source, withAsk)
		mustHavePlaces(t, problems)
		if spec == nil {
			return
		}
		mustSurvive(t, spec, problems, places)
	})
}

// Whatever checks, compiles.
func FuzzCheck(f *testing.F) {
	seed(f, "spec.yaml")
	f.Fuzz(func(t *testing.T, source []byte) {
		spec, problems, places := text.ReadYAML(source, withAsk)
		if spec == nil {
			return
		}
		checked, found := check.Check(spec, withAsk, library.WebhookPayload)
		places.Place(found)
		mustHavePlaces(t, found)
		checked.Scope("/instructions/0")
		if tree.HasErrors(problems) || tree.HasErrors(found) {
			return
		}
		if _, err := compile.Compile(spec, withAsk, compile.Options{Var: "event"}); err != nil {
			t.Fatalf("%s\nchecks, and does not compile: %v", source, err)
		}
	})
}

// Whatever item comes to whatever spec checks: the run ends, twice alike, and its trace is of that run.
func FuzzRun(f *testing.F) {
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for n, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name == "item.json" && len(file.Data) < 4096 {
				f.Add(uint64(n), file.Data)
			}
		}
	}
	lib := library.Standard()
	f.Fuzz(func(t *testing.T, seed uint64, source []byte) {
		item, wrong := value.ParseJSON(source, value.Limits{})
		if wrong != nil {
			return
		}
		c := specgen.DrawPayload(seed, lib)
		if _, problems := check.Check(c.Spec, lib, c.Model); tree.HasErrors(problems) {
			return
		}
		plain, err := compile.Compile(c.Spec, lib, compile.Options{Var: c.Model.Var})
		if err != nil {
			t.Fatal(err)
		}
		traced, err := compile.Compile(c.Spec, lib, compile.Options{Var: c.Model.Var, Traced: true})
		if err != nil {
			t.Fatal(err)
		}
		first, err := run.Run(plain, item, c.Env, &host{lib: lib, things: map[string]*thing{}, made: map[string]int{}})
		if err != nil {
			t.Fatal(err)
		}
		again, err := run.Run(plain, item, c.Env, &host{lib: lib, things: map[string]*thing{}, made: map[string]int{}})
		if err != nil || again.Digest != first.Digest {
			t.Fatalf("the second run is another one (%v)", err)
		}
		if _, digest, err := trace.Recompute(traced, item, c.Env, first.Answers, first.Status); err != nil || digest != first.Digest {
			t.Fatalf("the trace is not of the run (%v)", err)
		}
	})
}

func mustHavePlaces(t *testing.T, problems []tree.Problem) {
	t.Helper()
	for _, p := range problems {
		if p.Line < 1 || p.Column < 1 || p.Message == "" || p.Hint == "" || p.Severity == "" {
			t.Fatalf("a problem without place or words: %+v", p)
		}
	}
}

func mustSurvive(t *testing.T, spec *tree.Spec, problems []tree.Problem, places *text.Positions) {
	t.Helper()
	places.At("/instructions/0")
	if tree.HasErrors(problems) {
		return
	}
	stored := spec.AppendJSON(nil)
	if len(stored) < tree.MaxBytes {
		again, problems, _ := text.ReadJSON(stored, withAsk)
		if tree.HasErrors(problems) || !tree.Equal(spec, again) {
			t.Fatalf("stored as %s: %+v", stored, problems)
		}
		if twice := again.AppendJSON(nil); !bytes.Equal(stored, twice) {
			t.Fatalf("stored as %s\nthen as   %s", stored, twice)
		}
	}
	formatted := text.FormatYAML(spec, withAsk)
	if len(formatted) > tree.MaxBytes {
		return
	}
	again, problems, _ := text.ReadYAML(formatted, withAsk)
	if tree.HasErrors(problems) || !tree.Equal(spec, again) {
		for _, p := range problems {
			if p.Code == tree.TooLarge {
				return
			}
		}
		got := ""
		if again != nil {
			got = string(again.AppendJSON(nil))
		}
		t.Fatalf("formatted as\n%s\n%+v\n%s\n%s", formatted, problems, stored, got)
	}
	if twice := text.FormatYAML(again, withAsk); !bytes.Equal(formatted, twice) {
		t.Fatalf("formatted as\n%s\nthen as\n%s", formatted, twice)
	}
}

// bigSpec has n instructions of the kind specs are made of.
func bigSpec(n int) []byte {
	var b strings.Builder
	b.WriteString("spec: 1\nsource_model: webhook.payload\nconstants: [{name: stages, type: table<string>, default: {won: accepted}}]\ninstructions:\n")
	for i := 0; i < n; i += 5 {
		k := itoa(i)
		b.WriteString(`  - {type: upsert_agent_external_identity, external_id: =event.user.id, external_name: '=implode_with_spaces(event.user.first, event.user.last)', return_as: agent` + k + `}
  - type: if_else
    condition: =and(exists(event.closed_at), equals_one_off(event.status, "won", "lost"))
    then:
      - type: upsert_activity
        external_id: '=concat(event.id, " | ` + k + `")'
        activity_type: =coalesce(lookup(event.status, stages), "other")
        agent_external_identity: =agent` + k + `
        moment: =parse_datetime(event.closed_at)
        value: =round(event.amount, decimals=2)
      - {type: define_variable, value: '=sum_of(event.lines, line, multiply(line.price, line.count))', return_as: total}
      - {type: upsert_team_external_identity, external_id: '=concat("t", total)'}
`)
	}
	return []byte(b.String())
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestBigSpecChecks(t *testing.T) {
	t.Parallel()
	spec, problems, places := text.ReadYAML(bigSpec(500), withAsk)
	_, found := check.Check(spec, withAsk, library.WebhookPayload)
	problems = append(problems, found...)
	places.Place(problems)
	for _, p := range problems {
		t.Errorf("%+v", p)
	}
}

func BenchmarkRead500(b *testing.B) {
	source := bigSpec(500)
	for b.Loop() {
		text.ReadYAML(source, withAsk)
	}
}

func BenchmarkCheck500(b *testing.B) {
	spec, _, _ := text.ReadYAML(bigSpec(500), withAsk)
	for b.Loop() {
		check.Check(spec, withAsk, library.WebhookPayload)
	}
}

func BenchmarkFormat500(b *testing.B) {
	spec, _, _ := text.ReadYAML(bigSpec(500), withAsk)
	for b.Loop() {
		text.FormatYAML(spec, withAsk)
	}
}

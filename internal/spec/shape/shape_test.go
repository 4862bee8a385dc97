package shape_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "write what the samples give into testdata")

// TestShapes reads testdata/*.txtar: `samples`, a line of JSON each; then `fields`, what is learned from them, and
// `suggestions`.
func TestShapes(t *testing.T) {
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
			l := shape.New("+31")
			for line := range strings.Lines(string(archive.Files[0].Data)) {
				l.Add(parse(t, strings.TrimSuffix(line, "\n")))
			}
			s := l.Shape()
			got := map[string]string{"fields": fields(s), "suggestions": suggestions(s)}
			if *update {
				archive.Files = archive.Files[:1]
				for _, name := range []string{"fields", "suggestions"} {
					archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
				}
				if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, f := range archive.Files[1:] {
				if got[f.Name] != string(f.Data) {
					t.Errorf("%s:\n%s\nwant:\n%s", f.Name, got[f.Name], f.Data)
				}
			}
		})
	}
}

func parse(t testing.TB, text string) value.Value {
	t.Helper()
	v, syntax := value.ParseJSON([]byte(text), value.Limits{})
	if syntax != nil {
		t.Fatalf("%s: %v", text, syntax)
	}
	return v
}

func fields(s *shape.Shape) string {
	var b strings.Builder
	for _, f := range s.Fields {
		fmt.Fprintf(&b, "%s %d/%d", f.Path, f.Present, f.Around)
		for _, k := range f.Kinds {
			fmt.Fprintf(&b, " %s=%d", k.Kind, k.Times)
		}
		if f.Blank > 0 {
			fmt.Fprintf(&b, " blank=%d", f.Blank)
		}
		if f.Distinct > 0 {
			fmt.Fprintf(&b, " distinct=%d", f.Distinct)
		}
		if f.More {
			b.WriteString("+")
		}
		for _, l := range f.Looks {
			fmt.Fprintf(&b, " %s:%d", l.Look, l.Times)
		}
		if len(f.Examples) > 0 {
			fmt.Fprintf(&b, " %q", f.Examples)
		}
		if f.Words {
			b.WriteString(" words")
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func suggestions(s *shape.Shape) string {
	var b strings.Builder
	for _, s := range s.Suggestions() {
		fmt.Fprintf(&b, "%s %s %.2f %s\n", s.Path, s.Kind, s.Share, s.Why)
	}
	return b.String()
}

// TestNoPersonalTextIsGiven: whatever looks personal is shown as its outline.
func TestNoPersonalTextIsGiven(t *testing.T) {
	t.Parallel()
	l := shape.New("+31")
	planted := []string{"jan@example.test", "+31612345678", "0612345678", "Jan de Vries", "Dorpsstraat 12", "1234 AB", "NL91ABNA0417164300"}
	for i := range 40 {
		for _, p := range planted { // each under a key that says nothing, mostly the same, and alone
			for _, sample := range []string{`{"a": {"%s": %q}}`, `{"b": [%[2]q, "%[1]s"]}`, `{"notes": "x %[2]s"}`} {
				l.Add(parse(t, fmt.Sprintf(sample, fmt.Sprintf("k%c", 'a'+i%3), p)))
			}
		}
		l.Add(parse(t, fmt.Sprintf(`{"phone": 3161234567%d, "iban": 7, "voornaam": "Xantippe", "bsn": 123456782}`, i)))
	}
	planted = append(planted, "Xantippe", "123456782", "316123456")
	for _, f := range l.Shape().Fields {
		for _, e := range f.Examples {
			for _, p := range planted {
				if strings.Contains(e, p) {
					t.Errorf("%s shows %q", f.Path, e)
				}
			}
		}
	}
}

// TestHostileSamples: what is learned stays small, and quick.
func TestHostileSamples(t *testing.T) {
	t.Parallel()
	wide := make([]string, 10_000)
	for i := range wide {
		wide[i] = fmt.Sprintf(`"k%d": {"a": "v%d"}`, i, i)
	}
	deep := strings.Repeat(`{"d": [`, 30) + `1` + strings.Repeat(`]}`, 30)
	l := shape.New("+31")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for n := range 20 {
		l.Add(parse(t, `{"wide": {`+strings.Join(wide, ",")+"}}"))
		l.Add(parse(t, deep))
		l.Add(parse(t, fmt.Sprintf(`{"long": %q, "keys": {%q: 1}, "": 1, "a b": {"\"": 2}}`, strings.Repeat("jan@", 100_000), strings.Repeat("k", 1000+n))))
	}
	s := l.Shape()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if !s.More || len(s.Fields) > 2000 {
		t.Errorf("%d fields, more: %v", len(s.Fields), s.More)
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 32<<20 {
		t.Errorf("it keeps %d bytes", grown)
	}
	for _, path := range []string{`[""]`, `["a b"]["\""]`, "d[].d[].d"} {
		if s.Field(path) == nil {
			t.Errorf("there is no field %s", path)
		}
	}
	runtime.KeepAlive(l)
}

// TestTheSameSamplesGiveTheSameShape: nothing depends on the order of a map.
func TestTheSameSamplesGiveTheSameShape(t *testing.T) {
	t.Parallel()
	learned := func() string {
		l := shape.New("+31")
		for i := range 300 {
			l.Add(parse(t, fmt.Sprintf(`{"id": %d, "x%d": {"y": [%d, "Jan %c"]}, "s": "%d"}`, i, i%7, i%5, 'A'+i%26, i%3)))
		}
		s := l.Shape()
		return fields(s) + suggestions(s)
	}
	first := learned()
	for range 5 {
		if again := learned(); again != first {
			t.Fatalf("first\n%s\nthen\n%s", first, again)
		}
	}
}

func FuzzLearn(f *testing.F) {
	f.Add(`{"a": [1, "x@y.nl", null, {"b": "06-12345678"}]}`)
	f.Add(`["", [[]], {"": {}}]`)
	f.Fuzz(func(t *testing.T, text string) {
		v, syntax := value.ParseJSON([]byte(text), value.Limits{})
		if syntax != nil {
			return
		}
		l := shape.New("+31")
		l.Add(v)
		l.Add(v)
		for _, field := range l.Shape().Fields {
			if field.Present > field.Around && !strings.HasSuffix(field.Path, "[]") || field.Distinct > field.Values() {
				t.Errorf("%+v", field)
			}
		}
	})
}

// BenchmarkLearn is 200 deliveries of 2 KB, as a save looks at.
func BenchmarkLearn(b *testing.B) {
	var samples []value.Value
	for i := range 200 {
		line := fmt.Sprintf(`{"sku": "SOL-%d", "title": "Ten panels on the roof", "qty": %d, "note": "as agreed with Jan de Vries on the phone"}`, i%9, i)
		samples = append(samples, parse(b, fmt.Sprintf(`{"id": %d, "status": "won", "contact": {"name": "Jan de Vries", "email": "jan%d@example.test", "phone": "06-12345678",
			"street": "Dorpsstraat 12", "zip": "1234 AB"}, "closed_at": "2025-12-10 19:00:00", "lines": [%s], "text": %q}`,
			i, i, strings.Repeat(line+",", 9)+line, strings.Repeat("what was said about it ", 20))))
	}
	for b.Loop() {
		l := shape.New("+31")
		for _, v := range samples {
			l.Add(v)
		}
		l.Shape()
	}
}

package spec_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/tree"
)

// Every code there is has a case, and every problem of every case says what and where, and what to do: message, hint,
// pointer, line and column, and the id of the instruction it is in.
func TestEveryProblemHelps(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob(filepath.Join("testdata", "*", "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := &oneCase{T: t, lib: withAsk, given: map[string]string{}}
		for _, f := range txtar.Parse(data).Files {
			c.given[f.Name] = string(f.Data)
		}
		if c.given["spec.yaml"] == "" && c.given["spec.json"] == "" {
			continue
		}
		c.model = c.readModel()
		c.read()
		for _, p := range c.problems {
			seen[p.Code] = true
			mustHelp(t, name, p)
			if strings.Contains(p.Pointer, "/instructions/") && p.InstructionID == "" {
				t.Errorf("%s: no instruction is named: %+v", name, p)
			}
		}
	}
	for _, code := range tree.Codes {
		if !seen[code.Code] {
			t.Errorf("no case has the problem %s", code.Code)
		}
	}
}

func mustHelp(t *testing.T, name string, p tree.Problem) {
	t.Helper()
	switch {
	case p.Message == "" || p.Hint == "" || p.Severity == "":
		t.Errorf("%s: a problem without words: %+v", name, p)
	case p.Line < 1 || p.Column < 1:
		t.Errorf("%s: a problem without a place: %+v", name, p)
	case p.Pointer != "" && p.Pointer[0] != '/':
		t.Errorf("%s: no pointer: %+v", name, p)
	}
	for _, code := range tree.Codes {
		if code.Code == p.Code {
			if p.Severity != code.Severity {
				t.Errorf("%s: %s is %s: %+v", name, p.Code, code.Severity, p)
			}
			return
		}
	}
	t.Errorf("%s: there is no code %s", name, p.Code)
}

// A problem is named by the id that a save would give, also where the reader told it.
func TestProblemsNameTheirStep(t *testing.T) {
	t.Parallel()
	c := &oneCase{T: t, lib: withAsk, given: map[string]string{"spec.yaml": `spec: 1
source_model: webhook.payload
instructions:
  - type: if_else
    condition: =event.ok
    then: [{type: stop, reson: x}, {type: upsert_activty, moment: =nope(1)}]
  - {type: stop, id: end, reason: '=concat("a"'}
  - {type: for_ech, body: [{type: stop, reason: =nobody}]}
`}}
	c.model = c.readModel()
	c.read()
	var got []string
	for _, p := range c.problems {
		got = append(got, p.InstructionID+" "+p.Code)
	}
	want := "s2 unknown_key, s3 unreachable, s3 unknown_type, s3 unknown_type, end syntax, s4 unreachable, s4 unknown_type, s5 unknown_name"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

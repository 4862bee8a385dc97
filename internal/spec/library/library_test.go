package library_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// effects is a host that writes down what it is asked for.
type effects struct{ lines []string }

func (h *effects) Apply(e run.Effect) (run.Answer, error) {
	line := e.Noun + " " + e.Key
	for _, f := range e.Fields {
		line += " " + f.Name + "=" + f.Value.String()
	}
	h.lines = append(h.lines, line)
	return run.Answer{Outcome: run.Created, Result: value.Ref(thing{e.Noun, e.Key})}, nil
}
func (h *effects) Begin()   {}
func (h *effects) End(bool) {}
func (h *effects) Pseudonym(_, text string) (string, error) {
	return "psn(" + text + ")", nil
}

type thing struct{ noun, id string }

func (t thing) Noun() string             { return t.noun }
func (t thing) ExternalID() string       { return t.id }
func (t thing) Field(string) value.Value { return value.Null() }

func environment() run.Environment {
	stages := value.Object([]value.Member{{Key: "won", Value: value.Text("accepted")}, {Key: "lost", Value: value.Text("cancelled")}})
	return run.Environment{
		Zone: "Europe/Amsterdam", Country: "+31", ReceivedAt: 1765389600_000000,
		Constants: []run.Field{{Name: "stages", Value: stages}},
	}
}

// item is what the examples run on.
func item(t *testing.T) value.Value {
	t.Helper()
	v, err := value.ParseJSON([]byte(library.ExampleItem), value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func program(t *testing.T, instructions string) *run.Program {
	t.Helper()
	source := library.ExampleHead + "instructions:\n" + instructions + "\n"
	lib := library.Standard()
	spec, problems, _ := text.ReadYAML([]byte(source), lib)
	if tree.HasErrors(problems) {
		t.Fatalf("%s\n%+v", source, problems)
	}
	p, err := compile.Compile(spec, lib, compile.Options{})
	if err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	return p
}

func TestExamplesOfExpressions(t *testing.T) {
	t.Parallel()
	for _, e := range library.Expressions() {
		if len(e.Examples) == 0 {
			t.Errorf("%s has no example", e.Name)
		}
		for _, example := range e.Examples {
			t.Run(example.In, func(t *testing.T) {
				t.Parallel()
				p := program(t, "  - type: define_variable\n    value: '="+strings.ReplaceAll(example.In, "'", "''")+"'\n    return_as: result\n")
				got := ""
				do := p.Body[0].Do
				p.Body[0].Do = func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
					got = fields[0].Value.String()
					return do(f, in, fields)
				}
				result, err := run.Run(p, item(t), environment(), &effects{})
				if err != nil {
					t.Fatal(err)
				}
				if len(result.Errors) > 0 {
					got = "!" + result.Errors[0].Code
				}
				if got != example.Out {
					t.Errorf("%s is %s, want %s %v", example.In, got, example.Out, result.Errors)
				}
			})
		}
	}
}

func TestExamplesOfOperations(t *testing.T) {
	t.Parallel()
	for _, o := range library.Operations() {
		if len(o.Examples) == 0 {
			t.Errorf("%s has no example", o.Name)
		}
		for i, example := range o.Examples {
			t.Run(fmt.Sprint(o.Name, i), func(t *testing.T) {
				t.Parallel()
				var host effects
				result, err := run.Run(program(t, "  "+strings.ReplaceAll(example.In, "\n", "\n  ")), item(t), environment(), &host)
				if err != nil {
					t.Fatal(err)
				}
				got := strings.Join(host.lines, "\n")
				if len(result.Errors) > 0 {
					got = "!" + result.Errors[0].Code
				}
				if diff := cmp.Diff(example.Out, got); diff != "" {
					t.Errorf("%s\n%s %v", example.In, diff, result.Errors)
				}
			})
		}
	}
}

// Every declaration is complete: what a form, a reference page and a trace draw from it is there.
func TestDeclarations(t *testing.T) {
	t.Parallel()
	check := func(e *library.Entry) {
		if e.Name == "" || e.Title == "" || e.Help == "" || e.Group == "" {
			t.Errorf("%s: name, title, help and group are needed", e.Name)
		}
		for _, p := range e.Params {
			if p.Help == "" {
				t.Errorf("%s: %s has no help", e.Name, p.Name)
			}
		}
	}
	for _, e := range library.Expressions() {
		check(&e.Entry)
	}
	for _, o := range library.Operations() {
		check(&o.Entry)
		for _, p := range o.Params {
			if p.Title == "" {
				t.Errorf("%s: %s has no title", o.Name, p.Name)
			}
		}
	}
}

package run_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// ask waits for an answer from outside the run.
var ask = &library.Operation{
	Entry: library.Entry{
		Name: "ask", Title: "Ask", Help: "Asks, and waits for the answer.",
		Signature: types.Signature{Params: []types.Param{{Name: "question", Title: "Question", Type: types.Text, Required: true}}, Result: types.Free.Maybe(), Nulls: types.AsGiven},
	},
	Meaning: func(*library.Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			return f.Apply(in, run.Effect{Kind: run.Ask, Noun: fields[0].Value.Text(), Fields: fields})
		}
	},
}

var lib = library.New(library.Expressions(), append(library.Operations(), ask))

// log is a host that keeps, as lines, what stands: a unit that is not kept takes its lines with it.
type log struct {
	lines   []string
	units   []int
	answers map[string]value.Value // to questions
	fails   map[string]error       // by key
}

type entity struct{ noun, id string }

func (e *entity) Noun() string       { return e.noun }
func (e *entity) ExternalID() string { return e.id }
func (e *entity) Field(name string) value.Value {
	return value.Text(e.noun + " " + name)
}

func (h *log) Apply(e run.Effect) (run.Answer, error) {
	if e.Kind == run.Ask {
		if v, ok := h.answers[e.Noun]; ok {
			return run.Answer{Outcome: run.Answered, Result: v}, nil
		}
		return run.Answer{}, &run.ErrPending{Question: e.Noun, Fields: slices.Clone(e.Fields)}
	}
	if err := h.fails[e.Key]; err != nil {
		return run.Answer{}, err
	}
	line := e.Instruction + " " + e.Noun + " " + e.Key
	for _, f := range e.Fields {
		line += " " + f.Name + "=" + f.Value.String()
	}
	h.lines = append(h.lines, line)
	return run.Answer{Outcome: run.Created, Result: value.Ref(&entity{e.Noun, e.Key})}, nil
}

func (h *log) Begin() { h.units = append(h.units, len(h.lines)) }
func (h *log) End(keep bool) {
	start := h.units[len(h.units)-1]
	h.units = h.units[:len(h.units)-1]
	if !keep {
		h.lines = h.lines[:start]
	}
}
func (h *log) Pseudonym(kind, text string) (string, error) { return kind + " " + text, nil }

func program(t testing.TB, instructions string) *run.Program {
	t.Helper()
	source := "spec: 1\nsource_model: webhook.payload\nvar: event\ninstructions:\n" + instructions
	spec, problems, _ := text.ReadYAML([]byte(source), lib)
	if tree.HasErrors(problems) {
		t.Fatalf("%s\n%+v", source, problems)
	}
	spec.AssignIDs(nil, 1)
	p, err := compile.Compile(spec, lib, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parse(t testing.TB, item string) value.Value {
	t.Helper()
	v, err := value.ParseJSON([]byte(item), value.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, instructions, item string
		status                   run.Status
		stands                   string
		errors                   string
		counts                   run.Counts
	}{
		{
			name:         "a failed item is undone alone, with its assignments",
			instructions: "  - {type: define_variable, value: 0, return_as: total}\n  - type: for_each\n    list: =event.l\n    item_var: i\n    body:\n      - {type: define_variable, value: '=sum(total, 1)', return_as: total}\n      - {type: upsert_team_external_identity, external_id: '=concat(i.id, \" \", total)'}\n      - {type: define_variable, value: '=sum(i.n)', return_as: n}\n  - {type: upsert_team_external_identity, external_id: =total}\n",
			item:         `{"l": [{"id": "a", "n": 1}, {"id": "b", "n": "x"}, {"id": "c", "n": 3}]}`,
			status:       run.Partial, stands: "s4 team a 1\ns4 team c 2\ns6 team 2", errors: "s5 wrong_kind value /instructions/1/body/2/value/arguments/0",
			counts: run.Counts{Created: 3, Failed: 1},
		},
		{
			name:         "a stop within a loop ends the run and keeps what was done",
			instructions: "  - type: for_each\n    list: =event.l\n    item_var: i\n    body:\n      - {type: upsert_team_external_identity, external_id: =i}\n      - type: if_else\n        condition: =equals(i, 2)\n        then: [{type: stop}]\n",
			item:         `{"l": [1, 2, 3]}`,
			status:       run.Skipped, stands: "s2 team 1\ns2 team 2", counts: run.Counts{Created: 2, Skipped: 1},
		},
		{
			name:         "a failure outside every loop undoes all",
			instructions: "  - {type: upsert_team_external_identity, external_id: a}\n  - {type: fail, message: no}\n",
			item:         `{}`, status: run.Failed, errors: "s2 failed  /instructions/1", counts: run.Counts{Failed: 1},
		},
		{
			name:         "an inner item that fails does not fail the outer one",
			instructions: "  - type: for_each\n    list: =event.l\n    item_var: i\n    body:\n      - type: for_each\n        list: =i\n        item_var: j\n        body:\n          - {type: upsert_team_external_identity, external_id: =j}\n",
			item:         `{"l": [[1, null], [2]]}`, status: run.Partial, stands: "s3 team 1\ns3 team 2",
			errors: "s3 missing_value external_id /instructions/0/body/0/body/0/external_id", counts: run.Counts{Created: 2, Failed: 1},
		},
		{
			name:         "all errors of an instruction are told",
			instructions: "  - {type: upsert_anonymous_activity, external_id: '=concat(event.a, \" x\")', activity_type: =event.a, moment: =now(), value: '=sum(event.n)'}\n",
			item:         `{"n": "x"}`, status: run.Failed, counts: run.Counts{Failed: 1},
			errors: "s1 missing_value external_id /instructions/0/external_id/arguments/0\ns1 missing_value activity_type /instructions/0/activity_type\ns1 wrong_kind value /instructions/0/value/arguments/0",
		},
		{
			name:         "the budget of writes fails the run, wherever it runs out",
			instructions: "  - type: for_each\n    list: =event.l\n    item_var: i\n    body:\n      - {type: upsert_team_external_identity, external_id: a}\n      - {type: upsert_team_external_identity, external_id: b}\n",
			item:         `{"l": [` + strings.Repeat("0,", 6000) + `0]}`, status: run.Failed, counts: run.Counts{Failed: 1},
			errors: "s2 limit  /instructions/0/body/0",
		},
		{
			name:         "a variable cannot be doubled for ever",
			instructions: "  - {type: define_variable, value: =event.l, return_as: x}\n  - type: for_each\n    list: =event.l\n    item_var: i\n    body:\n      - {type: define_variable, value: '=list(x, x)', return_as: x}\n",
			item:         `{"l": [` + strings.Repeat("0,", 29) + `0]}`, status: run.Partial, counts: run.Counts{Failed: 14},
			errors: strings.TrimSuffix(strings.Repeat("s3 limit value /instructions/1/body/0/value\n", 14), "\n"),
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var host log
			result, err := run.Run(program(t, c.instructions), parse(t, c.item), run.Environment{Zone: "Europe/Amsterdam"}, &host)
			if err != nil {
				t.Fatal(err)
			}
			var errs []string
			for _, e := range result.Errors {
				errs = append(errs, fmt.Sprintf("%s %s %s %s", e.Instruction, e.Code, e.Field, e.Place))
			}
			if result.Status != c.status || strings.Join(host.lines, "\n") != c.stands || result.Counts != c.counts {
				t.Errorf("%s %+v, what stands:\n%s", result.Status, result.Counts, strings.Join(host.lines, "\n"))
			}
			if diff := cmp.Diff(c.errors, strings.Join(errs, "\n")); diff != "" {
				t.Error(diff)
			}
			if len(host.units) != 0 {
				t.Errorf("%d units were left open", len(host.units))
			}
		})
	}
}

// A question without an answer stops the run and takes everything back; with the answer it runs again from the start.
func TestAnswersLater(t *testing.T) {
	t.Parallel()
	p := program(t, "  - {type: upsert_team_external_identity, external_id: a}\n  - {type: ask, question: who, return_as: who}\n  - {type: ask, question: when, return_as: time}\n  - {type: upsert_team_external_identity, external_id: =who.name, external_name: =time}\n")
	env := run.Environment{Zone: "Europe/Amsterdam"}
	var host log
	for _, answer := range []struct{ question, answer string }{{"who", `{"name": "b"}`}, {"when", `"noon"`}} {
		result, err := run.Run(p, parse(t, `{}`), env, &host)
		if err != nil || result.Status != run.Waiting || result.Pending.Question != answer.question || len(host.lines) != 0 {
			t.Fatalf("%+v, %v; what stands: %q", result, err, host.lines)
		}
		if replayed, err := run.Replay(p, parse(t, `{}`), env, result.Answers, nil); err != nil || replayed.Status != run.Waiting || replayed.Digest != result.Digest {
			t.Fatalf("a waiting run is recomputed as %+v, %v", replayed, err)
		}
		env.Answers = append(env.Answers, parse(t, answer.answer))
	}
	result, err := run.Run(p, parse(t, `{}`), env, &host)
	if err != nil || result.Status != run.Succeeded {
		t.Fatalf("%+v, %v", result, err)
	}
	if diff := cmp.Diff([]string{"s1 team a", `s4 team b external_name="noon"`}, host.lines); diff != "" {
		t.Error(diff)
	}
	// A host that knows the answer at once is asked only once, and what it said is kept with the run.
	atOnce := &log{answers: map[string]value.Value{"who": parse(t, `{"name": "b"}`), "when": value.Text("noon")}}
	direct, err := run.Run(p, parse(t, `{}`), run.Environment{Zone: "Europe/Amsterdam"}, atOnce)
	if err != nil || direct.Status != run.Succeeded || direct.Digest != result.Digest {
		t.Fatalf("%+v, %v", direct, err)
	}
	replayed, err := run.Replay(p, parse(t, `{}`), run.Environment{Zone: "Europe/Amsterdam"}, direct.Answers, nil)
	if err != nil || replayed.Digest != direct.Digest {
		t.Fatalf("%+v, %v", replayed, err)
	}
}

// What the host cannot answer comes out unchanged, and nothing stands.
func TestHostErrors(t *testing.T) {
	t.Parallel()
	notLoaded := errors.New("not loaded")
	host := &log{fails: map[string]error{"b": notLoaded}}
	p := program(t, "  - {type: upsert_team_external_identity, external_id: a}\n  - type: for_each\n    list: =list(1)\n    item_var: i\n    body:\n      - {type: upsert_team_external_identity, external_id: b}\n")
	if _, err := run.Run(p, value.Object(nil), run.Environment{}, host); !errors.Is(err, notLoaded) {
		t.Fatal(err)
	}
	if len(host.lines) != 0 || len(host.units) != 0 {
		t.Errorf("%q stands, %d units are open", host.lines, len(host.units))
	}
	host = &log{fails: map[string]error{"b": &run.DataError{Code: "ends_before_start", Field: "ends_at", Message: "it ends before it starts"}}}
	result, err := run.Run(p, value.Object(nil), run.Environment{}, host)
	if err != nil || result.Status != run.Partial || result.Errors[0].Instruction != "s3" {
		t.Errorf("%+v, %v", result, err)
	}
}

// Answers are small: what the program knows is not in them.
func TestAnswersAreSmall(t *testing.T) {
	t.Parallel()
	p := program(t, "  - {type: upsert_agent_external_identity, external_id: a-long-external-id, external_name: Cas Bos, return_as: agent}\n"+
		strings.Repeat("  - {type: upsert_activity, external_id: =event.id, activity_type: x, agent_external_identity: =agent, moment: =now(), contact_key: =event.id}\n", 4))
	result, err := run.Run(p, parse(t, `{"id": "another-long-external-id"}`), run.Environment{Zone: "UTC"}, &log{})
	if err != nil || len(result.Answers) != 5 {
		t.Errorf("%d bytes for five steps, %v", len(result.Answers), err)
	}
	// What it reads of a record is.
	reads := program(t, "  - {type: upsert_agent_external_identity, external_id: a, return_as: agent}\n  - {type: upsert_team_external_identity, external_id: =agent.id}\n")
	result, err = run.Run(reads, parse(t, `{}`), run.Environment{Zone: "UTC"}, &log{})
	if err != nil || !strings.Contains(string(result.Answers), "agent id") {
		t.Errorf("%q, %v", result.Answers, err)
	}
}

// TestDigest: whatever a run depends on, and whatever came of it, changes its digest.
func TestDigest(t *testing.T) {
	t.Parallel()
	const one = "  - {type: upsert_team_external_identity, external_id: =event.id, external_name: '=event.contact.name'}\n"
	of := func(instructions string) *run.Program {
		p := program(t, instructions)
		p.Enrichments = []run.Enrichment{{Name: "event.contact", Slot: p.Slots}}
		p.Slots++
		p.Hash = [32]byte{1} // as if it were one program, which computes something else in a later build
		return p
	}
	env := func(change func(*run.Environment)) run.Environment {
		env := run.Environment{Zone: "Europe/Amsterdam", Country: "+31", ReceivedAt: 5, Enrichments: []run.Field{{Name: "event.contact", Value: value.Text("Jan")}}}
		if change != nil {
			change(&env)
		}
		return env
	}
	seen := map[[32]byte]string{}
	for _, c := range []struct {
		name string
		p    *run.Program
		item string
		env  run.Environment
		host *log
	}{
		{"the run", of(one), `{"id": "a"}`, env(nil), &log{}},
		{"another item", of(one), `{"id": "b"}`, env(nil), &log{}},
		{"a key that nothing reads", of(one), `{"id": "a", "x": 1}`, env(nil), &log{}},
		{"another receive time", of(one), `{"id": "a"}`, env(func(e *run.Environment) { e.ReceivedAt = 6 }), &log{}},
		{"another zone", of(one), `{"id": "a"}`, env(func(e *run.Environment) { e.Zone = "UTC" }), &log{}},
		{"another country", of(one), `{"id": "a"}`, env(func(e *run.Environment) { e.Country = "+32" }), &log{}},
		{"another snapshot", of(one), `{"id": "a"}`, env(func(e *run.Environment) { e.Enrichments[0].Value = value.Text("Piet") }), &log{}},
		{"another value of a field", of(strings.Replace(one, "=event.contact.name", "=concat(event.id)", 1)), `{"id": "a"}`, env(nil), &log{}},
		{"an error", of(one), `{"id": "a"}`, env(nil), &log{fails: map[string]error{"a": &run.DataError{Code: "failed", Message: "no"}}}},
		{"another step", of(one + "  - {type: stop}\n"), `{"id": "a"}`, env(nil), &log{}},
	} {
		result, err := run.Run(c.p, parse(t, c.item), c.env, c.host)
		if err != nil {
			t.Fatal(err)
		}
		again, err := run.Run(c.p, parse(t, c.item), c.env, &log{})
		if err != nil || c.host.fails == nil && again.Digest != result.Digest {
			t.Errorf("%s: the same run has two digests (%v)", c.name, err)
		}
		if other, ok := seen[result.Digest]; ok {
			t.Errorf("%s and %s have one digest", c.name, other)
		}
		seen[result.Digest] = c.name
	}
}

package trace_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// ask is an operation that waits for an answer from outside the run.
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

var withAsk = library.New(library.Expressions(), append(library.Operations(), ask))

// moody is a host that answers whatever it likes.
type moody struct {
	rng   *rand.Rand
	units int
}

type entity struct {
	noun, id string
	rng      *rand.Rand
}

func (e *entity) Noun() string       { return e.noun }
func (e *entity) ExternalID() string { return e.id }
func (e *entity) Field(name string) value.Value {
	switch name {
	case "linked":
		return value.Bool(e.rng.IntN(2) == 0)
	case "entity":
		return value.Object([]value.Member{{Key: "id", Value: value.Text("agt_1")}, {Key: "name", Value: value.Int(e.rng.Int64())}})
	case "agent_external_identity":
		return value.Ref(&entity{"agent", "other", e.rng})
	}
	return value.Text(fmt.Sprint(name, e.rng.IntN(5)))
}

var errBusy = errors.New("the key was not loaded")

func (h *moody) Apply(e run.Effect) (run.Answer, error) {
	if e.Kind == run.Ask {
		if h.rng.IntN(2) == 0 {
			return run.Answer{}, &run.ErrPending{Question: e.Noun, Fields: slices.Clone(e.Fields)}
		}
		return run.Answer{Outcome: run.Answered, Result: value.List([]value.Value{value.Int(h.rng.Int64()), value.Null()})}, nil
	}
	a := run.Answer{Outcome: run.Created, Result: value.Ref(&entity{e.Noun, e.Key, h.rng})}
	switch h.rng.IntN(12) {
	case 0:
		return run.Answer{}, &run.DataError{Code: "ends_before_start", Field: "ends_at", Message: "no", Remedy: "mend", Value: value.Moment(5)}
	case 1:
		return run.Answer{}, errBusy
	case 2, 3:
		a.Outcome = run.Unchanged
	case 4, 5:
		a.Outcome = run.Updated
		for _, f := range e.Fields {
			switch h.rng.IntN(4) {
			case 0:
				a.Before = append(a.Before, run.Field{Name: f.Name, Value: value.Number(value.FromScaled(h.rng.Int64N(1e6), 3))})
			case 1:
				a.Locked = append(a.Locked, f.Name)
			case 2:
				a.Stale = append(a.Stale, f.Name)
			}
		}
		a.Before = append(a.Before, run.Field{Name: "elsewhere", Value: value.Ref(&entity{"team", "t", h.rng})})
	case 6:
		a.Outcome = "postponed"
	}
	return a, nil
}
func (h *moody) Begin()                                      { h.units++ }
func (h *moody) End(bool)                                    { h.units-- }
func (h *moody) Pseudonym(kind, text string) (string, error) { return "psn_" + kind, nil }

// formulas that specs are made of; some fail, some read what a host answers.
var (
	texts   = []string{`concat(event.id, " x ", event.n)`, `lower(event.name)`, `event.name`, `"abc"`, `event.n`, `join(event.tags, ",")`, `agent.entity.name`, `agent.id`, `agent.external_name`, `pseudonym(event.name)`, `format_datetime(now(), "YYYY")`, `null`}
	numbers = []string{`event.n`, `sum(1, event.n, null)`, `divide(1, event.zero)`, `sum_of(event.lines, line, line.price)`, `total`, `event.name`, `round(event.long, decimals=3)`}
	bools   = []string{`equals(event.n, "5")`, `and(agent.linked, exists(event.n))`, `not(event.zero)`, `any(event.lines, line, greater_than(line.price, 3))`, `true`, `agent.linked`, `or(false, is_empty(event.name))`}
	moments = []string{`parse_datetime(event.at)`, `now()`, `parse_datetime(event.name, default=now())`, `parse_datetime("2026-03-29 02:30")`, `parse_timestamp(event.n)`}
	anys    = append(append(append([]string{`map(event.lines, line, concat(line.sku, "-"))`, `filter(event.lines, line, exists(line.price))`, `coalesce(null, event.none, list(1, 2))`, `if(agent.linked, 1, "x")`, `event`, `total`, `lookup(event.name, stages)`, `list(agent, null)`}, texts...), numbers...), bools...)
)

func formula(t *rapid.T, from []string) string {
	return "'=" + rapid.SampledFrom(from).Draw(t, "formula") + "'"
}

func instructions(t *rapid.T, indent string, depth int) string {
	var b bytes.Buffer
	for range rapid.IntRange(1, 4).Draw(t, "length") {
		write := func(format string, args ...any) { fmt.Fprintf(&b, indent+format+"\n", args...) }
		kind := rapid.IntRange(0, 10).Draw(t, "kind")
		if depth == 0 && kind >= 4 && kind <= 6 {
			kind = 0
		}
		switch kind {
		case 0, 1:
			write("- {type: upsert_team_external_identity, external_id: %s, external_name: %s}", formula(t, texts), formula(t, texts))
		case 2:
			write("- {type: upsert_activity, external_id: %s, activity_type: x, agent_external_identity: =agent, moment: %s, value: %s, value_is_money: %s, contact_key: %s}",
				formula(t, texts), formula(t, moments), formula(t, numbers), formula(t, bools), formula(t, texts))
		case 3, 7:
			write("- {type: define_variable, value: %s, return_as: total}", formula(t, anys))
		case 4:
			write("- type: if_else")
			write("  condition: %s", formula(t, bools))
			write("  then:\n%s", instructions(t, indent+"    ", depth-1))
			if rapid.Bool().Draw(t, "else") {
				write("  else:\n%s", instructions(t, indent+"    ", depth-1))
			}
		case 5:
			write("- type: for_each")
			write("  list: %s", formula(t, []string{"event.lines", "event.tags", "event.name", "null"}))
			write("  item_var: item%d", depth)
			write("  index_var: index%d", depth)
			write("  body:\n%s", instructions(t, indent+"    ", depth-1))
		case 6:
			write("- type: switch")
			write("  value: %s", formula(t, anys))
			write("  cases:")
			write("    - equals: [%s, %s]", formula(t, anys), formula(t, texts))
			write("      body:\n%s", instructions(t, indent+"        ", depth-1))
			write("  default:\n%s", instructions(t, indent+"    ", depth-1))
		case 8:
			write("- {type: %s}", rapid.SampledFrom([]string{"stop", "fail, message: enough"}).Draw(t, "end"))
		case 9:
			write("- {type: ask, question: why, return_as: total}")
		case 10:
			write("- {type: stop, disabled: true}")
		}
	}
	return b.String()
}

func programs(t interface{ Fatalf(string, ...any) }, source string) (plain, traced *run.Program) {
	spec, problems, _ := text.ReadYAML([]byte(source), withAsk)
	if tree.HasErrors(problems) {
		t.Fatalf("%s\n%+v", source, problems)
	}
	spec.AssignIDs(nil, 1)
	plain, err := compile.Compile(spec, withAsk, compile.Options{})
	if err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	traced, err = compile.Compile(spec, withAsk, compile.Options{Traced: true})
	if err != nil {
		t.Fatalf("%s\n%v", source, err)
	}
	return plain, traced
}

const head = `spec: 1
source_model: webhook.payload
var: event
constants: [{name: stages, type: table<string>, default: {Cas: accepted}}]
instructions:
`

func item(t interface{ Fatalf(string, ...any) }, source string) value.Value {
	v, err := value.ParseJSON([]byte(source), value.Limits{})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return v
}

const given = `{"id": "d-1", "name": "Cas", "n": 5, "zero": 0, "long": 0.1234567890123456789012345, "at": "2025-12-10 19:00",
	"tags": ["a", "b", 3], "lines": [{"sku": "A", "price": 5}, {"sku": "B", "price": 1.25}, {"sku": null, "price": "x"}, {"sku": "D"}]}`

// Whatever a spec does and a host answers: the trace computed from the stored answers is the trace of that very run.
func TestRecomputeMatchesTheRun(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source := head + "  - {type: upsert_agent_external_identity, external_id: 7, return_as: agent}\n  - {type: define_variable, value: 0, return_as: total}\n" + instructions(t, "  ", 2)
		plain, traced := programs(t, source)
		env := run.Environment{Zone: "Europe/Amsterdam", Country: "+31", ReceivedAt: 1765389600_000000}
		for range rapid.IntRange(0, 2).Draw(t, "answers") {
			env.Answers = append(env.Answers, value.Text("because"))
		}
		host := &moody{rng: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
		v := item(t, given)
		result, err := run.Run(plain, v, env, host)
		if host.units != 0 {
			t.Fatalf("%d units are open after the run", host.units)
		}
		if errors.Is(err, errBusy) {
			return // the host could not answer: nothing is stored
		}
		if err != nil {
			t.Fatalf("%s\n%v", source, err)
		}
		shown, digest, err := trace.Recompute(traced, v, env, result.Answers, result.Status)
		if err != nil {
			t.Fatalf("%s\n%v", source, err)
		}
		if digest != result.Digest {
			t.Fatalf("%s\nthe digest is another one (%s)", source, result.Status)
		}
		if diff := cmp.Diff(result.Counts, shown.Counts); diff != "" {
			t.Fatalf("%s\n%s", source, diff)
		}
		if _, err := json.Marshal(shown); err != nil {
			t.Fatal(err)
		}
		// Answers that were cut short or belong to another run are noticed, never a panic.
		if n := len(result.Answers); n > 0 {
			_, other, err := trace.Recompute(traced, v, env, result.Answers[:n-1], result.Status)
			if err == nil && other == result.Digest {
				t.Fatalf("%s\nanswers that were cut off are taken", source)
			}
		}
	})
}

func FuzzReplay(f *testing.F) {
	_, traced := programs(f, head+`  - {type: upsert_agent_external_identity, external_id: 7, email: =event.mail, return_as: agent}
  - {type: upsert_team_external_identity, external_id: =agent.entity.name, external_name: '=pseudonym(event.name)'}
  - {type: ask, question: why}
`)
	v := item(f, given)
	f.Add([]byte{0, 1, 2, 'a', 'b', 3})
	f.Add([]byte{0x7b, 6, 3, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, answers []byte) {
		_, _, _ = trace.Recompute(traced, v, run.Environment{Zone: "UTC"}, answers, run.Succeeded) // must not panic
	})
}

func TestTree(t *testing.T) {
	t.Parallel()
	plain, traced := programs(t, head+`  - {type: upsert_agent_external_identity, id: a, external_id: =event.n, external_name: null, return_as: agent}
  - type: if_else
    id: b
    condition: '=and(false, exists(event.n))'
    then:
      - {type: stop, id: c}
    else:
      - type: for_each
        id: d
        list: =event.tags
        item_var: tag
        body:
          - {type: upsert_team_external_identity, id: e, external_id: =tag}
          - {type: define_variable, id: f, value: '=divide(1, subtract(tag, 3))', return_as: x}
`)
	env := run.Environment{Zone: "Europe/Amsterdam"}
	v := item(t, `{"n": 7, "tags": [3, 4]}`)
	host := &moody{rng: rand.New(rand.NewPCG(6, 1))}
	result, err := run.Run(plain, v, env, quiet{host})
	if err != nil {
		t.Fatal(err)
	}
	shown, digest, err := trace.Recompute(traced, v, env, result.Answers, result.Status)
	if err != nil || digest != result.Digest {
		t.Fatal(err)
	}
	var got []string
	list(&got, "", shown.Steps)
	want := []string{
		`a ran created Upsert agent identity event.n`,
		`  external_id "7" =event.n`,
		`  external_name null null`,
		`b ran  If and(false, exists(event.n))`,
		`  condition false =and(false, exists(event.n)) [and false [literal false] [exists ? [var ?]]]`,
		`  then:`,
		`    c not_taken  Stop`,
		`  else: taken`,
		`    d ran  For each tag of event.tags`,
		`      list [3,4] =event.tags`,
		`      1 failed division_by_zero`,
		`        e ran created Upsert team identity tag undone`,
		`          external_id "3" =tag`,
		`        f failed  Define x division_by_zero /instructions/1/else/0/body/1/value`,
		`          value ? =divide(1, subtract(tag, 3)) [divide !division_by_zero [literal 1] [subtract 0 [var 3] [literal 3]]]`,
		`      2 succeeded `,
		`        e ran created Upsert team identity tag`,
		`          external_id "4" =tag`,
		`        f ran defined Define x`,
		`          value 1 =divide(1, subtract(tag, 3)) [divide 1 [literal 1] [subtract 1 [var 4] [literal 3]]]`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A run of very many expressions has a tree that still fits in memory, and its digest.
func TestLongRunsAreCutShort(t *testing.T) {
	t.Parallel()
	plain, traced := programs(t, head+`  - type: for_each
    list: '=map(event.l, x, sum(x, 1))'
    item_var: i
    body:
      - {type: define_variable, value: '=map(event.l, y, sum(i, y))', return_as: z}
`)
	numbers := make([]value.Value, 400)
	for n := range numbers {
		numbers[n] = value.Int(int64(n))
	}
	v := value.Object([]value.Member{{Key: "l", Value: value.List(numbers)}})
	result, err := run.Run(plain, v, run.Environment{}, quiet{})
	if err != nil {
		t.Fatal(err)
	}
	shown, digest, err := trace.Recompute(traced, v, run.Environment{}, result.Answers, result.Status)
	if err != nil || digest != result.Digest || !shown.Truncated || len(shown.Steps[0].Items) != 400 {
		t.Errorf("truncated %v, %d items, %v", shown.Truncated, len(shown.Steps[0].Items), err)
	}
	last := shown.Steps[0].Items[399].Steps[0].Fields[0]
	if last.Tree != nil || last.Value == nil {
		t.Errorf("the last field is %+v", last)
	}
}

// quiet creates whatever it is asked to.
type quiet struct{ *moody }

func (quiet) Begin()   {}
func (quiet) End(bool) {}

func (q quiet) Apply(e run.Effect) (run.Answer, error) {
	return run.Answer{Outcome: run.Created, Result: value.Ref(&entity{e.Noun, e.Key, q.rng})}, nil
}

func list(out *[]string, indent string, steps []*trace.Step) {
	line := func(format string, args ...any) { *out = append(*out, indent+fmt.Sprintf(format, args...)) }
	for _, s := range steps {
		more := ""
		if s.Undone {
			more += " undone"
		}
		if s.Error != nil {
			more += " " + s.Error.Code + " " + s.Error.Place
		}
		line("%s %s %s %s%s", s.ID, s.State, s.Outcome, s.Summary, more)
		if s.State != trace.NotTaken {
			for _, f := range s.Fields {
				shown := "?"
				if f.Value != nil {
					shown = f.Value.String()
				}
				expr := ""
				if f.Tree != nil && len(f.Tree.Arguments) > 0 {
					expr = " " + expression(f.Tree)
				}
				line("  %s %s %s%s", f.Name, shown, f.Formula, expr)
			}
		}
		for _, b := range s.Branches {
			taken := ""
			if b.Taken {
				taken = " taken"
			}
			line("  %s:%s", b.Name, taken)
			list(out, indent+"    ", b.Steps)
		}
		for _, i := range s.Items {
			code := ""
			if i.Error != nil {
				code = i.Error.Code
			}
			line("  %d %s %s", i.Index, i.Status, code)
			list(out, indent+"    ", i.Steps)
		}
	}
}

func expression(e *trace.Expr) string {
	shown := "?"
	switch {
	case e.Error != nil:
		shown = "!" + e.Error.Code
	case e.Value != nil:
		shown = e.Value.String()
	}
	s := "[" + e.Type + " " + shown
	for _, a := range e.Arguments {
		s += " " + expression(a.Expr)
	}
	return s + "]"
}

package execute

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

const lines = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_agent_external_identity
    id: who
    external_id: =event.agent
    return_as: agent
  - type: for_each
    id: each
    list: =event.lines
    item_var: line
    body:
      - type: upsert_activity
        id: one
        external_id: =line.id
        activity_type: Line
        agent_external_identity: =agent
        moment: =parse_datetime(line.at)
        value: =line.value
`

const question = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_agent_external_identity
    id: who
    external_id: =event.agent
    return_as: agent
  - type: ask
    id: ask
    question: =event.agent
    return_as: name
  - type: upsert_team_external_identity
    id: team
    external_id: =name
`

// ask is an operation whose answer comes later.
var ask = &library.Operation{
	Entry: library.Entry{
		Name: "ask", Group: library.Utility, Title: "Ask", Help: "Asks somebody.",
		Signature: types.Signature{
			Params: []types.Param{{Name: "question", Title: "Question", Type: types.ID, Required: true}},
			Result: types.Text,
		},
	},
	Meaning: func(*library.Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			return f.Apply(in, run.Effect{Kind: run.Ask, Noun: "ask", Fields: fields})
		}
	},
}

func compiled(t *testing.T, spec string, traced bool) *run.Program {
	t.Helper()
	lib := library.New(library.Expressions(), append(library.Operations(), ask))
	tr, problems, _ := text.ReadYAML([]byte(spec), lib)
	if tree.HasErrors(problems) {
		t.Fatal(problems)
	}
	p, err := compile.Compile(tr, lib, compile.Options{Traced: traced})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func unit(t *testing.T, spec, item string) *Program {
	t.Helper()
	v, syntax := value.ParseJSON([]byte(item), value.Limits{})
	if syntax != nil {
		t.Fatal(syntax)
	}
	return &Program{
		Tenant: &plan.Tenant{ID: 1, Zone: "Europe/Amsterdam", Country: "+31"},
		Link: &plan.Link{
			ProcessorID: 4, Position: 1, Version: 2, EnvironmentID: 5, Program: compiled(t, spec, false),
			Zone: "Europe/Amsterdam", Country: "+31",
		},
		Delivery: &pipeline.Delivery{Number: 100, TenantID: 1, ProviderID: 2, SourceID: 3, ReceivedAt: 1765389600000000},
		Item:     v,
		Kind:     pipeline.Live,
	}
}

// stage over nothing, with what the unit needs.
func stageFor(u Unit, waiting ...int64) *record.Stage {
	need := &record.Need{}
	u.Need(need)
	need.Normalize()
	last := int64(1000)
	loaded := &record.Loaded{Waiting: map[int64]bool{}}
	for _, n := range waiting {
		loaded.Waiting[n] = true
	}
	return record.NewStage(7, func() int64 { last++; return last }, need, loaded)
}

func TestOneFailingItemOfTwo(t *testing.T) {
	t.Parallel()
	u := unit(t, lines, `{"agent": 7, "lines": [{"id": "a", "at": "2025-12-10", "value": 1}, {"id": "b", "at": "soon"}]}`)
	stage := stageFor(u)
	if err := u.Run(stage); err != nil {
		t.Fatal(err)
	}
	o := u.Outcome()
	e := *o.Execution
	if len(e.Errors) != 1 || e.Errors[0].Code != "unreadable" || e.Errors[0].Instruction != "one" {
		t.Errorf("its errors are %v", e.Errors)
	}
	if len(e.Answers) == 0 || len(e.Digest) != 32 {
		t.Errorf("it has %d bytes of answers and %d of a digest", len(e.Answers), len(e.Digest))
	}
	e.Errors, e.Answers, e.Digest = nil, nil, nil
	want := pipeline.Execution{
		ID: 1001, TenantID: 1, DeliveryID: 100, SourceID: 3, ProcessorID: 4, Version: 2, EnvironmentID: 5, Position: 1, Number: 100,
		Kind: pipeline.Live, Status: run.Partial, RanAt: 7, Counts: run.Counts{Created: 2, Failed: 1},
	}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Errorf("the execution (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Wrote{{"agent", true, "7", run.Created}, {"activity", false, "a", run.Created}}, o.Wrote); diff != "" {
		t.Errorf("what it wrote (-want +got):\n%s", diff)
	}
	rows := stage.Changes().Rows
	if len(rows) != 1 || rows[0].New.Key.ExternalID != "a" {
		t.Fatalf("the rows are %v", rows)
	}
	const maker = `{"origin":"provider","origin_id":2,"delivery":100,"execution":1001,"processor":4,"version":2,"instruction":"one"}`
	if rows[0].New.MadeBy != maker || rows[0].New.Mark != (record.Mark{Number: 100, Position: 1}) {
		t.Errorf("the row was made by %s with mark %v", rows[0].New.MadeBy, rows[0].New.Mark)
	}
}

func TestTraceOfAnExecutionMatchesItsDigest(t *testing.T) {
	t.Parallel()
	for _, item := range []string{
		`{"agent": 7, "lines": [{"id": "a", "at": "2025-12-10", "value": 1}, {"id": "b", "at": "soon"}]}`,
		`{"agent": null, "lines": []}`,
		`{"agent": 7}`,
	} {
		u := unit(t, lines, item)
		if err := u.Run(stageFor(u)); err != nil {
			t.Fatal(err)
		}
		e := u.Outcome().Execution
		env := run.Environment{Zone: u.Link.Zone, Country: u.Link.Country, ReceivedAt: u.Delivery.ReceivedAt}
		_, digest, err := trace.Recompute(compiled(t, lines, true), u.Item, env, e.Answers, e.Status)
		if err != nil {
			t.Errorf("%s: %v", item, err)
		}
		if diff := cmp.Diff(e.Digest, digest[:]); diff != "" {
			t.Errorf("%s: the digest (-stored +recomputed):\n%s", item, diff)
		}
	}
}

func TestAFailedRunLeavesNothing(t *testing.T) {
	t.Parallel()
	u := unit(t, lines, `{"agent": 7, "lines": "none"}`)
	stage := stageFor(u)
	if err := u.Run(stage); err != nil {
		t.Fatal(err)
	}
	if e := u.Outcome().Execution; e.Status != run.Failed || len(e.Errors) != 1 {
		t.Errorf("it is %s with %v", e.Status, e.Errors)
	}
	if diff := cmp.Diff(&record.Changes{}, stage.Changes()); diff != "" {
		t.Errorf("it left (-nothing +got):\n%s", diff)
	}
}

func TestAKeyThatIsNotLoadedLeavesNothing(t *testing.T) {
	t.Parallel()
	u := unit(t, lines, `{"agent": 7, "lines": [{"id": "a", "at": "2025-12-10"}]}`)
	need := &record.Need{Keys: []record.Key{{ProviderID: 2, Noun: record.AgentIdentity, ExternalID: "7"}}}
	stage := record.NewStage(7, func() int64 { return 1 }, need, &record.Loaded{})
	var missing *record.NotLoaded
	if err := u.Run(stage); !errors.As(err, &missing) {
		t.Fatalf("the error is %v", err)
	}
	want := []record.Key{{ProviderID: 2, Noun: "activity", ExternalID: "a"}}
	if diff := cmp.Diff(want, missing.Need.Keys); diff != "" {
		t.Errorf("it needs (-want +got):\n%s", diff)
	}
	if stage.Depth() != 0 || u.Outcome().Execution != nil {
		t.Errorf("%d units are open, the outcome is %v", stage.Depth(), u.Outcome())
	}
	if diff := cmp.Diff(&record.Changes{}, stage.Changes()); diff != "" {
		t.Errorf("it left (-nothing +got):\n%s", diff)
	}
}

func TestAQuestionStopsTheRunUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	first := unit(t, question, `{"agent": 7}`)
	stage := stageFor(first)
	if err := first.Run(stage); err != nil {
		t.Fatal(err)
	}
	e := first.Outcome().Execution
	if e.Status != run.Waiting || e.Reason != pipeline.ReasonAsked || e.Digest != nil {
		t.Fatalf("it is %s (%s)", e.Status, e.Reason)
	}
	if diff := cmp.Diff(&pipeline.Asked{Question: "ask", Fields: []byte(`{"question":"7"}`), Answers: [][]byte{}}, e.Asked); diff != "" {
		t.Errorf("it asks (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(&record.Changes{}, stage.Changes()); diff != "" {
		t.Errorf("while it waits there is (-nothing +got):\n%s", diff)
	}

	again := unit(t, question, `{"agent": 7}`)
	again.Stored, again.Given = e, []value.Value{value.Text("north")}
	stage = stageFor(again, e.ID)
	if err := again.Run(stage); err != nil {
		t.Fatal(err)
	}
	o := again.Outcome()
	if !o.Stored || o.Execution.ID != e.ID || o.Execution.Status != run.Succeeded {
		t.Fatalf("it is %+v", o.Execution)
	}
	if n := len(stage.Changes().Identities); n != 2 {
		t.Errorf("it left %d identities", n)
	}
	env := run.Environment{Zone: again.Link.Zone, Country: again.Link.Country, ReceivedAt: again.Delivery.ReceivedAt, Answers: again.Given}
	_, digest, err := trace.Recompute(compiled(t, question, true), again.Item, env, o.Execution.Answers, o.Execution.Status)
	if err != nil || cmp.Diff(o.Execution.Digest, digest[:]) != "" {
		t.Errorf("its trace does not match: %v", err)
	}
}

func TestSomebodyElseRanIt(t *testing.T) {
	t.Parallel()
	u := unit(t, lines, `{"agent": 7}`)
	u.Stored = &pipeline.Execution{ID: 50, Number: 100}
	stage := stageFor(u)
	if err := u.Run(stage); err != nil {
		t.Fatal(err)
	}
	if u.Outcome().Execution != nil {
		t.Errorf("it ran: %+v", u.Outcome().Execution)
	}
}

func TestWaitsDefersAndGivesUp(t *testing.T) {
	t.Parallel()
	item := `{"agent": 7, "lines": []}`
	suspended := unit(t, lines, item)
	suspended.Link.Wait = string(pipeline.ReasonSuspended)
	behind := unit(t, lines, item)
	behind.Defer(pipeline.ReasonBehind)
	refused := unit(t, lines, item)
	refused.GiveUp("The database refused it.")
	newer := unit(t, lines, item)
	newer.Kind, newer.OverwriteNewer = pipeline.Replay, true
	newer.TakeNumber(900)
	for _, c := range []struct {
		unit   *Program
		status run.Status
		reason pipeline.Reason
		number int64
	}{
		{suspended, run.Waiting, pipeline.ReasonSuspended, 100},
		{behind, run.Waiting, pipeline.ReasonBehind, 100},
		{refused, run.Failed, "", 100},
		{newer, run.Succeeded, "", 900},
	} {
		if err := c.unit.Run(stageFor(c.unit)); err != nil {
			t.Fatal(err)
		}
		e := c.unit.Outcome().Execution
		if e.Status != c.status || e.Reason != c.reason || e.Number != c.number {
			t.Errorf("it is %s (%s) with number %d, not %s (%s) with %d", e.Status, e.Reason, e.Number, c.status, c.reason, c.number)
		}
	}
}

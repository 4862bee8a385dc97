// Package spectest carries out the tests of a spec: it delivers what a test gives to the very code that runs live, on a
// stage over what the test says was there before, and tells in words where the outcome and the records differ from what
// is expected. It needs no server and no database, never reads a clock, and writes nothing.
package spectest

import (
	"errors"
	"fmt"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// What a test that does not say otherwise is run with.
const (
	Zone    = "Europe/Amsterdam"
	Country = "+31"
)

// Suite is a spec with its tests. It is for one goroutine.
type Suite struct {
	spec     *tree.Spec
	program  *run.Program
	coverage *coverage.Coverage
}

// New makes a suite of a spec that checks. Instructions without an id get one.
func New(spec *tree.Spec, lib *library.Library, model library.Model) (*Suite, error) {
	spec.AssignIDs(nil, 1)
	program, err := compile.Compile(spec, lib, compile.Options{Var: model.Var, Traced: true})
	if err != nil {
		return nil, err
	}
	return &Suite{spec: spec, program: program, coverage: coverage.New(program, lib)}, nil
}

// Coverage is what the tests that were run so far came by.
func (s *Suite) Coverage() *coverage.Coverage { return s.coverage }

// Result is what became of one test.
type Result struct {
	Name string
	// Outcome of the last item, and the digest of its run: the same wherever it runs on the same records.
	Outcome run.Status
	Digest  []byte
	// Differences between what was expected and what came, in words; none: the test passes.
	Differences []string
	// Sides are all that was compared, equal or not: how the last item ended, then each record, field by field.
	Sides []Side

	fields []fieldDifference // those of Differences that are about one field of a record or identity
}

// Side is one thing that a test expects beside what came.
type Side struct {
	Noun, ExternalID string // of the record or identity; "": how the run ended
	Field            string
	Want, Got        *value.Value // nil: that side does not have it
	Same             bool
}

type fieldDifference struct{ noun, id, field string }

// Passed reports whether all was as expected.
func (r *Result) Passed() bool { return len(r.Differences) == 0 }

func (r *Result) differ(format string, args ...any) {
	r.Differences = append(r.Differences, fmt.Sprintf(format, args...))
}

// RunAll runs every test of the spec, in order.
func (s *Suite) RunAll() ([]Result, error) {
	results := make([]Result, len(s.spec.Tests))
	for i, t := range s.spec.Tests {
		var err error
		if results[i], err = s.Run(t); err != nil {
			return nil, fmt.Errorf("test %q: %w", t.Name(), err)
		}
	}
	return results, nil
}

// Run runs one test of the spec. An error is a bug: whatever a test can do wrong is a difference.
func (s *Suite) Run(t *tree.Test) (Result, error) {
	result := Result{Name: t.Name()}
	w, err := s.world(t)
	if err != nil {
		result.differ("%v", err)
		return result, nil
	}
	stage, units, err := w.deliver()
	if err != nil {
		return result, err
	}
	traces := make([]*trace.Tree, len(units))
	for i, u := range units {
		if traces[i], err = s.trace(w, u); err != nil {
			return result, err
		}
	}
	last := units[len(units)-1].Outcome().Execution
	result.Outcome, result.Digest = last.Status, last.Digest
	expect, _ := t.Get("expect")
	compareEnd(&result, expect, last, traces[len(traces)-1])
	w.compareRecords(&result, expect, stage, wrote(units))
	return result, nil
}

// trace is what a unit did, as a viewer would be shown it.
func (s *Suite) trace(w *world, u *execute.Program) (*trace.Tree, error) {
	e := u.Outcome().Execution
	env, err := s.environment(w, u)
	if err != nil {
		return nil, err
	}
	if _, err := run.Replay(s.program, u.Item, env, e.Answers, s.coverage.Recorder()); err != nil {
		return nil, err
	}
	tree, digest, err := trace.Recompute(s.program, u.Item, env, e.Answers, e.Status)
	if err == nil && string(digest[:]) != string(e.Digest) {
		err = errors.New("the trace is not that of the run")
	}
	return tree, err
}

// environment is what a unit ran with.
func (s *Suite) environment(w *world, u *execute.Program) (run.Environment, error) {
	enriched, err := execute.Enrich(s.program, u.Tenant, u.Fetched)
	return run.Environment{Zone: w.zone.String(), Country: Country, ReceivedAt: w.received, Constants: w.constants, Enrichments: enriched.Values}, err
}

// world is all that a test's run depends on.
type world struct {
	program   *run.Program
	zone      *time.Location
	received  int64
	constants []run.Field
	items     []value.Value
	before    *record.Loaded
}

// The one tenant and provider of a test, and the number its first delivery has; what was there before has an older one.
const (
	tenantID   = 1
	providerID = 1
	firstOne   = 2
)

func (s *Suite) world(t *tree.Test) (*world, error) {
	w := &world{program: s.program}
	zone := Zone
	if v, ok := t.Get("zone"); ok {
		zone = v.Text()
	}
	var err error
	if w.zone, err = time.LoadLocation(zone); err != nil {
		return nil, fmt.Errorf("zone: there is no zone %q", zone)
	}
	if v, ok := t.Get("received_at"); ok {
		moment, readable := library.ReadMoment(v.Text(), w.zone)
		if !readable {
			return nil, fmt.Errorf("received_at: %s is no datetime", v)
		}
		w.received = moment.Micros()
	}
	if err := w.value(t); err != nil {
		return nil, err
	}
	given, _ := t.Get("given")
	w.items = []value.Value{given}
	if given.Kind() == value.KindList {
		w.items = given.Items()
	}
	if len(w.items) == 0 {
		return nil, errors.New("given: the list is empty, so nothing is delivered")
	}
	before, _ := t.Get("before")
	w.before, err = w.readBefore(before)
	return w, err
}

// value gives the constants the values that the test has for them.
func (w *world) value(t *tree.Test) error {
	given, _ := t.Get("constants")
	for _, c := range w.program.Constants {
		if v := given.Get(c.Name); !v.IsNull() {
			w.constants = append(w.constants, run.Field{Name: c.Name, Value: v})
		} else if c.Default.IsNull() {
			return fmt.Errorf("constants: %s has no default, so the test must give it a value", c.Name)
		}
	}
	return nil
}

// rounds is how often a run may find that it needs more than it knew before.
const rounds = 64

// deliver runs the items one after the other on one stage, and again from the start with what they asked for, as a
// group of deliveries does.
func (w *world) deliver() (*record.Stage, []*execute.Program, error) {
	units := make([]*execute.Program, len(w.items))
	need := &record.Need{}
	for i := range units {
		units[i] = w.unit(i)
		units[i].Need(need)
	}
	var err error
	for range rounds {
		need.Normalize()
		last := int64(0)
		stage := record.NewStage(w.received, func() int64 { last--; return last }, need, w.loaded(need))
		if err = runAll(units, stage); err == nil {
			return stage, units, nil
		}
		missing := (*record.NotLoaded)(nil)
		if !errors.As(err, &missing) {
			return nil, nil, err
		}
		need.Add(&missing.Need)
	}
	return nil, nil, err
}

func runAll(units []*execute.Program, stage *record.Stage) error {
	for _, u := range units {
		if err := u.Run(stage); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) unit(i int) *execute.Program {
	item, fetched := execute.TakeApart(w.program, w.items[i])
	return &execute.Program{
		Tenant:    &plan.Tenant{ID: tenantID, Zone: w.zone.String(), Country: Country},
		Link:      &plan.Link{ProcessorID: 1, Version: 1, Program: w.program, Zone: w.zone.String(), Country: Country, Constants: w.constants},
		Delivery:  &pipeline.Delivery{Number: int64(firstOne + i), TenantID: tenantID, ProviderID: providerID, SourceID: 1, ReceivedAt: w.received},
		Item:      item,
		Fetched:   fetched,
		Kind:      pipeline.Test,
		Pseudonym: readable,
	}
}

// readable is a pseudonym that a person can compare: psn(jan@example.test).
func readable(_, text string) (string, error) { return "psn(" + text + ")", nil }

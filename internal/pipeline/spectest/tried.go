package spectest

import (
	"context"
	"math"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Tried is a run that was tried out on the records of now, and written nowhere.
type Tried struct {
	Spec       *tree.Spec
	Program    *run.Program // traced
	Item       value.Value
	With       run.Environment
	ProviderID int64
	Execution  *pipeline.Execution
}

// MakeTried makes a test of a run that was tried out: what it was given, what it found, and what it would write. The test
// passes on the spec that was tried.
func MakeTried(ctx context.Context, store interface {
	Snapshot(ctx context.Context, fn func(record.Snapshot) error) error
}, lib *library.Library, tried Tried, name string,
) (*Made, error) {
	if tried.Execution.Status == run.Waiting {
		return nil, fault.New(fault.Conflict, "The run waits for something that only a real one can ask for, so there is nothing to expect.")
	}
	past := &explain.Past{Spec: tried.Spec, Program: tried.Program, Item: tried.Item, With: tried.With}
	past.Execution.Execution = *tried.Execution
	past.Execution.ReceivedAt = tried.With.ReceivedAt
	past.Delivery.ProviderID = tried.ProviderID
	// Whatever the records hold was there before it.
	past.Execution.ID, past.Execution.RanAt = math.MaxInt64, math.MaxInt64
	m := &maker{past: past, seen: &observer{things: map[entity]*thing{}}}
	if _, err := run.Replay(tried.Program, tried.Item, tried.With, tried.Execution.Answers, m.seen); err != nil {
		return nil, err
	}
	if tried.Execution.Status == run.Failed {
		m.seen.takeBack(0)
	}
	if len(m.seen.contacts) > 0 {
		if err := store.Snapshot(ctx, m.travel); err != nil {
			return nil, err
		}
	}
	return m.make(lib, name)
}

// Expecting gives a test that expects what comes of it on this spec: the same item, on what was there before.
func (s *Suite) Expecting(lib *library.Library, t *tree.Test) (*tree.Test, error) {
	w, err := s.world(t)
	if err != nil {
		return nil, fault.New(fault.Conflict, "The test cannot be run, so nothing comes of it: %v.", err)
	}
	_, units, err := w.deliver()
	if err != nil {
		return nil, err
	}
	past := &explain.Past{Spec: s.spec, Program: s.program}
	m := &maker{past: past, seen: &observer{things: map[entity]*thing{}}}
	for _, u := range units {
		e := u.Outcome().Execution
		past.Execution.Execution = *e
		m.seen.failed = 0 // failed_items are those of the last item
		before := len(m.seen.undo)
		env, err := s.environment(w, u)
		if err != nil {
			return nil, err
		}
		if _, err := run.Replay(s.program, u.Item, env, e.Answers, m.seen); err != nil {
			return nil, err
		}
		if e.Status == run.Failed {
			m.seen.takeBack(before)
		}
	}
	made := &tree.Test{Members: slices.Clone(t.Members)}
	for {
		made.Members = slices.DeleteFunc(made.Members, func(m value.Member) bool { return m.Key == "expect" })
		made.Members = append(made.Members, value.Member{Key: "expect", Value: m.expect(lib)})
		result, err := s.Run(made)
		if err != nil {
			return nil, err
		}
		if result.Passed() || !m.leaveOut(&result) {
			return made, nil
		}
	}
}

package queue

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Again is one execution that somebody asks to run again, or for the first time, and what became of it.
type Again struct {
	Execution int64 // that was asked for; 0: there was none
	Outcome   execute.Outcome
	Err       error // why it did not run; a *fault.Error

	delivery *pipeline.Delivery
	unit     *execute.Program // without its tenant and item
}

// Test runs the current spec of a processor, enabled or not, on a stored delivery, for real.
func (q *Queue) Test(ctx context.Context, tenantID, processorID, delivery int64, overwriteNewer bool) (execute.Outcome, error) {
	d, err := q.Store.Delivery(ctx, tenantID, delivery)
	if err != nil {
		return execute.Outcome{}, err
	}
	if d.SourceID == 0 {
		return execute.Outcome{}, fault.New(fault.Conflict, "Delivery %s came in at a fixed webhook, where no processor runs.", id.Format(id.Delivery, delivery))
	}
	link, err := q.Store.Link(ctx, tenantID, processorID, d.SourceID)
	if err != nil {
		return execute.Outcome{}, err
	}
	a := &Again{delivery: &d.Delivery, unit: &execute.Program{Link: &link, Kind: pipeline.Test, OverwriteNewer: overwriteNewer}}
	if err := q.enrich(ctx, tenantID, []*Again{a}); err != nil || a.Err != nil {
		return execute.Outcome{}, errors.Join(err, a.Err)
	}
	return q.one(ctx, tenantID, a)
}

// Answer gives an execution the answer to its open question and runs it again from the start.
func (q *Queue) Answer(ctx context.Context, tenantID, executionID int64, answer value.Value) (execute.Outcome, error) {
	stored, err := q.Store.Execution(ctx, tenantID, executionID)
	if err != nil {
		return execute.Outcome{}, err
	}
	if stored.Status != run.Waiting || stored.Reason != pipeline.ReasonAsked {
		return execute.Outcome{}, fault.New(fault.Conflict, "Execution %s has no open question; it is %s.", id.Format(id.Execution, executionID), state(&stored.Execution))
	}
	a, err := q.stored(ctx, &stored.Execution, map[int64]*pipeline.Delivery{}, map[place]*plan.Link{})
	if err != nil {
		return execute.Outcome{}, err
	}
	a.unit.Stored, a.unit.Given, a.unit.Fetched = &stored.Execution, []value.Value{answer}, stored.Enrichments
	return q.one(ctx, tenantID, a)
}

func state(e *pipeline.Execution) string {
	if e.Status == run.Waiting {
		return "waiting (" + string(e.Reason) + ")"
	}
	return string(e.Status)
}

// Replay runs the delivery of an execution again; see ReplayAll.
func (q *Queue) Replay(ctx context.Context, tenantID, execution int64, overwriteNewer bool) (execute.Outcome, error) {
	all, err := q.ReplayAll(ctx, tenantID, []int64{execution}, overwriteNewer)
	if err != nil {
		return execute.Outcome{}, err
	}
	return all[0].Outcome, all[0].Err
}

// ReplayAll runs the deliveries of executions again, with the current specs of their processors, in the order in which
// the deliveries were accepted. Those that are parked are released: they have not run yet. The answer has one entry for
// each execution, in the order asked for; one that cannot run does not hold up the others.
func (q *Queue) ReplayAll(ctx context.Context, tenantID int64, executions []int64, overwriteNewer bool) ([]*Again, error) {
	deliveries, links := map[int64]*pipeline.Delivery{}, map[place]*plan.Link{}
	all := make([]*Again, len(executions))
	var ready []*Again
	for i, number := range executions {
		a, err := q.replay(ctx, tenantID, number, overwriteNewer, deliveries, links)
		if err != nil {
			if fault.Ours(err) {
				return nil, err
			}
			all[i] = &Again{Execution: number, Err: fault.Of(err)}
			continue
		}
		if a.unit.Stored != nil && slices.Contains(executions[:i], number) {
			all[i] = &Again{Execution: number, Err: fault.New(fault.Conflict, "Execution %s is named twice, and can be released once.", id.Format(id.Execution, number))}
			continue
		}
		all[i] = a
		ready = append(ready, a)
	}
	return all, q.inOrder(ctx, tenantID, ready)
}

// inOrder fetches what runs need and hands them to the writer in the order in which their deliveries were accepted.
func (q *Queue) inOrder(ctx context.Context, tenantID int64, ready []*Again) error {
	if err := q.enrich(ctx, tenantID, ready); err != nil {
		return err
	}
	ready = slices.DeleteFunc(ready, func(a *Again) bool { return a.Err != nil })
	slices.SortStableFunc(ready, func(a, b *Again) int {
		return cmp.Or(cmp.Compare(a.delivery.Number, b.delivery.Number), cmp.Compare(a.unit.Link.Position, b.unit.Link.Position))
	})
	for part := range slices.Chunk(ready, batch) {
		if err := q.submit(ctx, tenantID, part); err != nil {
			return err
		}
	}
	return nil
}

// RunStored runs deliveries through the processors that are linked to their sources now and have not run them: what came
// in before there was one. It gives why each did not run or what failed, or nil, in the order asked for; a delivery that all
// of them have run is left as it is, which is no fault.
func (q *Queue) RunStored(ctx context.Context, tenantID int64, deliveries []int64, overwriteNewer bool) ([]error, error) {
	wrong := make([]error, len(deliveries))
	links := map[place]*plan.Link{}
	var ready []*Again
	of := map[*Again]int{} // which delivery each is of
	for i, number := range deliveries {
		if slices.Contains(deliveries[:i], number) {
			continue
		}
		due, err := q.due(ctx, tenantID, number, links)
		if err != nil {
			if fault.Ours(err) {
				return nil, err
			}
			wrong[i] = fault.Of(err)
			continue
		}
		for _, a := range due {
			a.unit.Kind, a.unit.OverwriteNewer = pipeline.Replay, overwriteNewer
			of[a] = i
		}
		ready = append(ready, due...)
	}
	if err := q.inOrder(ctx, tenantID, slices.Clone(ready)); err != nil {
		return nil, err
	}
	for _, a := range ready {
		wrong[of[a]] = errors.Join(wrong[of[a]], a.wrong())
	}
	return wrong, nil
}

// due are the runs of a delivery that have not been.
func (q *Queue) due(ctx context.Context, tenantID, number int64, links map[place]*plan.Link) ([]*Again, error) {
	d, err := q.Store.Delivery(ctx, tenantID, number)
	if err != nil {
		return nil, err
	}
	name := id.Format(id.Delivery, number)
	if d.SourceID == 0 {
		return nil, fault.New(fault.Conflict, "Delivery %s came in at a fixed webhook, where no processor runs.", name)
	}
	linked, ran, err := q.Store.ProcessorsOf(ctx, tenantID, number)
	if err != nil {
		return nil, err
	}
	if len(linked) == 0 {
		return nil, fault.New(fault.Conflict, "No enabled processor is linked to the source of delivery %s.", name)
	}
	var due []*Again
	for _, processor := range linked {
		if slices.Contains(ran, processor) {
			continue
		}
		link, err := q.link(ctx, tenantID, place{processor, d.SourceID}, links)
		if err != nil {
			return nil, err
		}
		due = append(due, &Again{delivery: &d.Delivery, unit: &execute.Program{Link: link}})
	}
	return due, nil
}

// Rerun is ReplayAll for those who ask only what did not go well: it gives why, or nil, for each, in the order asked for.
func (q *Queue) Rerun(ctx context.Context, tenantID int64, executions []int64, overwriteNewer bool) ([]error, error) {
	all, err := q.ReplayAll(ctx, tenantID, executions, overwriteNewer)
	if err != nil {
		return nil, err
	}
	wrong := make([]error, len(all))
	for i, a := range all {
		wrong[i] = a.wrong()
	}
	return wrong, nil
}

// wrong is why it did not run, or what failed when it did; nil: it went well, or waits.
func (a *Again) wrong() error {
	e := a.Outcome.Execution
	switch {
	case a.Err != nil:
		return a.Err
	case e == nil || len(e.Errors) == 0:
		return nil
	case e.Status == run.Partial:
		return fault.New(fault.Conflict, "It ran as %s, and failed in part: %s", id.Format(id.Execution, e.ID), e.Errors[0].Message)
	default:
		return fault.New(fault.Conflict, "It ran as %s, and failed: %s", id.Format(id.Execution, e.ID), e.Errors[0].Message)
	}
}

func (q *Queue) replay(ctx context.Context, tenantID, number int64, overwriteNewer bool, deliveries map[int64]*pipeline.Delivery, links map[place]*plan.Link) (*Again, error) {
	e, err := q.Store.Execution(ctx, tenantID, number)
	if err != nil {
		return nil, err
	}
	waits := e.Status == run.Waiting
	if waits && e.Reason != pipeline.ReasonParked {
		return nil, fault.New(fault.Conflict, "Execution %s has not run yet: it is %s. It runs by itself when that is over.", id.Format(id.Execution, number), state(&e.Execution))
	}
	a, err := q.stored(ctx, &e.Execution, deliveries, links)
	if err != nil {
		return nil, err
	}
	if waits {
		a.unit.Stored = &e.Execution
	} else {
		a.unit.Kind, a.unit.OverwriteNewer = pipeline.Replay, overwriteNewer
	}
	return a, nil
}

// place of a processor on a source.
type place struct{ processor, source int64 }

// stored finds the delivery and the program of an execution.
func (q *Queue) stored(ctx context.Context, e *pipeline.Execution, deliveries map[int64]*pipeline.Delivery, links map[place]*plan.Link) (*Again, error) {
	d := deliveries[e.DeliveryID]
	if d == nil {
		line, err := q.Store.Delivery(ctx, e.TenantID, e.DeliveryID)
		if err != nil {
			return nil, err
		}
		d = &line.Delivery
		deliveries[d.Number] = d
	}
	link, err := q.link(ctx, e.TenantID, place{e.ProcessorID, e.SourceID}, links)
	if err != nil {
		return nil, err
	}
	return &Again{Execution: e.ID, delivery: d, unit: &execute.Program{Link: link}}, nil
}

// link gives a processor on a source, each once.
func (q *Queue) link(ctx context.Context, tenantID int64, at place, links map[place]*plan.Link) (*plan.Link, error) {
	if link := links[at]; link != nil {
		return link, nil
	}
	made, err := q.Store.Link(ctx, tenantID, at.processor, at.source)
	if err != nil {
		return nil, err
	}
	links[at] = &made
	return &made, nil
}

func (q *Queue) one(ctx context.Context, tenantID int64, a *Again) (execute.Outcome, error) {
	if err := q.submit(ctx, tenantID, []*Again{a}); err != nil {
		return execute.Outcome{}, err
	}
	return a.Outcome, a.Err
}

// submit hands a batch to the writer, in its order, and sets what became of each.
func (q *Queue) submit(ctx context.Context, tenantID int64, all []*Again) error {
	if _, err := q.Plan.Fresh(ctx); err != nil { // the tenant may be of this minute
		return err
	}
	result, err := q.Writer.Submit(ctx, commit.Job{Plan: func(p *plan.Picture) (*commit.Work, error) {
		work := &commit.Work{}
		for _, a := range all {
			unit, err := unitOf(p, tenantID, a.unit.Link, a.delivery)
			if err != nil {
				return nil, err
			}
			unit.Kind, unit.Stored, unit.Given, unit.OverwriteNewer = a.unit.Kind, a.unit.Stored, a.unit.Given, a.unit.OverwriteNewer
			unit.Fetched = a.unit.Fetched
			work.Items = append(work.Items, commit.Item{Delivery: a.delivery, Units: []execute.Unit{unit}})
		}
		return work, nil
	}})
	if err != nil {
		return err
	}
	for i, a := range all {
		a.Outcome = result.Items[i].Units[0].Outcome()
		if a.Outcome.Execution == nil {
			a.Err = fault.New(fault.Conflict, "Execution %s was run by somebody else at the same moment.", id.Format(id.Execution, a.Execution))
		}
	}
	return nil
}

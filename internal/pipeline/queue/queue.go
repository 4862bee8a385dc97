// Package queue runs what waits: executions that were kept while the writer was behind, those whose link was incomplete
// or whose processor was suspended once that is mended, and those that asked something once the answer comes. It also
// runs stored deliveries again, for a test or after a spec was mended. It writes through the one group writer, with the
// same units as the doors, and never writes anything itself.
//
//	kept enriching ──(package enrich)──┐
//	                                   ▼
//	kept waiting ──(commit, change of configuration, start)──▶ claim a source ─▶ run in order of acceptance ─▶ next
//
// A claim is a lock of the database, which lets go of it when a node dies. It keeps the order; that nothing runs twice
// is seen to by the group, which locks what it runs and looks whether it still waits.
package queue

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/enrich"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Store is what the queue reads. Waiting executions are the queue; there is no other table.
type Store interface {
	// WaitingSources gives the sources that have executions waiting for one of the reasons.
	WaitingSources(ctx context.Context, reasons ...pipeline.Reason) ([]int64, error)
	// Waiting gives waiting executions with their deliveries, in the order in which they are to run: by acceptance, then
	// by position.
	Waiting(ctx context.Context, w pipeline.Waiting) ([]pipeline.WaitingRun, error)
	// Enrichments gives what was fetched for deliveries before, by their numbers.
	Enrichments(ctx context.Context, tenantID int64, deliveries ...int64) (map[int64][]pipeline.Enrichment, error)
	// KeepSnapshots gives a list in which everything that has content has a number, storing what is not there yet.
	KeepSnapshots(ctx context.Context, tenantID int64, list []pipeline.Enrichment) ([]pipeline.Enrichment, error)
	// WaitingLanes gives the lanes in which live executions wait that run before what comes in later.
	WaitingLanes(ctx context.Context) ([]pipeline.Lane, error)
	// SettleWaiting makes waiting executions true to the configuration: what waits for a processor that is no longer
	// linked to its source is skipped, and what waits for one that is disabled says so until it is enabled.
	SettleWaiting(ctx context.Context) error
	// Claim runs fn while this node alone runs what waits on the source; false where another node does.
	Claim(ctx context.Context, sourceID int64, fn func() error) (bool, error)
	Execution(ctx context.Context, tenantID, id int64) (pipeline.ExecutionLine, error)
	Delivery(ctx context.Context, tenantID, number int64) (pipeline.DeliveryLine, error)
	// Link gives a processor with its current spec as it would run on what a source delivers, be it enabled and linked
	// or not. It fails with fault.Conflict where it cannot run.
	Link(ctx context.Context, tenantID, processorID, sourceID int64) (plan.Link, error)
	// ProcessorsOf gives the enabled processors that are linked to the source of a delivery, in the order in which they
	// run, and those of them that have run it already or wait to; tests do not count.
	ProcessorsOf(ctx context.Context, tenantID, delivery int64) (linked, ran []int64, err error)
}

// Queue of a node.
type Queue struct {
	Store  Store
	Plan   *plan.Holder
	Writer *commit.Writer
	Desk   *enrich.Desk // fetches what has to be there before a run
	Log    *slog.Logger
}

const (
	// batch is how many executions are handed to the writer at once: few enough that calls at the doors hardly wait
	// for them.
	batch = 256
	// batchesOfClaim are run before a source is claimed anew: a claim lasts seconds, since PostgreSQL ends it after 20 s.
	batchesOfClaim = 4
	// sweep is how often the queue looks without a reason: for what a node that died has left behind.
	sweep = 30 * time.Second
	// patience with a delivery that is being fetched for: so long after the first try the later ones of its processor
	// wait for it.
	patience = 10 * time.Minute
	// pause before the queue comes back to what another node holds, or what could not run just now.
	pause = time.Second
)

// Reasons that pass: by themselves, and when the configuration is mended.
var (
	behind = []pipeline.Reason{pipeline.ReasonBehind}
	mended = []pipeline.Reason{pipeline.ReasonBehind, pipeline.ReasonIncomplete, pipeline.ReasonSuspended}
)

// Run runs what waits until ctx ends.
func (q *Queue) Run(ctx context.Context) error {
	var desk sync.WaitGroup
	defer desk.Wait()
	desk.Go(func() { q.Desk.Run(ctx) })
	var last *plan.Picture // under which everything was tried
	for ctx.Err() == nil {
		picture, changed := q.Plan.Watch()
		reasons := behind
		if picture != last {
			reasons = mended
		}
		next := sweep
		q.Desk.Wake()
		again, err := q.pass(ctx, picture, reasons)
		switch {
		case err != nil && ctx.Err() == nil:
			q.Log.WarnContext(ctx, "the queue could not run what waits; it tries again", "error", err)
			next = pause
		case again:
			next = pause
		default:
			last = picture
		}
		timer := time.NewTimer(next)
		select {
		case <-q.Writer.Waiting():
		case <-q.Desk.Ready():
			last = nil // it may have held back what waits for whatever reason
		case <-changed:
		case <-timer.C:
			if next == sweep {
				last = nil
				q.refresh(ctx)
			}
		case <-ctx.Done():
		}
		timer.Stop()
	}
	return nil
}

// refresh looks for a configuration that another node has changed.
func (q *Queue) refresh(ctx context.Context) {
	if _, err := q.Plan.Fresh(ctx); err != nil && ctx.Err() == nil {
		q.Log.WarnContext(ctx, "the configuration could not be read", "error", err)
	}
}

// LearnOrder tells the writer what waits, so that nothing that comes in overtakes it. A server asks for it before it
// opens its doors.
func (q *Queue) LearnOrder(ctx context.Context) error {
	return q.Writer.LearnOrder(func() ([]pipeline.Lane, error) { return q.Store.WaitingLanes(ctx) })
}

// pass runs all that waits for one of the reasons and can run. Again: something has to be tried once more.
func (q *Queue) pass(ctx context.Context, picture *plan.Picture, reasons []pipeline.Reason) (again bool, err error) {
	defer func() { err = errors.Join(err, q.LearnOrder(ctx)) }()
	if len(reasons) > len(behind) {
		if err := q.Store.SettleWaiting(ctx); err != nil {
			return true, err
		}
	}
	sources, err := q.Store.WaitingSources(ctx, reasons...)
	if err != nil {
		return true, err
	}
	for _, id := range sources {
		source := picture.Sources[id]
		if source == nil { // deleted; SettleWaiting sees to what waited for it
			continue
		}
		for end := drainedOn; end == drainedOn && ctx.Err() == nil; {
			end = drainedStuck // where another node has the claim
			_, err := q.Store.Claim(ctx, id, func() (err error) {
				end, err = q.drain(ctx, source, reasons)
				return err
			})
			if err != nil {
				return true, err
			}
			again = again || end == drainedStuck
		}
	}
	return again, nil
}

// drained is how a claim ended.
type drained uint8

const (
	drainedAll   drained = iota // nothing waits any more
	drainedOn                   // there may be more
	drainedStuck                // something waits that cannot run just now
)

// drain runs what waits on a source, batch by batch, as long as a claim may last.
func (q *Queue) drain(ctx context.Context, source *plan.Source, reasons []pipeline.Reason) (drained, error) {
	waiting := pipeline.Waiting{SourceID: source.ID, Reasons: reasons, Limit: batch}
	for i := range source.Links {
		link := &source.Links[i]
		if link.Wait != "" {
			continue
		}
		waiting.Processors = append(waiting.Processors, link.ProcessorID)
		if len(link.Program.Enrichments) > 0 {
			waiting.Enriched = append(waiting.Enriched, link.ProcessorID)
		}
	}
	if len(waiting.Processors) == 0 {
		return drainedAll, nil
	}
	for range batchesOfClaim {
		waiting.HeldSince = q.Desk.Now() - patience.Microseconds()
		runs, err := q.Store.Waiting(ctx, waiting)
		if err != nil || len(runs) == 0 {
			return drainedAll, err
		}
		if ran, err := q.submitStored(ctx, runs, reasons); err != nil {
			return drainedStuck, err
		} else if ran {
			continue
		}
		for i := range runs { // one that the database refuses keeps its whole batch waiting; alone, it fails
			if ran, err := q.submitStored(ctx, runs[i:i+1], reasons); err != nil || !ran {
				return drainedStuck, err
			}
		}
	}
	return drainedOn, nil
}

// submitStored hands stored executions to the writer; false: some of them wait as they did.
func (q *Queue) submitStored(ctx context.Context, runs []pipeline.WaitingRun, reasons []pipeline.Reason) (ran bool, err error) {
	result, err := q.Writer.Submit(ctx, commit.Job{Plan: func(p *plan.Picture) (*commit.Work, error) { return q.rerun(p, runs) }})
	if errors.Is(err, errChanged) {
		return false, nil
	}
	return err == nil && !stillWaits(result, reasons), err
}

// errChanged: what was to run cannot under the present configuration.
var errChanged = errors.New("the configuration has changed")

// rerun is the work of running stored executions with the programs that are in force.
func (q *Queue) rerun(p *plan.Picture, runs []pipeline.WaitingRun) (*commit.Work, error) {
	work := &commit.Work{}
	for _, r := range runs {
		source := p.Sources[r.Execution.SourceID]
		if source == nil {
			continue
		}
		link := source.Link(r.Execution.ProcessorID)
		if link == nil || link.Wait != "" {
			continue
		}
		unit, err := unitOf(p, r.Execution.TenantID, link, r.Delivery)
		if err != nil { // it must not keep back all that comes after it
			q.Log.Error("a stored delivery cannot run, and is parked", "execution", r.Execution.ID, "error", err)
			unit = &execute.Program{Tenant: p.Tenants[r.Execution.TenantID], Link: link, Delivery: r.Delivery}
			unit.Defer(pipeline.ReasonParked)
		}
		unit.Stored, unit.Fetched = r.Execution, r.Execution.Enrichments
		if last := len(work.Items) - 1; last >= 0 && work.Items[last].Delivery == r.Delivery {
			work.Items[last].Units = append(work.Items[last].Units, unit)
		} else {
			work.Items = append(work.Items, commit.Item{Delivery: r.Delivery, Units: []execute.Unit{unit}})
		}
	}
	if len(work.Items) == 0 {
		return nil, errChanged
	}
	return work, nil
}

// unitOf makes the unit of a link on a stored delivery.
func unitOf(p *plan.Picture, tenantID int64, link *plan.Link, d *pipeline.Delivery) (*execute.Program, error) {
	item, err := execute.Item(d, p.Doors[d.SourceID])
	if err != nil {
		return nil, err
	}
	return &execute.Program{Tenant: p.Tenants[tenantID], Link: link, Delivery: d, Item: item}, nil
}

// stillWaits reports whether something that was run waits for one of the reasons again.
func stillWaits(result *commit.Result, reasons []pipeline.Reason) bool {
	for _, done := range result.Items {
		for _, unit := range done.Units {
			e := unit.Outcome().Execution
			if e == nil || e.Status != run.Waiting {
				continue
			}
			for _, reason := range reasons {
				if e.Reason == reason {
					return true
				}
			}
		}
	}
	return false
}

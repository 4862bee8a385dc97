// Package enrich fetches what specs ask for beside what was delivered. It takes executions that wait for that, asks
// connectors over the network, outside any transaction, keeps what came and leaves the executions ready to run. It never
// runs a program and never writes a record.
//
//	enriching ─▶ taken under a lease ─▶ fetched, parents first ─▶ kept, behind (package queue runs it)
//	     ▲                                    │ failed: kept as far as it got
//	     └────── later, twice as long ◀───────┤
//	                                          └ for a day, or for good: given up, behind (the run is enrichment_failed)
//
// A provider of which several fetches in a row failed is paused, on all nodes; then one tries, until one comes through.
// Who waits for a fetch (Ask) is told of the pause instead.
//
// A lease ends by itself when its node dies. What a node keeps is dropped if somebody else has taken the execution since.
package enrich

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/provider"
)

// Store is where executions wait and what was fetched is kept.
type Store interface {
	// WaitingSources gives the sources that have executions waiting for one of the reasons.
	WaitingSources(ctx context.Context, reasons ...pipeline.Reason) ([]int64, error)
	// TakeFetches leases, until a moment, at most limit of the executions of these processors that wait on a source to
	// be enriched, are due and are nobody else's, in order of acceptance. Next is when another one is due at the
	// earliest; 0: none is.
	TakeFetches(ctx context.Context, sourceID int64, processors []int64, limit int, now, until int64) (taken []pipeline.Fetch, next int64, err error)
	// EndFetches keeps what came of fetches, all or nothing, and ends their leases. Those that somebody else has taken
	// since are left out. Providers that failed are paused as the breaker says: TakeFetches takes nothing for them
	// meanwhile, and then one at a time until one comes through.
	EndFetches(ctx context.Context, ended []pipeline.FetchEnd, breaker pipeline.Breaker) error
	// Pause gives how a provider fails; the zero one: it does not.
	Pause(ctx context.Context, providerID int64) (provider.Pause, error)
	// EndPause keeps what the end of a fetch without a lease says of its provider, as EndFetches does.
	EndPause(ctx context.Context, end pipeline.FetchEnd, breaker pipeline.Breaker) error
}

// Times of a desk.
type Times struct {
	Attempt  time.Duration // for all enrichments of one execution
	Asked    time.Duration // likewise, while somebody waits for them
	Lease    time.Duration // longer than Attempt, and what it takes to keep what came
	First    time.Duration // pause after the first failure; each further one is twice as long
	Longest  time.Duration // pause
	GiveUp   time.Duration // after so long since the first attempt, of a provider that others get answers from
	Breaker  pipeline.Breaker
	Patience pipeline.Breaker // of those who wait: when one that has no answer for them within Asked is not asked for them
}

// Usual are the times of a server.
var Usual = Times{Attempt: time.Minute, Asked: 10 * time.Second, Lease: 90 * time.Second, First: time.Second, Longest: 10 * time.Minute, GiveUp: 24 * time.Hour,
	Breaker:  pipeline.Breaker{Failures: 5, First: 5 * time.Second, Longest: 10 * time.Minute},
	Patience: pipeline.Breaker{Failures: 3, First: time.Minute, Longest: 10 * time.Minute}}

// atOnce is how many executions a node fetches for at a time; of one provider as many as its type says.
const atOnce = 64

// Desk of a node.
type Desk struct {
	Store     Store
	Plan      *plan.Holder
	Catalogue connector.Catalogue
	Log       *slog.Logger
	Now       func() int64 // microseconds
	Times     Times

	wake  chan struct{} // holds one token: something may be there to fetch
	ready chan struct{} // holds one token: something is ready to run

	waits waits

	// Of the one goroutine of Run.
	busy map[int64]int // fetches under way, by provider
	all  int           // of them
}

// New makes a desk.
func New(store Store, pictures *plan.Holder, catalogue connector.Catalogue, log *slog.Logger, now func() int64) *Desk {
	return &Desk{
		Store: store, Plan: pictures, Catalogue: catalogue, Log: log, Now: now, Times: Usual,
		wake: make(chan struct{}, 1), ready: make(chan struct{}, 1),
		busy: map[int64]int{},
	}
}

// Wake says that there may be something to fetch.
func (d *Desk) Wake() { signal(d.wake) }

// Ready has a token whenever executions became ready to run since it was last taken.
func (d *Desk) Ready() <-chan struct{} { return d.ready }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// sweep is how often a desk looks without a reason: for leases of nodes that died.
const sweep = 30 * time.Second

// retry is the pause after the database failed.
const retry = time.Second

// Run fetches until ctx ends. What is under way then is given back.
func (d *Desk) Run(ctx context.Context) {
	done := make(chan pipeline.FetchEnd, atOnce)
	var workers sync.WaitGroup
	var unkept []pipeline.FetchEnd // what the database did not take
	for ctx.Err() == nil {
		next, err := d.start(ctx, done, &workers)
		pause := sweep
		if err == nil && len(unkept) > 0 {
			unkept, err = nil, d.keep(ctx, unkept)
		}
		if err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "enrichments cannot be fetched just now; it tries again", "error", err)
			pause = retry
		} else if next > 0 {
			pause = min(pause, max(time.Duration(next-d.Now())*time.Microsecond, 0)+time.Millisecond)
		}
		timer := time.NewTimer(pause)
		select {
		case one := <-done:
			unkept = append(unkept, d.gather(one, done)...)
			if err := d.keep(ctx, unkept); err == nil {
				unkept = nil
			} else if ctx.Err() == nil {
				d.Log.WarnContext(ctx, "what was fetched could not be kept; it tries again", "error", err)
			}
		case <-d.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	workers.Wait()
	close(done)
	for one := range done {
		unkept = append(unkept, one)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), retry)
	defer cancel()
	if err := d.keep(last, unkept); err != nil { // the leases end by themselves
		d.Log.WarnContext(last, "what was fetched last could not be kept", "error", err)
	}
}

// gather takes the end of one fetch, and with it all that have ended meanwhile: they are kept together.
func (d *Desk) gather(one pipeline.FetchEnd, done <-chan pipeline.FetchEnd) []pipeline.FetchEnd {
	var all []pipeline.FetchEnd
	for {
		all = append(all, one)
		d.all--
		d.busy[one.ProviderID]--
		select {
		case one = <-done:
		default:
			return all
		}
	}
}

func (d *Desk) keep(ctx context.Context, ends []pipeline.FetchEnd) error {
	if len(ends) == 0 {
		return nil
	}
	err := d.Store.EndFetches(ctx, ends, d.Times.Breaker)
	if err == nil {
		signal(d.ready)
	}
	return err
}

// start begins as many fetches as there is room for. Next is when the next one is due; 0: nobody knows.
func (d *Desk) start(ctx context.Context, done chan<- pipeline.FetchEnd, workers *sync.WaitGroup) (next int64, err error) {
	sources, err := d.Store.WaitingSources(ctx, pipeline.ReasonEnriching)
	if err != nil || len(sources) == 0 {
		return 0, err
	}
	picture, err := d.Plan.Fresh(ctx)
	if err != nil {
		return 0, err
	}
	sooner := func(at int64) {
		if at > 0 && (next == 0 || at < next) {
			next = at
		}
	}
	for _, id := range sources {
		source := picture.Sources[id]
		if source == nil {
			continue
		}
		of, now := source.Provider.ID, d.Now()
		room := min(atOnce-d.all, d.bears(source)-d.busy[of])
		processors := ready(source)
		if room <= 0 || len(processors) == 0 { // the end of a fetch, or another picture, comes here again
			continue
		}
		taken, soonest, err := d.Store.TakeFetches(ctx, id, processors, room, now, now+d.Times.Lease.Microseconds())
		if err != nil {
			return next, err
		}
		sooner(soonest)
		for _, f := range taken {
			d.all++
			d.busy[of]++
			workers.Go(func() { done <- d.work(ctx, picture, source, f) })
		}
	}
	return next, nil
}

func (d *Desk) bears(source *plan.Source) int {
	if t := d.Catalogue.Type(source.Provider.Type); t != nil && t.Fetches > 0 {
		return t.Fetches
	}
	return connector.DefaultFetches
}

// ready gives the processors of a source that can run.
func ready(source *plan.Source) (processors []int64) {
	for i := range source.Links {
		if source.Links[i].Wait == "" {
			processors = append(processors, source.Links[i].ProcessorID)
		}
	}
	return processors
}

// work is one attempt.
func (d *Desk) work(ctx context.Context, picture *plan.Picture, source *plan.Source, f pipeline.Fetch) pipeline.FetchEnd {
	limited, cancel := context.WithTimeout(ctx, d.Times.Attempt)
	defer cancel()
	e := f.Execution
	end := pipeline.FetchEnd{TenantID: e.TenantID, ExecutionID: e.ID, Epoch: f.Epoch, Enrichments: e.Enrichments, ProviderID: source.Provider.ID}
	link := source.Link(e.ProcessorID)
	item, err := execute.Item(f.Delivery, picture.Doors[source.ID])
	if err == nil {
		end.Enrichments, err = d.Fetch(limited, source, link.Program, item, e.Enrichments)
	}
	if err == nil {
		end.Answered = true
		return end
	}
	now := d.Now()
	if ctx.Err() != nil { // we are stopping: whoever is there next goes on at once
		end.AgainAt = now
		return end
	}
	failed, final := d.judge(ctx, source, &end, err)
	if failed == nil { // what is stored cannot be read; no provider can help
		d.Log.ErrorContext(ctx, "an execution cannot be enriched, and is parked", "execution", e.ID, "error", err)
		end.Parked = true
		return end
	}
	end.AgainAt = max(now+pipeline.Backoff(d.Times.First, d.Times.Longest, f.Attempts).Microseconds(), end.NotBefore)
	if final || !f.Alone && end.AgainAt-f.Since > d.Times.GiveUp.Microseconds() { // while nobody gets an answer nothing is given up
		end.AgainAt = 0
		end.Enrichments = append(end.Enrichments, pipeline.Enrichment{Chain: failed.Chain, FetchedAt: now, GivenUp: words(failed.Err)})
	}
	return end
}

// judge notes what the error of a fetch says of the provider. Final: another try would not help, which is about what was
// asked for, and the provider is there. A nil failed says that no provider was asked.
func (d *Desk) judge(ctx context.Context, source *plan.Source, end *pipeline.FetchEnd, err error) (failed *Failed, final bool) {
	var broke *broken
	if errors.As(err, &broke) {
		d.Log.ErrorContext(ctx, "a connector broke", "source", source.Type, "cause", broke.cause, "stack", string(broke.stack))
	}
	if !errors.As(err, &failed) {
		return nil, false
	}
	var failure *connector.Failure
	if errors.As(err, &failure) && failure.Final {
		end.Answered = !failed.Unasked
		return failed, true
	}
	end.Failed = words(failed.Err)
	if failure != nil && failure.RetryAfter > 0 {
		end.NotBefore = d.Now() + failure.RetryAfter.Microseconds()
	}
	return failed, false
}

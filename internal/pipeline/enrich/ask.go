package enrich

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Ask is Fetch for somebody who waits: not while the provider is left alone, so that thousands who ask one after the other
// do not all try one that is dead, and how it ends counts as any fetch does. Wait is how long the provider wants to be left
// alone, or is, after an error; 0: nobody knows.
func (d *Desk) Ask(ctx context.Context, source *plan.Source, program *run.Program, item value.Value, known []pipeline.Enrichment) (fetched []pipeline.Enrichment, wait time.Duration, err error) {
	if late := d.waits.of(source.Provider.ID); d.until(late.until) > 0 {
		return nil, d.until(late.until), alone(source, late.until, late.times, fmt.Sprintf("no answer came within %s", d.Times.Asked))
	}
	p, err := d.Store.Pause(ctx, source.Provider.ID)
	if err != nil {
		return nil, 0, err
	}
	if wait = d.until(p.Until); wait > 0 {
		return nil, wait, alone(source, p.Until, p.Failures, p.Why)
	}
	limited, cancel := context.WithTimeout(ctx, d.Times.Asked)
	defer cancel()
	fetched, err = d.Fetch(limited, source, program, item, known)
	if ctx.Err() == nil {
		d.waits.ended(source.Provider.ID, err != nil && limited.Err() != nil, d.Times.Patience, d.Now())
	}
	end := pipeline.FetchEnd{ProviderID: source.Provider.ID, Answered: err == nil}
	if err != nil {
		_, _ = d.judge(ctx, source, &end, err) // what it notes in end is all that is asked here
	}
	// That there is no more time here says nothing of a provider that others wait for longer; that one answers says something
	// new of one that failed.
	if end.Failed != "" && limited.Err() == nil || end.Answered && p.Failures > 0 {
		if kept := d.Store.EndPause(ctx, end, d.Times.Breaker); kept != nil {
			d.Log.WarnContext(ctx, "how a fetch ended could not be kept", "error", kept)
		}
	}
	return fetched, d.until(end.NotBefore), err
}

func alone(source *plan.Source, until int64, failures int, why string) error {
	return fmt.Errorf("%s is left alone until %s, since %d fetches in a row failed: %s",
		source.Provider.Name, time.UnixMicro(until).UTC().Format(time.RFC3339), failures, why)
}

func (d *Desk) until(moment int64) time.Duration {
	return max(time.Duration(moment-d.Now())*time.Microsecond, 0)
}

// waits are the providers that those who wait on this node got no answer from in their time. They say nothing of a provider
// that others wait for longer, so that they pause nothing but the waiting.
type waits struct {
	mu   sync.Mutex
	late map[int64]late // by provider
}

type late struct {
	times int   // in a row
	until int64 // not asked before
}

func (w *waits) of(providerID int64) late {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.late[providerID]
}

// ended keeps how one wait ended.
func (w *waits) ended(providerID int64, isLate bool, patience pipeline.Breaker, now int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !isLate {
		delete(w.late, providerID)
		return
	}
	one := w.late[providerID]
	one.times++
	if patience.Failures > 0 && one.times >= patience.Failures {
		one.until = now + pipeline.Backoff(patience.First, patience.Longest, one.times-patience.Failures).Microseconds()
	}
	if w.late == nil {
		w.late = map[int64]late{}
	}
	w.late[providerID] = one
}

package enrich

import (
	"context"
	"fmt"
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
	p, err := d.Store.Pause(ctx, source.Provider.ID)
	if err != nil {
		return nil, 0, err
	}
	if wait = d.until(p.Until); wait > 0 {
		return nil, wait, fmt.Errorf("%s is left alone until %s, since %d fetches in a row failed: %s",
			source.Provider.Name, time.UnixMicro(p.Until).UTC().Format(time.RFC3339), p.Failures, p.Why)
	}
	limited, cancel := context.WithTimeout(ctx, d.Times.Asked)
	defer cancel()
	fetched, err = d.Fetch(limited, source, program, item, known)
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

func (d *Desk) until(moment int64) time.Duration {
	return max(time.Duration(moment-d.Now())*time.Microsecond, 0)
}

package queue

import (
	"context"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
)

// Somebody waits for a run again, so what its delivery lacks is fetched at once, or not at all.
const (
	fetchLimit   = 20 * time.Second // for all of a call
	fetchRetry   = 10 * time.Second // told to callers, at least
	fetchAtATime = 4
)

// enrich gives units that are to run again what was fetched for their deliveries before, and fetches what is missing.
// Where that fails it sets the Again's error.
func (q *Queue) enrich(ctx context.Context, tenantID int64, all []*Again) error {
	var deliveries []int64
	for _, a := range all {
		if len(a.unit.Link.Program.Enrichments) > 0 {
			deliveries = append(deliveries, a.delivery.Number)
		}
	}
	if len(deliveries) == 0 {
		return nil
	}
	known, err := q.Store.Enrichments(ctx, tenantID, deliveries...)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	var fetching sync.WaitGroup
	room := make(chan struct{}, fetchAtATime)
	for _, a := range all {
		if len(a.unit.Link.Program.Enrichments) == 0 {
			continue
		}
		a.unit.Fetched = known[a.delivery.Number]
		enriched, err := execute.Enrich(a.unit.Link.Program, nil, a.unit.Fetched)
		if err != nil {
			return err
		}
		if len(enriched.Missing) > 0 {
			room <- struct{}{}
			fetching.Go(func() {
				a.Err = q.fetch(limited, tenantID, a)
				<-room
			})
		}
	}
	fetching.Wait()
	return nil
}

func (q *Queue) fetch(ctx context.Context, tenantID int64, a *Again) error {
	picture := q.Plan.Current()
	source := picture.Sources[a.delivery.SourceID]
	if source == nil {
		return fault.New(fault.Conflict, "Delivery %s cannot run with this spec: its source was deleted, so nothing more can be fetched for it.", id.Format(id.Delivery, a.delivery.Number))
	}
	item, err := execute.Item(a.delivery, picture.Doors[source.ID])
	if err != nil {
		return err
	}
	fetched, wait, err := q.Desk.Ask(ctx, source, a.unit.Link.Program, item, a.unit.Fetched)
	if err != nil {
		f := fault.New(fault.Unavailable, "Delivery %s was not run: %v. Try again later.", id.Format(id.Delivery, a.delivery.Number), err)
		f.RetryAfter = max(wait, fetchRetry)
		return f
	}
	a.unit.Fetched, err = q.Store.KeepSnapshots(ctx, tenantID, fetched)
	return err
}

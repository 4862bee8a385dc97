package trial

import (
	"context"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Renames compares the external ids under which versions of a spec wrote with those of the current one, delivery by
// delivery. It is for one goroutine.
type Renames struct {
	desk     *Desk
	ctx      context.Context
	subjects map[int]*subject
	runs     map[ranOn][]write
	current  int
}

// ranOn is one version on one delivery.
type ranOn struct {
	delivery int64
	version  int
}

// Renames begins such a comparison for a processor.
func (d *Desk) Renames(ctx context.Context, tenantID, processorID int64) (*Renames, error) {
	s, err := d.subject(ctx, Tried{TenantID: tenantID, Processor: processorID}, false)
	if err != nil {
		return nil, err
	}
	return &Renames{desk: d, ctx: ctx, subjects: map[int]*subject{s.version: s}, runs: map[ranOn][]write{}, current: s.version}, nil
}

// Current is the number of the current version.
func (r *Renames) Current() int { return r.current }

// On gives what a version wrote on a stored delivery under another external id than the current one does, and whether the
// current one writes a thing.
func (r *Renames) On(delivery int64, version int) (renames []NewID, writes func(noun, externalID string) bool, err error) {
	after, err := r.run(delivery, r.current)
	if err != nil {
		return nil, nil, err
	}
	writes = func(noun, externalID string) bool {
		for i := range after {
			if w := &after[i]; (w.about == ofThing || w.about == ofLine) && w.key.Noun == noun && w.key.ExternalID == externalID {
				return true
			}
		}
		return false
	}
	if version == r.current {
		return nil, writes, nil
	}
	before, err := r.run(delivery, version)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range renamed(before, after) {
		renames = append(renames, NewID{Noun: p.after.key.Noun, Step: p.after.step, Before: p.before.key.ExternalID, After: p.after.key.ExternalID, Delivery: delivery})
	}
	return renames, writes, nil
}

// run gives what a version writes on a delivery, against the records of now.
func (r *Renames) run(delivery int64, version int) ([]write, error) {
	at := ranOn{delivery, version}
	if writes, ok := r.runs[at]; ok {
		return writes, nil
	}
	s := r.subjects[version]
	if s == nil {
		var err error
		if s, err = r.desk.with(r.ctx, r.subjects[r.current], version); err != nil {
			return nil, err
		}
		r.subjects[version] = s
	}
	stored, item, fetched, err := r.desk.given(r.ctx, s, Dry{Tried: Tried{TenantID: s.processor.TenantID}, Delivery: delivery})
	if err != nil {
		return nil, err
	}
	link, err := r.desk.linkOf(r.ctx, s, stored.SourceID, nil)
	if err != nil {
		return nil, err
	}
	seen := &watch{}
	err = r.desk.Store.Snapshot(r.ctx, func(at record.Snapshot) error {
		_, err := r.desk.run(at, s.unit(link, stored, item, fetched, seen), seen)
		return err
	})
	if err != nil {
		return nil, err
	}
	r.runs[at] = seen.writes
	return seen.writes, nil
}

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
	compared map[ranOn]*Renamed
	current  int
}

// Renamed is what a version and the current one write on one delivery, compared.
type Renamed struct {
	to     map[thingKey][]NewID
	writes map[thingKey]bool // the current one
}

type thingKey struct{ noun, externalID string }

// To gives the other external ids under which the current version writes a thing.
func (r *Renamed) To(noun, externalID string) []NewID { return r.to[thingKey{noun, externalID}] }

// Writes reports whether the current version writes a thing.
func (r *Renamed) Writes(noun, externalID string) bool { return r.writes[thingKey{noun, externalID}] }

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
	return &Renames{desk: d, ctx: ctx, subjects: map[int]*subject{s.version: s}, runs: map[ranOn][]write{}, compared: map[ranOn]*Renamed{}, current: s.version}, nil
}

// Current is the number of the current version.
func (r *Renames) Current() int { return r.current }

// On compares what a version wrote on a stored delivery with what the current one does. It is done once for each: a
// delivery may have made thousands of things, and each asks.
func (r *Renames) On(delivery int64, version int) (*Renamed, error) {
	at := ranOn{delivery, version}
	if known := r.compared[at]; known != nil {
		return known, nil
	}
	after, err := r.run(delivery, r.current)
	if err != nil {
		return nil, err
	}
	one := &Renamed{to: map[thingKey][]NewID{}, writes: map[thingKey]bool{}}
	for i := range after {
		if w := &after[i]; w.about == ofThing || w.about == ofLine {
			one.writes[thingKey{w.key.Noun, w.key.ExternalID}] = true
		}
	}
	if version != r.current {
		before, err := r.run(delivery, version)
		if err != nil {
			return nil, err
		}
		for _, p := range renamed(before, after) {
			was := thingKey{p.after.key.Noun, p.before.key.ExternalID}
			one.to[was] = append(one.to[was], NewID{Noun: was.noun, Step: p.after.step, Before: was.externalID, After: p.after.key.ExternalID, Delivery: delivery})
		}
	}
	r.compared[at] = one
	return one, nil
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

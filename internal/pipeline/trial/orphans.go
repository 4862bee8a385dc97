package trial

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Orphans are the records and identities that a processor made and that no present spec would make from the deliveries
// that are kept: that of the processor, or of others on its sources.
type Orphans struct {
	Processor  int64
	Version    int
	Deliveries int // that ran
	Things     int // that the processor made
	Count      int // of all orphans
	Orphans    []Orphan
	NotJudged  []NotRun // deliveries that could not be run; what was made from them is not among the orphans
	Notes      []string
}

// Orphan is one of them.
type Orphan struct {
	Made
	Why string
}

// mostOrphans is how many are listed; the others are counted.
const mostOrphans = 1_000

// among is how many things are looked at in one statement.
const among = 5_000

// orphanage is a search under way.
type orphanage struct {
	desk    *Desk
	own     *side
	all     []*side // own, and the other processors on its sources
	seed    maphash.Seed
	made    map[uint64]struct{} // hashes of the keys that would be made: a million of them take some 20 MB
	done    int
	unread  map[int64]string // deliveries that were left out, and why
	found   Orphans
	notRun  map[string]*NotRun
	pending []Made
}

// Orphans finds them. It reads all deliveries and all things of the tenant, in pieces, and tells progress; Total is not
// known.
func (d *Desk) Orphans(ctx context.Context, tenantID, processorID int64, progress func(Progress)) (*Orphans, error) {
	end, err := d.begin(tenantID)
	if err != nil {
		return nil, err
	}
	defer end()
	s, err := d.subject(ctx, Tried{TenantID: tenantID, Processor: processorID}, false)
	if err != nil {
		return nil, err
	}
	o := &orphanage{
		desk: d, own: newSide(s, nil), seed: maphash.MakeSeed(), made: map[uint64]struct{}{}, unread: map[int64]string{}, notRun: map[string]*NotRun{},
		found: Orphans{Processor: processorID, Version: s.version},
	}
	if err := o.linkSources(ctx); err != nil {
		return nil, err
	}
	if err := o.runAll(ctx, progress); err != nil {
		return nil, err
	}
	for _, kind := range append(slices.Clone(record.Kinds), nil) { // nil: identities
		if err := o.look(ctx, kind); err != nil {
			return nil, err
		}
	}
	if err := o.judge(ctx); err != nil {
		return nil, err
	}
	return &o.found, nil
}

// linkSources finds out which present specs run on the sources.
func (o *orphanage) linkSources(ctx context.Context) error {
	o.all = []*side{o.own}
	picture := o.desk.Plan.Current() // as subject has asked for it
	others := map[int64]*side{}
	for _, source := range o.own.sources() {
		link, err := o.desk.linkOf(ctx, o.own.subject, source, nil)
		if err != nil {
			return err
		}
		o.own.links[source] = link
		planned := picture.Sources[source]
		if planned == nil {
			continue
		}
		for i := range planned.Links {
			other := &planned.Links[i]
			if other.ProcessorID == o.own.processor.ID {
				continue
			}
			if other.Program == nil {
				o.found.Notes = append(o.found.Notes, "Another processor on one of the sources is suspended: what it alone would make counts as made by nobody.")
				continue
			}
			s := others[other.ProcessorID]
			if s == nil {
				s = newSide(&subject{tenant: o.own.tenant, doors: o.own.doors}, nil)
				others[other.ProcessorID] = s
				o.all = append(o.all, s)
			}
			s.links[source] = runnable(other)
		}
	}
	return nil
}

// runnable is a link that runs, whatever its deliveries wait for.
func runnable(l *plan.Link) *plan.Link {
	link := *l
	link.Wait = ""
	return &link
}

// runAll runs the present specs on all deliveries and notes what they would make.
func (o *orphanage) runAll(ctx context.Context, progress func(Progress)) error {
	sources := o.own.sources()
	for after := int64(0); ; {
		kept, last, err := o.desk.Store.DeliveriesAfter(ctx, o.own.processor.TenantID, sources, after, among)
		if err != nil {
			return err
		}
		for len(kept) > 0 {
			part := first(kept, pieceBytes)
			kept = kept[len(part):]
			if err := o.piece(ctx, Numbers(part), func(*piece, int) error { return nil }); err != nil {
				return err
			}
			progress(Progress{Done: o.done})
		}
		if last == 0 {
			return nil
		}
		after = last
	}
}

// piece runs all sides on some deliveries, each piece on an overlay of its own, and gives fn the place of each when the
// processor's own spec has run.
func (o *orphanage) piece(ctx context.Context, numbers []int64, fn func(p *piece, i int) error) error {
	p, err := o.desk.piece(ctx, o.own.subject, numbers, slices.ContainsFunc(o.all, (*side).asks), func(why string, delivery int64) { o.unread[delivery] = why })
	if err != nil || len(p.items) == 0 {
		return err
	}
	stage := record.NewOverlay(o.desk.Store.Now())
	for _, s := range o.all {
		some, err := s.answered(p, nil, func(names string, i int) { o.cannotSay(names, p.deliveries[i].Number) })
		if err != nil {
			return err
		}
		s.stage = stage
		if err := loader(o.desk.load).run(ctx, p, some, false, []*record.Stage{stage}, s); err != nil {
			return err
		}
		for i := range p.deliveries {
			if some != nil && !slices.Contains(some, i) {
				continue
			}
			for k := range s.seen[i].writes {
				o.note(p.deliveries[i].ProviderID, &s.seen[i].writes[k])
			}
		}
	}
	o.done += len(p.deliveries)
	for i := range p.deliveries {
		if err := fn(p, i); err != nil {
			return err
		}
	}
	return nil
}

// cannotSay notes a delivery of which another processor may make what nobody else does: that is not told from here.
func (o *orphanage) cannotSay(names string, delivery int64) {
	why := "Cannot say: no answer is stored for the enrichment " + names + ", which another processor needs."
	o.unread[delivery] = why
	if note := why + " What it alone would make of such deliveries counts as made by nobody."; !slices.Contains(o.found.Notes, note) {
		o.found.Notes = append(o.found.Notes, note)
	}
}

func (o *orphanage) note(provider int64, w *write) {
	if w.about == ofThing || w.about == ofLine {
		o.made[o.hash(record.Key{ProviderID: provider, Noun: w.key.Noun, ExternalID: w.key.ExternalID})] = struct{}{}
	}
}

func (o *orphanage) hash(key record.Key) uint64 { return maphash.Comparable(o.seed, key) }

// look finds the things of a kind that the processor made and nobody would make.
func (o *orphanage) look(ctx context.Context, kind *record.Kind) error {
	for after := int64(0); ; {
		made, last, err := o.desk.Store.MadeBy(ctx, o.own.processor.TenantID, o.own.processor.ID, kind, after, among)
		if err != nil {
			return err
		}
		o.found.Things += len(made)
		for _, m := range made {
			if _, present := o.made[o.hash(m.Key)]; present {
				continue
			}
			o.found.Count++
			if len(o.pending) < mostOrphans {
				o.pending = append(o.pending, m)
			}
		}
		if last == 0 {
			return nil
		}
		after = last
	}
}

// judge says why each is an orphan, by running the delivery that made it once more; where that cannot be run nobody
// knows whether it is one.
func (o *orphanage) judge(ctx context.Context) error {
	o.found.Deliveries = o.done
	by := map[int64][]Made{}
	var numbers []int64
	for _, m := range o.pending {
		if by[m.Maker.Delivery] == nil {
			numbers = append(numbers, m.Maker.Delivery)
		}
		by[m.Maker.Delivery] = append(by[m.Maker.Delivery], m)
	}
	slices.Sort(numbers)
	judged := map[int64]string{}
	o.all = []*side{o.own}
	for part := range slices.Chunk(numbers, samples) { // how big they are is not known here
		err := o.piece(ctx, part, func(p *piece, i int) error {
			judged[p.deliveries[i].Number] = o.why(p, i)
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, n := range numbers {
		why, known := judged[n]
		if left := o.unread[n]; left != "" || !known {
			o.notJudged(n, cmp.Or(left, "It is not kept any more."), len(by[n]))
			continue
		}
		for _, m := range by[n] {
			o.found.Orphans = append(o.found.Orphans, Orphan{Made: m, Why: why})
		}
	}
	for _, one := range o.notRun {
		o.found.NotJudged = append(o.found.NotJudged, *one)
	}
	slices.SortFunc(o.found.NotJudged, func(a, b NotRun) int { return b.Count - a.Count })
	return nil
}

func (o *orphanage) notJudged(delivery int64, why string, things int) {
	o.found.Count -= things
	one := o.notRun[why]
	if one == nil {
		one = &NotRun{Why: why}
		o.notRun[why] = one
	}
	one.Count++
	if len(one.Examples) < mostExamples {
		one.Examples = append(one.Examples, delivery)
	}
}

// why says what the processor makes of a delivery today.
func (o *orphanage) why(p *piece, i int) string {
	d := &p.deliveries[i]
	e := o.own.ran[i]
	if e == nil {
		return "The source of the delivery that made it is no longer linked to the processor."
	}
	switch e.Status {
	case run.Failed, run.Partial:
		return fmt.Sprintf("Delivery %s, which made it, fails today: %s", publicDelivery(d.Number), e.Errors[0].Message)
	case run.Skipped:
		return fmt.Sprintf("Delivery %s, which made it, is skipped today.", publicDelivery(d.Number))
	default:
		return fmt.Sprintf("Delivery %s, which made it, writes other things today, or under other external ids.", publicDelivery(d.Number))
	}
}

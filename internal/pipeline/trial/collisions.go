package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Overwrite is a record that more than one source record writes: the later one puts its values over those of the other,
// and nothing tells.
type Overwrite struct {
	Noun       string
	ExternalID string
	Kind       string // one of those below
	Step       string
	By         SourceRecord // that writes
	Over       SourceRecord // that wrote before
}

// Kinds of overwrite.
const (
	OtherRecord  = "other_record"  // another record of the same source
	OtherSource  = "other_source"  // a record of another source, perhaps the same thing
	SameDelivery = "same_delivery" // one delivery writes it twice, with other values: two items of a loop, say
)

// SourceRecord is a record of a source system, as a delivery told of it.
type SourceRecord struct {
	ID       string // what stands at the path that identifies it
	Source   int64
	Delivery int64 // 0: an item at hand
}

// NewID is a thing that would be written under another external id than before: the one there is stays, and is a
// duplicate from then on.
type NewID struct {
	Noun          string // of its key: "sale", "agent_identity"
	Step          string
	Before, After string
	Delivery      int64
}

// samples is how many of a source's last deliveries show which path identifies its records.
const samples = 100

// collisions looks for silent overwrites and duplicates of one run.
func (d *Desk) collisions(ctx context.Context, s *subject, unit *execute.Program, stage *record.Stage, writes []write, out *DryRun) error {
	if err := d.duplicates(ctx, s, unit, writes, out); err != nil {
		return err
	}
	delivery, item := unit.Delivery, unit.Item
	items := []value.Value{item}
	if delivery.SourceID != 0 {
		kept, err := d.Store.LastDeliveries(ctx, delivery.TenantID, []int64{delivery.SourceID}, delivery.Number, samples)
		if err != nil {
			return err
		}
		last, err := d.Store.Deliveries(ctx, delivery.TenantID, Numbers(first(kept, pieceBytes)))
		if err != nil {
			return err
		}
		for i := range last {
			if v, err := execute.Item(&last[i], s.doors[last[i].SourceID]); err == nil { // one that cannot be read shows nothing
				items = append(items, v)
			}
		}
	}
	known := recognize(items, nil)
	self := SourceRecord{ID: known.of(item), Source: delivery.SourceID, Delivery: out.Delivery}
	out.Overwrites = twice(writes, self)
	if self.ID == "" {
		out.Notes = append(out.Notes, "No path of this delivery identifies the record it is about, so records that another one has written were not looked for.")
		return nil
	}
	out.Notes = append(out.Notes, fmt.Sprintf("Records of the source are told apart by %q.", known))
	return d.overwritten(ctx, s, stage, known, self, delivery, writes, out)
}

// overwritten finds the records of a run that deliveries about other source records have written.
func (d *Desk) overwritten(ctx context.Context, s *subject, stage *record.Stage, known recognizer, self SourceRecord, delivery *pipeline.Delivery, writes []write, out *DryRun) error {
	by := map[record.Key][]int64{} // deliveries that made a record, or set it last
	var numbers []int64
	for i := range writes {
		w := &writes[i]
		if w.about != ofThing || w.key.IsIdentity() {
			continue
		}
		row := stage.Loaded(record.Key{ProviderID: delivery.ProviderID, Noun: w.key.Noun, ExternalID: w.key.ExternalID})
		if row == nil || by[w.key] != nil {
			continue
		}
		for _, n := range []int64{makerOf(row.MadeBy).Delivery, row.Mark.Number} {
			if n != 0 && n != delivery.Number && !slices.Contains(by[w.key], n) {
				by[w.key] = append(by[w.key], n)
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	others := map[int64]SourceRecord{}
	for part := range slices.Chunk(slices.Compact(numbers), samples) { // a run may write thousands of records, each of another delivery
		found, err := d.Store.Deliveries(ctx, delivery.TenantID, part)
		if err != nil {
			return err
		}
		for i := range found {
			if item, err := execute.Item(&found[i], s.doors[found[i].SourceID]); err == nil && found[i].SourceID != 0 {
				others[found[i].Number] = SourceRecord{ID: known.of(item), Source: found[i].SourceID, Delivery: found[i].Number}
			}
		}
	}
	for i := range writes {
		w := &writes[i]
		for _, n := range by[w.key] {
			other, ok := others[n]
			if !ok || other.ID == "" || other.ID == self.ID && other.Source == self.Source {
				continue
			}
			out.Overwrites = append(out.Overwrites, overwrite(w, self, other))
			break
		}
		delete(by, w.key)
	}
	return nil
}

func overwrite(w *write, by, over SourceRecord) Overwrite {
	kind := OtherRecord
	if by.Source != over.Source {
		kind = OtherSource
	}
	return Overwrite{Noun: w.key.Noun, ExternalID: w.key.ExternalID, Kind: kind, Step: w.step, By: by, Over: over}
}

// twice finds the records that one run writes more than once at the same step, with other values.
func twice(writes []write, self SourceRecord) (all []Overwrite) {
	last := lastBefore(writes)
	for i := range writes {
		if before := last(i); before != nil && !sameFields(before.fields, writes[i].fields) {
			w := &writes[i]
			all = append(all, Overwrite{Noun: w.key.Noun, ExternalID: w.key.ExternalID, Kind: SameDelivery, Step: w.step, By: self, Over: self})
		}
	}
	return all
}

// few writes are looked through faster than a map is made of them.
const few = 16

// lastBefore gives a function that finds the write of the same record at the same step before the one at a place; nil:
// there is none. It is asked for the places in order.
func lastBefore(writes []write) func(int) *write {
	counts := func(w *write) bool { return w.about == ofThing && !w.key.IsIdentity() }
	if len(writes) <= few {
		return func(i int) *write {
			if !counts(&writes[i]) {
				return nil
			}
			for k := i - 1; k >= 0; k-- {
				if w := &writes[k]; w.key == writes[i].key && w.step == writes[i].step && counts(w) {
					return w
				}
			}
			return nil
		}
	}
	type at struct {
		key  record.Key
		step string
	}
	last := make(map[at]*write, len(writes))
	return func(i int) *write {
		w := &writes[i]
		if !counts(w) {
			return nil
		}
		before := last[at{w.key, w.step}]
		last[at{w.key, w.step}] = w
		return before
	}
}

// duplicates compares the keys of a run with those of the version that ran on the delivery before, or of the current one.
func (d *Desk) duplicates(ctx context.Context, s *subject, unit *execute.Program, writes []write, out *DryRun) error {
	delivery := unit.Delivery
	before := s.processor.Version
	if out.Delivery != 0 {
		ran, err := d.Store.Ran(ctx, delivery.TenantID, s.processor.ID, []int64{delivery.Number})
		if err != nil {
			return err
		}
		if v := ran[delivery.Number].Version; v != 0 {
			before = v
		}
	}
	if before == 0 || before == s.version {
		return nil
	}
	cannot := func(why string) error {
		out.Notes = append(out.Notes, fmt.Sprintf("Whether records would be written under a new external_id was not found out: version %d cannot run on this delivery. %s", before, why))
		return nil
	}
	earlier, err := d.with(ctx, s, before)
	if f := fault.Of(err); err != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		return cannot(f.Message)
	}
	if err != nil {
		return err
	}
	link, err := d.linkOf(ctx, earlier, delivery.SourceID, nil)
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return cannot(f.Message)
	}
	if err != nil {
		return err
	}
	if missing, err := lacks(earlier.program, unit.Fetched); err != nil || missing != "" {
		return errors.Join(err, cannot(missing))
	}
	seen := &watch{}
	err = d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		_, err := d.run(at, earlier.unit(link, delivery, unit.Item, unit.Fetched, seen), seen)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range renamed(seen.writes, writes) {
		out.NewIDs = append(out.NewIDs, NewID{Noun: p.after.key.Noun, Step: p.after.step, Before: p.before.key.ExternalID, After: p.after.key.ExternalID, Delivery: out.Delivery})
	}
	return nil
}

// pair is one thing under two external ids.
type pair struct{ before, after *write }

// renamed pairs the things that only the one run writes with those that only the other does: those of one step, in
// order; else, where each has one of a noun, those two.
func renamed(before, after []write) (pairs []pair) {
	gone, come := only(before, after), only(after, before)
	if len(gone) == 0 || len(come) == 0 {
		return nil
	}
	take := func(fits func(b, a *write) bool) {
		come = slices.DeleteFunc(come, func(a *write) bool {
			place := slices.IndexFunc(gone, func(b *write) bool { return b.key.Noun == a.key.Noun && fits(b, a) })
			if place < 0 {
				return false
			}
			pairs = append(pairs, pair{gone[place], a})
			gone = slices.Delete(gone, place, place+1)
			return true
		})
	}
	take(func(b, a *write) bool { return b.step == a.step })
	count := func(list []*write, noun string) (n int) {
		for _, w := range list {
			if w.key.Noun == noun {
				n++
			}
		}
		return n
	}
	single := map[string]bool{}
	for _, a := range come {
		single[a.key.Noun] = count(come, a.key.Noun) == 1 && count(gone, a.key.Noun) == 1
	}
	take(func(_, a *write) bool { return single[a.key.Noun] })
	return pairs
}

// only gives the things of one run that another does not write, each once.
func only(of, not []write) (all []*write) {
	there := make(map[record.Key]bool, len(of)+len(not))
	for i := range not {
		there[not[i].key] = true
	}
	for i := range of {
		if w := &of[i]; (w.about == ofThing || w.about == ofLine) && !there[w.key] {
			there[w.key] = true
			all = append(all, w)
		}
	}
	return all
}

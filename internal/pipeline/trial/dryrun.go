package trial

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Dry asks what a spec would do with one delivery: a stored one, with its own number, or an item that somebody has at
// hand, which counts as received now.
type Dry struct {
	Tried
	Delivery  int64        // 0: Item
	Item      value.Value  // with Delivery 0
	Source    int64        // of an Item: whose link counts; 0: that of the only link, else none
	Constants *value.Value // instead of those of the link; nil: those
	// Partly: a draft need not be whole. What has errors, lacks a value, or needs what does, is left out and told.
	Partly bool
}

// DryRun is what one run would do.
type DryRun struct {
	Processor  int64
	Version    int // 0: a draft
	Spec       *tree.Spec
	Delivery   int64               // 0: an item at hand
	Execution  *pipeline.Execution // never stored
	Program    *run.Program        // what ran, on which item, and with what
	Item       value.Value
	With       run.Environment
	ProviderID int64
	Tree       *trace.Tree
	Things     []Thing
	Overwrites []Overwrite
	NewIDs     []NewID
	Notes      []string // what could not be found out, and why
	Source     int64    // of the delivery; 0: of none
	LeftOut    []LeftOut
}

// Outcomes of a thing.
const (
	Created   = "created"
	Changed   = "changed"
	HeldBack  = "held_back" // it is to be changed, and all of that is held back
	Untouched = "untouched" // it holds already what it is to hold
)

// Thing is a record or an identity that a run is about, with what would become of it.
type Thing struct {
	Key     record.Key
	ID      int64 // 0: it is not there yet
	Outcome string
	Steps   []string
	Fields  []Field  // that would change; of one that is created: that would hold something
	Held    []Field  // that would stay as they are, Before: what they hold, After: what else was to be set
	Locks   []string // fields that would be locked
}

// Field of a thing.
type Field struct {
	Name          string
	Before, After value.Value
	Why           string // of a field that is held back: locked, stale
}

// Reasons why a field is held back.
const (
	Locked = "locked"
	Stale  = "stale" // something newer has set it
)

// DryRun runs a spec on one delivery against the records of now.
func (d *Desk) DryRun(ctx context.Context, ask Dry) (*DryRun, error) {
	read := func() (*subject, error) { return d.subject(ctx, ask.Tried, true) }
	if ask.Partly {
		read = func() (*subject, error) { return d.part(ctx, ask.Tried) }
	}
	s, err := read()
	if err != nil {
		return nil, err
	}
	delivery, item, fetched, err := d.given(ctx, s, ask)
	if err != nil {
		return nil, err
	}
	if ask.Partly {
		if err := s.doWithout(d.Library, delivery, ask.Constants, fetched); err != nil {
			return nil, err
		}
	}
	enriched, err := execute.Enrich(s.program, s.tenant, fetched)
	if err != nil {
		return nil, err
	}
	link, err := d.linkOf(ctx, s, delivery.SourceID, ask.Constants)
	if err != nil {
		return nil, err
	}
	seen := &watch{}
	unit := s.unit(link, delivery, item, fetched, seen)
	var stage *record.Stage
	err = d.Store.Snapshot(ctx, func(at record.Snapshot) (err error) {
		stage, err = d.run(at, unit, seen)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := &DryRun{Processor: s.processor.ID, Version: s.version, Spec: s.spec, Delivery: ask.Delivery, Execution: unit.Outcome().Execution, Source: delivery.SourceID, LeftOut: s.left}
	out.Things = things(stage, delivery.ProviderID, seen.writes)
	env := run.Environment{
		ItemHash: unit.ItemHash, Zone: link.Zone, Country: link.Country, ReceivedAt: delivery.ReceivedAt, Constants: link.Constants,
		Enrichments: enriched.Values, Unfetched: enriched.GivenUp,
	}
	out.Program, out.Item, out.With, out.ProviderID = s.program, item, env, delivery.ProviderID
	var digest [32]byte
	if out.Tree, digest, err = trace.Recompute(s.program, item, env, out.Execution.Answers, out.Execution.Status); err != nil {
		return nil, fmt.Errorf("the trace of a dry run: %w", err)
	}
	out.Tree.DigestMatches = slices.Equal(digest[:], out.Execution.Digest)
	return out, d.collisions(ctx, s, unit, stage, seen.writes, out)
}

// given is the delivery that is tried, with its item and what was fetched for it. An item at hand has that inside, under
// the names that the spec has for it.
func (d *Desk) given(ctx context.Context, s *subject, ask Dry) (*pipeline.Delivery, value.Value, []pipeline.Enrichment, error) {
	if ask.Delivery == 0 {
		delivery := &pipeline.Delivery{
			Number: math.MaxInt64, TenantID: ask.TenantID, ProviderID: s.processor.ProviderID, SourceID: ask.Source, ReceivedAt: d.Store.Now(),
		}
		if ask.Source == 0 && len(s.links) == 1 {
			delivery.SourceID = s.links[0].SourceID
		}
		if delivery.SourceID != 0 {
			source, err := d.Store.Source(ctx, ask.TenantID, delivery.SourceID)
			if err != nil {
				return nil, value.Null(), nil, err
			}
			if err := s.takes(source.Name, source.Model); err != nil {
				return nil, value.Null(), nil, err
			}
			delivery.ProviderID = source.ProviderID
		}
		item, fetched := execute.TakeApart(s.program, ask.Item)
		item, _ = s.doors[delivery.SourceID].Pass(item)
		return delivery, item, fetched, nil
	}
	line, err := d.Store.Delivery(ctx, ask.TenantID, ask.Delivery)
	if err != nil {
		return nil, value.Null(), nil, err
	}
	if line.SourceID == 0 {
		return nil, value.Null(), nil, fault.New(fault.Conflict, "Delivery %s came in at a fixed webhook, where no processor runs.", publicDelivery(ask.Delivery))
	}
	source, err := d.Store.Source(ctx, ask.TenantID, line.SourceID)
	switch {
	case fault.Is(err, fault.NotFound): // it is gone, and its deliveries can be tried all the same
	case err != nil:
		return nil, value.Null(), nil, err
	default:
		if err := s.takes(source.Name, source.Model); err != nil {
			return nil, value.Null(), nil, err
		}
	}
	item, err := execute.Item(&line.Delivery, s.doors[line.SourceID])
	if err != nil {
		return nil, value.Null(), nil, &fault.Error{Kind: fault.Conflict, Message: "Delivery " + publicDelivery(ask.Delivery) + " cannot be read, so no spec can run on it.", Cause: err}
	}
	known, err := d.Store.Enrichments(ctx, ask.TenantID, ask.Delivery)
	if err != nil {
		return nil, value.Null(), nil, err
	}
	fetched := known[ask.Delivery]
	if ask.Partly {
		return &line.Delivery, item, fetched, nil
	}
	missing, err := lacks(s.program, fetched)
	if err == nil && missing != "" {
		err = fault.New(fault.Conflict, "Delivery %s cannot be tried out. %s Test it for real: then it is fetched.", publicDelivery(ask.Delivery), missing)
	}
	return &line.Delivery, item, fetched, err
}

// takes refuses what a source of another model delivers.
func (s *subject) takes(source, model string) error {
	if model == s.processor.SourceModel {
		return nil
	}
	return fault.New(fault.Conflict, "The processor “%s” is for %s, and the source “%s” delivers %s.", s.processor.Name, s.processor.SourceModel, source, model)
}

// run runs one unit on an overlay of its own and gives that.
func (d *Desk) run(at record.Snapshot, unit *execute.Program, seen *watch) (*record.Stage, error) {
	stage := record.NewOverlay(d.Store.Now())
	for range loadTries {
		seen.reset()
		err := unit.Run(stage)
		var missing *record.NotLoaded
		if !errors.As(err, &missing) {
			return stage, err
		}
		need := stage.Wanted()
		loaded, err := at.Load(need)
		if err != nil {
			return nil, err
		}
		stage.LoadMore(need, loaded)
	}
	return nil, errWants(unit.Delivery)
}

// things tells what would become of everything that was written, in the order in which it was first named.
func things(stage *record.Stage, provider int64, writes []write) []Thing {
	t := &told{stage: stage, provider: provider, at: map[record.Key]int{}}
	for i := range writes {
		w := &writes[i]
		if w.about != ofContact {
			t.note(w.key.Noun, w.key.ExternalID, w.step, w.sets(), w.locked, w.stale)
		}
		for _, other := range w.others {
			t.note(w.key.Noun, other.ExternalID, w.step, w.setsInOthers(), other.Locked, other.Stale)
		}
	}
	for i := range t.all {
		t.finish(&t.all[i])
	}
	return t.all
}

type told struct {
	stage    *record.Stage
	provider int64
	at       map[record.Key]int // place in all
	all      []Thing
}

// note adds what one step was to set in a thing. What is held back now is not, where a later step got through.
func (t *told) note(noun, externalID, step string, set []run.Field, locked, stale []string) {
	key := record.Key{ProviderID: t.provider, Noun: noun, ExternalID: externalID}
	place, known := t.at[key]
	if !known {
		place = len(t.all)
		t.at[key] = place
		t.all = append(t.all, Thing{Key: key})
	}
	thing := &t.all[place]
	if !slices.Contains(thing.Steps, step) {
		thing.Steps = append(thing.Steps, step)
	}
	for _, f := range flat(noun, set) {
		thing.Held = slices.DeleteFunc(thing.Held, func(h Field) bool { return h.Name == f.Name })
		switch {
		case slices.Contains(locked, f.Name):
			thing.Held = append(thing.Held, Field{Name: f.Name, After: f.Value, Why: Locked})
		case slices.Contains(stale, f.Name):
			thing.Held = append(thing.Held, Field{Name: f.Name, After: f.Value, Why: Stale})
		}
	}
}

// finish compares a thing as it was with what it has become.
func (t *told) finish(thing *Thing) {
	was, now := stateOf(t.stage, thing.Key, true), stateOf(t.stage, thing.Key, false)
	if now == nil { // its unit was taken back
		now = was
	}
	thing.Outcome = Untouched
	switch {
	case was == nil && now != nil:
		thing.Outcome = Created
		for i, v := range now.values {
			if !isEmpty(v) {
				thing.Fields = append(thing.Fields, Field{Name: now.names[i], After: v})
			}
		}
		thing.Locks = now.locks
	case was != nil:
		thing.ID = was.id
		for i := range now.values {
			if !was.values[i].Equal(now.values[i]) {
				thing.Fields = append(thing.Fields, Field{Name: now.names[i], Before: was.values[i], After: now.values[i]})
			}
		}
		for _, name := range now.locks {
			if !slices.Contains(was.locks, name) {
				thing.Locks = append(thing.Locks, name)
			}
		}
		for i := range thing.Held {
			if place := slices.Index(was.names, thing.Held[i].Name); place >= 0 {
				thing.Held[i].Before = was.values[place]
			}
		}
		thing.Held = slices.DeleteFunc(thing.Held, func(h Field) bool { return sameHeld(h.Before, h.After) })
		if len(thing.Fields)+len(thing.Locks) > 0 {
			thing.Outcome = Changed
		} else if len(thing.Held) > 0 {
			thing.Outcome = HeldBack
		}
	}
	slices.SortStableFunc(thing.Held, func(a, b Field) int {
		return slices.Index(namesOf(thing.Key), a.Name) - slices.Index(namesOf(thing.Key), b.Name)
	})
}

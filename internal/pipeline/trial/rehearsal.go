package trial

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Rehearsal is what a spec does with each of the last deliveries, each on the records of now: for whoever chooses what to
// try it with, and wants to know what of it was seen at work.
type Rehearsal struct {
	Processor processor.Processor
	Version   int // 0: a draft
	Spec      *tree.Spec
	Links     []processor.Link
	Problems  []tree.Problem // warnings, of samples too
	Coverage  *coverage.Coverage
	Runs      []Rehearsed // the newest delivery first
	Fields    []Occurring // of the items: those that some have and others have not
	Keys      []KeyShapes // external ids of records, by the step that writes them
	Unmarked  []Unmarked  // what in the deliveries looks like personal data of a customer, and is not marked
	NotRun    int         // deliveries that could not be run: a link lacks a constant, or something was never fetched
	Cut       bool        // the time was up before all were run
}

// Rehearsed is one run of it.
type Rehearsed struct {
	Delivery, Source int64
	ReceivedAt       int64
	Item             value.Value
	Record           string // the id of the source record; "": it is not known
	Status           run.Status
	Counts           run.Counts
	Errors           []*run.DataError
	Branches         []int // taken, by their place in the coverage
	traits           []string
}

// Occurring is a field of the items that is there in some of them.
type Occurring struct {
	Path            string
	Present, Absent int
}

// Unmarked is a field of a source's deliveries that could be personal data of a customer.
type Unmarked struct {
	Source int64
	shape.Suggestion
}

// KeyShapes are how the external ids look that one step gives its records.
type KeyShapes struct {
	Step, Noun string
	Shapes     []KeyShape // the most frequent first
}

// KeyShape is one way they look, as "deal {n}".
type KeyShape struct {
	Shape   string
	Times   int
	Example string
}

// Bounds of a rehearsal.
const (
	MostRehearsed  = 500
	rehearsalTime  = 3 * time.Second
	rehearsalPiece = 25
)

// Rehearse runs a spec over the last deliveries, until the time is up.
func (d *Desk) Rehearse(ctx context.Context, t Tried, deliveries int) (*Rehearsal, error) {
	s, err := d.subject(ctx, t, false)
	if err != nil {
		return nil, err
	}
	r := &rehearsal{desk: d, subject: s, links: map[int64]*plan.Link{}, learned: map[int64]*shape.Learner{}, keys: keyShapes{}}
	r.out = Rehearsal{Processor: s.processor, Version: s.version, Spec: s.spec, Links: s.links, Coverage: coverage.New(s.program, d.Library)}
	r.out.Problems = s.warnings
	if s.version != 0 { // of a draft they are known
		saved := processor.Draft{Text: s.spec.AppendJSON(nil), Media: "application/json"}
		if _, r.out.Problems, err = processor.ReadDraft(ctx, d.Store, d.Library, s.processor, saved); err != nil {
			return nil, err
		}
	}
	kept, err := d.Store.LastDeliveries(ctx, t.TenantID, s.sources(), math.MaxInt64, min(deliveries, MostRehearsed))
	if err != nil {
		return nil, err
	}
	until := d.Store.Now() + rehearsalTime.Microseconds()
	for part := range slices.Chunk(Numbers(kept), rehearsalPiece) {
		if r.out.Cut = d.Store.Now() > until; r.out.Cut {
			break
		}
		if err := r.piece(ctx, part); err != nil {
			return nil, err
		}
	}
	r.finish()
	return &r.out, nil
}

type rehearsal struct {
	desk *Desk
	*subject
	links   map[int64]*plan.Link     // by source; nil: it cannot run there
	learned map[int64]*shape.Learner // by source: what its deliveries look like
	keys    keyShapes
	out     Rehearsal
}

func (r *rehearsal) piece(ctx context.Context, numbers []int64) error {
	stored, err := r.desk.Store.Deliveries(ctx, r.processor.TenantID, numbers)
	if err != nil {
		return err
	}
	slices.Reverse(stored)
	fetched, err := r.desk.Store.Enrichments(ctx, r.processor.TenantID, numbers...)
	if err != nil {
		return err
	}
	for i := range stored {
		if source := stored[i].SourceID; !r.knows(source) {
			link, err := r.desk.linkOf(ctx, r.subject, source, nil)
			if err != nil && !fault.Is(err, fault.Invalid) {
				return err
			}
			r.links[source] = link
		}
	}
	return r.desk.Store.Snapshot(ctx, func(at record.Snapshot) error {
		for i := range stored {
			if err := r.one(at, &stored[i], fetched[stored[i].Number]); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *rehearsal) knows(source int64) bool {
	_, known := r.links[source]
	return known
}

func (r *rehearsal) one(at record.Snapshot, delivery *pipeline.Delivery, fetched []pipeline.Enrichment) error {
	link := r.links[delivery.SourceID]
	lacking, err := lacks(r.program, fetched)
	if err != nil {
		return err
	}
	item, unread := execute.Item(delivery, r.doors[delivery.SourceID])
	if unread == nil {
		if r.learned[delivery.SourceID] == nil {
			r.learned[delivery.SourceID] = shape.New(r.tenant.Country)
		}
		r.learned[delivery.SourceID].Add(item)
	}
	if link == nil || lacking != "" || unread != nil {
		r.out.NotRun++
		return nil //nolint:nilerr // the answer says how many
	}
	seen := &watch{}
	unit := r.unit(link, delivery, item, fetched, seen)
	if _, err := r.desk.run(at, unit, seen); err != nil {
		return err
	}
	enriched, err := execute.Enrich(r.program, r.tenant, fetched)
	if err != nil {
		return err
	}
	e := unit.Outcome().Execution
	before := r.out.Coverage.Taken()
	_, err = run.Replay(r.program, item, run.Environment{
		ItemHash: unit.ItemHash, Zone: link.Zone, Country: link.Country, ReceivedAt: delivery.ReceivedAt, Constants: link.Constants,
		Enrichments: enriched.Values, Unfetched: enriched.GivenUp,
	}, e.Answers, r.out.Coverage.Recorder())
	if err != nil {
		r.out.NotRun++ // it waits for what only a real run can ask
		return nil     //nolint:nilerr // the answer says how many
	}
	one := Rehearsed{
		Delivery: delivery.Number, Source: delivery.SourceID, ReceivedAt: delivery.ReceivedAt, Item: item, Status: e.Status, Counts: e.Counts, Errors: e.Errors,
	}
	for i, times := range r.out.Coverage.Taken() {
		if times > before[i] {
			one.Branches = append(one.Branches, i)
			one.traits = append(one.traits, "branch "+strconv.Itoa(i))
		}
	}
	r.out.Runs = append(r.out.Runs, one)
	for i := range seen.writes {
		if w := &seen.writes[i]; w.about == ofThing && record.KindOf(w.key.Noun) != nil {
			r.keys.add(w.step, w.key.Noun, w.key.ExternalID)
		}
	}
	return nil
}

// finish tells the runs apart: by the record they are about, and by what is there in their items.
func (r *rehearsal) finish() {
	items := make([]value.Value, len(r.out.Runs))
	times := map[string]int{}
	var order []string
	paths := make([][]string, len(items))
	for i := range r.out.Runs {
		items[i] = r.out.Runs[i].Item
		paths[i] = presentIn(items[i])
		for _, path := range paths[i] {
			if times[path]++; times[path] == 1 {
				order = append(order, path)
			}
		}
	}
	known := recognize(items, nil)
	for i := range items {
		r.out.Runs[i].Record = known.of(items[i])
		has := map[string]bool{}
		for _, path := range paths[i] {
			has[path] = true
		}
		for _, path := range order {
			switch {
			case times[path] == len(items):
			case has[path]:
				r.out.Runs[i].traits = append(r.out.Runs[i].traits, "with "+path)
			default:
				r.out.Runs[i].traits = append(r.out.Runs[i].traits, "without "+path)
			}
		}
	}
	for _, path := range order {
		if times[path] < len(items) {
			r.out.Fields = append(r.out.Fields, Occurring{path, times[path], len(items) - times[path]})
		}
	}
	r.out.Keys = r.keys.shapes()
	for _, source := range slices.Sorted(maps.Keys(r.learned)) {
		for _, one := range r.learned[source].Shape().Suggestions() {
			r.out.Unmarked = append(r.out.Unmarked, Unmarked{source, one})
		}
	}
}

// Varied gives at most so many runs that together take each branch and have each optional field once present and once
// absent, as far as the deliveries allow: always the one that adds the most.
func (r *Rehearsal) Varied(most int) []Rehearsed {
	left := map[string]bool{}
	for i := range r.Runs {
		for _, trait := range r.Runs[i].traits {
			left[trait] = true
		}
	}
	var chosen []Rehearsed
	used := map[int]bool{}
	for len(chosen) < most && len(chosen) < len(r.Runs) {
		best, gain := -1, 0
		for i := range r.Runs {
			adds := 0
			for _, trait := range r.Runs[i].traits {
				if left[trait] {
					adds++
				}
			}
			if !used[i] && (adds > gain || best < 0 && len(chosen) == 0) {
				best, gain = i, adds
			}
		}
		if best < 0 {
			break
		}
		used[best] = true
		for _, trait := range r.Runs[best].traits {
			delete(left, trait)
		}
		chosen = append(chosen, r.Runs[best])
	}
	return chosen
}

// mostPaths of one item count: what has more has keys that are data.
const mostPaths = 300

// presentIn gives the paths of what is there in an item and not null, as shapes write them; of lists, of any item.
func presentIn(item value.Value) (all []string) {
	seen := map[string]bool{}
	var walk func(v value.Value, path string)
	walk = func(v value.Value, path string) {
		if v.IsNull() || len(all) >= mostPaths {
			return
		}
		if path != "" && !seen[path] {
			seen[path] = true
			all = append(all, path)
		}
		switch v.Kind() {
		case value.KindObject:
			for _, m := range v.Members() {
				walk(m.Value, shape.Below(path, m.Key))
			}
		case value.KindList:
			for _, one := range v.Items() {
				walk(one, path+"[]")
			}
		}
	}
	walk(item, "")
	return all
}

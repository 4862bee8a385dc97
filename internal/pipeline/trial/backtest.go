package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// How many deliveries a backtest is over.
const (
	UsualDeliveries = 1_000
	MostDeliveries  = 100_000
)

// A piece is what is read and run at a time.
const (
	pieceDeliveries = 500
	pieceBytes      = 8 << 20
)

// mostThings is how many records and identities a backtest keeps in memory at once, with what it notes of each.
const mostThings = 500_000

// Past asks what a spec would have done with the last deliveries.
type Past struct {
	Tried
	Among
	Deliveries   int    // 0: UsualDeliveries
	IdentifiedBy string // path of what tells the records of the sources apart; "": it is found out
}

// Backtest is what a spec would have done with the last deliveries, beside what the live version does with them.
type Backtest struct {
	Processor    int64
	Version      int // 0: a draft
	Live         int // 0: no version was saved yet
	Deliveries   int // that ran
	First, Last  int64
	Since        int64 // when the first came in; 0: none ran
	IdentifiedBy string

	Tally      Tally
	Statuses   []StatusGroup // whose end differs, those that fail now first
	Said       []Group       // (a) what is said about each delivery, against the live version
	Ends       []Group       // (b) what the records would hold in the end, against what they hold
	Overwrites []OverwriteGroup
	NewIDs     []NewIDGroup
	Moves      Moves // (c) what metrics would be
	NotRun     []NotRun
	Ungrouped  int // differences of rarer kinds than there is room for
	Notes      []string
}

// Tally counts the deliveries that ran, each once, by the weightiest thing that is otherwise under the version that is
// tried: that it ends worse comes first, then that it ends better.
type Tally struct {
	NowFails    int // or partly so
	NowSucceeds int // at least more of it
	Changed     int // fields, external ids, or with which error it fails
	New         int // only more things are written
	Gone        int // only fewer
	Same        int
}

// StatusGroup is deliveries that end otherwise than under the live version.
type StatusGroup struct {
	Live, Tried run.Status // Live "": there is no live version
	Code        string     // of the first error under the version that is tried; "" without
	Step        string     // where it happens
	Count       int
	Examples    []StatusExample
}

// StatusExample is one delivery of those.
type StatusExample struct {
	Delivery int64
	Message  string
}

// OverwriteGroup is records that more than one source record writes, of one kind.
type OverwriteGroup struct {
	Noun, Step, Kind string
	Count            int // records
	Examples         []Overwrite
}

// NewIDGroup is things that would be written under another external id than by the live version, of one shape.
type NewIDGroup struct {
	Noun, Step    string
	Before, After string // shapes
	Count         int    // deliveries
	Examples      []NewID
}

// NotRun is deliveries that were left out, and why.
type NotRun struct {
	Why      string
	Count    int
	Examples []int64
}

// Progress of a backtest.
type Progress struct{ Done, Total int }

// Backtest runs a spec over the last deliveries of the sources that are linked to its processor. It tells progress after
// each piece, and ends with ctx.
func (d *Desk) Backtest(ctx context.Context, ask Past, progress func(Progress)) (*Backtest, error) {
	path, err := readPath(ask.IdentifiedBy)
	if err != nil {
		return nil, err
	}
	end, err := d.begin(ask.TenantID)
	if err != nil {
		return nil, err
	}
	defer end()
	s, err := d.subject(ctx, ask.Tried, false)
	if err != nil {
		return nil, err
	}
	if len(s.links) == 0 {
		return nil, fault.New(fault.Conflict, "No source is linked to the processor “%s”, so there are no deliveries to try it on. Link one, or run it dry on an item.", s.processor.Name)
	}
	b := d.newBacktest(s)
	if s.processor.Version != 0 {
		live, err := d.with(ctx, s, s.processor.Version)
		switch f := fault.Of(err); {
		case err == nil:
			b.live = b.tried.beside(live)
		case f.Kind == fault.Invalid:
			b.note("The live version no longer checks, so it is as if there were none. Save the spec again to see why.")
		default:
			return nil, err
		}
	}
	kept, err := d.past(ctx, s, ask)
	if err != nil {
		return nil, err
	}
	if err := b.linkSources(ctx); err != nil {
		return nil, err
	}
	slices.Reverse(kept)
	total := len(kept)
	for len(kept) > 0 {
		part := first(kept, pieceBytes)
		kept = kept[len(part):]
		p, err := d.piece(ctx, s, Numbers(part), b.tried.asks() || b.live != nil && b.live.asks(), b.leaveOut)
		if err != nil {
			return nil, err
		}
		if !b.recognized {
			b.recognized, b.known = true, recognize(p.items, path)
		}
		b.identified = b.identified || slices.ContainsFunc(p.items, func(item value.Value) bool { return b.known.of(item) != "" })
		if err := b.onlyAnswered(p); err != nil {
			return nil, err
		}
		if err := b.piece(ctx, p); err != nil {
			return nil, err
		}
		if most := cmp.Or(d.MostThings, mostThings); b.written.count()+len(b.held)+len(b.formerly)+len(b.dropped) > most {
			return nil, fault.New(fault.Conflict, "The deliveries write more than %d records and identities, which is more than a backtest compares at once. Try fewer deliveries: %d of %d were run.", most, total-len(kept), total)
		}
		progress(Progress{total - len(kept), total})
	}
	if path != nil && total > 0 && !b.identified {
		b.note(fmt.Sprintf("No delivery has an id at “%s”, so records that several source records write were not found. Look at the path, or leave it out.", ask.IdentifiedBy))
	}
	return b.result(ctx)
}

func (s *subject) sources() []int64 {
	all := make([]int64, len(s.links))
	for i, l := range s.links {
		all[i] = l.SourceID
	}
	return all
}

// first gives as many as make a piece.
func first(kept []Kept, bytes int) []Kept {
	size := 0
	for i, k := range kept {
		if size += k.Bytes; i == pieceDeliveries || i > 0 && size > bytes {
			return kept[:i]
		}
	}
	return kept
}

// backtest is one under way.
type backtest struct {
	desk       *Desk
	load       loader
	ran        func(ctx context.Context, deliveries []int64) (map[int64]Ran, error)
	tried      *side
	live       *side         // nil: there is none
	older      map[int]*side // versions that ran on some of the deliveries; nil: it cannot run
	known      recognizer
	identified bool // a delivery has an id there
	recognized bool

	out      Backtest
	statuses map[statusKey]*StatusGroup
	said     groups
	newIDs   map[newIDKey]*NewIDGroup
	written  writtens
	held     map[record.Key][]Field
	formerly map[record.Key]formerly
	dropped  map[record.Key][]string // fields that the live version alone sets
	numbers  []int64                 // of the deliveries that ran, in order
	without  map[record.Key]without
	clashes  map[clashKey]*OverwriteGroup
	notRun   map[string]*NotRun
	mover    *mover
}

// What groups are told apart by.
type (
	statusKey struct {
		live, tried run.Status
		code, step  string
	}
	newIDKey struct{ noun, step, before, after string }
	clashKey struct{ noun, step, kind string }
)

// formerly is a thing that an older version wrote.
type formerly struct {
	version  int
	delivery int64
}

// side is one of the versions, with the overlay it runs on.
type side struct {
	*subject
	stage *record.Stage
	links map[int64]*plan.Link // by source; nil: it cannot run there
	seen  []watch              // by place in the piece, as are
	ran   []*pipeline.Execution
	ends  []pipeline.Execution // room for those

	latest   *execute.Program // that ran on the present delivery; nil: none did
	track    *run.Track       // nil: no side runs after this one
	after    *side            // that has just run on the same delivery; nil: none
	inCommon *run.InCommon    // with that
}

func newSide(s *subject, stage *record.Stage) *side {
	return &side{
		subject: s, stage: stage, links: map[int64]*plan.Link{},
		seen: make([]watch, pieceDeliveries), ran: make([]*pipeline.Execution, pieceDeliveries),
		ends: make([]pipeline.Execution, pieceDeliveries),
	}
}

// beside makes the side of another version, which runs on each delivery after this one: what both have in common is run once,
// wherever it comes to the same.
func (s *side) beside(other *subject) *side {
	made := newSide(other, s.stage.Beside())
	s.track = &run.Track{}
	made.after, made.inCommon = s, run.Compare(s.program, other.program, tree.Twins(s.spec, other.spec))
	return made
}

func (d *Desk) newBacktest(s *subject) *backtest {
	return &backtest{
		desk: d, tried: newSide(s, record.NewOverlay(d.Store.Now())), older: map[int]*side{},
		out:      Backtest{Processor: s.processor.ID, Version: s.version, Live: s.processor.Version},
		statuses: map[statusKey]*StatusGroup{}, newIDs: map[newIDKey]*NewIDGroup{},
		held: map[record.Key][]Field{}, formerly: map[record.Key]formerly{}, dropped: map[record.Key][]string{}, clashes: map[clashKey]*OverwriteGroup{}, notRun: map[string]*NotRun{},
		load: d.load,
		ran: func(ctx context.Context, deliveries []int64) (map[int64]Ran, error) {
			return d.Store.Ran(ctx, s.processor.TenantID, s.processor.ID, deliveries)
		},
	}
}

func (b *backtest) note(text string) {
	if !slices.Contains(b.out.Notes, text) {
		b.out.Notes = append(b.out.Notes, text)
	}
}

// linkSources finds out how each version runs on each source.
func (b *backtest) linkSources(ctx context.Context) error {
	for _, source := range b.tried.sources() {
		link, err := b.desk.linkOf(ctx, b.tried.subject, source, nil)
		if err != nil {
			return err
		}
		b.tried.links[source] = link
		if b.live == nil {
			continue
		}
		link, err = b.desk.linkOf(ctx, b.live.subject, source, nil)
		switch {
		case err == nil:
			b.live.links[source] = link
		case fault.Is(err, fault.Invalid):
			b.note("On one of the sources the live version lacks values of constants, so there it is as if there were none.")
		default:
			return err
		}
	}
	return nil
}

// piece is some deliveries with their items.
type piece struct {
	deliveries []pipeline.Delivery
	items      []value.Value
	fetched    map[int64][]pipeline.Enrichment // by number of the delivery; nil where no program asks
}

// piece reads deliveries that the subject can run on, and tells of the others. Fetched: one of those who will run on it
// asks for what was fetched.
func (d *Desk) piece(ctx context.Context, s *subject, numbers []int64, fetched bool, leaveOut func(why string, delivery int64)) (*piece, error) {
	deliveries, err := d.Store.Deliveries(ctx, s.processor.TenantID, numbers)
	if err != nil {
		return nil, err
	}
	p := &piece{}
	if fetched {
		if p.fetched, err = d.Store.Enrichments(ctx, s.processor.TenantID, numbers...); err != nil {
			return nil, err
		}
	}
	return p, p.read(s, deliveries, leaveOut)
}

func (p *piece) read(s *subject, deliveries []pipeline.Delivery, leaveOut func(why string, delivery int64)) error {
	p.deliveries, p.items = slices.Grow(p.deliveries, len(deliveries)), slices.Grow(p.items, len(deliveries))
	for i := range deliveries {
		d := &deliveries[i]
		item, err := execute.Item(d, s.doors[d.SourceID])
		if err != nil {
			leaveOut("It cannot be read.", d.Number)
			continue
		}
		missing, err := lacks(s.program, p.fetched[d.Number])
		if err != nil {
			return err
		}
		if missing != "" {
			leaveOut(missing, d.Number)
			continue
		}
		p.deliveries, p.items = append(p.deliveries, *d), append(p.items, item)
	}
	return nil
}

// onlyAnswered leaves out the deliveries of which the live version cannot be told what it writes.
func (b *backtest) onlyAnswered(p *piece) error {
	if b.live == nil {
		return nil
	}
	can, err := b.live.answered(p, nil, func(names string, i int) {
		b.leaveOut("Cannot say: no answer is stored for the enrichment "+names+", which the live version needs.", p.deliveries[i].Number)
	})
	if err != nil || can == nil || len(can) == len(p.deliveries) {
		return err
	}
	for to, from := range can {
		p.deliveries[to], p.items[to] = p.deliveries[from], p.items[from]
	}
	p.deliveries, p.items = p.deliveries[:len(can)], p.items[:len(can)]
	return nil
}

// asks reports whether the version asks for what is fetched.
func (s *side) asks() bool {
	for _, link := range s.links {
		if len(link.Program.Enrichments) > 0 {
			return true
		}
	}
	return false
}

func (b *backtest) leaveOut(why string, delivery int64) {
	one := b.notRun[why]
	if one == nil {
		one = &NotRun{Why: why}
		b.notRun[why] = one
	}
	one.Count++
	if len(one.Examples) < mostExamples {
		one.Examples = append(one.Examples, delivery)
	}
}

// piece runs both versions on a piece and compares them.
func (b *backtest) piece(ctx context.Context, p *piece) error {
	if len(p.items) == 0 {
		return nil
	}
	sides, stages := []*side{b.tried}, []*record.Stage{b.tried.stage}
	if b.live != nil {
		sides, stages = append(sides, b.live), append(stages, b.live.stage)
	}
	if err := b.load.run(ctx, p, nil, true, stages, sides...); err != nil {
		return err
	}
	if err := b.runOlder(ctx, p, stages); err != nil {
		return err
	}
	for i := range p.deliveries {
		b.numbers = append(b.numbers, p.deliveries[i].Number)
		b.compare(&p.deliveries[i], p.items[i], i)
	}
	if b.out.First == 0 {
		b.out.First, b.out.Since = p.deliveries[0].Number, p.deliveries[0].ReceivedAt
	}
	b.out.Last = p.deliveries[len(p.deliveries)-1].Number
	b.out.Deliveries += len(p.deliveries)
	return nil
}

// loader reads what runs want, on one moment of the database.
type loader func(context.Context, *record.Need) (*record.Loaded, error)

func (d *Desk) load(ctx context.Context, need *record.Need) (loaded *record.Loaded, err error) {
	err = d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		loaded, err = at.Load(need)
		return err
	})
	return loaded, err
}

// run runs versions on a piece, or on some of it, side by side: again, with what they asked for in vain, until there is
// nothing of that. What is loaded is put under all the stages, theirs and others. Keep false takes back what was done.
func (load loader) run(ctx context.Context, p *piece, some []int, keep bool, stages []*record.Stage, sides ...*side) error {
	for range loadTries {
		need := &record.Need{}
		for _, s := range sides {
			s.stage.Begin()
		}
		if err := runSides(ctx, p, some, sides); err != nil {
			return err
		}
		for _, s := range sides {
			if wanted := s.stage.Wanted(); wanted != nil {
				need.Add(wanted)
			}
		}
		if len(need.Keys)+len(need.Contacts) == 0 {
			for _, s := range sides {
				s.stage.End(keep)
			}
			return nil
		}
		need.Normalize()
		for _, s := range sides {
			s.stage.Unwind(0)
		}
		loaded, err := load(ctx, need)
		if err != nil {
			return err
		}
		for _, stage := range stages {
			stage.LoadMore(need, loaded)
		}
	}
	return errWants(&p.deliveries[0])
}

// runSides runs the versions on one delivery after the other: what a delivery is about is at hand for all of them.
func runSides(ctx context.Context, p *piece, some []int, sides []*side) error {
	units := make([]*execute.Program, len(sides))
	for i, s := range sides {
		units[i] = s.bare(nil) // one for all: each Run begins afresh
	}
	for i := range p.deliveries {
		if some != nil && !slices.Contains(some, i) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		for k, s := range sides {
			if err := s.run(units[k], p, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// run runs the version on one delivery of the piece.
func (s *side) run(unit *execute.Program, p *piece, i int) error {
	d, seen := &p.deliveries[i], &s.seen[i]
	seen.reset()
	s.ran[i], s.latest = nil, nil
	link := s.links[d.SourceID]
	if link == nil {
		return nil
	}
	if len(link.Program.Enrichments) > 0 { // which a unit keeps
		unit = s.bare(p.fetched[d.Number])
	}
	unit.Link, unit.Delivery, unit.Item, unit.Watch, unit.Track = link, d, p.items[i], seen, s.track
	unit.After, unit.InCommon = nil, s.inCommon
	if s.after != nil {
		unit.After = s.after.latest
	}
	s.latest = unit
	err := unit.Run(s.stage)
	var missing *record.NotLoaded
	if err != nil && !errors.As(err, &missing) {
		return err
	}
	if e := unit.Outcome().Execution; e != nil { // nil where it wants more; the others may do, too
		s.ends[i] = *e
		s.ran[i] = &s.ends[i]
	}
	for k := range seen.writes {
		if w := &seen.writes[k]; w.about == ofThing || w.about == ofLine {
			w.place = s.stage.Place(keyOf(d, w))
		}
	}
	return nil
}

// bare is a unit that waits for a link, a delivery and an item, and of which nothing is kept but how it ended.
func (s *side) bare(fetched []pipeline.Enrichment) *execute.Program {
	unit := s.unit(nil, nil, value.Null(), fetched, nil)
	unit.Bare = true
	return unit
}

// runOlder finds the things that older versions wrote when they ran on deliveries of a piece.
func (b *backtest) runOlder(ctx context.Context, p *piece, stages []*record.Stage) error {
	numbers := make([]int64, len(p.deliveries))
	for i := range p.deliveries {
		numbers[i] = p.deliveries[i].Number
	}
	ran, err := b.ran(ctx, numbers)
	if err != nil {
		return err
	}
	places := map[int][]int{}
	for i, n := range numbers {
		if v := ran[n].Version; v != 0 && v != b.tried.version && v != b.out.Live {
			places[v] = append(places[v], i)
		}
	}
	for version, some := range places {
		old, err := b.olderSide(ctx, version)
		if err != nil {
			return err
		}
		if old == nil {
			continue
		}
		if some, err = old.answered(p, some, func(names string, _ int) {
			b.note(fmt.Sprintf("Cannot say what version %d alone wrote on some deliveries: no answer is stored for the enrichment %s, which it needs.", version, names))
		}); err != nil {
			return err
		}
		if err := b.load.run(ctx, p, some, false, stages, old); err != nil {
			return err
		}
		for _, i := range some {
			for _, w := range old.seen[i].writes {
				if w.about == ofThing || w.about == ofLine {
					b.formerly[keyOf(&p.deliveries[i], &w)] = formerly{version, p.deliveries[i].Number}
				}
			}
		}
	}
	return nil
}

func (b *backtest) olderSide(ctx context.Context, version int) (*side, error) {
	if old, known := b.older[version]; known {
		return old, nil
	}
	b.older[version] = nil
	subject, err := b.desk.with(ctx, b.tried.subject, version)
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			return nil, err
		}
		b.note("Some deliveries ran under a version that no longer checks; what it alone wrote was not looked for.")
		return nil, nil
	}
	old := newSide(subject, b.tried.stage)
	for source := range b.tried.links {
		if link, err := b.desk.linkOf(ctx, subject, source, nil); err == nil {
			old.links[source] = link
		} else if !fault.Is(err, fault.Invalid) {
			return nil, err
		}
	}
	b.older[version] = old
	return old, nil
}

func keyOf(d *pipeline.Delivery, w *write) record.Key {
	return record.Key{ProviderID: d.ProviderID, Noun: w.key.Noun, ExternalID: w.key.ExternalID}
}

// compare takes in what both versions did with one delivery. The usual case is that they said the same.
func (b *backtest) compare(d *pipeline.Delivery, item value.Value, i int) {
	tried, now := b.tried.seen[i].writes, b.tried.ran[i]
	var live []write
	var before *pipeline.Execution
	if b.live != nil && b.live.ran[i] != nil {
		live, before = b.live.seen[i].writes, b.live.ran[i]
	}
	otherEnd := b.compareStatus(d.Number, before, now)
	self := SourceRecord{ID: b.known.of(item), Source: d.SourceID, Delivery: d.Number}
	alike := same(live, tried)
	both := alike || sameThings(live, tried)
	for k := range tried {
		w := &tried[k]
		b.noteHeld(d, w)
		if w.about != ofThing && w.about != ofLine {
			continue
		}
		one := b.noteWritten(d, w)
		one.tried = true
		one.live = one.live || both
		if w.about == ofThing && !w.key.IsIdentity() {
			b.noteWriter(one, w, self)
		}
	}
	for _, o := range twice(tried, self) {
		b.clash(o)
	}
	b.noteDropped(d, live, tried, alike)
	b.tally(before, now, otherEnd, live, tried, alike, both)
	if alike {
		return
	}
	for k := range live {
		if w := &live[k]; !both && (w.about == ofThing || w.about == ofLine) {
			b.noteWritten(d, w).live = true
		}
	}
	if now.Status == run.Failed && before != nil && before.Status != run.Failed {
		return // that it writes nothing goes without saying
	}
	for _, p := range compare(&b.said, d.Number, live, tried) {
		b.noteNewID(d.Number, p)
	}
}

// compareStatus takes in how a delivery ends, and reports whether that is otherwise.
func (b *backtest) compareStatus(delivery int64, live, tried *pipeline.Execution) bool {
	k := statusKey{tried: tried.Status}
	if live != nil {
		k.live = live.Status
	}
	var failed *run.DataError
	if len(tried.Errors) > 0 {
		failed = tried.Errors[0]
		k.code, k.step = failed.Code, failed.Instruction
	}
	if live != nil && live.Status == tried.Status && live.Counts.Failed == tried.Counts.Failed && sameError(live.Errors, failed) {
		return false
	}
	one := b.statuses[k]
	if one == nil {
		one = &StatusGroup{Live: k.live, Tried: k.tried, Code: k.code, Step: k.step}
		b.statuses[k] = one
	}
	one.Count++
	if len(one.Examples) < mostExamples {
		e := StatusExample{Delivery: delivery}
		if failed != nil {
			e.Message = failed.Message
		}
		one.Examples = append(one.Examples, e)
	}
	return true
}

// sameError reports whether the first error is of the same kind at the same step.
func sameError(live []*run.DataError, tried *run.DataError) bool {
	if len(live) == 0 || tried == nil {
		return len(live) == 0 && tried == nil
	}
	return live[0].Code == tried.Code && live[0].Instruction == tried.Instruction
}

func (b *backtest) noteWritten(d *pipeline.Delivery, w *write) *written {
	one := b.written.at(w.key, w.place)
	if !one.tried && !one.live {
		one.key = keyOf(d, w)
	}
	return one
}

// noteHeld keeps what is held back of each thing, until a later delivery gets through.
func (b *backtest) noteHeld(d *pipeline.Delivery, w *write) {
	if w.about == ofLock {
		return
	}
	note := func(externalID string, set []run.Field, locked, stale []string) {
		if len(b.held)+len(locked)+len(stale) == 0 {
			return
		}
		key := record.Key{ProviderID: d.ProviderID, Noun: w.key.Noun, ExternalID: externalID}
		held := b.held[key]
		if len(held)+len(locked)+len(stale) == 0 {
			return
		}
		for _, f := range flat(key.Noun, set) {
			held = slices.DeleteFunc(held, func(h Field) bool { return h.Name == f.Name })
			switch {
			case slices.Contains(locked, f.Name):
				held = append(held, Field{Name: f.Name, After: f.Value, Why: Locked})
			case slices.Contains(stale, f.Name):
				held = append(held, Field{Name: f.Name, After: f.Value, Why: Stale})
			}
		}
		b.held[key] = held
	}
	if w.about != ofContact {
		note(w.key.ExternalID, w.sets(), w.locked, w.stale)
	}
	for _, other := range w.others {
		note(other.ExternalID, w.setsInOthers(), other.Locked, other.Stale)
	}
}

// noteWriter looks whether another source record wrote the same record before.
func (b *backtest) noteWriter(one *written, w *write, self SourceRecord) {
	before := one.by
	one.by = self
	if self.ID == "" || before.ID == "" || before.Delivery == self.Delivery || before.ID == self.ID && before.Source == self.Source || one.clashed {
		return
	}
	one.clashed = true
	b.clash(overwrite(w, self, before))
}

func (b *backtest) clash(o Overwrite) {
	k := clashKey{o.Noun, o.Step, o.Kind}
	one := b.clashes[k]
	if one == nil {
		one = &OverwriteGroup{Noun: o.Noun, Step: o.Step, Kind: o.Kind}
		b.clashes[k] = one
	}
	one.Count++
	if len(one.Examples) < mostExamples {
		one.Examples = append(one.Examples, o)
	}
}

func (b *backtest) noteNewID(delivery int64, p pair) {
	k := newIDKey{p.after.key.Noun, p.after.step, shapeOf(p.before.key.ExternalID), shapeOf(p.after.key.ExternalID)}
	one := b.newIDs[k]
	if one == nil {
		one = &NewIDGroup{Noun: k.noun, Step: k.step, Before: k.before, After: k.after}
		b.newIDs[k] = one
	}
	one.Count++
	if len(one.Examples) < mostExamples {
		one.Examples = append(one.Examples, NewID{Noun: k.noun, Step: k.step, Before: p.before.key.ExternalID, After: p.after.key.ExternalID, Delivery: delivery})
	}
}

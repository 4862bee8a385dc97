package trial

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Cause says why a record would hold other than it does.
type Cause string

// The causes. Only the first is a doing of the version that is tried: under all others the live version would make the
// same difference.
const (
	ByVersion      Cause = "version"
	ByUndo         Cause = "undone"          // an undo has taken back what was written
	ByLock         Cause = "locked"          // the field is locked: it stays as it is
	ByOtherSource  Cause = "other_source"    // another source or a fixed webhook has set it
	ByOther        Cause = "other_processor" // another processor of the source has set it
	ByNewer        Cause = "newer"           // a delivery that is newer than these has set it
	ByPerson       Cause = "edited"          // a user, or a program over the API, has changed it
	ByOlderVersion Cause = "older_version"   // it was last written by an older version
	NeverRan       Cause = "never_ran"       // the processor has not run on the delivery, or failed on it
	RunAgain       Cause = "run_again"       // it does otherwise when it runs again over the records of now: follow-up, locks
)

// mostLookups is of how many things a backtest looks up who changed them.
const mostLookups = 5_000

// drift is a difference that both versions would make.
type drift struct {
	key           record.Key
	thing         record.Thing // its ID 0: it is not there
	field         string       // "" the thing itself
	before, after value.Value
	held          bool
	madeBy        string      // of the thing that is there, or would be made
	mark          record.Mark // of a field that is held back: what holds it
}

// result finishes a backtest: what the records would hold in the end.
func (b *backtest) result(ctx context.Context) (*Backtest, error) {
	metrics, err := b.desk.Store.Metrics(ctx, b.tried.processor.TenantID)
	if err != nil {
		return nil, err
	}
	teams, err := b.desk.Store.Teams(ctx, b.tried.processor.TenantID)
	if err != nil {
		return nil, err
	}
	b.mover = newMover(metrics, teams, b.desk.Store.Now())
	if b.without, err = b.undropped(ctx); err != nil {
		return nil, err
	}
	var ends groups
	drifts := b.changed(&ends)
	drifts = append(drifts, b.heldBack(&ends)...)
	if len(drifts) > mostLookups {
		b.note(fmt.Sprintf("Of %d differences that are no doing of the version, the causes of the first %d were looked up.", len(drifts), mostLookups))
	}
	if err := b.explain(ctx, &ends, drifts[:min(len(drifts), mostLookups)]); err != nil {
		return nil, err
	}
	for _, d := range drifts[min(len(drifts), mostLookups):] {
		d.add(&ends, RunAgain, "")
	}
	b.unwritten(&ends)

	out := &b.out
	if out.Moves, err = b.moves(ctx, metrics); err != nil {
		return nil, err
	}
	out.IdentifiedBy = b.known.String()
	if out.IdentifiedBy == "" && out.Deliveries > 0 {
		b.note("No path of the deliveries tells the records of the source apart, so records that several of them write were not looked for. Say which does it: told apart by on the page, identified_by in a call.")
	}
	out.Said, out.Ends, out.Ungrouped = b.said.list(), ends.list(), b.said.over+ends.over
	for _, g := range b.statuses {
		out.Statuses = append(out.Statuses, *g)
	}
	slices.SortFunc(out.Statuses, func(x, y StatusGroup) int {
		return cmp.Or(cmp.Compare(worse(x.Tried), worse(y.Tried)), cmp.Compare(y.Count, x.Count),
			cmp.Compare(x.Live, y.Live), cmp.Compare(x.Code, y.Code), cmp.Compare(x.Step, y.Step))
	})
	for _, g := range b.newIDs {
		out.NewIDs = append(out.NewIDs, *g)
	}
	slices.SortFunc(out.NewIDs, func(x, y NewIDGroup) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Noun, y.Noun), cmp.Compare(x.Step, y.Step), cmp.Compare(x.Before, y.Before), cmp.Compare(x.After, y.After))
	})
	for _, g := range b.clashes {
		out.Overwrites = append(out.Overwrites, *g)
	}
	slices.SortFunc(out.Overwrites, func(x, y OverwriteGroup) int {
		return cmp.Or(cmp.Compare(y.Count, x.Count), cmp.Compare(x.Noun, y.Noun), cmp.Compare(x.Step, y.Step), cmp.Compare(x.Kind, y.Kind))
	})
	for _, why := range slices.Sorted(maps.Keys(b.notRun)) {
		out.NotRun = append(out.NotRun, *b.notRun[why])
	}
	return out, nil
}

// worse puts what fails first.
func worse(s run.Status) int {
	return slices.Index([]run.Status{run.Failed, run.Partial, run.Waiting, run.Skipped, run.Succeeded}, s)
}

// changed adds what would become other by the version that is tried, and gives what would by the live one as well.
func (b *backtest) changed(ends *groups) (drifts []drift) {
	changes := b.tried.stage.Changes()
	for _, c := range changes.Identities {
		if !c.MarkOnly {
			drifts = append(drifts, b.change(ends, c.New.Key, identityState(c.Old), identityState(c.New))...)
		}
	}
	for _, c := range changes.Rows {
		if !c.MarkOnly {
			drifts = append(drifts, b.change(ends, c.New.Key, rowState(c.Old), rowState(c.New))...)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(b.without), record.Key.Compare) { // in which nothing else changes
		was := stateOf(b.tried.stage, key, true)
		b.change(ends, key, was, was)
	}
	return drifts
}

func (b *backtest) change(ends *groups, key record.Key, was, now *state) (drifts []drift) {
	var live *state
	if b.live != nil {
		live = stateOf(b.live.stage, key, false)
	}
	if was == nil {
		d := drift{key: key, madeBy: now.madeBy}
		if live == nil {
			d.add(ends, ByVersion, "")
			b.counts(key, nil, now.values)
			return nil
		}
		return []drift{d}
	}
	unset := b.without[key]
	delete(b.without, key)
	var then []value.Value // what it would hold by the version's doing
	for i := range now.values {
		after := now.values[i]
		held, dropped := unset[i]
		if dropped = dropped && was.values[i].Equal(after); dropped {
			after = held
		}
		if was.values[i].Equal(after) {
			continue
		}
		d := drift{
			key: key, thing: record.Thing{Noun: key.Noun, ID: was.id}, field: now.names[i],
			before: was.values[i], after: after, madeBy: was.madeBy,
		}
		if !dropped && live != nil && live.values[i].Equal(now.values[i]) {
			drifts = append(drifts, d)
			continue
		}
		d.add(ends, ByVersion, "")
		if then == nil {
			then = slices.Clone(was.values)
		}
		then[i] = after
	}
	if then != nil && !b.gone(key, was) {
		b.counts(key, was.values, then)
	}
	for _, name := range now.locks {
		if slices.Contains(was.locks, name) {
			continue
		}
		cause := ByVersion
		if live != nil && slices.Contains(live.locks, name) {
			cause = RunAgain
		}
		ends.add(groupKey{noun: key.Noun, field: name, change: locksMore, cause: cause}, false, Example{ExternalID: key.ExternalID, Before: value.Null(), After: value.Null()})
	}
	return drifts
}

// add adds the difference, now that its cause is known.
func (d *drift) add(ends *groups, cause Cause, why string) {
	change := newly
	if d.field != "" {
		change = changeOf(d.before, d.after)
	}
	e := Example{ExternalID: d.key.ExternalID, Before: d.before, After: d.after, Why: why}
	if d.thing.ID == 0 {
		e.Delivery = makerOf(d.madeBy).Delivery
	}
	ends.add(groupKey{noun: d.key.Noun, field: d.field, change: change, cause: cause}, d.held, e)
}

// heldBack adds what is said and does not come through, because of a lock, and gives what something else holds.
func (b *backtest) heldBack(ends *groups) (drifts []drift) {
	keys := slices.SortedFunc(maps.Keys(b.held), record.Key.Compare)
	for _, key := range keys {
		was := stateOf(b.tried.stage, key, false)
		if was == nil {
			continue
		}
		for _, h := range b.held[key] {
			place := slices.Index(was.names, h.Name)
			if place < 0 || sameHeld(was.values[place], h.After) {
				continue
			}
			d := drift{
				key: key, thing: record.Thing{Noun: key.Noun, ID: max(was.id, 0)}, field: h.Name, before: was.values[place], after: h.After,
				held: true, madeBy: was.madeBy, mark: was.marks(place),
			}
			if h.Why == Locked {
				d.add(ends, ByLock, "")
				continue
			}
			drifts = append(drifts, d)
		}
	}
	return drifts
}

// explain finds out the causes of differences from the journal of the things, and from the deliveries.
func (b *backtest) explain(ctx context.Context, ends *groups, drifts []drift) error {
	var absent []int64 // deliveries of things that are not there
	things := map[record.Thing]bool{}
	for i := range drifts {
		if d := &drifts[i]; d.thing.ID == 0 {
			absent = append(absent, makerOf(d.madeBy).Delivery)
		} else {
			things[d.thing] = true
		}
	}
	ran, err := b.ran(ctx, absent)
	if err != nil {
		return err
	}
	for _, one := range ran {
		things[record.Thing{Noun: record.ExecutionNoun, ID: one.Execution}] = true
	}
	var journal map[record.Thing][]record.Entry
	err = b.desk.Store.Snapshot(ctx, func(at record.Snapshot) (err error) {
		journal, err = at.Journal(slices.Collect(maps.Keys(things)))
		return err
	})
	if err != nil {
		return err
	}
	makers := make([]record.Maker, len(drifts))
	var numbers []int64
	for i := range drifts {
		d := &drifts[i]
		if d.thing.ID == 0 {
			continue
		}
		if makers[i], err = lastMaker(d, journal[d.thing]); err != nil {
			return err
		}
		numbers = append(numbers, makers[i].Delivery, d.mark.Number)
	}
	slices.Sort(numbers)
	sources, err := b.sourcesOf(ctx, slices.Compact(numbers))
	if err != nil {
		return err
	}
	for i := range drifts {
		d := &drifts[i]
		var cause Cause
		why := ""
		if d.thing.ID != 0 {
			cause, why = b.causeOf(d, makers[i], sources)
		} else if cause, why, err = b.absence(d.key, ran[makerOf(d.madeBy).Delivery], journal); err != nil {
			return err
		}
		d.add(ends, cause, why)
	}
	return nil
}

// absence says why a thing is not there that a run would make.
func (b *backtest) absence(key record.Key, ran Ran, journal map[record.Thing][]record.Entry) (Cause, string, error) {
	if ran.Execution == 0 {
		return NeverRan, "", nil
	}
	standing, err := record.StandingUndos(journal[record.Thing{Noun: record.ExecutionNoun, ID: ran.Execution}])
	if err != nil {
		return "", "", err
	}
	at := slices.IndexFunc(standing, func(u record.PastUndo) bool { return u.Covers(key) })
	switch {
	case at >= 0:
		return ByUndo, id.Format(id.Undo, standing[at].By.Undo), nil
	case ran.Version != b.out.Live:
		return ByOlderVersion, fmt.Sprintf("version %d", ran.Version), nil
	}
	return RunAgain, "", nil
}

// lastMaker gives who changed a field last to what it holds.
func lastMaker(d *drift, journal []record.Entry) (record.Maker, error) {
	for _, e := range slices.Backward(journal) {
		image, err := record.ReadBefore(d.key.Noun, e.Before)
		if err != nil {
			return record.Maker{}, err
		}
		if slices.ContainsFunc(image, func(w record.Was) bool { return w.Field == d.field }) {
			return makerOf(e.MadeBy), nil
		}
	}
	return makerOf(d.madeBy), nil
}

// sourcesOf gives the sources of deliveries: 0 that of a fixed webhook.
func (b *backtest) sourcesOf(ctx context.Context, numbers []int64) (map[int64]int64, error) {
	sources := map[int64]int64{}
	for part := range slices.Chunk(numbers, pieceDeliveries) {
		found, err := b.desk.Store.Deliveries(ctx, b.tried.processor.TenantID, part)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			sources[d.Number] = d.SourceID
		}
	}
	return sources, nil
}

// causeOf says why a field holds other than both versions want.
func (b *backtest) causeOf(d *drift, by record.Maker, sources map[int64]int64) (Cause, string) {
	if by.Undo != 0 {
		return ByUndo, id.Format(id.Undo, by.Undo)
	}
	if by.Origin == record.FromUser || by.Origin == record.FromClient {
		return ByPerson, ""
	}
	number := by.Delivery
	if d.held { // what set it last, even to what it held already
		number = d.mark.Number
	}
	source, known := sources[number]
	_, ours := b.tried.links[source]
	why := ""
	if number != 0 {
		why = publicDelivery(number)
	}
	switch {
	case known && !ours:
		return ByOtherSource, why
	case by.Processor != b.tried.processor.ID && by.Processor != 0:
		return ByOther, why
	case d.held:
		return ByNewer, why
	case by.Version != 0 && by.Version != b.out.Live:
		return ByOlderVersion, fmt.Sprintf("version %d", by.Version)
	}
	return RunAgain, why
}

// unwritten adds the things that are there and that the version that is tried would not write any more: those of the live
// version, and those that only an older one wrote and no version would.
func (b *backtest) unwritten(ends *groups) {
	for _, key := range b.written.untried() {
		was := stateOf(b.tried.stage, key, true)
		if was == nil {
			continue
		}
		ends.add(groupKey{noun: key.Noun, change: noLonger, cause: ByVersion}, false, Example{ExternalID: key.ExternalID})
		if b.gone(key, was) {
			b.counts(key, was.values, nil)
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(b.formerly), record.Key.Compare) {
		was := stateOf(b.tried.stage, key, true)
		if b.written.has(key, b.tried.stage.Place(key)) || was == nil || makerOf(was.madeBy).Processor != b.tried.processor.ID {
			continue
		}
		f := b.formerly[key]
		ends.add(groupKey{noun: key.Noun, change: noLonger, cause: ByOlderVersion}, false, Example{
			Delivery: f.delivery, ExternalID: key.ExternalID, Why: fmt.Sprintf("version %d", f.version),
		})
	}
}

// gone reports whether a thing would not be there at all: the live version alone writes it, and it was made on one of the
// deliveries.
func (b *backtest) gone(key record.Key, was *state) bool {
	by := makerOf(was.madeBy)
	return b.written.untriedAt(key, b.tried.stage.Place(key)) && by.Processor == b.tried.processor.ID && by.Delivery >= b.out.First && by.Delivery <= b.out.Last
}

// counts takes a record into account for metrics; nil: it is not there.
func (b *backtest) counts(key record.Key, before, after []value.Value) {
	if !key.IsIdentity() {
		b.mover.take(record.KindOf(key.Noun), before, after)
	}
}

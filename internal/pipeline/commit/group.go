package commit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

const (
	// tries of one group: each key that a run asks for and that nobody foresaw takes one, and so does each other node
	// that was first.
	tries = 64
	// watchdogLimit for one unit. The language's own budgets end a run long before; this is for our mistakes.
	watchdogLimit = 5 * time.Second
	// tripsToPark: so often a unit may trip the watchdog, the machine may have been the cause. Then it is parked.
	tripsToPark = 3
	// idsLeast are drawn for a group, and idsOfUnit for each of its units and calls: more than most of them take.
	idsLeast  = 64
	idsOfUnit = 16
)

// block of numbers for ids. They are drawn in the transaction that uses them: what is committed later has higher ones than
// all that was committed before it began, which whoever follows the numbers relies on.
type block struct{ next, end int64 }

// errExhausted: the block ended in the middle of a run.
var errExhausted = errors.New("the numbers for ids have run out")

func (b *block) take() int64 {
	if b.next == b.end {
		panic(errExhausted)
	}
	b.next++
	return b.next - 1
}

// Reasons for a group to begin again, beside those of the engine.
type (
	newEpoch struct{ epoch int64 } // the configuration is newer than what units were planned with
	tripped  struct{ job *pending }
)

func (e *newEpoch) Error() string { return fmt.Sprintf("the configuration is at epoch %d", e.epoch) }
func (e *tripped) Error() string  { return "a unit took too long" }

// group brings jobs to their answers.
func (w *Writer) group(jobs []*pending) {
	extra := &record.Need{}
	ids := idsLeast
	for _, p := range jobs {
		ids += idsOfUnit * (1 + p.units)
	}
	for try := 1; ; try++ {
		var again *record.NotLoaded
		var epoch *newEpoch
		var trip *tripped
		err := w.attempt(jobs, extra, ids)
		switch {
		case err == nil:
			for _, p := range jobs {
				p.succeed()
			}
			return
		case try == tries && len(jobs) > 1:
			w.oneByOne(jobs)
			return
		case try == tries:
			w.refuse(jobs, fmt.Errorf("a group did not come to an end in %d tries: %w", tries, err))
			return
		case errors.As(err, &again):
			extra.Add(&again.Need)
		case errors.As(err, &epoch):
			if jobs, err = w.planAgain(jobs, epoch.epoch); err != nil {
				w.refuse(jobs, err)
				return
			}
			if len(jobs) == 0 {
				return
			}
		case errors.Is(err, errExhausted):
			ids *= 4
		case errors.Is(err, ErrRepeat):
		case errors.As(err, &trip):
			if jobs = w.setApart(jobs, trip.job); len(jobs) == 0 {
				return
			}
		case errors.Is(err, ErrRefused):
			w.apart(jobs, err)
			return
		case len(jobs) > 1 && !fault.Is(err, fault.Unavailable): // a mistake of ours; find whose job it is
			w.oneByOne(jobs)
			return
		default:
			w.refuse(jobs, err)
			return
		}
	}
}

func (w *Writer) oneByOne(jobs []*pending) {
	for _, p := range jobs {
		w.group([]*pending{p})
	}
}

// refuse answers jobs that could not be kept, and closes the doors where the database is the reason.
func (w *Writer) refuse(jobs []*pending, err error) {
	w.log.Error("a group was not kept", "jobs", len(jobs), "error", err)
	if !fault.Is(err, fault.Unavailable) {
		f := fault.New(fault.Internal, "Something went wrong on our side; nothing was kept.")
		f.Cause = err
		err = f
	}
	for _, p := range jobs {
		p.fail(err)
	}
	if fault.Is(err, fault.Unavailable) {
		w.down(err)
	}
}

// planAgain plans the jobs of older pictures under the configuration of that epoch. Those whose plan fails have their
// answer and leave.
func (w *Writer) planAgain(jobs []*pending, epoch int64) ([]*pending, error) {
	picture, err := w.pictures.Reload(context.Background(), epoch)
	if err != nil {
		return jobs, fmt.Errorf("load the configuration: %w", err)
	}
	stay := make([]*pending, 0, len(jobs))
	for _, p := range jobs {
		if p.epoch < picture.Epoch {
			if err := p.plan(picture); err != nil {
				p.fail(err)
				continue
			}
		}
		stay = append(stay, p)
	}
	return stay, nil
}

// setApart takes the job whose unit tripped the watchdog out of its group: planned afresh, since the unit that hangs
// still has the old one in its hands. It is tried again alone, after the others, and parked when that does not help.
func (w *Writer) setApart(jobs []*pending, slow *pending) []*pending {
	rest := make([]*pending, 0, len(jobs))
	for _, p := range jobs {
		if p != slow {
			rest = append(rest, p)
		}
	}
	afresh := newPending(slow.job)
	afresh.answer, afresh.behind, afresh.trips = slow.answer, slow.behind, slow.trips+1
	if err := afresh.plan(w.pictures.Current()); err != nil {
		afresh.fail(err)
		return rest
	}
	w.log.Error("a unit took too long", "limit", w.Watchdog, "times", afresh.trips)
	if afresh.trips >= tripsToPark {
		afresh.giveUp(pipeline.ReasonParked, "The run took too long on this server.")
	}
	if len(rest) > 0 {
		w.group(rest)
	}
	w.group([]*pending{afresh})
	return nil
}

// giveUp makes the units that can wait do so for the reason, unless it is empty, and fails the others.
func (p *pending) giveUp(reason pipeline.Reason, message string) {
	for _, item := range p.work.Items {
		for _, u := range item.Units {
			if d, ok := u.(execute.Deferrable); ok && reason != "" {
				d.Defer(reason)
			} else {
				u.GiveUp(message)
			}
		}
	}
}

// apart is for a group that the database took offence at: each job goes alone. Where that is one unit, it is the
// culprit and fails with the reason; of several, all are kept to be run later, one by one.
func (w *Writer) apart(jobs []*pending, cause error) {
	if len(jobs) > 1 {
		w.oneByOne(jobs)
		return
	}
	p := jobs[0]
	w.log.Warn("the database refused what was written", "units", p.units, "error", cause)
	if p.gaveUp || p.units == 0 { // it is not the units
		f := fault.New(fault.Invalid, "The database refused this.")
		f.Cause = cause
		p.fail(f)
		return
	}
	p.gaveUp = true
	message := "The database refused what was written: " + cause.Error()
	if p.units > 1 {
		p.giveUp(pipeline.ReasonBehind, message)
	} else {
		p.giveUp("", message)
	}
	w.group(jobs)
}

// attempt is one transaction: all of the jobs, or none; it may take so many numbers for ids.
func (w *Writer) attempt(jobs []*pending, extra *record.Need, ids int) error {
	need := &record.Need{}
	need.Add(extra)
	numbers := 0
	for _, p := range jobs {
		need.Add(&p.need)
		numbers += p.numbers
	}
	need.Normalize()
	ctx := context.Background() // a group that has begun is brought to its end
	g, err := w.engine.Begin(ctx, numbers+ids, need)
	if err != nil {
		return err
	}
	defer g.Rollback()
	for _, p := range jobs {
		if p.epoch < g.Epoch() {
			return &newEpoch{g.Epoch()}
		}
	}
	first := g.FirstNumber() + int64(numbers)
	a := &attempt{jobs: jobs, ids: block{next: first, end: first + int64(ids)}, number: g.FirstNumber(), loaded: g.Loaded(), writer: w}
	a.stage = record.NewStage(w.clock(), a.ids.take, need, a.loaded)
	if err = a.runAll(); err != nil {
		return err
	}
	err = g.Apply(ctx, a.writes)
	if errors.Is(err, ErrUnknown) {
		w.log.Warn("the reply to a COMMIT was lost", "error", err)
		done, asked := w.engine.Committed(ctx, a.writes.Token)
		switch {
		case asked != nil: // it may be there: whoever tries again must be one who knows that
			f := fault.New(fault.Unavailable, "The database did not say whether this was kept. Look, or send it again.")
			f.RetryAfter, f.Cause = retryAfter, errors.Join(asked, err)
			return f
		case !done:
			return fmt.Errorf("%w: %w", ErrRepeat, err)
		}
		err = nil
	}
	if err == nil {
		w.signal(a.writes)
	}
	return err
}

// signal tells the queue that there is something for it.
func (w *Writer) signal(writes *Writes) {
	for _, all := range [][]*pipeline.Execution{writes.Executions, writes.Rerun} {
		for _, e := range all { // again, since the queue may have looked before they could be seen
			w.holdBack(e)
		}
	}
	news := slices.ContainsFunc(writes.Executions, func(e *pipeline.Execution) bool { return e.Status == run.Waiting }) ||
		slices.ContainsFunc(writes.Rerun, func(e *pipeline.Execution) bool { return e.Reason == pipeline.ReasonEnriching })
	if news {
		select {
		case w.waiting <- struct{}{}:
		default:
		}
	}
}

// attempt is what one try works on. When the watchdog trips it is left to the unit that hangs and never looked at again;
// should that unit go on one day, it finds itself alone and touches none of the jobs, which others work on by then.
type attempt struct {
	writer *Writer
	jobs   []*pending
	ids    block
	number int64
	loaded *record.Loaded
	stage  *record.Stage
	writes *Writes

	present atomic.Pointer[pending] // whose unit is running; nil: none, or the watchdog has tripped
	since   atomic.Int64            // nanoseconds of its start
}

// errLeft ends a run that nobody waits for any more.
var errLeft = errors.New("the watchdog has tripped")

// runAll runs all units in order and collects what they leave, beside a watchdog.
func (a *attempt) runAll() error {
	ended := make(chan error, 1)
	go func() { ended <- a.run() }()
	ticker := time.NewTicker(a.writer.Watchdog / 4)
	defer ticker.Stop()
	for {
		select {
		case err := <-ended:
			return err
		case <-ticker.C:
			slow := a.present.Load()
			if slow != nil && time.Since(time.Unix(0, a.since.Load())) > a.writer.Watchdog && a.present.CompareAndSwap(slow, nil) {
				return &tripped{slow}
			}
		}
	}
}

func (a *attempt) run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = recovered(r)
		}
	}()
	a.writes = &Writes{Token: a.ids.take(), Now: a.stage.Now()}
	seen := map[record.EventKey]record.Event{} // in this group
	var missing *record.NotLoaded              // the last one names what all have missed
	for _, p := range a.jobs {
		p.begin(a.draw, a.ids.take)
		for i := range p.done {
			if p.fresh[i] && a.isRepeat(&p.done[i], seen) {
				continue
			}
			for _, u := range p.done[i].Units {
				a.since.Store(time.Now().UnixNano())
				a.present.Store(p)
				a.keepOrder(u)
				err := a.unit(u)
				if !a.present.CompareAndSwap(p, nil) {
					return errLeft
				}
				if errors.As(err, &missing) {
					continue // let the others say what they miss, so that one more try is enough for all
				}
				if err != nil {
					return err
				}
				a.writer.holdBack(u.Outcome().Execution)
			}
			if d := p.done[i].Delivery; p.fresh[i] && d.EventID != "" && !isRefused(p.done[i].Units) {
				seen[eventKey(d)] = record.Event{Delivery: d.Number, Body: d.Body}
			}
		}
		if missing == nil {
			p.collect(a.writes)
		}
	}
	if missing != nil {
		return missing
	}
	if err := a.stage.Missing(); err != nil {
		return err
	}
	slices.Sort(a.writes.Moved)
	a.writes.Moved = slices.Compact(a.writes.Moved)
	a.writes.Changes = *a.stage.Changes()
	return nil
}

func (a *attempt) draw() int64 {
	a.number++
	return a.number - 1
}

func eventKey(d *pipeline.Delivery) record.EventKey {
	return record.EventKey{ProviderID: d.ProviderID, Door: d.Door, SourceID: d.SourceID, EventID: d.EventID}
}

// isRepeat finds out whether the item's event is there already; its delivery then gets the number of the first.
func (a *attempt) isRepeat(d *Done, seen map[record.EventKey]record.Event) bool {
	if d.Delivery.EventID == "" {
		return false
	}
	key := eventKey(d.Delivery)
	first, ok := a.loaded.Events[key]
	if !ok {
		first, ok = seen[key]
	}
	if ok {
		d.Repeat, d.Differs, d.Delivery.Number = true, !saysTheSame(first.Body, d.Delivery.Body), first.Delivery
	}
	return ok
}

// saysTheSame looks past the layout of two bodies and the order of keys.
func saysTheSame(x, y []byte) bool {
	if bytes.Equal(x, y) {
		return true
	}
	limits := value.Limits{Bytes: max(len(x), len(y)) + 1}
	a, wrongA := value.ParseJSON(x, limits)
	b, wrongB := value.ParseJSON(y, limits)
	return wrongA == nil && wrongB == nil && a.Equal(b)
}

// isRefused: nothing is kept of an item one of whose units was refused, so its event may come again.
func isRefused(units []execute.Unit) bool {
	return slices.ContainsFunc(units, func(u execute.Unit) bool { return u.Outcome().Refused != nil })
}

// keepOrder keeps a unit for later where something waits in its lane that came before it.
func (a *attempt) keepOrder(u execute.Unit) {
	if !a.writer.lanes.any.Load() {
		return
	}
	if o, ok := u.(execute.Ordered); ok {
		if lane, has := o.Lane(); has && a.writer.lanes.has(lane) {
			o.Defer(pipeline.ReasonBehind)
		}
	}
}

// holdBack notes the lane of a unit that was left waiting.
func (w *Writer) holdBack(e *pipeline.Execution) {
	if e != nil && e.Status == run.Waiting && e.Kind == pipeline.Live && e.Reason.HoldsBack() {
		w.lanes.add(e.Lane())
	}
}

// unit runs one. A unit that breaks is parked or failed; the others go on.
func (a *attempt) unit(u execute.Unit) error {
	err := a.guarded(u)
	var again *record.NotLoaded
	if err == nil || errors.As(err, &again) || errors.Is(err, errExhausted) {
		return err
	}
	a.writer.log.Error("a unit broke", "error", err)
	if d, ok := u.(execute.Deferrable); ok {
		d.Defer(pipeline.ReasonParked)
	} else {
		u.GiveUp("Something went wrong on our side.")
	}
	return a.guarded(u)
}

// guarded runs a unit, makes an error of its panic and leaves the stage as it was before.
func (a *attempt) guarded(u execute.Unit) (err error) {
	depth := a.stage.Depth()
	defer func() {
		if r := recover(); r != nil {
			a.stage.Unwind(depth)
			err = recovered(r)
		}
	}()
	return u.Run(a.stage)
}

func recovered(r any) error {
	if cause, ok := r.(error); ok && errors.Is(cause, errExhausted) {
		return cause
	}
	return fmt.Errorf("panic: %v\n%s", r, debug.Stack())
}

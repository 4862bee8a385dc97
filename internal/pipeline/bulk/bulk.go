// Package bulk does one thing to many: it runs executions again, or deliveries that no processor ran, ignores or links identities; those that somebody picked,
// or all that match a filter. An operation is kept in the database and done in parts, each of them a transaction or a group
// of the writer, so it goes on where it stopped when the server does. It never does what cannot be done to one alone.
//
//	running → done
//	        → cancelled (what was done by then stays)
package bulk

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
)

// Verb is what is done.
type Verb string

// The verbs. Replay is of executions, Run is of deliveries, the others are of identities.
const (
	Replay   Verb = "replay"
	Run      Verb = "run" // through the processors that have not run them
	Ignore   Verb = "ignore"
	Unignore Verb = "unignore"
	Link     Verb = "link"
	Unlink   Verb = "unlink"
	Restore  Verb = "restore" // the undo of an operation on identities: what was linked is linked again
)

// Runs says whether it is specs that are run, a part at a time; not identities that are changed one by one.
func (v Verb) Runs() bool { return v == Replay || v == Run }

// State of an operation.
type State string

// The states.
const (
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// Ask is what is to be done to what: to IDs, or else to all that match the filter of the verb's noun.
type Ask struct {
	IDs            []int64                  `json:"ids,omitempty"`
	Executions     pipeline.ExecutionFilter `json:"executions,omitzero"`
	Deliveries     pipeline.DeliveryFilter  `json:"deliveries,omitzero"`
	Identities     identity.Filter          `json:"identities,omitzero"`
	Until          int64                    `json:"until,omitempty"` // of a filter: nothing that was made later
	OverwriteNewer bool                     `json:"overwrite_newer,omitempty"`
	EntityID       string                   `json:"entity_id,omitempty"` // to link to
	Changes        []Change                 `json:"changes,omitempty"`   // to restore: those of IDs, in their order
}

// Change is what an operation made of an identity.
type Change struct {
	ID  int64           `json:"id"`
	Was identity.Triage `json:"was"`
	Is  identity.Triage `json:"is"`
}

// Problem is one thing that it could not be done to, or whose run failed.
type Problem struct {
	ID      int64  `json:"id"`
	Message string `json:"message" said:"ours"`
}

// Operation is one such thing on its way.
type Operation struct {
	ID        int64
	By        access.Principal
	Verb      Verb
	Ask       Ask
	Total     *int64 // nil: more than page.CountLimit
	At        int64  // of a filter: the last thing that was looked at; of ids: how many of them
	State     State
	Done      int64     // things it was done to, and that went well
	Failed    int64     // those it could not be done to, and runs that failed
	Problems  []Problem // the first
	Changed   []Change  // identities that it changed, as an undo needs them
	CreatedAt int64
	UpdatedAt int64
}

// Limits.
const (
	MaxIDs       = 10_000
	part         = 25 // things done between two looks at whether somebody has cancelled it
	mostProblems = 20
	mostLooks    = 20 // at parts of a list, for the first that match
	mostChanged  = MaxIDs
)

// Store keeps operations and finds what they are about.
type Store interface {
	identity.Store
	// AddOperation keeps one. Its number is the Until of what it asks: what is made later has a higher one.
	AddOperation(ctx context.Context, o Operation) (Operation, error)
	Operation(ctx context.Context, tenantID, id int64) (Operation, error)
	ListOperations(ctx context.Context, tenantID int64, r page.Request) (page.Page[Operation], error)
	// RunningOperations gives those that run, of all tenants, the oldest first.
	RunningOperations(ctx context.Context) ([]Operation, error)
	// SaveOperation stores how far one is, and says whether it still runs: somebody may have cancelled it.
	SaveOperation(ctx context.Context, o Operation) (bool, error)
	CancelOperation(ctx context.Context, tenantID, id int64) (Operation, error)
	ListExecutions(ctx context.Context, f pipeline.ExecutionFilter, r page.Request) (page.Page[pipeline.ExecutionLine], error)
	// ExecutionNumbers gives executions of a filter after one, in order; last is where to go on, 0 at the end.
	ExecutionNumbers(ctx context.Context, f pipeline.ExecutionFilter, after int64, limit int) (ids []int64, last int64, err error)
	ListDeliveries(ctx context.Context, f pipeline.DeliveryFilter, r page.Request) (page.Page[pipeline.DeliveryLine], error)
	// DeliveryNumbers is the same of deliveries, in the order of acceptance.
	DeliveryNumbers(ctx context.Context, f pipeline.DeliveryFilter, after int64, limit int) (ids []int64, last int64, err error)
	IdentityNumbers(ctx context.Context, f identity.Filter, after int64, limit int) (ids []int64, last int64, err error)
	// Claim runs fn while this node alone has the number; false: another has it.
	Claim(ctx context.Context, number int64, fn func() error) (bool, error)
}

// Runs runs what is stored; package queue does. It gives, in the order asked for, why each did not run, or what failed when
// it did; nil: it went well.
type Runs interface {
	Rerun(ctx context.Context, tenantID int64, executions []int64, overwriteNewer bool) ([]error, error)
	// RunStored runs deliveries through the processors of their sources that have not run them.
	RunStored(ctx context.Context, tenantID int64, deliveries []int64, overwriteNewer bool) ([]error, error)
}

// Desk takes operations and does them.
type Desk struct {
	Store Store
	Runs  Runs
	Log   *slog.Logger
	wake  chan struct{}
}

// New makes a Desk.
func New(store Store, runs Runs, log *slog.Logger) *Desk {
	return &Desk{Store: store, Runs: runs, Log: log, wake: make(chan struct{}, 1)}
}

// Preview says how many things an operation is about; nil: more than are counted.
func (d *Desk) Preview(ctx context.Context, o Operation) (*int64, error) {
	if len(o.Ask.IDs) > 0 {
		n := int64(len(o.Ask.IDs))
		return &n, nil
	}
	r := page.Request{Size: 1}
	switch o.Verb {
	case Replay:
		p, err := d.Store.ListExecutions(ctx, o.Ask.Executions, r)
		return p.Total, err
	case Run:
		p, err := d.Store.ListDeliveries(ctx, o.Ask.Deliveries, r)
		return p.Total, err
	default:
		p, err := d.Store.ListIdentities(ctx, o.Ask.Identities, r)
		return p.Total, err
	}
}

// Begin keeps an operation; it is done from now on.
func (d *Desk) Begin(ctx context.Context, o Operation) (Operation, error) {
	if len(o.Ask.IDs) > MaxIDs {
		return o, fault.New(fault.Invalid, "At most %d are picked one by one; use a filter for more.", MaxIDs)
	}
	if o.Verb == Link {
		k, known := identity.KindOf(o.Ask.Identities.Kind)
		if len(o.Ask.IDs) == 0 && !known {
			return o, fault.New(fault.Invalid, "Identities that match a filter are linked where that names their kind.")
		}
		if o.Ask.EntityID == "" {
			return o, fault.New(fault.Invalid, "Nothing was linked.").With(fault.Detail{Field: "entity_id", Code: "missing", Message: "Say what they are linked to."})
		}
		if known {
			if _, err := id.Parse(k.Prefix, o.Ask.EntityID); err != nil {
				return o, fault.New(fault.Invalid, "Nothing was linked.").With(fault.Detail{Field: "entity_id", Code: "bad_id", Message: "“" + o.Ask.EntityID + "” is no id of a " + k.Noun + "."})
			}
		}
	}
	var err error
	if o.Total, err = d.Preview(ctx, o); err != nil {
		return o, err
	}
	o.State = Running
	if o, err = d.Store.AddOperation(ctx, o); err != nil {
		return o, err
	}
	select {
	case d.wake <- struct{}{}:
	default:
	}
	return o, nil
}

// Undo begins the operation that takes back what another did: each identity gets back what it was linked to before, and
// whether it was ignored. What somebody has changed since is left alone.
func (d *Desk) Undo(ctx context.Context, by access.Principal, number int64) (Operation, error) {
	was, err := d.Store.Operation(ctx, by.TenantID, number)
	if err != nil {
		return was, err
	}
	switch {
	case was.State == Running:
		return was, fault.New(fault.Conflict, "It is still being done. Cancel it first.")
	case was.Verb.Runs():
		return was, fault.New(fault.Conflict, "What was run again is undone run by run, from the trace of each.")
	case len(was.Changed) == 0:
		return was, fault.New(fault.Conflict, "It changed nothing, so there is nothing to undo.")
	}
	ask := Ask{Changes: was.Changed}
	for _, c := range was.Changed {
		ask.IDs = append(ask.IDs, c.ID)
	}
	return d.Begin(ctx, Operation{By: by, Verb: Restore, Ask: ask})
}

// look is how often a node looks whether another has left something undone; pause is how long it waits before it tries a
// part again that failed.
const (
	look  = 30 * time.Second
	pause = 2 * time.Second
)

// mostTries is how often a part is tried that fails by an error of ours; then it is told, and the rest goes on.
const mostTries = 3

// Run does operations until ctx ends: of each tenant the oldest, in turn, a part at a time.
func (d *Desk) Run(ctx context.Context) error {
	tries := map[int64]tried{} // by operation
	for {
		busy := d.round(ctx, tries)
		wait := look
		if len(tries) > 0 {
			wait = pause
		}
		if busy && ctx.Err() == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-d.wake:
		case <-time.After(wait):
		}
	}
}

// tried is how often the present part of an operation has failed, and when it was tried last.
type tried struct {
	times int
	at    time.Time
}

// round does a part of one operation of each tenant, and says whether there is more to do at once.
func (d *Desk) round(ctx context.Context, tries map[int64]tried) (busy bool) {
	running, err := d.Store.RunningOperations(ctx)
	if err != nil && ctx.Err() == nil {
		d.Log.WarnContext(ctx, "what is to be done to many could not be read; it is tried again", "error", err)
	}
	maps.DeleteFunc(tries, func(n int64, _ tried) bool { // somebody has cancelled it, or another node has ended it
		return err == nil && !slices.ContainsFunc(running, func(o Operation) bool { return o.ID == n })
	})
	served := map[int64]bool{}
	for _, o := range running {
		if served[o.By.TenantID] || ctx.Err() != nil {
			continue
		}
		served[o.By.TenantID] = true
		before := tries[o.ID]
		if before.times > 0 && time.Since(before.at) < pause {
			continue
		}
		more, err := d.step(ctx, o, before.times+1 >= mostTries)
		if err != nil {
			if more { // it went on before it failed
				before.times = 0
			}
			tries[o.ID] = tried{before.times + 1, time.Now()}
			if ctx.Err() == nil {
				d.Log.WarnContext(ctx, "a part of what is done to many failed; it is tried again", "operation", id.Format(id.Bulk, o.ID), "error", err)
			}
			continue
		}
		delete(tries, o.ID)
		busy = busy || more
	}
	return busy
}

// step does the next part of an operation, where no other node is at it, and says whether it got on. The last time that a
// part is tried, its things are told as failed; not where the database is away, which nothing is done to without.
func (d *Desk) step(ctx context.Context, o Operation, last bool) (more bool, err error) {
	_, err = d.Store.Claim(ctx, o.ID, func() (err error) {
		if o, err = d.Store.Operation(ctx, o.By.TenantID, o.ID); err != nil || o.State != Running {
			more = err == nil // of the same tenant there may be another one
			return err
		}
		ids, next, err := d.next(ctx, o)
		if err != nil {
			return err
		}
		done, failed := d.part(ctx, &o, ids)
		if failed != nil && last && ctx.Err() == nil && !fault.Is(failed, fault.Unavailable) {
			d.Log.ErrorContext(ctx, "a part of what is done to many failed for good", "operation", id.Format(id.Bulk, o.ID), "error", failed)
			hopeless := ids[done:]
			if !o.Verb.Runs() { // one after the other: the next one may go well
				hopeless = hopeless[:1]
			}
			for _, one := range hopeless {
				o.note(one, errOurs)
			}
			done, failed = done+len(hopeless), nil
		}
		if done < len(ids) {
			next = o.after(ids, done)
		}
		if o.At = next; next == 0 && done == len(ids) {
			o.State = Done
		}
		_, err = d.Store.SaveOperation(ctx, o)
		more = failed == nil || done > 0
		return errors.Join(failed, err)
	})
	return more, err
}

// after is where the next part begins when so many of this one are done.
func (o *Operation) after(ids []int64, done int) int64 {
	switch {
	case done == 0:
		return o.At
	case len(o.Ask.IDs) > 0:
		return o.At + int64(done)
	default:
		return ids[done-1]
	}
}

var errOurs = fault.New(fault.Internal, "It failed several times by an error of the server, which its log tells. Nothing of it was changed here; try it again later.")

// next gives the things of the next part, and where the one after that begins; 0: there is none.
func (d *Desk) next(ctx context.Context, o Operation) (ids []int64, next int64, err error) {
	if all := o.Ask.IDs; len(all) > 0 {
		from := min(int(o.At), len(all))
		to := min(from+part, len(all))
		if to < len(all) {
			next = int64(to)
		}
		return all[from:to], next, nil
	}
	return d.matching(ctx, o, part)
}

// matching gives what matches the filter after At, and where to go on; 0: there is no more.
func (d *Desk) matching(ctx context.Context, o Operation, limit int) (ids []int64, next int64, err error) {
	switch o.Verb {
	case Replay:
		f := o.Ask.Executions
		f.TenantID, f.Until = o.By.TenantID, o.Ask.Until
		return d.Store.ExecutionNumbers(ctx, f, o.At, limit)
	case Run:
		f := o.Ask.Deliveries
		f.TenantID, f.Until = o.By.TenantID, o.Ask.Until
		return d.Store.DeliveryNumbers(ctx, f, o.At, limit)
	default:
		f := o.Ask.Identities
		f.TenantID, f.Until = o.By.TenantID, o.Ask.Until
		return d.Store.IdentityNumbers(ctx, f, o.At, limit)
	}
}

// First gives the first things that an operation is about, at most so many of them; fewer where those that match lie far
// apart.
func (d *Desk) First(ctx context.Context, o Operation, most int) (ids []int64, err error) {
	if all := o.Ask.IDs; len(all) > 0 {
		return all[:min(most, len(all))], nil
	}
	for range mostLooks {
		some, next, err := d.matching(ctx, o, most-len(ids))
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
		if o.At = next; next == 0 || len(ids) >= most {
			break
		}
	}
	return ids, nil
}

// part does one part and says how many things of it are dealt with. What cannot be done to one thing is noted and does not
// hold up the others; an error of ours ends the part.
func (d *Desk) part(ctx context.Context, o *Operation, ids []int64) (done int, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	if o.Verb.Runs() {
		again := d.Runs.Rerun
		if o.Verb == Run {
			again = d.Runs.RunStored
		}
		all, err := again(ctx, o.By.TenantID, ids, o.Ask.OverwriteNewer)
		if err != nil {
			return 0, err
		}
		for i, refused := range all {
			o.note(ids[i], refused)
		}
		return len(ids), nil
	}
	for i, one := range ids {
		change, err := d.one(ctx, *o, one, i)
		if fault.Ours(err) {
			return i, err
		}
		o.note(one, err)
		if err == nil && change.Was != change.Is && len(o.Changed) < mostChanged {
			o.Changed = append(o.Changed, change)
		}
	}
	return len(ids), nil
}

// one does it to one identity, the i-th of its part, and says what came of that.
func (d *Desk) one(ctx context.Context, o Operation, number int64, i int) (Change, error) {
	was, err := d.Store.Identity(ctx, o.By.TenantID, number)
	if err != nil {
		return Change{}, err
	}
	var now identity.Identity
	switch o.Verb {
	case Ignore, Unignore:
		now, err = identity.Ignore(ctx, d.Store, o.By, number, o.Verb == Ignore)
	case Link:
		now, err = identity.Link(ctx, d.Store, o.By, number, o.Ask.EntityID)
	case Unlink:
		now, err = identity.Unlink(ctx, d.Store, o.By, number)
	case Restore:
		back := o.Ask.Changes[int(o.At)+i]
		now, err = identity.Restore(ctx, d.Store, o.By, number, identity.Back{Was: back.Was, Is: back.Is})
	default:
		return Change{}, fault.New(fault.Invalid, "%q is nothing that is done to identities.", string(o.Verb))
	}
	return Change{number, was.Triage(), now.Triage()}, err
}

// note counts what became of one thing.
func (o *Operation) note(number int64, err error) {
	if err == nil {
		o.Done++
		return
	}
	o.Failed++
	if len(o.Problems) < mostProblems && !slices.ContainsFunc(o.Problems, func(p Problem) bool { return p.ID == number }) {
		o.Problems = append(o.Problems, Problem{ID: number, Message: fault.Of(err).Message})
	}
}

// Undoable says whether Undo would begin something.
func (o Operation) Undoable() bool {
	return o.State != Running && !o.Verb.Runs() && len(o.Changed) > 0
}

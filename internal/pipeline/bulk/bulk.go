// Package bulk does one thing to many: it runs executions again, ignores or links identities; those that somebody picked,
// or all that match a filter. An operation is kept in the database and done in parts, each of them a transaction or a group
// of the writer, so it goes on where it stopped when the server does. It never does what cannot be done to one alone.
//
//	running → done
//	        → cancelled (what was done by then stays)
package bulk

import (
	"context"
	"log/slog"
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

// The verbs. Replay is of executions, the others are of identities.
const (
	Replay   Verb = "replay"
	Ignore   Verb = "ignore"
	Unignore Verb = "unignore"
	Link     Verb = "link"
	Unlink   Verb = "unlink"
)

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
	Identities     identity.Filter          `json:"identities,omitzero"`
	Until          int64                    `json:"until,omitempty"` // of a filter: nothing that was made later
	OverwriteNewer bool                     `json:"overwrite_newer,omitempty"`
	EntityID       string                   `json:"entity_id,omitempty"` // to link to
}

// Problem is one thing that it could not be done to.
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
	Done      int64 // things it was done to
	Failed    int64
	Problems  []Problem // the first
	Changed   []int64   // things that it changed, as far as an undo needs them
	CreatedAt int64
	UpdatedAt int64
}

// Limits.
const (
	MaxIDs       = 10_000
	part         = 25 // things done between two looks at whether somebody has cancelled it
	mostProblems = 20
	mostChanged  = MaxIDs
)

// Store keeps operations and finds what they are about.
type Store interface {
	identity.Store
	// AddOperation keeps one. Its number is the Until of what it asks: what is made later has a higher one.
	AddOperation(ctx context.Context, o Operation) (Operation, error)
	Operation(ctx context.Context, tenantID, id int64) (Operation, error)
	ListOperations(ctx context.Context, tenantID int64, r page.Request) (page.Page[Operation], error)
	// RunningOperations gives the ids of those that run, of all tenants, the oldest first.
	RunningOperations(ctx context.Context) ([]Operation, error)
	// SaveOperation stores how far one is, and says whether it still runs: somebody may have cancelled it.
	SaveOperation(ctx context.Context, o Operation) (bool, error)
	CancelOperation(ctx context.Context, tenantID, id int64) (Operation, error)
	ListExecutions(ctx context.Context, f pipeline.ExecutionFilter, r page.Request) (page.Page[pipeline.ExecutionLine], error)
	// ExecutionNumbers gives executions of a filter after one, in order; last is where to go on, 0 at the end.
	ExecutionNumbers(ctx context.Context, f pipeline.ExecutionFilter, after int64, limit int) (ids []int64, last int64, err error)
	IdentityNumbers(ctx context.Context, f identity.Filter, after int64, limit int) (ids []int64, last int64, err error)
	// Claim runs fn while this node alone has the number; false: another has it.
	Claim(ctx context.Context, number int64, fn func() error) (bool, error)
}

// Runs runs executions again; package queue does. It gives, in the order asked for, why each did not run; nil: it did.
type Runs interface {
	Rerun(ctx context.Context, tenantID int64, executions []int64, overwriteNewer bool) ([]error, error)
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
	if o.Verb == Replay {
		p, err := d.Store.ListExecutions(ctx, o.Ask.Executions, r)
		return p.Total, err
	}
	p, err := d.Store.ListIdentities(ctx, o.Ask.Identities, r)
	return p.Total, err
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

// reverse of a verb; those that have none cannot be undone as a whole.
var reverse = map[Verb]Verb{Ignore: Unignore, Unignore: Ignore, Link: Unlink}

// Undo begins the operation that takes back what another did.
func (d *Desk) Undo(ctx context.Context, by access.Principal, number int64) (Operation, error) {
	was, err := d.Store.Operation(ctx, by.TenantID, number)
	if err != nil {
		return was, err
	}
	verb, known := reverse[was.Verb]
	switch {
	case was.State == Running:
		return was, fault.New(fault.Conflict, "It is still being done. Cancel it first.")
	case !known:
		return was, fault.New(fault.Conflict, "What was run again is undone run by run, from the trace of each.")
	case len(was.Changed) == 0:
		return was, fault.New(fault.Conflict, "It changed nothing, so there is nothing to undo.")
	}
	return d.Begin(ctx, Operation{By: by, Verb: verb, Ask: Ask{IDs: was.Changed}})
}

// look is how often a node looks whether another has left something undone.
const look = 30 * time.Second

// Run does operations until ctx ends.
func (d *Desk) Run(ctx context.Context) error {
	for {
		running, err := d.Store.RunningOperations(ctx)
		if err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "what is to be done to many could not be read; it is tried again", "error", err)
		}
		for _, o := range running {
			if err := d.do(ctx, o); err != nil && ctx.Err() == nil {
				d.Log.WarnContext(ctx, "an operation on many things was interrupted; it goes on", "operation", id.Format(id.Bulk, o.ID), "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-d.wake:
		case <-time.After(look):
		}
	}
}

// do does one operation, part after part.
func (d *Desk) do(ctx context.Context, o Operation) error {
	for more := true; more && ctx.Err() == nil; {
		claimed, err := d.Store.Claim(ctx, o.ID, func() (err error) {
			if o, err = d.Store.Operation(ctx, o.By.TenantID, o.ID); err != nil || o.State != Running {
				more = false
				return err
			}
			ids, next, err := d.next(ctx, o)
			if err != nil {
				return err
			}
			if err := d.part(ctx, &o, ids); err != nil {
				return err
			}
			if o.At = next; next == 0 {
				o.State = Done
			}
			running, err := d.Store.SaveOperation(ctx, o)
			more = running && o.State == Running
			return err
		})
		if err != nil || !claimed {
			return err
		}
	}
	return nil
}

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
	if o.Verb == Replay {
		f := o.Ask.Executions
		f.TenantID, f.Until = o.By.TenantID, o.Ask.Until
		return d.Store.ExecutionNumbers(ctx, f, o.At, part)
	}
	f := o.Ask.Identities
	f.TenantID, f.Until = o.By.TenantID, o.Ask.Until
	return d.Store.IdentityNumbers(ctx, f, o.At, part)
}

// part does one part. What cannot be done to one thing is noted and does not hold up the others; that the database does not
// answer ends the part, which is done again then.
func (d *Desk) part(ctx context.Context, o *Operation, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	if o.Verb == Replay {
		all, err := d.Runs.Rerun(ctx, o.By.TenantID, ids, o.Ask.OverwriteNewer)
		if err != nil {
			return err
		}
		for i, refused := range all {
			o.note(ids[i], refused)
		}
		return nil
	}
	for _, one := range ids {
		changed, err := d.one(ctx, *o, one)
		if f := fault.Of(err); err != nil && (f.Kind == fault.Internal || f.Kind == fault.Unavailable) {
			return err
		}
		o.note(one, err)
		if err == nil && changed && len(o.Changed) < mostChanged {
			o.Changed = append(o.Changed, one)
		}
	}
	return nil
}

// one does it to one identity and says whether that made a difference.
func (d *Desk) one(ctx context.Context, o Operation, number int64) (changed bool, err error) {
	was, err := d.Store.Identity(ctx, o.By.TenantID, number)
	if err != nil {
		return false, err
	}
	var now identity.Identity
	switch o.Verb {
	case Ignore, Unignore:
		now, err = identity.Ignore(ctx, d.Store, o.By, number, o.Verb == Ignore)
	case Link:
		now, err = identity.Link(ctx, d.Store, o.By, number, o.Ask.EntityID)
	case Unlink:
		now, err = identity.Unlink(ctx, d.Store, o.By, number)
	default:
		return false, fault.New(fault.Invalid, "%q is nothing that is done to identities.", string(o.Verb))
	}
	return err == nil && (now.Ignored != was.Ignored || now.EntityID != was.EntityID), err
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
	return o.State != Running && reverse[o.Verb] != "" && len(o.Changed) > 0
}

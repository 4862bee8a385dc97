// Package undo takes back what one execution, one call of a fixed webhook, or all executions of a spec version wrote, shows
// beforehand what that would be, and undoes an undo; and it takes away locks. It finds out what was written: an execution from its recomputed trace, a call from its body.
// What then becomes of each thing is decided by package record, and only the one writer writes it.
//
//	find what was run ─▶ what it touched ─▶ preview on a snapshot ─▶ unit ─▶ writer
//	                                             └▶ nothing is written
package undo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/fixed"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Store is what is read.
type Store interface {
	explain.Store
	Call(ctx context.Context, tenantID, id int64) (pipeline.CallLine, error)
	ListExecutions(ctx context.Context, f pipeline.ExecutionFilter, r page.Request) (page.Page[pipeline.ExecutionLine], error)
	Record(ctx context.Context, tenantID int64, k *record.Kind, id int64) (*record.Row, error)
	Processor(ctx context.Context, tenantID, id int64) (processor.Processor, error)
	ListDeliveries(ctx context.Context, f pipeline.DeliveryFilter, r page.Request) (page.Page[pipeline.DeliveryLine], error)
	// Undone gives the execution or call whose writes an undo took back, or put back.
	Undone(ctx context.Context, tenantID, undo int64) (record.Thing, error)
	// Snapshot runs fn on one moment of the database.
	Snapshot(ctx context.Context, fn func(record.Snapshot) error) error
	Now() int64
}

// Desk takes undos. Its methods may be called by many goroutines.
type Desk struct {
	Store   Store
	Library *library.Library
	Writer  *commit.Writer
}

// Ask says who wants what: only to see it, or for good; to undo, or to undo the newest undo.
type Ask struct {
	By      access.Principal
	ID      int64 // of the execution or call
	Preview bool
	Redo    bool
	Undo    int64      // with Redo: the undo to take back; 0: the newest
	Only    record.Key // of a record: what it wrote to others stays; not of a redo
}

// Execution takes back what an execution wrote.
func (d *Desk) Execution(ctx context.Context, a Ask) (*record.UndoResult, error) {
	e, err := d.Store.Execution(ctx, a.By.TenantID, a.ID)
	if err != nil {
		return nil, err
	}
	if e.Status == run.Waiting {
		return nil, fault.New(fault.Conflict, "Execution %s has not run yet: there is nothing to undo.", id.Format(id.Execution, e.ID))
	}
	moved, err := d.moved(ctx, e.ProcessorID)
	if err != nil {
		return nil, err
	}
	u := undoOf(&e.Execution)
	if !a.Redo {
		if u.Touched, err = d.touched(ctx, e, moved); err != nil {
			return nil, err
		}
		a.narrow(u)
	}
	return d.do(ctx, a, e.DeliveryID, u, moved)
}

// Call takes back what a call of a fixed webhook wrote.
func (d *Desk) Call(ctx context.Context, a Ask) (*record.UndoResult, error) {
	call, err := d.Store.Call(ctx, a.By.TenantID, a.ID)
	if err != nil {
		return nil, err
	}
	if call.SourceID != 0 {
		return nil, fault.New(fault.Conflict, "Call %s came in at a source: what it brought was written by executions. Undo those.", id.Format(id.SourceExecution, a.ID))
	}
	p, err := d.Store.ListDeliveries(ctx, pipeline.DeliveryFilter{TenantID: a.By.TenantID, SourceExecutionID: a.ID}, page.Request{Size: 1})
	if err != nil {
		return nil, err
	}
	if len(p.Items) == 0 {
		return nil, fault.New(fault.Conflict, "Call %s was refused: nothing of it was kept, and there is nothing to undo.", id.Format(id.SourceExecution, a.ID))
	}
	delivery, err := d.Store.Delivery(ctx, a.By.TenantID, p.Items[0].Number)
	if err != nil {
		return nil, err
	}
	u := &record.Undo{
		Of: record.Subject{Delivery: delivery.Number}, Wrote: record.Mark{Number: delivery.Number},
		About: record.Thing{Noun: record.CallNoun, ID: a.ID},
	}
	if !a.Redo {
		if u.Touched, err = named(call.Door, &delivery.Delivery); err != nil {
			return nil, err
		}
		a.narrow(u)
	}
	return d.do(ctx, a, delivery.Number, u, nil)
}

// narrow leaves alone what was not asked for.
func (a Ask) narrow(u *record.Undo) {
	if a.Only != (record.Key{}) {
		u.Touched = slices.DeleteFunc(u.Touched, func(t record.Touched) bool { return t.Key != a.Only })
	}
}

// Change takes back what the run or call that made a change of a record wrote to that record, whatever it wrote to others. Of
// a change that an undo made, it takes back that undo, with all that this did.
func (d *Desk) Change(ctx context.Context, a Ask, by record.Maker) (*record.UndoResult, error) {
	switch {
	case by.Redoes != 0 && by.Undo != 0:
		return nil, fault.New(fault.Conflict, "This change took an undo back. Undo the change of the run or call itself.")
	case by.Rekey != 0:
		return nil, fault.New(fault.Conflict, "This change gave the record another external id. It is taken back with its re-key, for all records at once.")
	case by.Execution != 0:
		a.ID, a.Redo, a.Undo = by.Execution, by.Undo != 0, by.Undo
		return d.Execution(ctx, a)
	case by.Delivery != 0:
		delivery, err := d.Store.Delivery(ctx, a.By.TenantID, by.Delivery)
		if err != nil {
			return nil, err
		}
		a.ID, a.Redo, a.Undo = delivery.SourceExecutionID, by.Undo != 0, by.Undo
		return d.Call(ctx, a)
	default:
		return nil, fault.New(fault.Conflict, "This change was made by hand, by a person or a client of the API. Change the record back there.")
	}
}

// undoOf is the undo of an execution, without what that touched.
func undoOf(e *pipeline.Execution) *record.Undo {
	return &record.Undo{
		Of: record.Subject{Execution: e.ID}, Wrote: record.Mark{Number: e.Number, Position: int32(e.Position)},
		About: record.Thing{Noun: record.ExecutionNoun, ID: e.ID},
	}
}

// maker is who a change is by.
func maker(by access.Principal) record.Maker {
	if by.UserID == 0 {
		return record.Maker{Origin: record.FromClient, OriginID: by.KeyID}
	}
	return record.Maker{Origin: record.FromUser, OriginID: by.UserID}
}

// do previews an undo and, unless that was all, hands it to the writer.
func (d *Desk) do(ctx context.Context, a Ask, delivery int64, u *record.Undo, moved map[int64][]record.Key) (*record.UndoResult, error) {
	u.TenantID, u.By = a.By.TenantID, maker(a.By)
	unit := &execute.Undo{Undos: []*record.Undo{u}}
	var preview []*record.UndoResult
	err := d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		if a.Redo {
			if err := again(at, u, a.Undo, moved); err != nil {
				return err
			}
		}
		var err error
		preview, err = unit.Preview(at, d.Store.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	if a.Preview || preview[0].Number == 0 {
		preview[0].Number = 0
		return preview[0], nil
	}
	results, err := d.take(ctx, delivery, unit)
	if err != nil {
		return nil, err
	}
	return results[0], nil
}

// take hands undos that were previewed to the writer.
func (d *Desk) take(ctx context.Context, delivery int64, u *execute.Undo) ([]*record.UndoResult, error) {
	u.Past = past{context.WithoutCancel(ctx), d.Store}
	if err := d.submit(ctx, delivery, u); err != nil {
		return nil, err
	}
	return u.Results(), nil
}

// submit hands a unit to the writer, beside a delivery that stays as it is.
func (d *Desk) submit(ctx context.Context, delivery int64, u execute.Unit) error {
	done, err := d.Writer.Submit(ctx, commit.Job{Plan: func(*plan.Picture) (*commit.Work, error) {
		return &commit.Work{Items: []commit.Item{{Delivery: &pipeline.Delivery{Number: delivery}, Units: []execute.Unit{u}}}}, nil
	}})
	if err != nil {
		return err
	}
	if refused := done.Items[0].Refused; refused != nil {
		return refused
	}
	return nil
}

// again makes u the undo of an undo; 0: of the newest.
func again(at record.Snapshot, u *record.Undo, number int64, moved map[int64][]record.Key) error {
	journal, err := at.Journal([]record.Thing{u.About})
	if err != nil {
		return err
	}
	standing, err := record.StandingUndos(journal[u.About])
	if err != nil {
		return err
	}
	place := 0
	if number != 0 {
		place = slices.IndexFunc(standing, func(p record.PastUndo) bool { return p.By.Undo == number })
	}
	switch {
	case place < 0 && !slices.ContainsFunc(journal[u.About], func(e record.Entry) bool {
		by, err := record.ReadMaker(e.MadeBy)
		return err == nil && by.Undo == number && by.Redoes == 0
	}):
		return fault.New(fault.Conflict, "This is no undo of this run or call. Name one of its own, or none for the newest.")
	case place < 0:
		return fault.New(fault.Conflict, "This undo was taken back already.")
	case len(standing) == 0:
		return fault.New(fault.Conflict, "There is no undo of this to take back.")
	}
	redo(u, standing[place], moved)
	return nil
}

// redo makes u the undo of an undo, whatever re-keys have called since what that touched.
func redo(u *record.Undo, last record.PastUndo, moved map[int64][]record.Key) {
	u.Of, u.Touched, u.Wrote = record.Subject{Undo: last.By.Undo}, last.Touched, record.Mark{}
	for _, t := range last.Touched {
		for _, name := range moved[t.ID] {
			if !slices.ContainsFunc(u.Touched, func(o record.Touched) bool { return o.Key == name }) {
				u.Touched = append(u.Touched, record.Touched{Key: name})
			}
		}
	}
}

// touched gives the keys of all that an execution may have written, from its trace and the other names of things.
func (d *Desk) touched(ctx context.Context, e pipeline.ExecutionLine, moved map[int64][]record.Key) ([]record.Touched, error) {
	if e.Status == run.Failed {
		return nil, nil
	}
	x, err := explain.Recompute(ctx, d.Store, d.Library, e)
	if err != nil {
		return nil, err
	}
	if x.Ran == nil {
		return nil, fault.New(fault.Conflict, "What this execution wrote can no longer be told for sure, so it is not taken back. %s", x.Tree.Note)
	}
	delivery, err := d.Store.Delivery(ctx, e.TenantID, e.DeliveryID)
	if err != nil {
		return nil, err
	}
	k := &keys{provider: delivery.ProviderID, seen: map[record.Key]bool{}}
	k.steps(x.Ran.Steps)
	if err := d.confirmed(ctx, k); err != nil {
		return nil, err
	}
	for _, names := range moved {
		if slices.ContainsFunc(names, func(n record.Key) bool { return k.seen[n] }) {
			for _, n := range names {
				k.add(n.Noun, n.ExternalID)
			}
		}
	}
	return k.all, nil
}

// moved gives all keys that re-keys of a processor ever gave things or took from them, also those that were taken back
// since: a re-key leaves what a trace tells as it was.
func (d *Desk) moved(ctx context.Context, processorID int64) (names map[int64][]record.Key, err error) {
	about := record.Thing{Noun: record.ProcessorNoun, ID: processorID}
	err = d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		names = map[int64][]record.Key{}
		journal, err := at.Journal([]record.Thing{about})
		if err != nil {
			return err
		}
		moves, err := record.ReadMoves(journal[about])
		for _, m := range moves {
			names[m.ID] = append(names[m.ID], m.From, m.To)
		}
		return err
	})
	return names, err
}

// confirmed adds the records of the contacts that were followed up: what held already what was set is not in the trace,
// but its mark was moved.
func (d *Desk) confirmed(ctx context.Context, k *keys) error {
	if len(k.contacts) == 0 {
		return nil
	}
	need := &record.Need{Contacts: k.contacts}
	need.Normalize()
	return d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		loaded, err := at.Load(need)
		if err != nil {
			return err
		}
		for _, contact := range need.Contacts {
			for _, row := range loaded.Contacts[contact] {
				k.add(row.Key.Noun, row.Key.ExternalID)
			}
		}
		return nil
	})
}

// keys are what the steps of a trace wrote.
type keys struct {
	provider int64
	contacts []record.ContactKey // that were followed up
	seen     map[record.Key]bool
	all      []record.Touched
}

func (k *keys) steps(steps []*trace.Step) {
	for _, s := range steps {
		if s.Record != nil {
			k.add(s.Record.Noun, s.Record.ExternalID)
			if s.Record.ExternalID == "" && s.Record.ContactKey != "" {
				k.contacts = append(k.contacts, record.ContactKey{ProviderID: k.provider, Noun: s.Record.Noun, Contact: s.Record.ContactKey})
			}
			for _, other := range s.Record.Others {
				k.add(s.Record.Noun, other.ExternalID)
			}
		}
		for _, b := range s.Branches {
			k.steps(b.Steps)
		}
		for _, i := range s.Items {
			k.steps(i.Steps)
		}
	}
}

func (k *keys) add(noun, externalID string) {
	if record.KindOf(noun) == nil && !strings.HasSuffix(noun, record.IdentitySuffix) {
		noun += record.IdentitySuffix
	}
	key := record.Key{ProviderID: k.provider, Noun: noun, ExternalID: externalID}
	if externalID != "" && !k.seen[key] {
		k.seen[key] = true
		k.all = append(k.all, record.Touched{Key: key})
	}
}

// named gives the keys that the body of a call names. What the tenant has switched off since is read, too.
func named(door string, delivery *pipeline.Delivery) ([]record.Touched, error) {
	body, syntax := value.ParseJSON(delivery.Body, value.Limits{Bytes: len(delivery.Body) + 1})
	if syntax != nil {
		return nil, fmt.Errorf("delivery %d: %w", delivery.Number, syntax)
	}
	at := fixed.DoorOf(door)
	if at == nil {
		return nil, fmt.Errorf("there is no fixed webhook %q", door)
	}
	// A form was kept as the object it means, in text; what is no form does not mind being read as one.
	everything := &plan.Tenant{ID: delivery.TenantID, Zone: "UTC", Projects: true, UserCreation: true, AgentManagement: true}
	unit, refused := at.Read(everything, fixed.Body{Value: body})
	if refused != nil {
		if unit, refused = at.Read(everything, fixed.Body{Value: body, Form: true}); refused != nil {
			return nil, refused
		}
	}
	unit.Delivery = delivery
	var need record.Need
	unit.Need(&need)
	var all []record.Touched
	for _, key := range need.Keys {
		all = append(all, record.Touched{Key: key})
	}
	return all, nil
}

// past asks while a group is open, each time at the moment of the question.
type past struct {
	ctx   context.Context
	store Store
}

func (p past) Journal(things []record.Thing) (all map[record.Thing][]record.Entry, err error) {
	err = p.store.Snapshot(p.ctx, func(at record.Snapshot) error {
		all, err = at.Journal(things)
		return err
	})
	return all, err
}

func (p past) Keys(identities []int64) (keys map[int64]record.Key, err error) {
	err = p.store.Snapshot(p.ctx, func(at record.Snapshot) error {
		keys, err = at.Keys(identities)
		return err
	})
	return keys, err
}

func (p past) LastRun(tenant int64, mark record.Mark) (ran record.MarkedRun, err error) {
	err = p.store.Snapshot(p.ctx, func(at record.Snapshot) error {
		ran, err = at.LastRun(tenant, mark)
		return err
	})
	return ran, err
}

func (p past) References(tenant int64, things []record.Thing) (refer map[record.Thing]int, err error) {
	err = p.store.Snapshot(p.ctx, func(at record.Snapshot) error {
		refer, err = at.References(tenant, things)
		return err
	})
	return refer, err
}

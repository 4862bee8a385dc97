package undo

import (
	"cmp"
	"context"
	"slices"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Bounds of taking back what a version wrote. One call looks at so many executions at most and says where to go on, so
// whoever asks sees how far it is; one group of the writer takes back what so many did, or none of it. The doors wait for
// a group, so executions that touched many things make smaller ones; a preview keeps all of it at hand.
const (
	MostOfVersion    = 10_000
	DefaultOfVersion = 1_000
	inGroup          = 100
	thingsInGroup    = 2_000
	thingsInPreview  = 50_000
)

// AskVersion says which version's writes are to be taken back, or, with Redo, given again.
type AskVersion struct {
	By        access.Principal
	Processor int64
	Version   int
	Preview   bool
	Redo      bool
	Limit     int // executions to look at; 0: DefaultOfVersion
	// After goes on where an earlier call has stopped: the last execution that was looked at; 0: from the beginning.
	After int64
}

// OfVersion is what became of the executions of a version.
type OfVersion struct {
	Executions int      // that were looked at
	Done       int      // whose writes were taken back, or would be, at least in part
	Already    int      // that had been taken back before, or with Redo had not
	Failed     []Failed // that could not be
	Things     []record.Undone
	Next       int64 // the last execution that was looked at, where there are more; 0: there are none
	// StillRuns: the version is the current one of an enabled processor, so that new deliveries write again.
	StillRuns bool
}

// Failed is an execution whose writes could not be taken back.
type Failed struct {
	Execution int64
	Why       string
}

// Version takes back what the executions of one version of a spec wrote, the newest first, or, with Redo, takes back
// those undos, the oldest first. Each group is on disk before the next begins. A call that was cut off leaves what its
// groups have done; the next one finds that in the journal and goes on.
func (d *Desk) Version(ctx context.Context, a AskVersion) (*OfVersion, error) {
	p, err := d.Store.Processor(ctx, a.By.TenantID, a.Processor)
	if err != nil {
		return nil, err
	}
	if _, err := d.Store.SpecVersion(ctx, a.By.TenantID, a.Processor, a.Version); err != nil {
		return nil, err
	}
	a.Limit = min(cmp.Or(a.Limit, DefaultOfVersion), MostOfVersion)
	b := &bulk{Desk: d, ask: a, ctx: ctx, result: &OfVersion{StillRuns: p.Version == a.Version && p.State() == processor.Enabled}}
	size := inGroup
	if a.Preview { // all on one stage, or what one execution would set back stood in the way of the one before it
		size = a.Limit
	}
	for b.result.Executions < a.Limit {
		more, err := b.part(min(size, a.Limit-b.result.Executions))
		if err != nil {
			return nil, err
		}
		if !more {
			b.result.Next = 0
			break
		}
		if a.Preview {
			break
		}
	}
	b.result.Things = merged(b.result.Things)
	return b.result, nil
}

// bulk is one call under way.
type bulk struct {
	*Desk
	ask    AskVersion
	ctx    context.Context
	result *OfVersion
}

// part does the next executions and says whether there may be more.
func (b *bulk) part(n int) (more bool, err error) {
	lines, more, err := b.next(n)
	if err != nil || len(lines) == 0 {
		return false, err
	}
	undos, before, taken, err := b.undos(lines)
	if err != nil {
		return false, err
	}
	more = more || taken < len(lines)
	b.result.Executions += taken
	b.ask.After = lines[taken-1].ID
	b.result.Next = b.ask.After
	if len(undos) == 0 {
		return more, nil
	}
	unit := &execute.Undo{Undos: undos}
	var results []*record.UndoResult
	err = b.Store.Snapshot(b.ctx, func(at record.Snapshot) (err error) {
		results, err = unit.Preview(at, b.Store.Now())
		return err
	})
	if err != nil {
		return more, err
	}
	if !b.ask.Preview && slices.ContainsFunc(results, func(r *record.UndoResult) bool { return r.Number != 0 }) {
		if results, err = b.take(b.ctx, lines[0].DeliveryID, unit); err != nil {
			return more, err
		}
	}
	done := map[record.Thing]bool{}
	for i, r := range results {
		about := undos[i].About
		switch {
		case r.Number == 0 && before[about]: // all of it; what was left then is left now
			b.result.Already++
			continue
		case r.Number != 0 && !done[about]:
			done[about] = true
			b.result.Done++
		}
		b.result.Things = append(b.result.Things, r.Things...)
	}
	return more, nil
}

// next gives the executions of the version after b.ask.After, and whether there are more.
func (b *bulk) next(n int) (all []pipeline.ExecutionLine, more bool, err error) {
	r := page.Request{Size: n, Sort: "id", Desc: !b.ask.Redo}
	if b.ask.After != 0 {
		r.Cursor = &page.Cursor{Sort: r.Order(), ID: b.ask.After, Value: b.ask.After}
	}
	p, err := b.Store.ListExecutions(b.ctx, pipeline.ExecutionFilter{TenantID: b.ask.By.TenantID, ProcessorID: b.ask.Processor, Version: b.ask.Version, Whole: true}, r)
	return p.Items, p.Next != nil, err
}

// undos are those of the executions that have something to be taken back; taken is how many executions those are of: the
// others are for the next part. before are those of which an undo stands that may have been of one thing alone.
func (b *bulk) undos(lines []pipeline.ExecutionLine) (all []*record.Undo, before map[record.Thing]bool, taken int, err error) {
	abouts := make([]record.Thing, len(lines))
	for i, e := range lines {
		abouts[i] = record.Thing{Noun: record.ExecutionNoun, ID: e.ID}
	}
	var journal map[record.Thing][]record.Entry
	err = b.Store.Snapshot(b.ctx, func(at record.Snapshot) (err error) {
		journal, err = at.Journal(abouts)
		return err
	})
	if err != nil {
		return nil, nil, 0, err
	}
	moved, err := b.moved(b.ctx, b.ask.Processor) // once for all: there may be many
	if err != nil {
		return nil, nil, 0, err
	}
	before = map[record.Thing]bool{}
	things, most := 0, thingsInGroup
	if b.ask.Preview {
		most = thingsInPreview
	}
	for i := range lines {
		if things >= most {
			return all, before, i, nil
		}
		e := &lines[i]
		if e.Status == run.Waiting || e.Status == run.Failed {
			continue
		}
		entries := journal[abouts[i]]
		standing, err := record.StandingUndos(entries)
		if err != nil {
			return nil, nil, 0, err
		}
		if b.ask.Redo {
			withVersion := b.redos(e, standing, moved)
			if len(withVersion) == 0 {
				b.result.Already++
			}
			for _, u := range withVersion {
				things += len(u.Touched)
			}
			all = append(all, withVersion...)
			continue
		}
		whole, err := tookAll(standing, entries)
		if err != nil {
			return nil, nil, 0, err
		}
		if whole {
			b.result.Already++
			continue
		}
		before[abouts[i]] = len(standing) > 0
		u := b.undoOf(e)
		if u.Touched, err = b.wrote(e.ID, moved); err != nil {
			f := fault.Of(err)
			if f.Kind != fault.Conflict {
				return nil, nil, 0, err
			}
			b.result.Failed = append(b.result.Failed, Failed{Execution: e.ID, Why: f.Message})
			continue
		}
		if u.Touched != nil {
			all = append(all, u)
			things += len(u.Touched)
		}
	}
	return all, before, len(lines), nil
}

func (b *bulk) undoOf(e *pipeline.ExecutionLine) *record.Undo {
	u := undoOf(&e.Execution)
	u.TenantID, u.By = b.ask.By.TenantID, maker(b.ask.By)
	u.By.Processor, u.By.Version = b.ask.Processor, b.ask.Version
	return u
}

// redos take back the undos of an execution that were made with its version: not those of somebody who meant this one
// alone.
func (b *bulk) redos(e *pipeline.ExecutionLine, standing []record.PastUndo, moved map[int64][]record.Key) (all []*record.Undo) {
	for _, past := range standing {
		if past.By.Version != 0 {
			u := b.undoOf(e)
			redo(u, past, moved)
			all = append(all, u)
		}
	}
	return all
}

// tookAll says whether nothing happened to an execution since it was undone with its version: then all was taken back that
// could be. Any other undo may have been of one record.
func tookAll(standing []record.PastUndo, entries []record.Entry) (bool, error) {
	if len(standing) == 0 || standing[0].By.Version == 0 {
		return false, nil
	}
	last, err := record.ReadMaker(entries[len(entries)-1].MadeBy)
	return last.Undo == standing[0].By.Undo, err
}

func (b *bulk) wrote(execution int64, moved map[int64][]record.Key) ([]record.Touched, error) {
	e, err := b.Store.Execution(b.ctx, b.ask.By.TenantID, execution)
	if err != nil {
		return nil, err
	}
	return b.touched(b.ctx, e, moved)
}

// merged tells of each thing once: what it held first and what it holds in the end, and what was left alone last.
func merged(all []record.Undone) []record.Undone {
	places := map[record.Thing]int{}
	var out []record.Undone
	for _, d := range all {
		at, seen := places[d.Thing]
		if !seen {
			places[d.Thing] = len(out)
			out = append(out, d)
			continue
		}
		was := &out[at]
		if d.Outcome != record.Left {
			was.Outcome = d.Outcome
		}
		was.Left = d.Left
		was.Unlocked = append(was.Unlocked, d.Unlocked...)
		for _, f := range d.Fields {
			i := slices.IndexFunc(was.Fields, func(x record.Restored) bool { return x.Name == f.Name })
			if i < 0 {
				was.Fields = append(was.Fields, f)
				continue
			}
			was.Fields[i].To = f.To
		}
		if d.Outcome == record.Removed {
			was.Fields, was.Left = nil, nil
		}
	}
	return out
}

package api

import (
	"context"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Undos takes back what was written.
type Undos interface {
	// Execution takes back what an execution wrote, or an undo of that.
	Execution(ctx context.Context, a undo.Ask) (*record.UndoResult, error)
	// Call takes back what a call of a fixed webhook wrote, or an undo of that.
	Call(ctx context.Context, a undo.Ask) (*record.UndoResult, error)
	// Change takes back what the maker of a change of a record wrote to it.
	Change(ctx context.Context, a undo.Ask, by record.Maker) (*record.UndoResult, error)
	// Version takes back what the executions of a version wrote, or those undos, some of them at a time.
	Version(ctx context.Context, a undo.AskVersion) (*undo.OfVersion, error)
	// Done gives an undo, or the undo of one, by its number.
	Done(ctx context.Context, tenantID, number int64) (undo.Done, error)
	// Unlock takes the locks of fields of a record away, of all where none is named, and gives those that were locked.
	Unlock(ctx context.Context, by access.Principal, kind *record.Kind, id int64, fields []string) ([]string, error)
}

func (s *Server) undoRows() []Row {
	return []Row{
		{"GET", "/v1/undos/{id}", access.ReadData, "An undo that was done, or the undo of one: by whom, of what, and what it touched", one(s.doneUndo)},
		{"POST", "/v1/executions/{id}/undo", access.RunProcessors, "Take back what an execution wrote, or only show what that would do", one(s.undoExecution)},
		{"POST", "/v1/executions/{id}/redo", access.RunProcessors, "Undo an undo of an execution, the newest unless said", one(s.redoExecution)},
		{"POST", "/v1/source-executions/{id}/undo", access.RunProcessors, "Take back what a call of a fixed webhook wrote, or only show what that would do", one(s.undoCall)},
		{"POST", "/v1/source-executions/{id}/redo", access.RunProcessors, "Undo an undo of a call, the newest unless said", one(s.redoCall)},
		{"POST", "/v1/processors/{id}/versions/{n}/undo", access.RunProcessors, "Take back what all executions of a version wrote, the newest first, some at a time", one(s.undoVersion)},
		{"POST", "/v1/processors/{id}/versions/{n}/redo", access.RunProcessors, "Undo that, the oldest first", one(s.redoVersion)},
	}
}

// undoInput is what is undone; the body may be left out.
type undoInput struct {
	ID   string `path:"id"`
	Body *struct {
		Preview bool `json:"preview,omitempty" doc:"Only show what would be done."`
	}
}

// redoInput is which undo is undone; the body may be left out.
type redoInput struct {
	ID   string `path:"id"`
	Body *struct {
		Preview bool   `json:"preview,omitempty" doc:"Only show what would be done."`
		UndoID  string `json:"undo_id,omitempty" doc:"The undo to take back; left out: the newest that was not taken back."`
	}
}

type undoView struct {
	ID      *string       `json:"id" doc:"Of the undo; null: a preview, or there was nothing to take back."`
	Preview bool          `json:"preview"`
	Things  []undoneView  `json:"things" doc:"What becomes of each record, external identity, agent, team and user."`
	Counts  undoCountView `json:"counts"`
}

type undoCountView struct {
	SetBack   int `json:"set_back"`
	Removed   int `json:"removed"`
	MadeAgain int `json:"made_again"`
	Left      int `json:"left" doc:"Things of which something, or all, was left alone."`
}

type undoneView struct {
	Noun       string         `json:"noun" doc:"sale, agent_identity, agent …"`
	ID         string         `json:"id"`
	ProviderID *string        `json:"provider_id" doc:"Of records and external identities."`
	ExternalID *string        `json:"external_id" doc:"Of records and external identities."`
	Name       *string        `json:"name"`
	Outcome    string         `json:"outcome" enum:"set_back,removed,made_again,left"`
	SetBack    []restoredView `json:"set_back"`
	Unlocked   []string       `json:"unlocked" doc:"Fields whose lock was taken back."`
	Left       []leftView     `json:"left"`
}

type restoredView struct {
	Field string   `json:"field"`
	From  anything `json:"from" doc:"What it holds: a moment as RFC 3339, an identity as its id."`
	To    anything `json:"to"`
}

type leftView struct {
	Field *string `json:"field" doc:"Null: the thing itself."`
	Why   string  `json:"why" said:"ours"`
}

func viewUndo(r *record.UndoResult, preview bool) undoView {
	things, counts := viewAllUndone(r.Things)
	return undoView{ID: idOrNull(id.Undo, r.Number), Preview: preview, Things: things, Counts: counts}
}

func viewAllUndone(all []record.Undone) (things []undoneView, counts undoCountView) {
	things = make([]undoneView, len(all))
	for i, t := range all {
		things[i] = viewUndone(t)
		switch t.Outcome {
		case record.SetBack:
			counts.SetBack++
		case record.Removed:
			counts.Removed++
		case record.MadeNew:
			counts.MadeAgain++
		}
		if len(t.Left) > 0 {
			counts.Left++
		}
	}
	return things, counts
}

func viewUndone(t record.Undone) undoneView {
	v := undoneView{
		Noun: t.Noun, ID: id.Format(prefixOf(t.Noun), t.ID), ProviderID: idOrNull(id.Provider, t.Key.ProviderID),
		ExternalID: orNull(t.Key.ExternalID), Name: orNull(t.Name), Outcome: t.Outcome,
		SetBack: []restoredView{}, Unlocked: append([]string{}, t.Unlocked...), Left: []leftView{},
	}
	for _, f := range t.Fields {
		v.SetBack = append(v.SetBack, restoredView{Field: f.Name, From: readable(f.From), To: readable(f.To)})
	}
	for _, l := range t.Left {
		v.Left = append(v.Left, leftView{Field: orNull(l.Field), Why: l.Why})
	}
	return v
}

// prefixOf is that of the ids of what the journal tells of.
func prefixOf(noun string) string {
	if k := record.KindOf(noun); k != nil {
		return k.Prefix
	}
	switch noun {
	case "agent":
		return id.Agent
	case "team":
		return id.Team
	case "user":
		return id.User
	default:
		return id.Identity
	}
}

// readable is a stored value as people see it.
func readable(v value.Value) anything {
	switch i, isIdentity := v.Entity().(*record.Identity); {
	case isIdentity:
		v = value.Text(id.Format(id.Identity, i.ID))
	case v.Kind() == value.KindMoment:
		v = value.Text(at(v.Micros()).Format(time.RFC3339Nano))
	}
	return v.AppendJSON(nil)
}

func (s *Server) undoExecution(ctx context.Context, in *undoInput) (undoView, error) {
	return undone(ctx, in, executionID, s.Undos.Execution)
}

func (s *Server) redoExecution(ctx context.Context, in *redoInput) (undoView, error) {
	return redone(ctx, in, executionID, s.Undos.Execution)
}

func callID(text string) (int64, error) { return number(id.SourceExecution, "source execution", text) }

func (s *Server) undoCall(ctx context.Context, in *undoInput) (undoView, error) {
	return undone(ctx, in, callID, s.Undos.Call)
}

func (s *Server) redoCall(ctx context.Context, in *redoInput) (undoView, error) {
	return redone(ctx, in, callID, s.Undos.Call)
}

type (
	readID func(string) (int64, error)
	doUndo func(context.Context, undo.Ask) (*record.UndoResult, error)
)

func undone(ctx context.Context, in *undoInput, read readID, do doUndo) (undoView, error) {
	n, err := read(in.ID)
	if err != nil {
		return undoView{}, err
	}
	return undoBy(ctx, undo.Ask{By: caller(ctx), ID: n, Preview: in.Body != nil && in.Body.Preview}, do)
}

func redone(ctx context.Context, in *redoInput, read readID, do doUndo) (undoView, error) {
	n, err := read(in.ID)
	if err != nil {
		return undoView{}, err
	}
	ask := undo.Ask{By: caller(ctx), ID: n, Redo: true}
	if in.Body != nil {
		ask.Preview = in.Body.Preview
		if ask.Undo, err = filter("undo_id", id.Undo, in.Body.UndoID); err != nil {
			return undoView{}, err
		}
	}
	return undoBy(ctx, ask, do)
}

func undoBy(ctx context.Context, ask undo.Ask, do doUndo) (undoView, error) {
	r, err := do(ctx, ask)
	if err != nil {
		return undoView{}, err
	}
	return viewUndo(r, ask.Preview), nil
}

// undoVersionInput is which version is undone; the body may be left out.
type undoVersionInput struct {
	ID   string `path:"id"`
	N    int    `path:"n" minimum:"1"`
	Body *struct {
		Preview bool   `json:"preview,omitempty" doc:"Only show what would be done."`
		Limit   int    `json:"limit,omitempty" minimum:"1" maximum:"10000" doc:"So many executions are looked at; 1,000 unless said."`
		After   string `json:"after,omitempty" doc:"next of the call before, to go on."`
	}
}

type undoVersionView struct {
	Preview    bool           `json:"preview"`
	Executions int            `json:"executions" doc:"That were looked at."`
	Done       int            `json:"done" doc:"Whose writes were taken back, at least in part."`
	Already    int            `json:"already" doc:"That had been taken back before; of a redo: that had not been taken back with their version."`
	Failed     []undoFailView `json:"failed" doc:"Whose writes cannot be taken back."`
	Things     []undoneView   `json:"things" doc:"What becomes of each thing, told once."`
	Counts     undoCountView  `json:"counts"`
	Next       *string        `json:"next" doc:"There are more executions: send it as after. Null: that was all."`
	StillRuns  bool           `json:"still_runs" doc:"The version is the current one of an enabled processor: new deliveries write again."`
}

type undoFailView struct {
	ExecutionID string `json:"execution_id"`
	Why         string `json:"why" said:"ours"`
}

func (s *Server) undoVersion(ctx context.Context, in *undoVersionInput) (undoVersionView, error) {
	return s.ofVersion(ctx, in, false)
}

func (s *Server) redoVersion(ctx context.Context, in *undoVersionInput) (undoVersionView, error) {
	return s.ofVersion(ctx, in, true)
}

func (s *Server) ofVersion(ctx context.Context, in *undoVersionInput, redo bool) (undoVersionView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return undoVersionView{}, err
	}
	ask := undo.AskVersion{By: caller(ctx), Processor: n, Version: in.N, Redo: redo}
	if in.Body != nil {
		ask.Preview, ask.Limit = in.Body.Preview, in.Body.Limit
		if ask.After, err = filter("after", id.Execution, in.Body.After); err != nil {
			return undoVersionView{}, err
		}
	}
	of, err := s.Undos.Version(ctx, ask)
	if err != nil {
		return undoVersionView{}, err
	}
	v := undoVersionView{
		Preview: ask.Preview, Executions: of.Executions, Done: of.Done, Already: of.Already, Failed: []undoFailView{},
		Next: idOrNull(id.Execution, of.Next), StillRuns: of.StillRuns,
	}
	v.Things, v.Counts = viewAllUndone(of.Things)
	for _, f := range of.Failed {
		v.Failed = append(v.Failed, undoFailView{ExecutionID: id.Format(id.Execution, f.Execution), Why: f.Why})
	}
	return v, nil
}

type undoChangeInput struct {
	ID   string `path:"id"`
	Body *struct {
		ChangeID string `json:"change_id,omitempty" doc:"Of its history. Left out: that it was made. Of a change that an undo made: that undo is taken back, with all that it did."`
		Preview  bool   `json:"preview,omitempty" doc:"Only show what would be done."`
	}
}

func (r recordRoutes) undo(ctx context.Context, in *undoChangeInput) (undoView, error) {
	if err := r.on(ctx); err != nil {
		return undoView{}, err
	}
	n, err := number(r.kind.Prefix, strings.ToLower(r.kind.Title), in.ID)
	if err != nil {
		return undoView{}, err
	}
	row, err := r.s.Store.Record(ctx, caller(ctx).TenantID, r.kind, n)
	if err != nil {
		return undoView{}, err
	}
	madeBy, preview := row.MadeBy, in.Body != nil && in.Body.Preview
	if in.Body != nil && in.Body.ChangeID != "" {
		change, err := filter("change_id", id.Change, in.Body.ChangeID)
		if err != nil {
			return undoView{}, err
		}
		entry, err := r.s.Store.JournalEntry(ctx, caller(ctx).TenantID, r.kind.Noun, n, change)
		if err != nil {
			return undoView{}, err
		}
		madeBy = string(entry.MadeBy)
	}
	by, err := record.ReadMaker(madeBy)
	if err != nil {
		return undoView{}, err
	}
	result, err := r.s.Undos.Change(ctx, undo.Ask{By: caller(ctx), Preview: preview, Only: row.Key}, by)
	if err != nil {
		return undoView{}, err
	}
	return viewUndo(result, preview), nil
}

// Package rekey gives records and identities the external ids that the current version of a spec gives them, where an
// older version wrote them under others, so that they are not written a second time. What becomes what is found by
// running both versions on the deliveries that wrote a thing (package trial); what is doubtful is listed and left. The
// changes are units of the one writer, in the journal, and can be taken back.
//
//	things a processor made ─▶ old and new version on their deliveries ─▶ pairs ─▶ preview
//	                                                                        └▶ units ─▶ writer
package rekey

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
)

// Store is what is read.
type Store interface {
	Processor(ctx context.Context, tenantID, id int64) (processor.Processor, error)
	// MadeBy is that of trial.Store.
	MadeBy(ctx context.Context, tenantID, processorID int64, kind *record.Kind, after int64, among int) ([]trial.Made, int64, error)
	Snapshot(ctx context.Context, fn func(record.Snapshot) error) error
}

// Desk gives other keys. Its methods may be called by many goroutines.
type Desk struct {
	Store  Store
	Trials *trial.Desk
	Writer *commit.Writer
	Parts  int // of the tenant's rows that one call looks through; 0: mostParts
}

// Bounds of one call: so many things of the processor are looked at, a little more or less, among so many parts of the
// tenant's rows, and the answer says where to go on. One group of the writer moves so many at most.
const (
	Most      = 10_000
	Default   = 1_000
	inGroup   = 200
	among     = 500 // rows of the tenant that are read at once
	mostParts = 400 // a processor that made little must not lead through all rows in one call
)

// Ask says what is wanted.
type Ask struct {
	By        access.Principal
	Processor int64
	Preview   bool
	Limit     int   // things to look at; 0: Default
	After     Place // where an earlier call has stopped
}

// Place is a thing in the order in which things are looked at: by kind of record, identities last, then by number; for
// an undo, which looks at re-keys, one of those. The zero Place is before all.
type Place struct {
	Noun string // of a kind of record; IdentityNoun; CallNoun
	ID   int64
}

// The nouns of what is no record: identities of all kinds, and what one call of a re-key moved.
const (
	IdentityNoun = "identity"
	CallNoun     = "re-key"
)

// Result is what was done, or would be.
type Result struct {
	Number int64 // of the re-key; 0: a preview, or nothing was moved
	Looked int   // things that were looked at
	Moved  []Moved
	Left   []Left
	Next   Place // the last that was looked at, where there are more; zero: there are none
}

// Moved is a thing that gets another external id.
type Moved struct {
	record.Move
	Step     string // of the current version that writes it
	Delivery int64  // by which that was found out
}

// Left is a thing that stays under its external id although the current version would write it under another.
type Left struct {
	ID   int64
	Key  record.Key
	To   []string // the external ids it would have
	Code Code
}

// Code says why a thing is left.
type Code string

// The codes.
const (
	Splits  Code = "splits"  // several deliveries wrote it that are about several things now
	Still   Code = "still"   // the current version still writes it as well
	Merges  Code = "merges"  // several things would have the same external id
	Taken   Code = "taken"   // there is one with the new external id already
	Shared  Code = "shared"  // others than this processor write it, too
	Unknown Code = "unknown" // a delivery that wrote it, or a version that ran on it, cannot be run any more
	Gone    Code = "gone"    // somebody was faster: it is not there any more
)

// Do gives other keys, or shows what would be done.
func (d *Desk) Do(ctx context.Context, a Ask) (*Result, error) {
	if _, err := d.Store.Processor(ctx, a.By.TenantID, a.Processor); err != nil {
		return nil, err
	}
	renames, err := d.Trials.Renames(ctx, a.By.TenantID, a.Processor)
	if err != nil {
		return nil, err
	}
	j := &job{Desk: d, ask: a, ctx: ctx, renames: renames, result: &Result{}}
	limit := min(cmp.Or(a.Limit, Default), Most)
	for place, more, parts := a.After, true, 0; more; parts++ {
		if j.result.Looked >= limit || parts >= cmp.Or(d.Parts, mostParts) {
			j.result.Next = place
			break
		}
		if place, more, err = j.part(place); err != nil {
			return nil, err
		}
	}
	return j.result, nil
}

// job is one call under way.
type job struct {
	*Desk
	ask     Ask
	ctx     context.Context
	renames *trial.Renames
	result  *Result

	identities map[string]bool // see others
}

// nouns are the tables in their order; "" stands before the first.
func after(noun string) (next string, kind *record.Kind, more bool) {
	at := slices.IndexFunc(record.Kinds, func(k *record.Kind) bool { return k.Noun == noun })
	switch {
	case noun == IdentityNoun:
		return "", nil, false
	case at+1 < len(record.Kinds): // at is -1 before the first
		return record.Kinds[at+1].Noun, record.Kinds[at+1], true
	}
	return IdentityNoun, nil, true
}

// part does the next things and says where it is then.
func (j *job) part(at Place) (Place, bool, error) {
	kind := record.KindOf(at.Noun)
	if at.ID == 0 && kind == nil && at.Noun != IdentityNoun {
		at.Noun, kind, _ = after("")
	}
	made, last, err := j.Store.MadeBy(j.ctx, j.ask.By.TenantID, j.ask.Processor, kind, at.ID, among)
	if err != nil {
		return at, false, err
	}
	if err := j.moves(made); err != nil {
		return at, false, err
	}
	at.ID = last
	if last != 0 {
		return at, true, nil
	}
	next, _, more := after(at.Noun)
	return Place{Noun: next}, more, nil
}

// moves finds the new keys of things and gives them those.
func (j *job) moves(made []trial.Made) error {
	made = slices.DeleteFunc(made, func(m trial.Made) bool { return m.Maker.Version == j.renames.Current() })
	if len(made) == 0 {
		return nil
	}
	j.result.Looked += len(made)
	found, err := j.pairs(made)
	if err != nil {
		return err
	}
	by := maker(j.ask)
	by.Version = j.renames.Current()
	return j.move(j.ctx, j.ask, by, found, j.result)
}

func codeOf(err error) Code {
	if errors.Is(err, record.ErrGone) {
		return Gone
	}
	return Taken
}

func (j *job) left(m trial.Made, code Code, to ...string) {
	j.result.Left = append(j.result.Left, Left{ID: m.ID, Key: m.Key, To: to, Code: code})
}

func maker(a Ask) record.Maker {
	m := record.Maker{Origin: record.FromUser, OriginID: a.By.UserID, Processor: a.Processor}
	if a.By.UserID == 0 {
		m.Origin, m.OriginID = record.FromClient, a.By.KeyID
	}
	return m
}

// move hands moves to the writer, some at a time, or only runs them on a snapshot, and adds what became of them.
func (d *Desk) move(ctx context.Context, a Ask, by record.Maker, moves []Moved, result *Result) error {
	for part := range slices.Chunk(moves, inGroup) {
		unit := &execute.Rekey{TenantID: a.By.TenantID, Processor: a.Processor, By: by}
		unit.By.Rekey = result.Number
		for _, m := range part {
			unit.Moves = append(unit.Moves, m.Move)
		}
		do := d.submit
		if a.Preview {
			do = d.preview
		}
		if err := do(ctx, unit); err != nil {
			return err
		}
		for _, m := range part {
			if slices.Contains(unit.Moved(), m.Move) {
				result.Moved = append(result.Moved, m)
			}
		}
		if !a.Preview && len(unit.Moved()) > 0 {
			result.Number = unit.Number()
		}
		for _, l := range unit.Left() {
			result.Left = append(result.Left, Left{ID: l.ID, Key: l.From, To: []string{l.To.ExternalID}, Code: codeOf(l.Why)})
		}
	}
	return nil
}

// preview runs a unit on a snapshot, where nothing is written.
func (d *Desk) preview(ctx context.Context, unit *execute.Rekey) error {
	return d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		need := &record.Need{}
		unit.Need(need)
		need.Normalize()
		loaded, err := at.Load(need)
		if err != nil {
			return err
		}
		last := int64(0)
		return unit.Run(record.NewStage(0, func() int64 { last--; return last }, need, loaded))
	})
}

// submit hands a unit to the writer. It comes with no delivery: the number only has to be one that is not drawn anew.
func (d *Desk) submit(ctx context.Context, unit *execute.Rekey) error {
	done, err := d.Writer.Submit(ctx, commit.Job{Plan: func(*plan.Picture) (*commit.Work, error) {
		return &commit.Work{Items: []commit.Item{{Delivery: &pipeline.Delivery{Number: unit.Moves[0].ID}, Units: []execute.Unit{unit}}}}, nil
	}})
	if err != nil {
		return err
	}
	if refused := done.Items[0].Refused; refused != nil {
		return refused
	}
	return nil
}

// Undo takes the newest re-key of a processor back that was not taken back yet: all calls that gave the ids of one
// version, the newest first. Each call of an undo takes back whole calls of the re-key, so it may look at more things than
// it was asked for, but never at more than Most beyond that.
func (d *Desk) Undo(ctx context.Context, a Ask) (*Result, error) {
	if _, err := d.Store.Processor(ctx, a.By.TenantID, a.Processor); err != nil {
		return nil, err
	}
	about := record.Thing{Noun: record.ProcessorNoun, ID: a.Processor}
	var all []record.Rekeyed
	err := d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		journal, err := at.Journal([]record.Thing{about})
		if err == nil {
			all, err = record.ReadRekeyed(journal[about])
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	all, err = d.newest(ctx, a, all)
	if err != nil {
		return nil, err
	}
	result, limit := &Result{}, min(cmp.Or(a.Limit, Default), Most)
	for i, last := range slices.Backward(all) {
		by := maker(a)
		by.Redoes = last.By.Rekey
		if err := d.move(ctx, a, by, back(last.Moves), result); err != nil {
			return nil, err
		}
		result.Looked += len(last.Moves)
		if i > 0 && result.Looked >= limit {
			result.Next = Place{Noun: CallNoun, ID: last.By.Rekey}
			break
		}
	}
	return result, nil
}

// newest gives the re-keys that an undo is about, the oldest first: those to the version of the newest of which anything
// is there still, or, where an earlier call has begun, those to the same version before its last.
func (d *Desk) newest(ctx context.Context, a Ask, all []record.Rekeyed) ([]record.Rekeyed, error) {
	version := 0
	if a.After != (Place{}) {
		at := slices.IndexFunc(all, func(r record.Rekeyed) bool { return r.By.Rekey == a.After.ID })
		if at < 0 || a.After.Noun != CallNoun {
			return nil, fault.New(fault.Conflict, "The undo cannot go on there: that is no re-key of this processor. Begin it again, without a place.")
		}
		version, all = all[at].By.Version, all[:at]
	}
	a.Preview = true
	for _, last := range slices.Backward(all) {
		if version != 0 {
			break
		}
		seen := &Result{}
		if err := d.move(ctx, a, maker(a), back(last.Moves), seen); err != nil {
			return nil, err
		}
		if len(seen.Moved) > 0 {
			version = last.By.Version
		}
	}
	if version == 0 {
		return nil, fault.New(fault.Conflict, "There is no re-key of this processor to take back.")
	}
	end := len(all)
	for end > 0 && all[end-1].By.Version != version { // nothing of those is there any more
		end--
	}
	begin := end
	for begin > 0 && all[begin-1].By.Version == version {
		begin--
	}
	return slices.DeleteFunc(all[begin:end], func(r record.Rekeyed) bool { return len(r.Moves) == 0 }), nil
}

// back gives the moves that take others back, the last first: one may have made room for those after it.
func back(moves []record.Move) []Moved {
	all := make([]Moved, len(moves))
	for i, m := range moves {
		all[len(moves)-1-i].Move = m.Back()
	}
	return all
}

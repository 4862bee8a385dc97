// Package commit is the group writer, the only one that writes records: it takes what waits, loads what that needs,
// runs the units one after the other on one stage, and keeps all of it in one transaction that is on disk before
// anybody gets an answer. It decides nothing about what is run, and it knows no database: that is its Engine.
//
//	jobs ─▶ Begin (epoch, numbers, rows) ─▶ run on the stage ─▶ Apply (fsync) ─▶ answers
//	          ▲         a key not loaded, a newer configuration, another node first │
//	          └──────────────────── the whole group begins again ──────────────────┘
package commit

import (
	"context"
	"errors"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Engine is the database as the writer needs it: two methods of its own per database engine, for the one transaction a
// group is. All other SQL is written once, elsewhere.
type Engine interface {
	// Begin opens the group's transaction: it reads the configuration epoch, draws numbers for deliveries and ids
	// (higher than every number of a group that has ended before, on any node) and loads and locks what need names, in
	// key order.
	Begin(ctx context.Context, numbers int, need *record.Need) (Group, error)
	// Committed reports whether the group with this token is in the database; see Writes.Token.
	Committed(ctx context.Context, token int64) (bool, error)
}

// Group is an open transaction. It ends with Apply or Rollback; after an error of either it is over.
type Group interface {
	Epoch() int64
	FirstNumber() int64 // of those drawn
	Loaded() *record.Loaded
	// Apply writes everything and commits, fsynced, before it returns. ErrRefused means the database took offence at
	// the content: try the units one by one. ErrRepeat means another node was first or a deadlock: begin again. After
	// ErrUnknown (the COMMIT's reply was lost) the caller asks Committed.
	Apply(ctx context.Context, w *Writes) error
	Rollback()
}

// Writes is what a group leaves, in the order it is written.
type Writes struct {
	Token      int64 // one of the numbers drawn; names this group, see Committed
	Calls      []*pipeline.SourceExecution
	Deliveries []*pipeline.Delivery // new ones
	Moved      []int64              // stored ones with new or changed executions: their state is worked out from all of them
	Executions []*pipeline.Execution
	Rerun      []*pipeline.Execution // stored waiting ones that now ran
	Changes    record.Changes
	Now        int64 // the one clock of the transaction
}

// What Apply may say beside success; anything else means that the database cannot keep things just now.
var (
	ErrRefused = errors.New("the database refused what a unit wrote")
	ErrRepeat  = errors.New("another node was first: the group must begin again")
	ErrUnknown = errors.New("the reply to COMMIT was lost")
)

// Package execute carries out units: one item × one processor × one spec version, on a stage. The group writer, a dry
// run, a test in a spec and a run again use the same code; what differs is what the stage was loaded from and who looks
// at what it leaves. It never reads or writes a database, knows no writer and never decides what is to run.
package execute

import (
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Unit is what changes a stage together or not at all: an execution, or a call of a fixed webhook.
type Unit interface {
	// Need adds what the unit will want to find on its stage, as far as that can be known beforehand.
	Need(need *record.Need)
	// Run does the work on the stage, closes every unit it opened there and leaves the outcome in itself, afresh each
	// time it is called: a group may have to begin again. After *record.NotLoaded, or any other error, the stage is as
	// it was before, and there is no outcome.
	Run(stage *record.Stage) error
	// Outcome is what the last Run left.
	Outcome() Outcome
	// GiveUp makes every later Run leave this failure and touch nothing: the database refused what the unit wrote.
	GiveUp(message string)
}

// Deferrable is a unit that can be kept as a waiting execution instead of being run.
type Deferrable interface {
	Unit
	// Defer makes every later Run leave an execution that waits for this reason.
	Defer(reason pipeline.Reason)
}

// Ordered is a unit that must not run before what waits in its lane.
type Ordered interface {
	Deferrable
	// Lane of the unit; false: it has none, since it was stored before, or somebody asked for it, or it waits anyway.
	Lane() (pipeline.Lane, bool)
}

// Renumbered is a unit that may want its writes to carry an acceptance number of their own instead of the delivery's:
// a run again with overwrite_newer.
type Renumbered interface {
	Unit
	WantsNumber() bool
	TakeNumber(number int64)
}

// Outcome of a unit.
type Outcome struct {
	// Execution is nil for a fixed webhook, and for a stored execution that no longer waits: somebody else ran it.
	Execution *pipeline.Execution
	// Stored: the execution was in the database before and waited.
	Stored bool
	// Refused: the call of a fixed webhook broke a rule; its delivery is not accepted.
	Refused *fault.Error
	// Remarks for the call log.
	Remarks []string
	// Wrote are the upserts that stand, in order.
	Wrote []Wrote
}

// Wrote is one upsert of a unit.
type Wrote struct {
	Noun       string // "sale", "agent"
	Identity   bool   // of the external identity of an agent …
	ExternalID string
	Outcome    run.Outcome
}

package execute

import (
	"errors"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Undo is the unit that takes back what an execution, a call or an undo wrote. Preview it first: a unit that has run on
// a snapshot knows what the group has to load.
type Undo struct {
	Undo record.Undo
	// Past is asked while the group is open: what the group has loaded is locked, so nobody adds to its story.
	Past record.Past

	need    record.Need
	result  *record.UndoResult
	failure string
}

// previewTries: what an undo wants to load is known after its keys, then their journal, then the people of that.
const previewTries = 8

// Preview runs the undo on a snapshot, where nothing is written, and says what it would do.
func (u *Undo) Preview(at record.Snapshot, now int64) (*record.UndoResult, error) {
	for try := 1; ; try++ {
		u.need.Normalize()
		loaded, err := at.Load(&u.need)
		if err != nil {
			return nil, err
		}
		last := int64(0)
		stage := record.NewStage(now, func() int64 { last--; return last }, &u.need, loaded)
		result, err := stage.Undo(&u.Undo, at)
		var missing *record.NotLoaded
		if !errors.As(stage.Missing(), &missing) {
			return result, err
		}
		if try == previewTries {
			return nil, missing
		}
		u.need.Add(&missing.Need)
	}
}

// Need names what the preview came to want.
func (u *Undo) Need(need *record.Need) { need.Add(&u.need) }

// Run takes back, together or not at all.
func (u *Undo) Run(stage *record.Stage) error {
	u.result = nil
	if u.failure != "" {
		return nil
	}
	stage.Begin()
	result, err := stage.Undo(&u.Undo, u.Past)
	if missing := stage.Missing(); missing != nil {
		err = missing
	}
	stage.End(err == nil)
	if err != nil {
		return err
	}
	u.result = result
	return nil
}

// Result is what the last Run did; nil after GiveUp.
func (u *Undo) Result() *record.UndoResult { return u.result }

// Outcome is what the last Run left: no execution.
func (u *Undo) Outcome() Outcome {
	if u.failure != "" {
		return Outcome{Refused: fault.New(fault.Conflict, "%s Nothing was taken back.", u.failure)}
	}
	return Outcome{}
}

// GiveUp makes every later Run touch nothing.
func (u *Undo) GiveUp(message string) { u.failure = message }

package execute

import (
	"errors"
	"maps"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Undo is the unit that takes back what executions, calls or undos wrote, one after the other. Preview it first: a unit
// that has run on a snapshot knows what the group has to load.
type Undo struct {
	Undos []*record.Undo // in the order in which they are done
	// Past is asked while the group is open: what the group has loaded is locked, so nobody adds to its story.
	Past record.Past

	need    record.Need
	results []*record.UndoResult
	failure string
}

// previewTries: what an undo wants to load is known after its keys, then their journal, then the people of that; and
// one undo may come to want more once those before it have what they want.
const previewTries = 16

// Preview runs the undos on a snapshot, where nothing is written, and says what each would do.
func (u *Undo) Preview(at record.Snapshot, now int64) ([]*record.UndoResult, error) {
	all, missing := &record.Loaded{}, u.need
	for try := 1; ; try++ {
		missing.Normalize()
		loaded, err := at.Load(&missing)
		if err != nil {
			return nil, err
		}
		join(all, loaded)
		u.need.Add(&missing)
		u.need.Normalize()
		last := int64(0)
		stage := record.NewStage(now, func() int64 { last--; return last }, &u.need, all)
		results, err := u.on(stage, at)
		var lacks *record.NotLoaded
		if !errors.As(stage.Missing(), &lacks) {
			return results, err
		}
		if try == previewTries {
			return nil, lacks
		}
		missing = lacks.Need
	}
}

// join adds what was loaded to what was there.
func join(all, more *record.Loaded) {
	if all.Rows == nil {
		*all = *more
		return
	}
	maps.Copy(all.Rows, more.Rows)
	maps.Copy(all.Contacts, more.Contacts)
	maps.Copy(all.Identities, more.Identities)
	maps.Copy(all.Users, more.Users)
	maps.Copy(all.Agents, more.Agents)
	maps.Copy(all.AgentUsers, more.AgentUsers)
	maps.Copy(all.Teams, more.Teams)
}

// on does all undos on a stage. Where things are missing it goes on, so that the others come to say what they miss.
func (u *Undo) on(stage *record.Stage, past record.Past) ([]*record.UndoResult, error) {
	results := make([]*record.UndoResult, len(u.Undos))
	for i, one := range u.Undos {
		var err error
		if results[i], err = stage.Undo(one, past); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// Need names what the preview came to want.
func (u *Undo) Need(need *record.Need) { need.Add(&u.need) }

// Run takes back, together or not at all.
func (u *Undo) Run(stage *record.Stage) error {
	u.results = nil
	if u.failure != "" {
		return nil
	}
	stage.Begin()
	results, err := u.on(stage, u.Past)
	if missing := stage.Missing(); missing != nil {
		err = missing
	}
	stage.End(err == nil)
	if err != nil {
		return err
	}
	u.results = results
	return nil
}

// Results are what the last Run did, by undo; nil after GiveUp.
func (u *Undo) Results() []*record.UndoResult { return u.results }

// Outcome is what the last Run left: no execution.
func (u *Undo) Outcome() Outcome {
	if u.failure != "" {
		return Outcome{Refused: fault.New(fault.Conflict, "%s Nothing was taken back.", u.failure)}
	}
	return Outcome{}
}

// GiveUp makes every later Run touch nothing.
func (u *Undo) GiveUp(message string) { u.failure = message }

package execute

import (
	"errors"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Rekey is the unit that gives things other keys, each one or not at all.
type Rekey struct {
	TenantID  int64
	Processor int64        // whose journal tells of it
	By        record.Maker // with the number of the re-key, 0: one is drawn
	Moves     []record.Move

	number  int64
	moved   []record.Move
	left    []Unmoved
	failure string
}

// Unmoved is a thing that stays under its key.
type Unmoved struct {
	record.Move
	Why error // record.ErrGone or record.ErrTaken
}

// Need names both keys of each.
func (u *Rekey) Need(need *record.Need) {
	for _, m := range u.Moves {
		need.Keys = append(need.Keys, m.From, m.To)
	}
}

// Run moves what can be moved.
func (u *Rekey) Run(stage *record.Stage) error {
	u.moved, u.left, u.number = nil, nil, u.By.Rekey
	if u.failure != "" {
		return nil
	}
	if u.number == 0 {
		u.number = stage.NewID()
	}
	by := u.By
	by.Rekey = u.number
	w := &record.Writer{TenantID: u.TenantID, Maker: by}
	stage.Begin()
	for _, m := range u.Moves {
		switch err := stage.Rekey(w, m.From, m.To); {
		case errors.Is(err, record.ErrGone), errors.Is(err, record.ErrTaken):
			u.left = append(u.left, Unmoved{m, err})
		case err != nil:
			stage.End(false)
			return err
		default:
			u.moved = append(u.moved, m)
		}
	}
	missing := stage.Missing()
	if missing == nil && len(u.moved) > 0 {
		stage.Note(w, record.Thing{Noun: record.ProcessorNoun, ID: u.Processor}, record.RekeyedImage(u.moved))
	}
	stage.End(missing == nil)
	return missing
}

// Number is that of the re-key, once it has run.
func (u *Rekey) Number() int64 { return u.number }

// Moved are the things that have their new keys.
func (u *Rekey) Moved() []record.Move { return u.moved }

// Left are those that stay under theirs.
func (u *Rekey) Left() []Unmoved { return u.left }

// Outcome is what the last Run left: no execution.
func (u *Rekey) Outcome() Outcome {
	if u.failure != "" {
		return Outcome{Refused: fault.New(fault.Conflict, "%s No key was changed.", u.failure)}
	}
	return Outcome{}
}

// GiveUp makes every later Run touch nothing.
func (u *Rekey) GiveUp(message string) { u.failure = message }

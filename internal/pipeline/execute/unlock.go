package execute

import (
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Unlock is the unit by which a person lets locked fields of a record be changed again.
type Unlock struct {
	Key    record.Key
	Fields []string // or groups of fields
	By     record.Writer

	unlocked []string
	refused  *fault.Error
	failure  string
}

// Need names the record.
func (u *Unlock) Need(need *record.Need) { need.Keys = append(need.Keys, u.Key) }

// Run unlocks, all of the fields or none.
func (u *Unlock) Run(stage *record.Stage) error {
	u.unlocked, u.refused = nil, nil
	switch {
	case u.failure != "":
		u.refused = fault.New(fault.Conflict, "%s Nothing was unlocked.", u.failure)
		return nil
	case stage.Row(u.Key) == nil:
		u.refused = fault.New(fault.NotFound, "The record is not there any more.")
		return stage.Missing()
	}
	stage.Begin()
	for _, field := range u.Fields {
		was, err := stage.Unlock(&u.By, u.Key, field)
		if err != nil {
			stage.End(false)
			return err
		}
		if was {
			u.unlocked = append(u.unlocked, field)
		}
	}
	stage.End(true)
	return nil
}

// Unlocked are the fields that were locked.
func (u *Unlock) Unlocked() []string { return u.unlocked }

// Outcome is what the last Run left: no execution.
func (u *Unlock) Outcome() Outcome { return Outcome{Refused: u.refused} }

// GiveUp makes every later Run touch nothing.
func (u *Unlock) GiveUp(message string) { u.failure = message }

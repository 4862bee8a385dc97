package trial

import (
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// write is what one step said about one thing, be it done or held back.
type write struct {
	key    record.Key // without a provider
	about  scope
	place  int // of the record or identity on the overlays of a backtest
	step   string
	fields []run.Field // given: null clears
	locked []string
	stale  []string
	before []run.Field // that changed
	others []run.Touched
}

// scope says what a write is about.
type scope uint8

// The scopes. What is about a contact has its contact key as external id.
const (
	ofThing   scope = iota // one record or identity
	ofContact              // all records of a kind that a contact has
	ofLine                 // a change in a contact's line of periods: the record is that of the change
	ofLock                 // a lock of one field
)

// watch keeps what a run writes, in order, without what was taken back.
type watch struct {
	writes []write
	open   []int       // of each open unit, how much was written before it
	fields []run.Field // room for those of the writes
}

func (w *watch) Applied(e run.Effect, a run.Answer) {
	one := write{
		key: record.Key{Noun: e.Noun, ExternalID: e.Key}, step: e.Instruction, fields: w.keep(e.Fields),
		locked: a.Locked, stale: a.Stale, before: a.Before, others: a.Touched,
	}
	switch e.Kind {
	case run.UpsertIdentity:
		one.key.Noun += record.IdentitySuffix
	case run.UpdateContact:
		one.about = ofContact
	case run.InsertPeriodChange:
		one.about = ofLine
		if it := a.Result.Entity(); it != nil { // perhaps another one, which is in that state already
			one.key.ExternalID = it.ExternalID()
		}
	case run.LockField:
		one.about = ofLock
	case run.UpsertRecord:
	default:
		return
	}
	w.writes = append(w.writes, one)
}

func (w *watch) Repeated(other execute.Watch, from, to int) {
	w.writes = append(w.writes, other.(*watch).writes[from:to]...)
}

func (w *watch) Begin() { w.open = append(w.open, len(w.writes)) }

func (w *watch) End(keep bool) {
	last := len(w.open) - 1
	if !keep {
		w.writes = w.writes[:w.open[last]]
	}
	w.open = w.open[:last]
}

// usualWrites is room for what most runs write; there are some fields to each.
const usualWrites = 8

// reset makes the watch ready for another run; what was written before is gone.
func (w *watch) reset() {
	if w.writes == nil {
		w.writes, w.open, w.fields = make([]write, 0, usualWrites), make([]int, 0, 1), make([]run.Field, 0, 4*usualWrites)
	}
	w.writes, w.open, w.fields = w.writes[:0], w.open[:0], w.fields[:0]
}

// keep copies fields to where they stay until reset. Where the room gives out, those that were kept before stay in the old one.
func (w *watch) keep(fields []run.Field) []run.Field {
	start := len(w.fields)
	w.fields = append(w.fields, fields...)
	return slices.Clip(w.fields[start:])
}

// sets gives the fields that a write is to set in records, by the names they have there.
func (w *write) sets() []run.Field {
	if w.about == ofThing {
		return w.fields
	}
	var set []run.Field
	for _, f := range w.fields {
		name, ok := strings.CutPrefix(f.Name, run.SetPrefix)
		if ok || w.about == ofLine && (name == "contact_key" || name == "period_type") {
			set = append(set, run.Field{Name: name, Value: f.Value})
		}
	}
	return set
}

// setsInOthers gives the fields that a write is to set in records beside its own: what it sets in all of a contact, or the
// end of the periods that a change cuts off.
func (w *write) setsInOthers() []run.Field {
	if w.about != ofLine {
		return w.sets()
	}
	for _, f := range w.fields {
		if f.Name == "moment" {
			return []run.Field{{Name: "ends_at", Value: f.Value}}
		}
	}
	return nil
}

// holdsBack reports whether nothing comes of setting a field.
func (w *write) holdsBack(field string) bool {
	return slices.Contains(w.locked, field) || slices.Contains(w.stale, field)
}

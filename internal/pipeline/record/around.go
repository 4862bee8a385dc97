package record

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Ran names an execution, and when its group was.
type Ran struct{ Execution, At int64 }

// Around is a record as a run found it and as it left it; nil: it was not there.
type Around struct{ Before, After *Row }

// Around tells from what a record holds now, and from all that the journal tells of it (Past.Journal), how it was
// around a run. keys are those of the identities the journal names (Past.Keys). It is not known of a record that was
// removed and made again since.
func (r *Row) Around(run Ran, journal []Entry, keys map[int64]Key) (around Around, known bool, err error) {
	made, err := ReadMaker(r.MadeBy)
	if err != nil {
		return around, false, err
	}
	makers := make([]Maker, len(journal))
	last, own := len(journal), false // of what was there when the run had ended
	for i := range journal {
		if makers[i], err = ReadMaker(journal[i].MadeBy); err != nil {
			return around, false, err
		}
		if run.made(&makers[i]) {
			last, own = i+1, true
		}
	}
	for !own && last > 0 && run.before(makers[last-1].Execution, journal[last-1].At) {
		last--
	}
	after, known, err := r.setBack(journal[last:], keys)
	if !known || err != nil {
		return around, false, err
	}
	first := last
	for first > 0 && run.made(&makers[first-1]) {
		first--
	}
	before, known, err := after.setBack(journal[first:last], keys)
	switch {
	case !known || err != nil:
		return around, false, err
	case run.made(&made):
		return Around{After: after}, true, nil
	case !own && run.before(made.Execution, r.CreatedAt):
		return Around{}, true, nil
	}
	return Around{Before: before, After: after}, true, nil
}

// made reports whether a change is the run's own.
func (run Ran) made(m *Maker) bool { return m.Undo == 0 && m.Execution == run.Execution }

// before reports whether what another execution did at a moment was after the run. In one group they ran in the order of
// their numbers.
func (run Ran) before(execution, at int64) bool {
	return at > run.At || at == run.At && execution > run.Execution
}

// setBack gives the record as it was before these changes.
func (r *Row) setBack(changes []Entry, keys map[int64]Key) (was *Row, known bool, err error) {
	row := *r
	row.Values = slices.Clone(r.Values)
	for i := len(changes) - 1; i >= 0; i-- {
		if isThere(changes[i].Before) {
			return nil, false, nil
		}
		fields, err := ReadBefore(changes[i].Noun, changes[i].Before)
		if err != nil {
			return nil, false, err
		}
		for _, was := range fields {
			place := r.Kind.Place(was.Field)
			if place < 0 {
				continue // a lock
			}
			row.Values[place] = was.Value
			if was.Identity != 0 {
				row.Values[place] = value.Ref(&Identity{ID: was.Identity, Key: keys[was.Identity]})
			}
		}
	}
	return &row, true, nil
}

// IdentitiesIn gives the numbers of the identities that entries name as what was there before.
func IdentitiesIn(journal []Entry) ([]int64, error) {
	var all []int64
	for i := range journal {
		if isThere(journal[i].Before) {
			continue
		}
		fields, err := ReadBefore(journal[i].Noun, journal[i].Before)
		if err != nil {
			return nil, err
		}
		for _, was := range fields {
			if was.Identity != 0 {
				all = append(all, was.Identity)
			}
		}
	}
	return all, nil
}

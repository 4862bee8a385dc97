package record

import (
	"fmt"
	"maps"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// lockField holds the value that a field has, or those of a group of fields: from then on only the delivery that locked
// it may change it. What is locked already stays as it is.
func (s *Stage) lockField(w *Writer, e *run.Effect) (run.Answer, error) {
	key := Key{ProviderID: w.ProviderID, Noun: e.Noun, ExternalID: e.Key}
	if KindOf(e.Noun) == nil || len(e.Fields) != 1 {
		return run.Answer{}, fmt.Errorf("a %s has no field to lock", e.Noun)
	}
	place := s.rowPlace(key)
	was := s.rows.now(place)
	if was == nil {
		return run.Answer{}, fmt.Errorf("there is no %s %q to lock a field of", e.Noun, e.Key)
	}
	fields := was.Kind.placesOf(e.Fields[0].Name)
	if fields == nil {
		return run.Answer{}, fmt.Errorf("a %s has no field %q", e.Noun, e.Fields[0].Name)
	}
	locks := maps.Clone(was.Locks)
	var journal before
	for _, f := range fields {
		if _, locked := was.Locks[f]; locked {
			continue
		}
		if locks == nil {
			locks = map[int]int64{}
		}
		locks[f] = w.Maker.Delivery
		journal.number(lockPrefix+was.Kind.Fields[f].Name, 0)
	}
	image := journal.done()
	if image == nil {
		return run.Answer{Outcome: run.Unchanged, Result: value.Ref(was)}, nil
	}
	return run.Answer{Outcome: run.Locked, Result: value.Ref(s.setLocks(w, e.Instruction, place, was, locks, image))}, nil
}

// Unlock lets a field, or a group of fields, be changed again: a person's word. It says whether one was locked.
func (s *Stage) Unlock(w *Writer, key Key, field string) (bool, error) {
	kind := KindOf(key.Noun)
	if kind == nil || kind.placesOf(field) == nil {
		return false, fmt.Errorf("a %s has no field %q", key.Noun, field)
	}
	place := s.rowPlace(key)
	was := s.rows.now(place)
	if was == nil {
		return false, fmt.Errorf("there is no %s %q", key.Noun, key.ExternalID)
	}
	locks := maps.Clone(was.Locks)
	var journal before
	for _, f := range kind.placesOf(field) {
		if locker, locked := was.Locks[f]; locked {
			delete(locks, f)
			journal.number(lockPrefix+kind.Fields[f].Name, locker)
		}
	}
	image := journal.done()
	if image == nil {
		return false, nil
	}
	if len(locks) == 0 {
		locks = nil
	}
	s.setLocks(w, "", place, was, locks, image)
	return true, nil
}

func (s *Stage) setLocks(w *Writer, instruction string, place int, was *Row, locks map[int]int64, image []byte) *Row {
	row := *was
	row.Locks = locks
	row.UpdatedAt = s.now
	s.setRow(place, &row)
	s.enter(w, instruction, was.Kind.Noun, was.ID, was.TenantID, image)
	return &row
}

// HasField reports whether the kind has a field, or a group of fields, of that name.
func (k *Kind) HasField(name string) bool { return k.placesOf(name) != nil }

// placesOf gives the place of a field, or those of the fields of a group; nil: there is neither.
func (k *Kind) placesOf(name string) []int {
	if i := k.Place(name); i >= 0 {
		return []int{i}
	}
	var places []int
	for i := range k.Fields {
		if strings.HasPrefix(k.Fields[i].Name, name+".") {
			places = append(places, i)
		}
	}
	return places
}

package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// maxFields of a kind; so the work of an upsert needs no allocation of its own.
const maxFields = 16

// given is a field of an effect, found in the kind and brought into the form in which it is kept.
type given struct {
	place int
	value value.Value
}

// upsertRow creates or updates a record: what is left out keeps, null clears; a field that is locked, or that
// something newer has set, is left alone.
func (s *Stage) upsertRow(w *Writer, e *run.Effect) (run.Answer, error) {
	kind := KindOf(e.Noun)
	if kind == nil {
		return run.Answer{}, fmt.Errorf("there is no record kind %q", e.Noun)
	}
	place := s.rowPlace(Key{ProviderID: w.ProviderID, Noun: kind.Noun, ExternalID: e.Key})
	was := s.rows.now(place)
	answer, err := s.upsertRowAt(w, e, place, kind, was)
	if err == nil {
		s.did(upsert{place: place, wasRow: was, row: s.rows.now(place)})
	}
	return answer, err
}

func (s *Stage) upsertRowAt(w *Writer, e *run.Effect, place int, kind *Kind, was *Row) (run.Answer, error) {
	var buf [maxFields]given
	fields, err := kind.given(buf[:0], e.Fields)
	if err != nil {
		return run.Answer{}, err
	}
	if was != nil {
		return s.updateRow(w, e, place, was, fields)
	}
	return s.createRow(w, e, place, kind, fields)
}

func (s *Stage) createRow(w *Writer, e *run.Effect, place int, kind *Kind, fields []given) (run.Answer, error) {
	values := make([]value.Value, len(kind.Fields))
	for i := range kind.Fields {
		if kind.Fields[i].Type == BoolField {
			values[i] = value.Bool(false)
		}
	}
	var marks []FieldMark
	for _, f := range fields {
		values[f.place] = f.value
		if isEmpty(f.value) {
			marks = append(marks, FieldMark{Field: f.place, Mark: w.Mark})
		}
	}
	for i := range kind.Fields {
		if kind.Fields[i].Required && values[i].IsNull() {
			return run.Answer{}, fmt.Errorf("%s %q without %s", kind.Noun, e.Key, kind.Fields[i].Name)
		}
	}
	if err := kind.check(values); err != nil {
		return run.Answer{}, err
	}
	row := &Row{
		ID:        s.newID(),
		Kind:      kind,
		TenantID:  w.TenantID,
		Key:       s.rows.slots[place].key,
		Values:    values,
		Mark:      w.Mark,
		Marks:     marks,
		MadeBy:    w.madeBy(e.Instruction),
		CreatedAt: s.now,
		UpdatedAt: s.now,
	}
	s.setRow(place, row)
	return run.Answer{Outcome: run.Created, Result: value.Ref(row)}, nil
}

func (s *Stage) updateRow(w *Writer, e *run.Effect, place int, was *Row, fields []given) (run.Answer, error) {
	kind := was.Kind
	answer := run.Answer{Outcome: run.Unchanged}
	var marks [maxFields]Mark
	for i := range kind.Fields {
		marks[i] = was.MarkOf(i)
	}
	values := was.Values
	var journal before
	var same [maxFields]int // fields that are set to what they hold already; their number is moved
	moved := 0
	for _, f := range fields {
		name := kind.Fields[f.place].Name
		if locker, ok := was.Locks[f.place]; ok && locker != w.Maker.Delivery {
			answer.Locked = append(answer.Locked, name)
			continue
		}
		if w.Mark.Before(marks[f.place]) {
			answer.Stale = append(answer.Stale, name)
			continue
		}
		held := was.Values[f.place]
		if !f.value.Equal(held) {
			if answer.Before == nil {
				values = slices.Clone(values)
			}
			values[f.place] = f.value
			answer.Before = append(answer.Before, run.Field{Name: name, Value: held})
			journal.field(name, held, marks[f.place])
			marks[f.place] = w.Mark
		} else if marks[f.place] != w.Mark {
			same[moved] = f.place
			moved++
		}
	}
	if answer.Before == nil && moved == 0 {
		answer.Result = value.Ref(was)
		return answer, nil
	}
	for _, place := range same[:moved] {
		journal.same(kind.Fields[place].Name, marks[place])
		marks[place] = w.Mark
	}
	row := *was
	row.Values = values
	row.Mark, row.Marks = packMarks(marks[:len(kind.Fields)], func(i int) bool { return isEmpty(values[i]) })
	if answer.Before != nil {
		if err := kind.check(values); err != nil {
			return run.Answer{}, err
		}
		answer.Outcome = run.Updated
		row.UpdatedAt = s.now
	}
	s.enter(w, e.Instruction, kind.Noun, was.ID, was.TenantID, journal.done())
	s.setRow(place, &row)
	answer.Result = value.Ref(&row)
	return answer, nil
}

// check gives a nil error where the kind's Check has nothing to say.
func (k *Kind) check(values []value.Value) error {
	if k.Check == nil {
		return nil
	}
	if err := k.Check(values); err != nil {
		return err
	}
	return nil
}

// given finds the fields of an effect in the kind. A group may come whole, as an object or as null, which clears every
// field of it; what it leaves out keeps.
func (k *Kind) given(dst []given, fields []run.Field) ([]given, error) {
	last := -1
	for _, f := range fields {
		place := k.place(f.Name, last)
		if place < 0 {
			grouped, err := k.group(dst, f)
			if err != nil {
				return nil, err
			}
			dst = grouped
			continue
		}
		v, err := k.Fields[place].kept(f.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.Noun, err)
		}
		dst = append(dst, given{place: place, value: v})
		last = place
	}
	if !slices.IsSortedFunc(dst, byPlace) {
		slices.SortFunc(dst, byPlace)
	}
	return dst, nil
}

func byPlace(a, b given) int { return cmp.Compare(a.place, b.place) }

func (k *Kind) group(dst []given, f run.Field) ([]given, error) {
	found := false
	for i := range k.Fields {
		key, ok := strings.CutPrefix(k.Fields[i].Name, f.Name+".")
		if !ok {
			continue
		}
		found = true
		if !f.Value.IsNull() && !f.Value.Has(key) {
			continue
		}
		v, err := k.Fields[i].kept(f.Value.Get(key))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", k.Noun, err)
		}
		dst = append(dst, given{place: i, value: v})
	}
	if !found {
		return nil, fmt.Errorf("%s has no field %q", k.Noun, f.Name)
	}
	return dst, nil
}

// kept brings a value into the form in which the field is kept.
func (f *Field) kept(v value.Value) (value.Value, error) {
	if v.IsNull() {
		switch {
		case f.Type == BoolField:
			return value.Bool(false), nil
		case f.Required:
			return v, fmt.Errorf("%s cannot be cleared", f.Name)
		}
		return v, nil
	}
	switch f.Type {
	case TextField:
		if v.Kind() == value.KindNumber {
			return value.Text(v.Decimal().String()), nil
		}
		if v.Kind() == value.KindText {
			return v, nil
		}
	case NumberField:
		if v.Kind() == value.KindNumber {
			return v, nil
		}
	case BoolField:
		if v.Kind() == value.KindBool {
			return v, nil
		}
	case MomentField:
		if v.Kind() == value.KindMoment {
			return v, nil
		}
	case IdentityField:
		if i, ok := v.Entity().(*Identity); ok && i.Noun() == f.Noun {
			return v, nil
		}
	}
	return v, fmt.Errorf("%s cannot hold %s", f.Name, v.Kind())
}

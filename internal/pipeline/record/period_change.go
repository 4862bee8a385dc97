package record

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// change is a change of a contact's state: from moment on it is in the state that the fields of a period tell.
type change struct {
	contact, kind, moment value.Value
	line                  []value.Value // types of the periods it is about; nil: all
	onlyIfChanged         bool
	set                   []run.Field
}

func readChange(e *run.Effect) (*change, error) {
	c := &change{}
	set, narrow := divide(e.Fields)
	c.set = set
	for _, f := range e.Fields {
		switch f.Name {
		case "contact_key":
			c.contact = f.Value
		case "period_type":
			c.kind = f.Value
		case "moment":
			c.moment = f.Value
		case "only_if_changed":
			c.onlyIfChanged = f.Value.Bool()
		}
	}
	if c.contact.IsNull() || c.kind.IsNull() || c.moment.Kind() != value.KindMoment {
		return nil, fmt.Errorf("the period change %q lacks its contact, type or moment", e.Key)
	}
	if narrow.types != nil {
		c.line = append(slices.Clone(narrow.types), c.kind)
	}
	return c, nil
}

// fields of the period that the change makes; with ends it is a new one.
func (c *change) fields(more ...run.Field) ([]given, error) {
	all := append([]run.Field{{Name: "contact_key", Value: c.contact}, {Name: "period_type", Value: c.kind}}, c.set...)
	return Period.given(nil, append(all, more...))
}

// insertPeriodChange carries out rules 1 to 4 of insert_contact_period_change (5.3).
func (s *Stage) insertPeriodChange(w *Writer, e *run.Effect) (run.Answer, error) {
	c, err := readChange(e)
	if err != nil {
		return run.Answer{}, err
	}
	place := s.rowPlace(Key{ProviderID: w.ProviderID, Noun: Period.Noun, ExternalID: e.Key})
	if was := s.rows.now(place); was != nil { // this very change come again
		fields, err := c.fields()
		if err != nil {
			return run.Answer{}, err
		}
		return s.updateRow(w, e, place, was, fields)
	}
	places, err := s.ofContact(w, Period, c.contact.Text())
	if err != nil {
		return run.Answer{}, err
	}
	covering, next := s.around(w, c, places)
	ends := value.Null()
	if len(covering) > 0 {
		latest := s.rows.now(covering[len(covering)-1])
		if c.onlyIfChanged && c.isState(latest) {
			return run.Answer{Outcome: run.Unchanged, Result: value.Ref(latest)}, nil
		}
		ends = latest.Values[periodEnds]
	}
	if !next.IsNull() && (ends.IsNull() || next.Micros() < ends.Micros()) {
		ends = next
	}
	fields, err := c.fields(run.Field{Name: "starts_at", Value: c.moment}, run.Field{Name: "ends_at", Value: ends})
	if err != nil {
		return run.Answer{}, err
	}
	answer, err := s.createRow(w, e, place, Period, fields)
	if err != nil {
		return run.Answer{}, err
	}
	for _, at := range covering {
		answer.Touched = append(answer.Touched, s.cutOff(w, e, at, c.moment))
	}
	return answer, nil
}

// around finds, in the line, the periods that cover the change's moment, the latest-begun last, and when the next period
// begins (null: there is none). A line is ordered by beginning; of two that begin at one moment, the one of the later
// delivery, then of the later step, is the later.
func (s *Stage) around(w *Writer, c *change, places []int) (covering []int, next value.Value) {
	line := slices.DeleteFunc(places, func(place int) bool {
		return c.line != nil && !slices.ContainsFunc(c.line, s.rows.now(place).Values[typeField].Equal)
	})
	slices.SortFunc(line, func(a, b int) int { return compareBegin(s.rows.now(a), s.rows.now(b)) })
	for _, place := range line {
		row := s.rows.now(place)
		begins := cmp.Compare(row.Values[periodStarts].Micros(), c.moment.Micros())
		if begins == 0 && w.Mark.Before(row.MarkOf(periodStarts)) {
			begins = 1
		}
		if begins > 0 {
			return covering, row.Values[periodStarts]
		}
		if end := row.Values[periodEnds]; end.IsNull() || end.Micros() > c.moment.Micros() {
			covering = append(covering, place)
		}
	}
	return covering, value.Null()
}

// compareBegin orders periods of a line.
func compareBegin(a, b *Row) int {
	x, y := a.MarkOf(periodStarts), b.MarkOf(periodStarts)
	return cmp.Or(
		cmp.Compare(a.Values[periodStarts].Micros(), b.Values[periodStarts].Micros()),
		cmp.Compare(x.Number, y.Number), cmp.Compare(x.Position, y.Position),
		compareMade(a.ID, b.ID))
}

// compareMade orders numbers of rows as they were drawn: they rise, and in a dry run those of what is new fall below 0.
func compareMade(a, b int64) int {
	if a < 0 && b < 0 {
		return cmp.Compare(b, a)
	}
	if (a < 0) != (b < 0) {
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

// isState says whether a period has the type and the fields that the change gives.
func (c *change) isState(row *Row) bool {
	return row.Values[typeField].Equal(c.kind) && !slices.ContainsFunc(c.set, func(f run.Field) bool {
		return !row.Values[Period.Place(f.Name)].Equal(f.Value)
	})
}

// cutOff ends a period where the next state begins. That is never stale: in a line the moment decides.
func (s *Stage) cutOff(w *Writer, e *run.Effect, place int, ends value.Value) run.Touched {
	was := s.rows.now(place)
	name := Period.Fields[periodEnds].Name
	t := run.Touched{ExternalID: was.Key.ExternalID, Outcome: run.Unchanged}
	if locker, ok := was.Locks[periodEnds]; ok && locker != w.Maker.Delivery {
		t.Locked = []string{name}
		return t
	}
	var marks [maxFields]Mark
	for i := range Period.Fields {
		marks[i] = was.MarkOf(i)
	}
	held := was.Values[periodEnds]
	former := marks[periodEnds]
	if former.Before(w.Mark) {
		marks[periodEnds] = w.Mark
	}
	var journal before
	if marks[periodEnds] == w.Mark {
		journal.field(name, held, former)
	} else {
		journal.undone(name, held, former, marks[periodEnds])
	}
	row := *was
	row.Values = slices.Clone(was.Values)
	row.Values[periodEnds] = ends
	row.Mark, row.Marks = packMarks(marks[:len(Period.Fields)], func(i int) bool { return isEmpty(row.Values[i]) })
	row.UpdatedAt = s.now
	s.setRow(place, &row)
	s.enter(w, e.Instruction, Period.Noun, was.ID, was.TenantID, journal.done())
	t.Outcome = run.Updated
	t.Before = []run.Field{{Name: name, Value: held}}
	return t
}

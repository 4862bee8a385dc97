package record

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// contact is the records of one kind that have one contact key, or had it at some time during the group.
type contact struct {
	places []int
	known  map[int]bool
	full   bool // there are more than were loaded
}

func (c *contact) add(place int) {
	if !c.known[place] {
		c.known[place] = true
		c.places = append(c.places, place)
	}
}

func newContact() *contact { return &contact{known: map[int]bool{}} }

// addContacts makes slots for the records of the contacts that were loaded, and finds those loaded by key among them.
func (s *Stage) addContacts(keys []ContactKey, loaded *Loaded) {
	if len(keys) == 0 {
		return
	}
	s.contacts = make(map[ContactKey]*contact, len(keys))
	for _, k := range keys {
		c := newContact()
		rows := loaded.Contacts[k]
		c.full = len(rows) > MostOfContact
		for _, row := range rows {
			c.add(s.rows.addOnce(row.Key, row))
		}
		s.contacts[k] = c
	}
}

// setRow puts a row in its slot, and among those of its contact.
func (s *Stage) setRow(place int, row *Row) {
	s.rows.set(place, row)
	if s.contacts == nil || row.Kind.When == "" {
		return
	}
	if c := s.contacts[row.ContactKey()]; c != nil {
		c.add(place)
	}
}

// ContactKey is what contact follow-up finds the row by; its Contact is "" where it has none.
func (r *Row) ContactKey() ContactKey {
	return ContactKey{ProviderID: r.Key.ProviderID, Noun: r.Key.Noun, Contact: r.Values[r.Kind.Place(contactField.Name)].Text()}
}

// ofContact gives the places of the records that have the contact key now, in order of moment, then external id.
func (s *Stage) ofContact(w *Writer, kind *Kind, key string) ([]int, error) {
	k := ContactKey{ProviderID: w.ProviderID, Noun: kind.Noun, Contact: key}
	c := s.contacts[k]
	if c == nil {
		s.want.Contacts = append(s.want.Contacts, k)
		if s.contacts == nil {
			s.contacts = map[ContactKey]*contact{}
		}
		c = newContact()
		s.contacts[k] = c
		for place := range s.rows.slots {
			if row := s.rows.now(place); row != nil && row.Kind == kind && row.ContactKey() == k {
				c.add(place)
			}
		}
	}
	var places []int
	for _, place := range c.places {
		if row := s.rows.now(place); row != nil && row.ContactKey() == k {
			places = append(places, place)
		}
	}
	if c.full || len(places) > MostOfContact {
		return nil, &run.DataError{
			Code:    "limit",
			Field:   contactField.Name,
			Value:   value.Text(key),
			Message: fmt.Sprintf("More than 10,000 %s of this provider have this contact key.", strings.ReplaceAll(kind.Plural, "_", " ")),
			Remedy:  "Check that the key names one contact: a constant or a placeholder does not.",
		}
	}
	when := kind.Place(kind.When)
	slices.SortFunc(places, func(a, b int) int {
		x, y := s.rows.now(a), s.rows.now(b)
		return cmp.Or(cmp.Compare(x.Values[when].Micros(), y.Values[when].Micros()), cmp.Compare(x.Key.ExternalID, y.Key.ExternalID))
	})
	return places, nil
}

// updateContact sets fields of all records of a contact: of each as an upsert does, by its marks and locks.
func (s *Stage) updateContact(w *Writer, e *run.Effect) (run.Answer, error) {
	kind := KindOf(e.Noun)
	if kind == nil || kind.When == "" {
		return run.Answer{}, fmt.Errorf("contact follow-up knows no kind of record %q", e.Noun)
	}
	set, narrow := divide(e.Fields)
	fields, err := kind.given(nil, set)
	if err != nil {
		return run.Answer{}, err
	}
	places, err := s.ofContact(w, kind, e.Key)
	if err != nil {
		return run.Answer{}, err
	}
	answer := run.Answer{Outcome: run.Unchanged}
	s.Begin()
	for _, place := range places {
		row := s.rows.now(place)
		if !narrow.take(row) {
			continue
		}
		answer.Matched++
		t, err := s.follow(w, e, place, row, fields)
		if err != nil {
			s.End(false)
			return run.Answer{}, err
		}
		if t.Outcome == run.Updated {
			answer.Outcome = run.Updated
		}
		if t.tells() {
			answer.Touched = append(answer.Touched, t.Touched)
		}
	}
	s.End(true)
	return answer, nil
}

// followed is a run.Touched that may have nothing to tell.
type followed struct{ run.Touched }

func (t *followed) tells() bool {
	return t.Outcome != run.Unchanged || len(t.Locked)+len(t.Stale) > 0
}

func (s *Stage) follow(w *Writer, e *run.Effect, place int, row *Row, fields []given) (followed, error) {
	t := followed{run.Touched{ExternalID: row.Key.ExternalID, Outcome: run.LeftAlone}}
	for _, f := range fields {
		if row.Kind == Period && f.place == periodEnds && !f.value.IsNull() && row.Values[periodStarts].Micros() > f.value.Micros() {
			return t, nil
		}
	}
	a, err := s.updateRow(w, e, place, row, fields)
	t.Outcome, t.Before, t.Locked, t.Stale = a.Outcome, a.Before, a.Locked, a.Stale
	return t, err
}

// narrowed says which records of a contact an effect means.
type narrowed struct {
	types    []value.Value // nil: all
	onlyOpen bool
}

// typeField is the first field of the kinds that follow-up sees.
const typeField = 0

func (n *narrowed) take(row *Row) bool {
	if n.onlyOpen && !row.Values[periodEnds].IsNull() {
		return false
	}
	return n.types == nil || slices.ContainsFunc(n.types, row.Values[typeField].Equal)
}

// divide parts what an effect sets from what it says about the records it means.
func divide(fields []run.Field) (set []run.Field, narrow narrowed) {
	for _, f := range fields {
		if name, ok := strings.CutPrefix(f.Name, run.SetPrefix); ok {
			set = append(set, run.Field{Name: name, Value: f.Value})
			continue
		}
		switch f.Name {
		case "activity_types", "period_types":
			narrow.types = f.Value.Items()
		case "only_open":
			narrow.onlyOpen = f.Value.Bool()
		}
	}
	return set, narrow
}

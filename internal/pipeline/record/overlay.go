package record

import "slices"

// NewOverlay makes a stage that nobody will apply: over nothing at first, LoadMore puts more under it between its units,
// and numbers of what is new fall below 0. It keeps no journal. Trials run on one.
func NewOverlay(now int64) *Stage {
	s := NewStage(now, fallingIDs(), &Need{}, &Loaded{})
	s.dry = true
	s.rows.keys.recent, s.identities.keys.recent = make([]recent[Key], mostRecent), make([]recent[Key], mostRecent)
	return s
}

// mostRecent is how many keys are found without looking through all: what a delivery usually writes of one sort.
const mostRecent = 8

// Beside makes another overlay, for another program over the same deliveries: a key has the same Place on both, and what
// is new gets numbers of its own on both. What was applied on the one the other can Repeat.
func (s *Stage) Beside() *Stage {
	s.besides = true
	other := NewOverlay(s.now)
	other.rows.keys, other.identities.keys, other.newID, other.besides = s.rows.keys, s.identities.keys, s.newID, true
	return other
}

// Place of a key among the identities, or among the records, that were asked for on the overlay or one beside it; from 0
// without gaps. Below 0: it was not.
func (s *Stage) Place(key Key) int {
	keys := s.rows.keys
	if key.IsIdentity() {
		keys = s.identities.keys
	}
	if place, ok := keys.find(key); ok {
		return place
	}
	return -1
}

// fallingIDs gives numbers of things that are not there yet.
func fallingIDs() func() int64 {
	last := int64(0)
	return func() int64 {
		last--
		return last
	}
}

// LoadMore puts under the stage what was loaded for a need, of which keys and contacts count. What the stage has loaded
// before stays as it has become; what units asked for in vain is there for those that come. No unit may be open that
// asked in vain: Unwind it first.
func (s *Stage) LoadMore(need *Need, loaded *Loaded) {
	inVain := make(map[Key]bool, len(s.want.Keys))
	for _, k := range s.want.Keys {
		inVain[k] = true
	}
	s.rows.slots = slices.Grow(s.rows.slots, len(need.Keys)) // most are of records
	for _, k := range need.Keys {
		if k.IsIdentity() {
			s.identities.fill(k, loaded.Identities[k], inVain[k])
		} else {
			s.rows.fill(k, loaded.Rows[k], inVain[k])
		}
	}
	s.moreContacts(need.Contacts, loaded)
	s.want = &Need{}
}

// moreContacts is addContacts for a stage that has rows already.
func (s *Stage) moreContacts(keys []ContactKey, loaded *Loaded) {
	if len(keys) == 0 {
		return
	}
	if s.contacts == nil {
		s.contacts = make(map[ContactKey]*contact, len(keys))
	}
	fresh := make(map[ContactKey]*contact, len(keys))
	for _, k := range keys {
		c := s.contacts[k]
		if c == nil {
			c = newContact()
			s.contacts[k], fresh[k] = c, c
		}
		rows := loaded.Contacts[k]
		c.full = c.full || len(rows) > MostOfContact
		for _, row := range rows {
			c.add(s.rows.addOnce(row.Key, row))
		}
	}
	if len(fresh) == 0 {
		return
	}
	for place := range s.rows.slots {
		if row := s.rows.now(place); row != nil && row.Kind.When != "" {
			if c := fresh[row.ContactKey()]; c != nil {
				c.add(place)
			}
		}
	}
}

// Wanted is what units asked for that was not loaded, to be loaded with LoadMore; nil for nothing.
func (s *Stage) Wanted() *Need {
	w := s.want
	if len(w.Keys)+len(w.Contacts) == 0 {
		return nil
	}
	w.Normalize()
	return w
}

// Loaded gives a record as it was when it was loaded; nil: it was not there, or not asked for.
func (s *Stage) Loaded(key Key) *Row {
	if place, ok := s.rows.find(key); ok {
		return s.rows.slots[place].old
	}
	return nil
}

// LoadedIdentity is Loaded for an identity.
func (s *Stage) LoadedIdentity(key Key) *Identity {
	if place, ok := s.identities.find(key); ok {
		return s.identities.slots[place].old
	}
	return nil
}

package trial

import (
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Changes of whole things, beside changeOf.
const (
	noLonger  = "would no longer be written"
	newly     = "would be written, too"
	locksMore = "would be locked"
	locksLess = "would no longer be locked"
	otherID   = "would be written under another external_id: "
)

// compare adds the differences between what two versions say about one delivery, and gives the things that the one knows
// under another external id.
func compare(g *groups, delivery int64, live, tried []write) []pair {
	c := comparison{groups: g, delivery: delivery, counted: map[groupKey]bool{}, live: merge(live), tried: merge(tried)}
	paired := map[record.Key]*write{} // of the tried version → of the live one
	taken := map[record.Key]bool{}
	pairs := renamed(live, tried)
	for _, p := range pairs {
		paired[p.after.key], taken[p.before.key] = p.before, true
	}
	for _, said := range c.tried.order {
		before := c.live.at[said.about]
		switch {
		case before != nil:
			c.fields(before, said)
		case paired[said.about.key] != nil && !said.about.isGeneral():
			old := paired[said.about.key]
			c.add(said, "", otherID+shapeOf(old.key.ExternalID)+" → "+shapeOf(said.about.key.ExternalID), false, value.Text(old.key.ExternalID), value.Text(said.about.key.ExternalID))
			if before := c.live.at[about{key: old.key}]; before != nil {
				c.fields(before, said)
			}
		case said.about.scope == ofLock:
			c.add(said, said.about.field, locksMore, false, value.Null(), value.Null())
		default:
			c.add(said, "", newly, false, value.Null(), value.Null())
		}
	}
	for _, said := range c.live.order {
		switch {
		case c.tried.at[said.about] != nil || taken[said.about.key] && !said.about.isGeneral():
		case said.about.scope == ofLock:
			c.add(said, said.about.field, locksLess, false, value.Null(), value.Null())
		default:
			c.add(said, "", noLonger, false, value.Null(), value.Null())
		}
	}
	return pairs
}

type comparison struct {
	groups      *groups
	delivery    int64
	counted     map[groupKey]bool
	live, tried merged
}

// add counts a difference once per delivery.
func (c *comparison) add(s *said, field, change string, heldBack bool, before, after value.Value) {
	k := groupKey{noun: s.about.key.Noun, field: field, change: change, step: s.step}
	if c.counted[k] {
		return
	}
	c.counted[k] = true
	c.groups.add(k, heldBack, Example{Delivery: c.delivery, ExternalID: s.about.key.ExternalID, Before: before, After: after})
}

// fields compares what both say about one thing.
func (c *comparison) fields(live, tried *said) {
	for _, f := range tried.fields {
		before := live.field(f.name)
		switch {
		case before == nil:
			c.add(tried, f.name, newly, f.held, value.Null(), f.value)
		case !before.value.Equal(f.value):
			c.add(tried, f.name, changeOf(before.value, f.value), f.held, before.value, f.value)
		}
	}
	for _, f := range live.fields {
		if tried.field(f.name) == nil {
			c.add(tried, f.name, noLonger, f.held, f.value, value.Null())
		}
	}
}

// same reports whether two runs said the same in the same order.
func same(a, b []write) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].about != b[i].about || a[i].key != b[i].key || !sameFields(a[i].fields, b[i].fields) {
			return false
		}
	}
	return true
}

// sameFields reports whether two writes set the same fields to the same.
func sameFields(a, b []run.Field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || !a[i].Value.Equal(b[i].Value) {
			return false
		}
	}
	return true
}

// about is what a run said something about: a thing, or the records of a contact that an effect means, or a lock.
type about struct {
	key   record.Key
	scope scope
	field string // that is locked
	means string // which records of a contact, as JSON
}

// isGeneral: it is about no thing of its own.
func (a about) isGeneral() bool { return a.scope == ofContact || a.scope == ofLock }

// said is all that one run said about one of those; of a field the last counts.
type said struct {
	about  about
	step   string
	fields []saidField
}

type saidField struct {
	name  string
	value value.Value
	held  bool
}

func (s *said) field(name string) *saidField {
	for i := range s.fields {
		if s.fields[i].name == name {
			return &s.fields[i]
		}
	}
	return nil
}

// merged is what a run said, by what it is about and in order.
type merged struct {
	at    map[about]*said
	order []*said
}

func merge(writes []write) merged {
	m := merged{at: make(map[about]*said, len(writes))}
	for i := range writes {
		w := &writes[i]
		a := about{key: w.key}
		set := flat(w.key.Noun, w.fields)
		switch w.about {
		case ofLine:
			set = w.sets()
		case ofLock:
			a.scope, a.field, set = ofLock, w.fields[0].Name, nil
		case ofContact:
			a.scope = ofContact
			set = w.sets()
			for _, f := range w.fields {
				if f.Name == w.key.Noun+"_types" || f.Name == "only_open" {
					a.means += f.Name + " " + f.Value.String() + " "
				}
			}
		case ofThing:
		}
		s := m.at[a]
		if s == nil {
			s = &said{about: a, step: w.step}
			m.at[a] = s
			m.order = append(m.order, s)
		}
		for _, f := range set {
			one := saidField{name: f.Name, value: f.Value, held: slices.Contains(w.locked, f.Name) || slices.Contains(w.stale, f.Name)}
			if was := s.field(f.Name); was != nil {
				*was = one
			} else {
				s.fields = append(s.fields, one)
			}
		}
	}
	return m
}

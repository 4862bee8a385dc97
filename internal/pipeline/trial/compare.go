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
	c := comparison{groups: g, delivery: delivery}
	if c.stepwise(live, tried) {
		return nil
	}
	c.live, c.tried = merge(live), merge(tried)
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
	counted     []groupKey // few: each is a step with a field
	live, tried merged
}

// add counts a difference once per delivery.
func (c *comparison) add(s *said, field, change string, heldBack bool, before, after value.Value) {
	c.count(s.about.key, s.step, field, change, heldBack, before, after)
}

func (c *comparison) count(key record.Key, step, field, change string, heldBack bool, before, after value.Value) {
	k := groupKey{noun: key.Noun, field: field, change: change, step: step}
	if slices.Contains(c.counted, k) {
		return
	}
	c.counted = append(c.counted, k)
	c.groups.add(k, heldBack, Example{Delivery: c.delivery, ExternalID: key.ExternalID, Before: before, After: after})
}

// stepwise adds the differences where both versions write the same things in the same order, each once, and set the same
// fields of each: the usual case, which needs no merging. It reports whether it is that case; if not, it
// has added nothing.
func (c *comparison) stepwise(live, tried []write) bool {
	if len(tried) > few || !sameThings(live, tried) {
		return false
	}
	for i := range tried {
		w := &tried[i]
		for k := range i {
			if tried[k].key == w.key {
				return false
			}
		}
		if len(live[i].fields) != len(w.fields) {
			return false
		}
		kind := record.KindOf(w.key.Noun)
		for j, f := range w.fields {
			if live[i].fields[j].Name != f.Name || kind != nil && kind.Place(f.Name) < 0 { // a group of fields
				return false
			}
		}
	}
	for i := range tried {
		w := &tried[i]
		for j, f := range w.fields {
			if before := live[i].fields[j].Value; !before.Equal(f.Value) {
				c.count(w.key, w.step, f.Name, changeOf(before, f.Value), w.holdsBack(f.Name), before, f.Value)
			}
		}
	}
	return true
}

// sameThings reports whether two runs wrote the same records and identities in the same order, and nothing else.
func sameThings(a, b []write) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].about != ofThing || b[i].about != ofThing || a[i].key != b[i].key {
			return false
		}
	}
	return true
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
	if len(a) > 0 && &a[0] == &b[0] { // said once for both
		return true
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
			one := saidField{name: f.Name, value: f.Value, held: w.holdsBack(f.Name)}
			if was := s.field(f.Name); was != nil {
				*was = one
			} else {
				s.fields = append(s.fields, one)
			}
		}
	}
	return m
}

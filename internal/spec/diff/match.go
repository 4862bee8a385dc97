package diff

import (
	"slices"
	"sort"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// matcher finds, for each thing of the one spec, the same thing in the other, and tells what is different.
type matcher struct {
	was, is map[*node]*node // of a thing that both have: from after to before, and back
	changes []Change
}

// match pairs all that is told by a key.
func (m *matcher) match(before, after *node) {
	byKey := map[string]*node{}
	each(before, func(n *node) { byKey[n.key] = n })
	each(after, func(n *node) {
		if old := byKey[n.key]; n.key != "" && old != nil {
			m.pair(old, n)
		}
	})
}

func each(n *node, visit func(*node)) {
	visit(n)
	for _, l := range n.lists {
		for _, one := range l.nodes {
			each(one, visit)
		}
	}
}

func (m *matcher) pair(before, after *node) { m.was[after], m.is[before] = before, after }

// pairCases pairs the cases of a switch, which have no names: those for the same values, then those that share an
// instruction, then those that stand at the same place.
func (m *matcher) pairCases(before, after []*node) {
	pair := func(alike func(a, b *node) bool) {
		for _, n := range after {
			if m.was[n] != nil {
				continue
			}
			i := slices.IndexFunc(before, func(old *node) bool { return m.is[old] == nil && alike(old, n) })
			if i >= 0 {
				m.pair(before[i], n)
			}
		}
	}
	pair(func(a, b *node) bool { return same(a.fields[0].After, b.fields[0].After) }) // equals comes first
	pair(func(a, b *node) bool {
		return slices.ContainsFunc(b.list(body), func(n *node) bool { return slices.Contains(a.list(body), m.was[n]) })
	})
	pair(func(a, b *node) bool { return a.place.Index == b.place.Index })
}

// lists tells the differences in all lists of a thing that is now, and was (nil: it was not there).
func (m *matcher) lists(was, now *node) {
	for _, l := range now.lists {
		old := was.list(l.name)
		if len(l.nodes) > 0 && l.nodes[0].what == Case {
			m.pairCases(old, l.nodes)
		}
		m.list(old, l.nodes)
	}
	if was == nil {
		return
	}
	for _, l := range was.lists {
		if !now.has(l.name) {
			m.list(l.nodes, nil)
		}
	}
}

func (m *matcher) list(before, after []*node) {
	kept := m.kept(before, after)
	gone := func(n *node) {
		if m.is[n] == nil {
			m.removed(n)
		}
	}
	for _, n := range after {
		was := m.was[n]
		if kept[n] {
			for before[0] != was {
				gone(before[0])
				before = before[1:]
			}
			before = before[1:]
		}
		m.node(was, n, !kept[n])
		m.lists(was, n)
	}
	for _, n := range before {
		gone(n)
	}
}

// kept are those that stand in both lists in the same order: as many as can be, so that the others are the fewest that
// may be said to have moved.
func (m *matcher) kept(before, after []*node) map[*node]bool {
	place := map[*node]int{}
	for i, n := range before {
		place[n] = i
	}
	// The longest rising subsequence: ends[k] is the one of length k+1 that ends lowest, up[i] the one before i in its own.
	var common, ends, up []int
	for i, n := range after {
		at, ok := place[m.was[n]]
		if !ok {
			continue
		}
		k := sort.Search(len(ends), func(k int) bool { return place[m.was[after[common[ends[k]]]]] > at })
		common = append(common, i)
		up = append(up, -1)
		if k > 0 {
			up[len(up)-1] = ends[k-1]
		}
		if k == len(ends) {
			ends = append(ends, 0)
		}
		ends[k] = len(common) - 1
	}
	kept := map[*node]bool{}
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = up[i] {
			kept[after[common[i]]] = true
		}
	}
	return kept
}

// node tells what has become of one thing that is now, and was (nil: it was not there).
func (m *matcher) node(was, now *node, elsewhere bool) {
	c := Change{What: now.what, ID: now.id, Type: now.kind, To: now.place}
	if was == nil {
		c.Kind, c.Fields = Added, append([]Field{}, now.fields...)
		for _, l := range now.lists {
			if len(l.nodes) == 0 && now.what == Instruction {
				c.Fields = append(c.Fields, Field{Name: l.name, After: emptyList()})
			}
		}
		m.changes = append(m.changes, c)
		return
	}
	c.Kind, c.From, c.Fields = Changed, was.place, m.fields(was, now)
	if elsewhere {
		c.Kind = Moved
	}
	if elsewhere || len(c.Fields) > 0 {
		m.changes = append(m.changes, c)
	}
}

// fields that differ. A list of instructions that is there is told where no instruction in it tells.
func (m *matcher) fields(was, now *node) []Field {
	fields := fieldChanges(was.fields, now.fields)
	if was.kind != now.kind {
		before, after := value.Text(was.kind), value.Text(now.kind)
		fields = slices.Insert(fields, 0, Field{Name: "type", Before: &before, After: &after})
	}
	for _, l := range now.lists {
		if len(l.nodes) == 0 && !was.has(l.name) && now.what != Head {
			fields = append(fields, Field{Name: l.name, After: emptyList()})
		}
	}
	for _, l := range was.lists {
		if !now.has(l.name) {
			fields = append(fields, Field{Name: l.name, Before: emptyList()})
		}
	}
	return fields
}

func emptyList() *value.Value {
	v := value.List(nil)
	return &v
}

// removed tells that a thing is gone, and with it what was in it and is nowhere else.
func (m *matcher) removed(n *node) {
	c := Change{What: n.what, Kind: Removed, ID: n.id, Type: n.kind, From: n.place, Fields: []Field{}}
	for _, f := range n.fields {
		c.Fields = append(c.Fields, Field{Name: f.Name, Before: f.After, Remark: f.Remark})
	}
	m.changes = append(m.changes, c)
	for _, l := range n.lists {
		for _, inner := range l.nodes {
			if m.is[inner] == nil {
				m.removed(inner)
			}
		}
	}
}

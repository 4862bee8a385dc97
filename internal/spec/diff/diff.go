// Package diff tells what is different between two specs, in the words of the spec: which instruction was added,
// removed, moved or changed, and of each field what it held and what it holds now. It is complete: whoever applies it to
// the one gets the other. It reads trees only, and never says which of the two is better.
package diff

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Diff is what is different.
type Diff struct {
	// SameProgram: the two do the same. They differ in notes, comments and tests only, or not at all.
	SameProgram bool     `json:"same_program"`
	Changes     []Change `json:"changes"`
}

// What a change is about.
const (
	Head        = "spec" // the spec itself: its source model, var, note
	Constant    = "constant"
	Enrichment  = "enrichment"
	Instruction = "instruction"
	Case        = "case" // of a switch
	Test        = "test"
)

// What has become of it.
const (
	Added   = "added"
	Removed = "removed"
	Moved   = "moved" // and perhaps changed
	Changed = "changed"
)

// Change of one thing: first those of the spec itself, then of constants, enrichments, instructions and tests, in the
// order in which they stand, what was removed at the place it had.
type Change struct {
	What string `json:"what"`
	Kind string `json:"kind"`
	// ID of an instruction, or of the switch whose case it is; the name of a constant, enrichment or test.
	ID   string `json:"id"`
	Type string `json:"type,omitempty"` // of an instruction: as it is now, or was
	From *Place `json:"from,omitempty"` // where it was
	To   *Place `json:"to,omitempty"`   // where it is
	// Fields that have other contents; of what was added or removed all it has. In order, those of before among them.
	Fields []Field `json:"fields"`
}

// Place is where a thing stands.
type Place struct {
	Within string `json:"within,omitempty"` // id of the block around it
	// List: "instructions", "then", "else", "body", "default", "cases", or of a switch the number of the case, from 1;
	// "constants", "enrichments", "tests".
	List  string `json:"list"`
	Index int    `json:"index"` // from 0
}

// Field is what a field held and holds: a formula as text that begins with "=", a literal as itself.
type Field struct {
	Name   string       `json:"name"`             // "set.ends_at" of a group
	Before *value.Value `json:"before,omitempty"` // nil: it was left out
	After  *value.Value `json:"after,omitempty"`  // nil: it is left out
	Remark bool         `json:"remark,omitempty"` // a note or a comment, which does nothing
}

// Compare tells how to get from a to b. Instructions are told apart by their ids, so both should have theirs
// (tree.Spec.AssignIDs).
func Compare(a, b *tree.Spec, g tree.Grammar) *Diff {
	r := reader{grammar: g}
	before, after := r.spec(a), r.spec(b)
	m := &matcher{was: map[*node]*node{}, is: map[*node]*node{}, changes: []Change{}}
	m.match(before, after)
	m.node(before, after, false)
	m.lists(before, after)
	return &Diff{SameProgram: a.ProgramHash() == b.ProgramHash(), Changes: m.changes}
}

// Same reports whether there is no difference at all.
func (d *Diff) Same() bool { return len(d.Changes) == 0 }

// same reports whether two values are written alike; the order of an object's keys does not count.
func same(a, b *value.Value) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Kind() != b.Kind() || a.Len() != b.Len() {
		return false
	}
	switch a.Kind() {
	case value.KindList:
		for i, one := range a.Items() {
			if other := b.At(i); !same(&one, &other) {
				return false
			}
		}
		return true
	case value.KindObject:
		for _, m := range a.Members() {
			other := b.Get(m.Key)
			if !b.Has(m.Key) || !same(&m.Value, &other) {
				return false
			}
		}
		return true
	}
	return string(a.AppendJSON(nil)) == string(b.AppendJSON(nil))
}

// fieldChanges gives the fields that differ, in the order of after, those that are gone where they were.
func fieldChanges(before, after []Field) []Field {
	changed := []Field{}
	at := 0
	gone := func(until int) {
		for ; at < until; at++ {
			f := before[at]
			if !slices.ContainsFunc(after, func(o Field) bool { return o.Name == f.Name }) {
				changed = append(changed, Field{Name: f.Name, Before: f.After, Remark: f.Remark})
			}
		}
	}
	for _, f := range after {
		i := slices.IndexFunc(before, func(o Field) bool { return o.Name == f.Name })
		if i < 0 {
			changed = append(changed, f)
			continue
		}
		gone(i)
		if !same(before[i].After, f.After) {
			changed = append(changed, Field{Name: f.Name, Before: before[i].After, After: f.After, Remark: f.Remark})
		}
	}
	gone(len(before))
	return changed
}

package trace

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Change is a record or an identity that a step wrote, or would have.
type Change struct {
	Key        string      `json:"key" doc:"Of the step: the ids of what is around it and its own, with the item of each loop from 0: each[2]/deal."`
	Type       string      `json:"type"`
	ExternalID string      `json:"external_id"`
	Outcome    run.Outcome `json:"outcome,omitempty"`
	Failed     bool        `json:"failed,omitempty"`
	Undone     bool        `json:"undone,omitempty"`
}

const (
	mostChanges = 2000 // so many are listed
	smallLoop   = 300  // a loop that ran no more steps than these stays whole
)

// Part leaves out the steps of all items of a long loop but one: the one that chosen has under the key of the loop, or else
// the first that failed, or else the first. What the other items did is told in short. It gives what all of them wrote, what
// failed first, and how much that is. Chosen counts from 0.
func (t *Tree) Part(chosen map[string]int) (changes []Change, all int) {
	changes = changesOf(nil, t.Steps, "")
	all = len(changes)
	slices.SortStableFunc(changes, func(a, b Change) int { return rank(a) - rank(b) })
	part(t.Steps, "", chosen, map[string]bool{})
	return changes[:min(all, mostChanges)], all
}

// wrote are the outcomes of steps that have to do with a record, in the order in which a reader wants them.
var wrote = []run.Outcome{run.Updated, run.Created, run.Unchanged, run.Found}

func rank(c Change) int {
	switch {
	case c.Failed:
		return -1
	case c.Undone:
		return len(wrote)
	}
	return slices.Index(wrote, c.Outcome)
}

func changesOf(all []Change, steps []*Step, prefix string) []Change {
	for _, s := range steps {
		key := prefix + s.ID
		failed := s.State == Failed
		if s.Record != nil && slices.Contains(wrote, s.Outcome) || failed && (s.Record != nil || strings.HasPrefix(s.Type, "upsert_")) {
			c := Change{Key: key, Type: s.Type, ExternalID: meant(s), Outcome: s.Outcome, Failed: failed, Undone: s.Undone}
			if s.Record != nil {
				c.ExternalID = s.Record.ExternalID
			}
			all = append(all, c)
		}
		for _, b := range s.Branches {
			if b.Taken {
				all = changesOf(all, b.Steps, key+"/")
			}
		}
		for i, item := range s.Items {
			all = changesOf(all, item.Steps, inItem(key, i))
		}
	}
	return all
}

// meant is the external id that a failed step would have written.
func meant(s *Step) string {
	for _, f := range s.Fields {
		if f.Name == "external_id" && f.Value != nil && f.Value.Kind() == value.KindText {
			return f.Value.Text()
		}
	}
	return ""
}

func inItem(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]/" }

// part does so for the loops among steps. Bound are the names that steps before them have bound.
func part(steps []*Step, prefix string, chosen map[string]int, bound map[string]bool) {
	for _, s := range steps {
		key := prefix + s.ID
		for _, b := range s.Branches {
			part(b.Steps, key+"/", chosen, bound)
		}
		if len(s.Items) > 0 {
			partLoop(s, key, chosen, bound)
		}
		if s.Returns != nil {
			bound[s.Returns.Name] = true
		}
	}
}

func partLoop(loop *Step, key string, chosen map[string]int, bound map[string]bool) {
	size := 0
	for _, item := range loop.Items {
		size += count(item.Steps)
	}
	kept, asked := chosen[key]
	if !asked || kept < 0 || kept >= len(loop.Items) {
		kept = max(0, slices.IndexFunc(loop.Items, func(i *Item) bool { return i.Status == run.Failed || i.Status == run.Partial }))
	}
	for i, item := range loop.Items {
		if i == kept || size <= smallLoop {
			continue
		}
		item.Did = did(item.Steps)
		if item.Status != run.Failed {
			sets := map[string]int{}
			item.Sets = setBy(item.Steps, bound, item.Sets, sets)
		}
		item.LeftOut, item.Value, item.Steps = true, V{value.Null()}, []*Step{}
	}
	for i, item := range loop.Items {
		if !item.LeftOut {
			part(item.Steps, inItem(key, i), chosen, bound)
		}
	}
}

func count(steps []*Step) int {
	n := len(steps)
	for _, s := range steps {
		for _, b := range s.Branches {
			n += count(b.Steps)
		}
		for _, i := range s.Items {
			n += count(i.Steps)
		}
	}
	return n
}

// did is the strongest thing that steps did to a record.
func did(steps []*Step) (best run.Outcome) {
	strength := []run.Outcome{"", run.Unchanged, run.Updated, run.Created}
	look := func(o run.Outcome) {
		if o == run.Found {
			o = run.Unchanged
		}
		if slices.Index(strength, o) > slices.Index(strength, best) {
			best = o
		}
	}
	for _, s := range steps {
		look(s.Outcome)
		for _, b := range s.Branches {
			if b.Taken {
				look(did(b.Steps))
			}
		}
		for _, i := range s.Items {
			look(did(i.Steps))
		}
	}
	return best
}

// setBy gives what steps left in the names that are bound outside, the last value of each.
func setBy(steps []*Step, bound map[string]bool, sets []Named, at map[string]int) []Named {
	for _, s := range steps {
		for _, b := range s.Branches {
			if b.Taken {
				sets = setBy(b.Steps, bound, sets, at)
			}
		}
		for _, i := range s.Items {
			if i.Status != run.Failed {
				sets = setBy(i.Steps, bound, sets, at)
			}
		}
		if s.Returns == nil || s.State != Ran || !bound[s.Returns.Name] {
			continue
		}
		if n, there := at[s.Returns.Name]; there {
			sets[n].Value = s.Returns.Value
			continue
		}
		at[s.Returns.Name] = len(sets)
		sets = append(sets, Named(*s.Returns))
	}
	return sets
}

package tree

import (
	"strconv"
	"strings"
)

// NextNumber is the first n for which neither the spec nor any before it (whose answer comes as least) used the id "s<n>".
func (s *Spec) NextNumber(least int) int {
	next := max(least, 1)
	s.Walk(func(_ string, i *Instruction) bool {
		if digits, ok := strings.CutPrefix(i.ID, "s"); ok {
			if n, err := strconv.Atoi(digits); err == nil && n >= next && n < 1<<30 {
				next = n + 1
			}
		}
		return true
	})
	return next
}

// AssignIDs gives every instruction without an id one: in each list, instructions with the content of a stored one take
// over its id, then the rest in order by equal type; what is left gets "s<next>" and so on. stored is the version before,
// nil for none; next is what the last call for this processor gave, or 1. It gives the next next.
func (s *Spec) AssignIDs(stored *Spec, next int) int {
	a := assigner{next: s.NextNumber(next), taken: map[string]bool{}}
	s.Walk(func(_ string, i *Instruction) bool {
		if i.ID != "" {
			a.taken[i.ID] = true
		}
		return true
	})
	var before []*Instruction
	if stored != nil {
		before = stored.Instructions
		a.next = stored.NextNumber(a.next)
	}
	a.list(s.Instructions, before)
	a.fields(s.Unknown, nil)
	return a.next
}

// NameProblems gives every problem within an instruction the id of that instruction, once all have ids: a reader tells
// problems before.
func (s *Spec) NameProblems(problems []Problem) {
	ids := map[string]string{}
	s.Walk(func(pointer string, i *Instruction) bool {
		ids[pointer] = i.ID
		return true
	})
	for n := range problems {
		p := &problems[n]
		for at := p.Pointer; p.InstructionID == "" && at != ""; at = at[:strings.LastIndexByte(at, '/')] {
			p.InstructionID = ids[at]
		}
	}
}

type assigner struct {
	next  int
	taken map[string]bool
}

func (a *assigner) list(now, before []*Instruction) {
	match := make([]*Instruction, len(now)) // the stored one each stands for
	byID := map[string]*Instruction{}
	for _, old := range before {
		byID[old.ID] = old
	}
	for n, i := range now {
		if i.ID != "" {
			match[n] = byID[i.ID]
		}
	}
	free := map[string][]*Instruction{}
	for _, old := range before {
		if !a.taken[old.ID] {
			content := old.content()
			free[content] = append(free[content], old)
		}
	}
	a.pair(now, match, free, (*Instruction).content)
	free = map[string][]*Instruction{}
	for _, old := range before {
		if !a.taken[old.ID] {
			free[old.Type] = append(free[old.Type], old)
		}
	}
	a.pair(now, match, free, func(i *Instruction) string { return i.Type })
	for n, i := range now {
		if i.ID == "" {
			i.ID = "s" + strconv.Itoa(a.next)
			a.next++
		}
		a.inner(i, match[n])
	}
}

// pair lets instructions without id take over those of free ones with the same key, in order.
func (a *assigner) pair(now, match []*Instruction, free map[string][]*Instruction, key func(*Instruction) string) {
	for n, i := range now {
		if i.ID != "" {
			continue
		}
		if candidates := free[key(i)]; len(candidates) > 0 {
			i.ID, match[n] = candidates[0].ID, candidates[0]
			a.taken[i.ID] = true
			free[key(i)] = candidates[1:]
		}
	}
}

// inner goes on in the lists within an instruction, against those of the stored one with the same names.
func (a *assigner) inner(i, stored *Instruction) { a.fields(i.Fields, stored) }

func (a *assigner) fields(fields []Field, stored *Instruction) {
	for _, f := range fields {
		var before Content
		if stored != nil {
			before = stored.Field(f.Name)
		}
		switch c := f.Content.(type) {
		case Body:
			old, _ := before.(Body)
			a.list(c, old)
		case Cases:
			old, _ := before.(Cases)
			for n, one := range c {
				var body []*Instruction
				if n < len(old) {
					body = old[n].Body
				}
				a.list(one.Body, body)
				a.fields(one.Unknown, nil)
			}
		case Raw:
			old, _ := before.(Body)
			for _, part := range c.Parts {
				if body, ok := part.Content.(Body); ok {
					a.list(body, old)
				}
			}
		}
	}
}

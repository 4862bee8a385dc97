package tree

import (
	"slices"
	"strconv"
)

// Find gives what a pointer names: an *Expr or other Content of a field, or nil. Of an instruction see FindInstruction.
func (s *Spec) Find(pointer string) Content {
	found, _ := s.find(SplitPointer(pointer))
	return found
}

// FindInstruction gives the instruction that a pointer names or leads into, the innermost; nil where there is none.
func (s *Spec) FindInstruction(pointer string) *Instruction {
	_, i := s.find(SplitPointer(pointer))
	return i
}

func (s *Spec) find(path []string) (Content, *Instruction) {
	if len(path) == 0 || path[0] != "instructions" {
		return nil, nil
	}
	return findIn(Body(s.Instructions), path[1:], nil)
}

func findIn(c Content, path []string, outer *Instruction) (Content, *Instruction) {
	if raw, ok := c.(Raw); ok {
		for _, part := range raw.Parts {
			if n := len(part.Path); n <= len(path) && slices.Equal(part.Path, path[:n]) {
				return findIn(part.Content, path[n:], outer)
			}
		}
	}
	if len(path) == 0 {
		return c, outer
	}
	n, err := strconv.Atoi(path[0])
	within := func(length int) bool { return err == nil && n >= 0 && n < length }
	switch c := c.(type) {
	case Body:
		if within(len(c)) {
			if len(path) == 1 {
				return nil, c[n]
			}
			return findIn(c[n].Field(path[1]), path[2:], c[n])
		}
	case Cases:
		switch {
		case !within(len(c)) || len(path) == 1:
		case path[1] == "body":
			return findIn(Body(c[n].Body), path[2:], outer)
		case path[1] == "equals" && len(c[n].Equals) == 1 && (len(path) == 2 || path[2] != "0"):
			return findIn(c[n].Equals[0], path[2:], outer)
		case path[1] == "equals":
			return findIn(List(c[n].Equals), path[2:], outer)
		}
	case List:
		if within(len(c)) {
			return findIn(c[n], path[1:], outer)
		}
	case Group:
		return findIn(find(c, path[0]), path[1:], outer)
	case *Expr:
		return findIn(c.Field(path[0]), path[1:], outer)
	}
	return nil, outer
}

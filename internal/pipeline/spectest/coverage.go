package spectest

import (
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
)

// Coverage tells which instructions and branches of a program runs have come by. A branch that is not written, such as
// the else of an if_else that has none, is one too: somebody should know what happens then.
type Coverage struct {
	instructions []spot
	branches     []spot
	seen         map[spot]bool
	unwritten    map[string]string // pointer of a block → its branch that is not written
}

// spot is an instruction or one branch of it.
type spot struct{ pointer, id, what, branch string }

// NewCoverage makes the coverage of a program before anything ran. Disabled instructions are no part of it.
func NewCoverage(program *run.Program, lib *library.Library) *Coverage {
	c := &Coverage{seen: map[spot]bool{}, unwritten: map[string]string{}}
	c.count(program.Body, lib)
	return c
}

func (c *Coverage) count(steps []*run.Instruction, lib *library.Library) {
	for _, in := range steps {
		if in.Off {
			continue
		}
		at := spot{pointer: in.Pointer, id: in.ID, what: in.Type}
		c.instructions = append(c.instructions, at)
		if branch := otherwise(lib, in); branch != "" {
			c.unwritten[in.Pointer] = branch
		}
		for _, body := range in.Bodies {
			if !in.Loop {
				at.branch = body.Name
				c.branches = append(c.branches, at)
			}
			c.count(body.Steps, lib)
		}
		if branch := c.unwritten[in.Pointer]; branch != "" {
			at.branch = branch
			c.branches = append(c.branches, at)
		}
	}
}

// otherwise is the branch of a block that runs when no other does, where it is not written.
func otherwise(lib *library.Library, in *run.Instruction) string {
	declared := lib.Instruction(in.Type)
	if declared == nil {
		return ""
	}
	for _, p := range declared.Params {
		if !p.Otherwise {
			continue
		}
		for _, body := range in.Bodies {
			if body.Name == p.Name {
				return ""
			}
		}
		return p.Name
	}
	return ""
}

// Add adds what one run came by.
func (c *Coverage) Add(t *trace.Tree) { c.steps(t.Steps) }

func (c *Coverage) steps(steps []*trace.Step) {
	for _, s := range steps {
		if s.State != trace.Ran && s.State != trace.Failed {
			continue
		}
		at := spot{pointer: s.Pointer, id: s.ID, what: s.Type}
		c.seen[at] = true
		taken := false
		for _, b := range s.Branches {
			if b.Taken {
				taken = true
				branch := at
				branch.branch = b.Name
				c.seen[branch] = true
				c.steps(b.Steps)
			}
		}
		if unwritten := c.unwritten[s.Pointer]; unwritten != "" && !taken && s.State == trace.Ran {
			at.branch = unwritten
			c.seen[at] = true
		}
		for _, item := range s.Items {
			c.steps(item.Steps)
		}
	}
}

// Share is how many of all there are were reached, and which were not.
type Share struct {
	Reached int      `json:"reached"`
	All     int      `json:"all"`
	Missed  []Missed `json:"missed"`
}

// Missed is an instruction, or a branch of one, that no run has come by.
type Missed struct {
	Pointer     string `json:"pointer"`
	Instruction string `json:"instruction"` // its id
	Type        string `json:"type"`
	Branch      string `json:"branch,omitempty"`
}

// Instructions tells which ran.
func (c *Coverage) Instructions() Share { return c.share(c.instructions) }

// Branches tells which were taken.
func (c *Coverage) Branches() Share { return c.share(c.branches) }

func (c *Coverage) share(all []spot) Share {
	s := Share{All: len(all), Missed: []Missed{}}
	for _, at := range all {
		if c.seen[at] {
			s.Reached++
		} else {
			s.Missed = append(s.Missed, Missed{Pointer: at.pointer, Instruction: at.id, Type: at.what, Branch: at.branch})
		}
	}
	return s
}

// Package coverage counts which instructions and branches of a program runs have come by. It is told by the runs
// themselves, as a recorder of what goes on, so it costs little beside them. It runs nothing on its own.
package coverage

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Coverage of a program. A branch that is not written, such as the else of an if_else that has none, is one too:
// somebody should know what happens then. It is for one goroutine.
type Coverage struct {
	instructions, branches []*Spot
	blocks                 map[*run.Instruction]*block
}

// Spot is an instruction, or one branch of it, with how often runs have come by; each item of a loop counts.
type Spot struct {
	Pointer     string `json:"pointer"`
	Instruction string `json:"instruction"` // its id
	Type        string `json:"type"`
	Branch      string `json:"branch,omitempty"`
	Count       int    `json:"count"`
}

// block is an instruction as runs tell of it.
type block struct {
	spot      *Spot
	bodies    map[*run.Body]*Spot
	otherwise *Spot // the branch that is not written; nil: all are
}

// New makes the coverage of a program before anything ran. Disabled instructions are no part of it.
func New(program *run.Program, lib *library.Library) *Coverage {
	c := &Coverage{blocks: map[*run.Instruction]*block{}}
	c.list(program.Body, lib)
	return c
}

func (c *Coverage) list(steps []*run.Instruction, lib *library.Library) {
	for _, in := range steps {
		if in.Off {
			continue
		}
		b := &block{spot: &Spot{Pointer: in.Pointer, Instruction: in.ID, Type: in.Type}, bodies: map[*run.Body]*Spot{}}
		c.blocks[in] = b
		c.instructions = append(c.instructions, b.spot)
		for i := range in.Bodies {
			body := &in.Bodies[i]
			if !in.Loop {
				b.bodies[body] = c.branch(in, body.Name)
			}
			c.list(body.Steps, lib)
		}
		if name := otherwise(lib, in); name != "" {
			b.otherwise = c.branch(in, name)
		}
	}
}

func (c *Coverage) branch(in *run.Instruction, name string) *Spot {
	s := &Spot{Pointer: in.Pointer, Instruction: in.ID, Type: in.Type, Branch: name}
	c.branches = append(c.branches, s)
	return s
}

// otherwise is the branch of a block that runs when no other does, where it is not written.
func otherwise(lib *library.Library, in *run.Instruction) string {
	declared := lib.Instruction(in.Type)
	if declared == nil {
		return ""
	}
	for _, p := range declared.Params {
		if p.Otherwise && !slices.ContainsFunc(in.Bodies, func(b run.Body) bool { return b.Name == p.Name }) {
			return p.Name
		}
	}
	return ""
}

// Recorder is told what goes on in one run of the program. The program need not be a traced one.
func (c *Coverage) Recorder() run.Recorder { return &recorder{coverage: c} }

// recorder keeps, for each instruction under way, whether one of its branches was taken.
type recorder struct {
	run.Unheard
	coverage *Coverage
	taken    []bool
	within   []*block
}

func (r *recorder) StepBegins(in *run.Instruction) {
	r.taken = append(r.taken, false)
	r.within = append(r.within, r.coverage.blocks[in])
}

func (r *recorder) BodyBegins(body *run.Body) {
	last := len(r.taken) - 1
	r.taken[last] = true
	if s := r.within[last].bodies[body]; s != nil {
		s.Count++
	}
}

func (r *recorder) StepEnds(in *run.Instruction, _ run.Outcome, _ value.Value, flow run.Flow) {
	last := len(r.taken) - 1
	b, taken := r.within[last], r.taken[last]
	r.taken, r.within = r.taken[:last], r.within[:last]
	if flow == run.Aborted && len(in.Bodies) == 0 {
		return // it waits for an answer
	}
	b.spot.Count++
	if b.otherwise != nil && !taken && flow == run.Next {
		b.otherwise.Count++
	}
}

// Share is how many of all there are were reached, and which were not.
type Share struct {
	Reached int    `json:"reached"`
	All     int    `json:"all"`
	Missed  []Spot `json:"missed"`
}

// Instructions tells which ran.
func (c *Coverage) Instructions() Share { return share(c.instructions) }

// Branches tells which were taken.
func (c *Coverage) Branches() Share { return share(c.branches) }

func share(all []*Spot) Share {
	s := Share{All: len(all), Missed: []Spot{}}
	for _, at := range all {
		if at.Count > 0 {
			s.Reached++
		} else {
			s.Missed = append(s.Missed, *at)
		}
	}
	return s
}

// Counts gives all instructions, then all branches, those that were never reached first, else as they stand in the spec.
func (c *Coverage) Counts() (instructions, branches []Spot) {
	return counts(c.instructions), counts(c.branches)
}

// Taken gives how often each branch was taken so far, as they stand in the spec; what changes between two of these was taken in between.
func (c *Coverage) Taken() []int {
	taken := make([]int, len(c.branches))
	for i, s := range c.branches {
		taken[i] = s.Count
	}
	return taken
}

// Branch gives the one at a place of Taken.
func (c *Coverage) Branch(i int) Spot { return *c.branches[i] }

func counts(all []*Spot) []Spot {
	never, reached := make([]Spot, 0, len(all)), []Spot(nil)
	for _, at := range all {
		if at.Count == 0 {
			never = append(never, *at)
		} else {
			reached = append(reached, *at)
		}
	}
	return append(never, reached...)
}

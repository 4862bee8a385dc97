package run

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Beside is the host of a bare run that has another beside it: two programs that have steps in common run on one item, each
// with a host of its own. The one leads; the other follows, and does not run again what comes to the same.
type Beside interface {
	Host
	// Applied is how many effects were applied in the run and stand.
	Applied() int
	// Repeat applies again what the host of the run that leads applied, from the effect `from` up to `to`: if each finds
	// here what it found there, so that it comes to the same. If one does not, or it cannot be told, nothing is applied.
	Repeat(from, to int) bool
}

// Track is what the steps at the top of a run came to, for a run that follows. It may be used again for the next.
type Track struct {
	steps  []trodden
	values []value.Value // what the names of the steps held after each
}

// trodden is one step. The zero one was not run, or failed in part.
type trodden struct {
	done          bool
	flow          Flow
	values        int // where those of its names begin
	before, after spent
}

// spent is what counts up or down in a run.
type spent struct {
	applied, steps, writes, evals, text int
	counts                              Counts
}

// InCommon is what a program has in common with one whose run leads. It is never changed.
type InCommon struct {
	twins []int  // by step at the top: the same one of the program that leads; -1: it has none
	own   []bool // by slot: a step that is not in common, of either program, may bind it
}

// Compare finds what a program has in common with one that leads. Twins are the places of the same instructions at the top
// of that, in rising order, -1 for those that it does not have; all else of the two is the same.
func Compare(lead, follows *Program, twins []int) *InCommon {
	c := &InCommon{twins: twins, own: make([]bool, follows.Slots)}
	here := make([]int, lead.Slots) // slot of the one that leads → slot of the other, where a common step names it
	for i := range here {
		here[i] = -1
	}
	common := make([]bool, len(lead.Body))
	for i, twin := range twins {
		if twin < 0 {
			follows.Body[i].binds(c.bindOwn)
			continue
		}
		common[twin] = true
		for k, slot := range lead.Body[twin].Names {
			here[slot] = follows.Body[i].Names[k]
		}
	}
	for i, in := range lead.Body {
		if common[i] {
			continue
		}
		in.binds(func(slot int) {
			if here[slot] >= 0 {
				c.own[here[slot]] = true
			}
		})
	}
	return c
}

func (c *InCommon) bindOwn(slot int) { c.own[slot] = true }

// binds tells the slots that an instruction may bind for what comes after it.
func (in *Instruction) binds(tell func(slot int)) {
	if in.Slot >= 0 {
		tell(in.Slot)
	}
	for i := range in.Bodies {
		for _, slot := range in.Bodies[i].Assigned {
			tell(slot)
		}
	}
}

// Lead is a bare Run that keeps its track.
func Lead(p *Program, item value.Value, env Environment, host Beside, track *Track) (Result, error) {
	f := p.frame()
	env.Bare = true
	f.env, f.host, f.beside, f.track = env, host, host, track
	track.steps = slices.Grow(track.steps[:0], len(p.Body))[:len(p.Body)]
	clear(track.steps)
	track.values = track.values[:0]
	result, err := f.run(item)
	p.free(f)
	return result, err
}

// Follow is a bare Run on the same item in the same environment as that of the program that leads, whose track it is given:
// what comes to the same is not run again.
func Follow(p *Program, item value.Value, env Environment, host Beside, track *Track, common *InCommon) (Result, error) {
	f := p.frame()
	env.Bare = true
	f.env, f.host, f.beside, f.track, f.follows = env, host, host, track, common
	f.own = append(f.own[:0], common.own...)
	result, err := f.run(item)
	p.free(f)
	return result, err
}

// top runs the steps of the program.
func (f *Frame) top() Flow {
	if f.beside == nil {
		return f.list(f.prog.Body)
	}
	for i, in := range f.prog.Body {
		if in.Off {
			continue
		}
		var flow Flow
		if f.follows == nil {
			flow = f.tread(i, in)
		} else {
			flow = f.follow(i, in)
		}
		if flow != Next {
			return flow
		}
	}
	return Next
}

// tread runs a step and keeps what it came to.
func (f *Frame) tread(i int, in *Instruction) Flow {
	one := trodden{before: f.spent(), values: len(f.track.values)}
	errs, partial, asked := len(f.errors), f.partial, f.asked
	one.flow = f.step(in)
	if (one.flow == Next || one.flow == Stopped) && len(f.errors) == errs && f.partial == partial && f.asked == asked {
		one.done, one.after = true, f.spent()
		for _, slot := range in.Names {
			f.track.values = append(f.track.values, f.slots[slot])
		}
		f.track.steps[i] = one
	}
	return one.flow
}

// follow takes over what the same step came to in the run that leads, or runs it.
func (f *Frame) follow(i int, in *Instruction) Flow {
	if twin := f.follows.twins[i]; twin >= 0 {
		if one := &f.track.steps[twin]; f.sameFor(one, in) && f.beside.Repeat(one.before.applied, one.after.applied) {
			f.spend(&one.before, &one.after)
			for k, slot := range in.Names {
				f.slots[slot] = f.track.values[one.values+k]
			}
			return one.flow
		}
		in.binds(func(slot int) { f.own[slot] = true })
	}
	return f.step(in)
}

// sameFor reports whether a step of the run that leads began with what it would begin with here, and has room to end here.
func (f *Frame) sameFor(one *trodden, in *Instruction) bool {
	if !one.done {
		return false
	}
	for _, slot := range in.Names {
		if f.own[slot] {
			return false
		}
	}
	had, left := &one.before, &one.after
	return f.steps+left.steps-had.steps <= MaxSteps && f.writes+left.writes-had.writes <= MaxWrites &&
		f.evals+left.evals-had.evals >= 0 && f.text+left.text-had.text >= 0
}

func (f *Frame) spent() spent {
	return spent{applied: f.beside.Applied(), steps: f.steps, writes: f.writes, evals: f.evals, text: f.text, counts: f.counts}
}

// spend counts what a step of the run that leads used and did.
func (f *Frame) spend(before, after *spent) {
	f.steps += after.steps - before.steps
	f.writes += after.writes - before.writes
	f.evals += after.evals - before.evals
	f.text += after.text - before.text
	f.counts.Created += after.counts.Created - before.counts.Created
	f.counts.Updated += after.counts.Updated - before.counts.Updated
	f.counts.Unchanged += after.counts.Unchanged - before.counts.Unchanged
}

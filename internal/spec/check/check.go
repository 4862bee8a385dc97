// Package check says whether a spec makes sense: names and their scopes, types through the whole spec, required fields,
// literals that can never be right. It tells all problems at once, each with its place, and what merely follows from
// another not at all. It is driven by the library's declarations and has no list of operations of its own; it never
// runs anything.
package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Checked is a spec with what the checker found out about it.
type Checked struct {
	spec  *tree.Spec
	lib   *library.Library
	model library.Model
	done  *checker
}

// TypeOf gives the type of an expression of the spec, as it was found at its place; ok false: it was not looked at.
func (c Checked) TypeOf(e *tree.Expr) (t types.Type, ok bool) {
	t, ok = c.done.types[e]
	return t, ok
}

// TypeAt gives the type of the expression that a pointer names; ok false: there is none.
func (c Checked) TypeAt(pointer string) (t types.Type, ok bool) {
	if e, is := c.spec.Find(pointer).(*tree.Expr); is {
		return c.TypeOf(e)
	}
	return types.Broken, false
}

// Check checks a spec that has been read against a library and a source model. Problems come in the order of the spec;
// warnings are among them.
func Check(spec *tree.Spec, lib *library.Library, model library.Model) (Checked, []tree.Problem) {
	c := settle(spec, lib, model, nil, "")
	return Checked{spec: spec, lib: lib, model: model, done: c}, c.problems
}

// Scope gives the names visible at a place of the spec, in the order they were bound: at an instruction those it can
// use, within an expression also the names bound there. A pointer one past the end of a list is the place of an
// instruction to be added there.
func (c Checked) Scope(pointer string) []Visible {
	return settle(c.spec, c.lib, c.model, nil, pointer).found
}

// Visible is a name that can be used at a place.
type Visible struct {
	Name    string
	Type    types.Type
	Pointer string // of what binds it; "" for the source model
	// Delivered: it is, or is in, what was delivered: Data says where, as shapes write it; "" is the delivery itself.
	Delivered bool
	Data      string
}

// maxPasses bounds how often a spec is gone through: again whenever a later assignment changed what type a variable
// has from the start.
const maxPasses = 8

func settle(spec *tree.Spec, lib *library.Library, model library.Model, seen *shape.Shape, target string) *checker {
	variables := map[*tree.Instruction]types.Type{}
	for pass := 1; ; pass++ {
		c := &checker{
			spec: spec, lib: lib, model: model, seen: seen, target: target,
			names:     map[string]*name{},
			types:     make(map[*tree.Expr]types.Type, 8*len(spec.Instructions)),
			variables: variables,
			assigned:  map[*tree.Instruction]types.Type{},
			elsewhere: map[string]string{},
			ids:       map[string]bool{},
			enriched:  map[string]map[string]*enrichment{},
			taken:     map[int]*name{},
			first:     map[*tree.Instruction]types.Type{},
		}
		c.all()
		again := false
		for definition, t := range c.assigned {
			if known, ok := variables[definition]; !ok || !types.Same(known, t) {
				variables[definition] = t
				again = again || ok || !types.Same(c.first[definition], t)
			}
		}
		if !again || pass == maxPasses {
			return c
		}
	}
}

// checker goes once through a spec.
type checker struct {
	guessed   int // unknown names whose meaning was looked for
	guessedAt int // how many problems there were with the last of them
	spec      *tree.Spec
	lib       *library.Library
	model     library.Model
	seen      *shape.Shape // nil: no samples
	problems  []tree.Problem
	types     map[*tree.Expr]types.Type

	names     map[string]*name                  // what is visible, by lower-case name
	order     []*name                           // the same in the order of binding
	enriched  map[string]map[string]*enrichment // by the path they are read under, then by name
	facts     []tree.Path                       // what is known not to be null here
	forgotten []string                          // variables assigned, in order
	loops     int                               // enclosing loops
	depth     int                               // of instructions
	exprDepth int
	count     int    // instructions
	id        string // of the instruction under way
	ids       map[string]bool
	unnamed   []unnamed         // before this place, whose result has no name
	elsewhere map[string]string // names that were visible and are no more, or are bound by what is disabled: why

	variables map[*tree.Instruction]types.Type // by definition: the type all assignments have together, from earlier passes
	assigned  map[*tree.Instruction]types.Type // the same, as this pass finds it
	first     map[*tree.Instruction]types.Type // the type that the definition alone has
	received  bool                             // the spec reads the receive time

	bound []*name       // all there ever were, in order
	uses  []use         // of them
	taken map[int]*name // by problem: names that were taken

	target  string
	found   []Visible
	certain []string // paths that are not null at the target
}

func (c *checker) report(severity tree.Severity, at *tree.Place, code, message, hint string) *tree.Problem {
	c.problems = append(c.problems, tree.Problem{Code: code, Severity: severity, InstructionID: c.id, Pointer: at.Pointer(), Message: message, Hint: hint})
	return &c.problems[len(c.problems)-1]
}

func (c *checker) problem(at *tree.Place, code, message, hint string) *tree.Problem {
	return c.report(tree.Error, at, code, message, hint)
}

func (c *checker) warn(at *tree.Place, code, message, hint string) *tree.Problem {
	return c.report(tree.Warning, at, code, message, hint)
}

// look notes the scope when the walk comes by the place that was asked for.
func (c *checker) look(at *tree.Place) {
	if c.target == "" || at.Pointer() != c.target {
		return
	}
	c.found = nil
	for _, n := range c.order {
		t := n.kind
		if c.sure(tree.Path{Root: n.name}, 0) {
			t = t.Sure()
		}
		c.found = append(c.found, Visible{n.name, t, n.at, n.at == "" || n.data != "", n.data})
	}
	c.certain = nil
	for _, p := range c.facts {
		c.certain = append(c.certain, p.String())
	}
	slices.Sort(c.certain)
	c.certain = slices.Compact(c.certain)
}

func (c *checker) all() {
	root := (*tree.Place)(nil)
	c.sourceModel(root)
	c.constants(root.Key("constants"))
	c.enrichments(root.Key("enrichments"))
	c.ahead()
	c.list(c.spec.Instructions, root.Key("instructions"))
	for _, f := range c.spec.Unknown {
		c.rebind(c.raw(f.Content, root.Key(f.Name)))
	}
	if c.count > tree.MaxInstructions {
		c.problem(root.Key("instructions"), tree.TooLarge, fmt.Sprintf("the spec has %d instructions, and 2,000 are allowed", c.count), "Split it into two processors.")
	}
	c.unused(c.leave(0))
	c.unusedEnrichments()
	c.tests(root.Key("tests"))
	c.fixTaken()
}

func (c *checker) sourceModel(root *tree.Place) {
	if m := c.spec.SourceModel; m != "" && m != c.model.Name {
		c.problem(root.Key("source_model"), tree.UnknownType, fmt.Sprintf("there is no source model %s here, but %s", m, c.model.Name),
			"Write source_model: "+c.model.Name+".").Fix = tree.Replace("Write "+c.model.Name, "/source_model", value.Text(c.model.Name))
	}
	variable := c.spec.Var
	if variable == "" {
		variable = c.model.Var
	}
	n := c.bind(root.Key("var"), variable, c.model.Type.From(variable))
	n.at, n.used = "", true
}

// ahead finds names that are bound by disabled instructions, for hints, and counts ids.
func (c *checker) ahead() {
	c.spec.Walk(func(pointer string, i *tree.Instruction) bool {
		if i.Disabled {
			if i.ReturnAs != "" {
				c.elsewhere[strings.ToLower(i.ReturnAs)] = "It is bound by an instruction that is disabled."
			}
		} else if key := strings.ToLower(i.ReturnAs); key != "" && c.elsewhere[key] == "" {
			c.elsewhere[key] = "It is bound only further on" + named(i) + "."
		}
		if i.ID != "" {
			if c.ids[i.ID] {
				c.problems = append(c.problems, tree.Problem{Code: tree.DuplicateID, Severity: tree.Error, InstructionID: i.ID, Pointer: pointer + "/id",
					Message: "the id " + i.ID + " is used twice", Hint: "Leave one of them out; it gets a new one on save.",
					Fix: tree.Remove("Leave this one out", pointer+"/id")})
			}
			c.ids[i.ID] = true
		}
		return true
	})
}

func named(i *tree.Instruction) string {
	if i.ID == "" {
		return ", by " + i.Type
	}
	return ", by " + i.Type + " " + i.ID
}

// list checks instructions one after the other. It says whether the list always ends the run or item, and which names
// it bound that are still visible; the caller leaves the scope.
func (c *checker) list(list []*tree.Instruction, at *tree.Place) (ends bool) {
	if c.depth++; c.depth > tree.MaxDepth {
		if c.depth == tree.MaxDepth+1 {
			c.problem(at, tree.TooLarge, "instructions are nested more than 64 deep here", "End a branch with stop, so that what follows need not be within another.")
		}
		c.depth--
		return false
	}
	told, up := false, at
	for n, i := range list {
		at := at.Index(n)
		c.look(at)
		if ends && !told && !i.Disabled {
			c.id = i.ID
			var rest []string
			for k := len(list) - 1; k >= n; k-- {
				rest = append(rest, up.Index(k).Pointer())
			}
			c.warn(at, tree.Unreachable, "this is never reached: what stands before it always ends", "Move it, or take it out.").Fix =
				tree.Remove("Take out what is never reached", rest...)
			told = true
		}
		c.count++
		if !i.Disabled && c.instruction(i, at) {
			ends = true
		}
	}
	c.look(at.Index(len(list)))
	c.depth--
	return ends
}

// fact notes paths that are known not to be null from here to the end of the scope.
func (c *checker) fact(paths []tree.Path) { c.facts = append(c.facts, paths...) }

// sure says whether the first n steps of a path are known not to be null.
func (c *checker) sure(p tree.Path, n int) bool {
	for _, f := range c.facts {
		if f.Root == p.Root && len(f.Steps) >= n && slices.Equal(f.Steps[:n], p.Steps[:n]) {
			return true
		}
	}
	return false
}

// remembering gives what brings back the facts of now at the end of a branch, but for those about variables that were
// assigned in between.
func (c *checker) remembering() (restore func()) {
	facts, assigned := slices.Clone(c.facts), len(c.forgotten)
	return func() {
		c.facts = slices.DeleteFunc(facts, func(p tree.Path) bool { return slices.Contains(c.forgotten[assigned:], p.Root) })
	}
}

// forget drops what is known about a variable, because it is assigned.
func (c *checker) forget(root string) {
	c.forgotten = append(c.forgotten, root)
	c.facts = slices.DeleteFunc(slices.Clone(c.facts), func(p tree.Path) bool { return p.Root == root })
}

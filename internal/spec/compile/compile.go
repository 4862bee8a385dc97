// Package compile makes a program of a spec that was checked: closures over slots, so that a run looks up no name. It
// checks nothing itself; a spec with mistakes gives an error that names the first it stumbles over, and no program.
package compile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Options of Compile.
type Options struct {
	// Var is the name of the item where the spec gives none: the model's own.
	Var string
	// Traced makes a program that tells a run's recorder of every expression. It runs exactly like the other.
	Traced bool
}

// Compile makes the program of a spec.
func Compile(spec *tree.Spec, lib *library.Library, options Options) (*run.Program, error) {
	c := &compiler{lib: lib, traced: options.Traced, slots: map[string]int{}, enrichments: map[string]int{}}
	name := spec.Var
	if name == "" {
		name = options.Var
	}
	p := &run.Program{Hash: spec.ProgramHash(), Item: c.slot(name), Var: name}
	for _, constant := range spec.Constants {
		p.Constants = append(p.Constants, c.constant(constant))
	}
	model, _ := lib.Model(spec.SourceModel)
	for _, e := range spec.Enrichments {
		made := run.Enrichment{Name: e.Of.String() + "." + e.Name, Use: e.Use, Of: -1, Chain: e.Use}
		ofUse := ""
		for i := range p.Enrichments {
			if of := &p.Enrichments[i]; of.Name == e.Of.String() {
				made.Of, made.Chain, ofUse = i, of.Chain+"/"+e.Use, of.Use
			}
		}
		made.Type, _ = model.Fetched(ofUse, e.Use)
		made.Slot = c.slot(made.Name)
		c.enrichments[made.Name] = made.Slot
		p.Enrichments = append(p.Enrichments, made)
	}
	p.Body = c.body(spec.Instructions, "/instructions")
	p.Slots = len(c.slots)
	if c.err != nil {
		return nil, c.err
	}
	return p, nil
}

// compiler gives every name one slot: a name has one meaning wherever it is visible, and where sibling branches use it
// for different things, they are never visible together.
type compiler struct {
	lib         *library.Library
	traced      bool
	slots       map[string]int
	enrichments map[string]int // dotted name → slot
	named       []int          // slots, as often as they were named so far
	err         error          // the first thing that cannot be compiled
}

func (c *compiler) slot(name string) int {
	slot, ok := c.slots[name]
	if !ok {
		slot = len(c.slots)
		c.slots[name] = slot
	}
	c.named = append(c.named, slot)
	return slot
}

func (c *compiler) fail(pointer, format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf("the spec cannot be compiled, at %s: %s", pointer, fmt.Sprintf(format, args...))
	}
}

func (c *compiler) constant(constant *tree.Constant) run.Constant {
	made := run.Constant{Name: constant.Name, Slot: c.slot(constant.Name)}
	if constant.Default != nil {
		made.Default = *constant.Default
	}
	if constant.Type == "datetime" {
		made.Read = library.ReadDatetime
	}
	return made
}

func (c *compiler) body(list []*tree.Instruction, pointer string) []*run.Instruction {
	steps := make([]*run.Instruction, len(list))
	for i, in := range list {
		steps[i] = c.instruction(in, pointer+"/"+strconv.Itoa(i))
	}
	return steps
}

func (c *compiler) instruction(in *tree.Instruction, pointer string) *run.Instruction {
	made := &run.Instruction{ID: in.ID, Type: in.Type, Pointer: pointer, Slot: -1, Off: in.Disabled, Title: in.Type, Summary: in.Type}
	operation := c.lib.FindOperation(in.Type)
	if operation != nil {
		made.Title, made.Summary = operation.Title, c.summary(operation, in)
		made.Loop = operation.Loops
	}
	switch {
	case in.Disabled:
		return made
	case operation == nil:
		c.fail(pointer, "there is no operation %q", in.Type)
		return made
	}
	before := len(c.named)
	if in.ReturnAs != "" {
		made.Slot, made.Return = c.slot(in.ReturnAs), in.ReturnAs
	}
	step := &library.Step{Slots: map[string]int{}, Bodies: map[string]int{}}
	for i := range operation.Params {
		c.field(made, step, operation, &operation.Params[i], in.Field(operation.Params[i].Name), pointer)
	}
	made.Do = operation.Meaning(step)
	made.Names = once(c.named[before:])
	return made
}

// field compiles what is given for one field of an instruction.
func (c *compiler) field(in *run.Instruction, step *library.Step, operation *library.Operation, param *types.Param, content tree.Content, pointer string) {
	pointer += "/" + param.Name
	switch content := content.(type) {
	case nil:
		if param.Required {
			c.fail(pointer, "it is required")
		}
	case *tree.Expr:
		if param.Form == types.Group {
			for i := range param.Fields {
				in.Fields = append(in.Fields, c.plan(operation, &param.Fields[i], param.Name+"."+param.Fields[i].Name, content, pointer))
			}
			return
		}
		in.Fields = append(in.Fields, c.plan(operation, param, param.Name, content, pointer))
	case tree.List:
		plan := run.FieldPlan{Name: param.Name, Title: param.Title, Pointer: pointer}
		for i, e := range content {
			at := pointer + "/" + strconv.Itoa(i)
			item, node := c.expr(e, at, nil)
			plan.List = append(plan.List, cleaned(item, operation.Cleaner(param), at))
			plan.Nodes = append(plan.Nodes, run.NodeArg{Name: strconv.Itoa(i), Node: node})
		}
		in.Fields = append(in.Fields, plan)
	case tree.Group:
		for i := range param.Fields {
			for _, given := range content {
				if e, ok := given.Content.(*tree.Expr); ok && given.Name == param.Fields[i].Name {
					in.Fields = append(in.Fields, c.plan(operation, &param.Fields[i], param.Name+"."+given.Name, e, pointer+"/"+given.Name))
				}
			}
		}
	case tree.Name:
		step.Slots[param.Name] = c.slot(string(content))
	case tree.Body:
		step.Bodies[param.Name] = len(in.Bodies)
		in.Bodies = append(in.Bodies, c.bodyOf(param.Name, content, pointer))
	case tree.Cases:
		for i, one := range content {
			at := pointer + "/" + strconv.Itoa(i)
			made := library.Case{Body: len(in.Bodies)}
			for j, e := range one.Equals {
				made.Equals = append(made.Equals, c.plan(operation, param, "equals", e, at+"/equals/"+strconv.Itoa(j)))
			}
			step.Cases = append(step.Cases, made)
			in.Bodies = append(in.Bodies, c.bodyOf(strconv.Itoa(i+1), one.Body, at+"/body"))
		}
	default:
		c.fail(pointer, "it could not be read")
	}
}

func (c *compiler) bodyOf(name string, list []*tree.Instruction, pointer string) run.Body {
	body := run.Body{Name: name, Pointer: pointer, Steps: c.body(list, pointer)}
	seen := map[int]bool{}
	assigned(body.Steps, func(slot int) {
		if !seen[slot] {
			seen[slot] = true
			body.Assigned = append(body.Assigned, slot)
		}
	})
	return body
}

// once gives each slot once, in the order in which they were named.
func once(named []int) []int {
	var slots []int
	for _, slot := range named {
		if !slices.Contains(slots, slot) {
			slots = append(slots, slot)
		}
	}
	return slots
}

func assigned(steps []*run.Instruction, visit func(slot int)) {
	for _, in := range steps {
		if in.Slot >= 0 {
			visit(in.Slot)
		}
		for i := range in.Bodies {
			assigned(in.Bodies[i].Steps, visit)
		}
	}
}

// plan compiles one expression of a field, with the rules of the field.
func (c *compiler) plan(operation *library.Operation, param *types.Param, name string, e *tree.Expr, pointer string) run.FieldPlan {
	plan := run.FieldPlan{Name: name, Title: param.Title, Pointer: pointer, Formula: c.written(e), Clean: operation.Cleaner(param)}
	plan.Expr, plan.Node = c.exprIn(e, pointer, nil, param.Key)
	return plan
}

func cleaned(e run.Expr, clean library.Cleaner, pointer string) run.Expr {
	return func(f *run.Frame) (value.Value, *run.DataError) {
		v, err := e(f)
		if err == nil {
			v, err = clean(f, v)
		}
		return v, placed(err, pointer)
	}
}

func placed(err *run.DataError, pointer string) *run.DataError {
	if err != nil && err.Place == "" {
		err.Place = pointer
	}
	return err
}

// summary is the operation's line for people, filled in with what the spec says.
func (c *compiler) summary(operation *library.Operation, in *tree.Instruction) string {
	line := operation.Summary
	if line == "" {
		return operation.Title
	}
	for {
		before, rest, ok := strings.Cut(line, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return strings.TrimRight(line, " :")
		}
		line = before + c.shown(in, name) + after
	}
}

func (c *compiler) shown(in *tree.Instruction, name string) string {
	if name == "return_as" {
		return in.ReturnAs
	}
	shown := ""
	switch content := in.Field(name).(type) {
	case tree.Name:
		return string(content)
	case *tree.Expr:
		if content.Type == tree.Literal {
			shown = "“" + literalText(content.Value) + "”"
		} else {
			shown = c.formula(content)
		}
	}
	shown = strings.NewReplacer("{", "(", "}", ")").Replace(shown)
	const most = 70
	if r := []rune(shown); len(r) > most {
		return string(r[:most]) + "…"
	}
	return shown
}

func literalText(v value.Value) string {
	if v.Kind() == value.KindText {
		return v.Text()
	}
	return v.String()
}

// written is what stands in a field: a literal as it is, else the formula.
func (c *compiler) written(e *tree.Expr) string {
	if e.Type == tree.Literal {
		return literalText(e.Value)
	}
	return "=" + c.formula(e)
}

func (c *compiler) formula(e *tree.Expr) string {
	return strings.TrimPrefix(text.PrintFormula(e, c.lib), "=")
}

package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Recompute runs a program again with the answers its run was given, and makes the tree of it. The program must be a
// traced one (compile.Options.Traced). status is how the run ended then; the digest is what the run gives today. When
// the answers do not fit, or the run ends otherwise than it did, the error says so and the tree is as far as it got.
func Recompute(p *run.Program, item value.Value, env run.Environment, answers []byte, status run.Status) (*Tree, [32]byte, error) {
	r := &recorder{}
	r.open(p.Body)
	result, err := run.Replay(p, item, env, answers, r)
	tree := &Tree{
		Revision: run.Revision, Status: result.Status, Counts: result.Counts,
		Var: p.Var, Item: V{item}, Constants: V{constants(p, env)}, Enrichments: V{object(env.Enrichments)},
		Steps: r.close(), Truncated: r.full(),
	}
	if status == run.Failed || status == run.Waiting {
		undo(tree.Steps)
	}
	if err == nil && result.Status != status {
		err = fmt.Errorf("the run ended %q then and ends %q today", status, result.Status)
	}
	return tree, result.Digest, err
}

func constants(p *run.Program, env run.Environment) value.Value {
	fields := make([]run.Field, len(p.Constants))
	for i, c := range p.Constants {
		fields[i] = run.Field{Name: c.Name, Value: c.Default}
		for _, given := range env.Constants {
			if given.Name == c.Name {
				fields[i].Value = given.Value
			}
		}
	}
	return object(fields)
}

func object(fields []run.Field) value.Value {
	members := make([]value.Member, len(fields))
	for i, f := range fields {
		members[i] = value.Member{Key: f.Name, Value: f.Value}
	}
	return value.Object(members)
}

// recorder makes the tree while a run goes on. It keeps a stack of each thing that nests.
type recorder struct {
	run.Unheard
	lists  []*list
	steps  []*Step // under way
	fields []*Field
	exprs  []*Expr
	count  int // expressions in the tree
}

// mostExprs bounds the memory that a tree takes; a usual one has some hundred expressions.
const mostExprs = 100_000

func (r *recorder) full() bool { return r.count >= mostExprs }

// list is a list of instructions that is being run.
type list struct {
	all  []*run.Instruction
	made []*Step
}

func (r *recorder) open(all []*run.Instruction) {
	r.lists = append(r.lists, &list{all: all, made: []*Step{}})
}

// close ends the innermost list: what has not run was not reached.
func (r *recorder) close() []*Step {
	l := r.lists[len(r.lists)-1]
	r.lists = r.lists[:len(r.lists)-1]
	for _, in := range l.all[len(l.made):] {
		l.made = append(l.made, r.skeleton(in, NotReached))
	}
	return l.made
}

func (r *recorder) step() *Step { return r.steps[len(r.steps)-1] }

func (r *recorder) StepBegins(in *run.Instruction) {
	l := r.lists[len(r.lists)-1]
	for l.all[len(l.made)] != in {
		l.made = append(l.made, r.skeleton(l.all[len(l.made)], NotReached)) // a disabled one
	}
	s := r.skeleton(in, Ran)
	l.made = append(l.made, s)
	r.steps = append(r.steps, s)
}

func (r *recorder) StepEnds(in *run.Instruction, outcome run.Outcome, result value.Value, flow run.Flow) {
	s := r.step()
	r.steps = r.steps[:len(r.steps)-1]
	s.Outcome = outcome
	if in.Slot >= 0 && flow == run.Next {
		s.Returns = &Returned{Name: in.Return, Value: V{result}}
	}
	if flow == run.Aborted && s.Error == nil && len(in.Bodies) == 0 {
		s.State = NotReached // it waits for an answer
	}
}

func (r *recorder) StepFails(_ *run.Instruction, err *run.DataError) {
	s := r.step()
	s.State = Failed
	s.Errors = append(s.Errors, NewError(err))
	s.Error = s.Errors[0]
}

func (r *recorder) FieldBegins(plan *run.FieldPlan) {
	for _, f := range r.step().Fields {
		if f.plan == plan {
			r.fields = append(r.fields, f)
			return
		}
	}
	f := r.blank(plan) // the value of a switch's case
	r.step().Fields = append(r.step().Fields, f)
	r.fields = append(r.fields, f)
}

func (r *recorder) FieldEnds(_ *run.FieldPlan, v value.Value, err *run.DataError) {
	f := r.fields[len(r.fields)-1]
	r.fields = r.fields[:len(r.fields)-1]
	if err != nil {
		f.Error = NewError(err)
		return
	}
	f.Value = &V{v}
}

func (r *recorder) Enter(n *run.Node) {
	if r.full() {
		r.exprs = append(r.exprs, &Expr{node: n}) // without a type: thrown away when it is left
		return
	}
	e := r.unevaluated(n)
	e.Evaluated = true
	e.args = map[*run.Node]*Expr{}
	r.exprs = append(r.exprs, e)
}

func (r *recorder) Leave(v value.Value, err *run.DataError) {
	e := r.exprs[len(r.exprs)-1]
	r.exprs = r.exprs[:len(r.exprs)-1]
	if e.Type == "" {
		return
	}
	if err != nil {
		e.Error = NewError(err)
	} else {
		e.Value = &V{v}
	}
	e.settle()
	if len(r.exprs) == 0 {
		r.root(e)
		return
	}
	outer := r.exprs[len(r.exprs)-1]
	if len(outer.Items) > 0 {
		outer.Items[len(outer.Items)-1].Expr = e
		return
	}
	outer.args[e.node] = e
}

// root puts a whole expression where it belongs in its field.
func (r *recorder) root(e *Expr) {
	f := r.fields[len(r.fields)-1]
	if f.plan.Node == e.node {
		f.Tree = e
		return
	}
	for i, n := range f.plan.Nodes {
		if n.Node == e.node {
			f.List[i] = e
		}
	}
}

// settle puts the arguments in place: those evaluated with what came of them, the others as they stand.
func (e *Expr) settle() {
	kept := e.Arguments[:0]
	for i, a := range e.node.Args {
		evaluated := e.args[a.Node]
		switch {
		case evaluated != nil:
			kept = append(kept, &Argument{Name: a.Name, Expr: evaluated})
		case len(e.Items) > 0 && e.Items[0].Expr != nil && e.Items[0].Expr.node == a.Node:
			// It stands with the items.
		default:
			kept = append(kept, e.Arguments[i])
		}
	}
	e.Arguments = kept
}

func (r *recorder) Item(v value.Value) {
	e := r.exprs[len(r.exprs)-1]
	if e.Type == "" || r.full() {
		return
	}
	e.Items = append(e.Items, &EachItem{Value: V{v}})
}

func (r *recorder) Remark(code, message string) {
	if len(r.exprs) == 0 {
		return // a constant's
	}
	e := r.exprs[len(r.exprs)-1]
	if e.Type == "" {
		return
	}
	e.Remarks = append(e.Remarks, Remark{Code: code, Message: message})
}

func (r *recorder) Answered(e run.Effect, a run.Answer) {
	if e.Kind == run.Ask {
		return
	}
	record := &Record{
		Noun: e.Noun, ExternalID: e.Key, FieldsAfter: []Named{}, Before: named(a.Before),
		Locked: append([]string{}, a.Locked...), Stale: append([]string{}, a.Stale...), Matched: a.Matched,
	}
	switch e.Kind {
	case run.UpdateContact:
		record.ExternalID, record.ContactKey = "", e.Key
	case run.InsertPeriodChange:
		record.ContactKey = e.Fields[0].Value.Text()
		if it := a.Result.Entity(); it != nil { // another one where nothing has changed
			record.ExternalID = it.ExternalID()
		}
	}
	for _, f := range e.Fields {
		name, set := strings.CutPrefix(f.Name, run.SetPrefix)
		upserted := e.Kind == run.UpsertIdentity || e.Kind == run.UpsertRecord
		if (set || upserted) && !slices.Contains(a.Locked, name) && !slices.Contains(a.Stale, name) {
			record.FieldsAfter = append(record.FieldsAfter, Named{Name: name, Value: V{f.Value}})
		}
	}
	for _, t := range a.Touched {
		record.Others = append(record.Others, &Other{
			ExternalID: t.ExternalID, Outcome: t.Outcome, Before: named(t.Before),
			Locked: append([]string{}, t.Locked...), Stale: append([]string{}, t.Stale...),
		})
	}
	r.step().Record = record
}

func named(fields []run.Field) []Named {
	list := make([]Named, len(fields))
	for i, f := range fields {
		list[i] = Named{Name: f.Name, Value: V{f.Value}}
	}
	return list
}

func (r *recorder) BodyBegins(body *run.Body) {
	r.step().Branch = body.Name
	r.open(body.Steps)
}

func (r *recorder) BodyEnds(body *run.Body) {
	steps := r.close()
	for _, b := range r.step().Branches {
		if b.Name == body.Name {
			b.Taken, b.Steps = true, steps
		}
	}
}

func (r *recorder) LoopBegins(count int) {
	s := r.step()
	s.Count = &count
	if count > 0 {
		s.Body = nil
	}
}

func (r *recorder) LoopItem(in *run.Instruction, index int, v value.Value) {
	s := r.step()
	s.Items = append(s.Items, &Item{Index: index, Value: V{v}, Steps: []*Step{}})
	r.open(in.Bodies[0].Steps)
}

func (r *recorder) LoopItemEnds(status run.Status, err *run.DataError) {
	steps := r.close()
	s := r.step()
	item := s.Items[len(s.Items)-1]
	item.Status, item.Error, item.Steps = status, NewError(err), steps
	if status == run.Failed {
		undo(steps)
	}
}

// undo marks what a failed unit had done.
func undo(steps []*Step) {
	for _, s := range steps {
		s.Undone = s.Undone || s.State == Ran && s.Record != nil
		for _, b := range s.Branches {
			undo(b.Steps)
		}
		for _, i := range s.Items {
			undo(i.Steps)
		}
	}
}

// skeleton is a step as it stands in the spec.
func (r *recorder) skeleton(in *run.Instruction, state State) *Step {
	if in.Off {
		state = Disabled
	}
	s := &Step{ID: in.ID, Type: in.Type, Pointer: in.Pointer, Title: in.Title, Summary: in.Summary, State: state, Fields: []*Field{}}
	for i := range in.Fields {
		s.Fields = append(s.Fields, r.blank(&in.Fields[i]))
	}
	within := NotTaken
	if state == NotReached {
		within = NotReached
	}
	for i := range in.Bodies {
		body := &in.Bodies[i]
		steps := []*Step{}
		for _, inner := range body.Steps {
			steps = append(steps, r.skeleton(inner, within))
		}
		if in.Loop {
			s.Body = steps
			continue
		}
		s.Branches = append(s.Branches, &Branch{Name: body.Name, Steps: steps})
	}
	return s
}

func (r *recorder) blank(plan *run.FieldPlan) *Field {
	f := &Field{Name: plan.Name, Title: plan.Title, Formula: plan.Formula, plan: plan}
	if r.full() {
		return f
	}
	if plan.Node != nil {
		f.Tree = r.unevaluated(plan.Node)
	}
	for _, n := range plan.Nodes {
		f.List = append(f.List, r.unevaluated(n.Node))
	}
	return f
}

func (r *recorder) unevaluated(n *run.Node) *Expr {
	r.count++
	e := &Expr{Type: n.Type, Formula: n.Formula, node: n}
	for _, a := range n.Args {
		e.Arguments = append(e.Arguments, &Argument{Name: a.Name, Expr: r.unevaluated(a.Node)})
	}
	return e
}

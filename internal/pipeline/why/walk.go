package why

import (
	"maps"
	"slices"
	"strconv"

	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

// walker goes through a trace in the order of running and knows, at each step, what the names in scope stand for.
type walker struct {
	x       *explain.Explained
	library *library.Library
	names   map[string]binding
	spec    map[string]*tree.Instruction // by id
	under   []block
	visit   func(*visited)
}

// binding is what a name stands for: the result of a step, or an item of a list.
type binding struct {
	step  *trace.Step // whose result it is; nil: an item
	list  *trace.Expr // whose item it is; nil with a step, and for the number of an item
	index int         // of the item, from 0
	via   string      // id of the step that bound it
	names map[string]binding
}

// block is an if_else, switch or for_each around a step.
type block struct {
	step  *trace.Step
	taken bool   // the branch with the step in it, or the item
	name  string // of the branch
	item  int    // of a loop, from 1; 0: none
	names map[string]binding
}

// visited is a step with what stands around it.
type visited struct {
	*trace.Step
	walker *walker
}

func (d *Desk) walker(x *explain.Explained) *walker {
	w := &walker{x: x, library: d.Library, names: map[string]binding{}, spec: map[string]*tree.Instruction{}}
	w.know(x.Spec.Instructions)
	return w
}

func (w *walker) know(all []*tree.Instruction) {
	for _, i := range all {
		w.spec[i.ID] = i
		for _, f := range i.Fields {
			switch content := f.Content.(type) {
			case tree.Body:
				w.know(content)
			case tree.Cases:
				for _, c := range content {
					w.know(c.Body)
				}
			}
		}
	}
}

func (w *walker) steps(all []*trace.Step) {
	for _, s := range all {
		w.visit(&visited{s, w})
		for _, b := range s.Branches {
			w.within(block{step: s, taken: b.Taken, name: b.Name}, b.Steps)
		}
		w.within(block{step: s}, s.Body) // of a loop without items
		for _, i := range s.Items {
			w.item(s, i)
		}
		if s.Returns != nil {
			w.names[s.Returns.Name] = binding{step: s, via: s.ID, names: maps.Clone(w.names)}
		}
	}
}

func (w *walker) within(b block, steps []*trace.Step) {
	if len(steps) == 0 {
		return
	}
	b.names = maps.Clone(w.names)
	w.under = append(w.under, b)
	w.steps(steps)
	w.under = w.under[:len(w.under)-1]
}

func (w *walker) item(loop *trace.Step, i *trace.Item) {
	before := maps.Clone(w.names)
	if in := w.spec[loop.ID]; in != nil {
		if name, ok := in.Field("item_var").(tree.Name); ok {
			if list := fieldOf(loop, "list"); list != nil {
				w.names[string(name)] = binding{list: list.Tree, index: i.Index - 1, names: before}
			}
		}
		if name, ok := in.Field("index_var").(tree.Name); ok {
			w.names[string(name)] = binding{}
		}
	}
	w.within(block{step: loop, taken: true, name: "item " + strconv.Itoa(i.Index), item: i.Index}, i.Steps)
	if i.Status == run.Failed { // its assignments are undone with it
		w.names = before
	}
}

func fieldOf(s *trace.Step, name string) *trace.Field {
	at := slices.IndexFunc(s.Fields, func(f *trace.Field) bool { return f.Name == name })
	if at < 0 {
		return nil
	}
	return s.Fields[at]
}

// items are the places in the loops around the present step.
func (w *walker) items() (all []int) {
	for _, b := range w.under {
		if b.item != 0 {
			all = append(all, b.item)
		}
	}
	return all
}

// conditions are the decisions around the present step, the outermost first.
func (w *walker) conditions() (all []Condition) {
	for _, b := range w.under {
		if b.item == 0 && b.taken {
			all = append(all, w.condition(b))
		}
	}
	return all
}

// condition is what a block decided by.
func (w *walker) condition(b block) Condition {
	c := Condition{Step: b.step.ID, Branch: b.step.Branch}
	for _, name := range []string{"condition", "value", "list"} {
		f := fieldOf(b.step, name)
		if f == nil {
			continue
		}
		c.Formula = f.Formula
		if f.Value != nil {
			c.Value = f.Value.Value
		}
		c.Sources = w.origins(f, b.names)
		break
	}
	return c
}

package why

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// mostDeep is how many results of steps an origin is followed through.
const mostDeep = 32

// origins gives the places that the value of a field was made of, each once.
func (w *walker) origins(f *trace.Field, names map[string]binding) []Source {
	o := &origins{walker: w}
	if f.Tree != nil {
		o.expr(f.Tree, names, nil)
	}
	for _, e := range f.List {
		o.expr(e, names, nil)
	}
	return o.all
}

type origins struct {
	*walker
	all []Source
}

func (o *origins) add(s Source) {
	if !slices.ContainsFunc(o.all, func(x Source) bool { return x.Kind == s.Kind && x.Path == s.Path }) {
		o.all = append(o.all, s)
	}
}

func (o *origins) expr(e *trace.Expr, names map[string]binding, via []string) {
	if e == nil || !e.Evaluated || len(via) > mostDeep {
		return
	}
	if e.Type == tree.Var {
		v := value.Null()
		if e.Value != nil {
			v = e.Value.Value
		}
		root, rest := parted(e.Formula)
		o.path(root, rest, v, names, via)
		return
	}
	item, before := o.itemVar(e), len(o.all)
	for i, one := range e.Items {
		inner := names
		if item != "" {
			inner = maps.Clone(names)
			inner[item] = binding{list: listOf(e), index: i, names: names}
		}
		o.expr(one.Expr, inner, via)
	}
	for _, a := range e.Arguments {
		if a.Name == "list" && len(o.all) > before {
			continue // its items have been told
		}
		o.expr(a.Expr, names, via)
	}
}

// itemVar is the name that map, filter and the like give an item.
func (o *origins) itemVar(e *trace.Expr) string {
	if len(e.Items) == 0 {
		return ""
	}
	parsed, _ := text.ParseFormula("="+e.Formula, o.library)
	if parsed == nil {
		return ""
	}
	name, _ := parsed.Field("item_var").(tree.Name)
	return string(name)
}

func listOf(e *trace.Expr) *trace.Expr {
	for _, a := range e.Arguments {
		if a.Name == "list" {
			return a.Expr
		}
	}
	return nil
}

// parted parts a path into its variable and the rest: event and .lines[0].
func parted(path string) (root, rest string) {
	if end := strings.IndexAny(path, ".["); end >= 0 {
		return path[:end], path[end:]
	}
	return path, ""
}

// path follows a variable to what it stands for.
func (o *origins) path(root, rest string, v value.Value, names map[string]binding, via []string) {
	if root == o.x.Tree.Var {
		o.add(Source{Kind: o.kindOf(root + rest), Path: root + rest, Value: v, Via: via})
		return
	}
	b, bound := names[root]
	switch {
	case !bound:
		if slices.ContainsFunc(o.x.Spec.Constants, func(c *tree.Constant) bool { return c.Name == root }) {
			o.add(Source{Kind: FromConstant, Path: root + rest, Value: v, Via: via})
		}
	case b.step != nil:
		o.result(b, rest, append(slices.Clone(via), b.via))
	case b.list != nil && b.list.Type == tree.Var:
		root, list := parted(b.list.Formula)
		o.path(root, list+"["+strconv.Itoa(b.index)+"]"+rest, v, b.names, via)
	case b.list != nil && b.list.Type == "filter":
		if list, index := listOf(b.list), kept(b.list, b.index); list != nil && index >= 0 {
			b.list, b.index = list, index
			names = maps.Clone(names)
			names[root] = b
			o.path(root, rest, v, names, via)
			return
		}
		o.expr(b.list, b.names, via)
	case b.list != nil:
		o.expr(b.list, b.names, via)
	}
}

// kept is the place, in the list that was filtered, of the item that is the nth of the result; -1: it cannot be told.
func kept(filter *trace.Expr, nth int) int {
	for i, one := range filter.Items {
		if one.Expr != nil && one.Expr.Value != nil && one.Expr.Value.Bool() {
			if nth == 0 {
				return i
			}
			nth--
		}
	}
	return -1
}

// result follows the result of a step: what a variable was defined by, what an identity or record was found by, or the
// field of it that is read.
func (o *origins) result(b binding, rest string, via []string) {
	read, _ := parted(strings.TrimPrefix(rest, "."))
	for _, name := range []string{read, "value", keyField, "contact_key"} {
		f := fieldOf(b.step, name)
		if name == "" || f == nil {
			continue
		}
		o.expr(f.Tree, b.names, via)
		return
	}
}

// kindOf tells what was delivered from what was fetched.
func (o *origins) kindOf(path string) string {
	for _, e := range o.x.Spec.Enrichments {
		under := e.Of.String() + "." + e.Name
		if path == under || strings.HasPrefix(path, under+".") || strings.HasPrefix(path, under+"[") {
			return FromEnrichment
		}
	}
	return FromDelivery
}

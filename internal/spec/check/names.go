package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Name is something a spec binds, with every place that binds, reads or assigns it.
type Name struct {
	Name  string
	Type  types.Type
	Bound []string // pointers to what binds it, the first first; "" for the source model
	Used  []Use
}

// Use of a name.
type Use struct {
	Pointer string
	Path    tree.Path
	As      As
}

// As says how a name is used, and so how it is written there.
type As uint8

// The ways.
const (
	Read   As = iota // by an expression: the root of its path
	Assign           // by a return_as
	Parent           // by an enrichment: the root of its `of`
	Valued           // by a test that gives the constant a value: a key
)

// Names gives all names of the spec, in the order they are bound.
func (c Checked) Names() []*Name { return c.done.symbols() }

// Rename gives the fix that calls a name otherwise, everywhere.
func (n *Name) Rename(to string) *tree.Fix {
	fix := &tree.Fix{Title: "Call it " + to}
	for _, at := range n.Bound {
		if at == "" { // the model's own name for it
			fix.Edits = append(fix.Edits, tree.Add("", "/var", value.Text(to)).Edits...)
			continue
		}
		fix.Edits = append(fix.Edits, tree.Replace("", at, value.Text(to)).Edits...)
	}
	for _, u := range n.Used {
		path := u.Path
		path.Root = to
		v := value.Text(path.String())
		switch u.As {
		case Read:
			v = (&tree.Expr{Type: tree.Var, Path: path}).JSON()
		case Valued:
			fix.Edits = append(fix.Edits, tree.Rename("", u.Pointer, to).Edits...)
			continue
		}
		fix.Edits = append(fix.Edits, tree.Replace("", u.Pointer, v).Edits...)
	}
	return fix
}

// used notes a use of a name for Names.
func (c *checker) used(n *name, at *tree.Place, path tree.Path, as As) {
	c.uses = append(c.uses, use{n, at, path, as})
}

type use struct {
	name  *name
	place *tree.Place
	path  tree.Path
	as    As
}

// root gives the name that stands for all that are one: those of branches are one with what stays of them.
func (n *name) root() *name {
	for n.whole != nil {
		n = n.whole
	}
	return n
}

// symbols gathers what was bound and used.
func (c *checker) symbols() []*Name {
	var all []*Name
	of := map[*name]*Name{}
	for _, n := range c.bound {
		root := n.root()
		symbol := of[root]
		if symbol == nil {
			symbol = &Name{Name: root.name, Type: root.kind}
			of[root] = symbol
			all = append(all, symbol)
		}
		symbol.Bound = append(symbol.Bound, n.at)
	}
	for _, u := range c.uses {
		if symbol := of[u.name.root()]; symbol != nil {
			symbol.Used = append(symbol.Used, Use{u.place.Pointer(), u.path, u.as})
		}
	}
	return all
}

// fixTaken gives the problems of names that were taken their fix: another name, where it is bound and wherever it is
// read from then on.
func (c *checker) fixTaken() {
	if len(c.taken) == 0 {
		return
	}
	all := c.symbols()
	for problem, n := range c.taken {
		if at := slices.IndexFunc(all, func(s *Name) bool { return slices.Contains(s.Bound, n.at) }); at >= 0 && n.at != "/var" {
			symbol := *all[at]
			if n.hidden.at == "" { // what is read is hardly ever the new one
				symbol.Used = nil
			}
			c.problems[problem].Fix = symbol.Rename(freshName(n.name, all))
		}
	}
}

// freshName is a name like another that nothing has.
func freshName(like string, all []*Name) string {
	for n := 2; ; n++ {
		try := like[:min(len(like), tree.MaxName-4)] + "_" + strconv.Itoa(n)
		if !slices.ContainsFunc(all, func(s *Name) bool { return strings.EqualFold(s.Name, try) }) {
			return try
		}
	}
}

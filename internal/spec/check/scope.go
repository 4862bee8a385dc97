package check

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// name is something visible.
type name struct {
	name       string
	kind       types.Type
	at         string            // pointer to what binds it
	data       string            // where in a delivery it is, as shapes write it; "": the delivery itself, or not known
	place      *tree.Place       // the same
	id         string            // of the instruction that binds it
	definition *tree.Instruction // of a variable that can be assigned
	from       []*name           // the names of branches that this one stands for
	whole      *name             // the name that stands for this one of a branch
	used       bool
	quiet      bool  // not being used is no warning
	hidden     *name // what had the name before; only beside a name_taken problem
}

func (n *name) use() {
	if n.used {
		return
	}
	n.used = true
	for _, from := range n.from {
		from.use()
	}
}

// bind makes a name visible from here to the end of the scope. A name that is visible already is a problem; what is
// read by it from then on is silent.
func (c *checker) bind(at *tree.Place, text string, kind types.Type) *name {
	n := &name{name: text, kind: kind, place: at, at: at.Pointer(), id: c.id}
	key := strings.ToLower(text)
	if old := c.names[key]; old != nil {
		message := "the name " + text + " is taken"
		if old.name != text {
			message += " by " + old.name + " (names that differ only in case are the same)"
		}
		c.problem(at, tree.NameTaken, message, "Choose another name.")
		c.taken[len(c.problems)-1] = n
		n.kind, n.quiet, n.hidden = types.Broken, true, old
		old.use() // whoever reads the name may mean either
	}
	if text == "" { // a problem of the reader
		n.quiet = true
		return n
	}
	c.names[key] = n
	c.order = append(c.order, n)
	c.bound = append(c.bound, n)
	return n
}

// leave ends a scope: names bound since there were so many are gone. It gives them.
func (c *checker) leave(mark int) []*name {
	gone := append([]*name(nil), c.order[mark:]...)
	for i := len(gone) - 1; i >= 0; i-- {
		n := gone[i]
		key := strings.ToLower(n.name)
		if n.hidden != nil {
			c.names[key] = n.hidden
		} else {
			delete(c.names, key)
		}
	}
	c.order = c.order[:mark]
	return gone
}

// unused warns about names that nothing reads. It is called when nothing can read them any more.
func (c *checker) unused(gone []*name) {
	id := c.id
	for _, n := range gone {
		if n.used || n.quiet {
			continue
		}
		c.id = n.id
		p := c.warn(n.place, tree.UnusedName, "nothing uses "+n.name, "Take it out, or use it.")
		if strings.HasSuffix(n.at, "/return_as") && n.definition == nil {
			p.Fix = tree.Remove("Take out return_as", n.at)
		} else if strings.HasSuffix(n.at, "/index_var") {
			p.Fix = tree.Remove("Take out index_var", n.at)
		} else if strings.HasPrefix(n.at, "/constants/") {
			p.Fix = c.withoutConstant(n)
		}
	}
	c.id = id
}

// withoutConstant is the fix that takes out a constant, and the values that tests give it.
func (c *checker) withoutConstant(n *name) *tree.Fix {
	fix := tree.Remove("Take out the constant", strings.TrimSuffix(n.at, "/name"))
	for i, t := range c.spec.Tests {
		if given, ok := t.Get("constants"); ok && given.Has(n.name) {
			at := (*tree.Place)(nil).Key("tests").Index(i).Key("constants").Key(n.name)
			fix.Edits = append(fix.Edits, tree.Remove("", at.Pointer()).Edits...)
		}
	}
	return fix
}

// mostGuesses is for how many unknown names of a spec the names there are looked through for what was meant.
const mostGuesses = 200

// find gives the name a path begins with, or tells why there is none.
func (c *checker) find(path tree.Path, at *tree.Place) *name {
	text := path.Root
	n := c.names[strings.ToLower(text)]
	if n != nil && (n.name == text || n.hidden != nil) {
		n.use()
		c.used(n, at, path, Read)
		return n
	}
	hint := c.elsewhere[strings.ToLower(text)]
	var fix *tree.Fix
	meant := func(name string) {
		fix = tree.Replace("Write "+name, at.Pointer(), (&tree.Expr{Type: tree.Var, Path: tree.Path{Root: name, Steps: path.Steps}}).JSON())
	}
	switch {
	case n != nil:
		n.use()
		hint = "Did you mean " + n.name + "? Case counts."
		meant(n.name)
	case hint != "":
	case c.unnamedOf(text) != nil:
		hint = c.unnamedHint(text)
		fix = tree.Add("Give it its name where it is made", c.unnamedOf(text).at.Key("return_as").Pointer(), value.Text(text))
	default:
		if c.guessed++; c.guessed > mostGuesses {
			break
		}
		c.guessedAt = len(c.problems) + 1
		var names []string
		for _, n := range c.order {
			names = append(names, n.name)
		}
		if near := tree.Closest(text, names); near != "" {
			hint = "Did you mean " + near + "?"
			c.names[near].useIf()
			meant(near)
		} else if c.lib.Expression(text) != nil {
			hint = "To use the expression, write " + text + "(…)."
		} else {
			hint = "Visible here: " + strings.Join(names, ", ") + "."
		}
	}
	c.problem(at, tree.UnknownName, "there is no name "+text+" here", hint).Fix = fix
	return nil
}

// unnamed is an instruction whose result has no name.
type unnamed struct {
	*tree.Instruction
	at *tree.Place
}

// unnamedOf gives the last instruction before this place that makes a thing of the kind a name says and gives it none.
func (c *checker) unnamedOf(text string) *unnamed {
	for n := len(c.unnamed) - 1; n >= 0; n-- {
		if strings.EqualFold(c.lib.Instruction(c.unnamed[n].Type).Result.Noun, text) {
			return &c.unnamed[n]
		}
	}
	return nil
}

func (c *checker) unnamedHint(text string) string {
	i := c.unnamedOf(text)
	if i.ID == "" {
		return "Give the " + i.Type + " before it return_as: " + text + "."
	}
	return "Give step " + i.ID + " return_as: " + text + "."
}

// useIf is use for a name that may not be there under this key.
func (n *name) useIf() {
	if n != nil {
		n.use()
	}
}

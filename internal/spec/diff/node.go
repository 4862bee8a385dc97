package diff

import (
	"strconv"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// node is one thing of a spec: what it is told by, what it holds itself, and the lists of things within it.
type node struct {
	what, id, kind string // kind is the type of an instruction
	key            string // the same for the same thing in both specs, within what; "" of a case, which has no name
	place          *Place
	fields         []Field // in After
	lists          []list
}

// list of things within a node. Place.List names it; of the one list of a case that is the case's number.
type list struct {
	name  string
	nodes []*node
}

func (n *node) list(name string) []*node {
	if n != nil {
		for _, l := range n.lists {
			if l.name == name {
				return l.nodes
			}
		}
	}
	return nil
}

func (n *node) has(name string) bool {
	for _, l := range n.lists {
		if l.name == name {
			return true
		}
	}
	return false
}

// body is the name that the list of a case has within it.
const body = "body"

// reader makes nodes of a spec. seen counts keys, so that two things of one name, which only a broken spec has, stay two.
type reader struct {
	grammar tree.Grammar
	seen    map[string]int
}

func (r *reader) spec(s *tree.Spec) *node {
	r.seen = map[string]int{}
	n := &node{what: Head, key: Head}
	n.text("source_model", s.SourceModel)
	n.text("var", s.Var)
	n.note(s.Note)
	n.rest(s.Extra, s.Comments)
	constants := make([]*node, len(s.Constants))
	for i, c := range s.Constants {
		one := r.node(Constant, c.Name, &Place{List: "constants", Index: i})
		one.note(c.Note)
		one.text("type", c.Type)
		if c.Default != nil {
			one.set("default", *c.Default)
		}
		one.rest(c.Extra, c.Comments)
		constants[i] = one
	}
	enrichments := make([]*node, len(s.Enrichments))
	for i, e := range s.Enrichments {
		one := r.node(Enrichment, e.Of.String()+"."+e.Name, &Place{List: "enrichments", Index: i})
		one.note(e.Note)
		one.text("use", e.Use)
		one.rest(e.Extra, e.Comments)
		enrichments[i] = one
	}
	tests := make([]*node, len(s.Tests))
	for i, t := range s.Tests {
		one := r.node(Test, t.Name(), &Place{List: "tests", Index: i})
		for _, m := range t.Members {
			if m.Key != "name" {
				one.set(m.Key, m.Value)
			}
		}
		one.rest(nil, t.Comments)
		tests[i] = one
	}
	n.lists = []list{
		{"constants", constants}, {"enrichments", enrichments},
		{"instructions", r.instructions(s.Instructions, "", "instructions")}, {"tests", tests},
	}
	return n
}

func (r *reader) node(what, id string, place *Place) *node {
	key := what + " " + id
	if r.seen[key]++; r.seen[key] > 1 {
		key += " " + strconv.Itoa(r.seen[key])
	}
	return &node{what: what, id: id, key: key, place: place}
}

func (r *reader) instructions(all []*tree.Instruction, within, name string) []*node {
	nodes := make([]*node, len(all))
	for i, in := range all {
		nodes[i] = r.instruction(in, &Place{Within: within, List: name, Index: i})
	}
	return nodes
}

func (r *reader) instruction(i *tree.Instruction, place *Place) *node {
	n := r.node(Instruction, i.ID, place)
	n.kind = i.Type
	n.note(i.Note)
	if i.Disabled {
		n.set("disabled", value.Bool(true))
	}
	for _, f := range i.Fields {
		switch c := f.Content.(type) {
		case tree.Body:
			n.lists = append(n.lists, list{f.Name, r.instructions(c, i.ID, f.Name)})
		case tree.Cases:
			n.lists = append(n.lists, list{f.Name, r.cases(c, i.ID, f.Name)})
		default:
			r.field(n, f.Name, f.Content)
		}
	}
	n.text("return_as", i.ReturnAs)
	n.rest(i.Extra, i.Comments)
	return n
}

func (r *reader) cases(all []*tree.Case, within, name string) []*node {
	nodes := make([]*node, len(all))
	for i, c := range all {
		n := &node{what: Case, id: within, place: &Place{Within: within, List: name, Index: i}}
		r.field(n, "equals", tree.List(c.Equals))
		n.rest(c.Extra, c.Comments)
		n.lists = []list{{body, r.instructions(c.Body, within, strconv.Itoa(i+1))}}
		nodes[i] = n
	}
	return nodes
}

// field adds what a field holds. The fields of a group are told one by one.
func (r *reader) field(n *node, name string, content tree.Content) {
	switch c := content.(type) {
	case *tree.Expr:
		n.set(name, text.Given(c, r.grammar))
	case tree.List:
		items := make([]value.Value, len(c))
		for i, e := range c {
			items[i] = text.Given(e, r.grammar)
		}
		n.set(name, value.List(items))
	case tree.Group:
		if len(c) == 0 {
			n.set(name, value.Object(nil))
		}
		for _, f := range c {
			r.field(n, name+"."+f.Name, f.Content)
		}
	case tree.Name:
		n.set(name, value.Text(string(c)))
	case tree.Raw:
		n.set(name, c.Value)
	}
}

func (n *node) set(name string, v value.Value) {
	n.fields = append(n.fields, Field{Name: name, After: &v})
}

func (n *node) text(name, s string) {
	if s != "" {
		n.set(name, value.Text(s))
	}
}

func (n *node) note(s string) {
	if s != "" {
		v := value.Text(s)
		n.fields = append(n.fields, Field{Name: "note", After: &v, Remark: true})
	}
}

// rest adds reserved keys and comments, these by what they belong to.
func (n *node) rest(extra []value.Member, comments tree.Comments) {
	for _, m := range extra {
		n.set(m.Key, m.Value)
	}
	for _, c := range comments {
		lines := make([]value.Value, len(c.Lines))
		for i, line := range c.Lines {
			lines[i] = value.Text(line)
		}
		v := value.List(lines)
		n.fields = append(n.fields, Field{Name: "comments/" + c.At, After: &v, Remark: true})
	}
}

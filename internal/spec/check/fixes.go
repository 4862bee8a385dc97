package check

import (
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Fixes name no expression and no operation of the library: what they are made of is found by what it takes and gives.

// skipWithout is the fix that ends the run before this instruction where the value of a path is missing. What it is
// made of is found in the library by what it does.
func (s *step) skipWithout(e *tree.Expr) *tree.Fix {
	if e.Type != tree.Var {
		return nil
	}
	var block, test, end string
	for _, o := range s.lib.Operations() {
		if len(o.Params) > 1 && o.Params[1].Given == o.Params[0].Name && block == "" {
			block = o.Name
		}
		if o.EndsRun {
			end = o.Name
		}
	}
	for _, x := range s.lib.Expressions() {
		if x.Logic == types.Absent && test == "" {
			test = x.Name
		}
	}
	if block == "" || test == "" || end == "" {
		return nil
	}
	if s.loops > 0 {
		return s.onlyWith(block, e)
	}
	params := s.lib.Instruction(block).Params
	condition := &tree.Expr{Type: test, Fields: []tree.Field{{Name: s.lib.Expression(test).Params[0].Name, Content: e}}}
	v := value.Object([]value.Member{
		{Key: "type", Value: value.Text(block)},
		{Key: params[0].Name, Value: condition.JSON()},
		{Key: params[1].Name, Value: value.List([]value.Value{value.Object([]value.Member{{Key: "type", Value: value.Text(end)}})})},
	})
	return tree.Add("Stop before this step where it is missing", s.at.Pointer(), v)
}

// onlyWith is the fix that runs an instruction of a loop only where the value of a path is there. It can be made where
// nothing else needs what the instruction binds.
func (s *step) onlyWith(block string, e *tree.Expr) *tree.Fix {
	test := ""
	for _, x := range s.lib.Expressions() {
		if x.Logic == types.Present && test == "" {
			test = x.Name
		}
	}
	params := s.lib.Instruction(block).Params
	if test == "" || s.i.ReturnAs != "" {
		return nil
	}
	stored := (&tree.Spec{Instructions: []*tree.Instruction{s.i}}).AppendJSON(nil)
	whole, err := value.ParseJSON(stored, tree.ParseLimits)
	if err != nil {
		return nil
	}
	condition := &tree.Expr{Type: test, Fields: []tree.Field{{Name: s.lib.Expression(test).Params[0].Name, Content: e}}}
	return tree.Replace("Run it only where it is there", s.at.Pointer(), value.Object([]value.Member{
		{Key: "type", Value: value.Text(block)},
		{Key: params[0].Name, Value: condition.JSON()},
		{Key: params[1].Name, Value: whole.Get("instructions")},
	}))
}

// wrap is the fix that gives arguments to the first expression of the library that takes a value of a kind and no other
// required arguments than these.
func (c *checker) wrap(kind types.Kind, at *tree.Place, args ...*tree.Expr) *tree.Fix {
	for _, x := range c.lib.Expressions() {
		required := 0
		takes := false
		for i := range x.Params {
			if x.Params[i].Required {
				required++
				takes = takes || x.Params[i].Type.Kind == kind
			}
		}
		if takes && required == len(args) {
			return c.calling(x.Name, at, args...)
		}
	}
	return nil
}

// calling is the fix that gives arguments to an expression, in the order of its parameters.
func (c *checker) calling(name string, at *tree.Place, args ...*tree.Expr) *tree.Fix {
	signature := c.lib.Expression(name)
	if signature == nil {
		return nil
	}
	e := &tree.Expr{Type: name}
	for i, arg := range args {
		p := &signature.Params[i]
		if p.Form == types.Expressions {
			e.Fields = append(e.Fields, tree.Field{Name: p.Name, Content: tree.List{arg}})
		} else {
			e.Fields = append(e.Fields, tree.Field{Name: p.Name, Content: arg})
		}
	}
	return tree.Replace("Use "+name+"(…)", at.Pointer(), e.JSON())
}

// converter is the expression that makes a value of one kind of one of another, "" where none is sure to: one that takes
// just this, and nothing else that must be said.
func (c *checker) converter(from, to types.Kind) string {
	for _, x := range c.lib.Expressions() {
		if x.Result.Kind != to || x.Logic != types.NoLogic || len(x.Params) == 0 {
			continue
		}
		p := &x.Params[0]
		reads := to != types.String && !x.Result.Optional && slices.ContainsFunc(x.Params[1:], func(q types.Param) bool { return q.Name == "default" })
		joins := to == types.String && p.Form == types.Expressions
		alone := !slices.ContainsFunc(x.Params[1:], func(q types.Param) bool { return q.Required })
		if (reads || joins) && alone && takes(p.Type, from) {
			return x.Name
		}
	}
	return ""
}

// takes says whether a parameter is made for values of a kind.
func takes(want types.Type, kind types.Kind) bool {
	return want.Kind == kind || slices.Contains(want.Among, kind)
}

// converted is the fix for a value of another type: what makes the right one of it, or the name that was meant.
func (c *checker) converted(p *types.Param, e *tree.Expr, t types.Type, at *tree.Place) *tree.Fix {
	want := p.Type.Kind
	switch {
	case p.Literal || e.Broken() || e.Type == tree.Literal:
		return nil
	case want == types.Ref:
		return c.visibleFix(p.Type, at)
	case fitsText(p.Type):
		want = types.String
	}
	from := t.Kind
	if from == types.Any {
		from = types.String
	}
	if name := c.converter(from, want); name != "" {
		return c.calling(name, at, e)
	}
	return nil
}

// visibleFix is the fix that gives the name of the type wanted which was bound last.
func (c *checker) visibleFix(want types.Type, at *tree.Place) *tree.Fix {
	if n := c.lastOf(want); n != nil {
		n.use()
		return tree.Replace("Write ="+n.name, at.Pointer(), (&tree.Expr{Type: tree.Var, Path: tree.Path{Root: n.name}}).JSON())
	}
	return nil
}

// lastOf is the name of a type that was bound last, nil for none.
func (c *checker) lastOf(want types.Type) *name {
	for i := len(c.order) - 1; i >= 0; i-- {
		if n := c.order[i]; n.kind.Kind == types.Ref && types.Fits(n.kind, want) && c.names[strings.ToLower(n.name)] == n {
			return n
		}
	}
	return nil
}

// pseudonymFix is the fix that gives a personal value where text is wanted.
func (c *checker) pseudonymFix(p *types.Param, e *tree.Expr, t types.Type, at *tree.Place) *tree.Fix {
	_, itself := t.Marks.Hit()
	if name := pseudonymOf(c); name != "" && (t.Kind == types.Personal || itself) && types.Fits(types.Text, p.Type) && !p.Literal {
		return c.calling(name, at, e)
	}
	return nil
}

// hidden is the fix that gives a pseudonym of a path in its place.
func (s *step) hidden(e *tree.Expr, at *tree.Place) *tree.Fix {
	if name := pseudonymOf(s.checker); name != "" && e.Type == tree.Var {
		return s.calling(name, at, e)
	}
	return nil
}

// externalFix reads the external id in the place of the one that this system gave.
func (s *step) externalFix(e *tree.Expr, at *tree.Place) *tree.Fix {
	if e.Type != tree.Var || len(e.Path.Steps) != 1 || e.Path.Steps[0].Key != "id" {
		return nil
	}
	path := tree.Path{Root: e.Path.Root, Steps: []tree.Step{{Key: "external_id"}}}
	return tree.Replace("Use external_id", at.Pointer(), (&tree.Expr{Type: tree.Var, Path: path}).JSON())
}

// missingFix adds a field that is required, where it is clear what it holds: the identity or record that was made last,
// the id of the item, an empty list, a name.
func (s *step) missingFix(p *types.Param) *tree.Fix {
	at := s.at.Key(p.Name).Pointer()
	switch {
	case p.Form == types.Body:
		return tree.Add("Add "+p.Name, at, value.List(nil))
	case p.Form == types.Name:
		return tree.Add("Add "+p.Name, at, value.Text(s.free("item")))
	case p.Form != types.Expression:
		return nil
	case p.Type.Kind == types.Ref:
		if n := s.lastOf(p.Type); n != nil {
			n.use()
			return tree.Add("Add "+p.Name+": ="+n.name, at, (&tree.Expr{Type: tree.Var, Path: tree.Path{Root: n.name}}).JSON())
		}
	case p.Key && s.model.Type.Kind == types.Any:
		path := tree.Path{Root: s.order[0].name, Steps: []tree.Step{{Key: "id"}}}
		return tree.Add("Add "+p.Name+": ="+path.String(), at, (&tree.Expr{Type: tree.Var, Path: path}).JSON())
	}
	return nil
}

// free is a name like another that is not visible here.
func (c *checker) free(like string) string {
	if c.names[like] == nil {
		return like
	}
	all := make([]*Name, len(c.order))
	for i, n := range c.order {
		all[i] = &Name{Name: n.name}
	}
	return freshName(like, all)
}

// nearWord is the fix that writes the word that was meant, nil where it is not clear.
func (c *checker) nearWord(at *tree.Place, word string, known []string) *tree.Fix {
	if near := tree.Closest(word, known); near != "" {
		return tree.Replace("Write "+near, at.Pointer(), value.Text(near))
	}
	return nil
}

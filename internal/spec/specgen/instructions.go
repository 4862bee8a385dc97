package specgen

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

const (
	deepest = 4 // of blocks
	complex = 3 // of expressions
)

// list draws instructions. Names they bind stay visible until the caller leaves the scope.
func (d *drawer) list(depth int) []*tree.Instruction {
	var list []*tree.Instruction
	for range 1 + d.IntN(5) {
		if d.left--; d.left < 0 {
			break
		}
		o := pick(d, d.lib.Operations())
		switch {
		case o.Block && depth >= deepest, (o.Ends || o.EndsRun) && d.chance(85):
			continue
		case o.Assigns && d.chance(50) || o.Block && d.chance(15):
			if list = append(list, d.conditionalName()...); len(list) > 0 {
				continue
			}
		}
		made := d.instruction(o, depth, &list)
		if made == nil {
			continue
		}
		list = append(list, made)
		if o.Ends || o.EndsRun {
			break
		}
	}
	return list
}

// conditionalName draws a block of which every branch binds one name, so that it stays.
func (d *drawer) conditionalName() []*tree.Instruction {
	if d.chance(70) {
		return nil
	}
	t := pick(d, []types.Type{types.Text, types.Num, types.Moment, types.Free})
	n := d.fresh("joined")
	var is []types.Type
	branch := func() tree.Body {
		got := d.expr(t, 2)
		is = append(is, got.is)
		return tree.Body{{Type: "define_variable", Fields: []tree.Field{{Name: "value", Content: got.e}}, ReturnAs: n}}
	}
	condition := d.expr(types.Bool, 2).e
	made := &tree.Instruction{Type: "if_else", Fields: []tree.Field{{Name: "condition", Content: condition}, {Name: "then", Content: branch()}, {Name: "else", Content: branch()}}}
	if d.chance(20) {
		made.Fields[2].Content = tree.Body{{Type: "stop"}}
		is = is[:1]
	}
	if both, err := types.Unify(is...); err == nil {
		d.scope = append(d.scope, name{name: n, is: both})
	}
	return []*tree.Instruction{made}
}

// instruction draws one of a type, and puts before it what makes the identities it needs.
func (d *drawer) instruction(o *library.Operation, depth int, before *[]*tree.Instruction) *tree.Instruction {
	i := &tree.Instruction{Type: o.Name, Note: d.note(), Extra: d.extra(), Disabled: d.chance(2)}
	bound := types.Bindings{}
	outer := len(d.scope)
	for n := range o.Params {
		p := &o.Params[n]
		if !p.Required && d.chance(65) && !p.Branch {
			continue
		}
		if p.Branch && !p.Required && d.chance(40) {
			continue
		}
		content := d.content(o, i, p, bound, depth, before)
		if content == nil {
			if p.Required {
				d.scope = d.scope[:outer]
				return nil
			}
			continue
		}
		i.Fields = append(i.Fields, tree.Field{Name: p.Name, Content: content})
	}
	if o.Block { // the names of a loop
		d.scope = d.scope[:outer]
	}
	d.returnAs(o, i, bound)
	return i
}

func (d *drawer) returnAs(o *library.Operation, i *tree.Instruction, bound types.Bindings) {
	switch {
	case i.Disabled:
		return
	case o.Assigns:
		t := bound.Apply(o.Result)
		variables := slices.DeleteFunc(slices.Clone(d.scope), func(n name) bool { return !n.variable || !types.Same(n.is.Sure(), t.Sure()) })
		if len(variables) > 0 && d.chance(60) {
			i.ReturnAs = pick(d, variables).name
			return
		}
		i.ReturnAs = d.fresh("var")
		d.scope = append(d.scope, name{i.ReturnAs, t, true})
	case o.Result.Kind != types.None && d.chance(60):
		i.ReturnAs = d.fresh("made")
		d.bind(i.ReturnAs, bound.Apply(o.Result))
	}
}

// content draws one field; nil: it cannot be drawn here.
func (d *drawer) content(o *library.Operation, i *tree.Instruction, p *types.Param, bound types.Bindings, depth int, before *[]*tree.Instruction) tree.Content {
	switch p.Form {
	case types.Name:
		n := d.fresh("each")
		t := types.Num
		if p.Of != "" {
			t = types.Free
			for _, v := range bound {
				t = v
			}
		}
		d.bind(n, t)
		return tree.Name(n)
	case types.Body:
		return d.body(o, i, p, depth)
	case types.Cases:
		var cases tree.Cases
		for range 1 + d.IntN(3) {
			one := &tree.Case{Extra: d.extra()}
			for range 1 + d.IntN(2) {
				one.Equals = append(one.Equals, d.expr(p.Type, 1).e)
			}
			d.within(func() { one.Body = d.list(depth + 1) })
			cases = append(cases, one)
		}
		return cases
	case types.Group:
		if !p.Required && d.chance(10) {
			return tree.Lit(value.Null())
		}
		var group tree.Group
		for n := range p.Fields {
			f := &p.Fields[n]
			if d.chance(60) {
				continue
			}
			if e, ok := d.field(f, bound, before); ok {
				group = append(group, tree.Field{Name: f.Name, Content: e})
			}
		}
		if len(group) == 0 {
			return nil
		}
		return group
	case types.Expressions:
		var list tree.List
		for range 1 + d.IntN(2) {
			e, _ := d.field(p, bound, before)
			list = append(list, e)
		}
		return list
	}
	if p.FieldOf != "" {
		return d.recordField(i.Expr(p.FieldOf))
	}
	if p.Given == "" && o.Block && p.Type.Kind == types.Boolean && d.chance(50) {
		if e := d.guard(); e != nil {
			return e
		}
	}
	e, ok := d.field(p, bound, before)
	if !ok {
		return nil
	}
	return e
}

func (d *drawer) body(o *library.Operation, i *tree.Instruction, p *types.Param, depth int) (body tree.Body) {
	d.within(func() {
		if condition, ok := i.Field(o.Params[0].Name).(*tree.Expr); ok && p.Given != "" {
			d.assume(condition, p.Given[0] != '!')
		}
		if o.Loops {
			d.loops++
			defer func() { d.loops-- }()
		}
		body = d.list(depth + 1)
		if p.Given != "" && d.chance(8) && d.loops == 0 {
			body = append(body, &tree.Instruction{Type: pick(d, []string{"stop", "fail"})})
			if last := body[len(body)-1]; last.Type == "fail" {
				last.Fields = []tree.Field{{Name: "message", Content: d.expr(types.Text, 1).e}}
			}
		}
	})
	if n := len(body); n > 0 && p.Given != "" { // what comes after knows the opposite
		if sig := d.lib.Instruction(body[n-1].Type); sig.Ends || sig.EndsRun {
			if condition, ok := i.Field(o.Params[0].Name).(*tree.Expr); ok {
				d.assume(condition, p.Given[0] == '!')
			}
		}
	}
	return body
}

// field draws the expression of a field.
func (d *drawer) field(p *types.Param, bound types.Bindings, before *[]*tree.Instruction) (*tree.Expr, bool) {
	var got typed
	switch {
	case p.Type.Kind == types.Ref:
		refs := d.paths(p.Type, types.Fits)
		if len(refs) == 0 || d.chance(10) {
			if got.e = d.identity(p.Type.Noun, before); got.e == nil {
				return nil, false
			}
			return got.e, true
		}
		got = pick(d, refs)
	case p.Type.Kind == types.Variable && slices.Contains(p.Type.Among, types.Ref):
		records := d.paths(types.Type{Kind: types.Ref}, func(t, want types.Type) bool { return t.Kind == want.Kind && !t.IsIdentity() && !t.Optional })
		if len(records) == 0 {
			return nil, false
		}
		got = pick(d, records)
	case p.NeedsValue() && d.chance(80): // so that runs get far
		got = d.sure(p)
	case p.Key && d.chance(75):
		got = d.key()
	case p.Words != nil && d.chance(80):
		got = typed{tree.Lit(value.Text(pick(d, p.Words))), types.Text}
	case p.Label && p.Type.Kind == types.String && d.chance(70):
		got = typed{tree.Lit(value.Text(pick(d, labels))), types.Text}
	case p.Valid != nil && d.chance(80):
		got = d.valid(p)
	case !p.Required && !p.Kept && d.chance(10):
		got = nothing()
	case p.Type.Kind == types.Array && d.chance(60):
		if lists := d.paths(types.Type{Kind: types.Array}, sameKind); len(lists) > 0 {
			got = pick(d, lists)
			break
		}
		fallthrough
	default:
		got = d.expr(p.Type, d.IntN(complex+1))
	}
	if bound.Bind(p.Type, got.is) != nil {
		return nil, false
	}
	return got.e, true
}

// sure draws what is hardly ever missing: texts and moments as they are written out, ids that every delivery has.
func (d *drawer) sure(p *types.Param) typed {
	switch want := d.concrete(p.Type); {
	case p.Key:
		keys := slices.DeleteFunc(d.paths(types.ID, types.Fits), func(t typed) bool {
			steps := t.e.Path.Steps
			return t.is.Optional || len(steps) > 1 || len(steps) == 1 && steps[0].Key != "id" && steps[0].Key != "external_id"
		})
		if d.scope[0].is.Kind == types.Any && d.chance(70) {
			keys = []typed{{&tree.Expr{Type: tree.Var, Path: tree.Path{Root: d.root, Steps: []tree.Step{{Key: "id"}}}}, types.Free}}
		}
		if len(keys) == 0 {
			return d.key()
		}
		id := pick(d, keys)
		if d.chance(40) {
			return id
		}
		return typed{&tree.Expr{Type: "concat", Fields: []tree.Field{{Name: "arguments", Content: tree.List{id.e, tree.Lit(value.Text(pick(d, labels)))}}}}, types.Text}
	case p.Words != nil:
		return typed{tree.Lit(value.Text(pick(d, p.Words))), types.Text}
	case want.Kind == types.String:
		return typed{tree.Lit(value.Text(pick(d, labels))), want}
	case want.Kind == types.Datetime:
		moments := slices.DeleteFunc(d.paths(want, types.Fits), func(t typed) bool { return t.is.Optional })
		if len(moments) > 0 && d.chance(50) {
			return pick(d, moments)
		}
		return typed{&tree.Expr{Type: "now"}, want}
	default:
		return d.expr(want, d.IntN(complex+1))
	}
}

// key draws the key of a record as people write them, few enough that records meet.
func (d *drawer) key() typed {
	id := d.leaf(types.ID)
	if d.chance(50) {
		return id
	}
	arguments := tree.List{id.e, tree.Lit(value.Text(pick(d, labels)))}
	if d.chance(20) {
		arguments = append(arguments, d.expr(types.ID, 1).e)
	}
	return typed{&tree.Expr{Type: "concat", Fields: []tree.Field{{Name: "arguments", Content: arguments}}}, types.Text}
}

// identity puts an upsert of an identity before the instruction that needs one.
func (d *drawer) identity(noun string, before *[]*tree.Instruction) *tree.Expr {
	o := d.lib.FindOperation("upsert_" + noun + "_external_identity")
	if o == nil {
		return nil
	}
	made := &tree.Instruction{Type: o.Name, ReturnAs: d.fresh(noun), Fields: []tree.Field{{Name: "external_id", Content: d.key().e}}}
	*before = append(*before, made)
	// Names are cut off at the end of a block's own scope, so that one made for an item stands before the loop.
	d.bind(made.ReturnAs, o.Result)
	return &tree.Expr{Type: tree.Var, Path: tree.Path{Root: made.ReturnAs}}
}

// recordField draws the name of a field of the record.
func (d *drawer) recordField(record *tree.Expr) tree.Content {
	if record == nil || record.Type != tree.Var {
		return nil
	}
	var names []string
	for _, n := range d.scope {
		if n.name != record.Path.Root || len(record.Path.Steps) > 0 {
			continue
		}
		for _, f := range n.is.Fields {
			if f.Name == "id" || f.Name == "external_id" {
				continue
			}
			names = append(names, f.Name)
			for _, g := range f.Type.Fields {
				if f.Type.Kind == types.Object {
					names = append(names, f.Name+"."+g.Name)
				}
			}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return tree.Lit(value.Text(pick(d, names)))
}

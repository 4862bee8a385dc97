package specgen

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// typed is an expression with its type, found by the library's declarations alone: it knows nothing of narrowing.
type typed struct {
	e  *tree.Expr
	is types.Type
}

var null = types.Type{Kind: types.Null, Optional: true}

func nothing() typed { return typed{tree.Lit(value.Null()), null} }

// concrete takes a type in place of one that stands for several.
func (d *drawer) concrete(want types.Type) types.Type {
	if want.Kind != types.OneOf && want.Kind != types.Variable {
		return want
	}
	kinds := want.Among
	if kinds == nil {
		kinds = append(slices.Clone(types.Plain.Among), types.Personal, types.Personal)
	}
	switch pick(d, kinds) {
	case types.String:
		return types.Text
	case types.Number:
		return types.Num
	case types.Boolean:
		return types.Bool
	case types.Datetime:
		return types.Moment
	case types.Array:
		return types.ListOf(pick(d, []types.Type{types.Text, types.Num, types.Free, types.Moment}))
	case types.Ref:
		if refs := d.paths(types.Type{Kind: types.Ref}, sameKind); len(refs) > 0 {
			return pick(d, refs).is
		}
	case types.Object:
		if objects := d.paths(types.Type{Kind: types.Object}, sameKind); len(objects) > 0 {
			return pick(d, objects).is.Sure()
		}
	case types.Personal:
		if len(d.paths(types.Private, sameKind)) > 0 {
			return types.Private
		}
	}
	return types.Free
}

func sameKind(t, want types.Type) bool {
	return t.Kind == want.Kind || want.Kind == types.Personal && t.IsPersonal()
}

// expr draws an expression that fits where want is asked for.
func (d *drawer) expr(want types.Type, depth int) typed {
	want = d.concrete(want)
	if d.sloppy && d.chance(4) {
		want = d.concrete(types.Something) // perhaps it does not fit: the checker says so
	}
	if depth <= 0 || d.chance(25) {
		return d.leaf(want)
	}
	if calls := d.calls(want); len(calls) > 0 {
		made, ok := d.call(pick(d, calls), want, depth)
		if ok && (d.sloppy || types.Fits(made.is, want)) {
			return made
		}
	}
	return d.leaf(want)
}

// leaf draws a path, or a literal where the type has any.
func (d *drawer) leaf(want types.Type) typed {
	var made typed
	paths := d.paths(want, types.Fits)
	if want.Kind == types.Array || want.Kind == types.Any || want.Kind == types.Object { // not what is merely any
		if exact := d.paths(want, sameKind); len(exact) > 0 && d.chance(60) {
			paths = slices.DeleteFunc(exact, func(p typed) bool { return !types.Fits(p.is, want) })
		}
	}
	hasLiteral := want.Kind == types.String || want.Kind == types.Number || want.Kind == types.Boolean || want.Kind == types.Any
	switch {
	case len(paths) > 0 && (!hasLiteral || d.chance(75)):
		return pick(d, paths)
	case want.Kind == types.Any:
		t := pick(d, []types.Type{types.Text, types.Num, types.Bool})
		return typed{tree.Lit(d.plain(t)), t}
	case hasLiteral:
		return typed{tree.Lit(d.plain(want)), want}
	case want.Kind == types.Datetime:
		if d.chance(30) {
			return typed{&tree.Expr{Type: "now"}, types.Moment}
		}
		text := tree.Lit(value.Text(pick(d, []string{"2025-12-10 19:00", "2026-03-29 02:30:00", "2025-07-01T00:00:00Z"})))
		return typed{&tree.Expr{Type: "parse_datetime", Fields: []tree.Field{{Name: "text", Content: text}}}, types.Moment}
	case want.Kind == types.Array:
		var list tree.List
		for range 1 + d.IntN(3) {
			list = append(list, d.leaf(d.concrete(*want.Elem)).e)
		}
		return typed{&tree.Expr{Type: "list", Fields: []tree.Field{{Name: "arguments", Content: list}}}, want}
	}
	if want.Kind == types.Object {
		made = typed{&tree.Expr{Type: tree.Var, Path: tree.Path{Root: d.root}}, types.Free}
		return made
	}
	return nothing()
}

// paths are those from visible names whose type goes where want is asked for.
func (d *drawer) paths(want types.Type, fits func(t, want types.Type) bool) []typed {
	var found []typed
	add := func(p tree.Path, t types.Type) {
		if fits(t, want) && !(want.Kind != types.Personal && want.Kind != types.Table && t.Kind == types.Table) {
			found = append(found, typed{&tree.Expr{Type: tree.Var, Path: p}, t})
		}
	}
	for _, n := range d.scope {
		d.below(tree.Path{Root: n.name}, n.is, want, 3, add)
	}
	for _, f := range d.fetched {
		d.below(f.at, f.is, want, 2, add)
	}
	for _, p := range d.favour { // what is known not to be null is worth more
		for _, f := range found {
			if f.e.Path.String() == p.String() {
				found = append(found, f, f, f, f)
				break
			}
		}
	}
	return found
}

func (d *drawer) below(p tree.Path, t, want types.Type, depth int, add func(tree.Path, types.Type)) {
	// The whole item fits wherever any does, and is hardly ever right there.
	if t.Kind != types.Any || p.Root != d.root || len(p.Steps) > 0 || want.Kind == types.Any || want.Kind == types.Object || d.chance(2) {
		add(p, t)
	}
	if depth == 0 {
		return
	}
	switch t.Kind {
	case types.Object, types.Ref:
		for _, f := range t.Fields {
			if d.payload && t.Kind == types.Ref && f.Name == "id" { // a number that the database gave
				continue
			}
			is := f.Type
			is.Optional = is.Optional || t.Optional
			d.below(below(p, tree.Step{Key: f.Name}), is, want, depth-1, add)
		}
	case types.Array:
		d.below(below(p, tree.Step{Index: d.IntN(3), IsIndex: true}), t.Elem.Maybe(), want, depth-1, add)
	case types.Any:
		marked := func(steps []tree.Step) types.Type {
			is := t
			for _, step := range steps {
				if !step.IsIndex {
					is = is.Key(step.Key)
				}
			}
			return is
		}
		for range 2 {
			steps := d.keys(want)
			if want.Kind == types.Personal && len(t.Marks) > 0 {
				steps = pick(d, [][]tree.Step{{{Key: "user"}, {Key: "name"}}, {{Key: "user"}}, {{Key: "odd key"}}, {{Key: "tags"}}, {{Key: "name"}}, {{Key: "user"}, {Key: "email"}}})
			}
			if is := marked(steps); is.IsPersonal() || want.Kind != types.Ref && want.Kind != types.Datetime && want.Kind != types.Table && want.Kind != types.Personal {
				add(below(p, steps...), is)
			}
		}
	}
}

// keys are steps into what may be anything: mostly where deliveries have what is wanted.
func (d *drawer) keys(want types.Type) []tree.Step {
	key := func(s string) tree.Step { return tree.Step{Key: s} }
	if d.chance(10) {
		return []tree.Step{key(pick(d, words)), key(pick(d, words))}
	}
	switch want.Kind {
	case types.Number:
		return pick(d, [][]tree.Step{{key("amount")}, {key("id")}, {key("price")}, {key("count")}, {key("user"), key("id")}})
	case types.Boolean:
		return pick(d, [][]tree.Step{{key("paid")}, {key("user"), key("active")}})
	case types.Array:
		return pick(d, [][]tree.Step{{key("lines")}, {key("tags")}, {key("user"), key("tags")}})
	case types.Object:
		return pick(d, [][]tree.Step{{key("user")}, {key("lines"), {Index: 0, IsIndex: true}}})
	}
	return pick(d, [][]tree.Step{{key("id")}, {key("name")}, {key("status")}, {key("at")}, {key("user"), key("name")}, {key("sku")},
		{key("tags"), {Index: d.IntN(3), IsIndex: true}}, {key("lines"), {Index: d.IntN(2), IsIndex: true}, key("sku")}, {key("odd key")}})
}

// calls are the expressions of the library that can give want.
func (d *drawer) calls(want types.Type) []*library.Expression {
	var found []*library.Expression
	for _, x := range d.lib.Expressions() {
		if gives(x, want) {
			found = append(found, x)
		}
	}
	return found
}

func gives(x *library.Expression, want types.Type) bool {
	r := x.Result
	switch {
	case r.Kind == types.Variable && r.Among != nil:
		return slices.Contains(r.Among, want.Kind)
	case r.Kind == types.Variable:
		return true
	case r.Kind == types.Array && r.Elem.Kind == types.Variable:
		return want.Kind == types.Array || want.Kind == types.Any
	case r.Kind == types.Any:
		return want.IsJSON()
	}
	return types.Fits(r, want)
}

// call draws a use of an expression; ok false: an argument it needs cannot be drawn here.
func (d *drawer) call(x *library.Expression, want types.Type, depth int) (made typed, ok bool) {
	e := &tree.Expr{Type: x.Name}
	bound := types.Bindings{}
	switch r := x.Result; {
	case r.Kind == types.Variable:
		bound[r.Name] = want
	case r.Kind == types.Array && r.Elem.Kind == types.Variable && want.Kind == types.Array:
		bound[r.Elem.Name] = *want.Elem
	}
	real := types.Bindings{} // what the arguments turn out to be
	var args []types.Arg
	ok = true
	optional := false
	give := func(p *types.Param, got typed) {
		arg := types.Arg{Given: true, Type: got.is}
		if got.e.Type == tree.Literal {
			arg.Literal = &got.e.Value
		}
		args = append(args, arg)
		optional = optional || got.is.MayBeNull()
		if real.Bind(p.Type, got.is) != nil {
			ok = false
		}
	}
	d.within(func() {
		for i := range x.Params {
			p := &x.Params[i]
			switch {
			case p.Form == types.Name:
				item := d.fresh("item")
				e.Fields = append(e.Fields, tree.Field{Name: p.Name, Content: tree.Name(item)})
				elem := types.Free
				for j := range args {
					if x.Params[j].Name == p.Of && args[j].Type.Elem != nil {
						elem = *args[j].Type.Elem
					} else if x.Params[j].Name == p.Of && args[j].Type.Kind == types.Personal {
						elem = types.Private
					}
				}
				args = append(args, types.Arg{Given: true})
				d.bind(item, elem)
			case p.Form == types.Expressions:
				var list tree.List
				d.within(func() {
					for range 1 + d.IntN(3) {
						got := d.argument(p, bound, depth)
						list = append(list, got.e)
						give(p, got)
						switch x.Logic {
						case types.And:
							d.assume(got.e, true)
						case types.Or:
							d.assume(got.e, false)
						}
					}
				})
				e.Fields = append(e.Fields, tree.Field{Name: p.Name, Content: list})
			case !p.Required && d.chance(65):
				args = append(args, types.Arg{Type: null})
			default:
				d.within(func() {
					if len(x.Params) > 0 && p.Given == x.Params[0].Name && p.Given != "" {
						if condition, is := e.Field(p.Given).(*tree.Expr); is {
							d.assume(condition, true)
						}
					}
					got := d.argument(p, bound, depth)
					e.Fields = append(e.Fields, tree.Field{Name: p.Name, Content: got.e})
					give(p, got)
				})
			}
		}
	})
	if !ok {
		return made, false
	}
	t := real.Apply(x.Result)
	if x.Infer != nil {
		var err error
		if t, err = x.Infer(args); err != nil {
			return made, false
		}
	}
	switch x.Nulls {
	case types.NullIn:
		t.Optional = t.Optional || optional
	case types.NoNull:
		t.Optional = false
	}
	return typed{e, t}, true
}

// argument draws one argument, and lets the first that a type variable gets decide about the others.
func (d *drawer) argument(p *types.Param, bound types.Bindings, depth int) typed {
	want := p.Type
	switch {
	case d.chance(3) && !p.Literal && want.Kind != types.Table:
		return nothing()
	case p.Words != nil && (p.Literal || d.chance(80)):
		return typed{tree.Lit(value.Text(pick(d, p.Words))), types.Text}
	case p.Valid != nil && (p.Literal || d.chance(80)):
		return d.valid(p)
	case want.Kind == types.Table:
		if elem, ok := bound[want.Elem.Name]; ok {
			want = types.TableOf(elem)
		}
		tables := d.paths(want, types.Fits)
		if len(tables) == 0 {
			if tables = d.paths(types.Type{Kind: types.Table}, sameKind); len(tables) == 0 {
				return nothing()
			}
		}
		return pick(d, tables)
	case want.Kind == types.Array && (want.Elem.Kind == types.Variable || want.Elem.Kind == types.OneOf):
		elem := d.concrete(*want.Elem)
		if known, ok := bound[want.Elem.Name]; ok && want.Elem.Kind == types.Variable {
			elem = known
		} else if want.Elem.Kind == types.Variable {
			if lists := d.paths(types.Type{Kind: types.Array}, sameKind); len(lists) > 0 && d.chance(60) {
				got := pick(d, lists)
				bound[want.Elem.Name] = *got.is.Elem
				return got
			}
			bound[want.Elem.Name] = elem
		}
		return d.expr(types.ListOf(elem), depth-1)
	case want.Kind == types.Variable:
		known, ok := bound[want.Name]
		if !ok {
			known = d.concrete(want)
			bound[want.Name] = known
		}
		return d.expr(known.Sure(), depth-1)
	case want.Among == nil && want.Kind == types.OneOf && d.chance(35): // what is personal may be given to few
		if private := d.paths(types.Private, func(t, _ types.Type) bool { return t.IsPersonal() }); len(private) > 0 {
			return pick(d, private)
		}
	case slices.Contains(want.Among, types.Personal) && d.chance(50):
		if private := d.paths(types.Private, sameKind); len(private) > 0 {
			return pick(d, private)
		}
	}
	return d.expr(want, depth-1)
}

// valid draws a literal that a parameter takes: a zone, a format, a pattern, a number of digits.
func (d *drawer) valid(p *types.Param) typed {
	var right []value.Value
	for _, v := range literals {
		fits := p.Type.Kind == types.String && v.Kind() == value.KindText || p.Type.Kind == types.Number && v.Kind() == value.KindNumber
		if fits && p.Valid(v) == nil {
			right = append(right, v)
		}
	}
	if len(right) == 0 {
		return d.leaf(p.Type)
	}
	v := pick(d, right)
	t := types.Text
	if v.Kind() == value.KindNumber {
		t = types.Num
	}
	return typed{tree.Lit(v), t}
}

// assume notes which paths are not null where a condition has an outcome. It is coarse: the checker decides.
func (d *drawer) assume(e *tree.Expr, outcome bool) {
	x := d.lib.FindExpression(e.Type)
	if x == nil {
		return
	}
	switch {
	case x.Logic == types.Not:
		if inner, ok := e.Fields[0].Content.(*tree.Expr); ok {
			d.assume(inner, !outcome)
		}
	case x.Logic == types.And && outcome, x.Logic == types.Or && !outcome:
		list, _ := e.Fields[0].Content.(tree.List)
		for _, inner := range list {
			d.assume(inner, outcome)
		}
	case x.Logic == types.Present && outcome, x.Logic == types.Absent && !outcome, x.Logic == types.Equal && outcome:
		if inner, ok := e.Fields[0].Content.(*tree.Expr); ok && inner.Type == tree.Var {
			d.favour = append(d.favour, inner.Path)
		}
	}
}

// guard draws a condition that says of an optional path that it is there; nil: there is none.
func (d *drawer) guard() *tree.Expr {
	optional := d.paths(types.Something, func(t, _ types.Type) bool { return t.Optional || t.Kind == types.Any })
	if len(optional) == 0 {
		return nil
	}
	of := func(name string, e *tree.Expr) *tree.Expr {
		x := d.lib.FindExpression(name)
		return &tree.Expr{Type: name, Fields: []tree.Field{{Name: x.Params[0].Name, Content: e}}}
	}
	p := pick(d, optional).e
	var e *tree.Expr
	switch d.IntN(4) {
	case 0:
		e = of("exists", p)
	case 1:
		e = of("not", of("is_null", p))
	case 2:
		e = of("not", of("is_empty", p))
	default:
		return of("is_null", p)
	}
	if d.chance(30) {
		e = &tree.Expr{Type: "and", Fields: []tree.Field{{Name: "arguments", Content: tree.List{e, d.expr(types.Bool, 1).e}}}}
	}
	return e
}

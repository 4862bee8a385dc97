package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// expr finds the type of an expression and tells what is wrong within it.
func (c *checker) expr(e *tree.Expr, at *tree.Place) types.Type {
	if c.target != "" {
		c.look(at)
	}
	if c.exprDepth++; c.exprDepth > tree.MaxDepth {
		if c.exprDepth == tree.MaxDepth+1 {
			c.problem(at, tree.TooLarge, "expressions are nested more than 64 deep here", "Split them with define_variable.")
		}
		c.exprDepth--
		return types.Broken
	}
	var t types.Type
	switch {
	case e.Broken():
		c.loose(e, at)
		t = types.Broken
	case e.Type == tree.Literal:
		t = c.literal(e, at)
	case e.Type == tree.Var:
		t = c.path(e.Path, at)
	default:
		t = c.call(e, at)
	}
	c.exprDepth--
	c.types[e] = t
	return t
}

func (c *checker) literal(e *tree.Expr, at *tree.Place) types.Type {
	switch e.Value.Kind() {
	case value.KindText:
		return types.Text
	case value.KindNumber:
		if !e.Value.Decimal().InRange() {
			c.problem(at, tree.BadLiteral, "the number has more than 38 digits before the point", "Put quotes around it if it is an id.")
			return types.Broken
		}
		if e.Value.Rounded() {
			c.problem(at, tree.BadLiteral, "the number has more than 20 digits after the point", "Write fewer, or put quotes around it if it is an id.")
		}
		return types.Num
	case value.KindBool:
		return types.Bool
	}
	return types.Type{Kind: types.Null, Optional: true}
}

// path finds the type at the end of a path.
func (c *checker) path(p tree.Path, at *tree.Place) types.Type {
	n := c.find(p, at)
	if n == nil {
		return types.Broken
	}
	t, inner := n.kind, c.enriched[p.Root]
	if c.sure(p, 0) {
		t = t.Sure()
	}
	for i, step := range p.Steps {
		var next types.Type
		if e := inner[step.Key]; e != nil && !step.IsIndex {
			e.used = true
			next, inner = e.kind, c.enriched[p.Prefix(i+1)]
		} else {
			var ok bool
			if next, ok = c.step(t, step, p, i, at); !ok {
				return types.Broken
			}
			inner = nil
		}
		next.Optional = next.Optional || t.Optional
		if next.Optional && c.sure(p, i+1) {
			next = next.Sure()
		}
		t = next
	}
	return t
}

// step goes one step into a type.
func (c *checker) step(t types.Type, step tree.Step, p tree.Path, i int, at *tree.Place) (types.Type, bool) {
	message, hint := "", ""
	var fix *tree.Fix
	switch t.Kind {
	case types.Any:
		if !step.IsIndex { // marks go through lists
			t = t.Key(step.Key)
		}
		return t, true
	case types.Null, types.Unknown, types.Personal:
		return t, true
	case types.Object, types.Ref:
		if !step.IsIndex {
			if next, ok := t.Field(step.Key); ok {
				return next, true
			}
		}
		message = fmt.Sprintf("%s has no %s", p.Prefix(i), last(p, i))
		names := make([]string, len(t.Fields))
		for n, f := range t.Fields {
			names[n] = f.Name
		}
		if near := tree.Closest(step.Key, names); near != "" && !step.IsIndex {
			hint = "Did you mean " + near + "?"
			meant := tree.Path{Root: p.Root, Steps: slices.Clone(p.Steps)}
			meant.Steps[i] = tree.Step{Key: near}
			fix = tree.Replace("Write "+near, at.Pointer(), (&tree.Expr{Type: tree.Var, Path: meant}).JSON())
		} else {
			hint = "It has " + strings.Join(names, ", ") + "."
		}
	case types.Array:
		if step.IsIndex {
			return t.Elem.Maybe(), true
		}
		message = fmt.Sprintf("%s is a list and has no %s", p.Prefix(i), last(p, i))
		hint = "Take one item, as " + p.Prefix(i) + "[0], or go through it with for_each or map."
	case types.Table:
		message = p.Prefix(i) + " is a table and cannot be read by a path"
		hint = "Use lookup(…, " + p.Prefix(i) + ")."
		if i == 0 && len(p.Steps) == 1 && !step.IsIndex {
			fix = c.wrap(types.Table, at, tree.Lit(value.Text(step.Key)), &tree.Expr{Type: tree.Var, Path: tree.Path{Root: p.Root}})
		}
	default:
		message = fmt.Sprintf("%s is a %s and has nothing in it", p.Prefix(i), t.Sure())
		hint = "Write " + p.Prefix(i) + " alone."
	}
	problem := c.problem(at, tree.UnknownPath, message, hint)
	problem.Step, problem.Fix = i+1, fix
	return types.Broken, false
}

func last(p tree.Path, i int) string {
	if s := p.Steps[i]; s.IsIndex {
		return fmt.Sprintf("item [%d]", s.Index)
	}
	return "field " + p.Steps[i].Key
}

// call checks the arguments of an expression of the library and finds the type of its result.
func (c *checker) call(e *tree.Expr, at *tree.Place) types.Type {
	signature := c.lib.Expression(e.Type)
	if signature == nil { // the reader has told it
		c.loose(e, at)
		return types.Broken
	}
	if len(signature.Params) == 0 {
		c.received = true
	}
	k := call{checker: c, e: e, at: at, signature: signature, bound: types.Bindings{}, sound: true}
	mark, facts := len(c.order), c.facts
	for i := range signature.Params {
		k.param(&signature.Params[i])
	}
	for _, f := range e.Fields {
		if param, _ := signature.Param(f.Name); param == nil {
			c.raw(f.Content, at.Key(f.Name))
		}
	}
	k.unmarked()
	c.leave(mark)
	c.facts = facts
	return k.result()
}

// loose checks what is given to an expression that is not there, or stands where one belongs. Where it is nearly one
// that binds names, those are no mistakes of their own.
func (c *checker) loose(e *tree.Expr, at *tree.Place) {
	mark := len(c.order)
	var meant []types.Param
	if near := c.lib.Expression(tree.Closest(e.Type, c.lib.ExpressionNames())); near != nil {
		meant = near.Params
	}
	for _, f := range e.Fields {
		at := at
		if f.Name != "" {
			at = at.Key(f.Name)
		}
		c.raw(f.Content, at)
		list, _ := f.Content.(tree.List)
		for n, arg := range list {
			if n < len(meant) && meant[n].Form == types.Name && arg.Type == tree.Var && len(arg.Path.Steps) == 0 {
				if c.names[strings.ToLower(arg.Path.Root)] == nil {
					c.bind(at.Index(n), arg.Path.Root, types.Broken).quiet = true
				}
				continue
			}
			c.expr(arg, at.Index(n))
		}
	}
	c.leave(mark)
}

// call is one use of an expression being checked.
type call struct {
	*checker
	e         *tree.Expr
	at        *tree.Place
	signature *types.Signature
	bound     types.Bindings
	args      []types.Arg
	optional  bool // an argument may be null
	internal  bool
	sound     bool // all arguments fit
}

func (k *call) param(p *types.Param) {
	content := k.e.Field(p.Name)
	at := k.at.Key(p.Name)
	switch p.Form {
	case types.Name:
		k.args = append(k.args, types.Arg{Given: content != nil})
		if content == nil {
			k.missing(p)
			return
		}
		if text, ok := content.(tree.Name); ok {
			k.bindItem(p, string(text), at)
		}
	case types.Expressions:
		list, _ := content.(tree.List)
		k.raw(content, at)
		if len(list) == 0 {
			if _, raw := content.(tree.Raw); p.Required && !raw {
				k.problem(k.at, tree.WrongArguments, k.e.Type+" needs at least one of "+p.Name, helpHint(p))
			}
			k.sound = false
		}
		facts := k.facts
		for n, e := range list {
			k.argument(p, e, at.Index(n))
			// The next one is evaluated only when this one left the outcome open.
			switch k.signature.Logic {
			case types.And:
				k.fact(k.known(e, true))
			case types.Or:
				k.fact(k.known(e, false))
			}
		}
		k.facts = facts
	default:
		e, _ := content.(*tree.Expr)
		if e == nil {
			k.args = append(k.args, types.Arg{Type: types.Type{Kind: types.Null, Optional: true}})
			if content == nil {
				k.missing(p)
			} else {
				k.raw(content, at)
				k.sound = false
			}
			return
		}
		facts := k.facts
		if p.Given != "" {
			k.fact(k.given(p.Given, k.e.Field))
		}
		k.argument(p, e, at)
		k.facts = facts
	}
}

func (k *call) missing(p *types.Param) {
	if p.Required {
		k.problem(k.at, tree.WrongArguments, k.e.Type+" needs "+p.Name, helpHint(p))
		k.sound = false
	}
}

// bindItem makes the name of an item visible to the parameters after it.
func (k *call) bindItem(p *types.Param, name string, at *tree.Place) {
	t := types.Num
	if p.Of != "" {
		t = types.Broken
		if list, ok := k.signature.Param(p.Of); list != nil {
			t = element(k.args[ok].Type)
		}
	}
	k.bind(at, name, t).quiet = true
}

// element is the type of the items of a list.
func element(list types.Type) types.Type {
	switch {
	case list.Elem != nil:
		return *list.Elem
	case list.Kind == types.Any:
		return types.Free.Marked(list.Marks)
	case list.Kind == types.Null: // an empty list
		return list
	}
	return types.Broken
}

// argument checks one expression against its parameter.
func (k *call) argument(p *types.Param, e *tree.Expr, at *tree.Place) {
	before := len(k.problems)
	t := k.expr(e, at)
	k.meant(before, p.Type, e, at)
	arg := types.Arg{Given: true, Type: t}
	if e.Type == tree.Literal {
		arg.Literal = &e.Value
	}
	k.args = append(k.args, arg)
	if t.MayBeNull() && p.Type.Kind != types.Array {
		k.optional = true
	}
	k.internal = k.internal || t.Internal
	fits := k.fits(p, k.subject(p), e, t, at)
	if fits && t.Kind != types.Unknown {
		if err := k.bound.Bind(p.Type, t); err != nil {
			k.problem(at, tree.WrongType, err.Error(), parseHint(t))
			fits = false
		}
	}
	if !fits || t.Kind == types.Unknown || hasError(k.problems[before:]) {
		k.sound = false
	}
}

// subject is what a message calls a parameter.
func (k *call) subject(p *types.Param) string {
	if p.Form == types.Expressions {
		return k.e.Type
	}
	return p.Name + " of " + k.e.Type
}

func hasError(problems []tree.Problem) bool { return tree.HasErrors(problems) }

func (k *call) result() types.Type {
	s := k.signature
	var t types.Type
	switch {
	case s.Infer == nil:
		t = k.bound.Apply(s.Result)
	case !k.sound:
		t = types.Broken
	default:
		var err error
		if t, err = s.Infer(k.args); err != nil {
			k.problem(k.at, tree.WrongArguments, err.Error(), "See "+k.e.Type+" in the reference of the language.")
			return types.Broken
		}
	}
	switch s.Nulls {
	case types.NullIn:
		t.Optional = t.Optional || k.optional
	case types.NoNull:
		t.Optional = false
	}
	if t.Kind == types.String {
		t.Internal = k.internal
	}
	if s.Logic == types.Select {
		t = k.selected(t)
	}
	return t
}

// selected narrows the items of a filtered list by its condition.
func (k *call) selected(t types.Type) types.Type {
	if t.Elem == nil {
		return t
	}
	var item string
	for _, f := range k.e.Fields {
		if name, ok := f.Content.(tree.Name); ok {
			item = string(name)
		}
	}
	for i := range k.signature.Params {
		p := &k.signature.Params[i]
		condition, _ := k.e.Field(p.Name).(*tree.Expr)
		if !p.Inner || condition == nil {
			continue
		}
		for _, path := range k.known(condition, true) {
			if path.Root == item {
				elem := narrowed(*t.Elem, path.Steps)
				t.Elem = &elem
			}
		}
	}
	return t
}

// narrowed is a type of which the value at some steps is known not to be null.
func narrowed(t types.Type, steps []tree.Step) types.Type {
	t = t.Sure()
	if len(steps) == 0 || steps[0].IsIndex || t.Kind != types.Object {
		return t
	}
	t.Fields = slices.Clone(t.Fields)
	for i, f := range t.Fields {
		if f.Name == steps[0].Key {
			t.Fields[i].Type = narrowed(f.Type, steps[1:])
		}
	}
	return t
}

// fits says whether an expression of type t may be given to a parameter, null apart, and tells why not.
func (c *checker) fits(p *types.Param, subject string, e *tree.Expr, t types.Type, at *tree.Place) bool {
	if p.Literal && e.Type != tree.Literal && !e.Broken() {
		c.problem(at, tree.NotLiteral, subject+" is written out, not computed", wordsHint(p))
		return false
	}
	if !types.Fits(t, p.Type) {
		c.wrongType(p, subject, e, t, at)
		return false
	}
	if e.Type != tree.Literal || t.Kind == types.Null || t.Kind == types.Unknown {
		return true
	}
	if p.Words != nil && !slices.Contains(p.Words, e.Value.Text()) {
		problem := c.problem(at, tree.BadLiteral, fmt.Sprintf("%s is none of %s", e.Value, strings.Join(p.Words, ", ")), wordsHint(p))
		if near := tree.Closest(e.Value.Text(), p.Words); near != "" {
			problem.Hint = "Did you mean " + near + "?"
			problem.Fix = tree.Replace("Write "+near, at.Pointer(), tree.Lit(value.Text(near)).JSON())
		}
		return false
	}
	if p.Valid != nil {
		if err := p.Valid(e.Value); err != nil {
			c.problem(at, tree.BadLiteral, err.Error(), helpHint(p))
			return false
		}
	}
	return true
}

func wordsHint(p *types.Param) string {
	if p.Words != nil {
		return "One of " + strings.Join(p.Words, ", ") + "."
	}
	return "Write the value itself, without =. What differs from link to link goes into a constant."
}

// wrongType tells that something does not fit, with what would.
func (c *checker) wrongType(p *types.Param, subject string, e *tree.Expr, t types.Type, at *tree.Place) {
	if t.IsPersonal() {
		c.personalData(p, subject, e, t, at)
		return
	}
	problem := c.problem(at, tree.WrongType, fmt.Sprintf("%s takes %s, and %s is given", subject, article(p.Type), article(t.Sure())), "")
	want := p.Type.Kind
	if e.Type == tree.Literal {
		problem.Hint, problem.Fix = c.literalFix(p, e, at)
		if problem.Hint != "" {
			return
		}
	}
	problem.Fix = c.converted(p, e, t, at)
	switch {
	case want == types.Datetime && (t.Kind == types.String || t.Kind == types.Any):
		problem.Hint = "Make a datetime of it with parse_datetime(…)."
	case want == types.Datetime && t.Kind == types.Number:
		problem.Hint = "Make a datetime of it with parse_timestamp(…)."
	case want == types.Number && t.Kind == types.String:
		problem.Hint = "Make a number of it with parse_number(…)."
	case want == types.String && t.Kind == types.Number:
		problem.Hint = "Make text of it with concat(…)."
	case t.Kind == types.Datetime:
		problem.Hint = "Make text of it with format_datetime(…)."
	case want == types.Boolean:
		problem.Hint = `Compare it, as equals(…, "yes").`
	case want == types.Ref:
		problem.Hint = "Upsert it first, and use the name its return_as gives."
	case p.Help != "":
		problem.Hint = p.Help
	default:
		problem.Hint = "Give it " + article(p.Type) + "."
	}
}

// literalFix finds what was meant by a literal of the wrong type.
func (c *checker) literalFix(p *types.Param, e *tree.Expr, at *tree.Place) (string, *tree.Fix) {
	if e.Value.Kind() != value.KindText {
		if p.Type.Kind == types.String || fitsText(p.Type) {
			return "Put quotes around it.", tree.Replace("Put quotes around it", at.Pointer(), tree.Lit(value.Text(e.Value.String())).JSON())
		}
		return "", nil
	}
	if meant := c.meantFormula(e.Value.Text()); meant != nil {
		return "Write =" + e.Value.Text() + " for the value.", tree.Replace("Make it a formula", at.Pointer(), meant.JSON())
	}
	if v, err := value.ParseJSON([]byte(e.Value.Text()), value.Limits{}); err == nil &&
		(p.Type.Kind == types.Number && v.Kind() == value.KindNumber || p.Type.Kind == types.Boolean && v.Kind() == value.KindBool) {
		if v.Kind() == value.KindNumber && strings.ContainsAny(e.Value.Text(), "eE") { // without quotes it is a string, too
			return "Write the number without an exponent: " + v.String() + ".", tree.Replace("Write it without an exponent", at.Pointer(), tree.Lit(v).JSON())
		}
		return "Take the quotes off.", tree.Replace("Take the quotes off", at.Pointer(), tree.Lit(v).JSON())
	}
	return "", nil
}

func fitsText(t types.Type) bool { return types.Fits(types.Text, t) && !types.Fits(types.Num, t) }

// meantFormula is the formula that text without = looks like: a call of the library, or a path from a visible name.
func (c *checker) meantFormula(s string) *tree.Expr {
	if !strings.HasSuffix(s, ")") && !strings.ContainsAny(s, ".[") && c.names[strings.ToLower(s)] == nil {
		return nil
	}
	e, problems := text.ParseFormula("="+s, c.lib)
	if len(problems) > 0 || e == nil || e.Type == tree.Literal {
		return nil
	}
	if e.Type == tree.Var {
		n := c.names[strings.ToLower(e.Path.Root)]
		if n == nil || n.name != e.Path.Root {
			return nil
		}
		n.use()
	}
	return e
}

func article(t types.Type) string {
	s := t.String()
	if t.Kind == types.Array && (t.Elem.Kind == types.OneOf || t.Elem.Kind == types.Variable) {
		return "a list"
	}
	if strings.HasPrefix(s, "any") || t.Kind == types.OneOf || t.Kind == types.Variable || t.Kind == types.Null {
		return s
	}
	if strings.ContainsRune("aeiou", rune(s[0])) {
		return "an " + s
	}
	return "a " + s
}

func parseHint(t types.Type) string {
	if t.Kind == types.Any || t.Kind == types.String {
		return "A datetime comes out of text with parse_datetime(…)."
	}
	return "All that goes together here has one type."
}

// known gives the paths that are not null when a condition has an outcome.
func (c *checker) known(e *tree.Expr, outcome bool) []tree.Path {
	if e == nil || e.Broken() {
		return nil
	}
	signature := c.lib.Expression(e.Type)
	if signature == nil {
		return nil
	}
	args := arguments(e)
	switch signature.Logic {
	case types.Not:
		if len(args) == 1 {
			return c.known(args[0], !outcome)
		}
	case types.And, types.Or:
		if outcome != (signature.Logic == types.And) && len(args) != 1 {
			return nil
		}
		var paths []tree.Path
		for _, arg := range args {
			paths = append(paths, c.known(arg, outcome)...)
		}
		return paths
	case types.Present, types.Absent:
		if outcome == (signature.Logic == types.Present) && len(args) == 1 && args[0].Type == tree.Var {
			return []tree.Path{args[0].Path}
		}
	case types.Equal:
		if !outcome || len(args) != 2 {
			return nil
		}
		var paths []tree.Path
		for i, arg := range args {
			other := c.types[args[1-i]]
			if arg.Type == tree.Var && !other.Optional && other.Kind != types.Any && other.Kind != types.Unknown && other.Kind != types.Null {
				paths = append(paths, arg.Path)
			}
		}
		return paths
	}
	return nil
}

// arguments of a call in order.
func arguments(e *tree.Expr) []*tree.Expr {
	var args []*tree.Expr
	for _, f := range e.Fields {
		switch c := f.Content.(type) {
		case *tree.Expr:
			args = append(args, c)
		case tree.List:
			args = append(args, c...)
		}
	}
	return args
}

// given gives what is known where the condition that a parameter names holds, or with "!" does not.
func (c *checker) given(condition string, field func(string) tree.Content) []tree.Path {
	name, not := strings.CutPrefix(condition, "!")
	e, _ := field(name).(*tree.Expr)
	return c.known(e, !not)
}

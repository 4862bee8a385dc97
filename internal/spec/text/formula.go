package text

import (
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// ParseFormula reads a formula, from its "=" on. It gives an expression as far as there is one (nil: none at all) and
// what is wrong, by byte offset into the formula.
func ParseFormula(source string, g tree.Grammar) (*tree.Expr, []tree.FormulaProblem) {
	p := formulaParser{source: source, grammar: g}
	e := p.formula()
	p.settleMends()
	return e, p.problems
}

// Span is a piece of a formula, in bytes from its "=" on.
type Span struct{ From, To int }

// Spans say where in a formula its expressions are, and the names that its calls bind.
type Spans struct {
	Of    map[*tree.Expr]Span
	Names map[*tree.Expr]Span // by call
}

// ParseFormulaSpans is ParseFormula that also tells where everything is.
func ParseFormulaSpans(source string, g tree.Grammar) (*tree.Expr, *Spans, []tree.FormulaProblem) {
	p := formulaParser{source: source, grammar: g, spans: &Spans{Of: map[*tree.Expr]Span{}, Names: map[*tree.Expr]Span{}}}
	return p.formula(), p.spans, p.problems
}

// formulaParser follows the grammar of 1.3. It gives up at the first place that is no formula; calls with wrong
// arguments it tells and goes on.
type formulaParser struct {
	source   string
	at       int
	depth    int
	grammar  tree.Grammar
	problems []tree.FormulaProblem
	mends    []mend
	spans    *Spans // nil: nobody asks
	failed   bool
}

func (p *formulaParser) problem(at int, code, message, hint string) {
	p.problems = append(p.problems, tree.FormulaProblem{Offset: at, Code: code, Message: message, Hint: hint})
}

// fail is for what is no formula: nothing after it can be read.
func (p *formulaParser) fail(at int, message, hint string) *tree.Expr {
	if !p.failed {
		p.failed = true
		p.problem(at, tree.Syntax, message, hint)
	}
	return nil
}

func (p *formulaParser) formula() *tree.Expr {
	if len(p.source) > tree.MaxFormula {
		p.problem(0, tree.TooLarge, fmt.Sprintf("the formula has %d bytes, and 16 KiB are allowed", len(p.source)), "Split it with define_variable.")
		return nil
	}
	if !strings.HasPrefix(p.source, "=") {
		return p.fail(0, "a formula begins with =", "Put = in front.")
	}
	p.at = 1
	e := p.expr()
	if p.failed {
		return nil
	}
	if p.at < len(p.source) {
		return p.failUnexpected("the formula should end here", 1)
	}
	return e
}

func (p *formulaParser) space() { p.at = tree.SkipSpace(p.source, p.at) }

func (p *formulaParser) peek() byte {
	if p.at < len(p.source) {
		return p.source[p.at]
	}
	return 0
}

// expr reads ws ( constant | call | path ) ws.
func (p *formulaParser) expr() *tree.Expr {
	p.space()
	start := p.at
	if p.depth++; p.depth > tree.MaxDepth {
		if !p.failed {
			p.failed = true
			p.problem(start, tree.TooLarge, "expressions are nested more than 64 deep here", "Split the formula with define_variable.")
		}
		return nil
	}
	e := p.one()
	p.depth--
	if p.failed {
		return nil
	}
	if p.spans != nil && e != nil {
		p.spans.Of[e] = Span{start, p.at}
	}
	p.space()
	return e
}

func (p *formulaParser) one() *tree.Expr {
	start := p.at
	c := p.peek()
	switch {
	case c == '"':
		s, end, err := tree.ScanText(p.source, start)
		if err != nil {
			p.fail(tree.PathOffset(err), err.Error(), textHint)
			p.mendEnd()
			return nil
		}
		p.at = end
		return tree.Lit(value.Text(s))
	case c == '-' || c >= '0' && c <= '9':
		return p.number()
	}
	word := p.word()
	switch word {
	case "true", "false":
		p.at += len(word)
		return tree.Lit(value.Bool(word == "true"))
	case "null":
		p.at += len(word)
		return tree.Lit(value.Null())
	case "":
		return p.failUnexpected("an expression belongs here", -1)
	}
	if after := tree.SkipSpace(p.source, start+len(word)); after < len(p.source) && p.source[after] == '(' {
		if after > start+len(word) {
			p.fail(start+len(word), "there is no space between "+word+" and (", "Write "+word+"(.")
			p.mend("Take the space out", start+len(word), after, "")
			return nil
		}
		return p.call(word)
	}
	path, end, err := tree.ScanPath(p.source, start)
	if err != nil {
		p.fail(tree.PathOffset(err), err.Error(), tree.PathHint)
		p.mendIndex(tree.PathOffset(err))
		return nil
	}
	p.at = end
	return &tree.Expr{Type: tree.Var, Path: path}
}

// word is the name at the present place, "" for none.
func (p *formulaParser) word() string {
	end := p.at
	for end < len(p.source) {
		c := p.source[end]
		if c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || end > p.at && c >= '0' && c <= '9' {
			end++
			continue
		}
		break
	}
	return p.source[p.at:end]
}

func (p *formulaParser) number() *tree.Expr {
	start, end := p.at, p.at+1
	for end < len(p.source) && (strings.IndexByte("0123456789.eE", p.source[end]) >= 0 ||
		(p.source[end] == '+' || p.source[end] == '-') && (p.source[end-1] == 'e' || p.source[end-1] == 'E')) {
		end++
	}
	v, err := value.ParseJSON([]byte(p.source[start:end]), value.Limits{})
	if err != nil {
		if p.source[start] == '-' && end == start+1 {
			return p.failUnexpected("an expression belongs here", -1)
		}
		return p.fail(start, p.source[start:end]+" is no number: "+err.Message, "A number is written 12, 0.5 or -3; other text goes in double quotes.")
	}
	if message := literalNumber(v); message != "" {
		return p.fail(start, message, "Put it in double quotes if it is an id.")
	}
	p.at = end
	return tree.Lit(v)
}

// literalNumber says why a number cannot be a literal, "" where it can.
func literalNumber(v value.Value) string {
	switch {
	case !v.Decimal().InRange():
		return "the number has more than 38 digits before the point"
	case v.Rounded():
		return "the number has more than 20 digits after the point"
	}
	return ""
}

// argument of a call, as written.
type argument struct {
	name string // "" by position
	at   int
	from int // of the expression
	to   int
	expr *tree.Expr
}

func (p *formulaParser) call(name string) *tree.Expr {
	start := p.at
	p.at += len(name) + 1
	var args []argument
	p.space()
	for p.peek() != ')' {
		a := p.argument()
		if p.failed {
			return nil
		}
		args = append(args, a)
		if p.peek() == ',' {
			p.at++
			p.space()
			if p.peek() == ')' {
				p.failUnexpected("an expression belongs here", -1)
				p.mend("Take the comma out", strings.LastIndexByte(p.source[:p.at], ','), p.at, "")
				return nil
			}
			continue
		}
		if p.peek() != ')' {
			return p.failUnexpected(", or ) belongs here", a.from)
		}
	}
	p.at++
	switch name {
	case tree.Literal, tree.Var:
		return p.structural(name, start, args)
	}
	signature := p.grammar.Expression(name)
	if signature == nil {
		message, hint, near := tree.UnknownExpression(p.grammar, name)
		p.problem(start, tree.UnknownType, message, hint)
		if near != "" {
			p.mend("Write "+near, start, start+len(name), near)
		}
		return unknownCall(name, args)
	}
	return p.bind(name, signature, args)
}

// unknownCall keeps the arguments, so that what is wrong in them is told too.
func unknownCall(name string, args []argument) *tree.Expr {
	list := make(tree.List, len(args))
	for i, a := range args {
		list[i] = a.expr
	}
	return &tree.Expr{Type: name, Fields: []tree.Field{{Name: "arguments", Content: list}}}
}

// argument reads [ ws name ws "=" ] expr.
func (p *formulaParser) argument() argument {
	p.space()
	a := argument{at: p.at}
	if word := p.word(); word != "" {
		after := tree.SkipSpace(p.source, p.at+len(word))
		if after < len(p.source) && p.source[after] == '=' && !strings.HasPrefix(p.source[after:], "==") {
			a.name = word
			p.at = after + 1
		}
	}
	a.from = tree.SkipSpace(p.source, p.at)
	a.expr = p.expr()
	a.to = p.at
	return a
}

// structural reads literal(5) and var(event.id), which are the same as 5 and event.id.
func (p *formulaParser) structural(name string, start int, args []argument) *tree.Expr {
	want := map[string]string{tree.Literal: "value", tree.Var: "path"}[name]
	if len(args) != 1 || args[0].name != "" && args[0].name != want {
		p.problem(start, tree.WrongArguments, name+" takes one argument", "A value and a path are written alone: 5, event.id.")
		return &tree.Expr{}
	}
	e := args[0].expr
	if e.Type != name {
		p.problem(args[0].at, tree.WrongArguments, map[string]string{
			tree.Literal: "literal takes text, a number, true, false or null",
			tree.Var:     "var takes a path, as event.id",
		}[name], "A value and a path are written alone: 5, event.id.")
	}
	return e
}

// bind gives each argument its parameter.
func (p *formulaParser) bind(name string, signature *types.Signature, args []argument) *tree.Expr {
	e := &tree.Expr{Type: name}
	contents := make([]tree.Content, len(signature.Params))
	position, named := 0, ""
	for _, a := range args {
		index := position
		if a.name != "" {
			named = a.name
			if _, index = signature.Param(a.name); index < 0 {
				p.noParameter(name, a, signature)
				continue
			}
			if signature.Params[index].Form == types.Expressions {
				p.problem(a.at, tree.WrongArguments, a.name+" of "+name+" takes any number of arguments and is not named", "Leave "+a.name+"= out.")
				p.mend("Leave "+a.name+"= out", a.at, a.from, "")
				continue
			}
		} else if named != "" {
			p.problem(a.at, tree.WrongArguments, "arguments by position stand before those by name", "Move it before "+named+"=.")
			continue
		}
		if index >= len(signature.Params) {
			p.problem(a.at, tree.WrongArguments, fmt.Sprintf("%s takes %s", name, takes(signature)), "Take it out.")
			p.mendArgument(a)
			continue
		}
		param := &signature.Params[index]
		switch {
		case param.Form == types.Expressions:
			list, _ := contents[index].(tree.List)
			contents[index] = append(list, a.expr)
		case contents[index] != nil:
			p.problem(a.at, tree.WrongArguments, param.Name+" of "+name+" is given twice", "Leave one of the two out.")
			p.mendArgument(a)
		case param.Form == types.Name:
			contents[index] = p.bareName(name, param, a)
			if p.spans != nil {
				p.spans.Names[e] = p.spans.Of[a.expr]
			}
			position++
		default:
			contents[index] = a.expr
			if a.name == "" {
				position++
			}
		}
	}
	for i, c := range contents {
		if c == nil && signature.Params[i].Form == types.Expressions {
			c = tree.List(nil)
		}
		if c != nil {
			e.Fields = append(e.Fields, tree.Field{Name: signature.Params[i].Name, Content: c})
		}
	}
	return e
}

func (p *formulaParser) noParameter(name string, a argument, signature *types.Signature) {
	var names []string
	for i := range signature.Params {
		names = append(names, signature.Params[i].Name)
	}
	hint := fmt.Sprintf("%s takes %s.", name, strings.Join(names, ", "))
	if len(names) == 0 {
		hint = name + " takes no arguments."
	}
	if near := tree.Closest(a.name, names); near != "" {
		hint = "Did you mean " + near + "?"
	}
	p.problem(a.at, tree.WrongArguments, fmt.Sprintf("%s has no argument %s", name, a.name), hint)
	if near := tree.Closest(a.name, names); near != "" {
		p.mend("Write "+near, a.at, a.at+len(a.name), near)
	} else {
		p.mendArgument(a)
	}
}

func takes(signature *types.Signature) string {
	switch n := len(signature.Params); n {
	case 0:
		return "no arguments"
	case 1:
		return "one argument: " + signature.Params[0].Name
	default:
		names := make([]string, n)
		for i := range signature.Params {
			names[i] = signature.Params[i].Name
		}
		return fmt.Sprintf("%d arguments: %s", n, strings.Join(names, ", "))
	}
}

// bareName reads the argument of an item_var: a name, or the same as text.
func (p *formulaParser) bareName(name string, param *types.Param, a argument) tree.Content {
	switch e := a.expr; {
	case e.Type == tree.Var && len(e.Path.Steps) == 0:
		return tree.Name(e.Path.Root)
	case e.Type == tree.Literal && tree.IsName(e.Value.Text()):
		return tree.Name(e.Value.Text())
	}
	p.problem(a.at, tree.NotLiteral, param.Name+" of "+name+" is a name of your own, as line", "Write the name alone, without a path or a call.")
	return tree.Raw{}
}

// PrintFormula writes an expression in the one way it is written, with "=".
func PrintFormula(e *tree.Expr, g tree.Grammar) string {
	return string(appendExpr(append(make([]byte, 0, 64), '='), e, g))
}

// Given is an expression as a spec gives it (1.1): a formula as text that begins with "=", a literal as itself.
func Given(e *tree.Expr, g tree.Grammar) value.Value {
	switch {
	case e.Type != tree.Literal:
		return value.Text(PrintFormula(e, g))
	case e.Value.Kind() == value.KindText && strings.HasPrefix(e.Value.Text(), "="):
		return value.Text("=" + e.Value.Text())
	}
	return e.Value
}

func appendExpr(b []byte, e *tree.Expr, g tree.Grammar) []byte {
	switch e.Type {
	case tree.Literal:
		return e.Value.AppendJSON(b)
	case tree.Var:
		return append(b, e.Path.String()...)
	}
	b = append(b, e.Type...)
	b = append(b, '(')
	signature := g.Expression(e.Type)
	if signature == nil {
		signature = &types.Signature{}
	}
	first, inOrder := true, true
	next := 0 // the parameter whose argument comes next by position
	for _, f := range e.Fields {
		param, index := signature.Param(f.Name)
		byName := param != nil && param.Form != types.Expressions && (!param.Required || !inOrder || index != next)
		if byName {
			inOrder = false
		}
		next = index + 1
		items, isList := f.Content.(tree.List)
		if !isList {
			items = tree.List{nil}
		}
		for _, item := range items {
			if !first {
				b = append(b, ", "...)
			}
			first = false
			if byName {
				b = append(b, f.Name...)
				b = append(b, '=')
			}
			switch c := f.Content.(type) {
			case tree.List:
				b = appendExpr(b, item, g)
			case *tree.Expr:
				b = appendExpr(b, c, g)
			case tree.Name:
				b = append(b, c...)
			}
		}
	}
	return append(b, ')')
}

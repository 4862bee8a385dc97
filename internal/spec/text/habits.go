package text

import (
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// mend is what may take a problem out of a formula: other text in the place of a piece of it.
type mend struct {
	problem  int
	title    string
	from, to int
	text     string
}

// mend notes what may mend the problem told last. The first for a problem that helps is kept.
func (p *formulaParser) mend(title string, from, to int, text string) {
	if len(p.problems) > 0 && 0 < from && from <= to && to <= len(p.source) {
		p.mends = append(p.mends, mend{len(p.problems) - 1, title, from, to, text})
	}
}

// maxMends bounds how many are tried for one formula.
const maxMends = 16

// settleMends keeps those that leave fewer problems than there are.
func (p *formulaParser) settleMends() {
	for _, m := range p.mends[:min(len(p.mends), maxMends)] {
		mended := p.source[:m.from] + m.text + p.source[m.to:]
		trial := formulaParser{source: mended, grammar: p.grammar}
		trial.formula()
		problem := &p.problems[m.problem]
		better := !trial.failed && (p.failed || len(trial.problems) < len(p.problems))
		if trial.failed && p.failed { // the next mistake comes later
			at, before := trial.problems[len(trial.problems)-1].Offset, p.problems[len(p.problems)-1].Offset
			better = len(mended)-at < len(p.source)-before
		}
		if better && problem.Mended == "" {
			problem.Mended, problem.Mend = mended, m.title
		}
	}
}

// failUnexpected is fail at what stands where something else belongs. What may be the left side of an operator begins at
// an offset; -1: there is none.
func (p *formulaParser) failUnexpected(expected string, left int) *tree.Expr {
	message, hint := p.unexpected(expected)
	p.fail(p.at, message, hint)
	rest := p.source[p.at:]
	habit := p.habit()
	switch {
	case rest == "":
		p.mendEnd()
	case habit == nil:
	case habit.call != "" && left > 0:
		p.mendOperator(habit, left)
	case habit.sign == "!":
		if end := p.operand(p.at + 1); end > 0 {
			p.mend("Write not(…)", p.at, end, "not("+p.source[p.at+1:end]+")")
		}
	case habit.sign == "'":
		if text, _, ok := strings.Cut(rest[1:], "'"); ok {
			p.mend("Use double quotes", p.at, p.at+len(text)+2, value.Text(text).String())
		}
	case habit.sign == "“":
		p.mend("Use plain double quotes", 1, len(p.source), strings.NewReplacer("“", `"`, "”", `"`).Replace(p.source[1:]))
	case habit.sign == ")":
		p.mend("Take the bracket out", p.at, p.at+1, "")
	}
	return nil
}

// operand is where the expression that begins at an offset ends, 0 where there is none.
func (p *formulaParser) operand(at int) int {
	side := formulaParser{source: p.source, grammar: p.grammar, at: at, depth: p.depth}
	side.expr()
	if side.failed {
		return 0
	}
	return side.at
}

// mendOperator writes a call in the place of an operator and its two sides.
func (p *formulaParser) mendOperator(h *habit, left int) {
	end := p.operand(p.at + len(h.sign))
	if end == 0 {
		return
	}
	call := h.call
	a, b := strings.TrimSpace(p.source[left:p.at]), strings.TrimSpace(p.source[p.at+len(h.sign):end])
	if h.sign == "+" && (strings.HasPrefix(a, `"`) || strings.HasPrefix(b, `"`)) {
		call = "concat(%s, %s)"
	}
	p.mend("Write "+strings.ReplaceAll(call, "%s", "…"), left, end, fmt.Sprintf(call, a, b))
}

// mendEnd closes what is open where a formula ends too early.
func (p *formulaParser) mendEnd() {
	whole := strings.TrimRight(p.source, " ,\n\t")
	tail := ""
	if quotes := strings.Count(strings.ReplaceAll(whole, `\"`, ""), `"`); quotes%2 == 1 {
		tail = `"`
	}
	if open := unclosed(whole + tail); open > 0 {
		tail += strings.Repeat(")", open)
	}
	if tail != "" {
		p.mend("Write "+tail+" at its end", len(whole), len(p.source), tail)
	}
}

// mendIndex puts an index that stands behind a point into brackets.
func (p *formulaParser) mendIndex(at int) {
	end := at
	for end < len(p.source) && p.source[end] >= '0' && p.source[end] <= '9' {
		end++
	}
	if end > at && p.source[at-1] == '.' {
		p.mend("Write ["+p.source[at:end]+"]", at-1, end, "["+p.source[at:end]+"]")
	}
}

// mendArgument takes an argument out, with one comma.
func (p *formulaParser) mendArgument(a argument) {
	from, to := a.at, a.to
	if before := strings.TrimRight(p.source[:from], " \t\r\n"); strings.HasSuffix(before, ",") {
		from = len(before) - 1
	} else if strings.HasPrefix(p.source[to:], ",") {
		to = tree.SkipSpace(p.source, to+1)
	}
	p.mend("Take it out", from, to, "")
}

// unexpected says what stands where something else belongs, with the remedy for habits from other languages.
func (p *formulaParser) unexpected(expected string) (message, hint string) {
	rest := p.source[p.at:]
	if rest == "" {
		return "the formula ends too early: " + expected, endHint(p.source)
	}
	if habit := p.habit(); habit != nil {
		return fmt.Sprintf("%s, not %s", expected, habit.sign), habit.hint
	}
	for _, r := range rest {
		return fmt.Sprintf("%s, not %q", expected, r), "A formula is a value, a path or a call: 5, event.id, concat(a, b). Text goes in double quotes."
	}
	return expected, ""
}

const textHint = `Text begins and ends with a double quote; one within it is written \" and a backslash \\.`

// endHint tells what a formula that ends too early lacks.
func endHint(source string) string {
	if open := unclosed(source); open > 1 {
		return fmt.Sprintf("Close its %d brackets.", open)
	} else if open == 1 {
		return "Close its bracket with )."
	}
	return "Write an expression after =, as =event.id; text that begins with = is written with ==."
}

// habit is a sign of another language, with what it is here: a call of what stands before and behind it.
type habit struct{ sign, hint, call string }

// habit is the one whose sign stands at the present place.
func (p *formulaParser) habit() *habit {
	for i := range habits {
		if strings.HasPrefix(p.source[p.at:], habits[i].sign) {
			return &habits[i]
		}
	}
	return nil
}

// habits from other languages; longer signs first.
var habits = []habit{
	{"==", "There are no operators; use equals(a, b).", "equals(%s, %s)"},
	{"!=", "There are no operators; use not(equals(a, b)).", "not(equals(%s, %s))"},
	{">=", "There are no operators; use greater_or_equal(a, b).", "greater_or_equal(%s, %s)"},
	{"<=", "There are no operators; use less_or_equal(a, b).", "less_or_equal(%s, %s)"},
	{"&&", "There are no operators; use and(a, b).", "and(%s, %s)"},
	{"||", "There are no operators; use or(a, b).", "or(%s, %s)"},
	{"//", "A formula has no comments; use the note of the instruction.", ""},
	{"=", "A named argument is written name=value, within a call.", ""},
	{">", "There are no operators; use greater_than(a, b).", "greater_than(%s, %s)"},
	{"<", "There are no operators; use less_than(a, b).", "less_than(%s, %s)"},
	{"+", "There are no operators; use sum(a, b), or concat(a, b) for text.", "sum(%s, %s)"},
	{"-", "There are no operators; use subtract(a, b).", "subtract(%s, %s)"},
	{"*", "There are no operators; use multiply(a, b).", "multiply(%s, %s)"},
	{"/", "There are no operators; use divide(a, b).", "divide(%s, %s)"},
	{"%", "There are no operators.", ""},
	{"!", "There are no operators; use not(a).", ""},
	{"&", "There are no operators; use concat(a, b) for text, and(a, b) for tests.", "concat(%s, %s)"},
	{"?", "There are no operators; use if(condition, then, else).", ""},
	{":", "A named argument is written name=value.", ""},
	{"'", "Text is written in double quotes.", ""},
	{"“", "Text is written in plain double quotes: \".", ""},
	{"`", "Text is written in double quotes.", ""},
	{"{", "A formula has no objects; make a table of constants, or separate fields.", ""},
	{"[", "A list is made by list(a, b).", ""},
	{"#", "A formula has no comments; use the note of the instruction.", ""},
	{";", "Arguments are separated by commas.", ""},
	{"$", "A variable is written by its name alone.", ""},
	{"(", "There are no brackets but those of a call.", ""},
	{")", "One closing bracket too many, or a comma without an argument.", ""},
	{",", "A comma stands only between two arguments.", ""},
}

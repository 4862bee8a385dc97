package text

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Positions finds places of the tree in the user's own file.
type Positions struct {
	grammar tree.Grammar
	read    *sourceFile // of JSON it is made when somebody first asks
	json    string
	given   value.Value // what was read, formulas as they are written
}

// file is what was read, with the places of all keys and values.
func (p *Positions) file() *sourceFile {
	switch {
	case p.read != nil:
	case p.given.IsNull(): // it could not be read
		p.read = newFile("")
	default:
		p.read = jsonFile(p.json)
	}
	return p.read
}

// mostSources bounds for how many fixes of one file the Source is found: each looks through its part of the file, and a
// file that is wrong from end to end has tens of thousands of problems.
const mostSources = 500

// Place gives every problem that has none yet its line and column: of the very character within a formula. Fixes get
// their Source, the first mostSources.
func (p *Positions) Place(problems []tree.Problem) {
	sources := 0
	for i := range problems {
		if at := p.locate(&problems[i]); problems[i].Line == 0 {
			problems[i].Line, problems[i].Column = at.line, at.column
		}
		p.keepDigits(&problems[i])
		if fix := problems[i].Fix; fix != nil && fix.Source == nil && sources < mostSources {
			sources++
			fix.Source = p.source(fix)
			for _, other := range problems[i].Others {
				other.Source = p.source(other)
			}
		}
	}
	tree.SortByPlace(problems)
}

// keepDigits lets the fix that puts quotes around a number keep what was written: 1.10, not 1.1.
func (p *Positions) keepDigits(problem *tree.Problem) {
	if problem.Fix == nil || !slices.ContainsFunc(problem.Fix.Edits, func(e tree.Edit) bool { return e.Value != nil && e.Pointer == problem.Pointer }) ||
		lookUp(p.given, problem.Pointer).Kind() != value.KindNumber {
		return
	}
	f := p.file()
	n, ok := f.byPath[problem.Pointer]
	if !ok || f.json || f.entries[n].style != plain {
		return
	}
	rest := f.source[f.entries[n].at:]
	written := rest[:len(rest)-len(strings.TrimLeft(rest, "-.0123456789"))]
	for i, e := range problem.Fix.Edits {
		switch {
		case e.Value == nil || e.Pointer != problem.Pointer:
		case e.Value.Kind() == value.KindText:
			*problem.Fix = *tree.Replace(problem.Fix.Title, e.Pointer, value.Text(written))
		case e.Value.Get("value").Kind() == value.KindText:
			problem.Fix.Edits[i] = tree.Replace("", e.Pointer, tree.Lit(value.Text(written)).JSON()).Edits[0]
		}
	}
}

// At gives the line and column of a place of the tree, both from 1.
func (p *Positions) At(pointer string) (line, column int) {
	at := p.locate(&tree.Problem{Pointer: pointer})
	return at.line, at.column
}

// locate goes as deep as the file goes, then into the formula there.
func (p *Positions) locate(problem *tree.Problem) spot {
	pointer, rest := problem.Pointer, ""
	for {
		if at, ok := p.direct(pointer, rest, problem); ok {
			return at
		}
		cut := strings.LastIndexByte(pointer, '/')
		if cut < 0 {
			return spot{1, 1}
		}
		pointer, rest = pointer[:cut], pointer[cut:]+rest
	}
}

// direct finds the place that a pointer names in the file; rest goes on within the formula there.
func (p *Positions) direct(pointer, rest string, problem *tree.Problem) (spot, bool) {
	f := p.file()
	n, ok := f.byPath[pointer]
	if !ok {
		return spot{}, false
	}
	inside := false
	if v, written := f.byPath[pointer+"/var"]; written && rest == "" && (problem.Code == tree.UnknownName || problem.Code == tree.UnknownPath) {
		n, pointer, inside = v, pointer+"/var", true // a tree: its path
	}
	e := &f.entries[n]
	if rest == "" && problem.Code == tree.UnknownKey {
		return e.key, true
	}
	if within := p.within(pointer, rest, problem); (within > 0 || inside) && e.style != noScalar {
		if f.json {
			return f.spotAt(jsonTextOffset(f.source, e.at, within)), true
		}
		return f.spotAt(f.scalarOffset(e, within)), true
	}
	return e.value, true
}

// within is the byte offset in the text at a pointer of what the problem is about; 0 for all of it.
func (p *Positions) within(pointer, rest string, problem *tree.Problem) int {
	source := lookUp(p.given, pointer).Text()
	if !strings.HasPrefix(source, "=") || strings.HasPrefix(source, "==") {
		if strings.HasSuffix(pointer, "/var") {
			if problem.Step == 0 {
				return problem.Offset
			}
			return max(problem.Offset, stepOffset(source, 0, problem.Step))
		}
		return problem.Offset
	}
	if problem.Offset > 0 {
		return problem.Offset
	}
	return formulaOffset(source, rest, problem.Step, p.grammar)
}

// formulaOffset is where in a formula the expression begins that a pointer relative to it names, or with step a step of
// its path.
func formulaOffset(source, rest string, step int, g tree.Grammar) int {
	e, spans, _ := ParseFormulaSpans(source, g)
	if e == nil {
		return 0
	}
	e, span, _ := spans.find(e, rest)
	if e != nil && e.Type == tree.Var && step > 0 {
		return stepOffset(source, span.From, step)
	}
	return span.From
}

// find goes from an expression along a pointer. It gives the piece of the formula that this names, or else as deep as it
// goes; the expression is nil where the piece is a name that a call binds.
func (s *Spans) find(e *tree.Expr, rest string) (*tree.Expr, Span, bool) {
	at := s.Of[e]
	var list tree.List
	for _, key := range tree.SplitPointer(rest) {
		var inner *tree.Expr
		if list != nil {
			if n, err := strconv.Atoi(key); err == nil && n >= 0 && n < len(list) {
				inner = list[n]
			}
			list = nil
		} else {
			switch c := e.Field(key).(type) {
			case *tree.Expr:
				inner = c
			case tree.List:
				list = c
				continue
			case tree.Name:
				return nil, s.Names[e], true
			}
		}
		if inner == nil {
			return e, at, false
		}
		e, at = inner, s.Of[inner]
	}
	return e, at, list == nil
}

// stepOffset is where step n of the path at an offset begins, from 1; the offset itself for 0.
func stepOffset(source string, at, n int) int {
	if strings.HasPrefix(source[min(at, len(source)):], "var") {
		if open := strings.IndexByte(source[at:], '('); open > 0 && strings.TrimSpace(source[at:at+open]) == "var" {
			at = tree.SkipSpace(source, at+open+1)
		}
	}
	for ; n > 0; n-- {
		next := strings.IndexAny(source[min(at+1, len(source)):], ".[")
		if next < 0 {
			return at
		}
		at += 1 + next
		if at+1 < len(source) && source[at] == '[' && source[at+1] == '"' && n > 1 {
			if _, end, err := tree.ScanText(source, at+1); err == nil {
				at = end
			}
		}
	}
	return min(at+1, len(source))
}

// scalarOffset is the byte of the file that holds byte k of a scalar's text.
func (f *sourceFile) scalarOffset(e *entry, k int) int {
	i := e.at
	switch e.style {
	case single, double:
		i++
	case literal, folded:
		return f.blockOffset(e, k)
	}
	for k > 0 && i < len(f.source) {
		from, made := f.scalarStep(i, e.style)
		i += from
		k -= made
	}
	return i
}

// scalarStep is how many bytes of the file the next part of a scalar takes, and how many bytes of text it makes.
func (f *sourceFile) scalarStep(i int, s style) (from, made int) {
	rest := f.source[i:]
	switch {
	case s == single && strings.HasPrefix(rest, "''"):
		return 2, 1
	case s == double && rest[0] == '\\' && len(rest) > 1:
		if n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[rest[1]]; n > 0 && len(rest) >= 2+n {
			code, err := strconv.ParseUint(rest[2:2+n], 16, 32)
			if err == nil {
				return 2 + n, max(utf8.RuneLen(rune(code)), 1)
			}
		}
		return 2, 1
	case rest[0] == '\n' || rest[0] == ' ' && strings.HasPrefix(strings.TrimLeft(rest, " "), "\n"):
		blank := len(rest) - len(strings.TrimLeft(rest, " \n"))
		return blank, max(strings.Count(rest[:blank], "\n")-1, 1)
	}
	return 1, 1
}

func (f *sourceFile) blockOffset(e *entry, k int) int {
	first := f.spotAt(e.at).line + 1
	indent := -1
	for n := first; n <= len(f.lines); n++ {
		line := f.line(n)
		trimmed := strings.TrimLeft(line, " ")
		if trimmed == "" {
			k--
			continue
		}
		if indent < 0 {
			indent = len(line) - len(trimmed)
		}
		start := min(indent, len(line))
		if k <= len(line)-start {
			return f.lines[n-1] + start + max(k, 0)
		}
		k -= len(line) - start + 1
	}
	return len(f.source)
}

// lookUp goes to a pointer in a value.
func lookUp(v value.Value, pointer string) value.Value {
	for _, key := range tree.SplitPointer(pointer) {
		if v.Kind() == value.KindList {
			n, err := strconv.Atoi(key)
			if err != nil {
				return value.Null()
			}
			v = v.At(n)
			continue
		}
		v = v.Get(key)
	}
	return v
}

func pointerOf(path []string) string { return tree.JoinPointer(path) }

func itoa(n int) string { return strconv.Itoa(n) }

func isPrint(c rune) bool { return unicode.IsPrint(c) }

// At goes down to the innermost expression whose piece of the formula has an offset, and gives it with its pointer
// relative to the formula.
func (s *Spans) At(e *tree.Expr, offset int) (*tree.Expr, string) {
	rest := ""
	for {
		inner, key := s.step(e, offset)
		if inner == nil {
			return e, rest
		}
		e, rest = inner, rest+key
	}
}

func (s *Spans) step(e *tree.Expr, offset int) (*tree.Expr, string) {
	holds := func(x *tree.Expr) bool { at, ok := s.Of[x]; return ok && at.From <= offset && offset <= at.To }
	for _, f := range e.Fields {
		switch c := f.Content.(type) {
		case *tree.Expr:
			if holds(c) {
				return c, pointerOf([]string{f.Name})
			}
		case tree.List:
			for n, x := range c {
				if holds(x) {
					return x, pointerOf([]string{f.Name, itoa(n)})
				}
			}
		}
	}
	return nil, ""
}

package text

import (
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
	yaml    *yamlFile // nil for JSON
	json    string
	spots   map[string]jsonSpot // of the JSON, made when first asked
	given   value.Value         // what was read, formulas as they are written
}

// Place gives every problem that has none yet its line and column: of the very character within a formula.
func (p *Positions) Place(problems []tree.Problem) {
	for i := range problems {
		if at := p.locate(&problems[i]); problems[i].Line == 0 {
			problems[i].Line, problems[i].Column = at.line, at.column
		}
		p.keepDigits(&problems[i])
	}
	tree.SortByPlace(problems)
}

// keepDigits lets the fix that puts quotes around a number keep what was written: 1.10, not 1.1.
func (p *Positions) keepDigits(problem *tree.Problem) {
	if p.yaml == nil || problem.Fix == nil || lookUp(p.given, problem.Pointer).Kind() != value.KindNumber {
		return
	}
	n, ok := p.yaml.byPath[problem.Pointer]
	if !ok || p.yaml.entries[n].style != plain {
		return
	}
	rest := p.yaml.source[p.yaml.entries[n].at:]
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
	ofKey := rest == "" && problem.Code == tree.UnknownKey
	if p.yaml != nil {
		n, ok := p.yaml.byPath[pointer]
		if !ok {
			return spot{}, false
		}
		e := &p.yaml.entries[n]
		if ofKey {
			return e.key, true
		}
		if e.style == noScalar {
			return e.value, true
		}
		if within := p.within(pointer, rest, problem); within > 0 {
			return p.yaml.spotAt(p.yaml.scalarOffset(e, within)), true
		}
		return e.value, true
	}
	if p.spots == nil {
		p.spots = jsonSpots(p.json)
	}
	s, ok := p.spots[pointer]
	if !ok {
		return spot{}, false
	}
	at := s.value
	if ofKey {
		at = s.key
	} else if within := p.within(pointer, rest, problem); within > 0 {
		at = jsonTextOffset(p.json, s.value, within)
	}
	return spotIn(p.json, at), true
}

// within is the byte offset in the text at a pointer of what the problem is about; 0 for all of it.
func (p *Positions) within(pointer, rest string, problem *tree.Problem) int {
	source := lookUp(p.given, pointer).Text()
	if !strings.HasPrefix(source, "=") || strings.HasPrefix(source, "==") {
		if strings.HasSuffix(pointer, "/var") {
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
	parser := formulaParser{source: source, grammar: g, offsets: map[*tree.Expr]int{}}
	e := parser.formula()
	if e == nil {
		return 0
	}
	at := parser.offsets[e]
	keys := strings.Split(rest, "/")[1:]
	var list tree.List
	for _, key := range keys {
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
			}
		}
		if inner == nil {
			break
		}
		e, at = inner, parser.offsets[inner]
	}
	if e.Type == tree.Var && step > 0 {
		return stepOffset(source, at, step)
	}
	return at
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
func (f *yamlFile) scalarOffset(e *entry, k int) int {
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
func (f *yamlFile) scalarStep(i int, s style) (from, made int) {
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

func (f *yamlFile) blockOffset(e *entry, k int) int {
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
	if pointer == "" {
		return v
	}
	for key := range strings.SplitSeq(pointer[1:], "/") {
		if v.Kind() == value.KindList {
			n, err := strconv.Atoi(key)
			if err != nil {
				return value.Null()
			}
			v = v.At(n)
			continue
		}
		v = v.Get(strings.NewReplacer("~1", "/", "~0", "~").Replace(key))
	}
	return v
}

func pointerOf(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteByte('/')
		b.WriteString(strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
	}
	return b.String()
}

func itoa(n int) string { return strconv.Itoa(n) }

func isPrint(c rune) bool { return unicode.IsPrint(c) }

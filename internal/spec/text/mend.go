package text

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Mend makes changes in a text that has been read. Those that overlap are left out, but for the first.
func Mend(data []byte, edits []tree.TextEdit) []byte {
	source := string(data)
	windows := strings.Contains(source, "\r\n")
	f := newFile(plainLines(source))
	var changes []change
	for _, e := range edits {
		changes = append(changes, change{f.offset(spot{e.Line, e.Column}), f.offset(spot{e.EndLine, e.EndColumn}), e.Text})
	}
	mended := apply(f.source, changes)
	if windows {
		mended = strings.ReplaceAll(mended, "\n", "\r\n")
	}
	if strings.HasPrefix(source, byteOrderMark) {
		mended = byteOrderMark + mended
	}
	return []byte(mended)
}

// change of a piece of text, in bytes.
type change struct {
	from, to int
	text     string
}

func apply(source string, changes []change) string {
	slices.SortStableFunc(changes, func(a, b change) int { return a.from - b.from })
	var b strings.Builder
	done := 0
	for _, c := range changes {
		if c.from < done {
			continue
		}
		b.WriteString(source[done:c.from])
		b.WriteString(c.text)
		done = max(c.to, c.from)
	}
	b.WriteString(source[done:])
	return b.String()
}

// source gives a fix as changes of the file, nil where it cannot be made there.
func (p *Positions) source(fix *tree.Fix) []tree.TextEdit {
	f := p.file()
	if len(fix.Edits) == 0 {
		return nil
	}
	m := mender{sourceFile: f, positions: p, formulas: map[int][]change{}}
	for i := range fix.Edits {
		if !m.edit(&fix.Edits[i]) {
			return nil
		}
	}
	for n, changes := range m.formulas {
		m.formula(n, changes)
	}
	slices.SortStableFunc(m.changes, func(a, b change) int { return a.from - b.from })
	edits := make([]tree.TextEdit, len(m.changes))
	for i, c := range m.changes {
		if i > 0 && c.from < m.changes[i-1].to {
			return nil
		}
		from, to := f.spotAt(c.from), f.spotAt(c.to)
		edits[i] = tree.TextEdit{Line: from.line, Column: from.column, EndLine: to.line, EndColumn: to.column, Text: c.text}
	}
	return edits
}

// mender makes changes of a file of the edits of one fix.
type mender struct {
	*sourceFile
	positions *Positions
	changes   []change
	formulas  map[int][]change // within the formula of an entry
}

func (m *mender) change(from, to int, text string) bool {
	m.changes = append(m.changes, change{from, to, text})
	return true
}

func (m *mender) edit(e *tree.Edit) bool {
	path := tree.SplitPointer(e.Pointer)
	switch e.Op {
	case "replace":
		return m.replace(path, *e.Value)
	case "add":
		return m.add(path, *e.Value)
	case "remove":
		return m.remove(path)
	case "move":
		n, ok := m.byPath[e.From]
		if !ok {
			return false
		}
		from := m.offset(m.entries[n].key)
		return m.change(from, m.keyEnd(from), m.scalar(path[len(path)-1], m.entries[n].flow))
	}
	return false
}

// scalar is text as it is written in this file.
func (m *mender) scalar(s string, flow bool) string {
	if m.json {
		return value.Text(s).String()
	}
	return scalar(s, flow)
}

func (m *mender) replace(path []string, v value.Value) bool {
	if n, ok := m.byPath[pointerOf(path)]; ok {
		e := &m.entries[n]
		old := lookUp(m.positions.given, pointerOf(path)).Text()
		if isFormula(old) && v.Kind() == value.KindObject && m.positions.grammar.Expression(v.Get("type").Text()) != nil || v.Get("type").Text() == tree.Var {
			v = value.Text(PrintFormula(decoder(m.positions.grammar).Expr(v), m.positions.grammar))
		}
		if isFormula(old) && isFormula(v.Text()) && e.style != plain {
			m.formulas[n] = append(m.formulas[n], between(old, v.Text()))
			return true
		}
		text := m.written(v, e.flow, e.value.column)
		if e.empty {
			text = " " + text
		}
		return m.change(m.start(n), m.end(n), text)
	}
	n, _, span, ok := m.inFormula(path)
	if !ok {
		return false
	}
	text := v.Text() // a name that a call binds
	if v.Kind() == value.KindObject {
		text = PrintFormula(decoder(m.positions.grammar).Expr(v), m.positions.grammar)[1:]
	}
	m.formulas[n] = append(m.formulas[n], change{span.From, span.To, text})
	return true
}

// between is the one change that makes a text of another.
func between(old, now string) change {
	from := 0
	for from < len(old) && from < len(now) && old[from] == now[from] {
		from++
	}
	end := 0
	for end < len(old)-from && end < len(now)-from && old[len(old)-1-end] == now[len(now)-1-end] {
		end++
	}
	for from > 0 && !utf8.RuneStart(now[min(from, len(now)-1)]) {
		from--
	}
	for end > 0 && !utf8.RuneStart(now[len(now)-end]) {
		end--
	}
	return change{from, len(old) - end, now[from : len(now)-end]}
}

// inFormula finds the piece of a formula that a path names, with the entry that holds the formula.
func (m *mender) inFormula(path []string) (n int, source string, span Span, ok bool) {
	for depth := len(path) - 1; depth > 0; depth-- {
		if n, ok = m.byPath[pointerOf(path[:depth])]; !ok {
			continue
		}
		source = lookUp(m.positions.given, pointerOf(path[:depth])).Text()
		whole, spans, _ := ParseFormulaSpans(source, m.positions.grammar)
		if whole == nil {
			return n, source, span, false
		}
		_, span, ok = spans.find(whole, pointerOf(path[depth:]))
		return n, source, span, ok
	}
	return n, source, span, false
}

// formula makes changes within the formula of an entry.
func (m *mender) formula(n int, changes []change) {
	e := &m.entries[n]
	if e.style == literal || e.style == folded { // nothing is escaped there
		for _, c := range changes {
			m.change(m.scalarOffset(e, c.from), m.scalarOffset(e, c.to), c.text)
		}
		return
	}
	source := apply(lookUp(m.positions.given, pointerOf(e.path)).Text(), changes)
	text := scalar(source, e.flow)
	switch {
	case m.json:
		text = value.Text(source).String()
	case e.style == single && quotable(source):
		text = "'" + strings.ReplaceAll(source, "'", "''") + "'"
	case e.style == double:
		text = doubleQuoted(source)
	}
	m.change(m.start(n), m.end(n), text)
}

// start is where the value of an entry begins; of one that is not written, where its key ends.
func (f *sourceFile) start(n int) int {
	e := &f.entries[n]
	if e.empty {
		return f.end(n)
	}
	return e.at
}

// add writes a key behind the others of its object, or an item before the one of its index.
func (m *mender) add(path []string, v value.Value) bool {
	if len(path) == 0 {
		return false
	}
	outer, key := path[:len(path)-1], path[len(path)-1]
	if _, there := m.byPath[pointerOf(path)]; there && !m.isList(outer) {
		return m.replace(path, v)
	}
	members := m.members(outer)
	if len(members) == 0 {
		return m.addFirst(outer, key, v)
	}
	last := &m.entries[members[len(members)-1]]
	if index, err := strconv.Atoi(key); err == nil && index < len(members) && m.isList(outer) {
		e := &m.entries[members[index]]
		at := m.offset(e.key)
		if e.flow {
			return m.change(at, at, m.written(v, true, 0)+", ")
		}
		at = m.lineStart(at)
		indent := m.source[at:m.offset(e.key)]
		if strings.TrimLeft(indent, " ") != "" {
			return false
		}
		at = m.aboveComments(at, len(indent))
		return m.change(at, at, indent+"- "+m.written(v, false, e.key.column+2)+"\n")
	}
	text := ""
	if !m.isList(outer) {
		text = m.scalar(key, last.flow) + ": "
	}
	at := m.end(members[len(members)-1])
	if last.flow {
		return m.change(at, at, ", "+text+m.written(v, true, 0))
	}
	if m.isList(outer) {
		text = "- "
	}
	at = m.lineEnd(at)
	return m.change(at, at, "\n"+strings.Repeat(" ", last.key.column-1)+text+m.written(v, false, last.key.column+2))
}

// addFirst writes into { } or [ ] that are empty, or begins the object of an item that is not written.
func (m *mender) addFirst(outer []string, key string, v value.Value) bool {
	n, ok := m.byPath[pointerOf(outer)]
	if !ok || m.entries[n].style != noScalar {
		return false
	}
	at, text := m.entries[n].at+1, m.written(v, true, 0)
	if !m.isList(outer) {
		text = m.scalar(key, true) + ": " + text
	}
	return m.change(at, at, text)
}

func (m *mender) isList(path []string) bool {
	return lookUp(m.positions.given, pointerOf(path)).Kind() == value.KindList
}

// aboveComments goes from the start of a line up over the comments that belong to it.
func (m *mender) aboveComments(at, indent int) int {
	for at > 0 {
		before := m.lineStart(at - 1)
		line := m.source[before:at]
		if trimmed := strings.TrimLeft(line, " "); !strings.HasPrefix(trimmed, "#") || len(line)-len(trimmed) != indent {
			break
		}
		at = before
	}
	return at
}

func (m *mender) remove(path []string) bool {
	n, ok := m.byPath[pointerOf(path)]
	if !ok {
		return m.removeArgument(path)
	}
	e := &m.entries[n]
	from, to := m.offset(e.key), m.end(n)
	outer := path[:len(path)-1]
	members := m.members(outer)
	if e.flow {
		return m.removeFlow(from, to)
	}
	switch at := slices.Index(members, n); {
	case len(members) == 1: // nothing is left of what it is in
		brackets := "{}"
		if m.isList(outer) {
			brackets = "[]"
		}
		k, ok := m.byPath[pointerOf(outer)]
		if !ok {
			return false
		}
		return m.change(m.behindKey(k), to, " "+brackets)
	case strings.TrimLeft(m.source[m.lineStart(from):from], " ") != "": // behind a dash: what comes next takes its place
		return at+1 < len(members) && m.change(from, m.offset(m.entries[members[at+1]].key), "")
	}
	return m.change(m.lineStart(from), min(m.lineEnd(to)+1, len(m.source)), "")
}

// removeArgument takes an argument out of a formula, with its name and one comma.
func (m *mender) removeArgument(path []string) bool {
	n, source, span, ok := m.inFormula(path)
	if !ok {
		return false
	}
	before := strings.TrimRight(source[:span.From], " \t\r\n")
	if named, ok := strings.CutSuffix(before, "="); ok {
		named = strings.TrimRight(named, " \t\r\n")
		before = strings.TrimRight(named[:len(named)-len(lastName(named))], " \t\r\n")
	}
	to := span.To
	if rest, ok := strings.CutSuffix(before, ","); ok {
		before = rest
	} else if next := tree.SkipSpace(source, to); strings.HasPrefix(source[next:], ",") {
		to = tree.SkipSpace(source, next+1)
	}
	m.formulas[n] = append(m.formulas[n], change{len(before), to, ""})
	return true
}

// lastName is the name that a text ends with.
func lastName(s string) string {
	at := len(s)
	for at > 0 && tree.IsName("a"+s[at-1:at]) {
		at--
	}
	return s[at:]
}

// removeFlow takes out a member of { } or [ ] with one comma.
func (m *mender) removeFlow(from, to int) bool {
	if next := tree.SkipSpace(m.source, to); next < len(m.source) && m.source[next] == ',' {
		return m.change(from, tree.SkipSpace(m.source, next+1), "")
	}
	before := strings.TrimRight(m.source[:from], " \n\t")
	if strings.HasSuffix(before, ",") {
		from = len(before) - 1
	}
	return m.change(from, to, "")
}

// members are the entries directly within the object or list at a path, in order.
func (m *mender) members(path []string) []int {
	var found []int
	from := 0
	if len(path) > 0 {
		n, ok := m.byPath[pointerOf(path)]
		if !ok {
			return nil
		}
		from = n + 1
	}
	for i := from; i < len(m.entries) && within(m.entries[i].path, path); i++ {
		if len(m.entries[i].path) == len(path)+1 {
			found = append(found, i)
		}
	}
	return found
}

func within(path, outer []string) bool {
	return len(path) > len(outer) && slices.Equal(path[:len(outer)], outer)
}

// written is a value as it stands in the file behind a key or dash; in block style what takes several lines has the
// column of the first.
func (m *mender) written(v value.Value, flow bool, column int) string {
	if m.json {
		return v.String()
	}
	g := m.positions.grammar
	kind := v.Get("type").Text()
	switch {
	case v.Kind() == value.KindText:
		return scalar(v.Text(), flow)
	case kind == tree.Literal || kind == tree.Var || g.Expression(kind) != nil:
		f := formatter{grammar: g}
		return f.exprText(decoder(g).Expr(v), flow)
	case g.Instruction(kind) != nil && !flow:
		i := decoder(g).Instruction(v)
		f := formatter{grammar: g}
		f.item(nil, func() { f.instruction(i, remarks{comments: i.Comments}) })
		text := strings.TrimSuffix(strings.TrimPrefix(f.b.String(), "- "), "\n")
		return strings.ReplaceAll(text, "\n  ", "\n"+strings.Repeat(" ", max(column-1, 0)))
	case v.Kind() == value.KindObject:
		parts := make([]string, v.Len())
		for i, member := range v.Members() {
			parts[i] = scalar(member.Key, true) + ": " + m.written(member.Value, true, 0)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case v.Kind() == value.KindList:
		parts := make([]string, v.Len())
		for i, item := range v.Items() {
			parts[i] = m.written(item, true, 0)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return v.String()
}

func (f *sourceFile) lineStart(at int) int { return f.lines[sort.SearchInts(f.lines, at+1)-1] }

func (f *sourceFile) lineEnd(at int) int {
	if next := sort.SearchInts(f.lines, at+1); next < len(f.lines) {
		return f.lines[next] - 1
	}
	return len(f.source)
}

// keyEnd is where the key at an offset ends.
func (f *sourceFile) keyEnd(at int) int {
	switch rest := f.source[at:]; {
	case rest == "":
		return at
	case rest[0] == '"' || rest[0] == '\'':
		return f.quoteEnd(at)
	default:
		if end := strings.IndexAny(rest, ":\n"); end >= 0 {
			return at + len(strings.TrimRight(rest[:end], " "))
		}
	}
	return len(f.source)
}

// quoteEnd is where the text ends whose quote is at an offset.
func (f *sourceFile) quoteEnd(at int) int {
	quote := f.source[at]
	for i := at + 1; i < len(f.source); i++ {
		switch {
		case f.source[i] == '\\' && quote == '"':
			i++
		case f.source[i] != quote:
		case quote == '\'' && strings.HasPrefix(f.source[i+1:], "'"):
			i++
		default:
			return i + 1
		}
	}
	return len(f.source)
}

// bracketEnd is where the list or object ends whose bracket is at an offset.
func (f *sourceFile) bracketEnd(at int) int {
	depth := 0
	for i := at; i < len(f.source); i++ {
		switch c := f.source[i]; c {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		case '"', '\'': // where a value begins, not within one
			if before := strings.TrimRight(f.source[:i], " \n\t"); strings.ContainsAny(before[max(len(before)-1, 0):], "{[,:") {
				i = f.quoteEnd(i) - 1
			}
		}
	}
	return len(f.source)
}

// behindKey is the offset behind the colon or dash of an entry.
func (f *sourceFile) behindKey(n int) int {
	return f.behindKeyAt(f.offset(f.entries[n].key), f.entries[n].key != f.entries[n].value)
}

func (f *sourceFile) behindKeyAt(at int, dash bool) int {
	if strings.HasPrefix(f.source[at:], "-") && dash {
		return at + 1
	}
	at = f.keyEnd(at)
	if colon := strings.IndexByte(f.source[at:], ':'); colon >= 0 {
		return at + colon + 1
	}
	return at
}

// end is where the value of an entry ends.
func (f *sourceFile) end(n int) int {
	e := &f.entries[n]
	switch {
	case e.empty:
		if strings.HasPrefix(f.source[e.at:], "-") {
			return e.at + 1
		}
		return f.behindKey(n)
	case e.style == plain:
		return f.scalarOffset(e, len(e.plain))
	case e.style == single || e.style == double:
		return f.quoteEnd(e.at)
	case e.style == literal || e.style == folded:
		return f.blockEnd(e)
	case strings.HasPrefix(f.source[e.at:], "{") || strings.HasPrefix(f.source[e.at:], "["):
		return f.bracketEnd(e.at)
	}
	last := n
	for last+1 < len(f.entries) && within(f.entries[last+1].path, e.path) {
		last++
	}
	if last == n {
		return e.at
	}
	return f.end(last)
}

// blockEnd is the end of the last line of a block of text.
func (f *sourceFile) blockEnd(e *entry) int {
	end, outer := f.lineEnd(e.at), len(f.line(f.spotAt(e.at).line))
	outer -= len(strings.TrimLeft(f.line(f.spotAt(e.at).line), " "))
	for at := end; at < len(f.source); {
		at++
		next := f.lineEnd(at)
		line := f.source[at:next]
		if trimmed := strings.TrimLeft(line, " "); trimmed != "" {
			if len(line)-len(trimmed) <= outer {
				break
			}
			end = next
		}
		at = next
	}
	return end
}

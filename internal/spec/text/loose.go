package text

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// ReadLoosely reads a spec that somebody is typing. It goes by indentation and brackets, takes what it does not
// understand for text, and never fails: what is half written is there as far as it goes. Where ReadYAML gives a value
// without problems of the file, it gives the same. There are no problems: those are for ReadYAML to tell.
func ReadLoosely(data []byte, g tree.Grammar) (*tree.Spec, *Positions) {
	l := looseReader{sourceFile: newFile(plainLines(string(data)))}
	if len(l.source) > tree.MaxBytes {
		l.sourceFile = newFile("")
	}
	given := l.block(nil, -1)
	if given.Kind() != value.KindObject {
		given = value.Object(nil)
	}
	spec, _ := decoder(g).Decode(given)
	return spec, &Positions{grammar: g, read: l.sourceFile, given: given}
}

// looseReader goes through the lines of a file.
type looseReader struct {
	*sourceFile
	at    int // the next line to look at begins here, or within it an item or value
	depth int
}

// looseDepth is how deep what is within each other is followed.
const looseDepth = 3 * tree.MaxDepth

// next goes to the next line that has something, and gives its indentation; -1 at the end.
func (l *looseReader) next() int {
	for l.at < len(l.source) {
		line := l.source[l.at:l.lineEnd(l.at)]
		trimmed := strings.TrimLeft(line, " \t")
		if trimmed != "" && trimmed[0] != '#' && !strings.HasPrefix(line, "---") {
			return l.column(l.at + len(line) - len(trimmed))
		}
		l.at = l.lineEnd(l.at) + 1
	}
	return -1
}

// column of an offset in its line, from 0.
func (l *looseReader) column(at int) int { return at - l.lineStart(at) }

// begin goes over the indentation of the present line.
func (l *looseReader) begin() {
	for l.at < len(l.source) && (l.source[l.at] == ' ' || l.source[l.at] == '\t') {
		l.at++
	}
}

// block reads what stands on the lines from here that are indented further than outer.
func (l *looseReader) block(path []string, outer int) value.Value {
	indent := l.next()
	if indent <= outer || l.depth >= looseDepth {
		return value.Null()
	}
	l.depth++
	defer func() { l.depth-- }()
	l.begin()
	if isDash(l.source[l.at:]) {
		return l.items(path, indent)
	}
	if _, _, colon := l.keyHere(); colon {
		return l.object(path, indent)
	}
	return l.scalar(path, outer, false)
}

func isDash(s string) bool {
	return strings.HasPrefix(s, "-") && (len(s) == 1 || s[1] == ' ' || s[1] == '\n' || s[1] == '\t')
}

// items reads a list whose dashes stand in a column; the first is here.
func (l *looseReader) items(path []string, indent int) value.Value {
	var items []value.Value
	for l.at < len(l.source) {
		at := l.at
		l.at++
		l.begin()
		items = append(items, l.member(child(path, itoa(len(items))), at, indent, true))
		if l.next() != indent {
			break
		}
		l.begin()
		if !isDash(l.source[l.at:]) {
			break
		}
	}
	return value.List(items)
}

// object reads keys that stand in a column; the first is here. A line without a colon is a key being typed.
func (l *looseReader) object(path []string, indent int) value.Value {
	var members []value.Member
	seen := map[string]bool{}
	for l.at < len(l.source) {
		key, end, colon := l.keyHere()
		at := l.at
		l.at = end
		if colon {
			l.at++
			l.inline()
		}
		v := l.member(child(path, key), at, indent, false)
		if !seen[key] {
			seen[key] = true
			members = append(members, value.Member{Key: key, Value: v})
		}
		for further := l.next(); further > indent; further = l.next() { // nobody knows what that is
			l.at = l.lineEnd(l.at) + 1
		}
		if l.next() != indent {
			break
		}
		l.begin()
		if isDash(l.source[l.at:]) {
			break
		}
	}
	return value.Indexed(members)
}

// inline goes over spaces within a line.
func (l *looseReader) inline() {
	for l.at < len(l.source) && (l.source[l.at] == ' ' || l.source[l.at] == '\t') {
		l.at++
	}
}

// keyHere is the key at the present place, where it ends, and whether a colon follows.
func (l *looseReader) keyHere() (key string, end int, colon bool) {
	rest := l.source[l.at:l.lineEnd(l.at)]
	if rest != "" && (rest[0] == '"' || rest[0] == '\'') {
		end = min(l.quoteEnd(l.at), l.at+len(rest))
		after := strings.TrimLeft(l.source[end:l.at+len(rest)], " ")
		if strings.HasPrefix(after, ":") && (len(after) == 1 || after[1] == ' ' || after[1] == '\t') {
			return unquoted(l.source[l.at:end]), l.at + len(rest) - len(after), true
		}
		return rest, l.at + len(rest), false
	}
	if rest != "" && strings.IndexByte("={[|>", rest[0]) >= 0 {
		return rest, l.at + len(rest), false
	}
	for i := range len(rest) {
		if rest[i] == ':' && (i+1 == len(rest) || rest[i+1] == ' ' || rest[i+1] == '\t') {
			return strings.TrimRight(rest[:i], " "), l.at + i, true
		}
		if rest[i] == '#' && i > 0 && rest[i-1] == ' ' {
			rest = rest[:i]
			break
		}
	}
	rest = strings.TrimRight(rest, " \t")
	return rest, l.at + len(rest), false
}

// member notes a key or item and reads its value, which is here or on the lines below.
func (l *looseReader) member(path []string, key, indent int, item bool) value.Value {
	n := len(l.entries)
	l.byPath[pointerOf(path)] = n
	l.entries = append(l.entries, entry{path: path, key: l.spotAt(key), value: l.spotAt(key), at: key, empty: true})
	rest := l.source[l.at:l.lineEnd(l.at)]
	nothing := strings.TrimSpace(rest) == "" || rest[0] == '#'
	switch {
	case nothing:
		l.at = min(l.lineEnd(l.at)+1, len(l.source))
		below := l.next()
		if below > indent || below == indent && !item && isDash(strings.TrimLeft(l.source[l.at:], " \t")) {
			begin := l.at
			l.begin()
			l.entries[n].at, l.entries[n].value, l.entries[n].empty = l.at, l.spotAt(l.at), false
			l.at = begin
			v := l.block(path, min(indent, below-1))
			l.noteStyle(n, v)
			return v
		}
		return value.Null()
	case item && isDash(rest):
		l.entries[n].at, l.entries[n].value, l.entries[n].empty = l.at, l.spotAt(l.at), false
		return l.nested(func() value.Value { return l.items(path, l.column(l.at)) })
	}
	l.entries[n].at, l.entries[n].value, l.entries[n].empty = l.at, l.spotAt(l.at), false
	if item {
		if _, _, colon := l.keyHere(); colon {
			return l.nested(func() value.Value { return l.object(path, l.column(l.at)) })
		}
	}
	v := l.scalar(path, indent, false)
	l.noteStyle(n, v)
	return v
}

func (l *looseReader) nested(read func() value.Value) value.Value {
	if l.depth >= looseDepth {
		l.at = l.lineEnd(l.at) + 1
		return value.Null()
	}
	l.depth++
	defer func() { l.depth-- }()
	return read()
}

// noteStyle says how the value of an entry is written, by its first character.
func (l *looseReader) noteStyle(n int, v value.Value) {
	e := &l.entries[n]
	if v.Kind() == value.KindList || v.Kind() == value.KindObject || e.empty || e.style != noScalar {
		return
	}
	switch l.source[e.at] {
	case '"':
		e.style = double
	case '\'':
		e.style = single
	case '|':
		e.style = literal
	case '>':
		e.style = folded
	default:
		e.style = plain
		if e.plain == "" {
			e.plain = v.Text()
		}
	}
}

// scalar reads the value here: what is in brackets or quotes, a block of text below, or text without quotes. It leaves
// the reader on a line of its own.
func (l *looseReader) scalar(path []string, outer int, flow bool) value.Value {
	begin, line := l.at, l.source[l.at:l.lineEnd(l.at)]
	switch {
	case line[0] == '{' || line[0] == '[':
		v := l.flow(path, outer)
		if !flow {
			l.at = min(l.lineEnd(l.at)+1, len(l.source))
		}
		return v
	case line[0] == '"' || line[0] == '\'':
		end := l.quoteEndWithin(l.at, outer)
		l.at = min(l.lineEnd(end)+1, len(l.source))
		return value.Text(unquoted(l.source[begin:end]))
	case (line[0] == '|' || line[0] == '>') && blockHeader(line):
		return l.textBlock(outer, line)
	}
	text := uncommented(line)
	l.at = min(l.lineEnd(l.at)+1, len(l.source))
	n := len(l.entries) - 1
	for indent := l.next(); indent > outer && n >= 0; indent = l.next() {
		l.begin()
		if _, _, colon := l.keyHere(); colon || isDash(l.source[l.at:]) {
			l.at = l.lineStart(l.at)
			break
		}
		text += " " + uncommented(l.source[l.at:l.lineEnd(l.at)])
		l.at = min(l.lineEnd(l.at)+1, len(l.source))
	}
	if n >= 0 && l.entries[n].at == begin {
		l.entries[n].style, l.entries[n].plain = plain, text
	}
	if isFormula(text) {
		return value.Text(text)
	}
	return plainValue(text)
}

// uncommented is text without the comment at its end; of a formula that is open there, all of it.
func uncommented(line string) string {
	if at := strings.Index(line, " #"); at >= 0 && !(isFormula(line) && !closed(line[:at])) {
		line = line[:at]
	}
	return strings.TrimRight(line, " \t")
}

func blockHeader(line string) bool {
	return strings.TrimRight(strings.TrimLeft(uncommented(line)[1:], "+-0123456789"), " ") == ""
}

// textBlock reads the lines below a | or >.
func (l *looseReader) textBlock(outer int, header string) value.Value {
	var lines []string
	indent := -1
	l.at = min(l.lineEnd(l.at)+1, len(l.source))
	for l.at < len(l.source) {
		line := l.source[l.at:l.lineEnd(l.at)]
		trimmed := strings.TrimLeft(line, " ")
		if trimmed != "" {
			if indent < 0 {
				indent = len(line) - len(trimmed)
			}
			if len(line)-len(trimmed) <= outer {
				break
			}
		}
		lines = append(lines, line[min(max(indent, 0), len(line)):])
		l.at = min(l.lineEnd(l.at)+1, len(l.source))
		if l.at == len(l.source) {
			break
		}
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	text := strings.Join(lines, "\n")
	if header[0] == '>' {
		text = folding(lines)
	}
	if !strings.Contains(uncommented(header), "-") && text != "" {
		text += "\n"
	}
	return value.Text(text)
}

// folding makes one line of those below a >; an empty one is a line feed.
func folding(lines []string) string {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 && line != "" && lines[i-1] != "" {
			b.WriteByte(' ')
		} else if line == "" {
			b.WriteByte('\n')
		}
		b.WriteString(line)
	}
	return b.String()
}

// flow reads what is in { } or [ ]. It ends with the bracket, or where a line begins that is indented no further than
// outer: then the bracket is missing.
func (l *looseReader) flow(path []string, outer int) value.Value {
	opening := l.source[l.at]
	l.at++
	var items []value.Value
	var members []value.Member
	seen := map[string]bool{}
	for l.flowSpace(outer) {
		c := l.source[l.at]
		if c == '}' || c == ']' {
			l.at++
			break
		}
		if c == ',' {
			l.at++
			continue
		}
		before := l.at
		if opening == '[' {
			items = append(items, l.flowMember(child(path, itoa(len(items))), l.at, outer))
		} else {
			key, at := l.flowKey(), before
			v := l.flowMember(child(path, key), at, outer)
			if !seen[key] {
				seen[key] = true
				members = append(members, value.Member{Key: key, Value: v})
			}
		}
		if l.at == before {
			l.at++
		}
	}
	if opening == '[' {
		return value.List(items)
	}
	return value.Indexed(members)
}

// flowSpace goes to the next character that means something; false: there is none that belongs here.
func (l *looseReader) flowSpace(outer int) bool {
	for l.at < len(l.source) {
		switch c := l.source[l.at]; {
		case c == '\n':
			start := l.at + 1
			line := l.source[start:l.lineEnd(start)]
			trimmed := strings.TrimLeft(line, " \t")
			if trimmed != "" && len(line)-len(trimmed) <= outer && !strings.HasPrefix(trimmed, "}") && !strings.HasPrefix(trimmed, "]") {
				return false
			}
			l.at++
		case c == ' ' || c == '\t':
			l.at++
		case c == '#' && l.at > 0 && strings.IndexByte(" \t\n", l.source[l.at-1]) >= 0:
			l.at = l.lineEnd(l.at)
		default:
			return true
		}
	}
	return false
}

// quoteEndWithin is quoteEnd of text that ends with its line where the lines below are no part of it: then the quote is
// missing.
func (l *looseReader) quoteEndWithin(at, outer int) int {
	end := l.quoteEnd(at)
	for next := l.lineEnd(at) + 1; next < end; next = l.lineEnd(next) + 1 {
		line := l.source[next:l.lineEnd(next)]
		trimmed := strings.TrimLeft(line, " \t")
		if trimmed != "" && len(line)-len(trimmed) <= outer {
			return l.lineEnd(at)
		}
	}
	return end
}

// flowKey reads a key within { }, and its colon.
func (l *looseReader) flowKey() string {
	begin := l.at
	if c := l.source[l.at]; c == '"' || c == '\'' {
		l.at = l.quoteEnd(l.at)
	} else {
		for l.at < len(l.source) && strings.IndexByte(",{}[]\n", l.source[l.at]) < 0 && !(l.source[l.at] == ':' && l.endsKey(l.at)) {
			l.at++
		}
	}
	key := unquoted(strings.TrimRight(l.source[begin:l.at], " \t"))
	l.inline()
	if l.at < len(l.source) && l.source[l.at] == ':' {
		l.at++
	}
	return key
}

// endsKey says whether the colon at an offset ends a key.
func (l *looseReader) endsKey(at int) bool {
	return at+1 >= len(l.source) || strings.IndexByte(" \t\n,{}[]\"'", l.source[at+1]) >= 0
}

// flowMember notes a key or item of { } or [ ] and reads its value.
func (l *looseReader) flowMember(path []string, key, outer int) value.Value {
	n := len(l.entries)
	l.byPath[pointerOf(path)] = n
	l.entries = append(l.entries, entry{path: path, key: l.spotAt(key), value: l.spotAt(key), at: key, empty: true, flow: true})
	if !l.flowSpace(outer) || strings.IndexByte(",}]", l.source[l.at]) >= 0 {
		return value.Null()
	}
	begin := l.at
	e := &l.entries[n]
	e.at, e.value, e.empty = begin, l.spotAt(begin), false
	switch c := l.source[begin]; c {
	case '{', '[':
		return l.nested(func() value.Value { return l.flow(path, outer) })
	case '"', '\'':
		l.at = l.quoteEndWithin(begin, outer)
		e.style = double
		if c == '\'' {
			e.style = single
		}
		return value.Text(unquoted(l.source[begin:l.at]))
	}
	rest := l.source[begin:l.lineEnd(begin)]
	end := len(rest)
	for i, c := range []byte(rest) { // no further than the item: all may stand on one line
		if strings.IndexByte(",{}[]", c) >= 0 || c == ':' && l.endsKey(begin+i) || c == '#' && i > 0 && rest[i-1] == ' ' {
			end = i
			break
		}
	}
	if isFormula(rest) {
		end = flowFormulaEnd(rest)
	}
	l.at = begin + max(end, 1)
	text := strings.TrimRight(rest[:max(end, 1)], " \t")
	e.style, e.plain = plain, text
	if isFormula(text) {
		return value.Text(text)
	}
	return plainValue(text)
}

// flowFormulaEnd is where a formula without quotes ends that stands in { } or [ ]: at what belongs to these, outside of
// its own brackets; one that is being typed, at the end of the line.
func flowFormulaEnd(rest string) int {
	depth := 0
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			for i++; i < len(rest) && rest[i] != '"'; i++ {
				if rest[i] == '\\' {
					i++
				}
			}
		case c == '(' || c == '[':
			depth++
		case depth > 0 && (c == ')' || c == ']'):
			depth--
		case depth == 0 && (c == ',' || c == '}' || c == ']' || c == '#' && rest[i-1] == ' '):
			return i
		}
	}
	if depth == 0 {
		return len(rest)
	}
	return len(strings.TrimRight(rest, " }]"))
}

// unquoted is the text of a scalar in quotes, as far as it can be read; of another it is itself.
func unquoted(s string) string {
	if len(s) < 2 || s[0] != s[len(s)-1] || s[0] != '"' && s[0] != '\'' {
		return strings.TrimLeft(s, `"'`)
	}
	if s[0] == '\'' {
		return foldLines(strings.ReplaceAll(s[1:len(s)-1], "''", "'"))
	}
	f := newFile(s)
	var b strings.Builder
	for i := 1; i < len(s)-1; {
		from, made := f.scalarStep(i, double)
		if s[i] == '\\' {
			b.WriteString(escaped(s[i:min(i+from, len(s)-1)]))
		} else if s[i] == '\n' || from > 1 {
			b.WriteString(strings.Repeat("\n", max(made-1, 0)))
			if made == 1 {
				b.WriteByte(' ')
			}
		} else {
			b.WriteByte(s[i])
		}
		i += from
	}
	return b.String()
}

func escaped(s string) string {
	if len(s) > 1 && strings.IndexByte("xuU", s[1]) >= 0 {
		s = `\U` + strings.Repeat("0", max(10-len(s), 0)) + s[2:]
		if c, ok := runeOf(s[2:]); ok {
			return string(c)
		}
		return ""
	}
	if plain, ok := map[string]string{`\n`: "\n", `\t`: "\t", `\r`: "\r", `\0`: "\x00", `\b`: "\b", `\f`: "\f", `\e`: "\x1b", `\a`: "\a", `\v`: "\v"}[s]; ok {
		return plain
	}
	return strings.TrimPrefix(s, `\`)
}

// foldLines makes one line of text in quotes that stands on several.
func foldLines(s string) string {
	if !strings.Contains(s, "\n") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i := range lines {
		if i > 0 {
			lines[i] = strings.TrimLeft(lines[i], " \t")
		}
		if i+1 < len(lines) {
			lines[i] = strings.TrimRight(lines[i], " \t")
		}
	}
	return strings.Join(lines, " ")
}

func runeOf(hex string) (rune, bool) {
	n, err := strconv.ParseUint(hex, 16, 32)
	return rune(n), err == nil && utf8.ValidRune(rune(n))
}

package text

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// What the library takes too much time over is refused. No spec is near these bounds: yamlDepth is of lists and objects,
// yamlKeys of one object (a table has 5,000 rows at most), yamlParts of all that can begin a key or item.
const (
	yamlDepth = 256
	yamlKeys  = 8000
	yamlParts = 250_000
)

// spot is a place in the user's file, both from 1, the column in characters.
type spot struct{ line, column int }

// entry is one key of an object or item of a list as it stands in the file.
type entry struct {
	path  []string
	key   spot // of the key, or of the item's dash
	value spot
	style style
	at    int    // byte offset of the value in the source
	flow  bool   // within { } or [ ]
	plain string // a scalar without quotes, as it is written
	empty bool   // nothing is written
}

// style of a scalar.
type style uint8

const (
	noScalar style = iota
	plain
	single
	double
	literal // |
	folded  // >
)

// sourceFile is a file being read, and what there is in it.
type sourceFile struct {
	source   string // as plainLines gives it
	json     bool
	lines    []int // byte offset at which each line begins
	known    known // asked for last: of a file on one line the next is sooner found from there than from its begin
	entries  []entry
	byPath   map[string]int
	tokens   token.Tokens
	problems []tree.Problem
	path     []string // of what is being read
	blocks   []block  // open and closed containers, for comments
}

// block is a list or object with entries on lines of their own.
type block struct {
	path   []string
	column int // of its entries
	from   int // number of its first entry
	to     int // number of the first entry after it
}

// known is a spot with its byte offset.
type known struct {
	spot
	offset int
}

func newFile(source string) *sourceFile {
	f := &sourceFile{source: source, byPath: map[string]int{}, lines: []int{0}}
	for i := range len(source) {
		if source[i] == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
	return f
}

const byteOrderMark = "\ufeff"

// plainLines is a text without a byte order mark, each line ending as on Unix. Neither counts in lines and columns.
func plainLines(source string) string {
	return strings.ReplaceAll(strings.TrimPrefix(source, byteOrderMark), "\r\n", "\n")
}

// readYAML reads the one document of a file into a value by the rules of 1.2: the library splits the file, what a
// scalar means we say.
func readYAML(data []byte) (*sourceFile, value.Value, bool) {
	f := newFile(plainLines(string(data)))
	if !f.readable() {
		return f, value.Value{}, false
	}
	f.tokens = lexer.Tokenize(f.source)
	if !f.plainYAML() {
		return f, value.Value{}, false
	}
	file, err := f.parse()
	if err != nil {
		f.syntaxError(err)
		return f, value.Value{}, false
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.DirectiveType || doc.Body.Type() == ast.CommentType {
			continue
		}
		if body != nil {
			f.problem(place(doc.Body), tree.Syntax, "a second document begins here, and a file holds one spec", "Take out the ---.")
			return f, value.Value{}, false
		}
		body = doc.Body
	}
	if body == nil {
		f.problem(spot{1, 1}, tree.Syntax, "the file is empty", "A spec begins with spec: 1.")
		return f, value.Value{}, false
	}
	v := f.value(body, nil, spot{1, 1}, false)
	return f, v, true
}

func (f *sourceFile) problem(at spot, code, message, hint string) {
	f.problems = append(f.problems, tree.Problem{Code: code, Severity: tree.Error, Pointer: pointerOf(f.path), Message: message, Hint: hint, Line: at.line, Column: at.column})
}

// readable tells what no YAML may have in it.
func (f *sourceFile) readable() bool {
	if len(f.source) > tree.MaxBytes {
		f.problem(spot{1, 1}, tree.TooLarge, fmt.Sprintf("the file has %d bytes, and 1 MiB is allowed", len(f.source)), "Split the spec.")
		return false
	}
	parts := 0
	for _, sign := range []string{"[", "{", ",", ":", "-", "?", "#"} {
		parts += strings.Count(f.source, sign)
	}
	if parts > yamlParts {
		f.problem(spot{1, 1}, tree.TooLarge, "the file has too many keys and items", "Split the spec.")
		return false
	}
	for i, c := range f.source {
		if c == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(f.source[i:]); size == 1 {
				f.problem(f.spotAt(i), tree.Syntax, "the file is not UTF-8 here", "Save it as UTF-8.")
				return false
			}
		}
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			f.problem(f.spotAt(i), tree.Syntax, fmt.Sprintf("there is a control character here (U+%04X)", c), `In double quotes it can be written as \u00XX.`)
			return false
		}
	}
	return true
}

// plainYAML refuses, by their tokens, the parts of YAML that a spec does not use, and what is nested too deep to read.
func (f *sourceFile) plainYAML() bool {
	depth, dashes, line := 0, 0, 0
	var keys []struct{ column, count int } // of the objects that are open
	for _, t := range f.tokens {
		at := spot{t.Position.Line, t.Position.Column}
		if at.line != line {
			line, dashes = at.line, 0
			for len(keys) > 0 && keys[len(keys)-1].column > at.column {
				keys = keys[:len(keys)-1]
			}
			if len(keys) == 0 || keys[len(keys)-1].column < at.column {
				keys = append(keys, struct{ column, count int }{column: at.column})
			}
			if keys[len(keys)-1].count++; keys[len(keys)-1].count > yamlKeys {
				f.problem(at, tree.TooLarge, "this list or object has more than 8,000 members", "Make it smaller.")
				return false
			}
		}
		switch t.Type {
		case token.AnchorType:
			f.problem(at, tree.Syntax, "anchors (&) are not used in specs", "Write the value where it is needed, or make it a constant. Text that begins with & goes in quotes.")
		case token.AliasType:
			f.problem(at, tree.Syntax, "aliases (*) are not used in specs", "Write the value out. Text that begins with * goes in quotes.")
		case token.TagType:
			f.problem(at, tree.Syntax, "tags (!) are not used in specs", "Quotes make text of a value. Text that begins with ! goes in quotes.")
		case token.MergeKeyType:
			f.problem(at, tree.Syntax, "merge keys (<<) are not used in specs", "Write the keys out.")
		case token.MappingKeyType:
			f.problem(at, tree.Syntax, "keys with ? are not used in specs", "Write key: value. Text that begins with ? goes in quotes.")
		case token.SequenceEntryType:
			dashes++
		case token.SequenceStartType, token.MappingStartType:
			depth++
		case token.SequenceEndType, token.MappingEndType:
			depth--
		}
		if depth > yamlDepth || dashes > yamlDepth {
			f.problem(at, tree.TooLarge, "lists and objects are nested too deep here", "Write the spec with less within each other.")
			return false
		}
	}
	return len(f.problems) == 0
}

// parse calls the library. It is not ours: should it stumble over a file, that is said as a problem of the file.
func (f *sourceFile) parse() (file *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the file cannot be read as YAML (%v)", r)
		}
	}()
	return parser.Parse(f.tokens, 0, parser.AllowDuplicateMapKey())
}

func (f *sourceFile) syntaxError(err error) {
	at, message := spot{1, 1}, ""
	var syntax *yaml.SyntaxError
	if errors.As(err, &syntax) { // its Error would print the whole file
		message = syntax.Message
		if syntax.Token != nil {
			at = spot{syntax.Token.Position.Line, syntax.Token.Position.Column}
		}
	} else {
		message = err.Error()
	}
	if f.hiddenByComment(at) || f.cutFormula(at.line, len(f.line(at.line))) {
		return
	}
	hint := "Look at this place and the line above: indentation, a missing `:` or space after it, a quote or bracket that is not closed."
	var fix *tree.Fix
	if strings.Contains(message, "cannot start any token") {
		hint, fix = "Indent with spaces, not with tabs.", f.withoutTabs()
	}
	f.problem(at, tree.Syntax, message, hint)
	f.problems[len(f.problems)-1].Fix = fix
}

// withoutTabs is the fix that makes spaces of the tabs that lines begin with.
func (f *sourceFile) withoutTabs() *tree.Fix {
	fix := &tree.Fix{Title: "Indent with spaces", Edits: []tree.Edit{}}
	for n := range f.lines {
		line := f.line(n + 1)
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if strings.Contains(indent, "\t") {
			fix.Source = append(fix.Source, tree.TextEdit{Line: n + 1, Column: 1, EndLine: n + 1, EndColumn: len(indent) + 1, Text: strings.ReplaceAll(indent, "\t", "  ")})
		}
	}
	if fix.Source == nil {
		return nil
	}
	return fix
}

// hiddenByComment looks, in what stands before a place where reading ended, for a ` #` within { } or [ ] that hides the rest
// of a formula or the closing bracket, and tells it.
func (f *sourceFile) hiddenByComment(at spot) bool {
	type hiding struct{ comment, last *token.Token } // last: what stands before the comment
	var open []*hiding                               // for each bracket that is open, the first such comment within it, one that tears a formula before others
	var last *token.Token
	for _, t := range f.tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			open = append(open, nil)
		case token.SequenceEndType, token.MappingEndType:
			if len(open) > 0 && before(spot{t.Position.Line, t.Position.Column}, at) {
				open = open[:len(open)-1]
			}
		case token.CommentType:
			n := len(open) - 1
			if n < 0 || last.Position.Line != t.Position.Line || open[n] != nil && cutAt(open[n].last) {
				continue
			}
			if cutAt(last) || open[n] == nil && closers(t.Value) > 0 {
				open[n] = &hiding{t, last}
			}
		}
		last = t
	}
	for _, h := range open {
		if h == nil {
			continue
		}
		line := h.comment.Position.Line
		sign := f.offset(spot{line, h.comment.Position.Column}) - f.lines[line-1]
		switch {
		case f.cutFormula(line, sign):
		case cutAt(h.last):
			from := f.offset(spot{line, h.last.Position.Column}) - f.lines[line-1]
			from += strings.IndexByte(f.line(line)[from:], '=') // the library is wrong about the place of those with spaces behind them
			f.cutByComment(f.spotAt(f.lines[line-1]+sign), true)
			f.problems[len(f.problems)-1].Fix = f.quotes(line, from, f.line(line)[from:from+formulaEnd(f.line(line)[from:])])
		default:
			f.problem(f.spotAt(f.lines[line-1]+sign), tree.Syntax, "` #` begins a comment, which hides the bracket that would end this { } or [ ]",
				"Put a value with a # in it in single quotes; put a comment behind the bracket, or on a line of its own.")
		}
		return true
	}
	return false
}

// closers counts the brackets that a text closes without having opened them.
func closers(s string) int {
	return strings.Count(s, "}") + strings.Count(s, "]") - strings.Count(s, "{") - strings.Count(s, "[")
}

// cutAt says whether a token is a formula whose end is missing.
func cutAt(t *token.Token) bool {
	return t.Type == token.StringType && isFormula(t.Value) && !closed(t.Value)
}

// cutFormula looks on a line that cannot be read, up to an offset in it, for a formula without quotes that YAML ends too
// early, and tells it.
func (f *sourceFile) cutFormula(line, upTo int) bool {
	text := f.line(line)
	for i := 1; i+1 < upTo; i++ {
		if text[i] != '=' || text[i-1] != ' ' && text[i-1] != '[' || quoted(text[:i]) {
			continue
		}
		formula := text[i : i+formulaEnd(text[i:])]
		within := formula[:min(len(formula), upTo-i)]
		fix := f.quotes(line, i, formula)
		if end := strings.Index(within+" ", ": "); end >= 0 {
			f.problem(f.spotAt(f.lines[line-1]+i+end), tree.Syntax, "`: ` ends a value without quotes, so this formula is cut off",
				"Put the whole formula in single quotes, or in a |- block.")
			f.problems[len(f.problems)-1].Fix = fix
			return true
		}
		if end := strings.IndexAny(within, ",[]{}"); end >= 0 && strings.ContainsAny(text[:i], "{[") {
			f.cutInFlow(f.lines[line-1] + i + end)
			f.problems[len(f.problems)-1].Fix = fix
			return true
		}
		i += len(formula) - 1
	}
	return false
}

// quotes is the fix that puts quotes around a formula that begins at an offset in a line.
func (f *sourceFile) quotes(line, from int, formula string) *tree.Fix {
	return f.instead(f.lines[line-1]+from, formula, quoteIt)
}

// instead is the fix that puts quotes around a text that stands at an offset.
func (f *sourceFile) instead(at int, whole, title string) *tree.Fix {
	begin, end := f.spotAt(at), f.spotAt(at+len(whole))
	return &tree.Fix{Title: title, Edits: []tree.Edit{}, Source: []tree.TextEdit{{
		Line: begin.line, Column: begin.column, EndLine: end.line, EndColumn: end.column, Text: scalar(whole, true),
	}}}
}

// quoted says whether what comes after a piece of a line is within quotes.
func quoted(s string) bool {
	return strings.Count(s, "'")%2 == 1 || strings.Count(s, `"`)%2 == 1
}

// cutByComment tells that a ` #` ended a formula.
func (f *sourceFile) cutByComment(at spot, flow bool) {
	hint := "Put the whole formula in single quotes, or in a |- block."
	if flow {
		hint = "Put the whole formula in single quotes."
	}
	f.problem(at, tree.Syntax, "` #` begins a comment, so this formula is cut off", hint)
}

// cutInFlow tells that the character at an offset ended a formula.
func (f *sourceFile) cutInFlow(at int) {
	f.problem(f.spotAt(at), tree.Syntax, fmt.Sprintf("within { } and [ ] a %q ends a value without quotes, so this formula is cut off", f.source[at:at+1]),
		"Put the whole formula in single quotes.")
}

func (f *sourceFile) line(n int) string {
	if n < 1 || n > len(f.lines) {
		return ""
	}
	start := f.lines[n-1]
	if end := strings.IndexByte(f.source[start:], '\n'); end >= 0 {
		return f.source[start : start+end]
	}
	return f.source[start:]
}

// offset of a spot in the source.
func (f *sourceFile) offset(at spot) int {
	if at.line < 1 || at.line > len(f.lines) {
		return len(f.source)
	}
	from := f.known
	if from.line != at.line || from.column > at.column {
		from = known{spot{at.line, 1}, f.lines[at.line-1]}
	}
	for from.column < at.column {
		_, size := utf8.DecodeRuneInString(f.source[from.offset:])
		from.offset += size
		from.column++
	}
	f.known = from
	return from.offset
}

func (f *sourceFile) spotAt(offset int) spot {
	offset = min(offset, len(f.source))
	line := sort.SearchInts(f.lines, offset+1) // those that begin up to the offset
	from := f.known
	if from.line != line || from.offset > offset {
		from = known{spot{line, 1}, f.lines[line-1]}
	}
	from.column += utf8.RuneCountInString(f.source[from.offset:offset])
	from.offset = offset
	f.known = from
	return from.spot
}

func place(n ast.Node) spot {
	switch n := n.(type) {
	case *ast.MappingNode:
		if !n.IsFlowStyle && len(n.Values) > 0 {
			return place(n.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return place(n.Key)
	}
	p := n.GetToken().Position
	return spot{p.Line, p.Column}
}

// value makes a value of a node. In flow style a cut-off formula takes the siblings along that were part of it.
func (f *sourceFile) value(n ast.Node, path []string, at spot, flow bool) value.Value {
	switch n := n.(type) {
	case *ast.MappingNode:
		return f.object(n.Values, path, n.IsFlowStyle || flow)
	case *ast.MappingValueNode:
		return f.object([]*ast.MappingValueNode{n}, path, flow)
	case *ast.SequenceNode:
		return f.list(n, path, flow || n.IsFlowStyle)
	case *ast.LiteralNode:
		return value.Text(n.Value.GetToken().Value)
	}
	t := n.GetToken()
	switch t.Type {
	case token.ImplicitNullType:
		return value.Null()
	case token.SingleQuoteType, token.DoubleQuoteType:
		return value.Text(t.Value)
	}
	if _, ok := n.(ast.ScalarNode); !ok {
		f.problem(at, tree.Syntax, "this cannot be read as a value", "Text goes in quotes.")
		return value.Null()
	}
	return f.plain(t.Value, at, flow)
}

// plain reads a scalar without quotes from its characters.
func (f *sourceFile) plain(s string, at spot, flow bool) value.Value {
	if isFormula(s) {
		return value.Text(f.wholeFormula(s, at, flow))
	}
	return plainValue(s)
}

func isFormula(s string) bool { return strings.HasPrefix(s, "=") && !strings.HasPrefix(s, "==") }

// plainValue is what characters without quotes mean (the table of 1.2).
func plainValue(s string) value.Value {
	switch s {
	case "", "~", "null":
		return value.Null()
	case "true", "false":
		return value.Bool(s == "true")
	}
	if c := s[len(s)-1]; c >= '0' && c <= '9' && !strings.ContainsAny(s, "eE") {
		if v, err := value.ParseJSON([]byte(s), value.Limits{}); err == nil && v.Kind() == value.KindNumber {
			return v
		}
	}
	return value.Text(s)
}

// wholeFormula gives a formula, and where YAML cut it off, says so and gives what was meant.
func (f *sourceFile) wholeFormula(s string, at spot, flow bool) string {
	if closed(s) {
		return s
	}
	start := f.offset(at)
	line := f.line(at.line)
	rest := line[min(start-f.lines[at.line-1], len(line)):]
	if !strings.HasPrefix(rest, s) || len(rest) == len(s) {
		return s // not cut off by YAML: the formula itself is wrong
	}
	whole := rest[:formulaEnd(rest)]
	after := rest[len(s):]
	ended := f.offset(at) + len(s)
	switch comment := strings.HasPrefix(strings.TrimLeft(after, " "), "#") && strings.HasPrefix(after, " "); {
	case comment:
		f.cutByComment(f.spotAt(ended+len(after)-len(strings.TrimLeft(after, " "))), flow)
	case flow && strings.ContainsAny(after[:1], ",[]{}:"):
		f.cutInFlow(ended)
	default:
		return s
	}
	f.problems[len(f.problems)-1].Fix = tree.Replace(quoteIt, pointerOf(f.path), value.Text(whole))
	return whole
}

// quoteIt is what mends a formula that YAML cut off.
const quoteIt = "Put the formula in quotes"

// closed says whether every quote and bracket of a formula is closed.
func closed(s string) bool { return unclosed(s) <= 0 }

// unclosed counts the brackets of a formula that are open at its end, a quote as one.
func unclosed(s string) int {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		}
	}
	if quoted {
		return max(depth, 0) + 1
	}
	return depth
}

// formulaEnd is where a formula's last open bracket is closed, else the end of s.
func formulaEnd(s string) int {
	for i := 1; i <= len(s); i++ {
		if (s[i-1] == ')' || s[i-1] == ']') && closed(s[:i]) {
			return i
		}
	}
	return len(s)
}

func (f *sourceFile) list(n *ast.SequenceNode, path []string, flow bool) value.Value {
	items := make([]value.Value, 0, len(n.Values))
	b := f.open(path)
	swallowed := 0
	for i, item := range n.Values {
		at := place(item)
		if f.offset(at) < swallowed {
			continue
		}
		path := child(path, itoa(len(items)))
		dash := at
		if !n.IsFlowStyle && i < len(n.Entries) && n.Entries[i].Start != nil {
			p := n.Entries[i].Start.Position
			dash = spot{p.Line, p.Column}
		}
		v := f.enter(path, dash, item, flow)
		if flow {
			swallowed = f.swallows(at, v)
		}
		items = append(items, v)
		if len(items) == 1 && !flow {
			f.blocks[b].column = dash.column
		}
	}
	f.blocks[b].to = len(f.entries)
	return value.List(items)
}

func (f *sourceFile) object(values []*ast.MappingValueNode, path []string, flow bool) value.Value {
	members := make([]value.Member, 0, len(values))
	b := f.open(path)
	seen := map[string]spot{}
	swallowed := 0
	for _, pair := range values {
		at := place(pair.Key)
		if f.offset(at) < swallowed {
			continue
		}
		key, ok := f.key(pair.Key, at)
		if !ok {
			continue
		}
		if first, twice := seen[key]; twice {
			f.problem(at, tree.Syntax, fmt.Sprintf("the key %s is here twice; the first is on line %d", key, first.line), "Keep one of the two.")
			continue
		}
		seen[key] = at
		v := f.enter(child(path, key), at, pair.Value, flow)
		if flow {
			swallowed = f.swallows(place(pair.Value), v)
		} else if len(members) == 0 {
			f.blocks[b].column = at.column
		}
		members = append(members, value.Member{Key: key, Value: v})
	}
	f.blocks[b].to = len(f.entries)
	return value.Indexed(members)
}

func (f *sourceFile) key(n ast.Node, at spot) (string, bool) {
	if _, ok := n.(ast.ScalarNode); !ok || n.Type() == ast.MergeKeyType {
		f.problem(at, tree.Syntax, "a key is text", "Write key: value.")
		return "", false
	}
	return n.GetToken().Value, true
}

func (f *sourceFile) open(path []string) int {
	f.blocks = append(f.blocks, block{path: path, from: len(f.entries)})
	return len(f.blocks) - 1
}

// enter reads the value of a key or item and notes where it is.
func (f *sourceFile) enter(path []string, key spot, n ast.Node, flow bool) value.Value {
	e := entry{path: path, key: key, value: key, flow: flow}
	t := n.GetToken()
	if e.empty = t.Type == token.ImplicitNullType; !e.empty {
		e.value = place(n)
	}
	e.at = f.offset(e.value)
	switch t.Type {
	case token.SingleQuoteType:
		e.style = single
	case token.DoubleQuoteType:
		e.style = double
	case token.LiteralType:
		e.style = literal
	case token.FoldedType:
		e.style = folded
	default:
		if _, ok := n.(ast.ScalarNode); ok {
			e.style, e.plain = plain, t.Value
			f.seek(&e)
		}
	}
	f.byPath[pointerOf(path)] = len(f.entries)
	at := len(f.entries)
	f.entries = append(f.entries, e)
	outer := f.path
	f.path = path
	v := f.value(n, path, e.value, flow)
	f.path = outer
	if e.style == plain && strings.HasPrefix(v.Text(), e.plain) {
		f.entries[at].plain = v.Text() // a formula that was cut off, whole
	}
	return v
}

// seek mends the place of a scalar without quotes: the library is wrong about those with spaces behind them.
func (f *sourceFile) seek(e *entry) {
	word, _, _ := strings.Cut(e.plain, " ")
	if word == "" || strings.HasPrefix(f.source[e.at:], word) {
		return
	}
	from := f.behindKeyAt(f.offset(e.key), e.key != e.value)
	if at := strings.Index(f.source[from:], word); at >= 0 && e.key.line == e.value.line {
		e.at = from + at
		e.value = f.spotAt(e.at)
	}
}

// swallows is the offset up to which a formula reaches that YAML cut off.
func (f *sourceFile) swallows(at spot, v value.Value) int {
	if s := v.Text(); strings.HasPrefix(s, "=") {
		return f.offset(at) + len(s)
	}
	return 0
}

func child(path []string, key string) []string {
	return append(path[:len(path):len(path)], key)
}

// comments gives every comment of the file to what it belongs to: the key or item beside it, else the one below it; at
// the end of a list or object to that.
func (f *sourceFile) comments(s *tree.Spec) {
	next := 0 // the first entry that begins after the comment
	for _, t := range f.tokens {
		if t.Type != token.CommentType || len(f.entries) == 0 {
			continue
		}
		at := spot{t.Position.Line, t.Position.Column}
		for next < len(f.entries) && before(f.entries[next].key, at) {
			next++
		}
		line := strings.TrimRight(strings.Map(printable, strings.TrimPrefix(t.Value, " ")), " ")
		text := f.line(at.line)
		beside := strings.TrimSpace(text[:min(f.offset(at)-f.lines[at.line-1], len(text))]) != ""
		switch {
		case beside && next > 0:
			f.cutText(&f.entries[next-1], at, t.Value)
			s.AddComment(f.beside(next-1), false, line)
		case next < len(f.entries) && (next == 0 || f.entries[next].key.column >= at.column):
			s.AddComment(f.entries[next].path, false, line)
		default:
			if b := f.ending(next, at.column); b != nil {
				s.AddComment(b.path, true, line)
			} else {
				s.AddComment(f.entries[next].path, false, line)
			}
		}
	}
}

// wordKeys hold names that have no # in them.
var wordKeys = []string{"type", "id", "return_as", "item_var", "index_var", "source_model", "var", "of", "use"}

// cutText warns of a text without quotes whose end looks like a comment to YAML: one that people write begins with a space.
func (f *sourceFile) cutText(e *entry, comment spot, said string) {
	if e.style != plain || e.flow || e.value.line != comment.line || said == "" || strings.HasPrefix(said, " ") || strings.HasPrefix(said, "#") ||
		isFormula(e.plain) || plainValue(e.plain).Kind() != value.KindText || slices.Contains(wordKeys, e.path[len(e.path)-1]) {
		return
	}
	whole := strings.TrimRight(f.source[e.at:f.lineEnd(e.at)], " \t")
	f.problems = append(f.problems, tree.Problem{
		Code: tree.LooksCut, Severity: tree.Warning, Pointer: pointerOf(e.path), Line: comment.line, Column: comment.column,
		Message: "` #` begins a comment, so the text ends before it: " + e.plain, Hint: "Put the whole text in single quotes, or a space behind the # of a comment.",
		Fix: f.instead(e.at, whole, "Put the text in quotes"),
	})
}

// beside is the path of entry n, or where it stands in { } or [ ] on one line, of what holds these.
func (f *sourceFile) beside(n int) []string {
	e := &f.entries[n]
	for e.flow && len(e.path) > 1 {
		outer, ok := f.byPath[pointerOf(e.path[:len(e.path)-1])]
		if !ok || f.entries[outer].key.line != e.key.line {
			break
		}
		e = &f.entries[outer]
	}
	return e.path
}

// ending is the innermost list or object with entries up to number next whose entries stand no further right than the
// column.
func (f *sourceFile) ending(next, column int) *block {
	var found *block
	for i := range f.blocks {
		b := &f.blocks[i]
		if b.column > 0 && b.column <= column && b.from < next && b.to >= next && (next == len(f.entries) || b.to == next) {
			if found == nil || len(b.path) > len(found.path) {
				found = b
			}
		}
	}
	return found
}

func before(a, b spot) bool {
	return a.line < b.line || a.line == b.line && a.column < b.column
}

// printable keeps a character that can stand in a comment and makes a space of others.
func printable(c rune) rune {
	if isPrint(c) {
		return c
	}
	return ' '
}

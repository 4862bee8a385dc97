package text

import (
	"bytes"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// lineWidth is how long a line with a list or object in [ ] or { } may get before it is written over several lines.
const lineWidth = 120

// FormatYAML writes a spec as YAML in the one way it is written: keys in the order of the reference, formulas where an
// expression can be one, quotes only where they must be. Reading it again gives an equal tree.
func FormatYAML(s *tree.Spec, g tree.Grammar) []byte {
	f := formatter{grammar: g}
	f.spec(s)
	return f.b.Bytes()
}

// FormatTest writes a test as one item of the tests of a spec.
func FormatTest(t *tree.Test, g tree.Grammar) []byte {
	f := formatter{grammar: g}
	r := remarks{comments: t.Comments}
	f.item(r.lines(), func() { f.test(t, r) })
	return f.b.Bytes()
}

// formatter writes block style; what is in [ ] and { } is made as text first.
type formatter struct {
	grammar tree.Grammar
	b       bytes.Buffer
	indent  int
	dash    bool // the next key stands behind the dash of its item
}

// remarks are the comments of one object, with the path within it that is being written.
type remarks struct {
	comments tree.Comments
	at       string
}

func (r remarks) key(key string) remarks {
	if r.at != "" {
		key = r.at + "/" + key
	}
	return remarks{r.comments, key}
}

func (r remarks) lines() []string { return r.comments.Of(r.at) }

// any says whether something within the place has comments.
func (r remarks) inside() bool {
	for _, c := range r.comments {
		if strings.HasPrefix(c.At, r.at+"/") {
			return true
		}
	}
	return false
}

func (f *formatter) comment(lines []string) {
	for _, line := range lines {
		f.newline()
		f.b.WriteByte('#')
		if line != "" {
			f.b.WriteByte(' ')
			f.b.WriteString(line)
		}
		f.b.WriteByte('\n')
	}
}

func (f *formatter) newline() {
	for range f.indent {
		f.b.WriteString("  ")
	}
}

// key begins a line with a key, its comments above it. What follows starts with a space or a line feed.
func (f *formatter) key(key string, r remarks) {
	if f.dash {
		f.dash = false
	} else {
		f.comment(r.lines())
		f.newline()
	}
	f.b.WriteString(scalar(key, false))
	f.b.WriteByte(':')
}

func (f *formatter) line(key, text string, r remarks) {
	f.key(key, r)
	f.b.WriteByte(' ')
	f.b.WriteString(text)
	f.b.WriteByte('\n')
}

// text writes a key whose value is text, over several lines where it has them.
func (f *formatter) text(key, s string, r remarks) {
	f.key(key, r)
	f.b.WriteByte(' ')
	f.longText(s)
}

func (f *formatter) longText(s string) {
	if !blockable(s) {
		f.b.WriteString(scalar(s, false))
		f.b.WriteByte('\n')
		return
	}
	f.b.WriteByte('|')
	if !strings.HasSuffix(s, "\n") {
		f.b.WriteByte('-')
	}
	f.b.WriteByte('\n')
	f.indent++
	for line := range strings.SplitSeq(strings.TrimSuffix(s, "\n"), "\n") {
		if line != "" {
			f.newline()
			f.b.WriteString(line)
		}
		f.b.WriteByte('\n')
	}
	f.indent--
}

func (f *formatter) optional(key, s string, r remarks) {
	if s != "" {
		f.text(key, s, r.key(key))
	}
}

// items writes a list of objects, one below the other.
func items[T any](f *formatter, key string, list []T, r remarks, comments func(T) tree.Comments, write func(T, remarks)) {
	f.key(key, r)
	if len(list) == 0 {
		f.b.WriteString(" []\n")
		return
	}
	f.b.WriteByte('\n')
	f.indent++
	for _, one := range list {
		inner := remarks{comments: comments(one)}
		f.item(inner.lines(), func() { write(one, inner) })
		f.indent++
		f.comment(inner.comments.Of(tree.End))
		f.indent--
	}
	f.comment(r.key(tree.End).lines())
	f.indent--
}

// item writes one item of a list: its comments, the dash, and what write writes behind and below it.
func (f *formatter) item(lines []string, write func()) {
	f.comment(lines)
	f.newline()
	f.b.WriteString("- ")
	f.dash = true
	f.indent++
	write()
	f.indent--
	f.dash = false
}

func (f *formatter) spec(s *tree.Spec) {
	r := remarks{comments: s.Comments}
	f.line("spec", "1", r.key("spec"))
	f.optional("note", s.Note, r)
	f.optional("source_model", s.SourceModel, r)
	f.optional("var", s.Var, r)
	if len(s.Constants) > 0 {
		items(f, "constants", s.Constants, r.key("constants"), func(c *tree.Constant) tree.Comments { return c.Comments }, f.constant)
	}
	if len(s.Enrichments) > 0 {
		items(f, "enrichments", s.Enrichments, r.key("enrichments"), func(e *tree.Enrichment) tree.Comments { return e.Comments }, f.enrichment)
	}
	f.instructions("instructions", s.Instructions, r.key("instructions"))
	if len(s.Tests) > 0 {
		items(f, "tests", s.Tests, r.key("tests"), func(t *tree.Test) tree.Comments { return t.Comments }, f.test)
	}
	f.members(s.Extra, r)
	f.comment(r.key(tree.End).lines())
}

func (f *formatter) constant(c *tree.Constant, r remarks) {
	if c.Note == "" && len(c.Extra) == 0 && len(c.Comments) == len(r.lines1()) {
		if line := f.shortConstant(c); line != "" {
			f.dash = false
			f.b.WriteString(line + "\n")
			return
		}
	}
	f.optional("name", c.Name, r)
	f.optional("note", c.Note, r)
	f.optional("type", c.Type, r)
	if c.Default != nil {
		f.raw("default", *c.Default, r.key("default"))
	}
	f.members(c.Extra, r)
}

// lines1 is the comment of the object itself, as a list of at most one.
func (r remarks) lines1() tree.Comments {
	for i := range r.comments {
		if r.comments[i].At == r.at {
			return r.comments[i : i+1]
		}
	}
	return nil
}

// shortConstant is a constant on one line, "" where it does not fit there.
func (f *formatter) shortConstant(c *tree.Constant) string {
	line := "{name: " + scalar(c.Name, true) + ", type: " + scalar(c.Type, true)
	if c.Default != nil {
		line += ", default: " + flow(*c.Default)
	}
	line += "}"
	if c.Name == "" || c.Type == "" || len(line)+2*f.indent > lineWidth {
		return ""
	}
	return line
}

func (f *formatter) enrichment(e *tree.Enrichment, r remarks) {
	f.optional("name", e.Name, r)
	f.optional("note", e.Note, r)
	if !e.Of.IsZero() {
		f.text("of", e.Of.String(), r.key("of"))
	}
	f.optional("use", e.Use, r)
	f.members(e.Extra, r)
}

func (f *formatter) test(t *tree.Test, r remarks) {
	if len(t.Members) == 0 { // nothing behind the dash would be null
		f.dash = false
		f.b.WriteString("{}\n")
		return
	}
	f.members(t.Members, r)
}

func (f *formatter) members(members []value.Member, r remarks) {
	for _, m := range members {
		f.raw(m.Key, m.Value, r.key(m.Key))
	}
}

// raw writes a value that is no expression.
func (f *formatter) raw(key string, v value.Value, r remarks) {
	f.key(key, r)
	f.rawValue(v, r)
}

// rawValue writes a value behind a key: on the same line where it fits, else below.
func (f *formatter) rawValue(v value.Value, r remarks) {
	if s := v.Text(); v.Kind() == value.KindText {
		f.b.WriteByte(' ')
		f.longText(s)
		return
	}
	line := flow(v)
	container := (v.Kind() == value.KindList || v.Kind() == value.KindObject) && v.Len() > 0
	if !container || !r.inside() && f.column()+len(line) < lineWidth {
		f.b.WriteString(" " + line + "\n")
		return
	}
	f.b.WriteByte('\n')
	f.indent++
	f.rawInside(v, r)
	f.indent--
}

// column is how much of the present line is written.
func (f *formatter) column() int {
	b := f.b.Bytes()
	return len(b) - bytes.LastIndexByte(b, '\n') - 1
}

// rawInside writes the members of a list or object, one per line.
func (f *formatter) rawInside(v value.Value, r remarks) {
	if v.Kind() == value.KindObject {
		f.members(v.Members(), r)
	}
	for n, one := range v.Items() {
		r := r.key(itoa(n))
		f.item(r.lines(), func() { f.rawItem(one, r) })
	}
	f.comment(r.key(tree.End).lines())
}

func (f *formatter) rawItem(v value.Value, r remarks) {
	line := flow(v)
	container := (v.Kind() == value.KindList || v.Kind() == value.KindObject) && v.Len() > 0
	switch {
	case !container || !r.inside() && f.column()+len(line) < lineWidth:
		f.b.WriteString(line + "\n")
	case v.Kind() == value.KindObject:
		f.members(v.Members(), r)
		f.comment(r.key(tree.End).lines())
	default: // a list in a list goes below its dash
		f.b.Truncate(f.b.Len() - 1)
		f.b.WriteByte('\n')
		f.dash = false
		f.rawInside(v, r)
	}
}

func (f *formatter) instructions(key string, list []*tree.Instruction, r remarks) {
	items(f, key, list, r, func(i *tree.Instruction) tree.Comments { return i.Comments }, f.instruction)
}

func (f *formatter) instruction(i *tree.Instruction, r remarks) {
	f.optional("type", i.Type, r)
	f.optional("id", i.ID, r)
	f.optional("note", i.Note, r)
	if i.Disabled {
		f.line("disabled", "true", r.key("disabled"))
	}
	for _, field := range i.Fields {
		f.field(field, r.key(field.Name))
	}
	f.optional("return_as", i.ReturnAs, r)
	f.members(i.Extra, r)
}

func (f *formatter) field(field tree.Field, r remarks) {
	switch c := field.Content.(type) {
	case *tree.Expr:
		f.key(field.Name, r)
		f.b.WriteByte(' ')
		f.expr(c)
	case tree.Name:
		f.line(field.Name, string(c), r)
	case tree.List:
		f.list(field.Name, c, r)
	case tree.Group:
		f.key(field.Name, r)
		if len(c) == 0 {
			f.b.WriteString(" {}\n")
			return
		}
		f.b.WriteByte('\n')
		f.indent++
		for _, inner := range c {
			f.field(inner, r.key(inner.Name))
		}
		f.comment(r.key(tree.End).lines())
		f.indent--
	case tree.Body:
		f.instructions(field.Name, c, r)
	case tree.Cases:
		items(f, field.Name, c, r, func(one *tree.Case) tree.Comments { return one.Comments }, f.oneCase)
	case tree.Raw:
		f.raw(field.Name, c.Value, r)
	}
}

func (f *formatter) oneCase(c *tree.Case, r remarks) {
	if len(c.Equals) == 1 {
		f.key("equals", r.key("equals"))
		f.b.WriteByte(' ')
		f.expr(c.Equals[0])
	} else if !c.Broken || len(c.Equals) > 0 {
		f.list("equals", c.Equals, r.key("equals"))
	}
	f.instructions("body", c.Body, r.key("body"))
	f.members(c.Extra, r)
}

// list writes a list of expressions: in [ ] where it fits and has no comments.
func (f *formatter) list(key string, list tree.List, r remarks) {
	f.key(key, r)
	parts := make([]string, len(list))
	for n, e := range list {
		parts[n] = f.exprText(e, true)
	}
	line := "[" + strings.Join(parts, ", ") + "]"
	if len(list) == 0 || !r.inside() && f.column()+len(line) < lineWidth {
		f.b.WriteString(" " + line + "\n")
		return
	}
	f.b.WriteByte('\n')
	f.indent++
	for n, e := range list {
		f.item(r.key(itoa(n)).lines(), func() { f.expr(e) })
	}
	f.comment(r.key(tree.End).lines())
	f.indent--
}

// expr writes an expression behind a key or dash.
func (f *formatter) expr(e *tree.Expr) {
	if e.Type == tree.Literal && e.Value.Kind() == value.KindText && !strings.HasPrefix(e.Value.Text(), "=") {
		f.longText(e.Value.Text())
		return
	}
	f.b.WriteString(f.exprText(e, false))
	f.b.WriteByte('\n')
}

func (f *formatter) exprText(e *tree.Expr, inFlow bool) string {
	given := Given(e, f.grammar)
	if given.Kind() == value.KindText {
		return scalar(given.Text(), inFlow)
	}
	return given.String()
}

// flow is a value on one line.
func flow(v value.Value) string {
	switch v.Kind() {
	case value.KindText:
		return scalar(v.Text(), true)
	case value.KindList:
		parts := make([]string, v.Len())
		for i, one := range v.Items() {
			parts[i] = flow(one)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case value.KindObject:
		parts := make([]string, v.Len())
		for i, m := range v.Members() {
			parts[i] = scalar(m.Key, true) + ": " + flow(m.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return v.String()
}

// scalar writes text so that it is read as just this text: without quotes where that can be, else in single quotes,
// else in double ones.
func scalar(s string, inFlow bool) string {
	switch {
	case plainSafe(s, inFlow):
		return s
	case quotable(s):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return doubleQuoted(s)
}

// plainSafe says whether text without quotes is read as the same text.
func plainSafe(s string, inFlow bool) bool {
	switch s {
	case "", "~", "null", "true", "false", "<<", "=":
		return false
	}
	if !quotable(s) || strings.TrimSpace(s) != s || strings.ContainsRune("-?:,[]{}#&*!|>'\"%@`.", rune(s[0])) && !dashed(s) {
		return false
	}
	if strings.Contains(s, ": ") || strings.Contains(s, " #") || strings.HasSuffix(s, ":") || strings.Contains(s, "---") {
		return false
	}
	if inFlow && strings.ContainsAny(s, ",[]{}:") {
		return false
	}
	v, err := value.ParseJSON([]byte(s), value.Limits{})
	return err != nil || v.Kind() != value.KindNumber
}

// dashed is text such as -1e5 or -x: a dash that begins no list.
func dashed(s string) bool { return s[0] == '-' && len(s) > 1 && s[1] != ' ' && s[1] != '-' }

// quotable says whether text can stand on one line as it is.
func quotable(s string) bool {
	for _, c := range s {
		if c != ' ' && !isPrint(c) {
			return false
		}
	}
	return true
}

// blockable says whether text of several lines can be written below a |.
func blockable(s string) bool {
	body := strings.TrimSuffix(s, "\n")
	if !strings.Contains(body, "\n") || strings.HasSuffix(body, "\n") {
		return false
	}
	for line := range strings.SplitSeq(body, "\n") {
		if !quotable(line) || strings.TrimRight(line, " ") != line {
			return false
		}
	}
	return body[0] != '\n' && body[0] != ' '
}

const hexDigits = "0123456789abcdef"

func doubleQuoted(s string) string {
	b := []byte{'"'}
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c != ' ' && !isPrint(c):
			if c > 0xffff {
				b = append(b, `\U`...)
				for shift := 28; shift >= 0; shift -= 4 {
					b = append(b, hexDigits[c>>shift&15])
				}
				continue
			}
			b = append(b, '\\', 'u', hexDigits[c>>12&15], hexDigits[c>>8&15], hexDigits[c>>4&15], hexDigits[c&15])
		default:
			b = append(b, string(c)...)
		}
	}
	return string(append(b, '"'))
}

package tree

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// AppendJSON adds the stored form of the spec (1.4): trees, keys in the order of the reference, numbers in canonical
// form.
func (s *Spec) AppendJSON(b []byte) []byte {
	w := writer{b: b, ids: true, remarks: true, tests: true}
	w.spec(s)
	return w.b
}

// MarshalJSON is AppendJSON.
func (s *Spec) MarshalJSON() ([]byte, error) { return s.AppendJSON(nil), nil }

// JSON is the expression as a value, for fixes.
func (e *Expr) JSON() value.Value {
	var w writer
	w.expr(e)
	v, err := value.ParseJSON(w.b, value.Limits{Depth: 4 * MaxDepth, Bytes: len(w.b) + 1})
	if err != nil {
		panic("tree: an expression wrote no JSON: " + err.Error())
	}
	return v
}

// Equal says whether two specs are the same tree: saving one over the other makes no version.
func Equal(a, b *Spec) bool { return bytes.Equal(a.canonical(), b.canonical()) }

// ContentHash is the same for equal trees and for no others.
func (s *Spec) ContentHash() [sha256.Size]byte { return sha256.Sum256(s.canonical()) }

// ProgramHash leaves out notes, comments and tests: two versions with one program do the same.
func (s *Spec) ProgramHash() [sha256.Size]byte {
	w := writer{ids: true, canonical: true}
	w.spec(s)
	return sha256.Sum256(w.b)
}

func (s *Spec) canonical() []byte {
	w := writer{ids: true, remarks: true, tests: true, canonical: true}
	w.spec(s)
	return w.b
}

// content of an instruction without ids, its own and those within: what AssignIDs compares.
func (i *Instruction) content() string {
	w := writer{remarks: true, canonical: true}
	w.instruction(i)
	return string(w.b)
}

// writer of the stored form. Canonical: members of raw values by key, since their order does not count.
type writer struct {
	b                              []byte
	ids, remarks, tests, canonical bool
}

func (w *writer) open()  { w.b = append(w.b, '{') }
func (w *writer) close() { w.b = append(w.b, '}') }

func (w *writer) key(name string) {
	w.comma('{')
	w.b = value.AppendQuoted(w.b, name)
	w.b = append(w.b, ':')
}

func (w *writer) comma(opening byte) {
	if w.b[len(w.b)-1] != opening {
		w.b = append(w.b, ',')
	}
}

func (w *writer) text(key, s string) {
	if s != "" {
		w.key(key)
		w.b = value.AppendQuoted(w.b, s)
	}
}

func (w *writer) note(s string) {
	if w.remarks {
		w.text("note", s)
	}
}

func (w *writer) spec(s *Spec) {
	w.open()
	w.b = append(w.b, `"spec":1`...)
	w.note(s.Note)
	w.text("source_model", s.SourceModel)
	w.text("var", s.Var)
	if len(s.Constants) > 0 {
		w.key("constants")
		list(w, s.Constants, w.constant)
	}
	if len(s.Enrichments) > 0 {
		w.key("enrichments")
		list(w, s.Enrichments, w.enrichment)
	}
	w.key("instructions")
	list(w, s.Instructions, w.instruction)
	if w.tests && len(s.Tests) > 0 {
		w.key("tests")
		list(w, s.Tests, w.test)
	}
	w.rest(s.Extra, s.Comments)
	w.close()
}

func list[T any](w *writer, items []T, write func(T)) {
	w.b = append(w.b, '[')
	for _, item := range items {
		w.comma('[')
		write(item)
	}
	w.b = append(w.b, ']')
}

func (w *writer) constant(c *Constant) {
	w.open()
	w.text("name", c.Name)
	w.note(c.Note)
	w.text("type", c.Type)
	if c.Default != nil {
		w.key("default")
		w.value(*c.Default)
	}
	w.rest(c.Extra, c.Comments)
	w.close()
}

func (w *writer) enrichment(e *Enrichment) {
	w.open()
	w.text("name", e.Name)
	w.note(e.Note)
	if !e.Of.IsZero() {
		w.text("of", e.Of.String())
	}
	w.text("use", e.Use)
	w.rest(e.Extra, e.Comments)
	w.close()
}

func (w *writer) test(t *Test) {
	w.open()
	members := t.Members
	if w.canonical {
		members = sorted(members)
	}
	for _, m := range members {
		w.key(m.Key)
		w.value(m.Value)
	}
	w.rest(nil, t.Comments)
	w.close()
}

func (w *writer) instruction(i *Instruction) {
	w.open()
	w.text("type", i.Type)
	if w.ids {
		w.text("id", i.ID)
	}
	w.note(i.Note)
	if i.Disabled {
		w.key("disabled")
		w.b = append(w.b, "true"...)
	}
	w.fields(i.Fields)
	w.text("return_as", i.ReturnAs)
	w.rest(i.Extra, i.Comments)
	w.close()
}

func (w *writer) fields(fields []Field) {
	for _, f := range fields {
		w.key(f.Name)
		switch c := f.Content.(type) {
		case *Expr:
			w.expr(c)
		case List:
			list(w, c, w.expr)
		case Group:
			w.open()
			w.fields(c)
			w.close()
		case Name:
			w.b = value.AppendQuoted(w.b, string(c))
		case Body:
			list(w, c, w.instruction)
		case Cases:
			list(w, c, w.one)
		case Raw:
			w.value(c.Value)
		}
	}
}

func (w *writer) one(c *Case) {
	w.open()
	if len(c.Equals) > 0 || !c.Broken {
		w.key("equals")
		list(w, c.Equals, w.expr)
	}
	w.key("body")
	list(w, c.Body, w.instruction)
	w.rest(c.Extra, c.Comments)
	w.close()
}

// maxDoubleDigits is how many digits every reader with binary floats keeps.
const maxDoubleDigits = 15

func (w *writer) expr(e *Expr) {
	w.open()
	w.text("type", e.Type)
	switch e.Type {
	case Literal:
		if e.Value.Kind() == value.KindNumber {
			if text := e.Value.Decimal().String(); len(strings.Trim(text, "-")) > maxDoubleDigits && digits(text) > maxDoubleDigits {
				w.text("number", text)
				break
			}
		}
		w.key("value")
		w.b = e.Value.AppendJSON(w.b)
	case Var:
		w.text("var", e.Path.String())
	default:
		w.fields(e.Fields)
	}
	w.close()
}

// digits counts the digits of a number, without zeros that only say where the point is.
func digits(text string) int {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "-"), ".", "")
	return len(strings.TrimLeft(text, "0"))
}

// rest writes what comes last in every object.
func (w *writer) rest(extra []value.Member, comments Comments) {
	if w.canonical {
		extra = sorted(extra)
	}
	for _, m := range extra {
		w.key(m.Key)
		w.value(m.Value)
	}
	if !w.remarks || len(comments) == 0 {
		return
	}
	w.key("comments")
	w.open()
	if w.canonical {
		comments = slices.Clone(comments)
		slices.SortFunc(comments, func(a, b Comment) int { return strings.Compare(a.At, b.At) })
	}
	for _, c := range comments {
		w.key(c.At)
		list(w, c.Lines, func(line string) { w.b = value.AppendQuoted(w.b, line) })
	}
	w.close()
}

// value writes a raw value.
func (w *writer) value(v value.Value) {
	if !w.canonical {
		w.b = v.AppendJSON(w.b)
		return
	}
	switch v.Kind() {
	case value.KindList:
		list(w, v.Items(), w.value)
	case value.KindObject:
		w.open()
		for _, m := range sorted(v.Members()) {
			w.key(m.Key)
			w.value(m.Value)
		}
		w.close()
	default:
		w.b = v.AppendJSON(w.b)
	}
}

func sorted(members []value.Member) []value.Member {
	members = slices.Clone(members)
	slices.SortFunc(members, func(a, b value.Member) int { return strings.Compare(a.Key, b.Key) })
	return members
}

package lsp

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// marker stands in the text where somebody types: so the loose reader tells what that is.
const marker = "\ue000"

// marked is what stands at the place where somebody types.
type marked struct {
	pointer       string // of the key or the value
	isKey         bool
	before, after string // the key or text up to the place, and what follows
	follows       string // the line of the file behind that
	column        int    // of the key or dash, from 1
	inline        bool   // within { } or [ ]
	given         value.Value
	model         library.Model
}

// markedPlace reads the document with a mark at a position, and finds it.
func (s *Server) markedPlace(d *document, p position) (marked, bool) {
	before, after := d.split(p)
	if d.isJSON() {
		return marked{}, false
	}
	spec, at := text.ReadLoosely([]byte(before+marker+after), s.library)
	path, isKey, found := findMarker(at.Given(), nil)
	if !found {
		return marked{}, false
	}
	m := marked{pointer: tree.JoinPointer(path), isKey: isKey, given: at.Given(), model: s.modelOf(spec)}
	whole := ""
	if isKey {
		whole = path[len(path)-1]
	} else {
		whole = within(at.Given(), path).Text()
	}
	m.before, m.after, _ = strings.Cut(whole, marker)
	line, _, _ := strings.Cut(after, "\n")
	m.follows = strings.TrimPrefix(line, m.after)
	if e, ok := at.KeyPiece(m.pointer); ok {
		m.column = e.Column
	}
	m.inline = at.Inline(m.pointer)
	return m, true
}

// findMarker gives the path to the key or text that has the mark.
func findMarker(v value.Value, path []string) (found []string, isKey, ok bool) {
	switch v.Kind() {
	case value.KindText:
		return path, false, strings.Contains(v.Text(), marker)
	case value.KindList:
		for n, item := range v.Items() {
			if found, isKey, ok = findMarker(item, append(path[:len(path):len(path)], strconv.Itoa(n))); ok {
				return found, isKey, ok
			}
		}
	case value.KindObject:
		for _, m := range v.Members() {
			inner := append(path[:len(path):len(path)], m.Key)
			if strings.Contains(m.Key, marker) {
				return inner, true, true
			}
			if found, isKey, ok = findMarker(m.Value, inner); ok {
				return found, isKey, ok
			}
		}
	}
	return nil, false, false
}

// within goes along a path in a value.
func within(v value.Value, path []string) value.Value {
	for _, key := range path {
		if n, err := strconv.Atoi(key); err == nil && v.Kind() == value.KindList {
			v = v.At(n)
		} else {
			v = v.Get(key)
		}
	}
	return v
}

// completer gathers what can stand at a place.
type completer struct {
	*Server
	d     *document
	at    position
	place marked
	items []completionItem
}

// most is how many items an editor is given at once.
const most = 400

func (c *completer) add(item completionItem, token, rest, insert string, rank int) {
	if len(c.items) >= most {
		return
	}
	from, to := c.at, c.at
	from.Character -= utf16Length(token)
	to.Character += utf16Length(rest)
	item.TextEdit = &textEdit{span{from, to}, insert}
	if item.FilterText = item.Label; !strings.HasPrefix(token, "=") {
		item.FilterText = strings.TrimPrefix(item.Label, "=")
	}
	item.SortText = fmt.Sprintf("%d%03d", rank, len(c.items))
	if item.InsertTextFormat == 2 {
		item.InsertTextMode = 1
	}
	c.items = append(c.items, item)
}

func (s *Server) complete(d *document, p position, _ json.RawMessage) (any, error) {
	list := completionList{Items: []completionItem{}}
	line, column := d.lineColumn(p)
	at, ok := s.markedPlace(d, p)
	if !ok {
		return list, nil
	}
	c := &completer{Server: s, d: d, at: d.position(line, column), place: at}
	path := tree.SplitPointer(at.pointer)
	switch {
	case at.isKey:
		c.keys(path[:len(path)-1])
	case strings.HasPrefix(at.before, "=") && !strings.HasPrefix(at.before, "=="):
		c.formula()
	default:
		c.value(path)
	}
	list.Items = append(list.Items, c.items...)
	return list, nil
}

// keys proposes those that the object does not have yet.
func (c *completer) keys(path []string) {
	within := within(c.place.given, path)
	e := c.expect(c.place.given, path, c.place.model)
	if len(path) > 0 && e.keys == nil {
		return
	}
	colon := ": "
	if strings.HasPrefix(strings.TrimLeft(c.place.follows, " "), ":") {
		colon = ""
	}
	for _, k := range e.keys {
		if within.Has(k.name) {
			continue
		}
		rank := 1
		detail := k.detail
		if k.required {
			rank, detail = 0, strings.TrimSpace(detail+" (required)")
		}
		c.add(completionItem{Label: k.name, Kind: kindProperty, Detail: detail, Documentation: markdown(k.help)}, c.place.before, c.place.after, k.name+colon, rank)
	}
}

// value proposes what a value can begin with.
func (c *completer) value(path []string) {
	e := c.expect(c.place.given, path, c.place.model)
	token, rest := c.place.before, c.place.after
	switch {
	case e.instruction && e.words != nil: // behind type:
		c.instructions(token, rest, "", c.place.column, within(c.place.given, path[:len(path)-1]))
	case e.instruction:
		c.add(completionItem{Label: "type", Kind: kindProperty, Documentation: markdown(helpIn(instructionKeys, "type"))}, token, rest, "type: ", 0)
		c.instructions(token, rest, "type: ", c.place.column+2, value.Null())
	case e.list:
		c.instructions(token, rest, "- type: ", c.place.column+4, value.Null())
	case e.name && e.result != "":
		c.add(completionItem{Label: e.result, Kind: kindVariable, Detail: "what it is called"}, token, rest, e.result, 0)
	case e.param != nil:
		c.literals(e.param, token, rest)
		c.expressions(e.param)
	default:
		for _, w := range e.words {
			c.add(completionItem{Label: w, Kind: kindEnum}, token, rest, w, 0)
		}
	}
}

// literals proposes the words that a parameter takes.
func (c *completer) literals(p *types.Param, token, rest string) {
	words := p.Words
	if p.Type.Kind == types.Boolean {
		words = []string{"true", "false"}
	}
	if p.FieldOf != "" {
		words = c.recordFields(p.FieldOf)
	}
	for _, w := range words {
		c.add(completionItem{Label: w, Kind: kindEnum, Detail: p.Name}, token, rest, w, 0)
	}
}

// recordFields are the fields of the record that another field of the instruction takes.
func (c *completer) recordFields(of string) []string {
	path := tree.SplitPointer(c.place.pointer)
	at := tree.JoinPointer(append(path[:len(path)-1:len(path)-1], of))
	spec := text.Decode(c.place.given, c.library)
	t, _ := c.look(c.d, spec, nil).checked.TypeAt(at)
	return check.RecordFields(t)
}

// instructions proposes operations and blocks, each with its required fields; not those that are there already.
func (c *completer) instructions(token, rest, begin string, column int, there value.Value) {
	for rank, o := range c.library.Operations() {
		b := &strings.Builder{}
		b.WriteString(begin + o.Name)
		stop := 1
		for i := range o.Params {
			p := &o.Params[i]
			if !p.Required || there.Has(p.Name) {
				continue
			}
			if c.place.inline {
				b.WriteString(", ")
			} else {
				b.WriteString("\n" + strings.Repeat(" ", max(column-1, 0)))
			}
			b.WriteString(p.Name + ": " + placeholder(p, stop))
			stop++
		}
		if o.ReturnAs && !there.Has("return_as") {
			fmt.Fprintf(b, "\n%sreturn_as: ${%d:name}", strings.Repeat(" ", max(column-1, 0)), stop)
		}
		kind := kindFunction
		if o.Block {
			kind = kindClass
		}
		c.add(completionItem{Label: o.Name, Kind: kind, Detail: o.Title, Documentation: markdown(o.Help), InsertTextFormat: 2}, token, rest, b.String(), rank/100)
	}
}

// placeholder is what a snippet has in the place of a field.
func placeholder(p *types.Param, stop int) string {
	switch p.Form {
	case types.Body:
		return fmt.Sprintf("${%d:[]}", stop)
	case types.Cases:
		return fmt.Sprintf("[{equals: ${%d}, body: []}]", stop)
	case types.Name:
		return fmt.Sprintf("${%d:item}", stop)
	case types.Group:
		return fmt.Sprintf("{${%d}}", stop)
	}
	if p.Words != nil {
		return fmt.Sprintf("${%d:%s}", stop, p.Words[0])
	}
	if p.Literal || p.Label {
		return fmt.Sprintf("${%d}", stop)
	}
	return fmt.Sprintf("=${%d}", stop)
}

// expressions proposes formulas where nothing of one is there yet.
func (c *completer) expressions(p *types.Param) {
	c.names(p, readTyped("="), c.place.before, c.place.after, "=")
}

// formula proposes what can stand within the formula that is being typed.
func (c *completer) formula() {
	t := readTyped(c.place.before)
	p := t.param(c.library)
	if len(t.calls) == 0 {
		p = c.expect(c.place.given, tree.SplitPointer(c.place.pointer), c.place.model).param
	}
	rest := c.place.after[:wordEnd(c.place.after)]
	if t.text {
		if p != nil {
			for _, w := range p.Words {
				c.add(completionItem{Label: w, Kind: kindEnum, Detail: p.Name}, t.token[1:], rest, w, 0)
			}
		}
		return
	}
	if base, token := t.base(); base != "" {
		c.fields(t, base, token, rest)
		return
	}
	if p != nil && p.Words != nil {
		for _, w := range p.Words {
			c.add(completionItem{Label: strconv.Quote(w), Kind: kindEnum, Detail: p.Name}, t.token, rest, strconv.Quote(w), 0)
		}
	}
	c.named(t, rest)
	c.names(p, t, t.token, rest, "")
}

func wordEnd(s string) int {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return i
		}
	}
	return len(s)
}

// named proposes the optional arguments of the call, which are written by name.
func (c *completer) named(t typed, rest string) {
	if len(t.calls) == 0 || t.calls[len(t.calls)-1].named != "" {
		return
	}
	call := t.calls[len(t.calls)-1]
	if signature := c.library.Expression(call.name); signature != nil {
		for i := range signature.Params {
			if p := &signature.Params[i]; !p.Required && p.Form == types.Expression && i >= call.argument {
				c.add(completionItem{Label: p.Name + "=", Kind: kindProperty, Detail: typeName(p), Documentation: markdown(p.Help)}, t.token, rest, p.Name+"=", 1)
			}
		}
	}
}

// fields proposes what the value of a path has.
func (c *completer) fields(t typed, base, token, rest string) {
	settled, ok := c.settle(c.d, c.place.given, c.place.pointer, t, base)
	if !ok {
		return
	}
	kind, _ := settled.checked.TypeAt(settled.pointer)
	for _, f := range kind.Fields {
		label := f.Name
		item := completionItem{Label: label, Kind: kindField, Detail: f.Type.String()}
		if !tree.IsName(f.Name) {
			continue
		}
		if path, err := tree.ParsePath(base + "." + f.Name); err == nil {
			if some := c.examples(settled.loose, settled.pointer, path); some != "" {
				item.Documentation = markdown("As " + some)
			}
		}
		c.add(item, token, rest, label, 0)
	}
}

// names proposes the names in scope, then expressions; what fits comes first.
func (c *completer) names(p *types.Param, t typed, token, rest, begin string) {
	fits := func(kind types.Type) int {
		if p == nil || types.Fits(kind, p.Type) {
			return 0
		}
		return 1
	}
	if p != nil && p.Literal {
		return
	}
	if settled, ok := c.settle(c.d, c.place.given, c.place.pointer, t, "null"); ok {
		for _, v := range settled.checked.Scope(settled.pointer) {
			kind := kindVariable
			if strings.HasPrefix(v.Pointer, "/constants/") {
				kind = kindConstant
			}
			c.add(completionItem{Label: begin + v.Name, Kind: kind, Detail: shortType(v.Type), Documentation: markdown(bound(settled.spec, v))}, token, rest, begin+v.Name, 1+fits(v.Type))
		}
	}
	for _, e := range c.library.Expressions() {
		rank := 3
		if p != nil && e.Infer == nil && e.Result.Kind != types.Variable && !types.Fits(e.Result, p.Type) {
			rank = 4
		}
		insert := begin + e.Name + "($1)"
		if len(e.Params) == 0 {
			insert = begin + e.Name + "()"
		}
		c.add(completionItem{Label: begin + e.Name, Kind: kindFunction, Detail: e.Call(), Documentation: markdown(e.Help), InsertTextFormat: 2}, token, rest, insert, rank)
	}
}

// shortType is a type without the fields of what has many.
func shortType(t types.Type) string {
	s := t.String()
	if len(s) > 60 {
		return t.Kind.String()
	}
	return s
}

// bound says what a name was bound to.
func bound(spec *tree.Spec, v check.Visible) string {
	path := tree.SplitPointer(v.Pointer)
	i := spec.FindInstruction(v.Pointer)
	switch {
	case v.Pointer == "":
		return "The delivered item."
	case path[0] == "constants":
		return "A constant."
	case i == nil:
		return ""
	case path[len(path)-1] == "return_as":
		return "The result of `" + i.Type + "`."
	case path[len(path)-1] == "item_var":
		return "An item of the list."
	case path[len(path)-1] == "index_var":
		return "The number of the item, from 1."
	}
	return ""
}

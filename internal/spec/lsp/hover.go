package lsp

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// hover says what stands at a place, and explains the problems there.
func (s *Server) hover(d *document, p position, _ json.RawMessage) (any, error) {
	r := s.reading(d)
	line, column := d.lineColumn(p)
	var parts []string
	if under, ok := r.at.Under(line, column); ok {
		if said := s.explain(d, under); said != "" {
			parts = append(parts, said)
		}
	}
	for i := range r.problems {
		if touch(s.diagnostic(d, i).Range, span{p, p}) {
			for _, code := range tree.Codes {
				if code.Code == r.problems[i].Code && !slices.Contains(parts, about(code)) {
					parts = append(parts, about(code))
				}
			}
		}
	}
	if parts == nil {
		return nil, nil
	}
	return hover{Contents: markdown(strings.Join(parts, "\n\n---\n\n"))}, nil
}

func about(c tree.Code) string { return "`" + c.Code + "`: " + c.Means + " " + c.Do }

func (s *Server) explain(d *document, under text.Under) string {
	r := s.reading(d)
	path := tree.SplitPointer(under.Pointer)
	given := r.at.Given()
	v := within(given, path)
	last := path[len(path)-1]
	expected := s.expect(given, path, r.model)
	if last == "type" && expected.instruction {
		if o := s.library.FindOperation(v.Text()); o != nil {
			return operationHelp(o)
		}
	}
	if !under.Key && strings.HasPrefix(v.Text(), "=") && !strings.HasPrefix(v.Text(), "==") {
		return s.explainFormula(d, under, v.Text())
	}
	if !under.Key && expected.name {
		for _, n := range r.checked.Names() {
			if slices.Contains(n.Bound, under.Pointer) {
				return fmt.Sprintf("`%s`: %s", n.Name, shortType(n.Type))
			}
		}
	}
	if len(path) > 1 || under.Key {
		for _, k := range s.expect(given, path[:len(path)-1], r.model).keys {
			if k.name == last {
				return keyHelp(k)
			}
		}
	}
	return expected.help
}

func keyHelp(k key) string {
	said := "**" + k.name + "**"
	if k.detail != "" {
		said += " `" + k.detail + "`"
	}
	if k.required {
		said += ", required"
	}
	return said + "\n\n" + k.help
}

func operationHelp(o *library.Operation) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "**%s**\n\n%s\n", o.Name, o.Help)
	for _, k := range paramKeys(o.Params) {
		star := ""
		if k.required {
			star = " *"
		}
		fmt.Fprintf(b, "\n* `%s`%s %s: %s", k.name, star, k.detail, k.help)
	}
	return b.String()
}

func expressionHelp(e *library.Expression) string {
	b := &strings.Builder{}
	fmt.Fprintf(b, "```\n%s\n```\n%s\n", e.Call(), e.Help)
	for i := range e.Params {
		fmt.Fprintf(b, "\n* `%s` %s: %s", e.Params[i].Name, typeName(&e.Params[i]), e.Params[i].Help)
	}
	for _, x := range e.Examples[:min(len(e.Examples), 2)] {
		fmt.Fprintf(b, "\n\n`=%s` → `%s`", x.In, strings.TrimPrefix(x.Out, "!"))
	}
	return b.String()
}

// explainFormula says what the innermost expression at a place of a formula is.
func (s *Server) explainFormula(d *document, under text.Under, source string) string {
	r := s.reading(d)
	root, spans, _ := text.ParseFormulaSpans(source, s.library)
	if root == nil {
		return ""
	}
	e, rest := spans.At(root, under.Offset)
	at := under.Pointer + rest
	t, _ := r.checked.TypeAt(at)
	switch e.Type {
	case tree.Literal:
		return fmt.Sprintf("%s: %s", "`"+e.Value.String()+"`", t)
	case tree.Var:
		return s.explainPath(r, at, source, spans.Of[e], under.Offset, e.Path)
	}
	if x := s.library.FindExpression(e.Type); x != nil {
		said := expressionHelp(x)
		if t.Kind != types.Unknown && t.Kind != types.None {
			said += "\n\nHere it gives `" + shortType(t) + "`."
		}
		return said
	}
	return ""
}

// explainPath says what is at the step of a path that somebody points at.
func (s *Server) explainPath(r *reading, at, source string, where text.Span, offset int, path tree.Path) string {
	steps := strings.Count(strings.ReplaceAll(source[where.From:min(max(offset, where.From), where.To)], "[", "."), ".")
	path.Steps = path.Steps[:min(steps, len(path.Steps))]
	v, ok := visible(r.loose, at, path.Root)
	if !ok {
		return ""
	}
	t := v.Type
	for _, step := range path.Steps {
		switch {
		case step.IsIndex && t.Elem != nil:
			t = t.Elem.Maybe()
		case !step.IsIndex && len(t.Fields) > 0:
			t, _ = t.Field(step.Key)
		case t.Kind != types.Any:
			t = types.Broken
		}
	}
	if e, is := r.spec.Find(at).(*tree.Expr); is && len(e.Path.Steps) == len(path.Steps) {
		if known, found := r.checked.TypeAt(at); found {
			t = known // narrowed by what is known here
		}
	}
	said := fmt.Sprintf("`%s`: %s", path, shortType(t))
	if len(path.Steps) == 0 {
		said += "\n\n" + bound(r.spec, v)
	}
	if some := s.examples(r.loose, at, path); some != "" {
		said += "\n\nAs " + some
	}
	return said
}

func visible(l loose, at, name string) (check.Visible, bool) {
	for _, v := range l.checked.Scope(at) {
		if v.Name == name {
			return v, true
		}
	}
	return check.Visible{}, false
}

// examples are values that the samples have at a path, as Markdown; "" for none.
func (s *Server) examples(l loose, at string, path tree.Path) string {
	var written []string
	for _, v := range examplesOf(l.valuesOf(at, path.Root, 0), path.Steps) {
		text := v.String()
		if cut := []rune(text); len(cut) > 60 {
			text = string(cut[:60]) + "…"
		}
		written = append(written, "`"+text+"`")
	}
	return strings.Join(written, ", ")
}

// valuesOf are the values that a name has in the samples: of the item itself, and of items of its lists.
func (l loose) valuesOf(at, name string, depth int) []value.Value {
	v, ok := visible(l, at, name)
	if !ok || depth > 8 {
		return nil
	}
	if v.Pointer == "" {
		return l.samples
	}
	block, isItem := strings.CutSuffix(v.Pointer, "/item_var")
	list, _ := l.spec.Find(block + "/list").(*tree.Expr)
	if !isItem || list == nil || list.Type != tree.Var {
		return nil
	}
	outer := l.valuesOf(block+"/list", list.Path.Root, depth+1)
	for _, step := range list.Path.Steps {
		var inner []value.Value
		for _, o := range outer {
			if step.IsIndex {
				inner = append(inner, o.At(step.Index))
			} else {
				inner = append(inner, o.Get(step.Key))
			}
		}
		outer = inner
	}
	var items []value.Value
	for _, o := range outer {
		items = append(items, o.Items()...)
	}
	return items
}

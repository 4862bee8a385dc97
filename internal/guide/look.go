package guide

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// look draws what the guide shows in its own way: headings with a link to them, code with its kind, tables that scroll.
type look struct{ words map[string]string }

func (l look) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, l.heading)
	r.Register(ast.KindFencedCodeBlock, l.code)
	r.Register(extast.KindTable, l.table)
	r.Register(extast.KindTableCell, l.cell)
}

func (l look) heading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	h := n.(*ast.Heading) //nolint:forcetypeassert // registered for this kind
	id, _ := h.AttributeString("id")
	if entering {
		_, _ = fmt.Fprintf(w, `<h%d id="%s">`, h.Level, id) // the writer keeps its error
		return ast.WalkContinue, nil
	}
	if h.Level > 1 {
		_, _ = fmt.Fprintf(w, `<a class="anchor" href="#%s" aria-label="%s">#</a>`, id, l.words["Link here"])
	}
	_, _ = fmt.Fprintf(w, "</h%d>\n", h.Level)
	return ast.WalkContinue, nil
}

func (l look) table(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div class="table" tabindex="0"><table>`)
	} else {
		_, _ = w.WriteString("</table></div>\n")
	}
	return ast.WalkContinue, nil
}

// cell of a table; one in its head that is empty heads nothing.
func (l look) cell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "td"
	if n.Parent().Kind() == extast.KindTableHeader && n.HasChildren() {
		tag = "th"
	}
	if entering {
		_, _ = w.WriteString("<" + tag + ">")
	} else {
		_, _ = w.WriteString("</" + tag + ">\n")
	}
	return ast.WalkContinue, nil
}

func (l look) code(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := n.(*ast.FencedCodeBlock) //nolint:forcetypeassert // registered for this kind
	kind := string(block.Language(src))
	text := html.EscapeString(string(block.Lines().Value(src)))
	if kind == "yaml" {
		text = coloured(text)
	}
	_, _ = fmt.Fprintf(w, `<div class="code" data-kind="%s"><pre tabindex="0"><code>%s</code></pre></div>`+"\n", html.EscapeString(kind), text)
	return ast.WalkSkipChildren, nil
}

var (
	yamlKey     = regexp.MustCompile(`(^|[\s{,])([a-z_]+)(:)( |$)`)
	yamlFormula = regexp.MustCompile(`(: |\[)(=[^,}]*\)|=[\w.]+)`)
)

// coloured marks keys and formulas of YAML.
func coloured(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = yamlFormula.ReplaceAllString(line, `$1<i>$2</i>`)
		lines[i] = yamlKey.ReplaceAllString(line, `$1<b>$2</b>$3$4`)
	}
	return strings.Join(lines, "\n")
}

package guide

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"github.com/dealwright/dealwright/internal/language"
	"github.com/dealwright/dealwright/internal/spec/reference"
)

// book is the guide in one language.
type book struct {
	Lang   string
	Groups []group
	pages  []*page
}

type group struct {
	Title string
	Pages []*page
}

type page struct {
	Slug, Title string
	Body        template.HTML
	Sections    []section // the headings below the title
	text        []section // all of it, to search in
}

// section is a heading with what is below it, up to the next.
type section struct {
	ID, Title string
	Level     int
	plain     string
}

func (b *book) find(slug string) int {
	for i, p := range b.pages {
		if p.Slug == slug {
			return i
		}
	}
	return -1
}

// read makes the books of all languages. order.txt has the groups, "English | Dutch", and indented below each its pages.
func read(files fs.FS, o Options) (map[string]*book, error) {
	order, err := fs.ReadFile(files, "guide/order.txt")
	if err != nil {
		return nil, fmt.Errorf("read the order of the guide: %w", err)
	}
	books := map[string]*book{}
	for at, lang := range Languages {
		b := &book{Lang: lang}
		for line := range strings.Lines(string(order)) {
			line = strings.TrimRight(line, "\n")
			slug, isPage := strings.CutPrefix(line, "  ")
			if !isPage {
				b.Groups = append(b.Groups, group{Title: strings.TrimSpace(strings.Split(line, "|")[at])})
				continue
			}
			source, err := fs.ReadFile(files, "guide/"+lang+"/"+slug+".md")
			if err != nil {
				return nil, fmt.Errorf("read a page of the guide: %w", err)
			}
			p, err := render(lang, slug, filled(string(source), lang, o))
			if err != nil {
				return nil, err
			}
			b.pages = append(b.pages, p)
			last := &b.Groups[len(b.Groups)-1]
			last.Pages = append(last.Pages, p)
		}
		books[lang] = b
	}
	return books, nil
}

// place is where a page takes in something drawn from the program: <!-- reference operations.md -->, <!-- calls -->.
var place = regexp.MustCompile(`(?m)^<!-- (reference (\S+)|calls) -->$`)

func filled(source, lang string, o Options) string {
	return place.ReplaceAllStringFunc(source, func(at string) string {
		name := place.FindStringSubmatch(at)[2]
		if name == "" {
			return calls(lang, o.Calls)
		}
		for _, p := range reference.Pages(o.Library) {
			if p.Name == name {
				_, body, _ := strings.Cut(p.Content, "\n# ")
				_, body, _ = strings.Cut(body, "\n\n")
				if lang == "nl" {
					body = language.Page(body)
				}
				return strings.ReplaceAll(body, ".md", "") // its pages link each other as files
			}
		}
		return at
	})
}

func calls(lang string, list []Call) string {
	var table strings.Builder
	w := words[lang]
	fmt.Fprintf(&table, "| %s | %s | %s | %s |\n|---|---|---|---|\n", w["Method"], w["Path"], w["Permission"], w["What it does"])
	for _, c := range list {
		fmt.Fprintf(&table, "| `%s` | `%s` | %s | %s |\n", c.Method, c.Path, c.Permission, strings.ReplaceAll(c.Summary, "|", `\|`))
	}
	return table.String()
}

// render makes a page of Markdown whose first line is its title.
func render(lang, slug, source string) (*page, error) {
	src := []byte(source)
	md := goldmark.New(
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(look{words[lang]}, 1))),
	)
	root := md.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(&anchors{}))))
	p := &page{Slug: slug}
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			id, _ := h.AttributeString("id")
			idText, _ := id.([]byte)
			s := section{ID: string(idText), Title: plain(h, src), Level: h.Level}
			if h.Level == 1 {
				p.Title = s.Title
			} else {
				p.Sections = append(p.Sections, s)
			}
			p.text = append(p.text, s)
			continue
		}
		if len(p.text) > 0 {
			s := &p.text[len(p.text)-1]
			s.plain += plain(n, src) + " "
		}
	}
	if p.Title == "" {
		return nil, fmt.Errorf("page %s of the guide (%s) has no title", slug, lang)
	}
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, src, root); err != nil {
		return nil, fmt.Errorf("render page %s of the guide (%s): %w", slug, lang, err)
	}
	p.Body = template.HTML(out.String()) //nolint:gosec // our own files, and goldmark leaves out HTML in them
	return p, nil
}

// plain is the text of a node, without marks.
func plain(n ast.Node, src []byte) string {
	var out strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // fails only where the function does
		if !entering {
			if n.Type() == ast.TypeBlock {
				out.WriteByte(' ')
			}
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			out.Write(n.Segment.Value(src))
			if n.SoftLineBreak() {
				out.WriteByte(' ')
			}
		case *ast.FencedCodeBlock:
			out.Write(n.Lines().Value(src))
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(out.String())
}

// anchors names headings by their words, with those that specs are made of as they are: #upsert_sale.
type anchors struct{ taken []string }

var between = regexp.MustCompile(`[^\pL\pN_]+`)

func (a *anchors) Generate(heading []byte, _ ast.NodeKind) []byte {
	id := strings.Trim(between.ReplaceAllString(folded(string(heading)), "-"), "-")
	name := id
	for n := 2; a.has(name); n++ {
		name = fmt.Sprintf("%s-%d", id, n)
	}
	a.taken = append(a.taken, name)
	return []byte(name)
}

func (a *anchors) Put(id []byte) { a.taken = append(a.taken, string(id)) }

func (a *anchors) has(id string) bool {
	for _, t := range a.taken {
		if t == id {
			return true
		}
	}
	return false
}

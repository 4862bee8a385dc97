// Package guide serves the guide at /docs: the pages of docs/guide in both languages, with the reference of the language
// drawn from the library and the table of calls from the route table. Its pages are plain HTML and need no script. It
// knows no caller and shows nobody's data.
package guide

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"github.com/dealwright/dealwright/docs"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/web"

	_ "embed"
)

// Call is one call of the API, as its table has it.
type Call struct{ Method, Path, Permission, Summary string }

// Options of a guide.
type Options struct {
	Library *library.Library
	Calls   []Call
	Version string
}

// Site is the guide. Its pages are made when the first one is asked for.
type Site struct {
	version string
	books   func() (map[string]*book, error)
	style   func() ([]byte, error)
}

// Languages of the guide, the first where a reader asks for none of them.
var Languages = []string{"en", "nl"}

//go:embed guide.css
var style []byte

//go:embed guide.js
var script []byte

//go:embed page.html
var layout string

var layouts = template.Must(template.New("page").Parse(layout))

// New makes a guide.
func New(o Options) *Site {
	return &Site{
		version: o.Version,
		books:   sync.OnceValues(func() (map[string]*book, error) { return read(docs.Guide, o) }),
		style:   sync.OnceValues(styles),
	}
}

// styles are the tokens of the user interface, which reach a reader without script by what the system prefers, and the
// guide's own.
func styles() ([]byte, error) {
	var all bytes.Buffer
	for _, name := range []string{"tokens.css", "fonts.css"} {
		part, err := fs.ReadFile(web.Looks, "src/styles/"+name)
		if err != nil {
			return nil, fmt.Errorf("read the guide's styles: %w", err)
		}
		all.Write(bytes.ReplaceAll(part, []byte("./fonts/"), []byte("/docs/assets/")))
		if name == "tokens.css" {
			all.WriteString(unthemed(string(part)))
		}
	}
	all.Write(style)
	return all.Bytes(), nil
}

// unthemed says the dark tokens once more, for a page whose theme no script has set.
func unthemed(tokens string) string {
	_, dark, ok := strings.Cut(tokens, `[data-theme="dark"] {`)
	if !ok {
		return ""
	}
	dark, _, _ = strings.Cut(dark, "}")
	return "@layer tokens { @media (prefers-color-scheme: dark) { :root:not([data-theme]) {" + dark + "} } }\n"
}

// ServeHTTP answers GET and HEAD below /docs.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(path.Clean(r.URL.Path), "/"), "/")[1:]
	switch {
	case len(parts) == 2 && parts[0] == "assets":
		s.asset(w, r, parts[1])
	case len(parts) == 2 && parts[0] == "images":
		w.Header().Set("Cache-Control", "public, max-age=3600")
		http.ServeFileFS(w, r, docs.Guide, "guide/images/"+parts[1])
	case len(parts) > 0 && known(parts[0]):
		s.page(w, r, parts[0], strings.Join(parts[1:], "/"))
	default: // an address without a language: the reader's
		to := "/docs/" + preferred(r.Header.Get("Accept-Language")) + "/" + strings.Join(parts, "/")
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		w.Header().Set("Vary", "Accept-Language")
		http.Redirect(w, r, to, http.StatusFound)
	}
}

func known(lang string) bool { return lang == "en" || lang == "nl" }

var matcher = language.NewMatcher([]language.Tag{language.English, language.Dutch})

func preferred(header string) string {
	tags, _, err := language.ParseAcceptLanguage(header)
	if err != nil {
		return Languages[0]
	}
	_, at, _ := matcher.Match(tags...)
	return Languages[at]
}

func (s *Site) asset(w http.ResponseWriter, r *http.Request, name string) {
	switch name {
	case "guide.css":
		text, err := s.style()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(text) // the caller has gone; nothing is left to tell it
	case "guide.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(script)
	case "theme.js", "favicon.svg":
		http.ServeFileFS(w, r, web.Looks, "public/"+name)
	default:
		w.Header().Set("Cache-Control", "public, max-age=86400")
		http.ServeFileFS(w, r, web.Looks, "src/styles/fonts/"+name)
	}
}

// view is what the layout shows.
type view struct {
	*book
	*page
	Words    map[string]string
	Version  string
	Query    string
	Found    []hit
	Searched bool
	Missing  bool
	Prev     *page
	Next     *page
	Other    string // the same address in the other language
}

func (s *Site) page(w http.ResponseWriter, r *http.Request, lang, slug string) {
	books, err := s.books()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	b := books[lang]
	if slug == "" {
		http.Redirect(w, r, "/docs/"+lang+"/"+b.pages[0].Slug, http.StatusFound)
		return
	}
	v := view{book: b, page: &page{}, Words: words[lang], Version: s.version}
	status := http.StatusOK
	at := b.find(slug)
	switch {
	case slug == "search":
		v.Query = strings.TrimSpace(r.URL.Query().Get("q"))
		v.Searched, v.Found = true, b.search(v.Query)
		v.page = &page{Title: v.Words["Search"], Slug: "search"}
	case at < 0:
		status, v.Missing = http.StatusNotFound, true
		v.page = &page{Title: v.Words["There is no such page"], Slug: ""}
	default:
		v.page = b.pages[at]
		if at > 0 {
			v.Prev = b.pages[at-1]
		}
		if at+1 < len(b.pages) {
			v.Next = b.pages[at+1]
		}
	}
	v.Other = "/docs/" + other(lang) + "/" + v.Slug
	if v.Query != "" {
		v.Other += "?" + r.URL.RawQuery
	}
	var body bytes.Buffer
	if err := layouts.Execute(&body, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Set("Cache-Control", "no-cache")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the caller has gone; nothing is left to tell it
}

func other(lang string) string {
	if lang == "nl" {
		return "en"
	}
	return "nl"
}

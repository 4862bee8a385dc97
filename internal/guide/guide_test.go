package guide_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/guide"
	"github.com/dealwright/dealwright/internal/language"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/reference"
)

func site() *guide.Site {
	return guide.New(guide.Options{
		Library: library.Standard().WithModels(connector.Standard().Models()...),
		Calls:   []guide.Call{{Method: "GET", Path: "/v1/agents", Permission: "data:read", Summary: "List agents"}},
		Version: "test",
	})
}

func get(t *testing.T, s *guide.Site, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), "GET", path, nil)
	if len(header) > 0 {
		r.Header.Set("Accept-Language", header[0])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// slugs of the pages, in order.
func slugs(t *testing.T) []string {
	t.Helper()
	order, err := os.ReadFile("../../docs/guide/order.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(order)) {
		if slug, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), "  "); ok {
			all = append(all, slug)
		}
	}
	return all
}

func TestReaderGetsHerLanguage(t *testing.T) {
	t.Parallel()
	s := site()
	for header, want := range map[string]string{
		"": "en", "nl": "nl", "nl-BE,nl;q=0.9,en;q=0.8": "nl", "en-GB,nl;q=0.5": "en", "fr": "en", "???": "en",
	} {
		if got := get(t, s, "/docs/operations", header).Header().Get("Location"); got != "/docs/"+want+"/operations" {
			t.Errorf("%q leads to %s, want %s", header, got, want)
		}
	}
}

// TestLinksLead: every link and picture of every page is there, with the place in the page that it names.
func TestLinksLead(t *testing.T) {
	t.Parallel()
	s := site()
	links := regexp.MustCompile(`(?:href|src)="([^"]+)"`)
	for _, lang := range guide.Languages {
		for _, slug := range slugs(t) {
			at := "/docs/" + lang + "/" + slug
			page := get(t, s, at)
			if page.Code != 200 {
				t.Fatalf("%s: %d %s", at, page.Code, page.Body)
			}
			for _, m := range links.FindAllStringSubmatch(page.Body.String(), -1) {
				to, anchor, _ := strings.Cut(m[1], "#")
				switch {
				case strings.HasPrefix(to, "http"), to == "/", to == "/openapi.json":
					continue
				case to == "":
					to = at
				case !strings.HasPrefix(to, "/"):
					to = path.Join("/docs", lang, to)
				}
				target := get(t, s, to)
				if target.Code != 200 && target.Code != 302 {
					t.Errorf("%s links %s, which is %d", at, m[1], target.Code)
				}
				if anchor != "" && !strings.Contains(target.Body.String(), `id="`+anchor+`"`) {
					t.Errorf("%s links %s, where no %s is", at, m[1], anchor)
				}
			}
		}
	}
}

var blocks = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// TestLanguagesSayTheSame: a page has the same headings, tables and code in both languages, and other words.
func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`(?m)^(#+ |\||\* |\d+\. |!\[|<!--)`)
	for _, slug := range slugs(t) {
		var pages []string
		for _, lang := range guide.Languages {
			text, err := os.ReadFile("../../docs/guide/" + lang + "/" + slug + ".md")
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, string(text))
		}
		var code, form [2][]string
		for i, p := range pages {
			for _, m := range blocks.FindAllStringSubmatch(p, -1) {
				if m[1] != "text" { // pictures made of letters have words
					code[i] = append(code[i], m[2])
				}
			}
			form[i] = shape.FindAllString(blocks.ReplaceAllString(p, ""), -1)
		}
		if d := cmp.Diff(code[0], code[1]); d != "" {
			t.Errorf("%s: other code in Dutch\n%s", slug, d)
		}
		if d := cmp.Diff(form[0], form[1]); d != "" {
			t.Errorf("%s: other headings, lists or tables in Dutch\n%s", slug, d)
		}
		english := strings.Split(blocks.ReplaceAllString(pages[0], ""), "\n")
		for _, line := range strings.Split(blocks.ReplaceAllString(pages[1], ""), "\n") {
			if len(line) > 40 && !strings.HasPrefix(line, "<!--") && !strings.HasPrefix(line, "| `") && !strings.HasPrefix(line, "|---") {
				for _, e := range english {
					if e == line {
						t.Errorf("%s: not in Dutch: %s", slug, line)
					}
				}
			}
		}
	}
}

func TestJSONOfTheGuide(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../docs/guide/*/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range blocks.FindAllStringSubmatch(string(text), -1) {
			switch m[1] {
			case "json":
				if !json.Valid([]byte(m[2])) {
					t.Errorf("%s: no JSON:\n%s", name, m[2])
				}
			case "yaml", "sh", "output", "text": // tested elsewhere, but for text
			default:
				t.Errorf("%s: a block of the kind %q, which nothing tests", name, m[1])
			}
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := site()
	for query, want := range map[string]string{
		"upsert_sale": `/docs/en/operations#upsert_sale`, "UPSERT_SALE": `/docs/en/operations#upsert_sale`,
		"missing_value": `/docs/en/errors#missing_value`, "retry+after": `/docs/en/webhooks#`, "pseudonym": `/docs/en/expressions#pseudonym`,
	} {
		if got := get(t, s, "/docs/en/search?q="+query).Body.String(); !strings.Contains(got, want) {
			t.Errorf("%s does not find %s", query, want)
		}
	}
	if got := get(t, s, "/docs/en/search?q=%3Cscript%3Ealert(1)%3C/script%3E").Body.String(); strings.Contains(got, "<script>alert") {
		t.Error("what is looked for is shown as HTML")
	}
	for _, query := range []string{"", "%C3", "nowhere-at-all", strings.Repeat("x", 5000)} {
		if got := get(t, s, "/docs/nl/search?q="+query); got.Code != 200 {
			t.Errorf("%q: %d", query, got.Code)
		}
	}
}

func TestReadsWithoutScript(t *testing.T) {
	t.Parallel()
	s := site()
	body := get(t, s, "/docs/en/operations").Body.String()
	for _, bad := range []string{"style=", "onclick", "<th></th>", "<style", "<!-- reference", ".md"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if dutch := get(t, s, "/docs/nl/operations").Body.String(); !strings.Contains(dutch, "Een verkoop van een propositie door een agent.") {
		t.Error("the Dutch page about operations has English helps")
	}
	css := get(t, s, "/docs/assets/guide.css").Body.String()
	for _, want := range []string{"prefers-color-scheme: dark", "--accent: #3d66df", "@media print"} {
		if !strings.Contains(css, want) {
			t.Errorf("the styles lack %s", want)
		}
	}
	if got := get(t, s, "/docs/en/nothing"); got.Code != 404 {
		t.Errorf("a page that is not there: %d", got.Code)
	}
	for _, path := range []string{"/docs", "/docs/", "/docs/nl"} {
		if got := get(t, s, path); got.Code != 302 {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
}

// TestTheReferenceIsDutch: what the reference says outside of code is in Dutch on the Dutch pages.
func TestTheReferenceIsDutch(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile("(?s)```.*?```|`[^`]*`|<!--.*?-->|### \\S+|\\[[a-z_]+\\]\\(#[^)]*\\)")
	english := regexp.MustCompile(`(?i)\b(the|which|its|and|what|where|each|takes|of a|with)\b`)
	for _, p := range reference.Pages(library.Standard())[1:] {
		_, body, _ := strings.Cut(p.Content, "\n# ")
		_, body, _ = strings.Cut(body, "\n\n") // the guide has its own titles
		for line := range strings.Lines(code.ReplaceAllString(language.Page(body), "")) {
			if english.MatchString(line) {
				t.Errorf("%s: not in Dutch: %s", p.Name, line)
			}
		}
	}
}

package language

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unsaid are packages whose texts no page shows: the command line, the editor's server, measuring, test support, SQL of
// the engines, and what is in both languages by itself (the guide, the reference).
var unsaid = []string{
	"internal/cli", "internal/app", "internal/bench", "internal/demo", "internal/guide", "internal/mutants", "internal/pgtest", "internal/language",
	"internal/pipeline/pipelinetest", "internal/spec/specgen", "internal/spec/lsp", "internal/spec/schema", "internal/spec/reference",
	"internal/storage/storagetest", "internal/secret", "internal/id",
}

// TestComplete reads the source: each sentence that can reach a person has its Dutch, and no Dutch is left over. A text
// in the source is told where the catalogue has it, or has it within a sentence that is made of several texts.
func TestComplete(t *testing.T) {
	t.Parallel()
	var have []string
	for _, s := range slices.Concat(append(catalogue(), pieces, notes)...) {
		have = append(have, plain(s.english))
	}
	all := strings.Join(have, "\n")
	var source strings.Builder
	for _, s := range sentences(t) {
		source.WriteString(plain(s.text) + "\n")
		if exempt(s) || strings.Contains(all, core(s.text)) {
			continue
		}
		if _, known := Told(filled(s.text)); !known {
			t.Errorf("%s: no Dutch for %q; give it in internal/language", s.at, s.text)
		}
	}
	if t.Failed() {
		return
	}
	for _, s := range slices.Concat(entrance, settings, doors, payloads, files, formulas, checks, runs, traces, records, trials, whys, codes, notes) {
		for _, part := range partsOf(s.english) {
			if !strings.Contains(source.String(), part) {
				t.Errorf("nothing says %q any more, of %q", part, s.english)
			}
		}
	}
}

// partsOf are the texts of a format between its values and marks, of two words or more.
func partsOf(format string) []string {
	return slices.DeleteFunc(marks.Split(plain(format), -1), func(part string) bool { return !words.MatchString(part) })
}

var marks = regexp.MustCompile(`[ ,.:;()“”]*%s[ ,.:;()“”]*|[,.:;] |[.:;,]$| \(`)

// core is a format without the values at its ends: what comes there may be other texts.
func core(format string) string {
	text := plain(format)
	for {
		short := strings.Trim(strings.TrimSuffix(strings.TrimPrefix(text, "%s"), "%s"), " .:;,()“”")
		if short == text {
			return text
		}
		text = short
	}
}

// plain is a format with all its values written alike.
func plain(format string) string {
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		if strings.HasSuffix(v, "%") {
			return "%"
		}
		return "%s"
	})
}

// filled is a sentence as it may be made with a format.
func filled(format string) string {
	return verb.ReplaceAllStringFunc(format, func(v string) string {
		switch v[len(v)-1] {
		case '%':
			return "%"
		case 'd':
			return "7"
		case 'q':
			return `"x"`
		}
		return "x"
	})
}

type text struct {
	at   string // file and line
	text string
}

var (
	words = regexp.MustCompile(`\pL[\pL’'` + "`" + `]* \pL`)
	query = regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE|WHERE|FROM|VALUES|CREATE|JOIN|LIMIT|ORDER BY|GROUP BY|CASE WHEN|VACUUM|PRAGMA|BEGIN|LIKE|IS NOT|NOT NULL|IN \(|AS [A-Z]+)\b|[=<>] \?`)
	stops = regexp.MustCompile(`[.?…]$`)
)

// exempt says that a text is no sentence to a person.
func exempt(s text) bool {
	if !words.MatchString(verb.ReplaceAllString(s.text, "•")) || query.MatchString(s.text) || strings.Contains(s.text, "%w") {
		return true
	}
	if strings.HasPrefix(s.at, "internal/storage") { // mostly SQL: what is told ends as sentences do
		if !stops.MatchString(s.text) {
			return true
		}
	}
	return slices.ContainsFunc(others, func(o other) bool { return strings.HasPrefix(s.at, o.in) && o.text.MatchString(s.text) })
}

// other is a text that is not told, and why.
type other struct {
	in   string
	text *regexp.Regexp
	why  string
}

var others = []other{
	{"internal/api/api.go", regexp.MustCompile(`^Turns what`), "the description of the API"},
	{"internal/api/export.go", regexp.MustCompile(`^UTF-8`), "the description of the API"},
	{"internal/api/once.go", regexp.MustCompile(`^Names the call`), "the description of the API"},
	{"internal/api/stream.go", regexp.MustCompile(`^Lines of JSON`), "the description of the API"},
	{"internal/api/failure.go", regexp.MustCompile(`^(request|unknown|invalid)`), "what huma says, put into our words"},
	{"internal/api/guard.go", regexp.MustCompile(`^default-src`), "a header"},
	{"internal/processor/spec.go", regexp.MustCompile(`cannot be read: %v$`), "for the log"},
	{"internal/access", regexp.MustCompile(`^v=%d|hash is damaged`), "a hash"},
	{"internal/reply", regexp.MustCompile(`^{`), "when nothing can be written, not even an error"},
	{"internal/pipeline/ingest/ingest.go", regexp.MustCompile(`^Bearer`), "a header"},
	{"internal/pipeline/fixed/contact.go", regexp.MustCompile(`^\(not kept\)$`), "a value"},
	{"internal/pipeline/commit", regexp.MustCompile(`^[a-z]`), "for the log"},
	{"internal/pipeline/queue/queue.go", regexp.MustCompile(`^[a-z]`), "for the log"},
	{"internal/pipeline/record/anonymous_activity.go", regexp.MustCompile(`^Anonymous activity$`), "a title, told as a noun"},
	{"internal/pipeline/record/need.go", regexp.MustCompile(`loaded$`), "a mistake of the program"},
	{"internal/spec/library", regexp.MustCompile(`^- {type|\w=["{\[]|=null`), "an example"},
	{"internal/spec/library/step.go", regexp.MustCompile(`^The %s it belongs to`), "the five helps it makes are told; the library's own test says so"},
	{"internal/spec/run/codes.go", regexp.MustCompile(`^- {type`), "an example"},
	{"internal/spec/tree/codes.go", regexp.MustCompile(`^instructions:`), "an example"},
	{"internal/spec/shape/words.go", regexp.MustCompile(`^[a-z ]+$`), "names of lists of words"},
	{"internal/spec/text/yaml.go", regexp.MustCompile(`^cannot start any token$`), "what the YAML reader says, looked for"},
	{"internal/spec/tree/fix.go", regexp.MustCompile(`^(the whole|there )`), "a fix that does not fit its tree: a mistake of the program"},
	{"internal/storage/postgres/scrub.go", regexp.MustCompile(``), "said by dealwright redact"},
	{"internal/storage/sqlite/scrub.go", regexp.MustCompile(``), "said by dealwright redact"},
}

// sentences are all texts of the source that are written out, each with those it is put together with.
func sentences(t *testing.T) []text {
	t.Helper()
	var found []text
	set := token.NewFileSet()
	err := filepath.WalkDir("../..", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		in := strings.TrimPrefix(filepath.ToSlash(name), "../../")
		if entry.IsDir() {
			if in != ".." && (!strings.HasPrefix("internal", in) && !strings.HasPrefix(in, "internal") && name != "../.." || entry.Name() == "testdata" || slices.Contains(unsaid, in)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(in, ".go") || strings.HasSuffix(in, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		r := texts{at: func(p token.Pos) string { return in + ":" + strconv.Itoa(set.Position(p).Line) }}
		r.in = path.Dir(in)
		ast.Walk(&r, file)
		found = append(found, r.found...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// texts gathers the texts of a file.
type texts struct {
	at    func(token.Pos) string
	in    string
	found []text
}

func (r *texts) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.ImportSpec:
		return nil
	case *ast.Field:
		if n.Type != nil {
			ast.Walk(r, n.Type)
		}
		return nil // not its tag
	case *ast.CallExpr:
		if r.forNobody(n.Fun) {
			return nil
		}
	case *ast.KeyValueExpr:
		if key, is := n.Key.(*ast.Ident); is && slices.Contains([]string{"Example", "Examples"}, key.Name) {
			return nil
		}
	case *ast.CompositeLit:
		if of, is := n.Type.(*ast.Ident); is && of.Name == "Example" {
			return nil
		}
		if isRoute(n) {
			for _, e := range n.Elts[4:] {
				ast.Walk(r, e)
			}
			return nil
		}
	case *ast.BinaryExpr:
		if all, is := joined(n); is {
			r.found = append(r.found, text{r.at(n.Pos()), all})
			r.within(n)
			return nil
		}
	case *ast.BasicLit:
		if n.Kind == token.STRING {
			all, _ := strconv.Unquote(n.Value)
			r.found = append(r.found, text{r.at(n.Pos()), all})
		}
	}
	return r
}

// within walks what texts are joined with.
func (r *texts) within(e ast.Expr) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		r.within(e.X)
		r.within(e.Y)
	case *ast.BasicLit:
	default:
		ast.Walk(r, e)
	}
}

// joined is a text of several as one format.
func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		a, left := joined(e.X)
		b, right := joined(e.Y)
		if !left {
			a = "%s"
		}
		if !right {
			b = "%s"
		}
		return a + b, left || right
	}
	return "", false
}

// forNobody says whether a call is for the log, or for who mends the program.
func (r *texts) forNobody(fun ast.Expr) bool {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name == "panic"
	case *ast.SelectorExpr:
		switch fun.Sel.Name {
		case "InfoContext", "WarnContext", "ErrorContext", "DebugContext", "Error", "Warn", "Info", "MustCompile":
			return true
		case "Errorf", "New": // causes, but for those of the language and its tests, which are told as they are
			of, is := fun.X.(*ast.Ident)
			return is && (of.Name == "fmt" || of.Name == "errors") && !strings.HasPrefix(r.in, "internal/spec") && !strings.HasPrefix(r.in, "internal/pipeline/spectest")
		}
	}
	return false
}

// isRoute says whether a composite literal is a row of the route table: its summary is documentation.
func isRoute(n *ast.CompositeLit) bool {
	if len(n.Elts) < 5 {
		return false
	}
	text, is := joined(n.Elts[0])
	return is && slices.Contains([]string{"GET", "POST", "PUT", "PATCH", "DELETE"}, text)
}

package lsp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/lsp"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "rewrite what the sessions expect; review the difference like code")

// client speaks to a server as an editor does.
type client struct {
	t    *testing.T
	out  *bufio.Reader
	in   io.Writer
	id   int
	told map[string][]diagnostic // by document
}

type span struct {
	Start, End struct{ Line, Character int }
}

type diagnostic struct {
	Range    span
	Severity int
	Code     string
	Message  string
}

func connect(t *testing.T, s *lsp.Server) *client {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- s.Run(context.Background(), in, out)
		out.Close()
	}()
	c := &client{t: t, out: bufio.NewReader(fromServer), in: toServer, told: map[string][]diagnostic{}}
	t.Cleanup(func() {
		c.ask("shutdown", nil)
		c.send(map[string]any{"method": "exit"})
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	c.ask("initialize", map[string]any{"capabilities": map[string]any{}})
	c.send(map[string]any{"method": "initialized", "params": map[string]any{}})
	return c
}

func (c *client) send(m map[string]any) {
	m["jsonrpc"] = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		c.t.Error(err)
	}
	if _, err := fmt.Fprintf(c.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		c.t.Error(err)
	}
}

// read reads messages up to the answer to a request; id 0: up to the next that the server tells.
func (c *client) read(id int) (result json.RawMessage, refused string) {
	for {
		length := 0
		for {
			line, err := c.out.ReadString('\n')
			if err != nil {
				c.t.Errorf("the server went away: %v", err)
				return nil, ""
			}
			if line = strings.TrimSpace(line); line == "" {
				break
			}
			length, _ = strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(line, "Content-Length:")))
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(c.out, body); err != nil {
			c.t.Error(err)
			return nil, ""
		}
		var m struct {
			ID     int
			Method string
			Params struct {
				URI         string
				Diagnostics []diagnostic
			}
			Result json.RawMessage
			Error  *struct{ Message string }
		}
		if err := json.Unmarshal(body, &m); err != nil {
			c.t.Error(err)
			return nil, ""
		}
		if m.Method == "textDocument/publishDiagnostics" {
			c.told[m.Params.URI] = m.Params.Diagnostics
			if id == 0 {
				return nil, ""
			}
			continue
		}
		if m.ID == id {
			if m.Error != nil {
				return nil, m.Error.Message
			}
			return m.Result, ""
		}
	}
}

func (c *client) ask(method string, params any) (json.RawMessage, string) {
	c.id++
	c.send(map[string]any{"id": c.id, "method": method, "params": params})
	return c.read(c.id)
}

func (c *client) open(uri, text string) {
	c.send(map[string]any{"method": "textDocument/didOpen", "params": map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": "yaml", "version": 1, "text": text}}})
	c.read(0)
}

func (c *client) at(uri string, line, character int, more map[string]any) map[string]any {
	params := map[string]any{"textDocument": map[string]any{"uri": uri}, "position": map[string]any{"line": line, "character": character}}
	for k, v := range more {
		params[k] = v
	}
	return params
}

const caret = "‸"

// TestSessions: each file has a document with a ‸ for every question, in order; the questions; and what comes back.
func TestSessions(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{}
			for _, f := range archive.Files {
				files[f.Name] = string(f.Data)
			}
			got := session(t, files)
			for i, f := range archive.Files {
				if f.Name != "answers" {
					continue
				}
				if *update {
					archive.Files[i].Data = []byte(got)
				} else if diff := cmp.Diff(string(f.Data), got); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func session(t *testing.T, files map[string]string) string {
	uri, source := "file:///specs/deal.yaml", strings.TrimSuffix(files["deal.yaml"], "\n")
	if json, ok := files["deal.json"]; ok {
		uri, source = "file:///specs/deal.json", json
	}
	s := &lsp.Server{
		Library: library.Standard(), Version: "test",
		ReadFile: func(uri string) ([]byte, error) {
			if content, ok := files[filepath.Base(uri)]; ok {
				return []byte(content), nil
			}
			return nil, os.ErrNotExist
		},
		Recent: func(_ context.Context, processor string) ([]value.Value, error) {
			v, err := value.ParseJSON([]byte(files[processor+".json"]), value.Limits{})
			if err != nil {
				return nil, errors.New("there is no such processor")
			}
			return []value.Value{v}, nil
		},
	}
	c := connect(t, s)
	var places []struct{ line, character int }
	for strings.Contains(source, caret) {
		before, after, _ := strings.Cut(source, caret)
		line := before[strings.LastIndexByte(before, '\n')+1:]
		places = append(places, struct{ line, character int }{strings.Count(before, "\n"), len(utf16.Encode([]rune(line)))})
		source = before + after
	}
	c.open(uri, source)
	var b strings.Builder
	for n, question := range strings.Split(strings.TrimSpace(files["ask"]), "\n") {
		fmt.Fprintf(&b, "> %s\n", question)
		method, argument, _ := strings.Cut(question, " ")
		line, character := 0, 0
		if n < len(places) {
			line, character = places[n].line, places[n].character
		}
		b.WriteString(c.question(uri, source, method, argument, line, character))
	}
	return b.String()
}

func (c *client) question(uri, source, method, argument string, line, character int) string {
	switch method {
	case "problems":
		var b strings.Builder
		for _, d := range c.told[uri] {
			fmt.Fprintf(&b, "%s %s %q: %s\n", place(d.Range), d.Code, piece(source, d.Range), strings.ReplaceAll(d.Message, "\n", " / "))
		}
		return b.String()
	case "fix":
		result, refused := c.ask("textDocument/codeAction", c.at(uri, line, character, map[string]any{"range": rangeAt(line, character), "context": map[string]any{"diagnostics": []any{}}}))
		var actions []struct {
			Title string
			Edit  struct{ Changes map[string][]edit }
		}
		c.decode(result, refused, &actions)
		var b strings.Builder
		for _, a := range actions {
			fmt.Fprintf(&b, "%s\n%s", a.Title, changed(source, apply(source, a.Edit.Changes[uri])))
		}
		return b.String()
	case "format":
		result, refused := c.ask("textDocument/formatting", c.at(uri, 0, 0, map[string]any{"options": map[string]any{"tabSize": 2}}))
		var edits []edit
		c.decode(result, refused, &edits)
		return strings.TrimRight(apply(source, edits), "\n") + "\n"
	case "completion":
		result, refused := c.ask("textDocument/completion", c.at(uri, line, character, nil))
		return c.completions(source, result, refused, argument)
	case "rename":
		result, refused := c.ask("textDocument/rename", c.at(uri, line, character, map[string]any{"newName": argument}))
		if refused != "" {
			return "refused: " + refused + "\n"
		}
		var all struct{ Changes map[string][]edit }
		c.decode(result, refused, &all)
		return changed(source, apply(source, all.Changes[uri]))
	case "definition", "references":
		result, refused := c.ask("textDocument/"+method, c.at(uri, line, character, map[string]any{"context": map[string]any{"includeDeclaration": true}}))
		var found []struct{ Range span }
		c.decode(result, refused, &found)
		var b strings.Builder
		for _, f := range found {
			fmt.Fprintf(&b, "%s %q\n", place(f.Range), piece(source, f.Range))
		}
		return b.String()
	case "hover":
		result, refused := c.ask("textDocument/hover", c.at(uri, line, character, nil))
		var h *struct{ Contents struct{ Value string } }
		c.decode(result, refused, &h)
		if h == nil {
			return "nothing\n"
		}
		return h.Contents.Value + "\n"
	case "signature":
		result, refused := c.ask("textDocument/signatureHelp", c.at(uri, line, character, nil))
		var h *struct {
			Signatures []struct {
				Label      string
				Parameters []struct{ Label string }
			}
			ActiveParameter int
		}
		c.decode(result, refused, &h)
		if h == nil {
			return "nothing\n"
		}
		return h.Signatures[0].Label + ", at " + h.Signatures[0].Parameters[h.ActiveParameter].Label + "\n"
	case "symbols":
		result, refused := c.ask("textDocument/documentSymbol", c.at(uri, 0, 0, nil))
		var all []symbol
		c.decode(result, refused, &all)
		return outline(all, source, "")
	}
	c.t.Fatalf("there is no question %s", method)
	return ""
}

func (c *client) decode(result json.RawMessage, refused string, to any) {
	c.t.Helper()
	if refused != "" {
		c.t.Error(refused)
	} else if err := json.Unmarshal(result, to); err != nil {
		c.t.Error(err)
	}
}

type symbol struct {
	Name, Detail   string
	Range          span
	SelectionRange span
	Children       []symbol
}

func outline(all []symbol, source, indent string) string {
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s%s %s %s %q\n%s", indent, s.Name, s.Detail, place(s.Range), piece(source, s.SelectionRange), outline(s.Children, source, indent+"  "))
	}
	return b.String()
}

type edit struct {
	Range   span
	NewText string
}

// completions are those that an editor would show for what is typed, with what the first of them makes of the line.
func (c *client) completions(source string, result json.RawMessage, refused, argument string) string {
	var list struct {
		Items []struct {
			Label, Detail, SortText, FilterText string
			Documentation                       *struct{ Value string }
			TextEdit                            edit
		}
	}
	c.decode(result, refused, &list)
	shown := list.Items[:0]
	for _, item := range list.Items {
		typed := piece(source, item.TextEdit.Range)
		if strings.HasPrefix(strings.ToLower(item.FilterText), strings.ToLower(typed)) {
			shown = append(shown, item)
		}
	}
	sort.SliceStable(shown, func(i, j int) bool { return shown[i].SortText < shown[j].SortText })
	most := 5
	if n, err := strconv.Atoi(argument); err == nil {
		most = n
	}
	var b strings.Builder
	for i, item := range shown {
		if i >= most {
			fmt.Fprintf(&b, "and %d more\n", len(shown)-i)
			break
		}
		fmt.Fprintf(&b, "%s: %s", item.Label, item.Detail)
		if item.Documentation != nil {
			fmt.Fprintf(&b, " (%s)", item.Documentation.Value)
		}
		b.WriteByte('\n')
	}
	if len(shown) > 0 {
		b.WriteString(changed(source, apply(source, []edit{shown[0].TextEdit})))
	}
	return b.String()
}

func rangeAt(line, character int) map[string]any {
	p := map[string]any{"line": line, "character": character}
	return map[string]any{"start": p, "end": p}
}

func place(s span) string {
	return fmt.Sprintf("%d:%d-%d:%d", s.Start.Line+1, s.Start.Character+1, s.End.Line+1, s.End.Character+1)
}

// offset of a place in UTF-16 units.
func offset(source string, line, character int) int {
	at := 0
	for range line {
		at += strings.IndexByte(source[at:], '\n') + 1
	}
	for _, r := range source[at:] {
		if character <= 0 {
			break
		}
		character -= len(utf16.Encode([]rune{r}))
		at += len(string(r))
	}
	return at
}

func piece(source string, s span) string {
	return source[offset(source, s.Start.Line, s.Start.Character):offset(source, s.End.Line, s.End.Character)]
}

func apply(source string, edits []edit) string {
	sort.Slice(edits, func(i, j int) bool {
		a, b := edits[i].Range.Start, edits[j].Range.Start
		return a.Line > b.Line || a.Line == b.Line && a.Character > b.Character
	})
	for _, e := range edits {
		from, to := offset(source, e.Range.Start.Line, e.Range.Start.Character), offset(source, e.Range.End.Line, e.Range.End.Character)
		source = source[:from] + e.NewText + source[to:]
	}
	return source
}

// changed are the lines that differ, with what they became.
func changed(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var out strings.Builder
	for _, line := range a {
		out.WriteString("- " + line + "\n")
	}
	for _, line := range b {
		out.WriteString("+ " + line + "\n")
	}
	return out.String()
}

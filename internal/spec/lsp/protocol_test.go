package lsp_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/lsp"
)

func frame(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }

// talk sends messages and gives the bodies of the answers, and how it ended.
func talk(t testing.TB, frames string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	s := lsp.Server{Library: library.Standard(), Version: "test"}
	err := s.Run(context.Background(), strings.NewReader(frames), &out)
	var bodies []string
	for part := range strings.SplitSeq(out.String(), "Content-Length: ") {
		if _, body, ok := strings.Cut(part, "\r\n\r\n"); ok {
			bodies = append(bodies, body)
		}
	}
	return strings.Join(bodies, "\n"), err
}

const (
	initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`
	shutdown   = `{"jsonrpc":"2.0","id":9,"method":"shutdown"}`
	exit       = `{"jsonrpc":"2.0","method":"exit"}`
)

// TestProtocol: what a connection may do and what it is told otherwise. Each case sends its messages and ends.
func TestProtocol(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		frames string
		want   []string // parts of what is answered, in order
		ended  error
	}{
		"asked before initialize": {frame(`{"id":3,"method":"textDocument/hover"}`) + frame(exit), []string{`"code":-32002`}, lsp.ErrNoShutdown},
		"initialize twice":        {frame(initialize) + frame(initialize) + frame(shutdown) + frame(exit), []string{`"capabilities"`, `"code":-32600`, `"id":9`}, nil},
		"asked after shutdown":    {frame(initialize) + frame(shutdown) + frame(`{"id":10,"method":"textDocument/hover"}`) + frame(exit), []string{`"id":9`, `"code":-32600`}, nil},
		"an unknown method":       {frame(initialize) + frame(`{"id":2,"method":"textDocument/fly"}`) + frame(shutdown) + frame(exit), []string{`no method textDocument/fly`}, nil},
		"an unknown notification": {frame(initialize) + frame(`{"method":"$/fly"}`) + frame(shutdown) + frame(exit), []string{`"id":9`}, nil},
		"a document that is not open": {frame(initialize) + frame(`{"id":2,"method":"textDocument/hover","params":{"textDocument":{"uri":"file:///x"}}}`) + frame(shutdown) + frame(exit),
			[]string{`file:///x is not open`}, nil},
		"wrong parameters": {frame(initialize) + frame(`{"id":2,"method":"textDocument/hover","params":[1]}`) + frame(shutdown) + frame(exit), []string{`"code":-32602`}, nil},
		"no JSON":          {frame(initialize) + frame(`{`) + frame(shutdown) + frame(exit), []string{`"code":-32700`, `"id":9`}, nil},
		"cancelled before its turn": {frame(`{"method":"$/cancelRequest","params":{"id":2}}`) + frame(initialize) + frame(`{"id":2,"method":"textDocument/hover","params":{}}`) + frame(shutdown) + frame(exit),
			[]string{`"code":-32800`}, nil},
		"the stream ends":              {frame(initialize), []string{`"capabilities"`}, lsp.ErrNoShutdown},
		"the stream ends in a message": {"Content-Length: 50\r\n\r\n{", nil, io.ErrUnexpectedEOF},
		"a place outside the document": {frame(initialize) +
			frame(`{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"u","text":"spec: 1"}}}`) +
			frame(`{"id":2,"method":"textDocument/completion","params":{"textDocument":{"uri":"u"},"position":{"line":99,"character":-5}}}`) +
			frame(shutdown) + frame(exit), []string{`publishDiagnostics`, `"id":2`, `"id":9`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := talk(t, c.frames)
			if !errors.Is(err, c.ended) {
				t.Errorf("it ended with %v, want %v", err, c.ended)
			}
			rest := got
			for _, part := range c.want {
				_, after, ok := strings.Cut(rest, part)
				if !ok {
					t.Fatalf("%s is not in\n%s", part, got)
				}
				rest = after
			}
		})
	}
}

// TestHostileFrames: what is no language client is told so, and takes no memory.
func TestHostileFrames(t *testing.T) {
	t.Parallel()
	for _, frames := range []string{
		"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "Content-Length: 99999999999\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: x\r\n\r\n",
		strings.Repeat("X: y\r\n", 100), strings.Repeat("x", 1<<16),
	} {
		if _, err := talk(t, frames); err == nil || errors.Is(err, lsp.ErrNoShutdown) {
			t.Errorf("%.40q ended with %v", frames, err)
		}
	}
}

// FuzzServer: whatever a client sends, and whatever stands in a document, the server answers or ends, and never panics.
func FuzzServer(f *testing.F) {
	f.Add("spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: stop, reason: =concat(event.", `{"id":5,"method":"textDocument/hover","params":{}}`, 3, 20)
	f.Add("{\"spec\": 1, \"instructions\": [{\"type\": \"stop\", \"reason\": \"=\\u00e9\\ud83d\\ude00\"}]}", `[]`, 0, 40)
	f.Add("\ufeff- 'a\n  b: |\n\tc: \"", `{"id":{},"method":1}`, 1, 2)
	f.Add("a:\r\n  - b: >-\r\n      =map(x, y,\r\n      y.z)\r\n    c: {d: [", `null`, 3, 9)
	f.Add("spec: 1\nsource_model: webhook.payload\ninstructions:\n  - type: switch\n    value: =event.a\n    cases:\n      - equals: \n        body:\n          - typ", "", 8, 14)
	f.Fuzz(func(t *testing.T, document, message string, line, character int) {
		quoted := fmt.Sprintf("%q", "x")
		if b, err := jsonText(document); err == nil {
			quoted = b
		}
		frames := frame(initialize) + frame(message) + frame(`{"method":"textDocument/didOpen","params":{"textDocument":{"uri":"u","text":`+quoted+`}}}`)
		for n, method := range []string{"completion", "hover", "signatureHelp", "definition", "references", "prepareRename", "codeAction", "formatting", "documentSymbol", "rename"} {
			frames += frame(fmt.Sprintf(`{"id":%d,"method":"textDocument/%s","params":{"textDocument":{"uri":"u"},"position":{"line":%d,"character":%d},"newName":"other","range":{"end":{"line":99999}}}}`, 20+n, method, line, character))
		}
		_, _ = talk(t, frames+frame(shutdown)+frame(exit))
	})
}

func jsonText(s string) (string, error) {
	b, err := json.Marshal(s)
	return string(b), err
}

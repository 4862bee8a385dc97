// Package lsp is the language server of specs: it tells an editor what is wrong with a spec that is being written, what
// can stand at a place, what something is, and mends what can be mended. It speaks the Language Server Protocol over a
// pair of streams, works on the text in the editor alone, and never writes a file or touches a database.
//
// A connection begins with initialize and initialized, goes on with documents that are opened, changed and closed and
// with questions about them, and ends with shutdown and exit. Requests are answered one after the other, in the order
// they came; one that was cancelled before its turn is answered as such.
package lsp

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Server answers one editor. The zero value lacks a Library.
type Server struct {
	Library *library.Library
	Version string
	// ReadFile reads a file beside a spec, by its URI; nil: there are no files.
	ReadFile func(uri string) ([]byte, error)
	// Recent gives items that were delivered lately, for a document that says which processor it is of with the key
	// x-processor; nil: there is no server to ask. It is asked once per processor.
	Recent func(ctx context.Context, processor string) ([]value.Value, error)

	library   *library.Library
	out       writer
	documents map[string]*document
	asked     map[string][]value.Value // by processor
	ctx       context.Context
	state     state
}

// state of a connection.
type state uint8

const (
	fresh state = iota
	ready
	shutDown
)

// ErrNoShutdown is given when the editor went away without saying so.
var ErrNoShutdown = errors.New("the editor ended without shutdown")

// Run serves until the editor says exit, its stream ends or ctx is done.
func (s *Server) Run(ctx context.Context, in io.Reader, out io.Writer) error {
	s.library, s.out, s.ctx = s.Library, writer{out}, ctx
	s.documents, s.asked = map[string]*document{}, map[string][]value.Value{}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	messages, cancelled := receive(ctx, in)
	for {
		select {
		case <-ctx.Done():
			return nil
		case got := <-messages:
			if got.err != nil {
				if errors.Is(got.err, io.EOF) && s.state == shutDown {
					return nil
				}
				if errors.Is(got.err, io.EOF) {
					return ErrNoShutdown
				}
				return got.err
			}
			if got.message.Method == "exit" {
				if s.state != shutDown {
					return ErrNoShutdown
				}
				return nil
			}
			if err := s.handle(got.message, cancelled); err != nil {
				return err
			}
		}
	}
}

type received struct {
	message *message
	err     error
}

// cancellations are the requests that were cancelled and not answered yet.
type cancellations struct {
	mutex sync.Mutex
	ids   map[string]bool
}

// maxCancelled bounds what is kept for an editor that cancels what it never asked.
const maxCancelled = 1000

func (c *cancellations) add(id string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if len(c.ids) < maxCancelled {
		c.ids[id] = true
	}
}

func (c *cancellations) take(id string) bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	cancelled := c.ids[id]
	delete(c.ids, id)
	return cancelled
}

// receive reads ahead, so that a request can be cancelled that still waits.
func receive(ctx context.Context, in io.Reader) (<-chan received, *cancellations) {
	messages := make(chan received, 256)
	cancelled := &cancellations{ids: map[string]bool{}}
	go func() {
		reader := bufio.NewReader(in)
		for {
			m, err := readMessage(reader)
			if err == nil && m.Method == "$/cancelRequest" {
				var params struct{ ID json.RawMessage }
				if json.Unmarshal(m.Params, &params) == nil {
					cancelled.add(string(params.ID))
				}
				continue
			}
			select {
			case messages <- received{m, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	return messages, cancelled
}

// handle does what a message asks for and answers it. What goes wrong with one is its answer, an error ends it all.
func (s *Server) handle(m *message, cancelled *cancellations) error {
	if m.broken != nil {
		return s.out.answer(nil, nil, m.broken)
	}
	if m.Method == "" { // an answer; we ask nothing
		return nil
	}
	if !m.isRequest() {
		return s.notified(m)
	}
	if cancelled.take(string(m.ID)) {
		return s.out.answer(m.ID, nil, refuse(codeCancelled, "the request was cancelled"))
	}
	result, err := s.request(m)
	return s.out.answer(m.ID, result, err)
}

// questions about a place of a document, by method.
func (s *Server) questions() map[string]func(*document, position, json.RawMessage) (any, error) {
	return map[string]func(*document, position, json.RawMessage) (any, error){
		"textDocument/completion":     s.complete,
		"textDocument/hover":          s.hover,
		"textDocument/signatureHelp":  s.signatureHelp,
		"textDocument/definition":     s.definition,
		"textDocument/references":     s.references,
		"textDocument/prepareRename":  s.prepareRename,
		"textDocument/rename":         s.rename,
		"textDocument/codeAction":     s.codeActions,
		"textDocument/formatting":     s.format,
		"textDocument/documentSymbol": s.symbols,
	}
}

// triggers are the characters after which an editor asks what can follow.
var triggers = []string{"=", ".", "(", ",", " ", "\"", "[", "-"}

func (s *Server) request(m *message) (any, error) {
	switch {
	case m.Method == "initialize":
		if s.state != fresh {
			return nil, refuse(codeInvalidRequest, "initialize comes once")
		}
		s.state = ready
		return map[string]any{
			"capabilities": map[string]any{
				"positionEncoding":           "utf-16",
				"textDocumentSync":           map[string]any{"openClose": true, "change": 1, "save": false},
				"completionProvider":         map[string]any{"triggerCharacters": triggers},
				"hoverProvider":              true,
				"signatureHelpProvider":      map[string]any{"triggerCharacters": []string{"(", ","}},
				"definitionProvider":         true,
				"referencesProvider":         true,
				"renameProvider":             map[string]any{"prepareProvider": true},
				"codeActionProvider":         map[string]any{"codeActionKinds": []string{"quickfix"}},
				"documentFormattingProvider": true,
				"documentSymbolProvider":     true,
			},
			"serverInfo": map[string]any{"name": "dealwright", "version": s.Version},
		}, nil
	case s.state == fresh:
		return nil, refuse(codeNotInitialized, "initialize comes first")
	case s.state == shutDown:
		return nil, refuse(codeInvalidRequest, "after shutdown only exit follows")
	case m.Method == "shutdown":
		s.state = shutDown
		return nil, nil
	}
	ask := s.questions()[m.Method]
	if ask == nil {
		return nil, refuse(codeUnknownMethod, "there is no method %s here", m.Method)
	}
	var at place
	if err := json.Unmarshal(m.Params, &at); err != nil {
		return nil, refuse(codeInvalidParams, "%s: %v", m.Method, err)
	}
	d := s.documents[at.TextDocument.URI]
	if d == nil {
		return nil, refuse(codeInvalidParams, "the document %s is not open", at.TextDocument.URI)
	}
	return ask(d, at.Position, m.Params)
}

// notified takes what asks for no answer. What it does not know or cannot read is left alone, as the protocol says.
func (s *Server) notified(m *message) error {
	if s.state != ready {
		return nil
	}
	var params struct {
		TextDocument   textDocument `json:"textDocument"`
		ContentChanges []struct {
			Text string `json:"text"`
		} `json:"contentChanges"`
	}
	readable := json.Unmarshal(m.Params, &params) == nil
	uri := params.TextDocument.URI
	if !readable {
		return nil
	}
	switch m.Method {
	case "textDocument/didOpen":
		s.documents[uri] = newDocument(uri, params.TextDocument.Text, params.TextDocument.Version)
		return s.publish(s.documents[uri])
	case "textDocument/didChange":
		if n := len(params.ContentChanges); n > 0 && s.documents[uri] != nil {
			s.documents[uri] = newDocument(uri, params.ContentChanges[n-1].Text, params.TextDocument.Version)
			return s.publish(s.documents[uri])
		}
	case "textDocument/didClose":
		delete(s.documents, uri)
		return s.out.notify("textDocument/publishDiagnostics", diagnostics{URI: uri, Diagnostics: []diagnostic{}})
	}
	return nil
}

// publish tells the editor all problems of a document.
func (s *Server) publish(d *document) error {
	all := []diagnostic{}
	for i := range s.reading(d).problems {
		all = append(all, s.diagnostic(d, i))
	}
	return s.out.notify("textDocument/publishDiagnostics", diagnostics{URI: d.uri, Version: d.version, Diagnostics: all})
}

func (s *Server) diagnostic(d *document, i int) diagnostic {
	r := s.reading(d)
	p := &r.problems[i]
	severity := 1
	if p.Severity != "error" {
		severity = 2
	}
	text := p.Message
	if p.Hint != "" {
		text += "\n" + p.Hint
	}
	return diagnostic{Range: d.span(r.places.ProblemExtent(p)), Severity: severity, Code: p.Code, Source: "dealwright", Message: text}
}

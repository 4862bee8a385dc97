package lsp

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// maxFrame bounds what one message may have; a spec has at most 1 MiB, and escapes make it longer.
const maxFrame = 16 << 20

// Codes of JSON-RPC and of the protocol.
const (
	codeParse          = -32700
	codeInvalidRequest = -32600
	codeUnknownMethod  = -32601
	codeInvalidParams  = -32602
	codeInternal       = -32603
	codeNotInitialized = -32002
	codeCancelled      = -32800
)

// message is a request (ID and Method), a notification (Method) or an answer to a request of ours (ID).
type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params,omitempty"`
	broken error           // it could not be read
}

func (m *message) isRequest() bool { return m.Method != "" && len(m.ID) > 0 }

// rpcError is what a request is answered with that cannot be done.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (e *rpcError) Error() string { return e.Message }

func refuse(code int, format string, args ...any) error {
	return &rpcError{code, fmt.Sprintf(format, args...)}
}

// readMessage reads one frame. An error ends the connection; what is no JSON is a message that is broken.
func readMessage(in *bufio.Reader) (*message, error) {
	length := -1
	for headers := 0; ; headers++ {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) || headers > 32 {
			return nil, errors.New("this is no language client: its headers do not end")
		}
		if err != nil {
			return nil, err
		}
		name, value, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), ":")
		if name == "" {
			break
		}
		if strings.EqualFold(name, "Content-Length") {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil || length < 0 || length > maxFrame {
				return nil, fmt.Errorf("a message of %q bytes is not taken, at most %d", strings.TrimSpace(value), maxFrame)
			}
		}
	}
	if length < 0 {
		return nil, errors.New("this is no language client: a message has no Content-Length")
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(in, body); err != nil {
		return nil, err
	}
	m := &message{}
	if err := json.Unmarshal(body, m); err != nil {
		return &message{broken: refuse(codeParse, "the message is no JSON-RPC: %v", err)}, nil
	}
	return m, nil
}

// writer of messages.
type writer struct{ out io.Writer }

func (w *writer) send(m map[string]any) error {
	m["jsonrpc"] = "2.0"
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.out, "Content-Length: %d\r\n\r\n%s", len(body), body)
	return err
}

func (w *writer) notify(method string, params any) error {
	return w.send(map[string]any{"method": method, "params": params})
}

// answer a request with what became of it.
func (w *writer) answer(id json.RawMessage, result any, err error) error {
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	if err == nil {
		return w.send(map[string]any{"id": id, "result": result})
	}
	refused := (*rpcError)(nil)
	if !errors.As(err, &refused) {
		refused = &rpcError{codeInternal, err.Error()}
	}
	return w.send(map[string]any{"id": id, "error": refused})
}

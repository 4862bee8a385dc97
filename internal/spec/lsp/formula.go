package lsp

import (
	"encoding/json"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// calling is a call that a formula is within, at the place where somebody types.
type calling struct {
	name     string
	argument int    // by position, from 0
	named    string // the argument has a name
}

// typed is the beginning of a formula, up to the place where somebody types.
type typed struct {
	calls  []calling // outer first
	text   bool      // within a text
	start  int       // where the path or name begins that is being typed, or the text
	token  string    // it, so far
	source string
}

// readTyped makes out what is being typed at the end of a piece of a formula ("=concat(event.us").
func readTyped(source string) typed {
	t := typed{source: source}
	word := 1 // where the last word began
	for i := 1; i < len(source); i++ {
		switch c := source[i]; {
		case c == '"':
			end := i + 1
			for end < len(source) && source[end] != '"' {
				if source[end] == '\\' {
					end++
				}
				end++
			}
			if end >= len(source) {
				t.text, t.start, t.token = true, i, source[i:]
				return t
			}
			i = end
		case c == '(':
			t.calls = append(t.calls, calling{name: strings.TrimSpace(source[word:i])})
			word = i + 1
		case c == ')' && len(t.calls) > 0:
			t.calls = t.calls[:len(t.calls)-1]
		case c == ',':
			if n := len(t.calls); n > 0 {
				t.calls[n-1].argument++
				t.calls[n-1].named = ""
			}
			word = i + 1
		case c == '=' && len(t.calls) > 0:
			t.calls[len(t.calls)-1].named = strings.TrimSpace(source[word:i])
			word = i + 1
		}
	}
	t.start = len(source)
	for t.start > 1 {
		c := source[t.start-1]
		if c == ']' {
			open := strings.LastIndexByte(source[:t.start], '[')
			if open < 1 {
				break
			}
			t.start = open
			continue
		}
		if c != '.' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			break
		}
		t.start--
	}
	t.token = source[t.start:]
	return t
}

// base is the path before the last point of what is being typed, "" where it has none.
func (t *typed) base() (base, rest string) {
	if at := strings.LastIndexByte(t.token, '.'); at >= 0 && !t.text {
		return t.token[:at], t.token[at+1:]
	}
	return "", t.token
}

// whole is a formula with an expression in the place of what is being typed, and all brackets closed.
func (t *typed) whole(expression string) string {
	return t.source[:t.start] + expression + strings.Repeat(")", len(t.calls))
}

// param is the parameter of the innermost call that is being typed, nil where there is none.
func (t *typed) param(lib *library.Library) *types.Param {
	if len(t.calls) == 0 {
		return nil
	}
	call := t.calls[len(t.calls)-1]
	signature := lib.Expression(call.name)
	if signature == nil || len(signature.Params) == 0 {
		return nil
	}
	if call.named != "" {
		p, _ := signature.Param(call.named)
		return p
	}
	n := min(call.argument, len(signature.Params)-1)
	if n < call.argument && signature.Params[n].Form != types.Expressions {
		return nil
	}
	return &signature.Params[n]
}

// settled is a spec with a formula made whole in the place where somebody types, so that it can be asked about.
type settled struct {
	loose
	pointer string // of the expression in the place of what is being typed
}

// settle puts an expression in the place of what is being typed, in the formula at a pointer.
func (s *Server) settle(d *document, given value.Value, at string, t typed, expression string) (settled, bool) {
	formula := t.whole(expression)
	root, spans, _ := text.ParseFormulaSpans(formula, s.library)
	if root == nil {
		return settled{}, false
	}
	_, rest := spans.At(root, t.start)
	v, err := tree.Replace("", at, value.Text(formula)).Apply(given)
	if err != nil {
		return settled{}, false
	}
	return settled{s.look(d, text.Decode(v, s.library), nil), at + rest}, true
}

// signatureHelp shows the call that is being typed, and which argument.
func (s *Server) signatureHelp(d *document, p position, _ json.RawMessage) (any, error) {
	at, ok := s.markedPlace(d, p)
	if !ok || at.isKey || !strings.HasPrefix(at.before, "=") {
		return nil, nil
	}
	t := readTyped(at.before)
	if len(t.calls) == 0 {
		return nil, nil
	}
	call := t.calls[len(t.calls)-1]
	e := s.library.FindExpression(call.name)
	if e == nil {
		return nil, nil
	}
	help := signature{Label: e.Call(), Documentation: markdown(e.Help), Parameters: []parameter{}}
	active := min(call.argument, len(e.Params)-1)
	for i := range e.Params {
		if e.Params[i].Name == call.named {
			active = i
		}
		help.Parameters = append(help.Parameters, parameter{Label: e.Params[i].Written(), Documentation: markdown(e.Params[i].Help)})
	}
	return signatureHelp{Signatures: []signature{help}, ActiveParameter: max(active, 0)}, nil
}

package lsp

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

// codeActions gives the fixes of the problems within a range.
func (s *Server) codeActions(d *document, _ position, params json.RawMessage) (any, error) {
	var asked struct {
		Range span `json:"range"`
	}
	if err := json.Unmarshal(params, &asked); err != nil {
		return nil, refuse(codeInvalidParams, "codeAction: %v", err)
	}
	actions := []codeAction{}
	r := s.reading(d)
	for i := range r.problems {
		p := &r.problems[i]
		about := s.diagnostic(d, i)
		if p.Fix == nil || p.Fix.Source == nil || !touch(about.Range, asked.Range) {
			continue
		}
		for n, fix := range append([]*tree.Fix{p.Fix}, p.Others...) {
			actions = append(actions, codeAction{
				Title: fix.Title, Kind: "quickfix", Diagnostics: []diagnostic{about}, IsPreferred: n == 0,
				Edit: &workspaceEdit{map[string][]textEdit{d.uri: d.edits(fix.Source)}},
			})
		}
	}
	return actions, nil
}

// touch says whether two ranges have a place in common.
func touch(a, b span) bool { return !after(a.Start, b.End) && !after(b.Start, a.End) }

func after(a, b position) bool {
	return a.Line > b.Line || a.Line == b.Line && a.Character > b.Character
}

// format gives the document in its canonical form. What cannot be read is left as it is.
func (s *Server) format(d *document, _ position, _ json.RawMessage) (any, error) {
	var formatted []byte
	if d.isJSON() {
		spec, problems, _ := text.ReadJSON([]byte(d.text), s.library)
		if tree.HasErrors(problems) {
			return []textEdit{}, nil
		}
		var b bytes.Buffer
		_ = json.Indent(&b, spec.AppendJSON(nil), "", "  ") // it is JSON
		formatted = append(b.Bytes(), '\n')
	} else {
		spec, problems, _ := text.ReadYAML([]byte(d.text), s.library)
		if tree.HasErrors(problems) {
			return []textEdit{}, nil
		}
		formatted = text.FormatYAML(spec, s.library)
	}
	lines := strings.Split(string(formatted), "\n")
	return difference(d.lines, lines), nil
}

// difference gives the one edit that makes lines of others: those at both ends that are the same stay.
func difference(old, now []string) []textEdit {
	if slices.Equal(old, now) {
		return []textEdit{}
	}
	same := 0
	for same < len(old)-1 && same < len(now)-1 && old[same] == now[same] {
		same++
	}
	end := 0
	for end < len(old)-1-same && end < len(now)-1-same && old[len(old)-1-end] == now[len(now)-1-end] {
		end++
	}
	last := len(old) - 1 - end
	return []textEdit{{
		Range:   span{position{same, 0}, position{last, utf16Length(old[last])}},
		NewText: strings.Join(now[same:len(now)-end], "\n"),
	}}
}

// symbols gives the outline: constants, instructions within each other, tests.
func (s *Server) symbols(d *document, _ position, _ json.RawMessage) (any, error) {
	r := s.reading(d)
	all := []documentSymbol{}
	for i, c := range r.spec.Constants {
		all = s.symbol(all, d, pointer("constants", i), c.Name, "constant "+c.Type, symbolConstant, nil)
	}
	all = append(all, s.instructions(d, "/instructions", r.spec.Instructions)...)
	for i, t := range r.spec.Tests {
		all = s.symbol(all, d, pointer("tests", i), t.Name(), "test", symbolMethod, nil)
	}
	return all, nil
}

func (s *Server) symbol(list []documentSymbol, d *document, at, name, detail string, kind int, inner []documentSymbol) []documentSymbol {
	whole, ok := s.reading(d).at.Whole(at)
	if !ok {
		return list
	}
	if name == "" {
		name = "(no name yet)"
	}
	key, _ := s.reading(d).at.KeyPiece(at)
	return append(list, documentSymbol{Name: name, Detail: detail, Kind: kind, Range: d.span(whole), SelectionRange: d.span(key), Children: inner})
}

func (s *Server) instructions(d *document, at string, list tree.Body) []documentSymbol {
	var all []documentSymbol
	for n, i := range list {
		at := pointer(at[1:], n)
		var inner []documentSymbol
		for _, f := range i.Fields {
			switch c := f.Content.(type) {
			case tree.Body:
				inner = append(inner, s.instructions(d, at+"/"+f.Name, c)...)
			case tree.Cases:
				for k, one := range c {
					body := s.instructions(d, pointer(at[1:]+"/"+f.Name, k)+"/body", one.Body)
					inner = s.symbol(inner, d, pointer(at[1:]+"/"+f.Name, k), "case", "", symbolEvent, body)
				}
			}
		}
		all = s.symbol(all, d, at, i.Type, i.ReturnAs, symbolFunction, inner)
	}
	return all
}

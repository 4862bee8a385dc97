package lsp

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

func pointer(list string, index int) string { return "/" + list + "/" + strconv.Itoa(index) }

// mention is a place of the file where a name is written.
type mention struct {
	name   *check.Name
	extent text.Extent
	binds  bool
}

// mentions of all names, wherever they are written.
func (r *reading) mentions() []mention {
	var all []mention
	for _, n := range r.checked.Names() {
		for _, at := range n.Bound {
			if e, ok := r.at.Piece(at); ok && at != "" {
				all = append(all, mention{n, e, true})
			} else if e, ok := r.at.KeyPiece("/source_model"); ok && at == "" {
				all = append(all, mention{n, e, true})
			}
		}
		for _, u := range n.Used {
			if e, ok := r.useExtent(u); ok {
				all = append(all, mention{n, e, false})
			}
		}
	}
	return all
}

// useExtent is where the name itself stands in what uses it.
func (r *reading) useExtent(u check.Use) (text.Extent, bool) {
	if u.As == check.Valued {
		return r.at.KeyPiece(u.Pointer)
	}
	e, ok := r.at.Piece(u.Pointer)
	if u.As == check.Read {
		if _, written := r.at.Piece(u.Pointer + "/var"); written { // a tree: its path
			e, ok = r.at.Piece(u.Pointer + "/var")
		} else if under, is := r.at.Under(e.Line, e.Column); is && strings.HasPrefix(r.written(under), "=") && under.Offset == 0 {
			e.Column++ // the formula is the path alone
		}
	}
	if ok && e.Line == e.EndLine {
		e.EndColumn = min(e.EndColumn, e.Column+len(u.Path.Root))
	}
	return e, ok
}

// written is the text under a place of the file.
func (r *reading) written(u text.Under) string {
	v := r.at.Given()
	for _, key := range tree.SplitPointer(u.Pointer) {
		if n, err := strconv.Atoi(key); err == nil && len(v.Items()) > 0 {
			v = v.At(n)
		} else {
			v = v.Get(key)
		}
	}
	return v.Text()
}

// nameAt is the name that is written at a position.
func (s *Server) nameAt(d *document, p position) (mention, bool) {
	line, column := d.lineColumn(p)
	for _, m := range s.reading(d).mentions() {
		if m.extent.Line == line && m.extent.Column <= column && (column <= m.extent.EndColumn || m.extent.EndLine > line) {
			if m.binds && slices.Contains(m.name.Bound, "") && len(m.name.Bound) == 1 {
				continue // source_model is no name
			}
			return m, true
		}
	}
	return mention{}, false
}

func (s *Server) definition(d *document, p position, _ json.RawMessage) (any, error) {
	found := []location{}
	if at, ok := s.nameAt(d, p); ok {
		for _, m := range s.reading(d).mentions() {
			if m.binds && m.name.Name == at.name.Name && slices.Equal(m.name.Bound, at.name.Bound) {
				found = append(found, location{d.uri, d.span(m.extent)})
			}
		}
	}
	return found, nil
}

func (s *Server) references(d *document, p position, params json.RawMessage) (any, error) {
	var asked struct {
		Context struct {
			IncludeDeclaration bool `json:"includeDeclaration"`
		} `json:"context"`
	}
	_ = json.Unmarshal(params, &asked) // without it, declarations are left out
	found := []location{}
	if at, ok := s.nameAt(d, p); ok {
		for _, m := range s.reading(d).mentions() {
			if slices.Equal(m.name.Bound, at.name.Bound) && (!m.binds || asked.Context.IncludeDeclaration) {
				found = append(found, location{d.uri, d.span(m.extent)})
			}
		}
	}
	return found, nil
}

func (s *Server) prepareRename(d *document, p position, _ json.RawMessage) (any, error) {
	at, ok := s.nameAt(d, p)
	if !ok {
		return nil, nil
	}
	return map[string]any{"range": d.span(at.extent), "placeholder": at.name.Name}, nil
}

func (s *Server) rename(d *document, p position, params json.RawMessage) (any, error) {
	var asked struct {
		NewName string `json:"newName"`
	}
	if err := json.Unmarshal(params, &asked); err != nil || !tree.IsName(asked.NewName) {
		return nil, refuse(codeInvalidParams, "%q is no name: letters, digits and _, not beginning with a digit", asked.NewName)
	}
	at, ok := s.nameAt(d, p)
	if !ok {
		return nil, refuse(codeInvalidParams, "there is no name here")
	}
	r := s.reading(d)
	for _, n := range r.checked.Names() {
		if strings.EqualFold(n.Name, asked.NewName) && !slices.Equal(n.Bound, at.name.Bound) {
			return nil, refuse(codeInvalidParams, "the name %s is taken", n.Name)
		}
	}
	edits := r.at.Source(at.name.Rename(asked.NewName))
	if edits == nil {
		return nil, refuse(codeInvalidParams, "%s cannot be renamed while the spec cannot be read", at.name.Name)
	}
	return workspaceEdit{map[string][]textEdit{d.uri: d.edits(edits)}}, nil
}

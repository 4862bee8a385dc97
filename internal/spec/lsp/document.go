package lsp

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// document is a file that is open in an editor, as it is now.
type document struct {
	uri     string
	version int
	text    string
	lines   []string // without their ends
	read    *reading // nil: nobody asked yet
}

func newDocument(uri, text string, version int) *document {
	lines := strings.Split(strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n"), "\n")
	return &document{uri: uri, text: text, version: version, lines: lines}
}

func (d *document) isJSON() bool {
	return strings.HasSuffix(d.uri, ".json") || strings.HasPrefix(strings.TrimSpace(d.text), "{")
}

// line and column of a position, both from 1, the column in characters. What lies outside is brought to the nearest place.
func (d *document) lineColumn(p position) (line, column int) {
	n := min(max(p.Line, 0), len(d.lines)-1)
	units, column := 0, 1
	for _, c := range d.lines[n] {
		if units >= p.Character {
			break
		}
		units += max(utf16.RuneLen(c), 1)
		column++
	}
	return n + 1, column
}

// position of a line and column, both from 1, the column in characters.
func (d *document) position(line, column int) position {
	n := min(max(line-1, 0), len(d.lines)-1)
	units := 0
	for _, c := range d.lines[n] {
		if column--; column <= 0 {
			break
		}
		units += max(utf16.RuneLen(c), 1)
	}
	return position{n, units}
}

// utf16Length is how many UTF-16 units a text has.
func utf16Length(s string) int {
	units := 0
	for _, c := range s {
		units += max(utf16.RuneLen(c), 1)
	}
	return units
}

func (d *document) span(e text.Extent) span {
	return span{d.position(e.Line, e.Column), d.position(e.EndLine, e.EndColumn)}
}

// edits of a document, from those of a fix.
func (d *document) edits(source []tree.TextEdit) []textEdit {
	edits := make([]textEdit, len(source))
	for i, e := range source {
		edits[i] = textEdit{span{d.position(e.Line, e.Column), d.position(e.EndLine, e.EndColumn)}, e.Text}
	}
	return edits
}

// before is the text up to a position, and after what follows it.
func (d *document) split(p position) (before, after string) {
	line, column := d.lineColumn(p)
	s := d.lines[line-1]
	at := 0
	for range column - 1 {
		_, size := utf8.DecodeRuneInString(s[at:])
		at += size
	}
	before = strings.Join(d.lines[:line-1], "\n")
	if line > 1 {
		before += "\n"
	}
	after = s[at:]
	if line < len(d.lines) {
		after += "\n" + strings.Join(d.lines[line:], "\n")
	}
	return before + s[:at], after
}

// reading is what there is to know about a document: strictly, for problems, and loosely for all else.
type reading struct {
	strict   *tree.Spec // nil: it cannot be read
	problems []tree.Problem
	places   *text.Positions
	loose
}

// loose is a spec as far as it can be made out, checked with what its samples say about its items.
type loose struct {
	spec    *tree.Spec
	at      *text.Positions
	checked check.Checked
	model   library.Model
	samples []value.Value
}

// reading of the document; it is made when somebody first asks.
func (s *Server) reading(d *document) *reading {
	if d.read != nil {
		return d.read
	}
	r := &reading{}
	read := text.ReadYAML
	if d.isJSON() {
		read = text.ReadJSON
	}
	r.strict, r.problems, r.places = read([]byte(d.text), s.library)
	if r.strict != nil {
		r.strict.AssignIDs(nil, 1)
		model := s.modelOf(r.strict)
		_, found := check.Check(r.strict, s.library, model)
		r.places.Place(found)
		r.problems = append(r.problems, found...)
		r.strict.NameProblems(r.problems)
		tree.SortByPlace(r.problems)
	}
	if d.isJSON() && r.strict != nil {
		r.loose = s.look(d, r.strict, r.places)
	} else {
		spec, at := text.ReadLoosely([]byte(d.text), s.library)
		r.loose = s.look(d, spec, at)
	}
	d.read = r
	return r
}

// look checks a spec with the shape of its samples in the place of a free-form model.
func (s *Server) look(d *document, spec *tree.Spec, at *text.Positions) loose {
	model, samples := s.modelOf(spec), s.samples(d, spec)
	if shape, ok := shapeOf(samples); ok && model.Type.Kind == types.Any {
		model.Type = shape
	}
	checked, _ := check.Check(spec, s.library, model)
	return loose{spec, at, checked, model, samples}
}

// modelOf is the source model of a spec; of one that is not there the first, which tells that.
func (s *Server) modelOf(spec *tree.Spec) library.Model {
	if m, ok := s.library.Model(spec.SourceModel); ok {
		return m
	}
	return s.library.Models()[0]
}

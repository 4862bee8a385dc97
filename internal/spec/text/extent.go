package text

import (
	"sort"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Extent is a piece of the user's own file, from its first character to the one behind it; lines and columns count as
// those of a Problem.
type Extent struct{ Line, Column, EndLine, EndColumn int }

// Given is what was read, formulas as they are written.
func (p *Positions) Given() value.Value { return p.given }

// Source gives a fix as changes of the file, nil where it cannot be made there.
func (p *Positions) Source(fix *tree.Fix) []tree.TextEdit { return p.source(fix) }

// ProblemExtent is the piece that a problem is about: within a formula the expression, elsewhere the value or key; of
// what takes several lines the first.
func (p *Positions) ProblemExtent(problem *tree.Problem) Extent {
	f := p.file()
	e := Extent{Line: max(problem.Line, 1), Column: max(problem.Column, 1)}
	from := f.offset(spot{e.Line, e.Column})
	to := f.lineEnd(from)
	if problem.Code == tree.UnknownKey {
		to = min(to, f.keyEnd(from))
	} else if end, ok := p.pieceEnd(problem, from); ok {
		to = min(to, end)
	}
	if to <= from {
		to = min(from+1, f.lineEnd(from))
	}
	end := f.spotAt(to)
	e.EndLine, e.EndColumn = end.line, end.column
	return e
}

// pieceEnd is where the value or expression ends that a problem begins.
func (p *Positions) pieceEnd(problem *tree.Problem, from int) (int, bool) {
	f := p.file()
	path := tree.SplitPointer(problem.Pointer)
	if n, ok := f.byPath[problem.Pointer]; ok {
		end := f.end(n)
		if source := f.source[from:max(min(end, len(f.source)), from)]; problem.Offset > 0 && source != "" { // a word of a formula
			word := strings.IndexFunc(source, func(c rune) bool { return !isWord(c) })
			if word > 0 {
				end = from + word
			} else if word == 0 {
				end = from + 1
			}
		}
		return end, end > from
	}
	m := mender{sourceFile: f, positions: p}
	n, _, span, ok := m.inFormula(path)
	if !ok {
		return 0, false
	}
	return f.textOffset(n, span.To), true
}

func isWord(c rune) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// textOffset is the byte of the file that holds byte k of the text of an entry.
func (f *sourceFile) textOffset(n, k int) int {
	if f.json {
		return jsonTextOffset(f.source, f.entries[n].at, k)
	}
	return f.scalarOffset(&f.entries[n], k)
}

// Piece is the piece of the file that a pointer names: a value, an expression within a formula, or a name there.
func (p *Positions) Piece(pointer string) (Extent, bool) {
	f := p.file()
	n, ok := f.byPath[pointer]
	from, to := 0, 0
	if ok {
		from, to = f.start(n), f.end(n)
		if s := f.entries[n].style; s == single || s == double {
			from, to = from+1, max(to-1, from+1)
		}
	} else {
		m := mender{sourceFile: f, positions: p}
		var span Span
		if n, _, span, ok = m.inFormula(tree.SplitPointer(pointer)); !ok {
			return Extent{}, false
		}
		from, to = f.textOffset(n, span.From), f.textOffset(n, span.To)
	}
	return f.extent(from, to), true
}

// KeyPiece is the piece of the file that holds the key or dash of what a pointer names.
func (p *Positions) KeyPiece(pointer string) (Extent, bool) {
	f := p.file()
	n, ok := f.byPath[pointer]
	if !ok {
		return Extent{}, false
	}
	from := f.offset(f.entries[n].key)
	if strings.HasPrefix(f.source[from:], "- ") {
		return f.extent(from, from+1), true
	}
	return f.extent(from, f.keyEnd(from)), true
}

// Whole is the piece from the key of what a pointer names to the end of its value.
func (p *Positions) Whole(pointer string) (Extent, bool) {
	f := p.file()
	n, ok := f.byPath[pointer]
	if !ok {
		return Extent{}, false
	}
	return f.extent(f.offset(f.entries[n].key), f.end(n)), true
}

func (f *sourceFile) extent(from, to int) Extent {
	a, b := f.spotAt(from), f.spotAt(to)
	return Extent{a.line, a.column, b.line, b.column}
}

// Under says what stands at a place of the file.
type Under struct {
	Pointer string // of the innermost key or item
	Key     bool   // it is its key, not its value
	Offset  int    // else: of its text, in bytes
}

// Under gives what stands at a line and column; ok false: nothing does.
func (p *Positions) Under(line, column int) (under Under, ok bool) {
	f := p.file()
	at := f.offset(spot{line, column})
	for n := range f.entries {
		e := &f.entries[n]
		key := f.offset(e.key)
		if key > at {
			break
		}
		if end := f.keyEnd(key); at <= end && f.hasKey(n) {
			under, ok = Under{Pointer: pointerOf(e.path), Key: true}, true
			continue
		}
		if e.style != noScalar && e.at <= at && at <= f.end(n) {
			length := len(lookUp(p.given, pointerOf(e.path)).Text())
			if e.style == plain {
				length = max(length, len(e.plain))
			}
			k := sort.Search(length, func(k int) bool { return f.textOffset(n, k) >= at })
			under, ok = Under{Pointer: pointerOf(e.path), Offset: k}, true
		}
	}
	return under, ok
}

// hasKey says whether an entry is a member of an object.
func (f *sourceFile) hasKey(n int) bool {
	e := &f.entries[n]
	return e.key != e.value && !strings.HasPrefix(f.source[f.offset(e.key):], "- ") || e.empty && !strings.HasPrefix(f.source[e.at:], "-")
}

// Inline says whether what a pointer names stands within { } or [ ].
func (p *Positions) Inline(pointer string) bool {
	f := p.file()
	n, ok := f.byPath[pointer]
	return ok && f.entries[n].flow
}

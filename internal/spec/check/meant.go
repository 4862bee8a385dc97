package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// mostMeant names are proposed for one that is not known.
const mostMeant = 3

// guess is a name that may be meant by one that is not known.
type guess struct {
	*name
	path    tree.Path
	fits    bool // what is wanted; a value of which nothing is known does not show that it does
	near    bool
	letters int // that differ, where it is near
}

// meant proposes names for the one that an argument reads and that is not known, where find has guessed at most by its
// letters: first what is near and fits, then what fits where hardly anything does, as an identity, then what is only near.
func (c *checker) meant(before int, want types.Type, e *tree.Expr, at *tree.Place) {
	if c.guessedAt != before+1 || len(c.problems) != before+1 || c.problems[before].Code != tree.UnknownName || e.Type != tree.Var {
		return
	}
	var all []guess
	for i := len(c.order) - 1; i >= 0; i-- { // what was bound last is the likeliest of equals
		n := c.order[i]
		if c.names[strings.ToLower(n.name)] != n {
			continue
		}
		g := guess{name: n, path: tree.Path{Root: n.name, Steps: e.Path.Steps}}
		g.letters, g.near = tree.Near(e.Path.Root, n.name)
		if t, ok := typeWithin(n.kind, e.Path.Steps); ok {
			g.fits = t.Kind != types.Any && t.Kind != types.Unknown && types.Fits(t, want)
		}
		if !g.near && !(g.fits && few(want.Kind)) {
			continue
		}
		all = append(all, g)
	}
	slices.SortStableFunc(all, func(a, b guess) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.letters, b.letters))
	})
	p := &c.problems[before]
	for i, g := range all[:min(len(all), mostMeant)] {
		g.use() // whoever reads the unknown name may mean this one
		fix := tree.Replace("Write "+g.name.name, at.Pointer(), (&tree.Expr{Type: tree.Var, Path: g.path}).JSON())
		if i == 0 {
			p.Fix, p.Hint = fix, "Did you mean "+g.name.name+"?"
		} else {
			p.Others = append(p.Others, fix)
		}
	}
}

func (g guess) rank() int {
	switch {
	case g.near && g.fits:
		return 0
	case g.fits:
		return 1
	}
	return 2
}

// few says whether so few names are of a kind that to be of it tells something.
func few(kind types.Kind) bool {
	return kind == types.Ref || kind == types.Table || kind == types.Datetime || kind == types.Array
}

// typeWithin is the type at the end of a path within a type; false: there is none, or nobody knows.
func typeWithin(t types.Type, steps []tree.Step) (types.Type, bool) {
	for _, step := range steps {
		switch {
		case step.IsIndex && t.Kind == types.Array && t.Elem != nil:
			t = *t.Elem
		case !step.IsIndex && (t.Kind == types.Object || t.Kind == types.Ref):
			next, ok := t.Field(step.Key)
			if !ok {
				return t, false
			}
			t = next
		default:
			return t, false
		}
	}
	return t, true
}

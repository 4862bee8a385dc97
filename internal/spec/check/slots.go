package check

import (
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// At is what can be used at a place of a spec.
type At struct {
	Names       []Visible // in the order they were bound; nil: the place is not there
	Known       []string  // paths that are known not to be null there
	Enrichments []Visible // by their whole paths; they can be read everywhere
}

// fetchedNames gives the enrichments that can be read, in the order in which they are declared.
func (c *checker) fetchedNames() []Visible {
	var all []Visible
	for _, declared := range c.spec.Enrichments {
		of := declared.Of.String()
		if e := c.enriched[of][declared.Name]; e != nil {
			all = append(all, Visible{Name: of + "." + e.name, Type: e.kind, Pointer: strings.TrimSuffix(e.place.Pointer(), "/name")})
		}
	}
	return all
}

// Slot is a place of an instruction where an expression stands.
type Slot struct {
	Pointer string
	Takes   types.Type // what belongs there
	Has     types.Type // what stands there
}

// Slots gives those of the instruction at a pointer, outer before inner: its own and those within its expressions, but
// none of the instructions within it.
func (c Checked) Slots(pointer string) []Slot {
	var found *tree.Instruction
	c.spec.Walk(func(at string, i *tree.Instruction) bool {
		if at == pointer {
			found = i
		}
		return found == nil && strings.HasPrefix(pointer, at+"/")
	})
	if found == nil {
		return nil
	}
	l := slots{checked: c}
	if signature := c.lib.Instruction(found.Type); signature != nil {
		l.fields(signature.Params, found.Fields, pointer)
	}
	return l.all
}

type slots struct {
	checked Checked
	all     []Slot
}

func (l *slots) fields(params []types.Param, fields []tree.Field, at string) {
	for _, f := range fields {
		for i := range params {
			if p := &params[i]; p.Name == f.Name {
				l.content(p, p.Type, f.Content, at+"/"+f.Name)
			}
		}
	}
}

func (l *slots) content(p *types.Param, takes types.Type, content tree.Content, at string) {
	switch content := content.(type) {
	case *tree.Expr:
		l.expr(takes, content, at)
	case tree.List:
		for i, e := range content {
			l.expr(takes, e, at+"/"+strconv.Itoa(i))
		}
	case tree.Group:
		l.fields(p.Fields, content, at)
	case tree.Cases:
		for i, one := range content {
			for k, e := range one.Equals {
				l.expr(takes, e, at+"/"+strconv.Itoa(i)+"/equals/"+strconv.Itoa(k))
			}
		}
	}
}

func (l *slots) expr(takes types.Type, e *tree.Expr, at string) {
	has, _ := l.checked.TypeOf(e)
	l.all = append(l.all, Slot{at, takes, has})
	signature := l.checked.lib.Expression(e.Type)
	if signature == nil {
		return
	}
	for _, f := range e.Fields {
		p, _ := signature.Param(f.Name)
		if p == nil {
			continue
		}
		want := p.Type
		if want.Kind == types.Variable && signature.Result.Kind == types.Variable && signature.Result.Name == want.Name && takes.Kind != types.Variable {
			want = takes // it gives what it is given
		}
		l.content(p, want, f.Content, at+"/"+f.Name)
	}
}

// Package tree has the spec as it is stored: constants, enrichments, instructions and expressions, with their ids,
// notes, comments and reserved keys; its one JSON form, equality, hashes and ids; and the problems found in it. It
// knows no expression or operation by name (a Grammar says which fields each has) and never runs anything.
package tree

import (
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Revision is the one there is: the `spec: 1` at the top.
const Revision = 1

// Limits of a spec (section 8.3).
const (
	MaxBytes        = 1 << 20
	MaxInstructions = 2000
	MaxDepth        = 64 // of instructions, and of expressions
	MaxFormula      = 16 << 10
	MaxConstants    = 100
	MaxRows         = 5000 // of a table
	MaxTests        = 500
	MaxID           = 40
	MaxName         = 64
)

// Spec is the program of a processor.
type Spec struct {
	SourceModel  string
	Var          string // "" where the model's own name for it is used
	Note         string
	Constants    []*Constant
	Enrichments  []*Enrichment
	Instructions []*Instruction
	Tests        []*Test
	Unknown      []Field        // keys that a spec does not have, beside problems that say so; not stored
	Extra        []value.Member // keys that begin with x-
	Comments     Comments
}

// Constant is named in the spec and valued on each link.
type Constant struct {
	Name     string
	Type     string       // "string", "table<number>" … as written
	Default  *value.Value // nil: every link gives a value
	Note     string
	Extra    []value.Member
	Comments Comments
}

// Enrichment fetches what the model calls Use for Of; it is read as Of.Name.
type Enrichment struct {
	Name     string
	Of       Path
	Use      string
	Note     string
	Extra    []value.Member
	Comments Comments
}

// Instruction is an operation or a block.
type Instruction struct {
	Type     string
	ID       string // "" until it is saved
	Note     string
	Disabled bool
	Fields   []Field // in the order of its declaration
	ReturnAs string
	Extra    []value.Member
	Comments Comments
}

// Test is a spec test. Its keys are kept as they are written.
type Test struct {
	Members  []value.Member
	Comments Comments
}

// Get gives one key of a test.
func (t *Test) Get(key string) (value.Value, bool) {
	for _, m := range t.Members {
		if m.Key == key {
			return m.Value, true
		}
	}
	return value.Value{}, false
}

// Name of the test.
func (t *Test) Name() string {
	name, _ := t.Get("name")
	return name.Text()
}

// Field is one field of an instruction or one parameter of an expression.
type Field struct {
	Name    string
	Content Content
}

// Content of a field, by the form its declaration gives it: an *Expr, a List, a Group, a Name, a Body or Cases. A Group
// may also be the literal null, as an *Expr. What does not have its form is Raw.
type Content interface{ content() }

type (
	// List of expressions: arguments…, a list of texts.
	List []*Expr
	// Group of fields, each an expression.
	Group []Field
	// Name is plain text that names a variable.
	Name string
	// Body is a list of instructions.
	Body []*Instruction
	// Cases of a switch.
	Cases []*Case
	// Raw is what could not be read as what belongs here, kept as it is: of an instruction that is disabled or of an
	// unknown type, or beside a problem that says so. Parts are what could be read within it, to tell what is wrong there.
	Raw struct {
		Value value.Value
		Parts []Part
	}
)

// Part is an expression or a list of instructions somewhere within what could not be read.
type Part struct {
	Path    []string // keys and indexes from the Raw value
	Content Content  // *Expr or Body
}

// Case of a switch.
type Case struct {
	Equals   []*Expr
	Body     []*Instruction
	Extra    []value.Member
	Comments Comments
	// Broken: Equals or Body could not be read; a problem says so.
	Broken bool
	// Unknown are keys that a case does not have, beside problems that say so. They are not stored.
	Unknown []Field
}

func (*Expr) content() {}
func (List) content()  {}
func (Group) content() {}
func (Name) content()  {}
func (Body) content()  {}
func (Cases) content() {}
func (Raw) content()   {}

// The two expressions that are part of the language's form, not of its library.
const (
	Literal = "literal"
	Var     = "var"
)

// Expr is an expression: a literal, a variable with a path, or one of the library.
type Expr struct {
	Type   string
	Value  value.Value // of a Literal: text, number, boolean or null
	Path   Path        // of a Var
	Fields []Field     // of others, in the order of the declaration; arguments… are a List
}

// Lit makes a literal.
func Lit(v value.Value) *Expr { return &Expr{Type: Literal, Value: v} }

// Field gives the content of a field, nil where it is left out.
func (e *Expr) Field(name string) Content { return find(e.Fields, name) }

// Field gives the content of a field, nil where it is left out.
func (i *Instruction) Field(name string) Content { return find(i.Fields, name) }

// Expr gives a field that is one expression, nil where it is none.
func (i *Instruction) Expr(name string) *Expr {
	e, _ := i.Field(name).(*Expr)
	return e
}

func find(fields []Field, name string) Content {
	for _, f := range fields {
		if f.Name == name {
			return f.Content
		}
	}
	return nil
}

// Grammar says which expressions and instructions there are and what fields each has. The library is one.
type Grammar interface {
	// Expression gives the signature of an expression of the library; nil: there is none of that name.
	Expression(name string) *types.Signature
	// Instruction gives the signature of an operation or block; nil: there is none of that name.
	Instruction(name string) *types.Signature
	// ExpressionNames and InstructionNames are all there are, to say what was meant.
	ExpressionNames() []string
	InstructionNames() []string
}

// Comments of one object and of all in it that has no comments of its own: lists of texts, expressions, given values.
// In order; lines without the leading "# ".
type Comments []Comment

// Comment stands above what it belongs to. At is "" for the object itself, a key ("moment"), a path of keys and indexes
// with slashes between ("set/ends_at", "period_types/0"); and for the end of a list or of the object, the path to it and
// "$end" ("then/$end", "$end").
type Comment struct {
	At    string
	Lines []string
}

// End is the key of comments at the end of a list or object.
const End = "$end"

// Of gives the lines of what stands at a path.
func (c Comments) Of(at string) []string {
	for _, comment := range c {
		if comment.At == at {
			return comment.Lines
		}
	}
	return nil
}

// Add gives c with more lines at a path.
func (c Comments) Add(at string, lines ...string) Comments {
	if len(lines) == 0 {
		return c
	}
	for i := range c {
		if c[i].At == at {
			c[i].Lines = append(c[i].Lines, lines...)
			return c
		}
	}
	return append(c, Comment{At: at, Lines: lines})
}

// Walk visits every instruction, outer before inner, in order, with its JSON Pointer. It goes into an instruction only
// when visit says so.
func (s *Spec) Walk(visit func(pointer string, i *Instruction) bool) {
	walk("/instructions", s.Instructions, visit)
	walkFields("", s.Unknown, visit)
}

func walk(at string, list []*Instruction, visit func(string, *Instruction) bool) {
	for n, i := range list {
		pointer := at + "/" + itoa(n)
		if visit(pointer, i) {
			walkFields(pointer, i.Fields, visit)
		}
	}
}

func walkFields(at string, fields []Field, visit func(string, *Instruction) bool) {
	for _, f := range fields {
		pointer := at + "/" + escape(f.Name)
		switch c := f.Content.(type) {
		case Body:
			walk(pointer, c, visit)
		case Cases:
			for k, one := range c {
				walk(pointer+"/"+itoa(k)+"/body", one.Body, visit)
				walkFields(pointer+"/"+itoa(k), one.Unknown, visit)
			}
		case Raw:
			for _, part := range c.Parts {
				if body, ok := part.Content.(Body); ok {
					walk(part.below(pointer), body, visit)
				}
			}
		}
	}
}

// below is the pointer of the part, from that of what it is within.
func (p Part) below(pointer string) string {
	for _, key := range p.Path {
		pointer += "/" + escape(key)
	}
	return pointer
}

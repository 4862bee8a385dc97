package types

import "github.com/dealwright/dealwright/internal/spec/value"

// Form says how a parameter or field is written.
type Form uint8

// The forms.
const (
	Expression  Form = iota // one expression
	Expressions             // a list of expressions; in a formula the last parameters, as many as one likes (arguments…)
	Group                   // an object of fields, each an expression: energy_meta
	Name                    // plain text that names a variable: item_var
	Body                    // a list of instructions
	Cases                   // switch cases: [{equals: an expression or a list, body: instructions}]
)

// Param declares one parameter of an expression, or one field of an operation or block. Form, validator, JSON Schema,
// reference and trace are drawn from it.
type Param struct {
	Name     string
	Title    string
	Help     string
	Form     Form
	Type     Type // of the expression, or of each in Expressions; for a Cases field of what is compared
	Required bool // Expressions: at least one
	// MayBeNull: a T? given here is no warning. Every argument of an expression is so; of an operation's fields those
	// that are not required are (null clears), so it is said only where a required one takes null.
	MayBeNull bool
	// Literal: only a literal is taken.
	Literal bool
	// Words are the texts that can be right; nil: any.
	Words []string
	// Valid tells what is wrong with a literal that can never be right (a zone, a pattern); nil: nothing can be.
	Valid func(literal value.Value) error
	// Key: a key of a record or identity, trimmed, and never built from nothing (section 5).
	Key bool
	// Label: a name or word for people (external_name, activity_type): trimmed like a key.
	Label bool
	// FieldOf: a literal that names a field of the record which the parameter of this name takes, one of a group by its
	// path (energy_meta.gas_usage). Neither id nor external_id are meant.
	FieldOf string
	// PerRun: a value that is another in each run (the receive time) makes another record each time, unless the boolean
	// parameter of this name is given.
	PerRun string
	// Unmarked names a parameter which this one is only for where its value is not personal (the kind of a pseudonym:
	// a mark has its own).
	Unmarked string
	// Kept: it may be left out, but what it sets cannot be cleared.
	Kept bool
	// Max is how many characters a text may have; 0: as any text, 1 MiB.
	Max int
	// Fields of a Group.
	Fields []Param

	// Of: what a Name is bound to: the items of the list parameter of that name; "" the index, a number.
	Of string
	// Inner: sees the names that Name parameters of the same declaration bind.
	Inner bool
	// Given names the boolean parameter that holds when this one is evaluated ("condition"), with a leading "!" the
	// one that does not. It narrows (section 2).
	Given string
	// Branch: of a Body: at most one of the branches runs. Otherwise: the branch that runs when no other does; where
	// it is written, exactly one runs. A Body that is no branch is a loop's.
	Branch, Otherwise bool
}

// NeedsValue says whether what is given must be neither null nor blank.
func (p *Param) NeedsValue() bool { return p.Kept || p.Required && !p.MayBeNull }

// Written is the parameter as a call shows it: value, decimals?, arguments….
func (p *Param) Written() string {
	switch {
	case p.Form == Expressions:
		return p.Name + "…"
	case !p.Required:
		return p.Name + "?"
	}
	return p.Name
}

// Logic says what an expression's outcome tells about its arguments; narrowing follows from it.
type Logic uint8

// The kinds of logic.
const (
	NoLogic Logic = iota
	And           // true: every argument is true; each is evaluated only when those before it are
	Or            // false: every argument is false; each is evaluated only when those before it are false
	Not           // true when its argument is false
	Present       // true: its argument is not null (exists)
	Absent        // false: its argument is not null (is_null, is_empty)
	Equal         // true: both arguments are equal, so neither is null when the other is not
	Select        // a list of those items for which its Inner parameter is true (filter)
)

// Nulls says how null flows through an expression.
type Nulls uint8

// How null flows.
const (
	NullIn  Nulls = iota // a null argument makes the result null
	NoNull               // the result is never null
	AsGiven              // the result type says it: Optional in Result, or what Infer finds
)

// Signature is the static side of an expression, operation or block: what it takes and what it gives.
type Signature struct {
	Params []Param
	Result Type // may use the variables of Params; None for an operation without a result
	Nulls  Nulls
	Logic  Logic
	// Infer finds the result where substituting variables cannot say it (get, coalesce); nil: Result says it.
	// Arguments are in the order of Params; those of the last Expressions parameter follow one by one. An error is a
	// wrong_arguments problem at the call, its text the message.
	Infer func(args []Arg) (Type, error)

	// The rest is for operations and blocks.

	// Assigns: return_as may name a variable that such an instruction made; it is then assigned (define_variable).
	Assigns bool
	// ReturnAs: return_as is required.
	ReturnAs bool
	// Ends: nothing after it in its list runs. EndsRun: also out of a loop (stop).
	Ends, EndsRun bool
	// Loops: Body runs once per item.
	Loops bool
}

// Arg is what Infer sees of an argument.
type Arg struct {
	Given   bool // optional ones may be left out
	Type    Type
	Literal *value.Value // nil where it is no literal
}

// Param gives the parameter of that name.
func (s *Signature) Param(name string) (*Param, int) {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return &s.Params[i], i
		}
	}
	return nil, -1
}

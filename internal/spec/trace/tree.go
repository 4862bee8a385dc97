// Package trace has the tree a viewer reads: for every instruction what it was given, what came of it, and for every
// expression its value down to variables and literals. The tree is never stored; it is computed again from what a run
// took in and was answered. Recompute asks no record, no key and no network.
package trace

import (
	"encoding/json"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Tree is the trace of one run. Whoever shows it adds the execution and the spec.
type Tree struct {
	DigestMatches bool       `json:"digest_matches"`
	Revision      int        `json:"language_revision"`
	Note          string     `json:"note,omitempty" said:"ours"` // in words, where the digest does not match
	Status        run.Status `json:"-"`
	Counts        run.Counts `json:"-"`
	Var           string     `json:"var"`
	Item          V          `json:"item"`
	Constants     V          `json:"constants"`
	Enrichments   V          `json:"enrichments"`
	Steps         []*Step    `json:"steps"`
	// Truncated: the run evaluated more than 100,000 expressions; of those after them only the fields' values are here.
	Truncated bool `json:"truncated,omitempty"`
}

// State of a step.
type State string

// The states.
const (
	Ran        State = "ran"
	Failed     State = "failed"
	NotReached State = "not_reached"
	NotTaken   State = "not_taken"
	Disabled   State = "disabled"
)

// Step is one instruction, at one time it ran or at its place in the spec.
type Step struct {
	ID       string      `json:"id"`
	Type     string      `json:"type"`
	Pointer  string      `json:"pointer"`
	Title    string      `json:"title" said:"ours"` // of its type
	Summary  string      `json:"summary" said:"summary"`
	State    State       `json:"state"`
	Outcome  run.Outcome `json:"outcome,omitempty"`
	Undone   bool        `json:"undone,omitempty"`
	Fields   []*Field    `json:"fields"`
	Branch   string      `json:"branch,omitempty"`
	Branches []*Branch   `json:"branches,omitempty"`
	Count    *int        `json:"count,omitempty"`
	Items    []*Item     `json:"items,omitempty"`
	Body     []*Step     `json:"body,omitempty"` // of a loop without items
	Record   *Record     `json:"record,omitempty"`
	Returns  *Returned   `json:"returns,omitempty"`
	Error    *Error      `json:"error,omitempty"`
	Errors   []*Error    `json:"errors,omitempty"` // all, where there are several
}

// Field of an instruction. Value is what the instruction took, after it was trimmed or turned into text.
type Field struct {
	Name    string  `json:"name"`
	Title   string  `json:"title,omitempty" said:"ours"`
	Value   *V      `json:"value,omitempty"`
	Formula string  `json:"formula"`
	Tree    *Expr   `json:"tree,omitempty"`
	List    []*Expr `json:"list,omitempty"`
	Error   *Error  `json:"error,omitempty"`

	plan *run.FieldPlan
}

// Branch of an if_else or switch.
type Branch struct {
	Name  string  `json:"name"`
	Taken bool    `json:"taken"`
	Steps []*Step `json:"steps"`
}

// Item of a loop.
type Item struct {
	Index  int        `json:"index"`
	Value  V          `json:"value"`
	Status run.Status `json:"status"`
	Error  *Error     `json:"error,omitempty"`
	Steps  []*Step    `json:"steps"`
	// Of an item whose steps were left out:
	LeftOut bool        `json:"left_out,omitempty"`
	Did     run.Outcome `json:"did,omitempty"`  // the strongest thing it did to a record
	Sets    []Named     `json:"sets,omitempty"` // what it left in names that are bound outside of the loop
}

// Record is what an operation did to a record or identity; of contact follow-up over many records, to each in Others.
type Record struct {
	Noun        string   `json:"noun"`
	ExternalID  string   `json:"external_id,omitempty"` // none where it is about all records of a contact
	ContactKey  string   `json:"contact_key,omitempty"` // whose records Others are
	FieldsAfter []Named  `json:"fields_after"`          // those the step set
	Before      []Named  `json:"before"`                // those it changed
	Locked      []string `json:"locked"`
	Stale       []string `json:"stale"`
	Matched     int      `json:"matched,omitempty"` // records of the contact that were found
	Others      []*Other `json:"others,omitempty"`
}

// Other is a record of a contact that a step changed, or left alone.
type Other struct {
	ExternalID string      `json:"external_id"`
	Outcome    run.Outcome `json:"outcome"`
	Before     []Named     `json:"before"`
	Locked     []string    `json:"locked"`
	Stale      []string    `json:"stale"`
}

// Named is a value with its name.
type Named struct {
	Name  string `json:"name"`
	Value V      `json:"value"`
}

// Returned is what return_as bound.
type Returned struct {
	Name  string `json:"name"`
	Value V      `json:"value"`
}

// Expr is an expression with its value, if it was evaluated.
type Expr struct {
	Type      string      `json:"type"`
	Formula   string      `json:"formula"`
	Evaluated bool        `json:"evaluated"`
	Value     *V          `json:"value,omitempty"`
	Error     *Error      `json:"error,omitempty"`
	Remarks   []Remark    `json:"remarks,omitempty"`
	Arguments []*Argument `json:"arguments,omitempty"`
	Items     []*EachItem `json:"items,omitempty"`

	node *run.Node
	args map[*run.Node]*Expr
}

// Argument of an expression.
type Argument struct {
	Name string `json:"name"`
	Expr *Expr  `json:"expr"`
}

// EachItem is one item of a map, filter and the like, with what was computed for it.
type EachItem struct {
	Value V     `json:"value"`
	Expr  *Expr `json:"expr,omitempty"`
}

// Remark is something about a value that a reader wants to know: a zone that was assumed, a number that was rounded.
type Remark struct {
	Code    string `json:"code"`
	Message string `json:"message" said:"ours"`
}

// Error is a data error.
type Error struct {
	Code        string `json:"code"`
	Instruction string `json:"instruction"`
	Place       string `json:"place"`
	Field       string `json:"field"`
	Message     string `json:"message" said:"ours" unless:"failed"`
	Remedy      string `json:"remedy" said:"ours"`
}

// NewError is the form in which a data error is shown.
func NewError(e *run.DataError) *Error {
	if e == nil {
		return nil
	}
	return &Error{Code: e.Code, Instruction: e.Instruction, Place: e.Place, Field: e.Field, Message: e.Message, Remedy: e.Remedy}
}

// V is a value as JSON, with what JSON has no form for as an object with one key: {"$datetime": …},
// {"$ref": {"noun", "external_id"}} and {"$personal": {"length": n}}.
type V struct{ value.Value }

// MarshalJSON writes it.
func (v V) MarshalJSON() ([]byte, error) { return v.append(nil), nil }

func (v V) append(b []byte) []byte {
	switch v.Kind() {
	case value.KindMoment:
		b = append(b, `{"$datetime":`...)
		b = v.AppendJSON(b)
		return append(b, '}')
	case value.KindRef:
		b = append(b, `{"$ref":`...)
		b = v.AppendJSON(b)
		return append(b, '}')
	case value.KindPseudonym:
		n, _ := json.Marshal(len(v.Text())) // a number always can be written
		b = append(b, `{"$personal":{"length":`...)
		b = append(b, n...)
		return append(b, `}}`...)
	case value.KindList:
		b = append(b, '[')
		for i, item := range v.Items() {
			if i > 0 {
				b = append(b, ',')
			}
			b = V{item}.append(b)
		}
		return append(b, ']')
	case value.KindObject:
		b = append(b, '{')
		for i, m := range v.Members() {
			if i > 0 {
				b = append(b, ',')
			}
			b = value.AppendQuoted(b, m.Key)
			b = append(b, ':')
			b = V{m.Value}.append(b)
		}
		return append(b, '}')
	}
	return v.AppendJSON(b)
}

package run

import (
	"sync"

	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Program is a compiled spec. It is made by package compile and never changed, so any number of runs may share it.
// It must not be copied.
type Program struct {
	Hash      [32]byte // content hash of the spec version's program
	Body      []*Instruction
	Slots     int        // variables of a frame
	Item      int        // the slot of the item
	Var       string     // the name of the item
	Constants []Constant // declared ones
	// Enrichments have a slot each; Name is dotted ("event.contact").
	Enrichments []Enrichment

	zones  sync.Map  // name → *time.Location: a table of the language, read once
	frames sync.Pool // of *Frame
}

// Constant is a declared constant.
type Constant struct {
	Name    string
	Slot    int
	Default value.Value // null: it must be valued on the link
	// Read makes the value out of what the link or the default holds (a datetime is given as text); nil: as it is.
	Read func(f *Frame, given value.Value) (value.Value, *DataError)
}

// Enrichment is a declared enrichment. Parents stand before their children.
type Enrichment struct {
	Name string // as the spec reads it: "event.contact.company"
	Slot int
	Use  string // what the model calls it: "company"
	Of   int    // the place of the enrichment it is fetched for; -1: the item
	// Chain of what the model calls it and all that it is fetched for: "contact/company". It says what is fetched,
	// whatever names a spec gives.
	Chain string
	// Type of what is found: where personal data is in it today, which may be more than when it was fetched.
	Type types.Type
}

// Expr computes a value. It may only fail with a data error.
type Expr func(f *Frame) (value.Value, *DataError)

// Node is an expression as the trace names it.
type Node struct {
	Type    string
	Formula string // as the formatter prints it, without the leading "="
	Pointer string // JSON Pointer into the spec
	Args    []NodeArg
	Parent  *Node // nil for the expression of a field
}

// NodeArg is one argument of a Node.
type NodeArg struct {
	Name string // "arguments[0]", "value" …
	Node *Node
}

// Instruction is one step of a program.
type Instruction struct {
	ID      string
	Type    string
	Loop    bool // its one body runs once per item
	Pointer string
	Fields  []FieldPlan // the fields that were given, in declaration order
	Slot    int         // of return_as; -1 without
	Names   []int       // all slots that are named in it or within, each once, in an order that follows from the content
	Return  string      // return_as
	Do      Do
	Bodies  []Body
	Title   string // of its type
	Summary string // one line for people
	Off     bool   // disabled: kept for the trace, never run
}

// Body is a list of instructions within a block.
type Body struct {
	Name    string // "then", "else", "body", "default", "1" for the first case
	Pointer string
	Steps   []*Instruction
	// Assigned are the slots that may be bound within; a loop restores them when an item fails.
	Assigned []int
}

// Do is what an instruction does with its fields, which were evaluated and found right. It keeps fields only until it
// returns. The value is bound to return_as.
type Do func(f *Frame, in *Instruction, fields []Field) (value.Value, Flow)

// Flow says how to go on after an instruction.
type Flow uint8

// The flows.
const (
	Next    Flow = iota
	Stopped      // a stop: the run ends, what was done stands
	Broken       // a data error: the innermost unit fails
	Over         // the run fails, wherever it is: a budget ran out
	Aborted      // the host could not answer: the run is taken back
)

// FieldPlan computes one field of an instruction.
type FieldPlan struct {
	Name    string
	Title   string
	Pointer string
	Formula string    // or the literal, as the formatter prints it
	Node    *Node     // of Expr, where the program is traced
	Nodes   []NodeArg // of List
	Expr    Expr
	List    []Expr // of a list of expressions: the value is a list
	// Clean makes what the operation takes of the value, or says what is wrong with it; nil: as it is.
	Clean func(f *Frame, v value.Value) (value.Value, *DataError)
	// Lazy fields are not evaluated before Do: a block asks for them.
	Lazy bool
}

// Recorder is told what happens during a run, for a trace. Calls nest like the program does.
type Recorder interface {
	StepBegins(in *Instruction)
	StepEnds(in *Instruction, outcome Outcome, result value.Value, flow Flow)
	StepFails(in *Instruction, err *DataError)
	FieldBegins(plan *FieldPlan)
	FieldEnds(plan *FieldPlan, v value.Value, err *DataError)
	Enter(n *Node)
	Leave(v value.Value, err *DataError)
	Item(v value.Value) // of a map, filter …: what is entered next belongs to it
	Remark(code, message string)
	Answered(e Effect, a Answer)
	Read(of value.Entity, field string, v value.Value) // a field of a record or identity
	Pseudonym(kind, text, made string)
	BodyBegins(body *Body)
	BodyEnds(body *Body)
	LoopBegins(count int)
	LoopItem(in *Instruction, index int, v value.Value)
	LoopItemEnds(status Status, err *DataError)
}

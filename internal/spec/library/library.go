// Package library has every operation, block and expression of the spec language, one file each: the declaration that
// feeds validator, form, JSON Schema, reference and trace, then its meaning, and examples that a test carries out. It
// never knows about specs as text or as trees, and never touches anything outside a run.
package library

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// Entry is what all declarations share.
type Entry struct {
	Name    string
	Group   Group
	Title   string // what a picker shows: "Upsert activity"
	Help    string // one or two sentences for the person who writes a spec
	Summary string // of an instruction: one line with fields in braces, "Upsert activity {activity_type}"
	types.Signature
	Examples []Example
}

// Group is the shelf of a picker.
type Group string

// The groups, in the order of a picker.
const (
	Values     Group = "Values"
	Logic      Group = "Logic"
	Texts      Group = "Text"
	Numbers    Group = "Numbers"
	Dates      Group = "Dates"
	Lists      Group = "Lists"
	Personal   Group = "Personal data"
	Identities Group = "Identities"
	Records    Group = "Records"
	FollowUp   Group = "Contact follow-up"
	Blocks     Group = "Blocks"
	Utility    Group = "Utility"
)

// Example is one that the reference shows and a test carries out. Of an expression, In is a formula without "=" and Out
// the canonical JSON of its result, or the code of its error after an exclamation mark ("!unreadable"). Of an operation
// or block, In is the YAML of a list of instructions and Out the fields of what it writes, one line per effect.
type Example struct{ In, Out string }

// What examples run with: what their specs begin with, and the item they run on.
const (
	ExampleHead = "spec: 1\nsource_model: webhook.payload\nvar: event\nconstants:\n  - {name: stages, type: table<string>, default: {won: accepted, lost: cancelled}}\n"
	ExampleItem = `{"word": "no", "ready": true, "half": 0.5, "many": 21}`
)

// Expression declares an expression. Meaning makes, once per place in a spec, what computes it there.
//
// Key is its meaning where it stands directly in a key (external_id, contact_key), if it has another one there.
type Expression struct {
	Entry
	Meaning func(*Call) run.Expr
	Key     func(*Call) run.Expr
}

// Call is how it is written: round(value, decimals?, mode?) → number.
func (e *Expression) Call() string {
	parts := make([]string, len(e.Params))
	for i := range e.Params {
		parts[i] = e.Params[i].Written()
	}
	result := e.Result.String()
	if e.Infer != nil {
		result = "by its arguments"
	}
	return e.Name + "(" + strings.Join(parts, ", ") + ") → " + result
}

// Operation declares an operation or a block.
type Operation struct {
	Entry
	Block   bool
	Meaning func(*Step) run.Do
	Clean   map[string]Cleaner // further rules of fields, by name
}

// Library is what specs can be written with: a set of expressions and operations, and the source models they can be for.
type Library struct {
	expressions []*Expression
	operations  []*Operation
	models      []Model
	byName      map[string]*Expression
	byType      map[string]*Operation
}

// New makes a library of these entries, in the order a user sees them; its one source model is WebhookPayload.
func New(expressions []*Expression, operations []*Operation) *Library {
	l := &Library{
		expressions: expressions,
		operations:  operations,
		models:      []Model{WebhookPayload},
		byName:      make(map[string]*Expression, len(expressions)),
		byType:      make(map[string]*Operation, len(operations)),
	}
	for _, e := range expressions {
		l.byName[e.Name] = e
	}
	for _, o := range operations {
		l.byType[o.Name] = o
	}
	return l
}

// Standard is the library of the language.
func Standard() *Library { return New(Expressions(), Operations()) }

// Expressions are those of the language, in user order. (literal and var are part of its form, see package tree.)
func Expressions() []*Expression {
	return []*Expression{
		and, or, not, equals, equalsOneOff, greaterThan, lessThan, greaterOrEqual, lessOrEqual, isNull, isEmpty, exists,
		coalesce, ifExpression, lookup,
		concat, implodeWithSpaces, join, stringBetween, stringContains, stringReplace, lower, upper, trim, split,
		substring, matches,
		sum, subtract, multiply, divide, minimum, maximum, round, parseNumber, formatNumber,
		parseDatetime, parseTimestamp, datetimeDifference, datetimeAdd, startOf, formatDatetime, now,
		list, get, count, first, last, mapExpression, filter, sumOf, anyExpression, all, listContains,
		pseudonym,
	}
}

// Operations are those of the language and its blocks, in user order.
func Operations() []*Operation {
	return []*Operation{
		upsertAgentExternalIdentity, upsertTeamExternalIdentity, upsertProjectExternalIdentity,
		upsertSegmentExternalIdentity, upsertPropositionExternalIdentity,
		upsertActivity, upsertAnonymousActivity, upsertSale, upsertCall, upsertPeriod,
		updateContactActivities, updateContactPeriods, insertContactPeriodChange,
		ifElse, forEach, switchBlock,
		defineVariable, lockRecordField, stop, failOperation,
	}
}

// Expression gives the signature of an expression; nil: there is none of that name.
func (l *Library) Expression(name string) *types.Signature {
	if e := l.byName[name]; e != nil {
		return &e.Signature
	}
	return nil
}

// Instruction gives the signature of an operation or block; nil: there is none of that name.
func (l *Library) Instruction(name string) *types.Signature {
	if o := l.byType[name]; o != nil {
		return &o.Signature
	}
	return nil
}

// FindExpression gives an expression; nil: there is none of that name.
func (l *Library) FindExpression(name string) *Expression { return l.byName[name] }

// FindOperation gives an operation or block; nil: there is none of that name.
func (l *Library) FindOperation(name string) *Operation { return l.byType[name] }

// Expressions in user order.
func (l *Library) Expressions() []*Expression { return l.expressions }

// Operations and blocks in user order.
func (l *Library) Operations() []*Operation { return l.operations }

// ExpressionNames are the names of the expressions, in user order.
func (l *Library) ExpressionNames() []string {
	names := make([]string, len(l.expressions))
	for i, e := range l.expressions {
		names[i] = e.Name
	}
	return names
}

// InstructionNames are the names of the operations and blocks, in user order.
func (l *Library) InstructionNames() []string {
	names := make([]string, len(l.operations))
	for i, o := range l.operations {
		names[i] = o.Name
	}
	return names
}

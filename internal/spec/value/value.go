// Package value has the values a spec computes with: null, text, exact decimal, boolean, moment, list, object, and
// references to identities and records; with their equality, order and canonical JSON, and the one strict JSON reader
// that every entrance uses. It never reads a clock and never does I/O.
package value

// Kind of a value.
type Kind uint8

// The kinds.
const (
	KindNull Kind = iota
	KindText
	KindNumber
	KindBool
	KindMoment // an instant, microseconds since 1970 UTC
	KindList
	KindObject
	KindRef       // an identity or a record
	KindPseudonym // a personal value, replaced at the door (section 7)
)

// Value is one run-time value. The zero Value is null. Values are immutable.
type Value struct {
	kind Kind
	n    int64  // bool 0/1, moment µs
	s    string // text, pseudonym
	p    any    // *Decimal, []Value, *object, Entity
}

// Entity is an identity or record a value refers to, as it was when the value was made: an implementation never
// changes what it answers.
type Entity interface {
	Noun() string       // "agent", "activity" …
	ExternalID() string // its key within provider and noun
	Field(name string) Value
}

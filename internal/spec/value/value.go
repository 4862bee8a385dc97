// Package value has the values a spec computes with: null, text, exact decimal, boolean, moment, list, object, and
// references to identities and records; with their equality, order and canonical JSON, and the one strict JSON reader
// that every entrance uses. It never reads a clock and never does I/O.
package value

import (
	"slices"
	"unsafe"
)

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

var kindNames = [...]string{"null", "text", "a number", "a boolean", "a datetime", "a list", "an object", "an identity or record", "a personal value"}

// String names the kind as messages do: "text", "a number".
func (k Kind) String() string { return kindNames[k] }

// Value is one run-time value. The zero Value is null. Values are immutable: whoever makes one from a slice gives the
// slice away.
//
// It is 24 bytes, because a run copies values all the time. What p points to and what n counts depends on the kind:
//
//	text, pseudonym  the first of n bytes
//	number           the coefficient, where it does not fit n (then n is unused); scale digits stand after the point
//	boolean, moment  nothing; n is 0 or 1, or the microseconds
//	list             the first of n Values
//	object           the first of n Members, or a *wideObject
//	ref              an Entity
//
// It has three fields, because Go hands each field of a struct on in a register of its own.
type Value struct {
	p  unsafe.Pointer
	n  int64
	is word
}

// word is a kind in the low byte, above it the scale of a number, and flags.
type word uint64

const (
	scaleShift      = 8
	isRounded  word = 1 << 16 // a number that was read with more than 20 decimals
	isWide     word = 1 << 17 // an object: p is a *wideObject
)

// wideObject is an object of so many members that looking through them all for a key would be slow.
type wideObject struct {
	members []Member
	index   map[string]int // by key
}

// Member is one key of an object with its value.
type Member struct {
	Key   string
	Value Value
}

// Entity is an identity or record a value refers to, as it was when the value was made: an implementation never
// changes what it answers.
type Entity interface {
	Noun() string       // "agent", "activity" …
	ExternalID() string // its key within provider and noun
	Field(name string) Value
}

// Null is the value of what is not there.
func Null() Value { return Value{} }

// Text makes a text.
func Text(s string) Value {
	return Value{is: word(KindText), p: unsafe.Pointer(unsafe.StringData(s)), n: int64(len(s))}
}

// Pseudonym makes a personal value that the door replaced by s.
func Pseudonym(s string) Value {
	return Value{is: word(KindPseudonym), p: unsafe.Pointer(unsafe.StringData(s)), n: int64(len(s))}
}

// Bool makes a boolean.
func Bool(b bool) Value {
	if b {
		return Value{is: word(KindBool), n: 1}
	}
	return Value{is: word(KindBool)}
}

// Number makes a number.
func Number(d Decimal) Value {
	return Value{is: word(KindNumber) | word(d.scale)<<scaleShift, p: unsafe.Pointer(d.big), n: d.n}
}

// Int makes a whole number.
func Int(n int64) Value { return Value{is: word(KindNumber), n: n} }

// Moment makes an instant from microseconds since 1970 UTC.
func Moment(micros int64) Value { return Value{is: word(KindMoment), n: micros} }

// List makes a list of items, which the caller must not change any more.
func List(items []Value) Value {
	return Value{is: word(KindList), p: unsafe.Pointer(unsafe.SliceData(items)), n: int64(len(items))}
}

// Object makes an object of members, which the caller must not change any more. Keys must differ.
func Object(members []Member) Value {
	return Value{is: word(KindObject), p: unsafe.Pointer(unsafe.SliceData(members)), n: int64(len(members))}
}

// Indexed is Object for one that may have many keys, all of which will be looked up.
func Indexed(members []Member) Value {
	if len(members) < linearKeys {
		return Object(members)
	}
	index := make(map[string]int, len(members))
	for i := range members {
		index[members[i].Key] = i
	}
	return object(members, index)
}

// Ref makes a reference to an identity or record; of nil it makes null.
func Ref(e Entity) Value {
	if e == nil {
		return Value{}
	}
	return Value{is: word(KindRef), p: unsafe.Pointer(&e)}
}

// Kind of v.
func (v Value) Kind() Kind { return Kind(v.is) }

// IsNull reports whether v is null.
func (v Value) IsNull() bool { return v.Kind() == KindNull }

// Text is the text of a text or pseudonym, and "" of all else.
func (v Value) Text() string {
	if v.Kind() != KindText && v.Kind() != KindPseudonym {
		return ""
	}
	return unsafe.String((*byte)(v.p), int(v.n))
}

// Bool is the boolean, and false of all else.
func (v Value) Bool() bool { return v.Kind() == KindBool && v.n == 1 }

// Micros is a moment's microseconds since 1970 UTC, and 0 of all else.
func (v Value) Micros() int64 {
	if v.Kind() != KindMoment {
		return 0
	}
	return v.n
}

// Items are the items of a list, not to be changed, and nil of all else.
func (v Value) Items() []Value {
	if v.Kind() != KindList {
		return nil
	}
	return unsafe.Slice((*Value)(v.p), int(v.n))
}

// Members are the members of an object in their order, not to be changed, and nil of all else.
func (v Value) Members() []Member {
	if v.Kind() != KindObject {
		return nil
	}
	if v.is&isWide != 0 {
		return (*wideObject)(v.p).members
	}
	return unsafe.Slice((*Member)(v.p), int(v.n))
}

// Entity is what a reference refers to, and nil of all else.
func (v Value) Entity() Entity {
	if v.Kind() != KindRef {
		return nil
	}
	return *(*Entity)(v.p)
}

// Len is the number of items or members; 0 of all else.
func (v Value) Len() int {
	if v.Kind() != KindList && v.Kind() != KindObject {
		return 0
	}
	return int(v.n)
}

// Get takes one step into an object, identity or record. It is null where there is no such key, and of all else.
func (v Value) Get(key string) Value {
	switch v.Kind() {
	case KindObject:
		if v.is&isWide != 0 {
			o := (*wideObject)(v.p)
			if i, ok := o.index[key]; ok {
				return o.members[i].Value
			}
			return Value{}
		}
		members := v.Members()
		for i := range members {
			if members[i].Key == key {
				return members[i].Value
			}
		}
	case KindRef:
		return v.Entity().Field(key)
	}
	return Value{}
}

// Same reports whether v and w are one and the same, not only equal: whoever changed nothing gives the same.
func (v Value) Same(w Value) bool { return v == w }

// Mapped gives a list or object with what fn makes of each item or member; key is "" for items. Where fn gives each the
// Same it is v itself, and so it is of all else.
func (v Value) Mapped(fn func(key string, v Value) Value) Value {
	switch v.Kind() {
	case KindList:
		var changed []Value
		for i, item := range v.Items() {
			after := fn("", item)
			if changed == nil && after != item {
				changed = slices.Clone(v.Items())
			}
			if changed != nil {
				changed[i] = after
			}
		}
		if changed != nil {
			return List(changed)
		}
	case KindObject:
		var changed []Member
		for i, m := range v.Members() {
			after := fn(m.Key, m.Value)
			if changed == nil && after != m.Value {
				changed = slices.Clone(v.Members())
			}
			if changed != nil {
				changed[i].Value = after
			}
		}
		switch {
		case changed == nil:
		case v.is&isWide != 0: // the keys are where they were
			v.p = unsafe.Pointer(&wideObject{members: changed, index: (*wideObject)(v.p).index})
		default:
			return Object(changed)
		}
	}
	return v
}

// Has reports whether an object has the key, be it with null.
func (v Value) Has(key string) bool {
	if v.is&isWide != 0 {
		_, ok := (*wideObject)(v.p).index[key]
		return ok
	}
	for _, m := range v.Members() {
		if m.Key == key {
			return true
		}
	}
	return false
}

// At is the item of a list at an index from 0, and null where there is none, and of all else.
func (v Value) At(index int) Value {
	items := v.Items()
	if index < 0 || index >= len(items) {
		return Value{}
	}
	return items[index]
}

// IsBlank reports whether v is null, blank text, or a list or object without members: "is empty" in the language.
func (v Value) IsBlank() bool {
	switch v.Kind() {
	case KindNull:
		return true
	case KindText, KindPseudonym:
		return isBlank(v.Text())
	case KindList, KindObject:
		return v.n == 0
	}
	return false
}

// HoldsPersonal reports whether v is a personal value, or a list or object with one in it.
func (v Value) HoldsPersonal() bool {
	switch v.Kind() {
	case KindPseudonym:
		return true
	case KindList:
		return slices.ContainsFunc(v.Items(), Value.HoldsPersonal)
	case KindObject:
		return slices.ContainsFunc(v.Members(), func(m Member) bool { return m.Value.HoldsPersonal() })
	}
	return false
}

// InRange reports whether v can be used: all but a number with more than 38 digits before the point can (section 2).
func (v Value) InRange() bool {
	return v.Kind() != KindNumber || v.p == nil || v.bigInRange()
}

func (v Value) bigInRange() bool { return v.Decimal().InRange() }

// Rounded reports whether v is a number that was read with more than 20 decimals.
func (v Value) Rounded() bool { return v.is&isRounded != 0 }

// Equal is the equality of the language (section 2): null only with null, numbers by value, a number and a text by the
// number's canonical text, moments by instant, references to the same thing, lists item by item, objects key by key
// where an absent key is null. All else is unequal.
func (v Value) Equal(w Value) bool {
	if v.Kind() != w.Kind() {
		if v.Kind() == KindText && w.Kind() == KindNumber {
			return equalsText(w.Decimal(), v.Text())
		}
		if v.Kind() == KindNumber && w.Kind() == KindText {
			return equalsText(v.Decimal(), w.Text())
		}
		return false
	}
	switch v.Kind() {
	case KindNull:
		return true
	case KindText, KindPseudonym:
		return v.Text() == w.Text()
	case KindNumber:
		return v.Decimal().Cmp(w.Decimal()) == 0
	case KindBool, KindMoment:
		return v.n == w.n
	case KindList:
		a, b := v.Items(), w.Items()
		if len(a) != len(b) {
			return false
		}
		for i := range a {
			if !a[i].Equal(b[i]) {
				return false
			}
		}
		return true
	case KindObject:
		return sameMembers(v, w)
	default: // KindRef
		a, b := v.Entity(), w.Entity()
		return a.Noun() == b.Noun() && a.ExternalID() == b.ExternalID()
	}
}

// sameMembers compares objects. Members that both have are compared once: twice would take twice as long for each level
// of nesting.
func sameMembers(v, w Value) bool {
	for _, m := range v.Members() {
		if !m.Value.Equal(w.Get(m.Key)) {
			return false
		}
	}
	for _, m := range w.Members() {
		if !m.Value.IsNull() && v.Get(m.Key).IsNull() {
			return false
		}
	}
	return true
}

func equalsText(d Decimal, text string) bool {
	if len(text) == 0 || text[0] != '-' && (text[0] < '0' || text[0] > '9') {
		return false
	}
	var buf [maxText]byte
	return string(d.Append(buf[:0])) == text
}

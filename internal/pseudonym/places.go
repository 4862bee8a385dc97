package pseudonym

import (
	"encoding/binary"
	"errors"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Places says which texts of a stored JSON are pseudonyms that a door put there, so that nobody can send a false one:
// a byte of flags, then for each of them, in the order of the JSON, how many texts stand between it and the one before.
// Nil means none. Keys of objects are no texts.
type Places []byte

// The flags.
const (
	noFlags  = 0
	redacted = 1 // marks that are younger than the delivery changed what is stored
	isNote   = 2 // the JSON is a note of ours in the place of a body that could not be read
)

var noteOnly = Places{isNote}

func (p Places) has(flag byte) bool { return len(p) > 0 && p[0]&flag != 0 }

func (p Places) isNote() bool { return p.has(isNote) }

// Redacted says whether what is stored is no longer what the run saw.
func (p Places) Redacted() bool { return p.has(redacted) }

// asRedacted notes that marks which are younger than the delivery changed what is stored.
func (p Places) asRedacted() Places {
	if len(p) == 0 {
		return Places{redacted}
	}
	marked := append(Places(nil), p...)
	marked[0] |= redacted
	return marked
}

// placesOf finds the pseudonyms in a value.
func placesOf(v value.Value) Places {
	var p Places
	between := uint64(0)
	walk(v, func(text value.Value) value.Value {
		if text.Kind() != value.KindPseudonym {
			between++
			return text
		}
		if p == nil {
			p = append(p, noFlags)
		}
		p = binary.AppendUvarint(p, between)
		between = 0
		return text
	})
	return p
}

// Value reads what was stored, with its pseudonyms.
func (k Kept) Value() (value.Value, error) {
	v, syntax := value.ParseJSON(k.Body, value.Limits{Bytes: len(k.Body) + 1})
	if syntax != nil {
		return value.Null(), syntax
	}
	if len(k.Places) < 2 {
		return v, nil
	}
	return k.Places.restore(v)
}

var errPlaces = errors.New("the places of its pseudonyms are damaged")

func (p Places) restore(v value.Value) (value.Value, error) {
	rest := p[1:]
	var err error
	next := func() (between uint64, more bool) {
		if len(rest) == 0 {
			return 0, false
		}
		n, size := binary.Uvarint(rest)
		if size <= 0 {
			err = errPlaces
			return 0, false
		}
		rest = rest[size:]
		return n, true
	}
	between, more := next()
	v = walk(v, func(text value.Value) value.Value {
		switch {
		case !more:
		case between > 0:
			between--
		default:
			between, more = next()
			return value.Pseudonym(text.Text())
		}
		return text
	})
	if err == nil && more {
		err = errPlaces
	}
	return v, err
}

// walk calls fn for each text and pseudonym in the order of the JSON, and gives the value with what fn makes of them.
func walk(v value.Value, fn func(value.Value) value.Value) value.Value {
	if v.Kind() == value.KindText || v.Kind() == value.KindPseudonym {
		return fn(v)
	}
	return v.Mapped(func(_ string, inner value.Value) value.Value { return walk(inner, fn) })
}

package run

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Answers are what a run was told from outside, packed in the order in which it asked, so that it can be played again
// without a host: the answer to each effect, each field that was read of a record or identity, each pseudonym. What the
// program itself knows (noun, key, the fields it gave) is not in them: an upsert that changed nothing is one byte.
//
// An answer begins with a byte: the outcome in its low three bits, then flags for what follows it.
const (
	flagResult = 1 << 3 // a result other than the reference to what the effect is about
	flagBefore = 1 << 4
	flagLocked = 1 << 5
	flagStale  = 1 << 6
	flagOthers = 1 << 7 // Matched and Touched

	otherOutcome = 6 // the outcome's text follows
	failure      = 7 // a data error follows
)

var outcomes = [...]Outcome{Created, Updated, Unchanged, Found, Answered, Locked}

func appendAnswer(b []byte, e *Effect, a *Answer) []byte {
	head := byte(otherOutcome)
	for i, o := range outcomes {
		if a.Outcome == o {
			head = byte(i)
		}
	}
	implied := isAbout(a.Result, e)
	if !implied {
		head |= flagResult
	}
	if len(a.Before) > 0 {
		head |= flagBefore
	}
	if len(a.Locked) > 0 {
		head |= flagLocked
	}
	if len(a.Stale) > 0 {
		head |= flagStale
	}
	if a.Matched > 0 || len(a.Touched) > 0 {
		head |= flagOthers
	}
	b = append(b, head)
	if head&7 == otherOutcome {
		b = appendText(b, string(a.Outcome))
	}
	if !implied {
		b = appendValue(b, a.Result)
	}
	if len(a.Before) > 0 {
		b = appendFields(b, e, a.Before)
	}
	for _, names := range [][]string{a.Locked, a.Stale} {
		if len(names) > 0 {
			b = appendNames(b, e, names)
		}
	}
	if head&flagOthers == 0 {
		return b
	}
	b = binary.AppendUvarint(b, uint64(a.Matched))
	b = binary.AppendUvarint(b, uint64(len(a.Touched)))
	for i := range a.Touched {
		t := &a.Touched[i]
		b = appendText(b, t.ExternalID)
		b = appendText(b, string(t.Outcome))
		b = appendFields(b, e, t.Before)
		b = appendNames(b, e, t.Locked)
		b = appendNames(b, e, t.Stale)
	}
	return b
}

func appendFields(b []byte, e *Effect, fields []Field) []byte {
	b = binary.AppendUvarint(b, uint64(len(fields)))
	for _, f := range fields {
		b = appendName(b, e, f.Name)
		b = appendValue(b, f.Value)
	}
	return b
}

func appendNames(b []byte, e *Effect, names []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = appendName(b, e, name)
	}
	return b
}

// isAbout reports whether v is the reference to what e is about.
func isAbout(v value.Value, e *Effect) bool {
	entity := v.Entity()
	return entity != nil && entity.Noun() == e.Noun && entity.ExternalID() == e.Key
}

func appendFailure(b []byte, err *DataError) []byte {
	b = append(b, failure)
	for _, text := range []string{err.Code, err.Field, err.Message, err.Remedy} {
		b = appendText(b, text)
	}
	return appendValue(b, err.Value)
}

// appendName adds the name of a field: its place in the effect from 1, or 0 and the name. What is to be set has its
// place without the prefix.
func appendName(b []byte, e *Effect, name string) []byte {
	for i := range e.Fields {
		if strings.TrimPrefix(e.Fields[i].Name, SetPrefix) == name {
			return binary.AppendUvarint(b, uint64(i+1))
		}
	}
	return appendText(append(b, 0), name)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// A value begins with its kind; false, true and whole numbers of 64 bits have kinds of their own.
const (
	tagTrue = 16 + iota
	tagWhole
	tagBigNumber
)

func appendValue(b []byte, v value.Value) []byte {
	switch v.Kind() {
	case value.KindText, value.KindPseudonym:
		return appendText(append(b, byte(v.Kind())), v.Text())
	case value.KindNumber:
		d := v.Decimal()
		if n, ok := d.Int64(); ok {
			return binary.AppendVarint(append(b, tagWhole), n)
		}
		return appendText(append(b, tagBigNumber), d.String())
	case value.KindBool:
		if v.Bool() {
			return append(b, tagTrue)
		}
		return append(b, byte(value.KindBool))
	case value.KindMoment:
		return binary.AppendVarint(append(b, byte(value.KindMoment)), v.Micros())
	case value.KindList:
		b = binary.AppendUvarint(append(b, byte(value.KindList)), uint64(v.Len()))
		for _, item := range v.Items() {
			b = appendValue(b, item)
		}
		return b
	case value.KindObject:
		b = binary.AppendUvarint(append(b, byte(value.KindObject)), uint64(v.Len()))
		for _, m := range v.Members() {
			b = appendValue(appendText(b, m.Key), m.Value)
		}
		return b
	case value.KindRef:
		e := v.Entity()
		return appendText(appendText(append(b, byte(value.KindRef)), e.Noun()), e.ExternalID())
	}
	return append(b, byte(value.KindNull))
}

// errBroken is answers that do not fit the run that reads them.
var errBroken = errors.New("the stored answers do not fit this run: the program asks other things now than it asked then")

// answerReader reads packed answers. Once something does not fit it is broken and gives zero values.
type answerReader struct {
	rest   []byte
	broken bool
}

func (r *answerReader) byte() byte {
	if len(r.rest) == 0 {
		r.broken = true
		return 0
	}
	c := r.rest[0]
	r.rest = r.rest[1:]
	return c
}

func (r *answerReader) uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.broken, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *answerReader) int() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.broken, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

// count reads a number of things that take a byte each at least.
func (r *answerReader) count() int {
	n := r.uint()
	if n > uint64(len(r.rest)) {
		r.broken, r.rest = true, nil
		return 0
	}
	return int(n)
}

func (r *answerReader) text() string {
	n := r.count()
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *answerReader) value() value.Value { return r.nested(MaxDepth + 1) }

func (r *answerReader) nested(depth int) value.Value {
	if depth == 0 {
		r.broken, r.rest = true, nil
	}
	switch tag := r.byte(); tag {
	case byte(value.KindNull):
		return value.Null()
	case byte(value.KindText):
		return value.Text(r.text())
	case byte(value.KindPseudonym):
		return value.Pseudonym(r.text())
	case byte(value.KindBool):
		return value.Bool(false)
	case tagTrue:
		return value.Bool(true)
	case tagWhole:
		return value.Int(r.int())
	case tagBigNumber:
		d, err := value.ParseDecimal(r.text())
		r.broken = r.broken || err != nil
		return value.Number(d)
	case byte(value.KindMoment):
		return value.Moment(r.int())
	case byte(value.KindList):
		items := make([]value.Value, r.count())
		for i := range items {
			items[i] = r.nested(depth - 1)
		}
		return value.List(items)
	case byte(value.KindObject):
		members := make([]value.Member, r.count())
		for i := range members {
			members[i].Key = r.text()
			members[i].Value = r.nested(depth - 1)
		}
		return value.Object(members)
	case byte(value.KindRef):
		noun := r.text()
		return value.Ref(played{noun, r.text()})
	default:
		r.broken = true
		return value.Null()
	}
}

func (r *answerReader) name(e *Effect) string {
	i := r.uint()
	switch {
	case i == 0:
		return r.text()
	case i > uint64(len(e.Fields)):
		r.broken = true
		return ""
	}
	return strings.TrimPrefix(e.Fields[i-1].Name, SetPrefix)
}

// answer reads the answer to e.
func (r *answerReader) answer(e *Effect) (Answer, error) {
	if len(r.rest) == 0 && e.Kind == Ask {
		return Answer{}, &ErrPending{Question: e.Noun, Fields: slices.Clone(e.Fields)}
	}
	head := r.byte()
	if head == failure {
		err := &DataError{Code: r.text(), Field: r.text(), Message: r.text(), Remedy: r.text(), Value: r.value()}
		if r.broken {
			return Answer{}, errBroken
		}
		return Answer{}, err
	}
	var a Answer
	switch o := head & 7; {
	case int(o) < len(outcomes):
		a.Outcome = outcomes[o]
	case o == otherOutcome:
		a.Outcome = Outcome(r.text())
	default:
		r.broken = true
	}
	if head&flagResult != 0 {
		a.Result = r.value()
	} else {
		a.Result = value.Ref(played{e.Noun, e.Key})
	}
	if head&flagBefore != 0 {
		a.Before = r.fields(e)
	}
	if head&flagLocked != 0 {
		a.Locked = r.names(e)
	}
	if head&flagStale != 0 {
		a.Stale = r.names(e)
	}
	if head&flagOthers != 0 {
		a.Matched = int(min(r.uint(), math.MaxInt32))
		a.Touched = make([]Touched, r.count())
		for i := range a.Touched {
			a.Touched[i] = Touched{ExternalID: r.text(), Outcome: Outcome(r.text()), Before: r.fields(e), Locked: r.names(e), Stale: r.names(e)}
		}
	}
	if r.broken {
		return Answer{}, errBroken
	}
	return a, nil
}

func (r *answerReader) fields(e *Effect) []Field {
	fields := make([]Field, r.count())
	for i := range fields {
		fields[i] = Field{Name: r.name(e), Value: r.value()}
	}
	return fields
}

func (r *answerReader) names(e *Effect) []string {
	names := make([]string, r.count())
	for i := range names {
		names[i] = r.name(e)
	}
	return names
}

// played is a record or identity of which only the reference is known; its fields come out of the answers.
type played struct{ noun, id string }

func (p played) Noun() string             { return p.noun }
func (p played) ExternalID() string       { return p.id }
func (p played) Field(string) value.Value { return value.Null() }

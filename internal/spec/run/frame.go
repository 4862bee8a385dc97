package run

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"time"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// The bounds of one run (8.3). They are counted, never timed, so that a run ends alike on a busy and on a quiet node.
const (
	MaxSteps    = 100_000
	MaxEvals    = 2_000_000
	MaxWrites   = 10_000
	MaxItems    = 10_000   // of a list made or looped over
	MaxText     = 1 << 20  // bytes of one text
	MaxValue    = 4 << 20  // bytes of a list or object, as JSON, that a field or variable holds
	MaxAllText  = 64 << 20 // bytes of all text made
	MaxDepth    = 64
	digestChunk = 4096
)

// Frame is the state of one run. Expressions and operations get it; only one goroutine ever has it.
type Frame struct {
	slots    []value.Value
	stack    []value.Value // arguments of calls under way
	fields   []Field       // those of the steps under way are cut from here
	prog     *Program
	env      Environment
	host     Host
	rec      Recorder
	replay   *answerReader // plays answers back instead of the host
	evals    int           // left
	text     int           // left
	steps    int
	writes   int
	asked    int
	at       []int // item numbers of the loops we are in
	answers  []byte
	digest   []byte
	hash     hash.Hash
	counts   Counts
	errors   []*DataError
	partial  bool
	outcome  Outcome // of the step under way
	pending  *ErrPending
	abort    error
	slotBuf  [24]value.Value
	stackBuf [16]value.Value
	itemBuf  [4]int
	fieldBuf [32]Field

	beside  Beside // nil: no run is beside it
	track   *Track // of the run that leads
	follows *InCommon
	own     []bool // by slot, of a run that follows: it may hold something else there than the run that leads
}

// frame gives a frame that no run uses.
func (p *Program) frame() *Frame {
	if f, ok := p.frames.Get().(*Frame); ok {
		return f
	}
	return &Frame{prog: p, digest: make([]byte, 0, digestChunk/2)}
}

// free takes a frame back, empty: nothing of a run is kept but the room it took.
func (p *Program) free(f *Frame) {
	if cap(f.digest) > 4*digestChunk {
		return // a rare big one
	}
	*f = Frame{prog: p, digest: f.digest[:0], own: f.own[:0]}
	p.frames.Put(f)
}

// Slot gives the value of a variable.
func (f *Frame) Slot(slot int) value.Value { return f.slots[slot] }

// SetSlot binds a variable.
func (f *Frame) SetSlot(slot int, v value.Value) { f.slots[slot] = v }

// ReceivedAt is the delivery's receive time, in microseconds since 1970 UTC.
func (f *Frame) ReceivedAt() int64 { return f.env.ReceivedAt }

// Country is the tenant's country calling code.
func (f *Frame) Country() string { return f.env.Country }

// Location gives a zone by its IANA name; "" is the tenant's.
func (f *Frame) Location(name string) (*time.Location, error) {
	if name == "" {
		name = f.env.Zone
	}
	if known, ok := f.prog.zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	if name == "" || name == "Local" { // what LoadLocation takes, but no zone
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("%q is no time zone", name)
	}
	f.prog.zones.Store(name, loc)
	return loc, nil
}

// Push keeps room for n arguments and gives them; Pop gives the room back. In between other calls may push.
func (f *Frame) Push(v value.Value) { f.stack = append(f.stack, v) }

// Depth of the stack, to be given to Args and Pop.
func (f *Frame) Depth() int { return len(f.stack) }

// Args are the values pushed since depth.
func (f *Frame) Args(depth int) []value.Value { return f.stack[depth:len(f.stack):len(f.stack)] }

// Pop drops what was pushed since depth.
func (f *Frame) Pop(depth int) { f.stack = f.stack[:depth] }

// Count counts one evaluated expression.
func (f *Frame) Count() *DataError {
	f.evals--
	if f.evals < 0 {
		return f.limit("a run evaluates at most 2,000,000 expressions", "Loop over fewer items, or do less per item.")
	}
	return nil
}

// limit makes the error of a budget that ran out. It fails the run, wherever it happens.
func (f *Frame) limit(message, remedy string) *DataError {
	return &DataError{Code: "limit", Message: message, Remedy: remedy, fatal: true}
}

// Text makes a text out of s, counted.
func (f *Frame) Text(s string) (value.Value, *DataError) {
	if err := f.Room(len(s)); err != nil {
		return value.Null(), err
	}
	return value.Text(s), nil
}

// Room asks for room for a text of n bytes before it is made.
func (f *Frame) Room(n int) *DataError {
	if n > MaxText {
		return Fail("too_long", value.Null(), fmt.Sprintf("the text made here has %d bytes, and 1 MiB is the most", n), "Make a shorter text.")
	}
	if f.text -= n; f.text < 0 {
		return f.limit("a run makes at most 64 MiB of text", "Loop over fewer items, or make less text per item.")
	}
	return nil
}

// ListRoom asks for room for a list of n items before it is made.
func (f *Frame) ListRoom(n int) *DataError {
	if n > MaxItems {
		return Fail("limit", value.Null(), fmt.Sprintf("the list has %d items, and 10,000 are the most", n), "Filter the list first, or send it in parts.")
	}
	return nil
}

// Get takes one step into a value. What a record or identity holds is an answer of the host, so reading it goes
// through here.
func (f *Frame) Get(v value.Value, key string) (value.Value, *DataError) {
	if v.Kind() != value.KindRef {
		return v.Get(key), nil
	}
	return f.read(v, key)
}

func (f *Frame) read(v value.Value, key string) (value.Value, *DataError) {
	var got value.Value
	if f.replay != nil {
		got = f.replay.value()
		if f.replay.broken {
			return value.Null(), f.lost()
		}
	} else {
		got = v.Entity().Field(key)
	}
	f.answers = appendValue(f.answers, got)
	if f.rec != nil {
		f.rec.Read(v.Entity(), key, got)
	}
	return got, nil
}

// Pseudonym computes the pseudonym of an unmarked value.
func (f *Frame) Pseudonym(kind, text string) (value.Value, *DataError) {
	var s string
	if f.replay != nil {
		s = f.replay.value().Text()
		if f.replay.broken {
			return value.Null(), f.lost()
		}
	} else {
		var err error
		if s, err = f.host.Pseudonym(kind, text); err != nil {
			f.abort = err
			return value.Null(), &DataError{Code: "aborted", fatal: true}
		}
	}
	v := value.Text(s)
	f.answers = appendValue(f.answers, v)
	if f.rec != nil {
		f.rec.Pseudonym(kind, text, s)
	}
	return v, nil
}

// Tracing reports whether remarks are of use.
func (f *Frame) Tracing() bool { return f.rec != nil }

// Remark notes something about the expression under way that a reader of the trace wants to know.
func (f *Frame) Remark(code, message string) {
	if f.rec != nil {
		f.rec.Remark(code, message)
	}
}

// Enter and Leave record one expression; only traced programs call them.
func (f *Frame) Enter(n *Node) {
	if f.rec != nil {
		f.rec.Enter(n)
	}
}

// Leave ends what Enter began.
func (f *Frame) Leave(v value.Value, err *DataError) {
	if f.rec != nil {
		f.rec.Leave(v, err)
	}
}

// Item says that what is evaluated next is for one item of a list.
func (f *Frame) Item(v value.Value) {
	if f.rec != nil {
		f.rec.Item(v)
	}
}

// Fail makes a data error.
func Fail(code string, v value.Value, message, remedy string) *DataError {
	return &DataError{Code: code, Value: v, Message: message, Remedy: remedy}
}

// note adds bytes to the digest.
func (f *Frame) note(text string) {
	if f.env.Bare {
		return
	}
	f.digest = append(f.digest, text...)
	f.digest = append(f.digest, 0)
	f.flush(digestChunk)
}

func (f *Frame) noteInt(n int) {
	if f.env.Bare {
		return
	}
	f.digest = strconv.AppendInt(f.digest, int64(n), 10)
	f.digest = append(f.digest, 0)
}

// noteValue adds a value to the digest, and so bounds how big and deep values get that live on.
func (f *Frame) noteValue(v value.Value) *DataError {
	if v.Kind() != value.KindList && v.Kind() != value.KindObject {
		if f.env.Bare {
			return nil
		}
		f.digest = append(v.AppendJSON(f.digest), 0)
		f.flush(digestChunk)
		return nil
	}
	before := len(f.digest)
	out, ok := v.AppendLimited(f.digest, MaxValue, MaxDepth)
	if !ok {
		return Fail("limit", value.Null(), "the value is too big: as JSON it has more than 4 MiB, or it is nested more than 64 deep", "Keep only the parts that are needed.")
	}
	f.digest = append(out, 0)
	if f.text -= len(f.digest) - before; f.text < 0 {
		return f.limit("a run makes at most 64 MiB of text", "Loop over fewer items, or make less text per item.")
	}
	if f.env.Bare {
		f.digest = f.digest[:before]
	}
	f.flush(digestChunk)
	return nil
}

// noteInput adds what the run was given.
func (f *Frame) noteInput(v value.Value) {
	if f.env.Bare {
		return
	}
	f.digest = append(v.AppendJSON(f.digest), 0)
	f.flush(digestChunk)
}

func (f *Frame) flush(from int) {
	if len(f.digest) < from {
		return
	}
	if f.hash == nil {
		f.hash = sha256.New()
	}
	f.hash.Write(f.digest)
	f.digest = f.digest[:0]
}

func (f *Frame) sum() [32]byte {
	if f.hash == nil {
		return sha256.Sum256(f.digest)
	}
	f.flush(0)
	return [32]byte(f.hash.Sum(nil))
}

func (f *Frame) noteError(err *DataError) {
	f.note("error")
	f.note(err.Code)
	f.note(err.Place)
	f.note(err.Field)
}

// cut gives room for n fields. The step gives it back when it has ended.
func (f *Frame) cut(n int) []Field {
	if cap(f.fields)-len(f.fields) < n {
		f.fields = make([]Field, 0, max(n, 32))
	}
	start := len(f.fields)
	f.fields = f.fields[:start+n]
	return slices.Clip(f.fields[start : start+n])[:0]
}

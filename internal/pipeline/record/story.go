package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/id"
)

// Thing is what the journal tells of: a record, an identity, an agent, a team or a user, by noun and number.
type Thing struct {
	Noun string
	ID   int64
}

// Subject is whose writes are taken back: an execution, a call of a fixed webhook (by its delivery) or an undo. The zero
// Subject is everybody else: people and programs at the API.
type Subject struct{ Execution, Delivery, Undo int64 }

// Subject is whose writes m's are.
func (m *Maker) Subject() Subject {
	switch {
	case m.Undo != 0:
		return Subject{Undo: m.Undo}
	case m.Execution != 0:
		return Subject{Execution: m.Execution}
	default:
		return Subject{Delivery: m.Delivery}
	}
}

// tookBack is what an undo is the undo of; zero for what is none.
func (m *Maker) tookBack() Subject {
	switch {
	case m.Undo == 0:
		return Subject{}
	case m.Redoes != 0:
		return Subject{Undo: m.Redoes}
	case m.Execution != 0:
		return Subject{Execution: m.Execution}
	default:
		return Subject{Delivery: m.Delivery}
	}
}

// ReadMaker reads the stored form of a Maker.
func ReadMaker(stored string) (m Maker, err error) {
	if m, ok := readPlain(stored); ok {
		return m, nil
	}
	m = Maker{}
	if err = json.Unmarshal([]byte(stored), &m); err != nil {
		err = fmt.Errorf("the maker of a change: %w", err)
	}
	return m, err
}

// readPlain reads what Maker.JSON writes of a run at a door, which nearly every record has; of all else it says false. Reading any
// JSON takes several times as long.
func readPlain(stored string) (m Maker, ok bool) {
	rest, ok := strings.CutPrefix(stored, `{"origin":"`+FromProvider+`"`)
	if !ok {
		return m, false
	}
	m.Origin = FromProvider
	var version int64
	for _, f := range [...]struct {
		name string
		n    *int64
	}{{`,"origin_id":`, &m.OriginID}, {`,"delivery":`, &m.Delivery}, {`,"execution":`, &m.Execution}, {`,"processor":`, &m.Processor}, {`,"version":`, &version}} {
		number, ok := strings.CutPrefix(rest, f.name)
		if !ok {
			continue
		}
		end := strings.IndexAny(number, ",}")
		if end < 0 {
			return m, false
		}
		var err error
		if *f.n, err = strconv.ParseInt(number[:end], 10, 64); err != nil {
			return m, false
		}
		rest = number[end:]
	}
	m.Version = int(version)
	if instruction, ok := strings.CutPrefix(rest, `,"instruction":"`); ok {
		m.Instruction, _, _ = strings.Cut(instruction, `"`)
	}
	return m, utf8.ValidString(m.Instruction) && m.JSON() == stored
}

// event is one change of one field, as the journal tells it.
type event struct {
	maker Maker
	by    Subject
	was   Was
	image []byte // as it is stored
}

// given is the mark that the field had after the event: that of its maker's writes, unless it says another.
func (e *event) given(wrote Mark) Mark {
	if e.maker.Undo != 0 || e.was.Given != (Mark{}) {
		return e.was.Given
	}
	return wrote
}

// story is what happened to a thing, by field, oldest first. Whether the thing is there is told under "".
type story map[string][]event

// readStory reads the journal of a thing. An undo that was taken back is no part of the story: things are as they were
// before it.
func readStory(entries []Entry) (story, error) {
	s := story{}
	for i := range entries {
		e := &entries[i]
		maker, err := ReadMaker(e.MadeBy)
		if err != nil {
			return nil, err
		}
		var fields []Was
		if isThere(e.Before) {
			fields = []Was{{}}
		} else if fields, err = readImage(e.Noun, e.Before); err != nil {
			return nil, err
		}
		for _, was := range fields {
			if was.Field == keyName { // another key makes it no other thing
				continue
			}
			if maker.Redoes != 0 {
				s.forget(was.Field, maker.Redoes)
			} else {
				s[was.Field] = append(s[was.Field], event{maker: maker, by: maker.Subject(), was: was, image: e.Before})
			}
		}
	}
	for _, events := range s { // what was set to what it held already held what it did before the next change
		for n := len(events) - 2; n >= 0; n-- {
			if next := events[n+1].was; events[n].was.Same {
				events[n].was.Value, events[n].was.Identity, events[n].was.Same = next.Value, next.Identity, next.Same
			}
		}
	}
	return s, nil
}

// isThere: the entry tells that the thing came to be, or was removed.
func isThere(image []byte) bool {
	return string(image) == Creation || isRemoval(image)
}

// forget drops an undo from the story of a field.
func (s story) forget(field string, undo int64) {
	last := slices.IndexFunc(s[field], func(e event) bool { return e.by.Undo == undo })
	if last >= 0 {
		s[field] = s[field][:last]
	}
}

// inForce leaves out what was taken back, down to the last event that was not, or that is of's.
func inForce(events []event, of Subject) []event {
	for n := len(events); n > 0; n = len(events) {
		last := &events[n-1]
		gone := last.maker.tookBack()
		if last.by == of || gone == (Subject{}) {
			break
		}
		events = inForce(events[:n-1], gone)
		for n = len(events); n > 0 && events[n-1].by == gone; n-- {
			events = events[:n-1]
		}
	}
	return events
}

// verdict on one field.
type verdict uint8

const (
	nothing  verdict = iota // it was not the subject's, or is no longer
	takeBack                // the subject set it last
	setSince                // the subject set it, and somebody else after it
)

// held is a field as it is now.
type held struct {
	marked  bool // it has marks: a link or an agent's team has none
	mark    Mark
	created bool // the subject made the thing, and may have set the field by that
	wrote   Mark // of the subject's writes
	// same gives the mark of the subject's writes for those of writes that are taken back together with it; nil: none are.
	same func(Mark) Mark
}

// of brings a mark in the form in which it is compared.
func (h *held) of(m Mark) Mark {
	if h.same == nil {
		return m
	}
	return h.same(m)
}

// judge says whether a field is to be taken back, and to what: nil is what it was before the thing was made.
func judge(events []event, of Subject, now held) (v verdict, former *Was, since *Maker) {
	first := now.mark
	if len(events) > 0 {
		first = now.of(events[0].was.Mark)
	}
	atFirst := now.marked && now.created && first == now.wrote
	if atFirst && len(events) > 0 && events[0].maker.tookBack() == of {
		atFirst = false // it was taken back before
	}
	left := inForce(events, of)
	switch n := len(left); {
	case n > 0 && left[n-1].by == of:
		if now.marked && now.mark != left[n-1].given(now.wrote) {
			return setSince, nil, nil
		}
		for n > 1 && left[n-2].by == of {
			n--
		}
		return takeBack, &left[n-1].was, nil
	case n == 0 && atFirst && now.mark == now.wrote:
		return takeBack, nil, nil
	case n == 0 && atFirst:
		return setSince, nil, nil
	case n > 0 && (atFirst || slices.ContainsFunc(left, func(e event) bool { return e.by == of })):
		return setSince, nil, &left[n-1].maker
	}
	return nothing, nil, nil
}

// untouched reports whether nobody but the subject has changed a field since it was made by it.
func untouched(events []event, of Subject, now held, empty bool) bool {
	given := now.wrote
	for _, e := range inForce(events, of) {
		if e.by != of {
			return false
		}
		given = e.given(now.wrote)
	}
	return !now.marked || now.mark == given || empty && now.mark == Mark{}
}

// by says in words who has set a field since; nil: somebody who set it to what it held already.
func by(since *Maker) string {
	switch {
	case since == nil:
		return "It was set since, to what it held already."
	case since.Undo != 0:
		return "It was set since, by an undo (" + publicUndo(since.Undo) + ")."
	case since.Execution > 0:
		return "It was set since, by execution " + id.Format(id.Execution, since.Execution) + "."
	case since.Delivery > 0:
		return "It was set since, by delivery " + id.Format(id.Delivery, since.Delivery) + "."
	case since.Origin == FromUser:
		return "It was changed since, by a user."
	default:
		return "It was changed since, over the API."
	}
}

func publicUndo(n int64) string { return publicID(id.Undo, id.Undo, n) }

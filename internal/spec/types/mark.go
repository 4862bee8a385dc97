package types

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// A mark says of data without a schema where customer personal data is:
//
//	contact.email      a key of an object in an object
//	lines[].name       of each item of a list; lines.name is the same, since marks go through lists
//	answers.*.text     of whatever key
//	**.email           at any depth
//	contact["e-mail"]  a key that is no name
//
// What is marked is personal with all that is in it. So are texts and numbers that stand where a mark leads on, since a
// sender may put there what belongs further in.

// Mark is one mark as people write it.
type Mark struct {
	Path string `json:"path"`
	Kind string `json:"kind"` // one of PersonalKinds
}

// PersonalKinds are the kinds of personal data; the kind says how a value is brought into one form.
var PersonalKinds = []string{"email", "phone", "name", "address", "postcode", "date", "text"}

// Bounds of marks.
const (
	MaxMarks    = 100
	maxMarkPath = 500 // characters
	maxMarkKeys = 64  // in one path
)

// Marks are marks at one place of the data: what is left of each path from there on. The zero Marks mark nothing. They
// are immutable.
type Marks []marking

// marking is one mark at one place.
type marking struct {
	rest []markStep // still to go; none: this place is marked, and so is all below
	kind string
	path string // of the mark as it is written, for messages
	// maybe: only * or ** lead here, so that there is something to go on into is no more than possible.
	maybe bool
}

// markStep is one key of a mark's path.
type markStep struct {
	form markForm
	key  string
}

type markForm uint8

const (
	thisKey markForm = iota
	anyKey           // *
	anyDepth
)

// MarkError says what is wrong with one mark of several.
type MarkError struct {
	Index   int
	Field   string // path or kind
	Code    string // bad_path, bad_kind, twice
	Message string
	Hint    string
}

func (e *MarkError) Error() string { return fmt.Sprintf("mark %d: %s", e.Index+1, e.Message) }

// ReadMarks reads marks, or tells everything that is wrong with them.
func ReadMarks(list []Mark) (Marks, []*MarkError) {
	var marks Marks
	var wrong []*MarkError
	first := map[string]int{}
	for i, m := range list {
		steps, e := readMark(m.Path)
		switch {
		case e != nil:
			e.Index = i
			wrong = append(wrong, e)
		case !slices.Contains(PersonalKinds, m.Kind):
			wrong = append(wrong, &MarkError{i, "kind", "bad_kind", fmt.Sprintf("there is no kind of personal data %q", m.Kind), "One of " + strings.Join(PersonalKinds, ", ") + "; text takes a value as it is."})
		default:
			path := writeMark(steps)
			if before, twice := first[path]; twice {
				wrong = append(wrong, &MarkError{i, "path", "twice", fmt.Sprintf("%s is marked twice, by mark %d too", m.Path, before+1), "Leave one of them out; lines.name and lines[].name are the same."})
				continue
			}
			first[path] = i
			marks = append(marks, marking{rest: steps, kind: m.Kind, path: m.Path})
		}
	}
	return marks, wrong
}

// readMark reads a path.
func readMark(path string) ([]markStep, *MarkError) {
	wrong := func(hint, format string, args ...any) ([]markStep, *MarkError) {
		return nil, &MarkError{Field: "path", Code: "bad_path", Message: fmt.Sprintf(format, args...), Hint: hint}
	}
	const example = "A path is written as contact.email, lines[].name, answers.*.text or **.email."
	if len([]rune(path)) > maxMarkPath {
		return wrong("Mark something further out, and all in it.", "a path has at most %d characters", maxMarkPath)
	}
	var steps []markStep
	for at := 0; at < len(path) || at == 0; {
		if at > 0 && path[at] == '.' {
			if at++; at == len(path) || path[at] == '[' {
				return wrong(example, "a key is missing in %q after the point at character %d", path, at)
			}
		} else if at > 0 && path[at] != '[' {
			return wrong(example, "the path %q cannot be read from its character %d on", path, at+1)
		}
		rest := path[at:]
		switch {
		case strings.HasPrefix(rest, "**"):
			steps, at = append(steps, markStep{form: anyDepth}), at+2
		case strings.HasPrefix(rest, "*"):
			steps, at = append(steps, markStep{form: anyKey}), at+1
		case strings.HasPrefix(rest, "[]"):
			if len(steps) == 0 {
				return wrong("Write the key of the list before it, as lines[].name.", "[] stands for the items of a list, and no list is named before it in %q", path)
			}
			at += 2 // marks go through lists
			continue
		case strings.HasPrefix(rest, `["`):
			quoted, err := strconv.QuotedPrefix(rest[1:])
			if err != nil || !strings.HasPrefix(rest[1+len(quoted):], "]") {
				return wrong(`Write it as contact["e-mail"].`, "the key in brackets in %q is not closed", path)
			}
			key, err := strconv.Unquote(quoted)
			if err != nil {
				return wrong(`Write it as contact["e-mail"].`, "the key in brackets in %q cannot be read", path)
			}
			steps, at = append(steps, markStep{key: key}), at+len(quoted)+2
		case strings.HasPrefix(rest, "["):
			return wrong("A mark holds for every item: lines[].name.", "a single item of a list cannot be marked: %q", path)
		default:
			n := nameLength(rest)
			if n == 0 {
				if path == "" {
					return wrong(example, "the path is empty")
				}
				return wrong(example+` A key that is no name goes in brackets: contact["e-mail"].`, "a key is missing in %q at character %d", path, at+1)
			}
			steps, at = append(steps, markStep{key: rest[:n]}), at+n
		}
	}
	if len(steps) > maxMarkKeys {
		return wrong("Mark something further out, and all in it.", "a path has at most %d keys", maxMarkKeys)
	}
	for i, s := range steps {
		if s.form == anyDepth && (i == len(steps)-1 || steps[i+1].form == anyDepth) {
			return wrong("To mark all of something, mark it: contact.", "** is followed by a key, as in **.email; in %q it is not", path)
		}
	}
	return steps, nil
}

// nameLength is how long the name at the start of s is.
func nameLength(s string) int {
	for i := range len(s) {
		c := s[i]
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}

func writeMark(steps []markStep) string {
	path := ""
	for _, s := range steps {
		switch s.form {
		case thisKey:
			path = below(path, s.key)
		case anyKey:
			path = join(path, "*")
		case anyDepth:
			path = join(path, "**")
		}
	}
	return path
}

// below is the path of a key below a path.
func below(path, key string) string {
	if key == "" || nameLength(key) != len(key) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	return join(path, key)
}

// join puts one path after another.
func join(path, more string) string {
	if path == "" || more == "" || more[0] == '[' {
		return path + more
	}
	return path + "." + more
}

// List gives the marks as people write them. It is for marks that no step was taken from.
func (m Marks) List() []Mark {
	list := make([]Mark, len(m))
	for i, l := range m {
		list[i] = Mark{Path: l.path, Kind: l.kind}
	}
	return list
}

// With gives these marks and others.
func (m Marks) With(others Marks) Marks {
	both := slices.Clone(m)
	for _, l := range others {
		both = both.add(l)
	}
	return both
}

// Hit is the kind of what is marked here, and whether it is.
func (m Marks) Hit() (kind string, is bool) {
	for i := range m {
		if len(m[i].rest) == 0 {
			return m[i].kind, true
		}
	}
	return "", false
}

// Finds says whether anything in a value is marked, or may be: text where something with a marked field is expected.
func (m Marks) Finds(v value.Value) bool {
	if len(m) == 0 {
		return false
	}
	if _, is := m.Hit(); is {
		return true
	}
	switch v.Kind() {
	case value.KindObject:
		return slices.ContainsFunc(v.Members(), func(in value.Member) bool { return m.Key(in.Key).Finds(in.Value) })
	case value.KindList: // marks go through lists
		return slices.ContainsFunc(v.Items(), m.Finds)
	case value.KindText, value.KindNumber, value.KindPseudonym:
		return m.Leads()
	}
	return false
}

// Leads says whether what stands here is marked, or a mark leads through here by its name: then it is personal as a whole.
func (m Marks) Leads() bool {
	return slices.ContainsFunc(m, func(l marking) bool { return !l.maybe || len(l.rest) == 0 })
}

// Path is that of a mark which makes what stands here personal, "" for none.
func (m Marks) Path() string {
	for _, l := range m {
		if !l.maybe || len(l.rest) == 0 {
			return l.path
		}
	}
	return ""
}

// Key gives the marks below a key. Of what is marked everything is.
func (m Marks) Key(key string) Marks {
	if m.settled(key) {
		return m
	}
	var next Marks
	for _, l := range m {
		next = l.step(key, next)
	}
	return next
}

// settled: all marks are at any depth, and this key leads none of them on. So it is with most keys that a mark as
// **.email sees.
func (m Marks) settled(key string) bool {
	for i := range m {
		l := &m[i]
		if len(l.rest) == 0 {
			continue
		}
		if l.rest[0].form != anyDepth || !l.maybe || l.rest[1].form == anyKey || l.rest[1].key == key {
			return false
		}
	}
	return true
}

// names says whether a mark goes on from here by this very key.
func (m Marks) names(key string) bool {
	return slices.ContainsFunc(m, func(l marking) bool {
		next := l.rest
		if len(next) > 0 && next[0].form == anyDepth {
			next = next[1:]
		}
		return len(next) > 0 && next[0].form == thisKey && next[0].key == key
	})
}

func (l marking) step(key string, into Marks) Marks {
	if len(l.rest) == 0 {
		return into.put(l)
	}
	switch s := l.rest[0]; s.form {
	case anyDepth:
		into = into.put(marking{rest: l.rest, kind: l.kind, path: l.path, maybe: true})
		l.rest = l.rest[1:]
		return l.step(key, into)
	case anyKey:
		l.rest, l.maybe = l.rest[1:], true
		return into.put(l)
	default:
		if s.key != key {
			return into
		}
		l.rest, l.maybe = l.rest[1:], false
		return into.put(l)
	}
}

// Walk steps through marks as Key does, and takes no step twice: data has the same keys over and over, while marks with
// ** may each be at many places of their paths at a time. The zero Walk is ready to use, by one goroutine.
type Walk struct {
	steps  map[step]Marks
	places map[*markStep]int // numbers of what is left of a path
	known  map[string]Marks  // by the numbers of all that is left
}

// step of a Walk.
type step struct {
	from  *marking // the first of the marks: a Walk gives the same ones for the same
	key   string
	other bool // whatever key that no mark names
}

// Key is that of the marks.
func (w *Walk) Key(m Marks, key string) Marks {
	if m.settled(key) {
		return m
	}
	s := step{from: &m[0], key: key}
	if !m.names(key) {
		s.key, s.other = "", true
	}
	next, taken := w.steps[s]
	if taken {
		return next
	}
	if w.steps == nil {
		w.steps, w.places, w.known = map[step]Marks{}, map[*markStep]int{}, map[string]Marks{}
	}
	next = w.same(m.Key(key))
	w.steps[s] = next
	return next
}

// same gives the marks that were there before and have the same left.
func (w *Walk) same(m Marks) Marks {
	if _, hit := m.Hit(); hit { // nobody goes on from here
		return m
	}
	var left []byte
	for i := range m {
		place, has := w.places[&m[i].rest[0]]
		if !has {
			place = len(w.places)
			w.places[&m[i].rest[0]] = place
		}
		place *= 2
		if m[i].maybe {
			place++
		}
		left = binary.AppendUvarint(left, uint64(place))
	}
	known, has := w.known[string(left)]
	if !has {
		w.known[string(left)] = m
		return m
	}
	return known
}

// AnyKey gives the marks below a key that is not known: whatever may be there.
func (m Marks) AnyKey() Marks {
	var next Marks
	for _, l := range m {
		for len(l.rest) > 0 && l.rest[0].form == anyDepth {
			next = next.put(marking{rest: l.rest, kind: l.kind, path: l.path, maybe: true})
			l.rest = l.rest[1:]
		}
		if len(l.rest) > 0 {
			l.rest, l.maybe = l.rest[1:], l.rest[0].form == anyKey // it may be the very key
		}
		next = next.put(l)
	}
	return next
}

// add keeps each place of each mark once.
func (m Marks) add(l marking) Marks {
	for i := range m {
		if m[i].path == l.path && m[i].kind == l.kind && len(m[i].rest) == len(l.rest) {
			if m[i].maybe && !l.maybe {
				m = slices.Clone(m)
				m[i].maybe = false
			}
			return m
		}
	}
	return append(m, l)
}

// put is add for what one step makes of the places of marks, one mark after the other: places of the same mark stand
// together.
func (m Marks) put(l marking) Marks {
	for i := len(m) - 1; i >= 0 && m[i].path == l.path && m[i].kind == l.kind; i-- {
		if len(m[i].rest) == len(l.rest) {
			m[i].maybe = m[i].maybe && l.maybe
			return m
		}
	}
	return append(m, l)
}

// all marks everything from here on, for the same reasons.
func (m Marks) all() Marks {
	var all Marks
	for _, l := range m {
		all = all.put(marking{kind: l.kind, path: l.path})
	}
	return all
}

// anywhere gives marks that hold at any depth from here on.
func (m Marks) anywhere() Marks {
	deep := slices.Clone(m)
	for i, l := range deep {
		if len(l.rest) > 0 && l.rest[0].form != anyDepth {
			deep[i].rest = append([]markStep{{form: anyDepth}}, l.rest...)
		}
		deep[i].maybe = true
	}
	return deep
}

// within gives the marks with their paths as they are from a name on.
func (m Marks) within(name string) Marks {
	named := slices.Clone(m)
	for i := range named {
		named[i].path = join(name, named[i].path)
	}
	return named
}

// Same says whether the marks are the same, in the same order.
func (m Marks) Same(others Marks) bool {
	return slices.EqualFunc(m, others, func(l, k marking) bool {
		return l.path == k.path && l.kind == k.kind && len(l.rest) == len(k.rest) && l.maybe == k.maybe
	})
}

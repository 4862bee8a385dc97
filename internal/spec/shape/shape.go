// Package shape learns what data without a schema looks like from samples of it: which fields there are, how often, of
// which kinds, how many values they have and what their texts look like. From that it suggests what could be personal
// data. It gives no text that looks personal: only its outline. What it needs in memory is bounded, whatever the samples
// are, and the same samples always give the same shape. It never does I/O and knows nothing of specs.
package shape

import (
	"cmp"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Bounds of what is learned.
const (
	maxFields   = 2000 // of a shape
	maxKeys     = 500  // of one object; those that come after are not learned
	maxDistinct = 256  // values that are told apart, by field
	maxWords    = 12   // values of a field that takes one of a few
	maxExamples = 3
	maxWord     = 40 // characters of a word or example
)

// Shape is what was learned.
type Shape struct {
	Samples int
	Fields  []Field // in the order in which they were seen first, each before what is in it
	More    bool    // there are more than are told
	byPath  map[string]int
}

// Field is one place of the data.
type Field struct {
	Path     string // as marks are written: contact.email, lines[].sku
	Around   int    // so often there was something that could have it
	Present  int    // and so often it was there, be it with null
	Kinds    []Kind
	Blank    int    // texts with nothing but white space
	Distinct int    // values: texts and numbers
	More     bool   // there are more than Distinct
	Looks    []Seen // of texts that are not blank
	Examples []string
	Words    bool // Examples are all the values there were: it takes one of a few
	Personal *Suggestion
}

// Kind says how often a field had a value of a kind: null, text, number, boolean, list, object, personal.
type Kind struct {
	Kind  string
	Times int
}

// Seen says how many texts have a look.
type Seen struct {
	Look  Look
	Times int
}

// Suggestion says that a field could be personal data of a customer.
type Suggestion struct {
	Path  string
	Kind  string  // as of a mark
	Share float64 // of its values that look so; 1 where its name tells
	Why   string
}

// Suggestions are those of all fields, in their order.
func (s *Shape) Suggestions() []Suggestion {
	var all []Suggestion
	for _, f := range s.Fields {
		if f.Personal != nil {
			all = append(all, *f.Personal)
		}
	}
	return all
}

// Field gives the field of a path, nil for none; of items of a list the path has [] behind the list.
func (s *Shape) Field(path string) *Field {
	if s == nil {
		return nil
	}
	at, ok := s.byPath[path]
	if !ok {
		return nil
	}
	return &s.Fields[at]
}

// Share of the texts, those that are blank aside, that have one of the looks; 0 where there are none.
func (f *Field) Share(of ...Look) float64 {
	all, have := 0, 0
	for _, l := range f.Looks {
		all += l.Times
		if slices.Contains(of, l.Look) {
			have += l.Times
		}
	}
	if all == 0 {
		return 0
	}
	return float64(have) / float64(all)
}

// Values is how many values the field had: texts that are not blank, and numbers.
func (f *Field) Values() int {
	n := -f.Blank
	for _, k := range f.Kinds {
		if k.Kind == "text" || k.Kind == "number" {
			n += k.Times
		}
	}
	return n
}

// Learner learns one shape.
type Learner struct {
	country string
	root    node
	samples int
	nodes   int
	more    bool
}

// New makes a learner. Country is the tenant's calling code: by it numbers are known that are written as at home.
func New(country string) *Learner { return &Learner{country: country} }

// Add learns from one sample.
func (l *Learner) Add(v value.Value) {
	l.samples++
	l.learn(&l.root, v)
}

// node is a place while it is learned.
type node struct {
	path     string
	keys     []string // from the outside in, without those of lists
	present  int
	kinds    [len(kindNames)]int
	blank    int
	looks    map[Look]int
	within   int // e-mail addresses that stand within other text
	names    int // texts that could be names of people
	given    int // and begin with a given name
	dialable int // numbers that could be phone numbers
	distinct map[uint64]struct{}
	many     bool
	wordy    bool // a value is too long to be one of a few words
	examples []string
	fields   map[string]*node
	order    []*node // of fields
	items    *node
}

const (
	isNull = iota
	isText
	isNumber
	isBoolean
	isList
	isObject
	isPersonal
)

var kindNames = [...]string{"null", "text", "number", "boolean", "list", "object", "personal"}

func (l *Learner) learn(n *node, v value.Value) {
	n.present++
	switch v.Kind() {
	case value.KindText:
		n.kinds[isText]++
		l.text(n, v.Text())
	case value.KindNumber:
		n.kinds[isNumber]++
		text := v.Decimal().String()
		if dialable(text) {
			n.dialable++
		}
		n.value(text)
	case value.KindBool:
		n.kinds[isBoolean]++
	case value.KindList:
		n.kinds[isList]++
		for _, item := range v.Items() {
			if n.items == nil && !l.room() {
				return
			}
			if n.items == nil {
				n.items = &node{path: n.path + "[]", keys: n.keys}
			}
			l.learn(n.items, item)
		}
	case value.KindObject:
		n.kinds[isObject]++
		for _, m := range v.Members() {
			if f := l.field(n, m.Key); f != nil {
				l.learn(f, m.Value)
			}
		}
	case value.KindPseudonym:
		n.kinds[isPersonal]++
	default:
		n.kinds[isNull]++
	}
}

// field gives the node of a key; nil where there are too many already.
func (l *Learner) field(n *node, key string) *node {
	if f := n.fields[key]; f != nil {
		return f
	}
	if len(n.fields) >= maxKeys {
		l.more = true
		return nil
	}
	if !l.room() {
		return nil
	}
	if n.fields == nil {
		n.fields = map[string]*node{}
	}
	key = strings.Clone(key) // the sample must not be kept for it
	f := &node{path: Below(n.path, key), keys: append(slices.Clone(n.keys), key)}
	n.fields[key] = f
	n.order = append(n.order, f)
	return f
}

// room takes one of the fields that there may be.
func (l *Learner) room() bool {
	if l.nodes == maxFields {
		l.more = true
		return false
	}
	l.nodes++
	return true
}

func (l *Learner) text(n *node, text string) {
	text = strings.TrimFunc(text, unicode.IsSpace)
	if text == "" {
		n.blank++
		return
	}
	if n.looks == nil {
		n.looks = map[Look]int{}
	}
	look := LookOf(l.country, text)
	n.looks[look]++
	if look == Email && strings.ContainsFunc(text, unicode.IsSpace) {
		n.within++
	}
	if look == Text && nameLike(text) {
		n.names++
		if known(text) {
			n.given++
		}
	}
	if look == Number && dialable(text) {
		n.dialable++
	}
	n.value(text)
}

// value notes a value: that it is another one, and the first few as they are.
func (n *node) value(text string) {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // never fails
	sum := h.Sum64()
	if _, ok := n.distinct[sum]; ok {
		return
	}
	if len(n.distinct) == maxDistinct {
		n.many = true
		return
	}
	if n.distinct == nil {
		n.distinct = map[uint64]struct{}{}
	}
	n.distinct[sum] = struct{}{}
	if len(n.examples) < maxWords {
		n.examples = append(n.examples, cut(text))
	}
	n.wordy = n.wordy || utf8.RuneCountInString(text) > maxWord
}

// cut gives the beginning of a text, in memory of its own.
func cut(text string) string {
	if len(text) <= maxWord {
		return strings.Clone(text)
	}
	r := []rune(text[:min(len(text), 4*maxWord)])
	if len(r) <= maxWord {
		return strings.Clone(text)
	}
	return string(r[:maxWord]) + "…"
}

// Below is the path of a key below a path.
func Below(path, key string) string {
	name := key != ""
	for i, c := range []byte(key) {
		name = name && (c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9')
	}
	switch {
	case !name:
		return path + "[" + strconv.Quote(key) + "]"
	case path == "":
		return key
	}
	return path + "." + key
}

// Shape gives what was learned so far.
func (l *Learner) Shape() *Shape {
	s := &Shape{Samples: l.samples, More: l.more, byPath: map[string]int{}}
	l.tell(s, &l.root)
	return s
}

func (l *Learner) tell(s *Shape, n *node) {
	for _, f := range n.order {
		l.add(s, f, n.kinds[isObject])
	}
	if n.items != nil {
		l.add(s, n.items, n.items.present)
	}
}

func (l *Learner) add(s *Shape, n *node, around int) {
	f := Field{Path: n.path, Around: around, Present: n.present, Blank: n.blank, Distinct: len(n.distinct), More: n.many}
	for k, times := range n.kinds {
		if times > 0 {
			f.Kinds = append(f.Kinds, Kind{kindNames[k], times})
		}
	}
	people := n.people()
	for _, look := range looks {
		times := n.looks[look]
		switch {
		case look == PersonName && people:
			times = n.names
		case look == Text && people:
			times -= n.names
		}
		if times > 0 {
			f.Looks = append(f.Looks, Seen{look, times})
		}
	}
	slices.SortStableFunc(f.Looks, func(a, b Seen) int { return cmp.Compare(b.Times, a.Times) })
	f.Personal = n.suggest(&f)
	n.exemplify(&f)
	s.byPath[f.Path] = len(s.Fields)
	s.Fields = append(s.Fields, f)
	l.tell(s, n)
}

// people says whether the texts of a field are names of people: most could be, a good part begins with a given name.
func (n *node) people() bool {
	texts := n.kinds[isText] - n.blank
	return n.names*10 >= texts*7 && n.given*10 >= texts*3 && n.given > 0
}

// exemplify gives examples: as they are where they say nothing about a person, else their outline.
func (n *node) exemplify(f *Field) {
	personal := f.Personal != nil || slices.ContainsFunc(f.Looks, func(s Seen) bool { return s.Look.personal() })
	few := len(n.distinct) > 0 && len(n.distinct) <= maxWords && !n.wordy && f.Values() >= 2*len(n.distinct)
	plain := f.Share(Datetime, Date, Number, ID, Pseudonym) == 1 || n.kinds[isText] == n.blank // numbers only
	switch {
	case personal || !few && !plain:
		for _, text := range n.examples {
			if o := outline(text); len(f.Examples) < maxExamples && !slices.Contains(f.Examples, o) {
				f.Examples = append(f.Examples, o)
			}
		}
	case few && n.kinds[isText] > 0:
		f.Words = true
		f.Examples = slices.Clone(n.examples)
		slices.Sort(f.Examples)
	default:
		f.Examples = slices.Clone(n.examples[:min(len(n.examples), maxExamples)])
	}
}

// outline shows how a text is built and nothing that it says: x… for letters, 9… for digits.
func outline(text string) string {
	var b strings.Builder
	last := rune(0)
	for _, c := range text {
		switch {
		case unicode.IsLetter(c) || unicode.IsMark(c):
			c = 'x'
		case unicode.IsDigit(c):
			c = '9'
		case unicode.IsSpace(c):
			c = ' '
		}
		if c == last {
			continue
		}
		b.WriteRune(c)
		if c == 'x' || c == '9' {
			b.WriteRune('…')
		}
		last = c
	}
	return b.String()
}

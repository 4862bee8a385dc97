// Package language tells in Dutch the sentences that the server makes in English: of errors, problems of specs, traces,
// whys and previews. A sentence is read back against the catalogue of English formats; what was put into it (a name, an
// id, a value) is put into the Dutch as it was. It never makes a sentence of its own, never changes a value, and leaves
// a text it does not know as it is. docs/decisions/0039 tells why it is done where an answer leaves.
package language

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A sentence is one of the server's, in both languages. English is the format it is made with, as it stands in the
// source: %s, %d, %q, %v. Dutch has the same values: %s is the next one and %[2]s the second one, as they are; {2} is
// the second one told in Dutch, where it is a piece of ours ("a number"); {2:the} is it with its article. {2:who} is who did
// something, and {2:this} the path of a value: somebody's own name, in which only what we say before or instead of it is told.
type sentence struct{ english, dutch string }

// catalogue is all there is but the pieces, in the order of the packages that say it.
func catalogue() [][]sentence {
	return [][]sentence{entrance, settings, doors, payloads, files, yaml, causes, formulas, checks, library, runs, traces, records, trials, whys, codes}
}

// longest text that is told, in bytes. Ours are far shorter; a longer one is mostly somebody's value.
const longest = 4 << 10

// The most pieces that are read of one text, and the most places that are tried for the values of one sentence. A text of
// ours needs a few dozen; these keep what somebody made up from costing more.
const (
	mostReads = 300
	mostTries = 400
)

// weak is a sentence with fewer letters of its own; as a whole text it counts only where its values are ours, too.
const weak = 4

// Dutch tells a text in Dutch. What it does not know, it gives back as it is.
func Dutch(english string) string {
	text, _ := Told(english)
	return text
}

// Told is Dutch, and whether the text was known.
func Told(english string) (string, bool) {
	if english == "" || len(english) > longest {
		return english, false
	}
	r := reader{known: index(), told: map[piece]reading{}, left: mostReads}
	got := r.read(piece{text: english, whole: true})
	return got.dutch, got.letters > 0
}

// Summary tells the line of a step: the library's line of an operation, with what the spec says in the place of its fields.
func Summary(english string) (string, bool) {
	r := reader{known: index(), told: map[piece]reading{}, left: mostReads}
	best := reading{dutch: english}
	for _, f := range r.known.lines.near(english) {
		if values, ok := f.values(english); ok {
			if got := r.tell(f, values); got.letters > best.letters {
				best = got
			}
		}
	}
	if best.letters == 0 {
		return Told(english)
	}
	return best.dutch, true
}

// Note tells what we wrote in a place where people write their own words, and whether it was that. Nothing else is known there.
func Note(english string) (string, bool) {
	r := reader{known: index(), told: map[piece]reading{}, left: mostReads}
	for _, f := range r.known.notes.near(english) {
		if values, ok := f.values(english); ok {
			return r.tell(f, values).dutch, true
		}
	}
	return english, false
}

// Who tells what we put before the name of an API key. A name itself is told as it is, also where it is a word of ours.
func Who(english string) (string, bool) {
	name, is := strings.CutPrefix(english, "the API key ")
	if !is {
		return english, false
	}
	return "de API-sleutel " + name, true
}

// this tells what is said where a value has no path.
func this(english string) string {
	switch english {
	case "this":
		return "dit"
	case "this value":
		return "deze waarde"
	default:
		return english
	}
}

// notes are what Note knows.
var notes = []sentence{
	{"Version %d again", "Versie %d opnieuw"},
	{"Test added: %s", "Test toegevoegd: %s"},
	{"Made by setup", "Gemaakt bij de installatie"},
}

// lines are the library's lines of operations as sentences: {external_id} is a value.
func lines() []sentence {
	var all []sentence
	for _, s := range library {
		names := field.FindAllString(s.english, -1)
		if names == nil {
			continue
		}
		all = append(all, sentence{field.ReplaceAllString(s.english, "%s"), field.ReplaceAllStringFunc(s.dutch, func(name string) string {
			return "%[" + strconv.Itoa(slices.Index(names, name)+1) + "]s"
		})})
	}
	return all
}

// reading is one way to read a text: the better one explains more letters of it.
type reading struct {
	dutch   string
	letters int
}

type reader struct {
	known *book
	told  map[piece]reading
	left  int // so many pieces may still be read
}

// piece is a text to be read: a whole one, or what was put into another.
type piece struct {
	text  string
	whole bool
	alone bool // it is not several, one after the other
}

// read finds the reading that explains most; one that explains nothing has the text itself.
func (r *reader) read(p piece) reading {
	if got, ok := r.told[p]; ok {
		return got
	}
	text, best := p.text, reading{dutch: p.text}
	r.told[p] = best // a piece never is a piece of itself
	if r.left--; r.left < 0 || strings.TrimSpace(text) == "" {
		return best
	}
	better := func(got reading) {
		if got.letters > best.letters {
			best = got
		}
	}
	for _, f := range r.known.near(p) {
		if values, ok := f.values(text); ok {
			got := r.tell(f, values)
			if p.whole && f.letters < weak && got.letters*2 < len(text) {
				continue // “a of b” says too little to be known for ours
			}
			better(got)
		}
	}
	if best.letters < len(text) {
		r.dressed(p, better)
		if !p.alone {
			r.parts(p, better)
		}
	}
	r.told[p] = best
	return best
}

// dressed reads a piece that others make a sentence of: with a capital, a full stop, or both.
func (r *reader) dressed(p piece, better func(reading)) {
	if short, cut := strings.CutSuffix(p.text, "."); cut {
		if got := r.read(piece{short, p.whole, p.alone}); got.letters > 0 {
			better(reading{got.dutch + ".", got.letters + 1})
		}
	}
	if first, size := utf8.DecodeRuneInString(p.text); unicode.IsUpper(first) {
		if got := r.read(piece{string(unicode.ToLower(first)) + p.text[size:], p.whole, p.alone}); got.letters > 0 {
			better(reading{capital(got.dutch), got.letters - 1})
		}
	}
}

// between has what stands between sentences, and between the pieces of a list, with its Dutch.
var between = []struct {
	english, dutch string
	whole          bool // also between whole sentences
}{{". ", ". ", true}, {"; ", "; ", true}, {", ", ", ", false}, {" and ", " en ", false}, {" or ", " of ", false}}

// parts reads a text as several, one after the other, all of them ours.
func (r *reader) parts(p piece, better func(reading)) {
	for _, s := range between {
		if p.whole && !s.whole {
			continue
		}
		stop := 0
		if s.english == ". " { // a full stop is part of its sentence
			stop = 1
		}
		for at, tries := 0, 0; tries < 8; tries++ {
			n := strings.Index(p.text[at:], s.english)
			if n < 0 {
				break
			}
			at += n
			if a := r.read(piece{p.text[:at+stop], p.whole, true}); a.letters > 0 {
				if b := r.read(piece{p.text[at+len(s.english):], p.whole, false}); b.letters > 0 {
					better(reading{a.dutch + s.dutch[stop:] + b.dutch, a.letters + b.letters})
				}
			}
			at += len(s.english)
		}
	}
}

// tell puts the values of a sentence into its Dutch.
func (r *reader) tell(f *format, values []string) reading {
	got := reading{letters: f.letters}
	var b strings.Builder
	for _, p := range f.dutch {
		switch {
		case p.value < 0:
			b.WriteString(p.text)
		case !p.ours:
			b.WriteString(values[p.value])
		case p.as == "who":
			text, _ := Who(values[p.value])
			b.WriteString(text)
		case p.as == "this":
			b.WriteString(this(values[p.value]))
		default:
			value := values[p.value]
			told := r.read(piece{text: value})
			got.letters += told.letters
			if p.as != "" {
				told.dutch = withArticle(value, told.dutch)
			}
			if p.as == "The" {
				told.dutch = capital(told.dutch)
			}
			b.WriteString(told.dutch)
		}
	}
	got.dutch = b.String()
	return got
}

func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// withArticle is a noun of ours with its Dutch article; most have “de”.
func withArticle(english, dutch string) string {
	if slices.Contains(withHet, english) {
		return "het " + dutch
	}
	return "de " + dutch
}

// format is one sentence of the catalogue, taken apart.
type format struct {
	literals []string // between the values: one more than there are values
	longest  string   // of them
	verbs    []byte   // of each value
	order    []int    // which value each is, from 0
	letters  int
	dutch    []part
}

// part of the Dutch: a text, or a value.
type part struct {
	text  string
	value int // -1: it is text
	ours  bool
	as    string // the, The: with its article; who, this: but for a name
}

var (
	verb  = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*\d*[sdqvcxX%]`)
	field = regexp.MustCompile(`\{[a-z_]+\}`)
	hole  = regexp.MustCompile(`%(?:\[(\d+)\])?[sdqvcxX]|%%|\{(\d)(?::(the|The|who|this))?\}`)
)

func parse(s sentence) *format {
	f := &format{}
	text, at := "", 0
	for _, m := range verb.FindAllStringSubmatchIndex(s.english, -1) {
		text += s.english[at:m[0]]
		at = m[1]
		kind := s.english[m[1]-1]
		if kind == '%' {
			text += "%"
			continue
		}
		f.literals, text = append(f.literals, text), ""
		f.verbs = append(f.verbs, kind)
		f.order = append(f.order, indexed(s.english, m, len(f.order)))
	}
	f.literals = append(f.literals, text+s.english[at:])
	for _, l := range f.literals {
		f.letters += len(l)
		if len(l) > len(f.longest) {
			f.longest = l
		}
	}
	at = 0
	next := 0
	for _, m := range hole.FindAllStringSubmatchIndex(s.dutch, -1) {
		f.dutch = append(f.dutch, part{text: s.dutch[at:m[0]], value: -1})
		at = m[1]
		switch p := s.dutch[m[0]:m[1]]; {
		case p == "%%":
			f.dutch = append(f.dutch, part{text: "%", value: -1})
		case p[0] == '{':
			hole := part{value: int(s.dutch[m[4]]-'0') - 1, ours: true}
			if m[6] >= 0 {
				hole.as = s.dutch[m[6]:m[7]]
			}
			f.dutch = append(f.dutch, hole)
			next = hole.value + 1
		default:
			v := indexed(s.dutch, m, next)
			f.dutch = append(f.dutch, part{value: v})
			next = v + 1
		}
	}
	f.dutch = append(f.dutch, part{text: s.dutch[at:], value: -1})
	f.dutch = slices.DeleteFunc(f.dutch, func(p part) bool { return p.value < 0 && p.text == "" })
	return f
}

// indexed is which value a verb means: the one in brackets, else the next.
func indexed(text string, m []int, next int) int {
	if m[2] < 0 {
		return next
	}
	n, _ := strconv.Atoi(text[m[2]:m[3]]) // digits, says the pattern
	return n - 1
}

// values reads the values back out of a text that may have been made with the format.
func (f *format) values(text string) ([]string, bool) {
	last := len(f.literals) - 1
	if last == 0 {
		return nil, text == f.literals[0]
	}
	rest, ok := strings.CutPrefix(text, f.literals[0])
	if !ok || !strings.HasSuffix(rest, f.literals[last]) || !strings.Contains(text, f.longest) {
		return nil, false
	}
	values := make([]string, last)
	for _, v := range f.order {
		if v >= len(values) {
			values = make([]string, v+1)
		}
	}
	tries := mostTries
	return values, f.fill(rest, 0, values, &tries)
}

// fill reads the values from number i on.
func (f *format) fill(rest string, i int, values []string, tries *int) bool {
	if i == len(f.verbs)-1 {
		end := len(rest) - len(f.literals[i+1])
		if end < 0 || rest[end:] != f.literals[i+1] || !fits(f.verbs[i], rest[:end]) {
			return false
		}
		values[f.order[i]] = rest[:end]
		return true
	}
	for at := 0; ; {
		*tries--
		n := strings.Index(rest[at:], f.literals[i+1])
		if n < 0 || *tries < 0 {
			return false
		}
		end := at + n
		if fits(f.verbs[i], rest[:end]) && f.fill(rest[end+len(f.literals[i+1]):], i+1, values, tries) {
			values[f.order[i]] = rest[:end]
			return true
		}
		if at = end + 1; at > len(rest) {
			return false
		}
	}
}

// fits says whether a verb can have written a text.
func fits(verb byte, text string) bool {
	switch verb {
	case 'd':
		return text != "" && strings.Trim(text, "0123456789") == "" || strings.HasPrefix(text, "-") && len(text) > 1 && strings.Trim(text[1:], "0123456789") == ""
	case 'q':
		return len(text) > 1 && text[0] == text[len(text)-1] && strings.ContainsRune("\"'`", rune(text[0]))
	}
	return true
}

// book finds the formats that a text may have been made with, by its first letters.
type book struct{ sentences, pieces, lines, notes shelf }

type shelf struct {
	exact map[string][]*format // without values
	begun map[string][]*format // by how they begin
	ended map[string][]*format // those that begin with a value, by how they end
	rest  []*format            // those that do neither with more than a little
}

// sorted is how many bytes of the beginning or end formats are sorted by.
const sorted = 4

var index = sync.OnceValue(func() *book {
	return &book{shelved(catalogue()...), shelved(pieces, lines()), shelved(lines()), shelved(notes)}
})

func shelved(parts ...[]sentence) shelf {
	b := shelf{exact: map[string][]*format{}, begun: map[string][]*format{}, ended: map[string][]*format{}}
	for _, s := range slices.Concat(parts...) {
		f := parse(s)
		first, last := f.literals[0], f.literals[len(f.literals)-1]
		switch {
		case len(f.literals) == 1:
			b.exact[first] = append(b.exact[first], f)
		case len(first) >= sorted:
			b.begun[first[:sorted]] = append(b.begun[first[:sorted]], f)
		case len(last) >= sorted:
			b.ended[last[len(last)-sorted:]] = append(b.ended[last[len(last)-sorted:]], f)
		default:
			b.rest = append(b.rest, f)
		}
	}
	return b
}

// near has the formats for a text. A whole one is never only a piece: it may be somebody's own words.
func (b *book) near(p piece) []*format {
	found := b.sentences.near(p.text)
	if !p.whole && (len(found) == 0 || found[0].longest != p.text) {
		found = append(found, b.pieces.near(p.text)...)
	}
	return found
}

func (s *shelf) near(text string) []*format {
	if is := s.exact[text]; is != nil {
		return is // nothing explains more of it
	}
	found := slices.Clone(s.rest)
	if len(text) >= sorted {
		found = append(append(found, s.begun[text[:sorted]]...), s.ended[text[len(text)-sorted:]]...)
	}
	return found
}

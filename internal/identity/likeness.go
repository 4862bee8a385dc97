package identity

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The likeness of two names is a number from 0 to 1. Names are cut into words without case, accents and punctuation; the
// part of an e-mail address before the @ is a name, too. Each word is paired with the one of the other name that is most
// like it, whatever the order: equal words count 1, an initial and its word initialLikeness, words with a typing mistake
// 1 − distance / length, where the distance (Damerau–Levenshtein: letters added, left out, changed, swapped with the next)
// is at most a quarter of the longer word. A name with a digit in it is the same or another: V034 is not V035. Particles of surnames ("van der") weigh a quarter of a word. The likeness is
// what is paired over all there is.

const (
	initialLikeness = 0.75
	loginLikeness   = 0.8 // "ljansen" and "Lotte Jansen"
	particleWeight  = 0.25
	// similar is the likeness from which two names are told to be similar.
	similar = 0.65
)

// particles of surnames: Dutch ones, and those of other languages that are met most in the Netherlands.
var particles = map[string]bool{
	"van": true, "de": true, "der": true, "den": true, "het": true, "t": true, "ten": true, "ter": true, "te": true, "op": true,
	"in": true, "aan": true, "bij": true, "uit": true, "von": true, "zu": true, "du": true, "la": true, "le": true, "el": true,
	"al": true, "ben": true, "da": true, "dos": true, "vd": true, "v": true, "d": true,
}

// plainLetters are those whose accent is no mark of its own.
var plainLetters = strings.NewReplacer("ß", "ss", "ø", "o", "æ", "ae", "œ", "oe", "ł", "l", "đ", "d", "ð", "d", "þ", "th", "ı", "i", "ĳ", "ij", "’", "'")

// name is one that was made ready to be compared.
type name struct {
	key    string // its words in order of letters, to tell whether two names are the same
	words  []word
	digits bool // it has some
}

type word struct {
	letters []rune
	weight  float64
}

func readName(text string) name {
	if local, _, isAddress := strings.Cut(text, "@"); isAddress && !strings.ContainsFunc(text, unicode.IsSpace) {
		text = local
	}
	parts := strings.FieldsFunc(plainText(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	n := name{key: strings.Join(slices.Sorted(slices.Values(parts)), " "), words: make([]word, len(parts))}
	n.digits = strings.ContainsFunc(n.key, unicode.IsDigit)
	for i, p := range parts {
		n.words[i] = word{letters: []rune(p), weight: 1}
		// A lone "v" or "d" at the beginning is an initial.
		if particles[p] && i > 0 {
			n.words[i].weight = particleWeight
		}
	}
	return n
}

// plainText is a text in small letters without accents.
func plainText(text string) string {
	text = strings.ToLower(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		return text
	}
	var plain strings.Builder
	for _, r := range norm.NFD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			plain.WriteRune(r)
		}
	}
	return plainLetters.Replace(plain.String())
}

// likeness of two names, see above; 0 where one is empty.
func likeness(a, b name) float64 {
	if len(a.words) == 0 || len(b.words) == 0 {
		return 0
	}
	if a.key == b.key {
		return 1
	}
	if a.digits || b.digits {
		return 0
	}
	if len(a.words) > len(b.words) {
		a, b = b, a
	}
	if len(a.words) == 1 && len(b.words) > 1 && isLogin(a.words[0].letters, b) {
		return loginLikeness
	}
	total, paired := 0.0, 0.0
	for _, w := range b.words {
		total += w.weight / 2
	}
	var taken [32]bool
	for _, w := range a.words {
		total += w.weight / 2
		best, at := 0.0, -1
		for i, other := range b.words {
			if i < len(taken) && taken[i] {
				continue
			}
			if l := wordLikeness(w.letters, other.letters) * (w.weight + other.weight) / 2; l > best {
				best, at = l, i
			}
		}
		paired += best
		if at >= 0 && at < len(taken) {
			taken[at] = true
		}
	}
	return paired / total
}

// isLogin says whether a word is made of a name as names of accounts are: all its words, or an initial and the rest.
func isLogin(login []rune, of name) bool {
	if len(login) < 3 || login[0] != of.words[0].letters[0] {
		return false
	}
	rest := login[1:]
	for at, w := range of.words {
		letters := w.letters
		if at == 0 {
			if letters = letters[1:]; !hasPrefix(rest, letters) {
				continue // the initial alone
			}
		}
		if !hasPrefix(rest, letters) {
			return false
		}
		rest = rest[len(letters):]
	}
	return len(rest) == 0
}

func hasPrefix(text, prefix []rune) bool {
	return len(prefix) <= len(text) && slices.Equal(text[:len(prefix)], prefix)
}

func wordLikeness(a, b []rune) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 1 {
		switch {
		case a[0] != b[0]:
			return 0
		case len(b) == 1:
			return 1
		}
		return initialLikeness
	}
	most := len(b) / 4
	if len(b)-len(a) > most {
		return 0
	}
	d := distance(a, b, most)
	if d > most {
		return 0
	}
	return 1 - float64(d)/float64(len(b))
}

// distance is that of Damerau and Levenshtein, where no part is changed twice; more than most is most + 1. Words longer than
// longest are only the same or not.
func distance(a, b []rune, most int) int {
	const longest = 40
	if most == 0 || len(b) > longest {
		if string(a) == string(b) {
			return 0
		}
		return most + 1
	}
	var rows [3][longest + 1]int8
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		last[j] = int8(j)
	}
	for i := 1; i <= len(a); i++ {
		now[0] = int8(i)
		least := now[0]
		for j := 1; j <= len(b); j++ {
			cost := int8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			now[j] = d
			least = min(least, d)
		}
		if int(least) > most {
			return most + 1
		}
		before, last, now = last, now, before
	}
	return min(int(last[len(b)]), most+1)
}

package shape

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Contact tells whether a text that stands where an id is wanted is an e-mail address or a phone number: "email", "phone",
// or "" for neither. Country is the tenant's calling code ("+31").
//
// An address anywhere in the text counts. A phone number is all of the text, but for a word such as tel: before it, and
// it is one by its beginning: a + with 8 to 15 digits; 00 and a country, with at least 12 digits, since shorter ones are
// ids filled up with zeros; or the 0 of a number in the tenant's country, with as many digits as those have. Digits
// alone are an id, whatever they begin with, and so are dates and numbers in groups: who takes an id for a phone number
// tears apart what belongs together.
func Contact(country, text string) string {
	switch {
	case hasAddress(text):
		return "email"
	case isPhone(country, text):
		return "phone"
	}
	return ""
}

// hasAddress finds name@host.domain in a text, also with the @ written as in URLs.
func hasAddress(text string) bool {
	for rest := text; ; {
		at := strings.IndexAny(rest, "@%")
		if at < 0 {
			return false
		}
		before, after := rest[:at], rest[at+1:]
		if rest[at] == '%' {
			encoded, ok := strings.CutPrefix(after, "40")
			if !ok {
				rest = after
				continue
			}
			after = encoded
		}
		if name, _ := utf8.DecodeLastRuneInString(before); before != "" && inAddress(name) && isHost(after) {
			return true
		}
		rest = after
	}
}

// inAddress says whether a character may end the name of an address.
func inAddress(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("._%+-'\"", c)
}

// isHost says whether a text begins with words between points, the last of at least two letters.
func isHost(text string) bool {
	end := strings.IndexFunc(text, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '.' && c != '-'
	})
	if end >= 0 {
		text = text[:end]
	}
	words := strings.Split(strings.TrimRight(text, ".-"), ".")
	last := words[len(words)-1]
	if len(words) < 2 || words[0] == "" {
		return false
	}
	letters := strings.IndexFunc(last, func(c rune) bool { return !unicode.IsLetter(c) })
	return utf8.RuneCountInString(last) >= 2 && (letters < 0 || strings.HasPrefix(last, "xn--"))
}

// national is how many digits numbers of a country have with their leading 0, at least and at most; those of countries
// that are not here have 10 or 11.
var national = map[string][2]int{
	"+31": {10, 10}, "+32": {9, 10}, "+33": {10, 10}, "+44": {10, 11}, "+49": {10, 13}, "+41": {10, 10}, "+43": {10, 13},
	"+27": {10, 10}, "+46": {8, 10}, "+353": {9, 10}, "+358": {9, 11}, "+90": {11, 11}, "+91": {11, 11}, "+61": {10, 10}, "+81": {10, 11},
	"+1": {0, 0}, "+34": {0, 0}, "+45": {0, 0}, "+47": {0, 0}, "+48": {0, 0}, "+351": {0, 0}, "+352": {0, 0}, "+420": {0, 0}, // without a 0
}

// The bounds of a number with its country: E.164 has at most 15 digits, and none that people have has fewer than 8.
const (
	fewestDigits = 8
	mostDigits   = 15
	// fewestAfter00: 00 and fewer digits is an id, filled up to 8 or 10.
	fewestAfter00 = 10
)

func isPhone(country, text string) bool {
	text = strings.TrimFunc(text, unicode.IsSpace)
	if word, rest, ok := strings.Cut(text, ":"); ok && isWord(word) {
		text = strings.TrimFunc(rest, unicode.IsSpace)
	}
	digits, plus, ok := dialled(text)
	if !ok {
		return false
	}
	n := len(digits)
	switch {
	case n == 0:
		return false
	case plus:
		return digits[0] != '0' && n >= fewestDigits && n <= mostDigits
	case strings.HasPrefix(digits, "00"):
		return n >= 2+fewestAfter00 && n <= 2+mostDigits && digits[2] != '0'
	case digits[0] == '0':
		bounds, known := national[country]
		if !known {
			bounds = [2]int{10, 11}
		}
		return bounds[0] > 0 && n >= bounds[0] && n <= bounds[1] && digits[1] != '0'
	}
	// The first group in brackets, as in (555) 123-4567, is an area.
	return text[0] == '(' && strings.Contains(text, ")") && n >= fewestDigits && n <= 11
}

// isWord says whether a text could say what follows: tel, whatsapp, phone.
func isWord(text string) bool {
	return text != "" && len(text) <= 12 && strings.IndexFunc(text, func(c rune) bool { return !unicode.IsLetter(c) }) < 0
}

// dialled gives the digits of a text that has nothing but what phone numbers are written with. The (0) that is dialled
// at home only is left out.
func dialled(text string) (digits string, plus, ok bool) {
	plain := strings.ReplaceAll(text, "(0)", "")
	b := make([]byte, 0, len(plain))
	for i, c := range plain {
		switch {
		case c >= '0' && c <= '9':
			b = append(b, byte(c))
		case c == '+' && (i == 0 || i == 1 && plain[0] == '('):
			plus = true
		case strings.ContainsRune("-./()", c), c == '\u2010', c == '\u2011', c == '\u2012', c == '\u2013', unicode.IsSpace(c):
		default:
			return "", false, false
		}
	}
	return string(b), plus, true
}

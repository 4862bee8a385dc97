package shape

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Look is what a text looks like.
type Look string

// The looks, the telling ones first. PersonName is that of a field, not of one text: "Anna Paulowna" is a name, a town
// and a label; only many different ones, of which some begin with a given name, are people.
const (
	Pseudonym  Look = "pseudonym"
	Email      Look = "email" // also within other text
	URL        Look = "url"
	Datetime   Look = "datetime"
	Date       Look = "date"
	Phone      Look = "phone"
	Number     Look = "number"
	Bank       Look = "iban"
	Postcode   Look = "postcode"
	Address    Look = "address" // street and house number
	ID         Look = "id"
	PersonName Look = "name"
	Text       Look = "text" // anything else
)

// looks in the order in which they are told.
var looks = []Look{Pseudonym, Email, URL, Datetime, Date, Phone, Number, Bank, Postcode, Address, ID, PersonName, Text}

// personal says whether a text of the look says something about one person.
func (l Look) personal() bool {
	switch l {
	case Email, Phone, Bank, Postcode, Address, PersonName:
		return true
	}
	return false
}

// A text longer than longForm bytes is no id, date or address; beyond longest nobody looks for an e-mail address in it.
const (
	longForm = 200
	longest  = 2000
)

var (
	pseudonymForm = regexp.MustCompile(`^psn[0-9]*_[a-z2-7]{26}$`)
	urlForm       = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://\S+$`)
	dateForm      = regexp.MustCompile(`^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))([T ]+\d{1,2}:\d{2}.*)?$`)
	numberForm    = regexp.MustCompile(`^[+-]?\d+(?:[.,]\d+)*$`)
	ibanForm      = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$`)
	postcodeForm  = regexp.MustCompile(`^(?:[1-9]\d{3} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z0-9]? \d[A-Z]{2}|(?:A|B|D|F|L|AT|BE|CH|DE|FR|LU|NL)-\d{4,5})$`)
	streetForm    = regexp.MustCompile(`(?i)(?:straat|laan|weg|plein|gracht|kade|dijk|singel|steeg|hof|dreef|pad|stra(?:ß|ss)e|str\.|gasse|street|road|avenue|lane|drive| rd| st| ave)\.? \d+ ?\pL{0,3}(?:[-/ ]\d+)?\b`)
	placeForm     = regexp.MustCompile(`(?i)^(?:\d+,? )?(?:rue|avenue|boulevard|via|calle|plaza) \pL`)
	idForm        = regexp.MustCompile(`^[A-Za-z0-9_:.#|/-]*\d[A-Za-z0-9_:.#|/-]*$`)
)

// LookOf tells what one text looks like; country is the tenant's calling code. It never says PersonName.
func LookOf(country, text string) Look {
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	text = strings.TrimFunc(text, unicode.IsSpace)
	switch {
	case strings.HasPrefix(text, "psn") && pseudonymForm.MatchString(text):
		return Pseudonym
	case hasAddress(text):
		return Email
	case strings.Contains(text, "://") && urlForm.MatchString(text):
		return URL
	case len(text) > longForm:
		return Text
	case !strings.ContainsAny(text, "0123456789"): // all that is left but streets has digits
		if placeForm.MatchString(text) {
			return Address
		}
		return Text
	}
	if m := dateForm.FindStringSubmatch(text); m != nil {
		if m[1] != "" {
			return Datetime
		}
		return Date
	}
	switch {
	case isPhone(country, text):
		return Phone
	case numberForm.MatchString(text):
		return Number
	case isIBAN(text):
		return Bank
	case postcodeForm.MatchString(text):
		return Postcode
	case idForm.MatchString(text):
		return ID
	case strings.Contains(text, " ") && (streetForm.MatchString(text) || placeForm.MatchString(text)):
		return Address
	}
	return Text
}

// isIBAN checks the two digits that depend on all others.
func isIBAN(text string) bool {
	text = strings.ReplaceAll(text, " ", "")
	if !ibanForm.MatchString(text) {
		return false
	}
	rest := 0
	for _, c := range text[4:] + text[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

// nameLike says whether a text could be the name of a person: one to six words that begin with a capital, but for
// particles, and nothing but letters.
func nameLike(text string) bool {
	parts := strings.Fields(text)
	if len(parts) == 0 || len(parts) > 6 || len(text) > 80 {
		return false
	}
	capitals := 0
	for _, w := range parts {
		if organisations[strings.ToLower(w)] {
			return false
		}
		if particles[w] {
			continue
		}
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "'’("))
		if !unicode.IsUpper(first) || strings.IndexFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && !strings.ContainsRune("-'’.()", c) }) >= 0 {
			return false
		}
		capitals++
	}
	return capitals > 0
}

// known says whether a text begins with a given name that many people have.
func known(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	first, _, _ = strings.Cut(first, "-")
	return givenNames[strings.ToLower(first)]
}

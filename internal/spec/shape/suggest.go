package shape

import (
	"fmt"
	"strings"
	"unicode"
)

// How much of a field must look personal for a suggestion: a fifth, since what people type in is seldom in one form.
const enough = 0.2

// plainKey is a key without what its writers do differently: firstName, first_name and First Name are one.
func plainKey(key string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, key)
}

// whose data the field is, by the innermost key that tells: an agent's, a customer's, that of a thing, or nobody knows.
func whose(keys []string) (agent, customer, thing bool) {
	for i := len(keys) - 1; i >= 0; i-- {
		key := plainKey(keys[i])
		switch {
		case agents[key] || hasWord(agents, keys[i]):
			return true, false, false
		case customers[key] || hasWord(customers, keys[i]):
			return false, true, false
		case i < len(keys)-1 && things[key] || i == len(keys)-1 && hasWord(things, keys[i]):
			return false, false, true
		}
	}
	return false, false, false
}

// hasWord says whether a key of several words, as agent_email or ownerName, begins with one of them.
func hasWord(list map[string]bool, key string) bool {
	for i, c := range key {
		if i > 0 && (unicode.IsUpper(c) || !unicode.IsLetter(c)) {
			return list[plainKey(key[:i])]
		}
	}
	return false
}

// suggest says whether a field could be a customer's personal data, by what it holds and by its name; nil where it is
// not.
func (n *node) suggest(f *Field) *Suggestion {
	values := f.Values()
	if values == 0 || len(n.keys) == 0 {
		return nil
	}
	last := n.keys[len(n.keys)-1]
	key := plainKey(last)
	agent, customer, thing := whose(n.keys)
	if agent {
		return nil
	}
	texts := n.kinds[isText] - n.blank
	byLook := func(kind, looks string, times int) *Suggestion {
		return &Suggestion{f.Path, kind, float64(times) / float64(values), fmt.Sprintf("%d of %d values look like %s", times, values, looks)}
	}
	byName := func(kind string) *Suggestion {
		return &Suggestion{f.Path, kind, 1, fmt.Sprintf("the name %q says so", last)}
	}
	often := func(times int) bool { return times > 0 && float64(times) >= enough*float64(values) }
	numbers := n.looks[Phone] + n.dialable
	switch {
	case often(n.looks[Email]) && n.within*2 > n.looks[Email]:
		return byLook("text", "text with an e-mail address in it", n.looks[Email])
	case often(n.looks[Email]):
		return byLook("email", "an e-mail address", n.looks[Email])
	case emailKeys[key] && texts > 0 && f.Share(Pseudonym) < 1:
		return byName("email")
	case phoneKeys[key] && often(numbers):
		return byLook("phone", "a phone number", numbers)
	case often(n.looks[Phone]):
		return byLook("phone", "a phone number", n.looks[Phone])
	case often(n.looks[Bank]):
		return byLook("text", "a bank account", n.looks[Bank])
	case f.Share(Pseudonym) == 1 && texts == values:
		return nil
	case nameKeys[key] && texts > 0, plainNameKeys[key] && customer && texts > 0:
		return byName("name")
	case n.people() && !thing:
		return byLook("name", "the name of a person", n.names)
	case birthKeys[key]:
		return byName("date")
	case addressKeys[key] && !thing:
		return byName("address")
	case often(n.looks[Address]) && !thing:
		return byLook("address", "an address", n.looks[Address])
	case postcodeKeys[key] && !thing:
		return byName("postcode")
	case often(n.looks[Postcode]) && customer:
		return byLook("postcode", "a postcode", n.looks[Postcode])
	case otherKeys[key]:
		return byName("text")
	}
	return nil
}

// dialable says whether digits alone could be a phone number, where a name says so too.
func dialable(text string) bool {
	digits := strings.TrimPrefix(text, "+")
	if len(digits) < fewestDigits || len(digits) > mostDigits {
		return false
	}
	return strings.IndexFunc(digits, func(c rune) bool { return c < '0' || c > '9' }) < 0
}

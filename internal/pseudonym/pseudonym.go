// Package pseudonym turns personal values into pseudonyms: the same person gives the same one across fields, models
// and providers of a tenant, and without the tenant's key nobody finds the way back. It never keeps a value and never
// puts one into an error.
package pseudonym

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Prefix of every pseudonym made with a tenant's first key.
const Prefix = "psn_"

// size of what is kept of the HMAC, in bytes: 26 letters and digits in base32.
const size = 16

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Of gives the pseudonym of a text under the tenant's key. Country is the tenant's calling code ("+31"). Text of the
// kind "date" comes as YYYY-MM-DD where it can be read at all: who calls has the reader of dates.
func Of(key []byte, country, kind, text string) (string, error) {
	text, err := Normal(country, kind, text)
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return Prefix + encoding.EncodeToString(mac.Sum(nil)[:size]), nil
}

// Normal is what all the ways of writing one personal value have in common; Of is made of it.
func Normal(country, kind, text string) (string, error) {
	text = strings.TrimFunc(norm.NFC.String(text), unicode.IsSpace)
	switch kind {
	case "text", "date":
		return text, nil
	case "email":
		return strings.ToLower(text), nil
	case "phone":
		return phone(country, text), nil
	case "name", "address":
		return words(text), nil
	case "postcode":
		return strings.ToUpper(strings.Join(strings.Fields(text), "")), nil
	}
	return "", fmt.Errorf("there is no kind of personal value %q", kind)
}

// words is lower case with one space between words.
func words(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }

// phone gives digits with the country in front: 06-12 34 56 78 and +31 (0)6 12345678 are one number.
func phone(country, text string) string {
	text = strings.ReplaceAll(text, "(0)", "")
	var b strings.Builder
	for _, c := range text {
		if c >= '0' && c <= '9' || c == '+' && b.Len() == 0 {
			b.WriteRune(c)
		}
	}
	number := b.String()
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		return "+" + rest
	}
	if rest, ok := strings.CutPrefix(number, "0"); ok {
		return country + rest
	}
	return number
}

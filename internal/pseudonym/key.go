package pseudonym

import (
	"crypto/rand"
	"strconv"
)

// A tenant's key is 32 random bytes. That of a later generation has its number behind them, so that the key alone says
// how its pseudonyms begin: psn_ for the first, psn2_ for the second.
const (
	secretSize = 32
	// MostGenerations a tenant can have; a key is made anew after a leak only.
	MostGenerations = 255
)

// NewKey makes a tenant's first key.
func NewKey() []byte { return newKey(1) }

// NextKey makes the key that follows a tenant's present one. Nothing that was made with the one before is ever equal to
// what is made with it.
func NextKey(present []byte) []byte { return newKey(Generation(present) + 1) }

func newKey(generation int) []byte {
	key := make([]byte, secretSize, secretSize+1)
	_, _ = rand.Read(key) // never fails; it ends the program instead
	if generation > 1 {
		key = append(key, byte(generation))
	}
	return key
}

// Generation of a key, from 1.
func Generation(key []byte) int {
	if len(key) == secretSize+1 {
		return int(key[secretSize])
	}
	return 1
}

// Prefix is how the pseudonyms of a key begin.
func Prefix(key []byte) string {
	if g := Generation(key); g > 1 {
		return "psn" + strconv.Itoa(g) + "_"
	}
	return "psn_"
}

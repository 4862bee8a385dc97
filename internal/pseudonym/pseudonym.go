// Package pseudonym turns personal values into pseudonyms: the same person gives the same one across fields, models
// and providers of a tenant, and without the tenant's key nobody finds the way back. Its Door does so with all that is
// marked in what comes in, before anything is stored or run. It never keeps a value and never puts one into an error.
package pseudonym

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// size of what is kept of the HMAC, in bytes: 26 letters and digits in base32.
const size = 16

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Of gives the pseudonym of a text under the tenant's key. Country is the tenant's calling code ("+31").
func Of(key []byte, country, kind, text string) (string, error) {
	if !slices.Contains(types.PersonalKinds, kind) {
		return "", fmt.Errorf("there is no kind of personal value %q", kind)
	}
	return OfForm(key, library.OneForm(kind, country, text)), nil
}

// OfForm gives the pseudonym of a text that has the form of its kind.
func OfForm(key []byte, form string) string {
	return Prefix(key) + encoding.EncodeToString(sum(key, []byte(form))[:size])
}

func sum(key, data []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(data)
	return mac.Sum(nil)
}

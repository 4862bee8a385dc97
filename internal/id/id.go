// Package id turns the numbers under which everything is stored into the prefixed ids people see, and back.
//
// Every stored thing has one 64-bit number, drawn from one counter of the database, so numbers grow with time and
// clustered tables are appended to. The public form is the prefix of the noun and ten base32 digits: "dlv_000001c7q4".
// As text they sort like their numbers (up to 2^50, then they get longer). It never touches a database.
package id

import (
	"fmt"
	"strings"
)

// Prefixes of the public ids, one per noun.
const (
	Tenant          = "ten"
	User            = "usr"
	APIKey          = "key"
	Provider        = "prv"
	ProviderKey     = "pky"
	Source          = "src"
	Processor       = "prc"
	SourceExecution = "sex"
	Delivery        = "dlv"
	Execution       = "exe"
	Identity        = "xid"
	Agent           = "agt"
	Team            = "tea"
	Project         = "prj"
	Segment         = "seg"
	Proposition     = "pro"
	Activity        = "act"
	Anonymous       = "ano"
	Sale            = "sal"
	Call            = "cal"
	Period          = "per"
	Change          = "chg"
	Undo            = "und"
	Rekey           = "rek"
	View            = "viw"
	Bulk            = "blk"
	Metric          = "mtr"
	Event           = "evt"
	Hit             = "hit"
)

const (
	digits = "0123456789abcdefghjkmnpqrstvwxyz" // Crockford: no i, l, o, u
	width  = 10
)

// Format gives the public id of number n: Format("dlv", 37) is "dlv_0000000015".
func Format(prefix string, n int64) string {
	if n < 0 {
		panic(fmt.Sprintf("id.Format: negative number %d", n))
	}
	var buf [24]byte
	at := len(buf)
	for written := 0; n > 0 || written < width; written++ {
		at--
		buf[at] = digits[n&31]
		n >>= 5
	}
	return prefix + "_" + string(buf[at:])
}

// Parse gives the number of a public id. It fails for another prefix, for digits that are none and for spellings that
// Format would not write, so that one thing has one id.
func Parse(prefix, text string) (int64, error) {
	rest, ok := strings.CutPrefix(text, prefix+"_")
	if !ok {
		return 0, fmt.Errorf("%q is no %s id: it does not begin with %q", text, prefix, prefix+"_")
	}
	var n int64
	for _, c := range []byte(rest) {
		d := strings.IndexByte(digits, c)
		if d < 0 || n > (1<<63-1)>>5 {
			return 0, fmt.Errorf("%q is no %s id", text, prefix)
		}
		n = n<<5 | int64(d)
	}
	if Format(prefix, n) != text {
		return 0, fmt.Errorf("%q is no %s id", text, prefix)
	}
	return n, nil
}

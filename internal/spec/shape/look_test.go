package shape

import "testing"

// TestPostcodes: a letter and digits are somebody's own number as a rule; only the ways in which countries write a postcode
// are one.
func TestPostcodes(t *testing.T) {
	t.Parallel()
	for text, is := range map[string]bool{
		"1234 AB": true, "1234AB": true, "SW1A 1AA": true, "D-10115": true, "CH-8001": true,
		"K-10037": false, "K10037": false, "ORD-10037": false, "0123 AB": false, "1234 ab": false,
	} {
		if got := LookOf("31", text) == Postcode; got != is {
			t.Errorf("%q is taken for a postcode: %t, want %t", text, got, is)
		}
	}
}

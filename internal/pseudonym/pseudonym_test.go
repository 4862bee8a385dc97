package pseudonym

import (
	"regexp"
	"strings"
	"testing"
)

func TestOneSpellingCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind string
		same []string
	}{
		{"email", []string{"jan@example.test", " Jan@Example.TEST "}},
		{"phone", []string{"+31612345678", "06-12 34 56 78", "0031 6 12345678", "+31 (0)6 1234 5678"}},
		{"name", []string{"jan de vries", "Jan  de\tVries", " JAN DE VRIES"}},
		{"name", []string{"zoë", "zoe\u0308"}},
		{"address", []string{"dorpsstraat 1", "Dorpsstraat   1"}},
		{"postcode", []string{"1234AB", "1234 ab"}},
		{"text", []string{"abc", "abc "}},
	} {
		first := ""
		for _, spelling := range c.same {
			got, err := Of([]byte("key"), "+31", c.kind, spelling)
			if err != nil {
				t.Fatal(err)
			}
			if first == "" {
				first = got
			}
			if got != first {
				t.Errorf("%s %q is %s, but %q is %s", c.kind, spelling, got, c.same[0], first)
			}
		}
	}
}

func TestWhatTellsApart(t *testing.T) {
	t.Parallel()
	base, _ := Of([]byte("key"), "+31", "text", "abc")
	if !regexp.MustCompile(`^psn_[a-z2-7]{26}$`).MatchString(base) {
		t.Errorf("a pseudonym is %q", base)
	}
	for _, other := range []struct{ key, text string }{{"other key", "abc"}, {"key", "ABC"}, {"key", "abcd"}} {
		got, err := Of([]byte(other.key), "+31", "text", other.text)
		if err != nil {
			t.Fatal(err)
		}
		if got == base {
			t.Errorf("%q under %q is the same as \"abc\" under \"key\"", other.text, other.key)
		}
	}
}

func TestUnknownKindKeepsTheValueOutOfTheError(t *testing.T) {
	t.Parallel()
	_, err := Of([]byte("key"), "+31", "iban", "NL00SECRET")
	if err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("the error is %v", err)
	}
}

package library

import (
	"regexp"
	"slices"
	"testing"

	"github.com/dealwright/dealwright/internal/language"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// TestDutchIsComplete: every text of the library has its Dutch with the same fields in braces and the same names of fields and
// operations in it.
func TestDutchIsComplete(t *testing.T) {
	t.Parallel()
	names := regexp.MustCompile(`\{\w+\}|\w+_\w+`)
	used := map[string]bool{"": true}
	text := func(english string) {
		if used[english] {
			return
		}
		used[english] = true
		told, ok := language.Told(english)
		if !ok {
			t.Errorf("no Dutch for %q", english)
			return
		}
		a, b := names.FindAllString(english, -1), names.FindAllString(told, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%q has other names in it than its Dutch %q", english, told)
		}
	}
	var params func(all []types.Param)
	params = func(all []types.Param) {
		for i := range all {
			text(all[i].Title)
			text(all[i].Help)
			params(all[i].Fields)
		}
	}
	entry := func(e *Entry) {
		text(string(e.Group))
		text(e.Title)
		text(e.Help)
		text(e.Summary)
		params(e.Params)
	}
	l := Standard()
	for _, e := range l.Expressions() {
		entry(&e.Entry)
	}
	for _, o := range l.Operations() {
		entry(&o.Entry)
	}
}

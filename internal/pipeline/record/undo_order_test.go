package record

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestUndoNewestFirst: any deliveries, undone one after the other from the newest on, give at each step the records that
// were there before, field by field, with their marks; in the end nothing is left of them.
func TestUndoNewestFirst(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newStore()
		count := int64(rapid.IntRange(2, 5).Draw(rt, "deliveries"))
		unit := drawUnit(rt)
		var before []string
		for n := int64(1); n <= count; n++ {
			before = append(before, s.dump(t))
			s.group(t, n, func(stage *Stage) error { return applyAll(stage, writer(n, 0), unit) })
			if !rapid.Bool().Draw(rt, "once more") {
				unit = drawUnit(rt)
			}
		}
		for n := count; n > 0; n-- {
			s.group(t, 100, func(stage *Stage) error {
				_, err := s.undo(stage, fmt.Sprint(n), false)
				return err
			})
			if diff := cmp.Diff(onlyRecords(before[n-1]), onlyRecords(s.dump(t))); diff != "" {
				rt.Fatalf("after the undo of delivery %d of %d (-before +now):\n%s", n, count, diff)
			}
		}
	})
}

var identityLine = regexp.MustCompile(`^[a-z]+_identity `)

// onlyRecords leaves out the identities: what only confirms one keeps no note of the mark it moves.
func onlyRecords(dump string) string {
	var lines []string
	for line := range strings.Lines(dump) {
		if !identityLine.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return strings.TrimSpace(strings.Join(lines, ""))
}

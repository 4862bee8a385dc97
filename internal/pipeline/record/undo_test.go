package record

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// The store is an undo's past, too.

func (s *store) Journal(things []Thing) (map[Thing][]Entry, error) {
	all := map[Thing][]Entry{}
	for _, e := range s.journal {
		if t := (Thing{e.Noun, e.ThingID}); slices.Contains(things, t) {
			all[t] = append(all[t], e)
		}
	}
	return all, nil
}

func (s *store) Keys(identities []int64) (map[int64]Key, error) {
	keys := map[int64]Key{}
	for key, n := range s.byKey {
		if slices.Contains(identities, n) {
			keys[n] = key
		}
	}
	return keys, nil
}

func (s *store) LastRun(int64, Mark) (MarkedRun, error) { return MarkedRun{}, nil }

func (s *store) References(_ int64, things []Thing) (map[Thing]int, error) {
	refer := map[Thing]int{}
	for _, t := range things {
		for key, cells := range s.rows {
			row, err := ScanRow(KindOf(key.Noun), cells, s.identity)
			if err != nil {
				return nil, err
			}
			refer[t] += row.refersTo(t)
		}
		for n := range s.identities {
			i, err := s.identity(n)
			if err != nil {
				return nil, err
			}
			refer[t] += i.refersTo(t)
		}
		for _, a := range s.agents {
			refer[t] += a.refersTo(t)
		}
		for _, u := range s.users {
			refer[t] += u.refersTo(t)
		}
	}
	return refer, nil
}

// undo takes back what a delivery wrote, wherever that is, and says what became of things.
func (s *store) undo(stage *Stage, number string, redo bool) (string, error) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", err
	}
	u := &Undo{
		TenantID: tenant, Of: Subject{Delivery: n}, Wrote: Mark{Number: n},
		By: Maker{Origin: FromUser, OriginID: 9}, About: Thing{CallNoun, n},
	}
	if redo {
		u.Wrote = Mark{}
		standing, err := StandingUndos(slices.Concat(s.journalOf(u.About), stage.journal))
		if err != nil || len(standing) == 0 {
			return "nothing to redo", err
		}
		u.Of, u.Touched = Subject{Undo: standing[0].By.Undo}, standing[0].Touched
	} else {
		for key := range s.rows {
			u.Touched = append(u.Touched, Touched{Key: key})
		}
		for key := range s.byKey {
			u.Touched = append(u.Touched, Touched{Key: key})
		}
	}
	result, err := stage.Undo(u, s)
	if err != nil {
		return "", err
	}
	return describeUndo(result), nil
}

func (s *store) journalOf(t Thing) []Entry {
	all, _ := s.Journal([]Thing{t})
	return all[t]
}

func describeUndo(r *UndoResult) string {
	lines := []string{}
	for _, d := range r.Things {
		line := fmt.Sprintf("  %s %s%s: %s", d.Noun, d.Key.ExternalID, d.Email, d.Outcome)
		for _, f := range d.Fields {
			line += fmt.Sprintf(", %s %s → %s", f.Name, show(f.From), show(f.To))
		}
		for _, f := range d.Unlocked {
			line += ", unlocked " + f
		}
		for _, l := range d.Left {
			line += fmt.Sprintf(", left %s: %s", l.Field, l.Why)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	if r.Number == 0 {
		lines = append(lines, "  nothing was written")
	}
	return "undone\n" + strings.Join(lines, "\n")
}

// TestUndo: whatever deliveries did, undoing the last one gives what was there before it, and undoing that gives what
// it had written; undoing one before it leaves what the last one wrote.
func TestUndo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s := newStore()
		deliver := func(n int64, unit []write) {
			s.group(t, n, func(stage *Stage) error { return applyAll(stage, writer(n, 0), unit) })
		}
		count := int64(rapid.IntRange(1, 4).Draw(rt, "deliveries"))
		for n := int64(1); n < count; n++ {
			deliver(n, drawUnit(rt))
		}
		before := s.dump(t)
		last := drawUnit(rt)
		deliver(count, last)
		written := s.dump(t)

		take := func(n int64, redo bool) {
			s.group(t, 100, func(stage *Stage) error {
				_, err := s.undo(stage, fmt.Sprint(n), redo)
				return err
			})
		}
		take(count, false)
		if diff := cmp.Diff(unmoved(before), unmoved(s.dump(t))); diff != "" {
			rt.Fatalf("after the undo (-before +now):\n%s", diff)
		}
		take(count, true)
		if diff := cmp.Diff(written, s.dump(t)); diff != "" {
			rt.Fatalf("after the undo of the undo (-written +now):\n%s", diff)
		}
		take(count, true) // there is nothing left to undo of
		take(count, false)
		take(count, false) // a second time changes nothing
		if diff := cmp.Diff(unmoved(before), unmoved(s.dump(t))); diff != "" {
			rt.Fatalf("after the second undo (-before +now):\n%s", diff)
		}
		take(count, true)

		if count == 1 {
			return
		}
		earlier := int64(rapid.IntRange(1, int(count-1)).Draw(rt, "undone"))
		take(earlier, false)
		now := s.dump(t)
		for _, set := range regexp.MustCompile(fmt.Sprintf(`[a-z_.]+=[^ ]+#%d\b`, count)).FindAllString(written, -1) {
			if strings.Count(now, set) != strings.Count(written, set) {
				rt.Fatalf("delivery %d was undone, and %s of delivery %d is gone:\n%s", earlier, set, count, now)
			}
		}
		take(earlier, true)
		if diff := cmp.Diff(written, s.dump(t)); diff != "" {
			rt.Fatalf("after the undo of the earlier undo (-written +now):\n%s", diff)
		}
	})
}

// marks, and fields that hold nothing and are shown for their mark.
var marks = regexp.MustCompile(` [a-z_.]+=(null|false)(#\d+)?|#\d+`)

// unmoved drops the marks: an upsert that changes nothing keeps no note of the mark it moves, so only values come back.
func unmoved(dump string) string { return marks.ReplaceAllString(dump, "") }

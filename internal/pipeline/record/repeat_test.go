package record

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// TestBesideIsAsAlone: what is run on an overlay beside another comes to what it comes to alone, whatever is run on the
// other, the same or not.
func TestBesideIsAsAlone(t *testing.T) {
	t.Parallel()
	repeated := 0
	rapid.Check(t, func(rt *rapid.T) {
		alone, lead := NewOverlay(1), NewOverlay(1)
		beside := lead.Beside()
		for i := range rapid.IntRange(1, 4).Draw(rt, "deliveries") {
			unit := drawUnit(rt)
			other := unit
			if rapid.Bool().Draw(rt, "differs") {
				other = append(drawUnit(rt)[:rapid.IntRange(0, 8).Draw(rt, "of another")], unit...)
			}
			number := int64(rapid.IntRange(1, 3).Draw(rt, "number"))
			keep := rapid.IntRange(0, 3).Draw(rt, "kept") > 0
			apply := func(on *Stage, what write) run.Answer {
				a, err := what.answer(on, writer(number, 0))
				if err != nil {
					rt.Fatalf("delivery %d: %v", i, err)
				}
				return a
			}
			for _, on := range []*Stage{lead, beside, alone} {
				for _, w := range other {
					w.ask(on)
				}
			}
			var led, answers, want []run.Answer
			lead.Begin()
			for _, w := range other {
				led = append(led, apply(lead, w))
			}
			beside.Begin()
			alone.Begin()
			alike := true // what the fields of the next refer to
			for j, w := range unit {
				want = append(want, apply(alone, w))
				same := len(other) - len(unit) + j
				if alike = alike && beside.Repeat(lead, same, same+1); alike {
					repeated++
					answers = append(answers, led[same])
				} else {
					answers = append(answers, apply(beside, w))
				}
			}
			alone.End(keep)
			beside.End(keep)
			lead.End(true)
			if diff := cmp.Diff(want, answers, cmp.Comparer(sameThing)); diff != "" {
				rt.Fatalf("delivery %d (-alone +beside):\n%s", i, diff)
			}
		}
		for _, slot := range alone.rows.slots {
			if !sameThing(refOf(slot.now), refOf(beside.Row(slot.key))) {
				rt.Fatalf("%v is %+v, and alone %+v", slot.key, beside.Row(slot.key), slot.now)
			}
		}
	})
	if repeated == 0 {
		t.Error("nothing was repeated")
	}
}

// ask makes the stage know of what is written.
func (w write) ask(on *Stage) {
	if kind := IdentityKindOf(w.noun); kind != nil {
		on.identityPlace(Key{ProviderID: provider, Noun: kind.KeyNoun, ExternalID: w.key})
	} else {
		on.rowPlace(Key{ProviderID: provider, Noun: w.noun, ExternalID: w.key})
	}
}

func refOf(r *Row) value.Value {
	if r == nil {
		return value.Null()
	}
	return value.Ref(r)
}

// sameThing compares values, and what references are to in full, but for numbers of what is new and who made it.
func sameThing(a, b value.Value) bool {
	if a.Kind() != value.KindRef || b.Kind() != value.KindRef {
		return a.Kind() == b.Kind() && a.Equal(b)
	}
	switch x := a.Entity().(type) {
	case *Row:
		y := *b.Entity().(*Row)
		y.ID, y.MadeBy = x.ID, x.MadeBy
		return cmp.Equal(*x, y, cmp.Comparer(sameThing), cmp.Comparer(sameKind))
	case *Identity:
		y := b.Entity().(*Identity)
		return sameThing(refTo(x.Project), refTo(y.Project)) && sameThing(refTo(x.Team), refTo(y.Team)) &&
			x.Name == y.Name && x.Email == y.Email && x.Mark == y.Mark && cmp.Equal(x.Marks, y.Marks) && x.Key == y.Key
	}
	return false
}

package record

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// orders is in how many orders each made-up set of changes arrives; rapid makes a hundred sets.
const orders = 30

// arrival is a delivery that says one or more things about the contact.
type arrival struct {
	number  int64
	changes []*run.Effect
}

func (a arrival) apply(stage *Stage) error {
	for _, e := range a.changes {
		if _, err := stage.Apply(writer(a.number, 0), e); err != nil {
			return err
		}
	}
	return nil
}

// drawChange makes a change under the id that the language gives it.
func drawChange(t *rapid.T, moment int64) *run.Effect {
	kind := rapid.SampledFrom([]string{"Open", "Talks", "Won"}).Draw(t, "type")
	e := &run.Effect{
		Kind: run.InsertPeriodChange, Noun: Period.Noun, Key: fmt.Sprintf("c1 | %s | %d", kind, moment), Instruction: "s1",
		Fields: []run.Field{
			{Name: "contact_key", Value: value.Text("c1")},
			{Name: "period_type", Value: value.Text(kind)},
			{Name: "moment", Value: value.Moment(moment * 1e6)},
		},
	}
	if rapid.Bool().Draw(t, "valued") {
		e.Fields = append(e.Fields, run.Field{Name: run.SetPrefix + "value", Value: value.Int(moment)})
	}
	return e
}

// drawPeriod makes one that was there before all changes.
func drawPeriod(t *rapid.T, n int) *run.Effect {
	begins := rapid.Int64Range(0, 12).Draw(t, "begins")
	ends := value.Null()
	if rapid.Bool().Draw(t, "closed") {
		ends = value.Moment((begins + rapid.Int64Range(0, 8).Draw(t, "lasts")) * 1e6)
	}
	return &run.Effect{Kind: run.UpsertRecord, Noun: Period.Noun, Key: fmt.Sprint("there ", n), Fields: []run.Field{
		{Name: "contact_key", Value: value.Text("c1")},
		{Name: "period_type", Value: value.Text("Open")},
		{Name: "starts_at", Value: value.Moment(begins * 1e6)},
		{Name: "ends_at", Value: ends},
	}}
}

// drawThere makes at most one: of two that other means laid over each other, the first change decides whose end counts.
func drawThere(t *rapid.T) arrival {
	there := arrival{number: 1}
	for n := range rapid.IntRange(0, 1).Draw(t, "there") {
		there.changes = append(there.changes, drawPeriod(t, n))
	}
	return there
}

// periodsAfter runs arrivals in this order, cut into groups, and tells the periods without their marks.
func periodsAfter(t testing.TB, there arrival, all []arrival, cut func(most int) int) string {
	s := newStore()
	s.group(t, 0, there.apply)
	for now := int64(1); len(all) > 0; now++ {
		n := cut(len(all))
		s.group(t, now, func(stage *Stage) error {
			for _, a := range all[:n] {
				if err := a.apply(stage); err != nil {
					return err
				}
			}
			return nil
		})
		all = all[n:]
	}
	var lines []string
	for key, cells := range s.rows {
		row, err := ScanRow(Period, cells, s.identity)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s: %s %s to %s, value %s", key.ExternalID, row.Values[typeField].Text(),
			show(row.Values[periodStarts]), show(row.Values[periodEnds]), show(row.Field("value"))))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

func one(int) int { return 1 }

// TestChangesInAnyOrder: the periods of a contact are the same in whatever order its changes arrive, and however often.
func TestChangesInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		there := drawThere(rt)
		moments := rapid.SliceOfNDistinct(rapid.Int64Range(1, 20), 1, 6, rapid.ID).Draw(rt, "moments")
		slices.Sort(moments)
		var changes []*run.Effect
		var inOrder []arrival
		for i, m := range moments {
			changes = append(changes, drawChange(rt, m))
			inOrder = append(inOrder, arrival{number: int64(i + 2), changes: changes[i : i+1]})
		}
		want := periodsAfter(t, there, inOrder, one)
		for range orders {
			again := rapid.SliceOfN(rapid.SampledFrom(changes), 0, 4).Draw(rt, "again")
			arrived := rapid.Permutation(slices.Concat(changes, again)).Draw(rt, "arrived")
			arrivals := make([]arrival, len(arrived))
			for i, e := range arrived { // each has the number of its arrival
				arrivals[i] = arrival{number: int64(i + 2), changes: []*run.Effect{e}}
			}
			got := periodsAfter(t, there, arrivals, func(most int) int { return rapid.IntRange(1, most).Draw(rt, "group") })
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("another order of arrival gives other periods (-in order +arrived):\n%s", diff)
			}
		}
	})
}

// TestChangesRunInAnyOrder: where changes are of the same moment the deliveries' numbers decide, and the steps within
// one, in whatever order they run, and however often.
func TestChangesRunInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		there := drawThere(rt)
		var all []arrival
		said := map[string]bool{}
		for i := range rapid.IntRange(1, 5).Draw(rt, "deliveries") {
			a := arrival{number: int64(i + 2)}
			for range rapid.IntRange(1, 2).Draw(rt, "steps") {
				// The same change in two deliveries is one period, whose moment is that of whichever ran first.
				if e := drawChange(rt, rapid.Int64Range(1, 4).Draw(rt, "moment")); !said[e.Key] {
					said[e.Key] = true
					a.changes = append(a.changes, e)
				}
			}
			all = append(all, a)
		}
		want := periodsAfter(t, there, all, one)
		for range orders {
			again := rapid.SliceOfN(rapid.SampledFrom(all), 0, 3).Draw(rt, "again")
			ran := rapid.Permutation(slices.Concat(all, again)).Draw(rt, "ran")
			got := periodsAfter(t, there, ran, func(most int) int { return rapid.IntRange(1, most).Draw(rt, "group") })
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("another order of running gives other periods (-in order +ran):\n%s", diff)
			}
		}
	})
}

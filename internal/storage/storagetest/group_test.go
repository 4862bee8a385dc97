package storagetest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestWhatIsAnsweredIsThere(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		const clients, each = 16, 12
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("a%d-%d", c, i)
					r, err := n.writer.Submit(context.Background(), call("", one(fmt.Sprint("agent", i%5), id, "Deal", run.Field{Name: "value", Value: value.Int(int64(i))})))
					if err != nil {
						t.Error(err)
						return
					}
					// The record is readable when the answer is.
					var delivery int64
					ask(t, n.DB, "SELECT mark_number FROM activities WHERE provider_id = ? AND external_id = ?", []any{provider, id}, &delivery)
					if delivery != r.Items[0].Delivery.Number {
						t.Errorf("%s has mark %d, its delivery is %d", id, delivery, r.Items[0].Delivery.Number)
					}
				}
			})
		}
		wg.Wait()
		for table, want := range map[string]int{
			"source_executions": clients * each, "deliveries WHERE state = 'done'": clients * each,
			"executions WHERE status = 'succeeded'": clients * each, "activities": clients * each, "identities": 5, "journal": 0,
		} {
			if got := count(t, n.DB, table); got != want {
				t.Errorf("%s has %d rows, not %d", table, got, want)
			}
		}
	})
}

func TestRowsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		number, err := value.ParseDecimal("12345678901234567890123456789012345678.12345678901234567890")
		if err != nil {
			t.Fatal(err)
		}
		submit(t, n, call("", one("7", "a1", "Deal — “ü”\n", run.Field{Name: "value", Value: value.Number(number)}, run.Field{Name: "value_is_money", Value: value.Bool(true)})))
		submit(t, n, call("", one("7", "a1", "Deal — “ü”\n", run.Field{Name: "contact_key", Value: value.Text("c1")}))) // marks differ by field
		key := record.Key{ProviderID: provider, Noun: "activity", ExternalID: "a1"}
		agent := record.Key{ProviderID: provider, Noun: record.AgentIdentity, ExternalID: "7"}
		for _, need := range []*record.Need{{Keys: []record.Key{key}}, {Keys: []record.Key{key, agent}}} {
			need.Normalize()
			g := begin(t, n.DB, 0, need)
			g.Rollback()
			row := g.Loaded().Rows[key]
			if row == nil {
				t.Fatal("the row is not there")
			}
			if got := row.Field("value").Decimal().String(); got != number.String() {
				t.Errorf("value is %s", got)
			}
			if !row.Field("value_is_money").Bool() || row.Field("contact_key").Text() != "c1" || row.Field("activity_type").Text() != "Deal — “ü”\n" {
				t.Errorf("the row is %v", row.Values)
			}
			identity, ok := row.Field("agent_external_identity").Entity().(*record.Identity)
			if !ok || identity.Key != agent || identity.Name != "Agent 7" {
				t.Errorf("the row's agent is %v", row.Field("agent_external_identity"))
			}
			if _, asked := g.Loaded().Identities[agent]; asked != (len(need.Keys) == 2) {
				t.Errorf("identities: %v", g.Loaded().Identities)
			}
			a, b := row.MarkOf(row.Kind.Place("value")), row.MarkOf(row.Kind.Place("contact_key"))
			if !a.Before(b) {
				t.Errorf("marks are %v and %v", a, b)
			}
		}
	})
}

func begin(t testing.TB, db *storage.DB, deliveries int, need *record.Need) commit.Group {
	t.Helper()
	g, err := db.Engine().Begin(context.Background(), deliveries, need)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestNumbersRiseOverGroupsAndNodes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		dbs := []*storage.DB{d.Open(t)}
		if d.Nodes {
			dbs = append(dbs, d.Open(t))
		}
		last := int64(0)
		for i := range 20 {
			db := dbs[i%len(dbs)]
			g := begin(t, db, 7, &record.Need{})
			if g.FirstNumber() <= last {
				t.Errorf("drew %d after %d", g.FirstNumber(), last)
			}
			last = g.FirstNumber() + 6
			if err := g.Apply(context.Background(), &commit.Writes{}); err != nil {
				t.Fatal(err)
			}
			if err := db.Write(context.Background(), func(tx *storage.Tx) error {
				n, err := tx.NextNumber()
				if n <= last {
					t.Errorf("next number is %d after %d", n, last)
				}
				last = n
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestRolledBackGroupLeavesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		g := begin(t, n.DB, 1, &record.Need{})
		w := &commit.Writes{Deliveries: []*pipeline.Delivery{{Number: g.FirstNumber(), State: pipeline.DeliveryDone, Body: []byte("{}")}}}
		w.Moved = []int64{1 << 40} // not there
		if err := g.Apply(context.Background(), w); !errors.Is(err, commit.ErrRefused) {
			t.Errorf("got %v, want ErrRefused", err)
		}
		if got := count(t, n.DB, "deliveries"); got != 0 {
			t.Errorf("%d deliveries were kept", got)
		}
		submit(t, n, call("", one("7", "a1", "Deal"))) // the connection is fit for use
	})
}

func TestOneRefusedUnitFailsAloneAndTheOthersAreKept(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		bad := func(d *pipeline.Delivery) []execute.Unit {
			return []execute.Unit{&spoiler{unit{delivery: d, do: deal("8", "bad", "Deal")}}}
		}
		results := make([]*commit.Result, 6)
		var wg sync.WaitGroup
		for i := range results {
			units := one("7", fmt.Sprint("good", i), "Deal")
			if i == 3 {
				units = bad
			}
			wg.Go(func() { results[i] = submit(t, n, call("", units)) })
		}
		wg.Wait()
		for i, r := range results {
			want := pipeline.DeliveryDone
			if i == 3 {
				want = pipeline.DeliveryFailed
			}
			if got := r.Items[0].Delivery.State; got != want {
				t.Errorf("delivery %d is %s, not %s", i, got, want)
			}
		}
		if got := count(t, n.DB, "activities"); got != len(results)-1 {
			t.Errorf("%d activities", got)
		}
	})
}

// spoiler writes an execution the database must refuse.
type spoiler struct{ unit }

func (s *spoiler) Run(stage *record.Stage) error {
	err := s.unit.Run(stage)
	if s.failure == "" && s.outcome.Execution != nil && stage.Now() != 0 {
		s.outcome.Execution.Status = "no such status"
	}
	return err
}

func TestEventIsKeptOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		var wg sync.WaitGroup
		results := make([]*commit.Result, 8)
		for i := range results {
			wg.Go(func() { results[i] = submit(t, n, call("evt-1", one("7", "a1", "Deal"))) })
		}
		wg.Wait()
		results = append(results, submit(t, n, call("evt-1", one("7", "a1", "Deal"))))
		numbers, repeats := map[int64]bool{}, 0
		for _, r := range results {
			numbers[r.Items[0].Delivery.Number] = true
			if r.Items[0].Repeat {
				repeats++
			}
		}
		if len(numbers) != 1 || repeats != len(results)-1 {
			t.Errorf("numbers %v, %d repeats", numbers, repeats)
		}
		if got := []int{count(t, n.DB, "deliveries"), count(t, n.DB, "executions"), count(t, n.DB, "source_executions")}; !cmp.Equal(got, []int{1, 1, len(results)}) {
			t.Errorf("deliveries, executions, calls: %v", got)
		}
		if got := count(t, n.DB, "source_executions WHERE remarks LIKE '%repeat of dlv_%'"); got != repeats {
			t.Errorf("%d calls say that they are repeats", got)
		}
	})
}

// refused is a unit that breaks a rule, as a call of a fixed webhook may.
type refused struct{}

func (refused) Need(*record.Need)       {}
func (refused) Run(*record.Stage) error { return nil }
func (refused) GiveUp(string)           {}
func (refused) Outcome() execute.Outcome {
	return execute.Outcome{Refused: fault.New(fault.Invalid, "No.")}
}

func TestEventOfWhatWasRefusedMayComeAgainInTheSameGroup(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		refuse := func(*pipeline.Delivery) []execute.Unit { return []execute.Unit{refused{}} }
		r := submit(t, n, call("evt-1", refuse, one("7", "a1", "Deal"), one("7", "a1", "Deal")))
		if r.Items[0].Refused == nil || r.Items[1].Repeat || !r.Items[2].Repeat {
			t.Errorf("got %+v; want one refused, one kept, and one repeat", r.Items)
		}
		if got := count(t, n.DB, "deliveries"); got != 1 || r.Items[1].Delivery.Number != r.Items[2].Delivery.Number {
			t.Errorf("%d deliveries", got)
		}
	})
}

func TestConfigurationChangeIsInForceForWhatComesAfter(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		var seen []int64
		job := call("", one("7", "a1", "Deal"))
		planned := job.Plan
		job.Plan = func(p *plan.Picture) (*commit.Work, error) {
			seen = append(seen, p.Epoch)
			return planned(p)
		}
		for range 3 {
			if err := n.Write(t.Context(), func(tx *storage.Tx) error { return tx.RaiseEpoch() }); err != nil {
				t.Fatal(err)
			}
		}
		submit(t, n, job)
		if diff := cmp.Diff([]int64{1, 4}, seen); diff != "" {
			t.Errorf("planned under epochs (-want +got):\n%s", diff)
		}
		gone := errors.New("the source is gone")
		job.Plan = func(*plan.Picture) (*commit.Work, error) { return nil, gone }
		if _, err := n.writer.Submit(t.Context(), job); !errors.Is(err, gone) {
			t.Errorf("got %v", err)
		}
	})
}

func TestKeysFoundDuringTheRunAreLoaded(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		submit(t, n, call("", one("7", "a1", "Deal")))
		units := func(d *pipeline.Delivery) []execute.Unit {
			u := &unit{delivery: d, do: deal("7", "a2", "Deal")}
			first := u.do
			u.do = func(apply func(run.Effect) (value.Value, error)) error {
				if err := first(apply); err != nil {
					return err
				}
				if u.answers[0].Outcome != run.Found { // so it is when only keys are noted
					return nil
				}
				return deal("7", "a1", "Won")(apply)
			}
			return []execute.Unit{u}
		}
		submit(t, n, call("", units))
		var kind string
		ask(t, n.DB, "SELECT activity_type FROM activities WHERE external_id = 'a1'", nil, &kind)
		if kind != "Won" {
			t.Errorf("a1 is %s", kind)
		}
		if got := count(t, n.DB, "journal"); got != 1 {
			t.Errorf("%d journal rows", got)
		}
	})
}

func TestWaitingExecutionRunsAgainAndItsDeliveryMoves(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		r := submit(t, n, call("", func(d *pipeline.Delivery) []execute.Unit {
			return []execute.Unit{&unit{delivery: d, do: deal("7", "a1", "Deal"), hold: pipeline.ReasonBehind}}
		}))
		<-n.writer.Waiting()
		stored := r.Items[0].Units[0].Outcome().Execution
		delivery := r.Items[0].Delivery
		if stored.Status != run.Waiting || delivery.State != pipeline.DeliveryWaiting || count(t, n.DB, "activities") != 0 {
			t.Fatalf("execution %s, delivery %s", stored.Status, delivery.State)
		}
		again := commit.Job{Plan: func(*plan.Picture) (*commit.Work, error) {
			return &commit.Work{Items: []commit.Item{{Delivery: delivery, Units: []execute.Unit{&unit{delivery: delivery, stored: stored, do: deal("7", "a1", "Deal")}}}}}, nil
		}}
		var wg sync.WaitGroup
		for range 4 { // whoever comes first runs it, the others find that it no longer waits
			wg.Go(func() { submit(t, n, again) })
		}
		wg.Wait()
		var status, state string
		ask(t, n.DB, "SELECT executions.status, deliveries.state FROM executions JOIN deliveries ON deliveries.id = delivery_id", nil, &status, &state)
		if status != "succeeded" || state != "done" || count(t, n.DB, "activities") != 1 {
			t.Errorf("execution %s, delivery %s", status, state)
		}
	})
}

func TestPanicParksTheExecutionAndSparesTheOthers(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		r := submit(t, n, call("", one("7", "a1", "Deal"), func(d *pipeline.Delivery) []execute.Unit {
			return []execute.Unit{&unit{delivery: d, do: deal("8", "a2", "Deal"), real: func() { panic("a mistake") }}}
		}, one("9", "a3", "Deal")))
		got := []pipeline.DeliveryState{r.Items[0].Delivery.State, r.Items[1].Delivery.State, r.Items[2].Delivery.State}
		if diff := cmp.Diff([]pipeline.DeliveryState{pipeline.DeliveryDone, pipeline.DeliveryWaiting, pipeline.DeliveryDone}, got); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
		if x := r.Items[1].Units[0].Outcome().Execution; x.Reason != pipeline.ReasonParked {
			t.Errorf("the execution waits for %q", x.Reason)
		}
		if got := count(t, n.DB, "identities WHERE external_id = '8'"); got != 0 {
			t.Error("what the unit did before it broke was kept")
		}
	})
}

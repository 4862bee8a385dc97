package trial_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func quiet(trial.Progress) {}

// plainSpec writes by keys that the item gives: run again, it does the same.
const plainSpec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - {type: upsert_agent_external_identity, external_id: =event.agent, external_name: =event.name, return_as: agent}
  - {type: upsert_activity, external_id: '=concat("d", event.id)', activity_type: =event.kind, agent_external_identity: =agent, moment: =parse_datetime(event.at), value: =event.worth, contact_key: =event.contact}
  - type: for_each
    list: =event.lines
    item_var: line
    body:
      - {type: upsert_period, external_id: '=concat(event.id, "-", line.id)', period_type: Shift, starts_at: =parse_datetime(line.at)}
`

// TestLiveVersionOverItself: there is nothing to tell, over random deliveries that all ran under the one version; but for
// what does otherwise whenever it runs again.
func TestLiveVersionOverItself(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		for name, spec := range map[string]string{"plain": plainSpec, "all": spec("event.worth")} {
			for seed := range uint64(3) {
				w := newWorld(t, n, fmt.Sprint("itself", name, seed), spec)
				r := rand.New(rand.NewPCG(seed, 3))
				for range 40 {
					w.post(t, "", randomItem(r))
				}
				b, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, quiet)
				if err != nil {
					t.Fatal(err)
				}
				if b.Deliveries != 40 || len(b.Statuses)+len(b.Said)+len(b.NewIDs)+len(b.NotRun) > 0 {
					t.Errorf("%s, seed %d: %+v", name, seed, b)
				}
				for _, g := range b.Ends {
					if name == "plain" || !slices.Contains([]trial.Cause{trial.ByLock, trial.RunAgain, trial.ByNewer}, g.Cause) {
						t.Errorf("%s, seed %d: in the end: %+v", name, seed, g)
					}
				}
			}
		}
	})
}

// TestBacktestIsWhatComesOfIt: after a draft was saved and all deliveries were tested for real, in order, what the records
// hold is what the backtest said they would: another backtest finds nothing to change.
func TestBacktestIsWhatComesOfIt(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		for seed := range uint64(4) {
			w := newWorld(t, n, fmt.Sprint("comes", seed), spec("event.worth"))
			r := rand.New(rand.NewPCG(seed, 4))
			for range 25 {
				w.post(t, "", randomItem(r))
				if all := w.deliveries(t); r.IntN(6) == 0 {
					w.undo(t, all[r.IntN(len(all))], record.Key{})
				}
			}
			tried := w.tried()
			tried.Draft = &processor.Draft{Text: []byte(spec("event.other"))}
			before := w.things(t)
			said, err := w.desk.Backtest(t.Context(), trial.Past{Tried: tried}, quiet)
			if err != nil {
				t.Fatal(err)
			}
			w.Save(t, w.processor, spec("event.other"))
			for _, delivery := range w.deliveries(t) {
				if _, err := w.runs.Test(t.Context(), w.ID, w.processor, delivery, false); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(changes(before, w.things(t)), promised(said)); diff != "" {
				t.Errorf("seed %d: fields that became other (-real +said):\n%s", seed, diff)
			}
			after, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, quiet)
			if err != nil {
				t.Fatal(err)
			}
			if left := promised(after); len(left) > 0 {
				t.Errorf("seed %d: what it said has not come: %v", seed, left)
			}
		}
	})
}

// promised counts the changes that are said to come through: "sale value" → how many; those of whole things by noun.
func promised(b *trial.Backtest) map[string]int {
	counts := map[string]int{}
	for _, g := range b.Ends {
		if g.HeldBack == 0 && g.Change != "would no longer be written" && g.Change != "would be locked" {
			counts[g.Noun+" "+g.Field] += g.Count
		}
	}
	return counts
}

// changes counts what is other in things, as promised does.
func changes(before, after map[string]map[string]string) map[string]int {
	counts := map[string]int{}
	for key, fields := range after {
		var noun, rest string
		if _, err := fmt.Sscanf(key, "%s %s", &noun, &rest); err != nil {
			panic(err)
		}
		was, there := before[key]
		if !there {
			counts[noun+" "]++
			continue
		}
		names := map[string]bool{}
		for name := range fields {
			names[name] = true
		}
		for name := range was {
			names[name] = true
		}
		for name := range names {
			if was[name] != fields[name] && was[name+" locked"] == fields[name+" locked"] && name[max(0, len(name)-7):] != " locked" {
				counts[noun+" "+name]++
			}
		}
	}
	return counts
}

// TestBacktestEndsWhenItIsCancelled, in the middle, and leaves room for the next.
func TestBacktestEndsWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		w := newWorld(t, n, "cancelled", spec("event.worth"))
		w.fill(t, 1_200)
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			pieces := 0
			_, err := w.desk.Backtest(ctx, trial.Past{Tried: w.tried(), Deliveries: 5_000}, func(p trial.Progress) {
				pieces++
				if p.Total != 1_200 || p.Done >= p.Total {
					t.Errorf("progress %+v", p)
				}
				cancel()
			})
			if !errors.Is(err, context.Canceled) || pieces != 1 {
				t.Errorf("%v after %d pieces", err, pieces)
			}
		}
		var third error
		_, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, func(trial.Progress) {
			_, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, func(trial.Progress) {
				_, third = w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, quiet)
			})
			if err != nil {
				t.Error(err)
			}
		})
		if err != nil || !fault.Is(third, fault.RateLimited) {
			t.Errorf("%v; a third at a time gets %v", err, third)
		}
	})
}

// fill stores deliveries that nobody ran, faster than the door.
func (w *world) fill(t testing.TB, count int) {
	t.Helper()
	r := rand.New(rand.NewPCG(7, 7))
	err := w.Write(t.Context(), func(tx *storage.Tx) error {
		call, err := tx.NextNumber()
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO source_executions (id, tenant_id, provider_id, source_id, door, received_at, status, http_status, items)
			VALUES (?, ?, ?, ?, 'in', 1, 'succeeded', 200, ?)`, call, w.ID, w.Provider.ID, w.source, count)
		for i := range count {
			number, e := tx.NextNumber()
			if err = errors.Join(err, e); err != nil {
				return err
			}
			_, err = tx.Exec(`INSERT INTO deliveries (id, tenant_id, provider_id, source_id, door, source_execution_id, item_index, received_at, state, body)
				VALUES (?, ?, ?, ?, 'in', ?, ?, 1, 'done', ?)`, number, w.ID, w.Provider.ID, w.source, call, i, []byte(randomItem(r)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkStored is a backtest of 10,000 deliveries that came in through the door, each about a deal of its own, over the
// 20,000 records they made. The draft differs from the live version in a field of each deal.
func BenchmarkStored(b *testing.B) {
	storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
		n := pipelinetest.Start(b, d.Open(b), library.Standard())
		w := newWorld(b, n, "stored", plainSpec)
		const deliveries, batch = 10_000, 200
		for first := 0; first < deliveries; first += batch {
			items := make([]string, batch)
			for i := range items {
				items[i] = fmt.Sprintf(`{"id": %d, "agent": %d, "name": "Name %d", "kind": "Won", "at": "2026-01-05", "worth": %d, "other": %d, "contact": "c%d", "lines": [{"id": 1, "at": "2026-01-06"}]}`,
					first+i, i%50, i%50, i, i+1, first+i)
			}
			w.post(b, "", "["+strings.Join(items, ",")+"]")
		}
		tried := w.tried()
		tried.Draft = &processor.Draft{Text: []byte(strings.Replace(plainSpec, "event.worth", "event.other", 1))}
		for b.Loop() {
			r, err := w.desk.Backtest(b.Context(), trial.Past{Tried: tried, Deliveries: deliveries}, quiet)
			if err != nil || r.Deliveries != deliveries || len(r.Ends) != 1 || r.Ends[0].Count != deliveries {
				b.Fatalf("%+v, %v", r, err)
			}
		}
	})
}

// TestManyDeliveries: 10,000 go through in pieces, and nothing of them is written.
func TestManyDeliveries(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		w := newWorld(t, n, "many", spec("event.worth"))
		w.fill(t, 10_000)
		before := w.Count(t, "activities") + w.Count(t, "identities") + w.Count(t, "journal") + w.Count(t, "executions")
		start := time.Now()
		var last trial.Progress
		b, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried(), Deliveries: 10_000}, func(p trial.Progress) { last = p })
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("10,000 deliveries in %s", time.Since(start))
		if b.Deliveries != 10_000 || last != (trial.Progress{Done: 10_000, Total: 10_000}) {
			t.Errorf("%d deliveries, progress %+v", b.Deliveries, last)
		}
		if after := w.Count(t, "activities") + w.Count(t, "identities") + w.Count(t, "journal") + w.Count(t, "executions"); after != before {
			t.Errorf("%d rows became %d", before, after)
		}
		few, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, quiet)
		if err != nil || few.Deliveries != trial.UsualDeliveries || few.Last != b.Last || few.First <= b.First {
			t.Errorf("the usual number: %+v, %v", few, err)
		}
		if text := id.Format(id.Delivery, few.First); text == "" {
			t.Error("no first delivery")
		}
	})
}

// TestBacktestHasABound: over more things than fit it ends, and says what to do.
func TestBacktestHasABound(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		w := newWorld(t, n, "bound", plainSpec)
		for i := range 5 {
			w.post(t, "", fmt.Sprintf(`{"id": %d, "agent": %d, "at": "2026-01-05", "kind": "Won"}`, i, i))
		}
		w.desk.MostThings = 10
		if b, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, quiet); err != nil || b.Deliveries != 5 {
			t.Fatalf("at the bound: %+v, %v", b, err)
		}
		w.desk.MostThings = 9
		_, err := w.desk.Backtest(t.Context(), trial.Past{Tried: w.tried()}, quiet)
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "Try fewer deliveries") {
			t.Errorf("beyond the bound: %v", err)
		}
	})
}

package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

const hour = 3600 * 1_000_000

func away(providerID, at int64, caller string) ingest.TurnedAway {
	return ingest.TurnedAway{
		Call: pipeline.SourceExecution{ProviderID: providerID, ReceivedAt: at, HTTPStatus: 401},
		What: pipeline.TurnedAway{Caller: caller},
	}
}

func numbered(x ingest.TurnedAway, n int64) ingest.TurnedAway {
	x.Call.ID = n
	return x
}

// countStore keeps counts in memory, or fails.
type countStore struct {
	got     []ingest.Counts
	fails   int
	numbers int64 // the last line's
	oldest  int64 // moment of the oldest line that gets a number
}

func (s *countStore) AddCounts(_ context.Context, c ingest.Counts) error {
	if s.fails > 0 {
		s.fails--
		return errors.New("the database is down")
	}
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Call.ID == 0 && l.Call.ReceivedAt >= s.oldest {
			s.numbers++
			l.Call.ID = s.numbers
		}
	}
	s.got = append(s.got, c)
	return nil
}

func TestTallyKeepsWhatItCannotWrite(t *testing.T) {
	t.Parallel()
	store := &countStore{fails: 1}
	tally := ingest.NewTally(store, pipelinetest.Log())
	tally.KeyUsed(1, 5)
	tally.KeyUsed(1, 7)
	tally.TurnedAway(away(2, hour+5, "a"))
	tally.TurnedAway(away(2, hour+3, "a"))
	tally.TurnedAway(away(2, 2*hour, "b"))
	ended, stop := context.WithCancel(t.Context())
	stop()
	if err := tally.Run(ended); err == nil {
		t.Error("counts that could not be written are no error at the end")
	}
	if err := tally.Run(ended); err != nil {
		t.Error(err)
	}
	want := []ingest.Counts{{
		Keys: map[int64]ingest.Uses{1: {Times: 2, Last: 7}},
		Refused: map[ingest.Refusal]ingest.Uses{
			{ProviderID: 2, Hour: hour, Status: 401}:     {Times: 2, Last: hour + 5},
			{ProviderID: 2, Hour: 2 * hour, Status: 401}: {Times: 1, Last: 2 * hour},
		},
		Lines: []ingest.TurnedAway{numbered(away(2, hour+5, "a"), 1), numbered(away(2, hour+3, "a"), 2), numbered(away(2, 2*hour, "b"), 3)},
	}}
	if diff := cmp.Diff(want, store.got); diff != "" {
		t.Error(diff)
	}
}

// told says of each line what it is: its number, caller and how many more there are like it.
func told(lines []ingest.TurnedAway) (all []string) {
	for _, l := range lines {
		all = append(all, fmt.Sprintf("%d %s +%d", l.Call.ID, l.What.Caller, l.What.More))
	}
	return all
}

// TestTallyHasFewLines: what is alike has three lines an hour, a provider a hundred; the rest is counted at the last of its kind.
func TestTallyHasFewLines(t *testing.T) {
	t.Parallel()
	store := &countStore{}
	tally := ingest.NewTally(store, pipelinetest.Log())
	ended, stop := context.WithCancel(t.Context())
	stop()
	write := func() []string {
		t.Helper()
		store.got = nil
		if err := tally.Run(ended); err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, c := range store.got {
			all = append(all, told(c.Lines)...)
		}
		return all
	}
	calls := func(n int, caller string, at int64) {
		for i := range n {
			tally.TurnedAway(away(1, at+int64(i), caller))
		}
	}
	want := func(what string, got []string, lines ...string) {
		t.Helper()
		if diff := cmp.Diff(lines, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", what, diff)
		}
	}
	calls(2, "a", hour)
	calls(1, "b", hour)
	want("the first of two kinds", write(), "1 a +0", "2 a +0", "3 b +0")
	calls(5, "a", hour)
	want("the third, and more", write(), "4 a +4")
	calls(3, "a", hour)
	want("more like it", write(), "4 a +3")
	for i := range 1000 {
		calls(1, fmt.Sprint(i), hour)
	}
	got := write()
	if n := len(got); n != 97 || got[0] != "5 0 +0" || got[95] != "100 95 +0" || got[96] != "101  +903" {
		t.Errorf("%d lines of a thousand callers; want the 96 that a provider has left, and one for all others: %v", n, got)
	}
	calls(2, "b", hour)
	tally.TurnedAway(away(2, hour, "a"))
	want("the log is full for the provider, for others it is not", write(), "3 b +2", "102 a +0")
	calls(4, "a", 2*hour)
	want("another hour", write(), "103 a +0", "104 a +0", "105 a +1")

	store.oldest = 3*hour + 5
	calls(4, "a", 3*hour)
	want("what comes too late has no number", write(), "0 a +0", "0 a +0", "0 a +1")
	calls(1, "a", 3*hour+5)
	want("what comes then begins a line", write(), "106 a +0")
}

// TestManyStrangers: ten thousand calls with wrong keys from as many networks leave a hundred and one lines and their number; who has
// the key is served all the while, and what the log has is neither a key nor a body.
func TestManyStrangers(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		d := open(t, db)
		path := d.source(t)
		ctx, stop := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { _ = d.tally.Run(ctx) })
		const strangers, callers = 10_000, 8
		var all sync.WaitGroup
		begun := time.Now().UTC().Truncate(time.Hour)
		for n := range callers {
			all.Go(func() {
				for i := n; i < strangers; i += callers {
					r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(`{"planted": "body"}`))
					r.RemoteAddr = fmt.Sprintf("%d.%d.7.9:4711", 100+i/250, i%250)
					r.Header.Set("Authorization", "Bearer planted-key")
					r.Header.Set("Content-Type", "application/json; planted=media")
					answer := httptest.NewRecorder()
					d.handler.ServeHTTP(answer, r)
					if answer.Code != http.StatusUnauthorized {
						t.Errorf("a stranger gets %d", answer.Code)
					}
				}
			})
		}
		all.Go(func() {
			for i := range 200 {
				if answer := d.call(path, d.Key, fmt.Sprintf(`{"n": %d}`, i)); answer.Code != http.StatusOK {
					t.Errorf("a call with the key gets %d", answer.Code)
				}
			}
		})
		all.Wait()
		stop()
		run.Wait()
		hours := 1 + int(time.Since(begun)/time.Hour)
		if n := d.Count(t, "turned_away"); n > 101*hours {
			t.Errorf("%d lines in %d hours; want no more than a hundred and one in each", n, hours)
		}
		var lines, more, counted int
		d.Ask(t, "SELECT count(*), sum(more) FROM turned_away", nil, &lines, &more)
		d.Ask(t, "SELECT sum(calls) FROM refused_calls WHERE provider_id = ?", []any{d.Provider.ID}, &counted)
		if counted != strangers || lines+more != strangers {
			t.Errorf("%d are counted, %d lines tell of %d; want all %d in both", counted, lines, lines+more, strangers)
		}
		if n := d.Count(t, "deliveries"); n != 200 {
			t.Errorf("%d deliveries; want 200", n)
		}
		if n := d.Count(t, "source_executions WHERE body IS NOT NULL OR error LIKE '%planted%'") + d.Count(t, "turned_away WHERE caller LIKE '%.7.9%' OR media LIKE '%planted%'"); n != 0 {
			t.Errorf("%d lines have something of what strangers sent, or their whole address", n)
		}
	})
}

// TestTurnedAwayIsSwept: after thirty days nothing of it is left; calls with a key stay.
func TestTurnedAwayIsSwept(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		var later time.Duration
		db.Options.Clock = func() time.Time { return time.Now().Add(later) }
		d := open(t, db)
		path := d.source(t)
		d.call(path, d.Key, `{`)
		d.call(path, "wrong", `{}`)
		d.call(path, "wrong", `{}`)
		d.write(t)
		sweep := func(at time.Duration, want int) {
			t.Helper()
			later = at
			n, err := d.SweepTurnedAway(t.Context(), 10)
			if err != nil || n != want {
				t.Errorf("%d lines are swept after %v, %v; want %d", n, at, err, want)
			}
		}
		const kept = 30 * 24 * time.Hour
		sweep(kept-time.Minute, 0)
		sweep(kept+time.Minute, 2)
		sweep(kept+2*time.Hour, 0)
		if calls, lines, counts := d.Count(t, "source_executions"), d.Count(t, "turned_away"), d.Count(t, "refused_calls"); calls != 1 || lines != 0 || counts != 0 {
			t.Errorf("%d calls, %d lines and %d counts are left; want the call with the key alone", calls, lines, counts)
		}
	})
}

// TestTurnedAwayInTheCallLog: a line is in the log of whose door it was, and tells where it came in.
func TestTurnedAwayInTheCallLog(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		d := open(t, db)
		path := d.source(t)
		other := d.Node.Tenant(t, "other")
		d.call(path, other.Key, `{}`) // of nobody here: it is in the other's log
		d.call(path, "wrong", `{}`)
		get := httptest.NewRequest(http.MethodGet, path, nil)
		d.handler.ServeHTTP(httptest.NewRecorder(), get)
		d.call(ingest.WebhookPath+id.Format(id.Provider, d.Provider.ID)+"/order/planted", d.Key, `{}`)
		d.write(t)
		for tenant, want := range map[int64][]string{
			d.Tenant.ID: {"404 ", "405 in", "401 in"}, other.Tenant.ID: {"404 in"},
		} {
			p, err := d.ListCalls(t.Context(), pipeline.CallFilter{TenantID: tenant, Status: pipeline.CallFailed}, page.Request{Number: 1, Size: 10})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range p.Items {
				got = append(got, fmt.Sprintf("%d %s", c.HTTPStatus, c.Door))
				if strings.Contains(string(c.Error), "planted") {
					t.Errorf("the log has the path: %s", c.Error)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
	})
}

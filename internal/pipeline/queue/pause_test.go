package queue

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// paused gives how the one provider does; false: it has no pause.
func (w *world) paused(t *testing.T) (provider.Pause, bool) {
	t.Helper()
	p, err := w.Node.DB.Provider(t.Context(), w.ID, w.Provider.ID)
	if err != nil {
		t.Fatal(err)
	}
	return p.Pause, p.Pause.Failures > 0
}

// TestADeadProviderIsLeftAlone: a provider that is down is not asked once for each execution that waits, and what waited
// for it goes on when it is back.
func TestADeadProviderIsLeftAlone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var down atomic.Bool
		down.Store(true)
		crm := &found{before: func(context.Context, string, connector.Request) error {
			if down.Load() {
				return errors.New("nobody answers")
			}
			return nil
		}}
		w := openCRM(t, d, crm.fetch)
		w.Desk.Times.Breaker = pipeline.Breaker{Failures: 3, First: 100 * time.Millisecond, Longest: 100 * time.Millisecond}
		w.Desk.Times.GiveUp = 24 * time.Hour
		var later atomic.Int64 // microseconds
		w.Desk.Now = func() int64 { return w.Node.DB.Now() + later.Load() }
		source, _ := w.AddSource(t, "Deals", enriched)
		const n = 40
		for i := range n {
			w.deliver(t, source.ID, deal(2*i+2, "Won"), "")
		}
		seen := w.start(t)
		for {
			if p, is := w.paused(t); is && p.Failures >= 5 { // two tried alone after the first three
				break
			}
			select {
			case <-seen:
			case <-t.Context().Done():
				t.Fatal("the provider is not paused")
			}
		}
		p, _ := w.paused(t)
		if p.Why != "nobody answers" || p.Since == 0 || !p.Tripped {
			t.Errorf("it is paused as %+v", p)
		}
		// Those that were under way when the third failed, and since then one at a time.
		if asked := crm.count("contact"); asked > int64(p.Failures)+2*connector.DefaultFetches {
			t.Errorf("asked %d times, %d of them in a row", asked, p.Failures)
		}
		// Two days later it is still down: those that try for all are not given up for it.
		later.Store(2 * 24 * time.Hour.Microseconds())
		for asked := crm.count("contact"); crm.count("contact") < asked+5; {
			select {
			case <-seen:
			case <-t.Context().Done():
				t.Fatal("nobody tries any more")
			}
		}
		down.Store(false)
		await(t, seen, w, repeated("succeeded", n)...)
		for _, use := range w.givenUp(t) {
			t.Errorf("%s was given up", use)
		}
		if p, is := w.paused(t); is {
			t.Errorf("it works, and is paused: %+v", p)
		}
	})
}

// givenUp tells what was given up of all executions.
func (w *world) givenUp(t *testing.T) (why []string) {
	t.Helper()
	all, err := w.RecentExecutions(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		for _, f := range e.Enrichments {
			if f.GivenUp != "" {
				why = append(why, f.Chain+": "+f.GivenUp)
			}
		}
	}
	return why
}

// TestRunsAgainLeaveADeadProviderAlone: however many are asked for, one after the other.
func TestRunsAgainLeaveADeadProviderAlone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var fails atomic.Pointer[error]
		fail := func(err error) { fails.Store(&err) }
		crm := &found{before: func(context.Context, string, connector.Request) error { return *fails.Load() }}
		w := openCRM(t, d, crm.fetch)
		w.Desk.Times.Breaker = pipeline.Breaker{Failures: 3, First: time.Hour, Longest: time.Hour}
		var later atomic.Int64 // microseconds
		w.Desk.Now = func() int64 { return w.Node.DB.Now() + later.Load() }
		source, _ := w.AddSource(t, "Deals", enriched)
		const n = 30
		for i := range n {
			w.deliver(t, source.ID, deal(2*i+2, "Won"), "")
		}
		fail(&connector.Failure{Message: "it knows nothing of it", Final: true})
		await(t, w.start(t), w, repeated("failed", n)...)
		if p, is := w.paused(t); is || len(w.givenUp(t)) != n {
			t.Fatalf("it is paused: %+v", p)
		}
		all, err := w.RecentExecutions(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		replay := func() (refused []*fault.Error) {
			t.Helper()
			for _, e := range all {
				if _, err := w.Queue.Replay(t.Context(), w.ID, e.ID, false); err != nil {
					refused = append(refused, fault.Of(err))
				}
			}
			return refused
		}
		asked := crm.count("contact")
		fail(errors.New("nobody answers"))
		refused := replay()
		if n := crm.count("contact") - asked; n != 3 {
			t.Errorf("it is asked %d times", n)
		}
		last := refused[len(refused)-1]
		if len(refused) != n || last.Kind != fault.Unavailable || last.RetryAfter < 29*time.Minute || !strings.Contains(last.Message, "since 3 fetches in a row failed: nobody answers") {
			t.Errorf("%d are refused, the last: %v, again after %v", len(refused), last, last.RetryAfter)
		}
		later.Store(2 * time.Hour.Microseconds())
		fail(nil)
		if refused := replay(); len(refused) > 0 {
			t.Errorf("when it is back, %d are refused: %v", len(refused), refused[0])
		}
		if p, is := w.paused(t); is {
			t.Errorf("it answers, and is paused: %+v", p)
		}
	})
}

// TestAnAnswerForGoodEndsAPause: the provider is there, also where it does not have what it was asked for.
func TestAnAnswerForGoodEndsAPause(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var back atomic.Bool
		crm := &found{before: func(context.Context, string, connector.Request) error {
			if back.Load() {
				return &connector.Failure{Message: "it knows nothing of it", Final: true}
			}
			return errors.New("nobody answers")
		}}
		w := openCRM(t, d, crm.fetch)
		w.Desk.Times.Breaker = pipeline.Breaker{Failures: 2, First: 50 * time.Millisecond, Longest: 50 * time.Millisecond}
		source, _ := w.AddSource(t, "Deals", enriched)
		w.deliver(t, source.ID, deal(2, "Won"), "")
		seen := w.start(t)
		for {
			if p, _ := w.paused(t); p.Tripped {
				break
			}
			select {
			case <-seen:
			case <-t.Context().Done():
				t.Fatal("the provider is not paused")
			}
		}
		back.Store(true)
		await(t, seen, w, "failed")
		if p, is := w.paused(t); is {
			t.Errorf("it answers, and is paused: %+v", p)
		}
	})
}

// TestWhoHasNoTimePausesNobody: a run again waits for less long than what was delivered does, so that its time is over
// says nothing of the provider, whatever the connector makes of it.
func TestWhoHasNoTimePausesNobody(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var slow atomic.Bool
		crm := &found{before: func(ctx context.Context, _ string, _ connector.Request) error {
			if !slow.Load() {
				return &connector.Failure{Message: "it knows nothing of it", Final: true}
			}
			<-ctx.Done()
			return &connector.Failure{Message: "the call was not answered"}
		}}
		w := openCRM(t, d, crm.fetch)
		w.Desk.Times.Breaker = pipeline.Breaker{Failures: 2, First: time.Hour, Longest: time.Hour}
		source, _ := w.AddSource(t, "Deals", enriched)
		w.deliver(t, source.ID, deal(2, "Won"), "")
		await(t, w.start(t), w, "failed")
		all, err := w.RecentExecutions(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		slow.Store(true)
		w.Desk.Times.Asked = time.Millisecond
		for range 3 {
			if _, err := w.Queue.Replay(t.Context(), w.ID, all[0].ID, false); fault.Of(err).Kind != fault.Unavailable {
				t.Errorf("%v", err)
			}
		}
		if p, is := w.paused(t); is {
			t.Errorf("it is only slow, and fails: %+v", p)
		}
	})
}

// TestWhoWaitsInVainWaitsNoMore: a provider that hangs costs the first of many runs again their time, not all of them, and
// what was delivered waits for it as before.
func TestWhoWaitsInVainWaitsNoMore(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var hangs atomic.Bool
		crm := &found{before: func(ctx context.Context, _ string, _ connector.Request) error {
			if !hangs.Load() {
				return &connector.Failure{Message: "it knows nothing of it", Final: true}
			}
			<-ctx.Done()
			return &connector.Failure{Message: "the call was not answered"}
		}}
		w := openCRM(t, d, crm.fetch)
		w.Desk.Times.Patience = pipeline.Breaker{Failures: 3, First: time.Hour, Longest: time.Hour}
		var later atomic.Int64 // microseconds
		w.Desk.Now = func() int64 { return w.Node.DB.Now() + later.Load() }
		source, _ := w.AddSource(t, "Deals", enriched)
		w.deliver(t, source.ID, deal(2, "Won"), "")
		await(t, w.start(t), w, "failed")
		all, err := w.RecentExecutions(t.Context(), 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		// replay runs it again so many times, and gives how often the provider was asked and the last refusal.
		replay := func(times int) (int64, *fault.Error) {
			t.Helper()
			asked, refused := crm.count("contact"), (*fault.Error)(nil)
			for range times {
				refused = nil
				if _, err := w.Queue.Replay(t.Context(), w.ID, all[0].ID, false); err != nil {
					refused = fault.Of(err)
				}
			}
			return crm.count("contact") - asked, refused
		}
		hangs.Store(true)
		w.Desk.Times.Asked = time.Millisecond
		asked, refused := replay(10)
		if asked != 3 || refused == nil || refused.Kind != fault.Unavailable || refused.RetryAfter < 29*time.Minute || !strings.Contains(refused.Message, "3 fetches in a row failed: no answer came within 1ms") {
			t.Errorf("it is asked %d times, the last: %v", asked, refused)
		}
		if p, is := w.paused(t); is {
			t.Errorf("what was delivered is paused: %+v", p)
		}
		later.Store(2 * time.Hour.Microseconds())
		if asked, _ := replay(5); asked != 1 {
			t.Errorf("two hours later it is asked %d times", asked)
		}
		later.Store(4 * time.Hour.Microseconds())
		hangs.Store(false)
		w.Desk.Times.Asked = time.Minute
		if asked, refused := replay(5); asked != 5 {
			t.Errorf("when it answers, it is asked %d times: %v", asked, refused)
		}
	})
}

// TestPauses: the steps of a pause, which are those of all nodes on a database and outlive them.
func TestPauses(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := openCRM(t, d, (&found{}).fetch)
		source, processors := w.AddSource(t, "Deals", enriched)
		for i := range 8 {
			w.deliver(t, source.ID, deal(i+1, "Won"), "")
		}
		now := w.Now()
		take := func(limit int) (taken []pipeline.Fetch, next int64) {
			t.Helper()
			taken, next, err := w.Node.DB.TakeFetches(t.Context(), source.ID, processors, limit, now, now+int64(time.Hour/time.Microsecond))
			if err != nil {
				t.Fatal(err)
			}
			return taken, next
		}
		breaker := pipeline.Breaker{Failures: 2, First: time.Hour, Longest: 4 * time.Hour}
		end := func(f pipeline.Fetch, how pipeline.FetchEnd) {
			t.Helper()
			how.TenantID, how.ExecutionID, how.Epoch, how.ProviderID, how.AgainAt = w.ID, f.Execution.ID, f.Epoch, source.ProviderID, 1
			if err := w.Node.DB.EndFetches(t.Context(), []pipeline.FetchEnd{how}, breaker); err != nil {
				t.Fatal(err)
			}
		}
		failed := pipeline.FetchEnd{Failed: "down"}

		first, _ := take(4)
		if len(first) != 4 {
			t.Fatalf("%d are taken", len(first))
		}
		end(first[0], failed)
		if p, _ := w.paused(t); p.Failures != 1 || p.Tripped || p.Until > 0 {
			t.Errorf("after one failure: %+v", p)
		}
		end(first[1], failed)
		p, _ := w.paused(t)
		if !p.Tripped || p.Until <= now {
			t.Fatalf("after two in a row: %+v", p)
		}
		end(first[2], failed) // was under way
		if again, _ := w.paused(t); again != p {
			t.Errorf("what was under way made %+v of %+v", again, p)
		}
		told, err := (&why.Desk{Store: w.Node.DB, Library: w.Node.Library}).Absent(t.Context(), why.Wanted{TenantID: w.ID, Noun: "activity", ExternalID: "3"})
		if err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprintf("%+v", told); !strings.Contains(text, "is left alone until "+time.UnixMicro(p.Until).UTC().Format(time.RFC3339)+", since 2 fetches in a row failed: down.") {
			t.Errorf("why does not tell of the pause: %s", text)
		}
		if s, err := w.Node.DB.Source(t.Context(), w.ID, source.ID); err != nil || s.Pause != p {
			t.Errorf("the source tells %+v, %v", s.Pause, err)
		}
		if all, err := w.Node.DB.Pauses(t.Context()); err != nil || all[source.ProviderID] != p {
			t.Errorf("the pauses are %+v, %v", all, err)
		}
		if taken, next := take(4); len(taken) > 0 || next != p.Until {
			t.Errorf("in the pause %d are taken, the next at %d of %d", len(taken), next, p.Until)
		}

		now = p.Until
		probe, _ := take(4)
		if len(probe) != 1 || !probe[0].Alone || first[0].Alone {
			t.Fatalf("after the pause %d try", len(probe))
		}
		if more, _ := take(4); len(more) > 0 {
			t.Error("two try at a time")
		}
		end(probe[0], pipeline.FetchEnd{}) // its node stopped
		if probe, _ = take(4); len(probe) != 1 {
			t.Fatal("nobody tries in the place of a node that stopped")
		}
		end(probe[0], failed)
		longer, _ := w.paused(t)
		if longer.Failures != 3 || longer.Since != p.Since {
			t.Errorf("after the one that tried failed: %+v", longer)
		}

		now = max(longer.Until, now)
		if probe, _ = take(4); len(probe) != 1 {
			t.Fatal("nobody tries")
		}
		now += int64(2 * time.Hour / time.Microsecond) // its node died
		if probe, _ = take(4); len(probe) != 1 {
			t.Fatal("nobody tries in the place of a node that died")
		}
		end(probe[0], pipeline.FetchEnd{Answered: true})
		if p, is := w.paused(t); is {
			t.Errorf("after one came through: %+v", p)
		}
		all, _ := take(3)
		if len(all) != 3 {
			t.Errorf("then %d are taken", len(all))
		}
		end(all[0], pipeline.FetchEnd{Failed: "slower", NotBefore: now + 5})
		if taken, next := take(4); len(taken) > 0 || next != now+5 {
			t.Errorf("before it wants to be asked, %d are taken, the next at %d of %d", len(taken), next, now+5)
		}
	})
}

// TestALookGoesSoFar: what is tried again later is not gone through without end for what is behind it.
func TestALookGoesSoFar(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := openCRM(t, d, (&found{}).fetch)
		source, processors := w.AddSource(t, "Deals", enriched)
		const far = 1000
		for i := range far + 1 {
			w.deliver(t, source.ID, deal(i+1, "Won"), "")
		}
		now := w.Now()
		take := func(limit int, now int64) (int, int64) {
			t.Helper()
			taken, next, err := w.Node.DB.TakeFetches(t.Context(), source.ID, processors, limit, now, now+100)
			if err != nil {
				t.Fatal(err)
			}
			return len(taken), next
		}
		if n, _ := take(far-1, now); n != far-1 {
			t.Fatalf("%d are taken", n)
		}
		if n, _ := take(far, now); n != 1 {
			t.Errorf("%d are taken; want the last of those that a look goes through", n)
		}
		if n, next := take(far, now); n != 0 || next != now+100 {
			t.Errorf("%d are taken, the next at %d; want none before %d", n, next, now+100)
		}
		if n, _ := take(2*far, now+100); n != far {
			t.Errorf("%d are taken after the leases", n)
		}
	})
}

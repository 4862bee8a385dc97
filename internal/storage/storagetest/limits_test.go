package storagetest_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestUnitThatHangsIsParkedAndTheOthersGoOn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		end := make(chan struct{})
		t.Cleanup(func() { close(end) }) // the test leaves no goroutine behind
		n := start(t, d.Open(t), func(w *commit.Writer) { w.Watchdog = 40 * time.Millisecond })
		var hung atomic.Int32
		hangs := func(d *pipeline.Delivery) []execute.Unit {
			return []execute.Unit{&unit{delivery: d, do: deal("8", "slow", "Deal"), real: func() {
				hung.Add(1)
				<-end
			}}}
		}
		var wg sync.WaitGroup
		var slow *commit.Result
		wg.Go(func() { slow = submit(t, n, call("", hangs)) })
		for i := range 5 {
			wg.Go(func() { submit(t, n, call("", one("7", fmt.Sprint("a", i), "Deal"))) })
		}
		wg.Wait()
		if x := slow.Items[0].Units[0].Outcome().Execution; x.Status != run.Waiting || x.Reason != pipeline.ReasonParked {
			t.Errorf("the execution is %s, %s", x.Status, x.Reason)
		}
		if hung.Load() != 3 {
			t.Errorf("it was tried %d times", hung.Load())
		}
		if got := []int{count(t, n.DB, "activities"), count(t, n.DB, "deliveries"), count(t, n.DB, "executions WHERE reason = 'parked'")}; !cmp.Equal(got, []int{5, 6, 1}) {
			t.Errorf("activities, deliveries, parked: %v", got)
		}
	})
}

func TestUnitThatHungLeavesTheOthersAloneWhenItGoesOn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t), func(w *commit.Writer) { w.Watchdog = 40 * time.Millisecond })
		running, release, wake := make(chan struct{}), make(chan struct{}), make(chan struct{})
		counted := func(activity string, runs *atomic.Int32, first func()) commit.Job {
			return call("", func(d *pipeline.Delivery) []execute.Unit {
				return []execute.Unit{&unit{delivery: d, do: deal("7", activity, "Deal"), real: func() {
					if runs.Add(1) == 1 {
						first()
					}
				}}}
			})
		}
		var before, slow, after atomic.Int32
		jobs := []commit.Job{ // the last two share a group: they come while the first one runs
			counted("before", &before, func() { close(running); <-release }),
			counted("slow", &slow, func() { <-wake }),
			counted("after", &after, func() {}),
		}
		results := make([]*commit.Result, len(jobs))
		var wg sync.WaitGroup
		for i, job := range jobs {
			wg.Go(func() { results[i] = submit(t, n, job) })
			if i == 0 {
				<-running
			}
			for i > 0 && n.writer.Backlog() < i { // until it is in line
				runtime.Gosched()
			}
		}
		close(release)
		wg.Wait()
		answered := results[2].Items[0].Delivery.Number
		close(wake)
		for i := range 20 {
			submit(t, n, call("", one("7", fmt.Sprint("later", i), "Deal")))
		}
		if after.Load() != 1 {
			t.Errorf("the unit after the one that hung ran %d times", after.Load())
		}
		if now := results[2].Items[0].Delivery.Number; now != answered {
			t.Errorf("delivery %d became %d after the answer", answered, now)
		}
		if got := count(t, n.DB, "deliveries"); got != 23 {
			t.Errorf("%d deliveries", got)
		}
	})
}

func TestBacklogIsKeptForLaterAndThenRefused(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		running, release := make(chan struct{}), make(chan struct{})
		var once sync.Once
		nothing := func(func(run.Effect) (value.Value, error)) error { return nil }
		many := func(units int, real func()) commit.Job {
			return call("", func(d *pipeline.Delivery) []execute.Unit {
				list := make([]execute.Unit, units)
				for i := range list {
					list[i] = &unit{delivery: d, do: nothing, real: real}
				}
				return list
			})
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			submit(t, n, many(1, func() {
				once.Do(func() { close(running) })
				<-release
			}))
		})
		<-running
		states := make([]pipeline.DeliveryState, 0, 40)
		var mu sync.Mutex
		queued := 0
		for n.writer.Ready(context.Background()) == nil {
			wg.Go(func() {
				r := submit(t, n, many(1000, nil))
				mu.Lock()
				defer mu.Unlock()
				states = append(states, r.Items[0].Delivery.State)
			})
			for queued++; n.writer.Backlog() < queued*1000; { // until it is in line
				runtime.Gosched()
			}
		}
		if _, err := n.writer.Submit(context.Background(), many(1, nil)); !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v, want Unavailable", err)
		}
		close(release)
		wg.Wait()
		count := map[pipeline.DeliveryState]int{}
		for _, s := range states {
			count[s]++
		}
		if diff := cmp.Diff(map[pipeline.DeliveryState]int{pipeline.DeliveryDone: 9, pipeline.DeliveryWaiting: 24}, count); diff != "" {
			t.Errorf("states (-want +got):\n%s", diff)
		}
	})
}

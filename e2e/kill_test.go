package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// killCycles is how often each database sees its server killed; both together make 300. DEALWRIGHT_KILL_CYCLES asks
// for more, for a night.
const killCycles = 150

// senders post at once, each its own deliveries, as fast as they are answered.
const senders = 8

// TestKill ends the server with SIGKILL in mid-load, again and again. The senders' notes are the oracle: what was
// answered with 2xx is there afterwards, each exactly once; what was not may be there or not, and sending it again
// makes no second record.
func TestKill(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		cycles := killCycles
		if v := os.Getenv("DEALWRIGHT_KILL_CYCLES"); v != "" {
			n, err := strconv.Atoi(v)
			if err != nil {
				t.Fatalf("DEALWRIGHT_KILL_CYCLES: %v", err)
			}
			cycles = n
		}
		// A run can be repeated with the seed that it logs, up to the machine's own timing.
		seed := rand.Uint64() //nolint:gosec // it chooses moments, not secrets
		t.Logf("seed %d", seed)
		random := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // as above

		s := newServer(t, flags(t))
		door := newSource(t, s)
		notes := &notes{acked: map[string]bool{}}
		for cycle := range cycles {
			var wg sync.WaitGroup
			ctx, giveUp := context.WithCancel(t.Context())
			first := make(chan struct{}, senders)
			for sender := range senders {
				wg.Go(func() { door.sendUntilKilled(ctx, t, notes, fmt.Sprintf("c%d-s%d", cycle, sender), first) })
			}
			select { // the kill falls into work, not into the start
			case <-first:
			case <-time.After(startLimit):
				t.Fatalf("cycle %d: no answer within %s\n%s", cycle, startLimit, s.log)
			}
			<-time.After(time.Duration(random.Int64N(int64(80 * time.Millisecond))))
			s.kill()
			giveUp()
			wg.Wait()
			s.client.CloseIdleConnections()
			s.start(t)
			door.checkRecent(t, notes)
			if t.Failed() {
				return
			}
		}
		door.sendAgain(t, notes)
		door.checkAll(t, notes)
		s.run(t, append([]string{"doctor", "--all-traces"}, s.flags...)...)
	})
}

// sendUntilKilled posts one delivery after the other until the server is gone. Each answered one is signalled on first
// as long as somebody listens.
func (d *source) sendUntilKilled(ctx context.Context, t *testing.T, notes *notes, prefix string, first chan<- struct{}) {
	for n := 0; ; n++ {
		id := prefix + "-" + strconv.Itoa(n)
		notes.sent(id)
		status, err := d.post(ctx, id)
		switch {
		case err != nil:
			return
		case status != http.StatusOK && status != http.StatusAccepted: // 202: kept, runs as soon as there is room
			t.Errorf("%s: status %d, want 200 or 202", id, status)
			return
		}
		notes.ack(id)
		select {
		case first <- struct{}{}:
		default:
		}
	}
}

// checkRecent looks up what was answered just before the last kill.
func (d *source) checkRecent(t *testing.T, notes *notes) {
	t.Helper()
	d.settle(t)
	for _, id := range notes.recent() {
		v := d.server.call(t, http.MethodGet, "/v1/activities?external_id="+id, nil, http.StatusOK)
		if n := len(v.([]any)); n != 1 {
			t.Errorf("%s was answered with 200 before the kill; now %d records have that id", id, n)
		}
	}
}

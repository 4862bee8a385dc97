package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
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
		door := newDoor(t, s)
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
			<-time.After(time.Duration(random.Int64N(int64(40 * time.Millisecond))))
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
		s.run(t, append([]string{"doctor"}, s.flags...)...)
	})
}

// door is a source whose processor makes an agent identity and an activity of each delivery.
type door struct {
	server *server
	url    string // path of the source's URL
	key    string
}

const killSpec = `
spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    external_name: =concat("Agent ", event.agent)
    return_as: agent
  - type: upsert_activity
    external_id: =event.id
    activity_type: Deal
    agent_external_identity: =agent
    moment: =now()
    value: =event.value
`

func newDoor(t *testing.T, s *server) *door {
	t.Helper()
	provider := s.call(t, http.MethodPost, "/v1/providers", map[string]any{"type": "webhooks", "name": "Load"}, http.StatusCreated)
	source := s.call(t, http.MethodPost, "/v1/providers/"+get(t, provider, "id")+"/sources",
		map[string]any{"type": "webhook.payload", "name": "Load"}, http.StatusCreated)
	processor := s.call(t, http.MethodPost, "/v1/processors",
		map[string]any{"name": "Load", "provider_id": get(t, provider, "id"), "source_model": "webhook.payload"}, http.StatusCreated)
	spec, err := s.send(t.Context(), http.MethodPut, "/v1/processors/"+get(t, processor, "id")+"/spec",
		http.Header{"Content-Type": {"application/yaml"}}, []byte(killSpec))
	if err != nil || spec.status != http.StatusOK {
		t.Fatalf("save the spec: %v %+v", err, spec)
	}
	s.call(t, http.MethodPost, "/v1/processors/"+get(t, processor, "id")+"/enable", nil, http.StatusOK)
	s.call(t, http.MethodPut, "/v1/sources/"+get(t, source, "id")+"/processors",
		[]map[string]any{{"processor_id": get(t, processor, "id"), "constants": map[string]any{}}}, http.StatusOK)
	return &door{server: s, url: get(t, source, "url")[len(s.url):], key: get(t, provider, "api_key")}
}

func get(t *testing.T, v any, key string) string {
	t.Helper()
	child, err := step(v, key)
	if err != nil {
		t.Fatalf("%v in %s", err, text(v))
	}
	return text(child)
}

// post sends one delivery and tells the status it was answered with; an error means that no answer came.
func (d *door) post(ctx context.Context, id string) (int, error) {
	body, err := json.Marshal(map[string]any{"id": id, "agent": len(id) % 5, "value": 12.5})
	if err != nil {
		return 0, err
	}
	got, err := d.server.send(ctx, http.MethodPost, d.url,
		http.Header{"Authorization": {"Bearer " + d.key}, "Content-Type": {"application/json"}}, body)
	if err != nil {
		return 0, err
	}
	return got.status, nil
}

// sendUntilKilled posts one delivery after the other until the server is gone. Each answered one is signalled on first
// as long as somebody listens.
func (d *door) sendUntilKilled(ctx context.Context, t *testing.T, notes *notes, prefix string, first chan<- struct{}) {
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
func (d *door) checkRecent(t *testing.T, notes *notes) {
	t.Helper()
	d.settle(t)
	for _, id := range notes.recent() {
		v := d.server.call(t, http.MethodGet, "/v1/activities?external_id="+id, nil, http.StatusOK)
		if n := len(v.([]any)); n != 1 {
			t.Errorf("%s was answered with 200 before the kill; now %d records have that id", id, n)
		}
	}
}

// settle returns once nothing waits to be run.
func (d *door) settle(t *testing.T) {
	t.Helper()
	eventually(t, "all deliveries are run", func() bool {
		v := d.server.call(t, http.MethodGet, "/v1/executions?status=waiting&per_page=1", nil, http.StatusOK)
		return len(v.([]any)) == 0
	})
}

// sendAgain does what a sender does that got no answer.
func (d *door) sendAgain(t *testing.T, notes *notes) {
	t.Helper()
	for id, acked := range notes.acked {
		if acked {
			continue
		}
		if status, err := d.post(t.Context(), id); err != nil || status/100 != 2 {
			t.Fatalf("send %s again: status %d, %v", id, status, err)
		}
		notes.ack(id)
	}
}

// checkAll reads every record there is and compares with the notes.
func (d *door) checkAll(t *testing.T, notes *notes) {
	t.Helper()
	d.settle(t)
	there := map[string]int{}
	for path := "/v1/activities?per_page=100"; ; {
		got, err := d.server.send(t.Context(), http.MethodGet, path, nil, nil)
		if err != nil || got.status != http.StatusOK {
			t.Fatalf("list the records: %v %+v", err, got)
		}
		var page struct {
			Data []struct {
				ExternalID string `json:"external_id"`
			} `json:"data"`
			Meta struct {
				NextCursor string `json:"next_cursor"`
			} `json:"meta"`
		}
		if err := json.Unmarshal(got.body, &page); err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Data {
			there[r.ExternalID]++
		}
		if page.Meta.NextCursor == "" {
			break
		}
		path = "/v1/activities?per_page=100&cursor=" + url.QueryEscape(page.Meta.NextCursor)
	}
	for _, id := range slices.Sorted(maps.Keys(notes.acked)) {
		if n := there[id]; n != 1 {
			t.Errorf("%s: %d records, want 1", id, n)
		}
		delete(there, id)
	}
	if len(there) > 0 {
		t.Errorf("records nobody sent: %v", there)
	}
	t.Logf("%d deliveries, all there once", len(notes.acked))
}

// notes are what the senders know: the ids they sent, and whether the answer came.
type notes struct {
	mu    sync.Mutex
	acked map[string]bool
	last  []string // the newest answered ones
}

// recentNotes is how many of the newest are looked up after each restart.
const recentNotes = 2 * senders

func (n *notes) sent(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.acked[id] = false
}

func (n *notes) ack(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.acked[id] = true
	n.last = append(n.last, id)
	if over := len(n.last) - recentNotes; over > 0 {
		n.last = slices.Delete(n.last, 0, over)
	}
}

func (n *notes) recent() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.last)
}

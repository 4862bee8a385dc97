package e2e

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// source is a source with a processor that makes an agent identity and an activity of each delivery.
type source struct {
	server    *server
	url       string // path of the source's URL
	key       string
	processor string // its id
}

func specOf(activityType string) string {
	return `
spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    external_name: =concat("Agent ", event.agent)
    return_as: agent
  - type: upsert_activity
    external_id: =event.id
    activity_type: ` + activityType + `
    agent_external_identity: =agent
    moment: =now()
    value: =event.value
`
}

func newSource(t *testing.T, s *server) *source {
	t.Helper()
	provider := s.call(t, http.MethodPost, "/v1/providers", map[string]any{"type": "webhooks", "name": "Load"}, http.StatusCreated)
	entrance := s.call(t, http.MethodPost, "/v1/providers/"+get(t, provider, "id")+"/sources",
		map[string]any{"type": "webhook.payload", "name": "Load"}, http.StatusCreated)
	processor := s.call(t, http.MethodPost, "/v1/processors",
		map[string]any{"name": "Load", "provider_id": get(t, provider, "id"), "source_model": "webhook.payload"}, http.StatusCreated)
	d := &source{server: s, url: get(t, entrance, "url")[len(s.url):], key: get(t, provider, "api_key"), processor: get(t, processor, "id")}
	d.save(t, specOf("Deal"))
	s.call(t, http.MethodPost, "/v1/processors/"+d.processor+"/enable", nil, http.StatusOK)
	s.call(t, http.MethodPut, "/v1/sources/"+get(t, entrance, "id")+"/processors",
		[]map[string]any{{"processor_id": d.processor, "constants": map[string]any{}}}, http.StatusOK)
	return d
}

// save gives the processor a new spec.
func (d *source) save(t *testing.T, spec string) {
	t.Helper()
	got, err := d.server.send(t.Context(), http.MethodPut, "/v1/processors/"+d.processor+"/spec",
		http.Header{"Content-Type": {"application/yaml"}}, []byte(spec))
	if err != nil || got.status != http.StatusOK {
		t.Fatalf("save the spec: %v %+v", err, got)
	}
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
func (d *source) post(ctx context.Context, id string) (int, error) {
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

// settle returns once nothing waits to be run.
func (d *source) settle(t *testing.T) {
	t.Helper()
	eventually(t, "all deliveries are run", func() bool {
		v := d.server.call(t, http.MethodGet, "/v1/executions?status=waiting&per_page=1", nil, http.StatusOK)
		return len(v.([]any)) == 0
	})
}

// sendAgain does what a sender does that got no answer.
func (d *source) sendAgain(t *testing.T, notes *notes) {
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
func (d *source) checkAll(t *testing.T, notes *notes) {
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

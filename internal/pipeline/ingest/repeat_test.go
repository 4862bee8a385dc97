package ingest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// repeatable is what a test reads of the answer of a fixed webhook.
type repeatable struct {
	Data struct {
		DeliveryID string `json:"delivery_id"`
		Duplicate  bool   `json:"duplicate"`
		Record     *struct {
			Outcome string `json:"outcome"`
		} `json:"record"`
		Remarks []string `json:"remarks"`
	} `json:"data"`
}

// TestEventAtAFixedWebhook: what comes again late changes nothing and is answered with the first delivery. Each fixed
// webhook of each provider has its own events.
func TestEventAtAFixedWebhook(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		second, secondKey := w.AddProvider(t, "Second")
		to := func(providerID int64, key, door, event, body string) (a repeatable) {
			t.Helper()
			got := w.call("/webhooks/"+id.Format(id.Provider, providerID)+"/"+door, key, body, "X-Event-Id", event)
			if err := json.Unmarshal(got.Body.Bytes(), &a); err != nil || got.Code != 200 {
				t.Fatalf("%d %s", got.Code, got.Body)
			}
			return a
		}
		deal := func(v int) string {
			return fmt.Sprintf(`{"id":"d","type":"Deal","agent_id":1,"agent_name":"A","moment":"2026-01-05","value":%d}`, v)
		}
		send := func(event, body string) repeatable {
			t.Helper()
			return to(w.Provider.ID, w.Key, "activity", event, body)
		}
		first := send("A", deal(1))
		send("B", deal(2))
		for name, c := range map[string]struct {
			body    string
			differs bool
		}{
			"the same":       {deal(1), false},
			"laid out anew":  {strings.ReplaceAll(deal(1), ",", " ,\n "), false},
			"another body":   {deal(3), true},
			"another record": {strings.Replace(deal(1), `"d"`, `"e"`, 1), true},
		} {
			again := send("A", c.body)
			if !again.Data.Duplicate || again.Data.DeliveryID != first.Data.DeliveryID || again.Data.Record != nil {
				t.Errorf("%s: %+v; want a duplicate of %s", name, again.Data, first.Data.DeliveryID)
			}
			if told := strings.Contains(strings.Join(again.Data.Remarks, "\n"), "the body differs"); told != c.differs {
				t.Errorf("%s: remarks %q", name, again.Data.Remarks)
			}
		}
		if got := w.Count(t, "activities WHERE value = '2'"); got != 1 {
			t.Errorf("%d activities have the value of the last event", got)
		}
		if got := w.Count(t, "source_executions WHERE remarks LIKE ?", "%the body differs%"); got != 2 {
			t.Errorf("%d calls say that their body was not used", got)
		}
		got := w.call("/webhooks/"+id.Format(id.Provider, w.Provider.ID)+"/anonymous-activity", w.Key,
			`{"id":"c","type":"Visit","moment":"2026-01-05"}`, "X-Event-Id", "A")
		if got.Code != 200 || strings.Contains(got.Body.String(), "duplicate") {
			t.Errorf("another door: %d %s", got.Code, got.Body)
		}
		if other := to(second.ID, secondKey, "activity", "A", deal(1)); other.Data.Duplicate {
			t.Error("another provider's event is taken for the same")
		}
		bad := strings.Replace(deal(1), `,"agent_name":"A"`, "", 1)
		bad = strings.Replace(bad, `"agent_id":1`, `"agent_id":"nobody"`, 1)
		if got := w.call("/webhooks/"+id.Format(id.Provider, w.Provider.ID)+"/activity", w.Key, bad, "X-Event-Id", "C"); got.Code != 422 {
			t.Fatalf("a refused call: %d %s", got.Code, got.Body)
		}
		if mended := send("C", deal(4)); mended.Data.Duplicate {
			t.Error("the event of a refused call was not taken when it came again, mended")
		}
	})
}

// TestEventSentAtOnce: of one event that comes many times at the same moment, one is kept.
func TestEventSentAtOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		const calls = 16
		var group sync.WaitGroup
		for i := range calls {
			group.Go(func() {
				w.call("/webhooks/"+id.Format(id.Provider, w.Provider.ID)+"/activity", w.Key,
					fmt.Sprintf(`{"id":"d","type":"Deal","agent_id":1,"agent_name":"A","moment":"2026-01-05","value":%d}`, i), "Webhook-Id", "A")
			})
		}
		group.Wait()
		if got := w.Count(t, "deliveries"); got != 1 {
			t.Errorf("%d deliveries", got)
		}
		if got := w.Count(t, "source_executions WHERE remarks LIKE ?", "%repeat of dlv_%"); got != calls-1 {
			t.Errorf("%d of %d calls say that they are repeats", got, calls)
		}
	})
}

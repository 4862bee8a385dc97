package ingest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func (d *door) source(t testing.TB, specs ...string) string {
	t.Helper()
	s, _ := d.AddSource(t, "Source", specs...)
	return ingest.SourcePath + id.Format(id.Source, s.ID)
}

func TestLimits(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		d := open(t, db)
		path := d.source(t)
		many := "[" + strings.Repeat("{},", 1000) + "{}]"
		for name, c := range map[string]struct {
			body   string
			header []string
			want   int
		}{
			"a body of 1 MiB":          {body: `{"a": "` + strings.Repeat("x", 1<<20-9) + `"}`, want: 200},
			"a body over 1 MiB":        {body: `{"a": "` + strings.Repeat("x", 1<<20-8) + `"}`, want: 413},
			"1,000 items":              {body: "[" + strings.TrimSuffix(strings.Repeat("{},", 1000), ",") + "]", want: 200},
			"1,001 items":              {body: many, want: 413},
			"64 levels":                {body: strings.Repeat(`{"a":`, 63) + "{}" + strings.Repeat("}", 63), want: 200},
			"65 levels":                {body: strings.Repeat(`{"a":`, 64) + "{}" + strings.Repeat("}", 64), want: 400},
			"an id of 255 characters":  {body: "{}", header: []string{"Webhook-Id", strings.Repeat("x", 255)}, want: 200},
			"an id of 256 characters":  {body: "{}", header: []string{"Webhook-Id", strings.Repeat("x", 256)}, want: 422},
			"an id that is not UTF-8":  {body: "{}", header: []string{"Webhook-Id", "\xff"}, want: 422},
			"a number of 1,001 digits": {body: `{"a": ` + strings.Repeat("1", 1001) + "}", want: 400},
		} {
			if answer := d.call(path, d.Key, c.body, c.header...); answer.Code != c.want {
				t.Errorf("%s: %d %.300s; want %d", name, answer.Code, answer.Body, c.want)
			}
		}
		if n := d.Count(t, "source_executions WHERE http_status = 413 AND body IS NOT NULL"); n != 1 {
			t.Errorf("%d bodies of calls that were too large are kept; want that with too many items", n)
		}
	})
}

func TestKeyRenewal(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		d := open(t, db)
		path, old := d.source(t), d.Key
		renew := func(overlap time.Duration) string {
			key, secret := provider.NewKey()
			if _, err := d.RenewProviderKey(t.Context(), d.Tenant.ID, d.Provider.ID, key, overlap); err != nil {
				t.Fatal(err)
			}
			return secret
		}
		want := func(name, key string, status int) {
			t.Helper()
			if answer := d.call(path, key, `{}`); answer.Code != status {
				t.Errorf("%s: %d; want %d", name, answer.Code, status)
			}
		}
		want("the first key", old, 200)
		fresh := renew(time.Hour)
		want("the new key", fresh, 200)
		want("the old key beside it", old, 200)
		newest := renew(0)
		want("the newest key", newest, 200)
		want("a key whose time is over", fresh, 401)
		want("a key whose time is over, again", fresh, 401)

		// Uses and refusals are counted, and written at the latest when the tally ends.
		d.write(t)
		var uses, refused int
		d.Ask(t, "SELECT sum(uses) FROM provider_keys WHERE provider_id = ?", []any{d.Provider.ID}, &uses)
		d.Ask(t, "SELECT sum(calls) FROM refused_calls WHERE provider_id = ? AND status = 401", []any{d.Provider.ID}, &refused)
		if uses != 4 || refused != 2 {
			t.Errorf("%d uses, %d refused; want 4 and 2", uses, refused)
		}
	})
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		n := &pipelinetest.Node{DB: db.Open(t), Library: library.Standard()}
		tenant := n.Tenant(t, "acme")
		source, _ := tenant.AddSource(t, "Source")
		holder, err := plan.NewHolder(t.Context(), storage.NewPictureLoader(n.DB, n.Library))
		if err != nil {
			t.Fatal(err)
		}
		stopped := commit.New(n.Engine(), holder, pipelinetest.Log(), n.Now)
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := stopped.Run(ctx); err != nil {
			t.Fatal(err)
		}
		d := &door{Node: n, Tenant: tenant, handler: &ingest.Handler{
			Plan: holder, Writer: stopped, Tally: ingest.NewTally(n.DB, pipelinetest.Log()), Clock: time.Now, Log: pipelinetest.Log(),
		}}
		for _, body := range []string{`{}`, `{`} { // what cannot be read has to be kept, too
			answer := d.call(ingest.SourcePath+id.Format(id.Source, source.ID), d.Key, body)
			if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
				t.Errorf("%s: %d, Retry-After %q; want 503 and when to come again", body, answer.Code, answer.Header().Get("Retry-After"))
			}
		}
	})
}

// TestManyAtOnce: the same event from many callers at once is one delivery.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, db *storagetest.Database) {
		d := open(t, db)
		path := d.source(t)
		const callers = 40
		var all sync.WaitGroup
		answers := make([]*httptest.ResponseRecorder, callers)
		for i := range callers {
			all.Go(func() { answers[i] = d.call(path, d.Key, `{"id": 1}`, "Webhook-Id", "evt_1") })
		}
		all.Wait()
		ids, fresh := map[string]bool{}, 0
		for _, a := range answers {
			var answer struct {
				Data struct {
					DeliveryID string `json:"delivery_id"`
					Duplicate  bool   `json:"duplicate"`
				} `json:"data"`
			}
			if err := json.Unmarshal(a.Body.Bytes(), &answer); err != nil || a.Code != 200 {
				t.Fatalf("%d %s, %v", a.Code, a.Body, err)
			}
			ids[answer.Data.DeliveryID] = true
			if !answer.Data.Duplicate {
				fresh++
			}
		}
		if len(ids) != 1 || fresh != 1 {
			t.Errorf("%d deliveries, %d of them said to be new; want one", len(ids), fresh)
		}
		if n := d.Count(t, "deliveries"); n != 1 {
			t.Errorf("%d deliveries are kept", n)
		}
		if n := d.Count(t, "source_executions"); n != callers {
			t.Errorf("%d calls are logged; want %d", n, callers)
		}
	})
}

// FuzzDoor: whatever is sent, with whatever headers, the answer is JSON and never our fault.
func FuzzDoor(f *testing.F) {
	db, err := sqlite.Open(f.Context(), storage.Options{Dir: f.TempDir()})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = db.Close() }) // after its writer
	d := openOn(f, db)
	source := d.source(f, `
spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    external_name: =implode_with_spaces(event.first, event.last)
    return_as: agent
  - type: for_each
    list: =event.lines
    item_var: line
    body:
      - type: upsert_activity
        external_id: =concat(event.id, " | ", line.sku)
        activity_type: =line.kind
        agent_external_identity: =agent
        moment: =parse_datetime(line.at)
        value: =multiply(line.price, line.count)
`)
	webhook := ingest.WebhookPath + id.Format(id.Provider, d.Provider.ID) + "/"
	for _, seed := range []string{
		`{"id": 1, "agent": 2, "first": "A", "lines": [{"sku": "x", "kind": "K", "at": "2026-01-05", "price": 1.5, "count": 2}]}`,
		`[{"agent": 1}, null, {"agent": {}, "lines": {}}]`, `{"id": "x", "type": "T", "agent_id": 1, "agent_name": "A", "moment": "2026-01-05"}`,
		"id=1&type=T&moment=2026-01-05&agent_id=1&agent_name=x", `{"value": 1e999}`, "\ufeff{}", "{\"a\": \"\\ud800\"}", "",
	} {
		f.Add(uint8(0), "application/json", "", seed)
		f.Add(uint8(1), "application/x-www-form-urlencoded", "", seed)
	}
	f.Add(uint8(4), "multipart/form-data; boundary=X", "gzip", "--X--")
	doors := []string{source, webhook + "activity", webhook + "sale", webhook + "call", webhook + "period", webhook + "anonymous-activity"}
	f.Fuzz(func(t *testing.T, at uint8, contentType, encoding, body string) {
		path := doors[int(at)%len(doors)]
		answer := d.call(path, d.Key, body, "Content-Type", contentType, "Content-Encoding", encoding)
		if answer.Code >= http.StatusInternalServerError {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
		if !json.Valid(answer.Body.Bytes()) {
			t.Errorf("%s: the answer is no JSON: %q", path, answer.Body)
		}
	})
}

package api_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/retention"
	"github.com/dealwright/dealwright/internal/secret"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestRawBodies: kept only where the tenant wants it, sealed, for those who may see it, and gone when it no longer wants
// it.
func TestRawBodies(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		d.Options.Secret = secret.Source{Dir: d.Options.Dir}
		var later time.Duration
		d.Options.Clock = func() time.Time { return time.Now().Add(later) }
		s := serve(t, d)
		c := s.company("raw")
		admin := c.as(access.Admin)
		ids := s.furnish(c)
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 0}`, admin).at("data", "api_key").(string)
		// deliver makes a call and gives the path of its raw body.
		deliver := func(path, body string, headers ...string) string {
			t.Helper()
			s.call("POST", path, body, append(headers, door)...)
			return "/v1/source-executions/" + fmt.Sprint(s.must(200, "GET", "/v1/source-executions?per_page=1", "", admin).at("data", 0, "id")) + "/raw"
		}
		source := "/in/" + ids["sources"]
		before := deliver(source, `{"id": 2, "agent": 7, "at": "2026-01-05"}`)
		s.must(404, "GET", before, "", admin)

		for _, days := range []string{"-1", "91", `"30"`} {
			s.must(422, "PATCH", "/v1/settings", `{"raw_days": `+days+`}`, admin)
		}
		if got := s.must(200, "PATCH", "/v1/settings", `{"raw_days": 30}`, admin); fmt.Sprint(got.at("data", "raw_days")) != "30" {
			t.Errorf("the settings are %s", got.Body)
		}
		s.must(404, "GET", before, "", admin)
		bodies := []string{
			`{"id": 3, "agent": 7, "at": "2026-01-05", "secret": "planted"}`, // delivered
			`[{"id": 4, "agent": 7, "at": "2026-01-05"}, {"planted": 1}]`,    // several at once
			`{"planted": `, // not to be read
			"\xff planted",
		}
		var paths []string
		for _, body := range bodies {
			paths = append(paths, deliver(source, body))
		}
		paths = append(paths, deliver("/webhooks/"+ids["providers"]+"/sale", `{"id": "planted", "contact_key": "jan@example.test"}`))
		bodies = append(bodies, `{"id": "planted", "contact_key": "jan@example.test"}`)
		for i, path := range paths {
			got := s.must(200, "GET", path, "", admin)
			text, _ := got.at("data", "body").(string)
			if raw, ok := got.at("data", "body_bytes").(string); ok {
				b, err := base64.StdEncoding.DecodeString(raw)
				if err != nil {
					t.Error(err)
				}
				text = string(b)
			}
			if text != bodies[i] {
				t.Errorf("%q is kept as %q", bodies[i], text)
			}
		}
		s.must(403, "GET", paths[0], "", c.as(access.Member))
		s.must(404, "GET", paths[0], "", s.company("others").as(access.Admin))
		err := s.Read(t.Context(), func(tx *storage.Tx) error {
			var body []byte
			if err := tx.QueryRow("SELECT body FROM raw_bodies ORDER BY source_execution_id LIMIT 1").Scan(&body); err != nil {
				return err
			}
			if bytes.Contains(body, []byte("planted")) {
				t.Errorf("it is kept in the clear: %s", body)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}

		// Nothing but time takes it away, in batches, oldest first.
		if n, err := s.SweepRaw(t.Context(), 100); n != 0 || err != nil {
			t.Errorf("a sweep takes %d away that are kept, %v", n, err)
		}
		later = 29 * 24 * time.Hour
		s.must(200, "GET", paths[0], "", admin)
		later = 31 * 24 * time.Hour
		s.must(404, "GET", paths[0], "", admin)
		for _, want := range []int{2, 2, 1, 0} {
			if n, err := s.SweepRaw(t.Context(), 2); n != want || err != nil {
				t.Errorf("a sweep takes %d away, %v; want %d", n, err, want)
			}
		}

		// Switched off, it is unreadable at once, also when it is switched on again, and the sweep takes it.
		later = 0
		last := deliver(source, bodies[0])
		s.must(200, "GET", last, "", admin)
		s.must(200, "PATCH", "/v1/settings", `{"raw_days": 0}`, admin)
		s.must(404, "GET", last, "", admin)
		s.must(200, "PATCH", "/v1/settings", `{"raw_days": 90}`, admin)
		if got := s.must(404, "GET", last, "", admin).Body.String(); !strings.Contains(got, "raw_days") {
			t.Errorf("it says %s", got)
		}
		s.must(200, "PATCH", "/v1/settings", `{"raw_days": 0}`, admin)
		if n, err := s.SweepRaw(t.Context(), 100); n != 1 || err != nil {
			t.Errorf("a sweep takes %d away, %v", n, err)
		}
		s.must(404, "GET", deliver(source, bodies[0]), "", admin)
		if got := s.Count(t, "raw_bodies"); got != 0 {
			t.Errorf("%d are kept", got)
		}
	})
}

// sweeps tells each sweep of a store.
type sweeps struct {
	*storage.DB
	done chan int
}

func (s sweeps) SweepRaw(ctx context.Context, limit int) (int, error) {
	n, err := s.DB.SweepRaw(ctx, limit)
	s.done <- n
	return n, err
}

// TestTheSweepFollowsTheSettings: a change of them makes it look again.
func TestTheSweepFollowsTheSettings(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		d.Options.Secret = secret.Source{Dir: d.Options.Dir}
		s := serve(t, d)
		c := s.company("sweep")
		admin := c.as(access.Admin)
		s.must(200, "PATCH", "/v1/settings", `{"raw_days": 1}`, admin)
		s.furnish(c)
		kept := s.Count(t, "raw_bodies")
		if kept == 0 {
			t.Fatal("no body is kept")
		}
		done := make(chan int, 100)
		pipelinetest.Go(t, (&retention.Sweep{Store: sweeps{s.DB, done}, Plan: s.Plan, Log: pipelinetest.Log()}).Run)
		if n := <-done; n != 0 {
			t.Errorf("the first sweep takes %d away", n)
		}
		s.must(200, "PATCH", "/v1/settings", `{"raw_days": 0}`, admin)
		if _, err := s.Plan.Fresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := <-done; n != kept {
			t.Errorf("after the change it takes %d of %d away", n, kept)
		}
	})
}

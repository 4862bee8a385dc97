package api_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestDryRun: what a spec would do is told of a stored delivery and of an item at hand, and nothing comes of it.
func TestDryRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("dry")
		ids := s.furnish(c)
		member := c.as(access.Member)
		path := "/v1/processors/" + ids["processors"] + "/dry-run"
		door := s.must(200, "GET", "/v1/deliveries?source_id="+ids["sources"], "", member).at("data", 0, "id").(string)

		kept := s.must(200, "POST", path, `{"delivery_id": "`+door+`"}`, member)
		if kept.at("data", "status") != "succeeded" || kept.at("data", "things", 1, "outcome") != "untouched" || kept.at("data", "trace", "digest_matches") != true {
			t.Errorf("a stored delivery: %s", kept.Body)
		}
		draft := `"spec: 1\nsource_model: webhook.payload\nvar: event\ninstructions:\n  - {type: upsert_agent_external_identity, external_id: =event.agent, return_as: agent}\n` +
			`  - {type: upsert_activity, external_id: '=concat(event.id, \" | deal\")', activity_type: Offer, agent_external_identity: =agent, moment: =parse_datetime(event.at)}\n"`
		got := s.must(200, "POST", path, `{"delivery_id": "`+door+`", "spec": `+draft+`}`, member)
		if got.at("data", "version") != nil || got.at("data", "things", 1, "outcome") != "created" || got.at("data", "things", 1, "id") != nil {
			t.Errorf("a draft: %s", got.Body)
		}
		if diff := cmp.Diff(map[string]any{"noun": "activity", "step": "s2", "before": "1", "after": "1 | deal", "delivery_id": door}, got.at("data", "new_external_ids", 0)); diff != "" {
			t.Errorf("the new id (-want +got):\n%s", diff)
		}
		item := s.must(200, "POST", path, `{"item": {"id": 1, "agent": 8, "at": "2026-01-06"}}`, member)
		field, _ := item.at("data", "things", 1, "fields", 0).(map[string]any)
		if item.at("data", "things", 0, "outcome") != "created" || item.at("data", "things", 1, "outcome") != "changed" || field["field"] != "agent_external_identity" {
			t.Errorf("an item: %s", item.Body)
		}
		for _, bad := range []struct {
			body, field, says string
			status            int
		}{
			{`{}`, "delivery_id", "one of the two", 422},
			{`{"delivery_id": "` + door + `", "item": 1}`, "delivery_id", "one of the two", 422},
			{`{"delivery_id": "` + door + `", "version": 1, "spec": "spec: 1"}`, "spec", "not both", 422},
			{`{"delivery_id": "` + door + `", "version": 9}`, "", "version", 404},
			{`{"delivery_id": "` + door + `", "constants": 5}`, "constants", "object", 422},
			{`{"item": {"id": 1}, "source_id": "src_zzzzzzzzzz"}`, "", "source", 404},
			{`{"delivery_id": "dlv_zzzzzzzzzz"}`, "", "delivery", 404},
			{`{"delivery_id": "` + ids["deliveries"] + `"}`, "", "fixed webhook", 409},
			{`{"delivery_id": "` + door + `", "spec": "spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: upsert_sale}"}`, "", "missing_field", 422},
		} {
			a := s.must(bad.status, "POST", path, bad.body, member)
			field, _ := a.at("error", "details", 0, "field").(string)
			if field != bad.field || !strings.Contains(a.Body.String(), bad.says) {
				t.Errorf("%s: %s", bad.body, a.Body)
			}
		}
		if list, _ := s.must(200, "GET", "/v1/activities", "", member).at("data").([]any); len(list) != 1 {
			t.Errorf("%d activities, want 1", len(list))
		}
		if list, _ := s.must(200, "GET", "/v1/executions", "", member).at("data").([]any); len(list) != 1 {
			t.Errorf("%d executions, want 1", len(list))
		}
	})
}

// TestBacktest: a draft over the deliveries there are, as one answer and as lines with progress.
func TestBacktest(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("past")
		ids := s.furnish(c)
		member := c.as(access.Member)
		path := "/v1/processors/" + ids["processors"] + "/backtest"
		if live := s.must(200, "POST", path, `{}`, member); live.at("data", "deliveries") != json.Number("1") || live.at("data", "differences", 0) != nil || live.at("data", "records", 0) != nil {
			t.Errorf("the live version over itself: %s", live.Body)
		}
		draft := strings.Replace(plan, `"Deal"`, `"Offer"`, 1)
		got := s.must(200, "POST", path, `{"spec": `+draft+`, "deliveries": 5}`, member)
		group := map[string]any{
			"noun": "activity", "field": "activity_type", "change": "text changed", "kind": "changed", "step": nil, "cause": "version", "count": json.Number("1"), "held_back": json.Number("0"),
			"examples": []any{map[string]any{"delivery_id": nil, "external_id": "1", "before": "Deal", "after": "Offer", "why": ""}},
		}
		if diff := cmp.Diff([]any{group}, got.at("data", "records")); diff != "" {
			t.Errorf("what the records would hold (-want +got):\n%s", diff)
		}
		same := map[string]any{"now_fails": json.Number("0"), "now_succeeds": json.Number("0"), "changed": json.Number("1"), "new": json.Number("0"), "gone": json.Number("0"), "same": json.Number("0")}
		if diff := cmp.Diff(same, got.at("data", "tally")); diff != "" {
			t.Errorf("the count (-want +got):\n%s", diff)
		}
		for body, n := range map[string]string{
			`{"source_id": "` + ids["sources"] + `"}`: "1", `{"received_from": "2020-01-01T00:00:00Z"}`: "1", `{"received_until": "2020-01-01T00:00:00Z"}`: "0",
			`{"received_from": "2120-01-01T00:00:00Z"}`: "0", `{"failing": true}`: "0",
		} {
			if among := s.must(200, "POST", path, body, member); among.at("data", "deliveries") != json.Number(n) {
				t.Errorf("%s: %s", body, among.Body)
			}
		}
		s.must(422, "POST", path, `{"source_id": "`+ids["processors"]+`"}`, member)
		for _, bad := range []string{"a[", "a..b", "lines[0].id", "a b"} {
			refused := s.must(422, "POST", path, `{"identified_by": "`+bad+`"}`, member)
			if refused.at("error", "details", 0, "field") != "identified_by" || !strings.Contains(refused.Body.String(), "data.id") {
				t.Errorf("%s: %s", bad, refused.Body)
			}
		}
		if nowhere := s.must(200, "POST", path, `{"identified_by": "nope.x"}`, member); !strings.Contains(nowhere.Body.String(), "No delivery has an id at “nope.x”") {
			t.Errorf("a path that is in none: %s", nowhere.Body)
		}
		if there := s.must(200, "POST", path, `{"identified_by": "id"}`, member); strings.Contains(there.Body.String(), "No delivery has an id") {
			t.Errorf("a path that is in all: %s", there.Body)
		}
		lines := s.call("POST", path, `{"spec": `+draft+`}`, member, "Accept: application/x-ndjson, application/json")
		if lines.Code != 200 || lines.Header().Get("Content-Type") != "application/x-ndjson" {
			t.Fatalf("%d %s", lines.Code, lines.Body)
		}
		said := strings.Split(strings.TrimSpace(lines.Body.String()), "\n")
		if len(said) != 2 || said[0] != `{"progress":{"done":1,"total":1}}` || !strings.Contains(said[1], `"cause":"version"`) {
			t.Errorf("the lines: %s", lines.Body)
		}
		refused := s.call("POST", path, `{"version": 7}`, member, "Accept: application/x-ndjson")
		if refused.Code != 404 || refused.at("error", "code") != "NOT_FOUND" {
			t.Errorf("a version that is not there: %d %s", refused.Code, refused.Body)
		}
		for body, status := range map[string]int{`{"deliveries": 0}`: 422, `{"deliveries": 100001}`: 422, `{"spec": 5}`: 422, `{"colour": 1}`: 422} {
			s.must(status, "POST", path, body, member)
		}
	})
}

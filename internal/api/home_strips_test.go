package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// ofLines fails for each line by itself, of two things.
const ofLines = `{"spec": 1, "source_model": "webhook.payload", "instructions": [
	{"type": "upsert_agent_external_identity", "external_id": "7", "return_as": "agent"},
	{"type": "for_each", "list": "=event.lines", "item_var": "line", "body": [
		{"type": "upsert_activity", "external_id": "=concat(event.id, line.sku)", "activity_type": "Line", "agent_external_identity": "=agent", "moment": "=parse_datetime(line.at)", "value": "=multiply(line.price, 2)"}]}]}`

// TestStripsAreWhatTheirListsHave: each part of each strip has as many executions as the list that it opens: also of
// executions with several errors, of such that ran long after they came, of runs again, and without tests.
func TestStripsAreWhatTheirListsHave(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("strips")
		admin := c.as(access.Admin)
		ids := s.furnish(c)
		processor := "/v1/processors/" + ids["processors"]
		s.must(200, "PUT", processor+"/spec", ofLines, admin)
		key := s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 60}`, admin)
		door := fmt.Sprint("Authorization: Bearer ", key.at("data", "api_key"))
		day, price := `{"sku": "a", "at": "not a day", "price": 1}`, `{"sku": "b", "at": "2026-01-05", "price": "much"}`
		for i, of := range []string{day + "," + price, price + "," + day, day, price, price + "," + price} {
			s.must(200, "POST", "/in/"+ids["sources"], fmt.Sprintf(`{"id": %d, "lines": [%s]}`, 10+i, of), door)
		}
		newest := s.must(200, "GET", "/v1/executions?per_page=1", "", admin)
		delivery := fmt.Sprint(newest.at("data", 0, "delivery_id"))
		// The first three came two hours before they ran.
		err := s.Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec(`UPDATE deliveries SET received_at = received_at - ? WHERE source_id IS NOT NULL AND id <= (
				SELECT id FROM (SELECT id FROM deliveries WHERE source_id IS NOT NULL ORDER BY id DESC LIMIT 3) AS last ORDER BY id LIMIT 1) - 1`, (2 * time.Hour).Microseconds())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.must(200, "POST", processor+"/test", `{"delivery_id": "`+delivery+`"}`, admin)
		s.must(200, "POST", "/v1/executions/"+fmt.Sprint(newest.at("data", 0, "id"))+"/replay", "", admin)
		s.countUntil("all is counted", func() bool {
			return s.must(200, "GET", "/v1/home?range=24h", "", admin).added("outcomes", "failed") == 6
		})

		for _, of := range []string{"1h", "24h", "7d", "30d"} {
			var home struct {
				Data struct {
					Edges    []string
					Failures []struct {
						Processor  struct{ ID string }
						Code       string
						Message    string
						Executions []int
						Total      int
					}
				}
			}
			if err := json.Unmarshal(s.must(200, "GET", "/v1/home?range="+of, "", admin).Body.Bytes(), &home); err != nil {
				t.Fatal(err)
			}
			if of != "1h" && len(home.Data.Failures) != 2 {
				t.Errorf("%s: %d strips, want those of two codes", of, len(home.Data.Failures))
			}
			messages := map[string]bool{}
			for _, f := range home.Data.Failures {
				messages[f.Message] = true
				list := func(after, before string) string {
					q := url.Values{"processor_id": {f.Processor.ID}, "error_code": {f.Code}, "kind": {"real"}, "after": {after}, "before": {before}}
					return fmt.Sprint(s.must(200, "GET", "/v1/executions?"+q.Encode(), "", admin).at("meta", "total"))
				}
				edges := home.Data.Edges
				for i, n := range f.Executions {
					if got := list(edges[i], edges[i+1]); got != fmt.Sprint(n) {
						t.Errorf("%s: %s from %s to %s: the strip has %d executions, the list %s", of, f.Code, edges[i], edges[i+1], n, got)
					}
				}
				if got := list(edges[0], edges[len(edges)-1]); got != fmt.Sprint(f.Total) {
					t.Errorf("%s: %s: the strip has %d executions, the list %s", of, f.Code, f.Total, got)
				}
				if of == "7d" && f.Total != 5 && f.Total != 3 {
					t.Errorf("%s: %d executions failed of %s; want 5 of a price and 3 of a day", of, f.Total, f.Code)
				}
			}
			if len(messages) != len(home.Data.Failures) {
				t.Errorf("%s: strips have the message of another code: %v", of, messages)
			}
		}
		s.must(204, "DELETE", processor+"?confirm=true", "", admin)
		home := s.must(200, "GET", "/v1/home?range=7d", "", admin)
		if strips := home.at("data", "failures"); fmt.Sprint(strips) != "[]" {
			t.Errorf("of a processor that is gone strips stay: %v", strips)
		}
		for _, one := range home.at("data", "needs").([]any) {
			if kind := one.(map[string]any)["kind"]; kind == "failing" {
				t.Errorf("a processor that is gone needs a person: %v", one)
			}
		}
	})
}

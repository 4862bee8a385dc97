package api_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestTraceOfOneItem: of a loop over more steps than a page shows, an answer has those of one item and what all did in short.
func TestTraceOfOneItem(t *testing.T) {
	t.Parallel()
	const lines, bad = 320, 200
	body := `{"status": "won", "lines": [`
	for i := range lines {
		if i == bad {
			body += `null, `
			continue
		}
		body += `"team ` + strconv.Itoa(i) + `", `
	}
	body = strings.TrimSuffix(body, ", ") + `]}`
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours := s.company("ours")
		admin, viewer := ours.as(access.Admin), ours.as(access.Viewer)
		p, path := s.processor(admin)
		s.must(200, "PUT", path+"/spec", branching, admin)
		s.must(200, "POST", path+"/enable", "", admin)
		source := s.must(201, "POST", "/v1/providers/"+p.id()+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin).id()
		s.must(200, "PUT", "/v1/sources/"+source+"/processors", `[{"processor_id": "`+strings.TrimPrefix(path, "/v1/processors/")+`"}]`, admin)
		sent := s.must(200, "POST", "/in/"+source, body, "Authorization: Bearer "+p.at("data", "api_key").(string))
		trace := "/v1/executions/" + fmt.Sprint(sent.at("data", "executions", 0, "id")) + "/trace"

		// whole gives the items of the loop that have their steps.
		whole := func(query string) (a answer, items []int) {
			t.Helper()
			a = s.must(200, "GET", trace+query, "", viewer)
			all := list(a.at("data", "steps", 0, "branches", 0, "steps", 0, "items"))
			if len(all) != lines {
				t.Fatalf("%s: %d items, want %d", query, len(all), lines)
			}
			for i, item := range all {
				steps := list(item.(map[string]any)["steps"])
				if left := item.(map[string]any)["left_out"] == true; left == (len(steps) > 0) {
					t.Fatalf("%s: item %d has %d steps, left out: %v", query, i, len(steps), left)
				}
				if len(steps) > 0 {
					items = append(items, i)
				}
			}
			return a, items
		}
		if a, items := whole(""); len(items) != lines || a.at("data", "changes") != nil {
			t.Errorf("the whole trace has the steps of %d items", len(items))
		}
		for query, want := range map[string]int{
			"?items=one":                          bad,
			"?items=one&at=won/each%5B7%5D/team":  7,
			"?items=one&at=won/each%5B999%5D":     bad, // there is no such item
			"?items=one&at=lost/other%5B7%5D/one": bad,
		} {
			a, items := whole(query)
			if len(items) != 1 || items[0] != want {
				t.Errorf("%s: the steps of %v are there, want those of %d", query, items, want)
			}
			changes := list(a.at("data", "changes"))
			if len(changes) != lines || a.at("data", "changes_all") != json.Number(strconv.Itoa(lines)) {
				t.Errorf("%s: %d changes of %v", query, len(changes), a.at("data", "changes_all"))
			}
			if a.at("data", "changes", 0, "key") != fmt.Sprintf("won/each[%d]/team", bad) || a.at("data", "changes", 0, "failed") != true {
				t.Errorf("%s: the first change is %v", query, a.at("data", "changes", 0))
			}
			if a.at("data", "digest_matches") != true {
				t.Errorf("%s: what is shown is not what ran", query)
			}
		}
		s.must(422, "GET", trace+"?items=some", "", viewer)
		s.must(404, "GET", trace+"?items=one", "", s.company("theirs").as(access.Viewer))
	})
}

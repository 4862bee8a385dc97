package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestDraftsAreKept: as they were sent, valid or not, one of each person, and no window writes over another's.
func TestDraftsAreKept(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("drafts")
		ids := s.furnish(c)
		admin, viewer := c.as(access.Admin), c.as(access.Viewer)
		draft := "/v1/processors/" + ids["processors"] + "/draft"
		if got := s.must(200, "GET", draft, "", admin); got.at("data", "draft") != nil || len(list(got.at("data", "others"))) != 0 {
			t.Errorf("before anything: %s", got.Body)
		}
		half := `{"spec": 1, "instructions": [{"type": "upsert_sale", "x": [1.0, {"b": "é", "a": null}]}], "z": "=conc("}`
		first := s.must(200, "PUT", draft+"?base_version=1", half, admin)
		revision := fmt.Sprint(first.at("data", "revision"))
		got := s.must(200, "GET", draft, "", admin)
		var want any
		decoder := json.NewDecoder(strings.NewReader(half))
		decoder.UseNumber()
		if err := decoder.Decode(&want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.at("data", "draft", "tree")); diff != "" || got.at("data", "draft", "text") != nil || fmt.Sprint(got.at("data", "draft", "base_version")) != "1" {
			t.Errorf("the draft is %s:\n%s", got.Body, diff)
		}
		// Another window knows no draft, or an older one.
		for _, query := range []string{"", "?revision=1"} {
			if got := s.must(409, "PUT", draft+query, half, admin); got.at("error", "details", 0, "code") != "stale" {
				t.Errorf("PUT%s: %s", query, got.Body)
			}
		}
		broken := "spec: 1\n  instructions: [oops\n# and so on"
		second := s.must(200, "PUT", draft+"?base_version=1&revision="+revision, broken, admin, "Content-Type: application/yaml")
		if s.must(200, "GET", draft, "", admin).at("data", "draft", "text") != broken {
			t.Errorf("the text is not as it was sent")
		}
		s.must(409, "PUT", draft+"?revision="+revision, half, admin)
		s.must(400, "PUT", draft+"?revision="+fmt.Sprint(second.at("data", "revision")), `{"a": }`, admin)
		s.must(413, "PUT", draft+"?revision="+fmt.Sprint(second.at("data", "revision")), strings.Repeat("x", 1<<20+1), admin, "Content-Type: application/yaml")
		// Others see that it is there, not what is in it; a viewer may not write one.
		s.must(403, "PUT", draft, half, viewer)
		others := s.must(200, "GET", draft, "", viewer)
		if name := others.at("data", "others", 0, "name"); name != "the API key admin" || others.at("data", "draft") != nil || strings.Contains(others.Body.String(), "oops") {
			t.Errorf("a viewer sees %s", others.Body)
		}
		// After a save it is thrown away by its revision; a window that still has it is told.
		s.must(409, "DELETE", draft+"?revision="+revision, "", admin)
		s.must(204, "DELETE", draft+"?revision="+fmt.Sprint(second.at("data", "revision")), "", admin)
		s.must(204, "DELETE", draft, "", admin)
		if got := s.must(409, "PUT", draft+"?revision="+fmt.Sprint(second.at("data", "revision")), half, admin); got.at("error", "details", 0, "code") != "gone" {
			t.Errorf("a draft that is gone: %s", got.Body)
		}
		again := s.must(200, "PUT", draft, half, admin)
		if fmt.Sprint(again.at("data", "revision")) == revision {
			t.Errorf("a draft that was begun anew has the revision of the old one")
		}
		s.must(204, "DELETE", "/v1/processors/"+ids["processors"]+"?confirm=true", "", admin)
		s.must(404, "GET", draft, "", admin)
	})
}

// TestASaveOverANewerVersion is refused, and says who saved that and when, unless it is asked for.
func TestASaveOverANewerVersion(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("stale")
		ids := s.furnish(c)
		admin := c.as(access.Admin)
		spec := "/v1/processors/" + ids["processors"] + "/spec"
		other := strings.Replace(plan, `"Deal"`, `"Win"`, 1)
		s.must(200, "PUT", spec+"?base_version=1", other, admin)
		third := strings.Replace(plan, `"Deal"`, `"Loss"`, 1)
		got := s.must(409, "PUT", spec+"?base_version=1", third, admin)
		if said := fmt.Sprint(got.at("error", "details", 0, "message")); !strings.HasPrefix(said, "the API key admin saved version 2 at 20") || got.at("error", "details", 0, "field") != "base_version" {
			t.Errorf("a stale save gets %s", got.Body)
		}
		if got := s.must(200, "PUT", spec+"?base_version=2", third, admin); fmt.Sprint(got.at("data", "version")) != "3" {
			t.Errorf("saved over it: %s", got.Body)
		}
		s.must(409, "PUT", spec+"?base_version=0", plan, admin)
		s.must(200, "PUT", spec, plan, admin)
	})
}

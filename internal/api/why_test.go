package api_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestWhy: where a field comes from, and why something is not there, over the API.
func TestWhy(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		ids := s.furnish(ours)
		s.furnish(theirs)
		viewer := ours.as(access.Viewer)
		told := s.must(200, "GET", "/v1/activities/"+ids["activities"]+"/why?field=moment", "", viewer)
		field := []any{told.at("data", "fields", 0, "field"), told.at("data", "fields", 0, "value"), told.at("data", "fields", 0, "set_by", "digest_matches")}
		if diff := cmp.Diff([]any{"moment", "2026-01-05T05:00:00Z", true}, field); diff != "" {
			t.Error(diff)
		}
		if got := told.at("data", "fields", 0, "set_by", "sources", 0, "path"); got != "event.at" {
			t.Errorf("the source is %v: %s", got, told.Body)
		}
		if got := told.at("data", "fields", 0, "set_by", "step", "field", "tree", "arguments", 0, "expr", "value"); got != "2026-01-05" {
			t.Errorf("the formula does not tell its values: %s", told.Body)
		}
		if got := s.must(200, "GET", "/v1/sales/"+ids["sales"]+"/why?field=sold_at", "", viewer).at("data", "fields", 0, "set_by", "sources", 0, "path"); got != "sold_at" {
			t.Errorf("the field of the call is %v", got)
		}
		if got := s.must(200, "GET", "/v1/identities/"+ids["identities"]+"/why", "", viewer).at("data", "fields", 1, "field"); got != "external_name" {
			t.Errorf("the field of the identity is %v", got)
		}
		s.must(422, "GET", "/v1/sales/"+ids["sales"]+"/why?field=moment", "", viewer)
		s.must(422, "GET", "/v1/why?kind=unicorn&external_id=1", "", viewer)
		s.must(422, "GET", "/v1/why?kind=sale&external_id=%20", "", viewer)

		there := s.must(200, "GET", "/v1/why?kind=activity&external_id=1", "", viewer)
		if got := there.at("data", "there", 0, "path"); got != "/v1/activities/"+ids["activities"] {
			t.Errorf("it is at %v: %s", got, there.Body)
		}
		if there.at("data", "there", 1) != nil {
			t.Errorf("another tenant's: %s", there.Body)
		}
		never := s.must(200, "GET", "/v1/why?kind=agent&external_id=never%20seen", "", viewer)
		if never.at("data", "looked", "all") != true || never.at("data", "deliveries", 0) != nil {
			t.Errorf("what was never sent: %s", never.Body)
		}
	})
}

package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestRekey: records get the external ids of a mended spec, and theirs back.
func TestRekey(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("ours")
		ids := s.furnish(c)
		member, path := c.as(access.Member), "/v1/processors/"+ids["processors"]+"/re-key"
		s.must(200, "PUT", "/v1/processors/"+ids["processors"]+"/spec", strings.Replace(plan, `"=event.id"`, `"=concat(\"deal \", event.id)"`, 1), c.as(access.Admin))
		external := func() any {
			t.Helper()
			return s.must(200, "GET", "/v1/activities/"+ids["activities"], "", member).at("data", "external_id")
		}
		if got := s.must(200, "POST", path, `{"preview": true}`, member); got.at("data", "moved", 0, "to") != "deal 1" || got.at("data", "id") != nil || external() != "1" {
			t.Errorf("the preview: %s", got.Body)
		}
		if got := s.must(200, "POST", path, "", member); got.at("data", "moved", 0, "id") != ids["activities"] || got.at("data", "next") != nil || external() != "deal 1" {
			t.Errorf("the re-key: %s", got.Body)
		}
		line := s.must(200, "GET", "/v1/activities/"+ids["activities"]+"/history", "", member)
		if line.at("data", 0, "fields", 0, "before") != "1" || line.at("data", 0, "made_by", "rekey_id") == nil {
			t.Errorf("the history does not tell of it: %s", line.Body)
		}
		if got := s.must(200, "POST", path, `{"limit": 1, "after": "`+ids["activities"]+`"}`, member); fmt.Sprint(got.at("data", "looked")) == "0" && got.at("data", "next") != nil {
			t.Errorf("going on: %s", got.Body)
		}
		if got := s.must(200, "POST", path+"/undo", "", member); got.at("data", "moved", 0, "to") != "1" || external() != "1" {
			t.Errorf("the undo: %s", got.Body)
		}
		s.must(409, "POST", path+"/undo", "", member)
		s.must(422, "POST", path, `{"after": "prc_0000000001"}`, member)
		s.must(422, "POST", path+"/undo", `{"after": "`+ids["activities"]+`"}`, member)
		s.must(422, "POST", path+"/undo", `{"limit": 0}`, member)
		s.must(409, "POST", path+"/undo", `{"after": "rek_0000000001"}`, member)
	})
}

// locking plan: as plan, and what it says stays.
var locking = strings.TrimSuffix(strings.Replace(plan, `"moment": "=parse_datetime(event.at)"}`, `"moment": "=parse_datetime(event.at)", "return_as": "made"}`, 1), "]}") +
	`, {"type": "lock_record_field", "record": "=made", "field": "activity_type"}]}`

// TestUnlock: a person lets locked fields be changed again.
func TestUnlock(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("ours")
		ids := s.furnish(c)
		member, path := c.as(access.Member), "/v1/activities/"+ids["activities"]
		s.must(200, "PUT", "/v1/processors/"+ids["processors"]+"/spec", locking, c.as(access.Admin))
		s.must(200, "POST", "/v1/executions/"+ids["executions"]+"/replay", "", member)
		lock := func() any {
			t.Helper()
			return s.must(200, "GET", path+"/why?field=activity_type", "", member).at("data", "fields", 0, "lock")
		}
		if lock() == nil {
			t.Fatal("nothing is locked")
		}
		s.must(422, "POST", path+"/unlock", `{"fields": ["colour"]}`, member)
		if got := s.must(200, "POST", path+"/unlock", `{"fields": ["moment"]}`, member); got.at("data", "unlocked", 0) != nil || lock() == nil {
			t.Errorf("a field that was not locked: %s", got.Body)
		}
		if got := s.must(200, "POST", path+"/unlock", "", member); got.at("data", "unlocked", 0) != "activity_type" || lock() != nil {
			t.Errorf("the unlock: %s", got.Body)
		}
	})
}

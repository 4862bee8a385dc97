package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestRunSpecTests(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("acme")
		ids := s.furnish(c)
		operator, viewer := c.as(access.Admin), c.as(access.Viewer)
		path := "/v1/processors/" + ids["processors"] + "/spec/tests"
		const stop = "spec: 1\nsource_model: webhook.payload\ninstructions:\n  - type: stop\n    reason: =event.why\ntests:\n"
		const yaml = "Content-Type: application/yaml"
		got := s.must(200, "POST", path, stop+"  - {name: stops, given: {why: so}, expect: {outcome: skipped}}\n  - {name: goes on, given: {}, expect: {outcome: succeeded}}\n", operator, yaml)
		if found := fmt.Sprintf("%v %v %v %v", got.at("data", "passed"), got.at("data", "tests", 0, "passed"), got.at("data", "tests", 1, "passed"), got.at("data", "tests", 1, "outcome")); found != "1 true false skipped" {
			t.Errorf("passed: %s in %s", found, got.Body)
		}
		if got.at("data", "tests", 1, "differences", 0) == nil || !strings.HasPrefix(fmt.Sprint(got.at("data", "tests", 1, "text")), "- name: goes on\n") {
			t.Errorf("what is wrong with it is not told: %s", got.Body)
		}
		if got := s.must(200, "POST", path, plan, operator, yaml); got.at("data", "tests", 0) != nil {
			t.Errorf("without tests: %s", got.Body)
		}
		if got := s.must(422, "POST", path, strings.Replace(stop, "event.why", "evnt.why", 1)+"  - {name: a, given: {}, expect: {}}\n", operator, yaml); got.at("error", "details", 0, "code") != "unknown_name" {
			t.Errorf("a spec with problems: %s", got.Body)
		}
		s.must(403, "POST", path, plan, viewer, yaml)
	})
}

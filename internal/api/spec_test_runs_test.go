package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
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

// TestTestsOfWhatComesNow: a test takes over what its spec makes of it now, and one is made of what a draft would do with a
// delivery; both pass on that spec, and fail on another.
func TestTestsOfWhatComesNow(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ids, c, send := scheme(s, "now")
		member := c.as(access.Member)
		for _, id := range []string{"1", "2"} { // the second finds what the first wrote
			send(`{"id": ` + id + `, "agent": 7, "at": "2026-01-05", "stage": "won", "by": "jan"}`)
		}
		path := "/v1/processors/" + ids["processors"]
		const head = "spec: 1\nsource_model: webhook.payload\ninstructions:\n" +
			"  - {type: upsert_agent_external_identity, external_id: =event.agent, external_name: =event.by, return_as: agent}\n" +
			"  - {type: upsert_activity, external_id: '=concat(\"deal \", event.agent)', activity_type: Deal, agent_external_identity: =agent, moment: '=parse_datetime(event.at)'}\n"
		passes := func(spec string, tests ...any) (passed string) {
			t.Helper()
			body, err := json.Marshal(tests)
			if err != nil {
				t.Fatal(err)
			}
			got := s.must(200, "POST", path+"/spec/tests", spec+"tests: "+string(body)+"\n", member, "Content-Type: application/yaml")
			for i := range tests {
				passed += fmt.Sprint(got.at("data", "tests", i, "passed"), " ")
			}
			return passed
		}

		deliveries := list(s.must(200, "GET", path+"/trace-schema", "", member).at("data"))
		draft, err := json.Marshal(head)
		if err != nil {
			t.Fatal(err)
		}
		made := s.must(200, "POST", path+"/dry-run/as-test", `{"spec": `+string(draft)+`, "delivery_id": "`+fmt.Sprint(deliveries[0].(map[string]any)["delivery_id"])+`", "name": "of a draft"}`, member)
		if got := passes(head, made.at("data", "tree")); got != "true " {
			t.Errorf("the test of a draft on that draft: %s: %s", got, made.Body)
		}
		if text := made.at("data", "text").(string); !strings.Contains(text, "jan") || !strings.Contains(text, "deal 7") || !strings.Contains(text, "before") {
			t.Errorf("the test does not say what the draft finds and writes:\n%s", text)
		}
		other := strings.Replace(head, "Deal,", "Sold,", 1)
		if got := passes(other, made.at("data", "tree")); got != "false " {
			t.Errorf("the test of a draft on another spec: %s", got)
		}

		body, err := json.Marshal([]any{made.at("data", "tree")})
		if err != nil {
			t.Fatal(err)
		}
		expected := s.must(200, "POST", path+"/spec/tests/expected?name="+url.QueryEscape("of a draft"), other+"tests: "+string(body)+"\n", member, "Content-Type: application/yaml")
		if got := passes(other, expected.at("data", "tree")); got != "true " {
			t.Errorf("with what comes now: %s: %s", got, expected.Body)
		}
		if !strings.Contains(expected.Body.String(), "Sold") {
			t.Errorf("it does not expect the new type: %s", expected.Body)
		}
		s.must(404, "POST", path+"/spec/tests/expected?name=nobody", other, member, "Content-Type: application/yaml")
	})
}

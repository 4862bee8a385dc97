package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

const yaml = "Content-Type: application/yaml"

// agents is a spec that notes the agent of an event, with one constant.
func agents(constant, field string) string {
	return "spec: 1\nsource_model: webhook.payload\nconstants:\n  - " + constant +
		"\ninstructions:\n  - type: upsert_agent_external_identity\n    external_id: =concat(prefix, " + field + ")\n"
}

func TestSpecsAreVersioned(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("specs").as(access.Admin)
		_, path := s.processor(admin)
		if got := s.must(422, "POST", path+"/enable", "", admin); got.at("error", "details", 0, "code") != "empty_spec" {
			t.Errorf("enabled without a spec: %s", got.Body)
		}
		save := func(status int, spec string, headers ...string) answer {
			t.Helper()
			return s.must(status, "PUT", path+"/spec", spec, append([]string{admin, yaml}, headers...)...)
		}
		one, two := agents(`{name: prefix, type: string, default: A}`, "event.user"), agents(`{name: prefix, type: string, default: B}`, "event.user")
		if got := save(200, one); fmt.Sprintf("%v %v", got.at("data", "version"), got.at("data", "new")) != "1 true" {
			t.Errorf("the first save gives %s", got.Body)
		}
		// White space, quotes and order do not count.
		same := strings.ReplaceAll(strings.Replace(one, "spec: 1\n", "", 1), "=concat", "  =concat") + "spec: 1\n"
		if got := save(200, same); fmt.Sprintf("%v %v", got.at("data", "version"), got.at("data", "new")) != "1 false" {
			t.Errorf("a save that changes nothing gives %s", got.Body)
		}
		save(422, strings.Replace(two, "event.user", "evnt.user", 1))
		save(415, two, "Content-Type: text/html")
		tag := s.must(200, "GET", path+"/spec", "", admin).Header().Get("ETag")
		save(200, two, "If-Match: "+tag)
		save(412, one, "If-Match: "+tag)
		if got := s.must(200, "POST", path+"/spec/check", strings.Replace(two, "event.user", "evnt.user", 1), admin, yaml); got.at("data", "valid") != false || got.at("data", "problems", 0, "code") != "unknown_name" || got.at("data", "problems", 0, "instruction_id") != "s1" {
			t.Errorf("a check gives %s", got.Body)
		}
		// What mends it is there twice: for the tree, and for the text that was sent.
		if got := s.must(200, "POST", path+"/spec/check", strings.Replace(two, "event.user", "evnt.user", 1), admin, yaml).at("data", "problems", 0, "fix"); !strings.HasPrefix(fmt.Sprint(got), "map[edits:[map[op:replace path:/instructions/0/external_id") || !strings.Contains(fmt.Sprint(got), "text:=concat(prefix, event.user)]]") {
			t.Errorf("the fix is %v", got)
		}
		got := s.must(200, "GET", path+"/spec", "", admin)
		if text := got.at("data", "text").(string); !strings.Contains(text, "default: B") || got.at("data", "tree", "instructions", 0, "id") != "s1" || got.at("data", "constants", 0, "name") != "prefix" {
			t.Errorf("the spec is %s", got.Body)
		}
		s.must(200, "POST", path+"/enable", "", admin)
		if got := s.must(200, "POST", path+"/versions/1/restore", "", admin); fmt.Sprint(got.at("data", "version")) != "3" {
			t.Errorf("restoring version 1 gives %s", got.Body)
		}
		s.must(404, "POST", path+"/versions/9/restore", "", admin)
		list := s.must(200, "GET", path+"/versions", "", admin)
		if fmt.Sprintf("%v %v", list.at("data", 0, "same_program_as"), list.at("data", 1, "same_program_as")) != "1 <nil>" {
			t.Errorf("which versions have the same program: %s", list.Body)
		}
		if list.at("data", 0, "program") != list.at("data", 2, "program") || list.at("data", 0, "program") == list.at("data", 1, "program") {
			t.Errorf("the programs of the versions are %s", list.Body)
		}
		if got := s.must(200, "GET", path+"/versions/2/diff", "", admin); fmt.Sprintf("%v %v %v", got.at("data", "from"), got.at("data", "to"), got.at("data", "same_program")) != "1 2 false" ||
			got.at("data", "changes", 0, "what") != "constant" || got.at("data", "changes", 0, "fields", 0, "before") != "A" || got.at("data", "changes", 0, "fields", 0, "after") != "B" {
			t.Errorf("from version 1 to 2: %s", got.Body)
		}
		if got := s.must(200, "GET", path+"/versions/3/diff?against=1", "", admin); got.at("data", "same") != true {
			t.Errorf("from version 1 to 3: %s", got.Body)
		}
		if got := s.must(200, "GET", path+"/versions/1/diff", "", admin); fmt.Sprint(got.at("data", "from")) != "0" || got.at("data", "changes", 0, "kind") != "added" {
			t.Errorf("the first version: %s", got.Body)
		}
		s.must(404, "GET", path+"/versions/1/diff?against=9", "", admin)
		s.must(404, "GET", path+"/versions/9/diff", "", admin)
		// A draft is compared as a save would keep it: its instructions take over their ids.
		if got := s.must(200, "POST", path+"/spec/diff?against=2", strings.Replace(two, "event.user", "evnt.user", 1), admin, yaml); got.at("data", "to") != nil ||
			got.at("data", "changes", 0, "id") != "s1" || got.at("data", "changes", 0, "kind") != "changed" || got.at("data", "changes", 1) != nil {
			t.Errorf("a draft: %s", got.Body)
		}
		s.must(422, "POST", path+"/spec/diff", "instructions: [", admin, yaml)
		if got := s.must(200, "POST", path+"/disable", "", admin); got.at("data", "state") != "disabled" {
			t.Errorf("disabled: %s", got.Body)
		}
	})
}

func TestLinksAreCompleteOrSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("links").as(access.Admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		source := s.must(201, "POST", "/v1/providers/"+provider.id()+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin).id()
		processor := s.must(201, "POST", "/v1/processors", `{"name": "Agents", "provider_id": "`+provider.id()+`", "source_model": "webhook.payload"}`, admin).id()
		s.must(200, "PUT", "/v1/processors/"+processor+"/spec", agents("{name: prefix, type: string}", "event.user"), admin, yaml)
		s.must(200, "POST", "/v1/processors/"+processor+"/enable", "", admin)
		links := "/v1/sources/" + source + "/processors"
		for body, want := range map[string]string{
			`[{"processor_id": "` + processor + `"}]`:                                                                          "0 constants.prefix missing_constant",
			`[{"processor_id": "` + processor + `", "constants": {"prefix": 5}}]`:                                              "0 constants.prefix wrong_constant",
			`[{"processor_id": "` + processor + `", "constants": {"prefix": null}}]`:                                           "0 constants.prefix wrong_constant",
			`[{"processor_id": "` + processor + `", "constants": {"prefix": "A", "sufix": "B"}}]`:                              "0 constants.sufix unknown_constant",
			`[{"processor_id": "` + processor + `", "constants": []}]`:                                                         "0 constants wrong_type",
			`[{"processor_id": "prc_zzzzzzzzzz"}]`:                                                                             "0 processor_id not_found",
			`[{"processor_id": "` + processor + `", "constants": {"prefix": "A"}}, {"processor_id": "` + processor + `"}]`:     "1 processor_id twice",
			`[{"processor_id": "` + processor + `", "constants": {"prefix": "A"}}, {"processor_id": "` + provider.id() + `"}]`: "1 processor_id not_found",
		} {
			got := s.must(422, "PUT", links, body, admin)
			if said := fmt.Sprintf("%v %v %v", got.at("error", "details", 0, "index"), got.at("error", "details", 0, "field"), got.at("error", "details", 0, "code")); said != want {
				t.Errorf("%s: %s, want %s", body, said, want)
			}
		}
		got := s.must(200, "PUT", links, `[{"processor_id": "`+processor+`", "constants": {"prefix": "A"}}]`, admin)
		if got.at("data", 0, "link") != "complete" {
			t.Errorf("the link is %s", got.Body)
		}

		// A version that wants another constant leaves the link incomplete: deliveries wait, and run once it is mended.
		s.must(200, "PUT", "/v1/processors/"+processor+"/spec", strings.ReplaceAll(agents("{name: prefix, type: string}", "event.user"), "prefix", "front"), admin, yaml)
		if got := s.must(200, "GET", links, "", admin); got.at("data", 0, "link") != "incomplete" || got.at("data", 0, "missing", 0, "field") != "constants.front" {
			t.Errorf("the link is %s", got.Body)
		}
		s.must(200, "POST", "/in/"+source, `{"user": 7}`, door)
		if got := s.must(200, "GET", "/v1/executions", "", admin); got.at("data", 0, "status") != "waiting" || got.at("data", 0, "reason") != "incomplete_link" || got.at("data", 0, "ran_at") != nil {
			t.Errorf("the execution is %s", got.Body)
		}
		if got := s.must(200, "GET", "/v1/processors/"+processor+"/dependents", "", admin); fmt.Sprint(got.at("data", "waiting_executions")) != "1" || got.at("data", "things", 0, "name") != "Deals" {
			t.Errorf("what hangs on the processor is %s", got.Body)
		}
		if got := s.must(409, "DELETE", "/v1/processors/"+processor, "", admin); !strings.Contains(got.Body.String(), "Deals") {
			t.Errorf("deleting it says %s", got.Body)
		}
		s.must(204, "DELETE", "/v1/processors/"+processor+"?confirm=true", "", admin)
		s.must(404, "GET", "/v1/processors/"+processor, "", admin)
		if got := s.must(200, "GET", links, "", admin); len(got.at("data").([]any)) != 0 {
			t.Errorf("links are left: %s", got.Body)
		}
		if got := s.must(200, "GET", "/v1/executions", "", admin); got.at("data", 0, "processor_name") != "Agents" {
			t.Errorf("the execution is gone: %s", got.Body)
		}
	})
}

func TestRecordsShowWhoseTheyAre(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("records").as(access.Admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		send := func(body string) {
			t.Helper()
			s.must(200, "POST", "/webhooks/"+provider.id()+"/sale", body, door)
		}
		send(`{"id": "a", "agent_id": 7, "agent_name": "Ann", "proposition_id": 1, "proposition_name": "Solar", "sold_at": "2026-01-05", "contract_value": 12345678901234567.89, "energy_meta": {"gas_usage": 10}}`)
		send(`{"id": "b", "agent_id": 8, "agent_name": "Bob", "proposition_id": 1, "sold_at": "2026-02-05 12:00:00", "contact_key": "c"}`)
		send(`{"id": "a", "agent_id": 7, "proposition_id": 1, "sold_at": "2026-01-06", "cancelled_at": "2026-03-01"}`)
		identity := s.must(200, "GET", "/v1/identities?kind=agent&external_id=7", "", admin).at("data", 0, "id").(string)
		agent := s.must(200, "POST", "/v1/identities/"+identity+"/link-new", `{}`, admin).at("data", "entity", "id").(string)

		got := s.must(200, "GET", "/v1/sales?external_id=a", "", admin)
		sale, _ := got.at("data", 0).(map[string]any)
		id := sale["id"].(string)
		for path, want := range map[string]string{
			"contract_value": "12345678901234567.89", "sold_at": "2026-01-06T05:00:00Z", "cancelled_at": "2026-03-01T05:00:00Z", "is_retention": "false", "contact_key": "<nil>",
		} {
			if said := fmt.Sprint(sale[path]); said != want {
				t.Errorf("%s is %s, want %s", path, said, want)
			}
		}
		if got.at("data", 0, "agent", "agent_id") != agent || got.at("data", 0, "agent", "external_name") != "Ann" || got.at("data", 0, "proposition", "proposition_id") != nil {
			t.Errorf("the sale is %s", got.Body)
		}
		ids := func(query string) []any {
			var list []any
			a := s.must(200, "GET", "/v1/sales?"+query, "", admin)
			for i := range a.at("data").([]any) {
				list = append(list, a.at("data", i, "external_id"))
			}
			return list
		}
		for query, want := range map[string][]any{
			"":                                   {"b", "a"},
			"sort=sold_at":                       {"a", "b"},
			"agent_id=" + agent:                  {"a"},
			"agent_identity_id=" + identity:      {"a"},
			"contact_key=c":                      {"b"},
			"provider_id=" + provider.id():       {"b", "a"},
			"provider_id=prv_zzzzzzzzzz":         nil,
			"after=2026-02-01T00:00:00Z":         {"b"},
			"before=2026-02-01T00:00:00Z":        {"a"},
			"updated_after=2000-01-01T00:00:00Z": {"b", "a"},
		} {
			if list := ids(query); !cmp.Equal(list, want) {
				t.Errorf("%s gives %v, want %v", query, list, want)
			}
		}
		history := s.must(200, "GET", "/v1/sales/"+id+"/history", "", admin)
		before := map[string]any{}
		for _, f := range history.at("data", 0, "fields").([]any) {
			f := f.(map[string]any)
			before[f["name"].(string)] = f["before"]
		}
		if want := (map[string]any{"sold_at": "2026-01-05T05:00:00Z", "cancelled_at": nil}); !cmp.Equal(before, want) {
			t.Errorf("what changed: %s", cmp.Diff(want, before))
		}
		if history.at("data", 0, "made_by", "origin") != "provider" {
			t.Errorf("who changed it: %s", history.Body)
		}
		s.must(409, "POST", "/v1/identities/"+identity+"/ignore", "", admin)
		s.must(200, "POST", "/v1/identities/"+identity+"/unlink", "", admin)
		s.must(200, "POST", "/v1/identities/"+identity+"/ignore", "", admin)
		if got := s.must(200, "GET", "/v1/identities?linked=false&kind=agent", "", admin); len(got.at("data").([]any)) != 1 {
			t.Errorf("still to be linked: %s", got.Body)
		}
		s.must(200, "POST", "/v1/identities/"+identity+"/unignore", "", admin)
		if list := ids("agent_id=" + agent); list != nil {
			t.Errorf("unlinked, but the agent has %v", list)
		}
	})
}

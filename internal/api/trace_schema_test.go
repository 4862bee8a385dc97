package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

const schemaSpec = `"spec: 1\nsource_model: webhook.payload\nconstants:\n  - {name: team, type: string}\ninstructions:\n` +
	`  - {type: upsert_agent_external_identity, external_id: =event.agent, return_as: agent}\n` +
	`  - type: switch\n    value: =event.stage\n    cases:\n` +
	`      - equals: won\n        body:\n          - {type: upsert_activity, external_id: '=concat(\"deal \", event.id)', activity_type: Deal, agent_external_identity: =agent, moment: '=parse_datetime(event.at)'}\n` +
	`      - equals: lost\n        body:\n          - {type: stop}\n"`

// scheme is a company with a processor that has run on deliveries of two stages.
func scheme(s *server, name string) (ids map[string]string, c company, send func(string)) {
	s.t.Helper()
	c = s.company(name)
	ids = s.furnish(c)
	admin := c.as(access.Admin)
	door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 0}`, admin).at("data", "api_key").(string)
	return ids, c, func(body string) { s.must(200, "POST", "/in/"+ids["sources"], body, door) }
}

// TestTraceSchema: what there is to try a spec with, and a set of it that shows what is different.
func TestTraceSchema(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ids, c, send := scheme(s, "schema")
		viewer := c.as(access.Viewer)
		for i := range 30 {
			send(fmt.Sprintf(`{"id": %d, "agent": 7, "at": "2026-01-05", "stage": "open"}`, 100+i))
		}
		send(`{"id": 200, "agent": 7, "at": "2026-01-05", "stage": "won", "lines": [{"sku": "a"}]}`)
		send(`{"id": 201, "agent": 7, "stage": "lost"}`)
		path := "/v1/processors/" + ids["processors"] + "/trace-schema"
		got := s.must(200, "GET", path+"?n=2", "", viewer)
		if all := list(got.at("data")); len(all) != 2 || got.at("data", 0, "label") != "201" || got.at("data", 0, "label_path") != "id" || got.at("data", 0, "status") != "failed" ||
			got.at("data", 1, "status") != "succeeded" || got.at("data", 1, "execution_id") == nil || fmt.Sprint(got.at("data", 1, "counts", "created")) != "1" {
			t.Errorf("the last two are %s", got.Body)
		}
		if got := s.must(200, "GET", path+"?search=105", "", viewer); len(list(got.at("data"))) != 1 || got.at("data", 0, "label") != "105" {
			t.Errorf("105 is %s", got.Body)
		}
		// A delivery that runs again and again does not hide what ran on the others.
		again := fmt.Sprint(got.at("data", 1, "delivery_id"))
		for range 3 {
			s.must(200, "POST", "/v1/processors/"+ids["processors"]+"/test", `{"delivery_id": "`+again+`"}`, c.as(access.Member))
		}
		if got := s.must(200, "GET", path+"?n=3", "", viewer); got.at("data", 2, "execution_id") == nil || fmt.Sprint(got.at("data", 1, "counts", "unchanged")) == "0" {
			t.Errorf("after tests: %s", got.Body)
		}
		varied := s.must(200, "POST", path+"/varied", `{"spec": `+strings.Replace(schemaSpec, `, type: string}`, `, type: string, default: a}`, 1)+`}`, viewer)
		var labels []string
		for _, e := range list(varied.at("data", "entries")) {
			labels = append(labels, fmt.Sprint(e.(map[string]any)["label"]))
		}
		// Each branch, and lines, stage and at once there and once not.
		if !slices.Contains(labels, "200") || !slices.Contains(labels, "201") || len(labels) > 4 || fmt.Sprint(varied.at("data", "looked")) != "33" {
			t.Errorf("varied are %v of %v: %s", labels, varied.at("data", "looked"), varied.Body)
		}
		if missed := list(varied.at("data", "missed")); len(missed) != 0 {
			t.Errorf("missed are %v", missed)
		}
		if got := s.must(200, "POST", path+"/varied", `{}`, viewer); len(list(got.at("data", "entries"))) == 0 {
			t.Errorf("of the current version: %s", got.Body)
		}
		if n := len(list(s.must(200, "GET", "/v1/executions?per_page=100", "", viewer).at("data"))); n != 36 {
			t.Errorf("%d executions after it, want 36", n)
		}
		s.must(422, "POST", path+"/varied", `{"spec": "spec: 1\ninstructions: [{type: nothing}]"}`, viewer)
	})
}

// TestChecklist: each line says what was seen of a spec, and what was not.
func TestChecklist(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ids, c, send := scheme(s, "checklist")
		viewer := c.as(access.Viewer)
		path := "/v1/processors/" + ids["processors"] + "/checklist"
		states := func(a answer) map[string]any {
			all := map[string]any{"ready": a.at("data", "ready")}
			for _, item := range list(a.at("data", "items")) {
				item := item.(map[string]any)
				all[fmt.Sprint(item["key"])] = item["state"]
			}
			return all
		}
		want := map[string]any{"ready": false, "identities": "ok", "branches": "ok", "external_ids": "ok", "personal": "ok", "records": "todo", "optional_fields": "todo", "link": "ok"}
		if diff := cmp.Diff(want, states(s.must(200, "GET", path, "", viewer))); diff != "" {
			t.Errorf("after one delivery (-want +got):\n%s", diff)
		}
		send(`{"id": 2, "agent": 7, "at": "2026-01-05", "stage": "won"}`)
		send(`{"id": "X9", "agent": 7, "at": "2026-01-05", "stage": "won"}`)
		send(`{"id": 3, "agent": 7, "at": "2026-01-05"}`)
		got := s.must(200, "GET", path, "", viewer)
		want = map[string]any{"ready": true, "identities": "ok", "branches": "ok", "external_ids": "warn", "personal": "ok", "records": "ok", "optional_fields": "ok", "link": "ok"}
		if diff := cmp.Diff(want, states(got)); diff != "" {
			t.Errorf("after four (-want +got):\n%s", diff)
		}
		if says := fmt.Sprint(got.at("data", "items", 2, "places", 0, "says")); says != "activity: “{n}” as in 3 (3 times), “X{n}” as in X9 (once)" {
			t.Errorf("external ids: %s", says)
		}
		for i := range 5 {
			send(fmt.Sprintf(`{"id": %d, "agent": 7, "at": "2026-01-05", "stage": "won", "contact": {"email": "jan%d@example.test"}}`, 20+i, i))
		}
		mail := s.must(200, "GET", path, "", viewer)
		if place := mail.at("data", "items", 3, "places", 0); states(mail)["personal"] != "warn" || fmt.Sprint(place.(map[string]any)["mark"]) != "map[kind:email path:contact.email]" ||
			fmt.Sprint(place.(map[string]any)["source_id"]) != ids["sources"] {
			t.Errorf("an address that is not marked: %s", mail.Body)
		}
		s.must(200, "PUT", "/v1/sources/"+ids["sources"]+"/personal", `{"marks": [{"path": "contact.email", "kind": "email"}]}`, c.as(access.Admin))
		if mail := s.must(200, "GET", path, "", viewer); states(mail)["personal"] != "ok" {
			t.Errorf("an address that is marked: %s", mail.Body)
		}
		for _, at := range []string{"2026", "soon", "soon"} {
			send(`{"id": 30, "agent": 7, "at": "` + at + `", "stage": "won"}`)
		}
		failing := s.must(200, "GET", path, "", viewer)
		if says := failing.at("data", "items", 4, "sentence"); !strings.HasPrefix(fmt.Sprint(says), "3 of 12 deliveries fail or fail in part.") {
			t.Errorf("of three that fail: %v", says)
		}
		places := list(failing.at("data", "items", 4, "places"))
		if one := places[0].(map[string]any); len(places) != 2 || fmt.Sprint(one["deliveries"]) != "2" || one["instruction_id"] == nil || one["delivery_id"] == nil {
			t.Errorf("two of them alike: %v", places)
		}
		draft := s.must(200, "POST", path, `{"spec": `+schemaSpec+`}`, viewer)
		if got := states(draft); got["link"] != "todo" || got["ready"] != false {
			t.Errorf("a draft with a constant that the link does not give: %s", draft.Body)
		}
		draft = s.must(200, "POST", path, `{"spec": `+strings.Replace(schemaSpec, `, type: string}`, `, type: string, default: a}`, 1)+`}`, viewer)
		if got := states(draft); got["branches"] != "todo" || got["external_ids"] != "warn" || draft.at("data", "items", 1, "places", 0, "pointer") != "/instructions/1" {
			t.Errorf("a draft with a branch that nothing takes: %s", draft.Body)
		}
	})
}

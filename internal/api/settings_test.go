package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestWhatIsSwitchedOffHasNoInstructions: what makes a kind that is off cannot be saved or enabled; what runs already is
// suspended and keeps its deliveries until the kind is on again (package queue runs them).
func TestWhatIsSwitchedOffHasNoInstructions(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("switched")
		admin := c.as(access.Admin)
		ids := s.furnish(c)
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 0}`, admin).at("data", "api_key").(string)
		path := "/v1/processors/" + ids["processors"]

		got := s.must(200, "PATCH", "/v1/settings", `{"record_kinds": ["sale", "call", "period", "anonymous_activity"]}`, admin)
		if got.at("data", "suspended_processors", 0, "id") != ids["processors"] || got.at("data", "resumed_processors") != nil {
			t.Errorf("switching activities off says %s", got.Body)
		}
		if got := s.must(200, "GET", path, "", admin); got.at("data", "state") != "suspended" {
			t.Errorf("the processor is %s", got.Body)
		}
		if changed, err := processor.Recheck(t.Context(), s.DB, s.Library); err != nil || len(changed) > 0 {
			t.Errorf("a start of the server changes %v: %v", changed, err)
		}
		s.must(200, "POST", "/in/"+ids["sources"], `{"id": 2, "agent": 7, "at": "2026-01-06"}`, door)
		if got := s.must(200, "GET", "/v1/executions?source_id="+ids["sources"], "", admin); got.at("data", 0, "reason") != "suspended" {
			t.Errorf("the execution is %s", got.Body)
		}

		s.must(404, "GET", "/v1/why?kind=activity&external_id=1", "", admin)
		s.must(200, "GET", "/v1/why?kind=sale&external_id=1", "", admin)

		refused := s.must(422, "PUT", path+"/spec?note=again", plan, admin)
		want := "unknown_type /instructions/1/type the instruction upsert_activity is not there: activities are switched off in Settings"
		if said := fmt.Sprintf("%v %v %v", refused.at("error", "details", 0, "code"), refused.at("error", "details", 0, "pointer"), refused.at("error", "details", 0, "message")); said != want || refused.at("error", "details", 1) != nil {
			t.Errorf("saving says %s, want %s", refused.Body, want)
		}
		project := "instructions:\n  - {type: upsert_project_external_identity, external_id: p}\n"
		s.must(200, "POST", path+"/disable", "", admin)
		s.must(422, "POST", path+"/enable", "", admin)
		s.must(200, "PATCH", "/v1/settings", `{"projects": false}`, admin)
		s.must(422, "PUT", path+"/spec", "spec: 1\nsource_model: webhook.payload\n"+project, admin, yaml)
		s.must(200, "PATCH", "/v1/settings", `{"projects": true, "record_kinds": ["activity"]}`, admin)
		s.must(200, "POST", path+"/enable", "", admin)
		s.must(200, "PATCH", "/v1/settings", `{"record_kinds": []}`, admin)
		got = s.must(200, "PATCH", "/v1/settings", `{"record_kinds": ["activity"]}`, admin)
		if got.at("data", "resumed_processors", 0, "name") != "Deals" {
			t.Errorf("switching activities on says %s", got.Body)
		}
	})
}

// TestUsersAndAgentsAreMadeOnlyWhereThatIsOn: the doors know at once what the settings say.
func TestUsersAndAgentsAreMadeOnlyWhereThatIsOn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("people").as(access.Admin)
		if got := s.must(200, "GET", "/v1/settings", "", admin); got.at("data", "user_creation") != true || got.at("data", "agent_management") != true {
			t.Errorf("the settings begin as %s", got.Body)
		}
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		send := func(agent string) []any {
			t.Helper()
			said := s.must(200, "POST", "/webhooks/"+provider.id()+"/call",
				fmt.Sprintf(`{"id": 1, "agent_id": %q, "agent_name": "Ann", "agent_email": "%s@example.test", "agent_team_id": "t", "started_at": "2026-01-05"}`, agent, agent), door)
			remarks, _ := said.at("data", "remarks").([]any)
			return remarks
		}
		there := func() string {
			t.Helper()
			return fmt.Sprintf("%v %v", s.must(200, "GET", "/v1/users", "", admin).at("meta", "total"), s.must(200, "GET", "/v1/agents", "", admin).at("meta", "total"))
		}
		s.must(200, "PATCH", "/v1/settings", `{"user_creation": false, "agent_management": false}`, admin)
		want := []any{"agent_email was not used: user creation is switched off in the settings.", "agent_team_id was not used: agent management is switched off in the settings."}
		if said := send("ann"); len(said) < 2 || said[0] != want[0] || said[1] != want[1] || there() != "1 0" {
			t.Errorf("while both are off there are %s users and agents; remarks %v", there(), said)
		}
		if got := s.must(200, "PATCH", "/v1/settings", `{"user_creation": true, "agent_management": true}`, admin); got.at("data", "user_creation") != true {
			t.Errorf("the settings are %s", got.Body)
		}
		if send("bob"); there() != "2 1" {
			t.Errorf("while both are on there are %s users and agents, want 2 1", there())
		}
	})
}

// TestAnotherKeyForPseudonyms: from the answer on, people get other pseudonyms; what is there stays.
func TestAnotherKeyForPseudonyms(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("leaked")
		admin := c.as(access.Admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		visit := func(id string) string {
			t.Helper()
			s.must(200, "POST", "/webhooks/"+provider.id()+"/anonymous-activity", `{"id": "`+id+`", "type": "Visit", "moment": "2026-01-05", "contact_key": "jan@example.test"}`, door)
			return fmt.Sprint(s.must(200, "GET", "/v1/anonymous-activities?external_id="+id, "", admin).at("data", 0, "contact_key"))
		}
		first := visit("a")
		s.must(409, "POST", "/v1/settings/pseudonym-key", `{}`, admin)
		s.must(403, "POST", "/v1/settings/pseudonym-key", `{"confirm": true}`, c.as(access.Member))
		if again := visit("b"); again != first || !strings.HasPrefix(first, "psn_") {
			t.Errorf("%s, then %s", first, again)
		}
		if got := s.must(200, "POST", "/v1/settings/pseudonym-key", `{"confirm": true}`, admin); got.at("data", "prefix") != "psn2_" {
			t.Errorf("it says %s", got.Body)
		}
		second := visit("c")
		if !strings.HasPrefix(second, "psn2_") || strings.HasSuffix(second, strings.TrimPrefix(first, "psn")) {
			t.Errorf("%s, then %s", first, second)
		}
		if kept := fmt.Sprint(s.must(200, "GET", "/v1/anonymous-activities?external_id=a", "", admin).at("data", 0, "contact_key")); kept != first {
			t.Errorf("what was there became %s", kept)
		}
	})
}

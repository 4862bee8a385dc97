package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

const inDutch = "Accept-Language: nl-NL,nl;q=0.9,en;q=0.5"

// TestWhatTheServerSaysInDutch: who accepts Dutch reads it in errors, problems, traces and the call log, with the values
// as they are; who does not, and the systems that deliver, read English.
func TestWhatTheServerSaysInDutch(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("dutch")
		ids := s.furnish(c)
		admin := c.as(access.Admin)
		processor := "/v1/processors/" + ids["processors"]
		says := func(a answer, want string, path ...any) {
			t.Helper()
			if got := fmt.Sprint(a.at(path...)); got != want {
				t.Errorf("%v is %q, want %q: %s", path, got, want, a.Body)
			}
		}
		const wrong = `{"type": "webhooks", "name": ""}`
		says(s.must(422, "POST", "/v1/providers", wrong, admin), "The provider was not made.", "error", "message")
		says(s.must(422, "POST", "/v1/providers", wrong, admin, "Accept-Language: en,nl;q=0.5"), "The provider was not made.", "error", "message")
		dutch := s.must(422, "POST", "/v1/providers", wrong, admin, inDutch)
		says(dutch, "De provider is niet gemaakt.", "error", "message")
		says(dutch, "De naam moet 1 tot 200 tekens hebben.", "error", "details", 0, "message")
		says(s.must(401, "GET", "/v1/providers", "", inDutch), "Meld je aan, of stuur een API-sleutel als Authorization: Bearer sk_live_….", "error", "message")
		says(s.must(404, "GET", "/v1/nothing", "", admin, inDutch), "Op /v1/nothing is niets. De API staat beschreven op /openapi.json.", "error", "message")
		dutch = s.must(422, "POST", "/v1/providers", `{"type": "webhooks", "nam": 5}`, admin, inDutch)
		says(dutch, "Een deel van wat is gestuurd, klopt niet; er is niets gewijzigd.", "error", "message")
		if !strings.Contains(dutch.Body.String(), "“nam” is hier niet bekend.") {
			t.Errorf("an unknown field: %s", dutch.Body)
		}

		// Problems of a spec, with hint and fix, checked and saved.
		const spec = "spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: upsert_team_external_identity, external_id: =evnt.team}\n"
		checked := s.must(200, "POST", processor+"/spec/check", spec, admin, inDutch, "Content-Type: application/yaml")
		says(checked, "hier is geen naam evnt", "data", "problems", 0, "message")
		says(checked, "Bedoelde je event?", "data", "problems", 0, "hint")
		says(checked, "event schrijven", "data", "problems", 0, "fix", "title")
		saved := s.must(422, "PUT", processor+"/spec", spec, admin, inDutch, "Content-Type: application/yaml")
		says(saved, "De spec is niet opgeslagen.", "error", "message")
		says(saved, "hier is geen naam evnt", "error", "details", 0, "message")
		says(saved, "event schrijven", "error", "details", 0, "fix", "title")

		// What is stored: the error of an execution, the call log.
		key := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 5}`, admin).at("data", "api_key").(string)
		s.must(200, "POST", "/in/"+ids["sources"], `{"id": 2, "agent": null, "at": "2026-01-05"}`, key)
		failed := s.must(200, "GET", "/v1/executions?errors=true", "", admin, inDutch)
		says(failed, "external_id is er niet, en het is verplicht", "data", 0, "error", "message")
		says(failed, "Kijk of de afzender het invult, of stop bij afleveringen zonder.", "data", 0, "error", "remedy")
		traced := s.must(200, "GET", "/v1/executions/"+fmt.Sprint(failed.at("data", 0, "id"))+"/trace", "", admin, inDutch)
		if !strings.Contains(traced.Body.String(), "external_id is er niet, en het is verplicht") || strings.Contains(traced.Body.String(), "is required") {
			t.Errorf("the trace is %s", traced.Body)
		}
		refused := s.must(400, "POST", "/in/"+ids["sources"], `{"id": }`, key, inDutch)
		if !strings.Contains(refused.Body.String(), "The body is not valid JSON") {
			t.Errorf("a sender is answered %s", refused.Body)
		}
		calls := s.must(200, "GET", "/v1/source-executions?status=failed", "", admin, inDutch)
		if text := fmt.Sprint(calls.at("data", 0, "error", "message")); !strings.HasPrefix(text, "De body is geen geldige JSON: regel 1, kolom 8: ") {
			t.Errorf("the call log has %q", text)
		}

		// The words of a fail are the tenant's own, whatever they look like.
		failing := `{"spec": 1, "source_model": "webhook.payload", "instructions": [{"type": "fail", "message": "Nothing was linked."}]}`
		tried := s.must(200, "POST", processor+"/backtest", `{"spec": `+failing+`}`, admin, inDutch)
		if groups := list(tried.at("data", "statuses")); len(groups) == 0 {
			t.Fatalf("nothing ends otherwise: %s", tried.Body)
		}
		says(tried, "Nothing was linked.", "data", "statuses", 0, "examples", 0, "message")
		s.must(200, "PUT", processor+"/spec", failing, admin)
		s.must(200, "POST", "/in/"+ids["sources"], `{"id": 3}`, key)
		own := s.must(200, "GET", "/v1/executions?errors=true&error_code=failed", "", admin, inDutch)
		says(own, "Nothing was linked.", "data", 0, "error", "message")
		says(own, "Dat zegt de spec: herstel de aflevering, of de spec.", "data", 0, "error", "remedy")
	})
}

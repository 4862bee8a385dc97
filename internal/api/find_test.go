package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// found is what a search gives, as "noun name/external id".
func (s *server) found(text, as string) []string {
	s.t.Helper()
	a := s.must(200, "GET", "/v1/find?q="+url.QueryEscape(text), "", as)
	list := []string{}
	for i := range a.at("data").([]any) {
		external := a.at("data", i, "external_id")
		if external == nil {
			external = "-"
		}
		list = append(list, strings.TrimSpace(fmt.Sprintf("%v %v %v", a.at("data", i, "noun"), external, a.at("data", i, "name"))))
	}
	return list
}

func TestFindByWhatPeopleHaveAtHand(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		ids := s.furnish(ours)
		s.furnish(theirs)
		viewer := ours.as(access.Viewer)
		for text, want := range map[string][]string{
			"crm":              {"provider - CRM"},
			"DEAL":             {"source - Deals", "processor - Deals"},
			"7":                {"agent_identity 7 7"},
			"2":                {"proposition_identity 2 Solar"},
			"On":               {"agent - One", "team - One", "project - One", "segment - One", "proposition - One"},
			" " + ids["sales"]: {"sale 1"},
			ids["executions"]:  {"execution -"},
			ids["deliveries"]:  {"delivery -"},
			ids["processors"]:  {"processor - Deals"},
			"nothing has this": {},
			"%":                {},
			"exe_zzzzzzzzzz":   {},
		} {
			if diff := cmp.Diff(want, s.found(text, viewer)); diff != "" {
				t.Errorf("%q finds (-want +got):\n%s", text, diff)
			}
		}
		ones := s.found("1", viewer)
		slices.Sort(ones)
		for _, noun := range []string{"sale 1", "call 1", "period 1", "anonymous_activity 1"} {
			if !slices.Contains(ones, noun) {
				t.Errorf("1 does not find %q, but %q", noun, ones)
			}
		}
		// Everything above is there twice, once with another tenant, who finds nothing of ours.
		for _, noun := range []string{"sales", "executions", "deliveries", "providers", "identities", "agents"} {
			if got := s.found(ids[noun], theirs.as(access.Admin)); len(got) > 0 {
				t.Errorf("another tenant finds %q by %s", got, ids[noun])
			}
		}
		s.must(200, "PATCH", "/v1/settings", `{"record_kinds": ["sale"]}`, ours.as(access.Admin))
		if got := s.found("1", viewer); slices.Contains(got, "call 1") || !slices.Contains(got, "sale 1") {
			t.Errorf("with calls switched off, 1 finds %q", got)
		}
		s.must(422, "GET", "/v1/find?q=%20", "", viewer)
		s.must(422, "GET", "/v1/find", "", viewer)
	})
}

func TestFindByContactKeyAndInOtherLetters(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		admin := ours.as(access.Admin)
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Shop"}`, admin)
		door := fmt.Sprint("Authorization: Bearer ", p.at("data", "api_key"))
		s.must(200, "POST", "/webhooks/"+p.id()+"/period", `{"id": "order ab1", "type": "Shift", "agent_id": 7, "agent_name": "Ann", "starts_at": "2026-01-05", "contact_key": "K-10034"}`, door)
		for text, want := range map[string][]string{
			"K-10034":   {"period order ab1"},
			"k-10034":   {"period order ab1"},
			"K-1003":    {},
			"order ab1": {"period order ab1"},
			"Order ab1": {"period order ab1"},
			"ORDER AB1": {"period order ab1"},
		} {
			if diff := cmp.Diff(want, s.found(text, ours.as(access.Viewer))); diff != "" {
				t.Errorf("%q finds (-want +got):\n%s", text, diff)
			}
			if got := s.found(text, theirs.as(access.Admin)); len(got) > 0 {
				t.Errorf("another tenant finds %q by %s", got, text)
			}
		}
	})
}

// TestFindGivesFirstWhatIsWrittenJustSo: however many have the same id in other letters.
func TestFindGivesFirstWhatIsWrittenJustSo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("letters")
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Shop"}`, c.as(access.Admin))
		door := fmt.Sprint("Authorization: Bearer ", p.at("data", "api_key"))
		for _, name := range []string{"AB1", "Ab1", "ab1"} {
			s.must(200, "POST", "/webhooks/"+p.id()+"/period", `{"id": "`+name+`", "type": "Shift", "agent_id": 7, "agent_name": "Ann", "starts_at": "2026-01-05"}`, door)
		}
		var tenant int64
		s.Ask(t, "SELECT tenant_id FROM providers", nil, &tenant)
		for text, want := range map[string][]string{
			"ab1": {"period ab1", "period AB1", "period Ab1"},
			"Ab1": {"period Ab1", "period AB1", "period ab1"},
			"AB1": {"period AB1", "period Ab1", "period ab1"},
			"aB1": {"period AB1", "period Ab1", "period ab1"},
		} {
			if diff := cmp.Diff(want, s.found(text, c.as(access.Viewer))); diff != "" {
				t.Errorf("%q finds (-want +got):\n%s", text, diff)
			}
			hits, err := s.DB.Find(t.Context(), tenant, text, 1)
			if err != nil || len(hits) != 1 || hits[0].ExternalID != strings.TrimPrefix(want[0], "period ") {
				t.Errorf("%q finds %v as the one (%v), want %q", text, hits, err, want[0])
			}
		}
	})
}

func TestConnectionOfATypeThatCallsUs(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("acme").as(access.Admin)
		a := s.must(200, "POST", "/v1/providers/test", `{"type": "webhooks"}`, admin)
		if a.at("data", "state") != "calls_us" || !strings.Contains(fmt.Sprint(a.at("data", "message")), "http://") {
			t.Errorf("the answer is %s", a.Body)
		}
		s.must(422, "POST", "/v1/providers/test", `{"type": "fax"}`, admin)
		s.must(422, "POST", "/v1/providers/test", `{"type": "webhooks", "settings": {"token": "x"}}`, admin)
	})
}

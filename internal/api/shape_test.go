package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestShapeOfASource: what it delivered lately, field by field; what is marked is not suggested again, and nothing
// personal is shown.
func TestShapeOfASource(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("shape")
		admin, viewer := c.as(access.Admin), c.as(access.Viewer)
		ids := s.furnish(c)
		source := "/v1/sources/" + ids["sources"]
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 0}`, admin).at("data", "api_key").(string)
		for i := range 12 {
			body := fmt.Sprintf(`{"id": %d, "agent": 7, "at": "2026-01-05", "stage": "won", "contact": {"email": "jan%d@example.test", "phone": "06%08d"}}`, 100+i, i, i)
			s.must(200, "POST", "/in/"+ids["sources"], body, door)
		}
		if got := s.must(200, "GET", source+"/shape?deliveries=5", "", viewer); fmt.Sprint(got.at("data", "deliveries")) != "5" {
			t.Errorf("of five: %s", got.Body)
		}
		for _, path := range []string{source, "/v1/processors/" + ids["processors"]} {
			got := s.must(200, "GET", path+"/shape", "", viewer)
			if told := fmt.Sprint(got.at("data", "deliveries")); told != "13" {
				t.Errorf("%s: %s deliveries", path, told)
			}
			want := `[map[kind:email path:contact.email share:1 why:12 of 12 values look like an e-mail address] map[kind:phone path:contact.phone share:1 why:12 of 12 values look like a phone number]]`
			if told := fmt.Sprint(got.at("data", "suggestions")); told != want {
				t.Errorf("%s suggests %s, want %s", path, told, want)
			}
			if strings.Contains(got.Body.String(), "@example") || strings.Contains(got.Body.String(), "0600") {
				t.Errorf("%s shows personal data: %s", path, got.Body)
			}
		}
		s.must(200, "PUT", source+"/personal", `{"marks": [{"path": "contact.email", "kind": "email"}, {"path": "contact.phone", "kind": "phone"}]}`, admin)
		if got := s.must(200, "GET", source+"/shape", "", viewer); fmt.Sprint(got.at("data", "suggestions")) != "[]" {
			t.Errorf("marked, it still suggests %s", got.Body)
		}
		for _, wrong := range []string{"0", "1001", "x"} {
			if got := s.call("GET", source+"/shape?deliveries="+wrong, "", viewer); got.Code != 422 {
				t.Errorf("deliveries=%s: %d %s", wrong, got.Code, got.Body)
			}
		}
		s.must(404, "GET", source+"/shape", "", s.company("others").as(access.Admin))
		fresh := s.must(201, "POST", "/v1/processors", `{"name": "Unlinked", "provider_id": "`+ids["providers"]+`", "source_model": "webhook.payload"}`, admin).id()
		if got := s.must(200, "GET", "/v1/processors/"+fresh+"/shape", "", viewer); fmt.Sprint(got.at("data", "deliveries")) != "0" {
			t.Errorf("a processor without sources: %s", got.Body)
		}
	})
}

// TestSamplesWarn: a spec is saved and checked with what the linked sources delivered; samples never refuse anything.
func TestSamplesWarn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("warned").as(access.Admin)
		ids := s.furnish(company{keys: map[access.Role]string{access.Admin: strings.TrimPrefix(admin, "Authorization: Bearer ")}})
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 0}`, admin).at("data", "api_key").(string)
		spec := "/v1/processors/" + ids["processors"] + "/spec"
		codes := func(list any) string {
			var all []string
			problems, _ := list.([]any)
			for _, p := range problems {
				all = append(all, fmt.Sprint(p.(map[string]any)["code"]))
			}
			return strings.Join(all, " ")
		}
		if got := s.must(200, "POST", spec+"/check", plan, admin); strings.Contains(codes(got.at("data", "problems")), "changing_key") {
			t.Errorf("without samples it says %s", got.Body)
		}
		for i := range 8 {
			s.must(200, "POST", "/in/"+ids["sources"], fmt.Sprintf(`{"id": %d, "agent": "cas%d@shop.test", "at": "2026-01-05"}`, 50+i, i), door)
		}
		for name, got := range map[string]any{
			"check": s.must(200, "POST", spec+"/check", plan, admin).at("data", "problems"),
			"save":  s.must(200, "PUT", spec, plan, admin).at("data", "warnings"),
			"show":  s.must(200, "GET", spec, "", admin).at("data", "problems"),
		} {
			if !strings.Contains(codes(got), "changing_key") || strings.Contains(fmt.Sprint(got), "@shop") {
				t.Errorf("%s says %v", name, got)
			}
		}
		if got := s.must(200, "GET", "/v1/processors/"+ids["processors"], "", admin); got.at("data", "state") != "enabled" {
			t.Errorf("the processor is %s", got.Body)
		}
	})
}

package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestDeletingAProviderSaysWhatCameOfIt: its records and identities stay, its fixed webhooks are gone, in words.
func TestDeletingAProviderSaysWhatCameOfIt(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("gone").as(access.Admin)
		unused := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Unused"}`, admin)
		s.must(204, "DELETE", "/v1/providers/"+unused.id(), "", admin)

		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		path, url := "/v1/providers/"+provider.id(), "/webhooks/"+provider.id()+"/call"
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		for id := range 2 {
			s.must(200, "POST", url, fmt.Sprintf(`{"id": %d, "agent_id": 7, "agent_name": "Ann", "started_at": "2026-01-05"}`, id), door)
		}
		got := s.must(200, "GET", path+"/dependents", "", admin)
		if said := fmt.Sprintf("%v %v %v", got.at("data", "kept_records"), got.at("data", "kept_identities"), got.at("data", "things", 2)); said != "[map[count:2 kind:call]] 1 map[id:call name:"+url+" noun:webhook what:will answer 404]" {
			t.Errorf("what hangs on the provider is %s", said)
		}
		got = s.must(409, "DELETE", path, "", admin)
		for _, word := range []string{"2 calls, 1 external identity", "webhook “" + url + "”"} {
			if message := got.at("error", "message").(string); !strings.Contains(message, word) {
				t.Errorf("deleting it says %q, want %q in it", message, word)
			}
		}
		s.must(204, "DELETE", path+"?confirm=true", "", admin)
		if got := s.must(404, "POST", url, `{"id": 3, "agent_id": 7, "started_at": "2026-01-05"}`, door); !strings.Contains(got.Body.String(), "It may have been deleted") {
			t.Errorf("its webhook says %s", got.Body)
		}
		s.must(401, "POST", url, `{"id": 3}`, "Authorization: Bearer pk_live_other")
		if got := s.must(200, "GET", "/v1/calls", "", admin); fmt.Sprint(got.at("meta", "total")) != "2" {
			t.Errorf("the records are %s", got.Body)
		}
	})
}

func TestPublicURLMayEndInASlash(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		o := s.api.Options
		o.PublicURL = "https://sales.example.test/"
		s.handler = api.New(o)
		admin := s.company("acme").as(access.Admin)
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		if url := p.at("data", "webhook_urls", "sale"); url != "https://sales.example.test/webhooks/"+p.id()+"/sale" {
			t.Errorf("the webhook is at %v", url)
		}
	})
}

package api_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/storage"
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

// TestSettingsOfAProvider: what a type declares is taken, kept and shown; what is secret is sealed, used and shown to nobody.
func TestSettingsOfAProvider(t *testing.T) {
	t.Parallel()
	offer := connector.Catalogue{{
		Name: "webhooks", Title: "Phones", Fields: []connector.Field{
			{Name: "url", Title: "Address", Required: true}, {Name: "team", Title: "Team", Harmless: true}, {Name: "region", Title: "Region"}, {Name: "token", Title: "Token", Required: true, Secret: true},
		},
		Connect: func(_ context.Context, settings map[string]string) error {
			if settings["url"] == "https://phones.example" && settings["token"] == "hush-hush" {
				return nil
			}
			return errors.New("it refuses " + settings["url"])
		},
	}}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serveOf(t, d, offer)
		admin := s.company("phones").as(access.Admin)
		for body, want := range map[string]string{
			`{"url": "https://phones.example"}`:                            "token missing_field",
			`{"url": " ", "token": "x"}`:                                   "url missing_field",
			`{"url": "https://phones.example", "token": "x", "port": "1"}`: "port unknown_field",
		} {
			got := s.must(422, "POST", "/v1/providers", `{"type": "webhooks", "name": "Phones", "settings": `+body+`}`, admin)
			if said := fmt.Sprint(got.at("error", "details", 0, "field"), " ", got.at("error", "details", 0, "code")); said != want {
				t.Errorf("%s: %s, want %s", body, said, want)
			}
		}
		made := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Phones", "settings": {"url": "https://phones.example", "token": "hush-hush"}}`, admin)
		path := "/v1/providers/" + made.id()
		shows := func(step, want string) {
			t.Helper()
			got := s.must(200, "GET", path, "", admin)
			if said := fmt.Sprint(got.at("data", "name"), " ", got.at("data", "settings"), " ", got.at("data", "secrets")); said != want {
				t.Errorf("%s: it shows %s, want %s", step, said, want)
			}
			if strings.Contains(got.Body.String(), "hush") {
				t.Errorf("%s: the token is shown: %s", step, got.Body)
			}
		}
		shows("made", "Phones map[url:https://phones.example] [token]")
		reached := func(step, settings, want string) {
			t.Helper()
			got := s.must(200, "POST", "/v1/providers/test", `{"provider_id": "`+made.id()+`", "settings": `+settings+`}`, admin)
			if said := got.at("data", "state"); said != want {
				t.Errorf("%s: %v, want %s", step, said, want)
			}
		}
		reached("with what is stored", `{}`, "reached")
		reached("with another token", `{"token": "guess"}`, "not_reached")
		reached("with the address that it has", `{"url": "https://phones.example"}`, "reached")
		reached("with another address and its token", `{"url": "https://else.example", "token": "theirs"}`, "not_reached")
		reached("with another label", `{"team": "Night"}`, "reached")
		for _, settings := range []string{`{"url": "https://else.example"}`, `{"region": "north"}`, `{"url": "https://else.example", "team": "Night"}`} {
			for _, got := range []answer{
				s.must(422, "POST", "/v1/providers/test", `{"provider_id": "`+made.id()+`", "settings": `+settings+`}`, admin),
				s.must(422, "PATCH", path, `{"name": "Theirs", "settings": `+settings+`}`, admin),
			} {
				if got.at("error", "details", 0, "field") != "token" || got.at("error", "details", 0, "code") != "missing_field" {
					t.Errorf("%s: %s", settings, got.Body)
				}
			}
		}
		shows("after another address without its token", "Phones map[url:https://phones.example] [token]")
		s.must(422, "POST", "/v1/providers/test", `{"provider_id": "`+made.id()+`", "settings": {"url": ""}}`, admin)

		s.must(200, "PATCH", path, `{"settings": {"team": "Night"}}`, admin)
		shows("a setting more", "Phones map[team:Night url:https://phones.example] [token]")
		s.must(200, "PATCH", path, `{"name": "Telephones", "settings": {"team": ""}}`, admin)
		shows("emptied", "Telephones map[url:https://phones.example] [token]")
		s.must(422, "PATCH", path, `{"settings": {"token": ""}}`, admin)
		reached("after all that", `{}`, "reached")
		s.must(200, "PATCH", path, `{"settings": {"token": "hush-again"}}`, admin)
		reached("with a new token", `{}`, "not_reached")
		s.must(200, "PATCH", path, `{"settings": {"url": "https://else.example", "token": "theirs"}}`, admin)
		shows("with another address and its token", "Telephones map[url:https://else.example] [token]")

		err := s.DB.Read(t.Context(), func(tx *storage.Tx) error {
			var settings, secrets []byte
			err := tx.QueryRow("SELECT settings, secrets FROM providers WHERE name = 'Telephones'").Scan(&settings, &secrets)
			if len(secrets) == 0 || bytes.Contains(settings, []byte("hush")) || bytes.Contains(secrets, []byte("hush")) {
				t.Errorf("the database has the token in the open: %s %q", settings, secrets)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

package api_test

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestCallLogNamesNothingOfAnotherTenant(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Ours"}`, ours.as(access.Admin))
		other := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Theirs"}`, theirs.as(access.Admin)).id()
		source := s.must(201, "POST", "/v1/providers/"+other+"/sources", `{"type": "webhook.payload", "name": "Their secret"}`, theirs.as(access.Admin)).id()
		s.must(404, "POST", "/in/"+source, `{}`, "Authorization: Bearer "+p.at("data", "api_key").(string))
		calls := s.must(200, "GET", "/v1/source-executions", "", ours.as(access.Viewer))
		if calls.at("data", 0, "http_status") == nil || strings.Contains(calls.Body.String(), "Their secret") {
			t.Errorf("the call log says %s", calls.Body)
		}
		one := s.must(200, "GET", "/v1/source-executions/"+calls.at("data", 0, "id").(string), "", ours.as(access.Viewer))
		if strings.Contains(one.Body.String(), "Their secret") {
			t.Errorf("the call says %s", one.Body)
		}
	})
}

func TestManyWrongPasswordsAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("acme")
		var compared atomic.Int32
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if s.call("POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "wrong and long"}`).Code == 401 {
					compared.Add(1)
				}
			})
		}
		wg.Wait()
		if n := compared.Load(); n > 10 {
			t.Errorf("%d passwords were compared", n)
		}
		s.must(429, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "`+password+`"}`)
	})
}

func TestSearchFindsWhatIsShown(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("acme").as(access.Admin)
		s.must(201, "POST", "/v1/agents", `{"name": "Özgür 50%_ Ünal"}`, admin)
		for text, want := range map[string]int{"Özgür": 1, "özgür": 1, "ÖZGÜR": 1, "50%_": 1, "0%Ü": 0, "ü": 1, `\`: 0} {
			a := s.must(200, "GET", "/v1/agents?search="+url.QueryEscape(text), "", admin)
			if got := len(a.at("data").([]any)); got != want {
				t.Errorf("%q finds %d", text, got)
			}
		}
		if a := s.must(200, "GET", "/v1/agents?per_page=100&page=9223372036854775807", "", admin); len(a.at("data").([]any)) != 0 {
			t.Errorf("the last page there could be has %s", a.Body)
		}
	})
}

func TestPresentPasswordIsTheUsersOwn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		s.must(201, "POST", "/v1/users", `{"email": "`+ours.owner+`", "role": "viewer", "password": "another password"}`, theirs.as(access.Admin))
		in := s.must(200, "POST", "/v1/auth/login", `{"email": "`+ours.owner+`", "password": "`+password+`"}`)
		s.must(422, "PUT", "/v1/auth/password", `{"current": "another password", "new": "taken over by them"}`, cookie(in))
		s.must(204, "PUT", "/v1/auth/password", `{"current": "`+password+`", "new": "a third password"}`, cookie(in))
	})
}

package api_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// cookie is the session of an answer, as a header of the next call.
func cookie(a answer) string {
	for _, c := range (&http.Response{Header: a.Header()}).Cookies() {
		if c.Name == "dealwright_session" {
			return "Cookie: " + c.Name + "=" + c.Value
		}
	}
	return "Cookie: none=1"
}

func TestFirstRunMakesOneOwner(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		const owner = `{"tenant": "Acme", "name": "Ann", "email": "Ann@Acme.test", "password": "correct horse battery"}`
		if got := s.must(200, "GET", "/v1/auth/setup-state", ""); got.at("data", "setup_needed") != true {
			t.Errorf("before: %s", got.Body)
		}
		s.must(422, "POST", "/v1/auth/setup", strings.Replace(owner, "correct horse battery", "short", 1))
		made := s.must(201, "POST", "/v1/auth/setup", owner)
		if got := s.must(200, "GET", "/v1/auth/session", "", cookie(made)); got.at("data", "user", "email") != "ann@acme.test" || got.at("data", "role") != "owner" || got.at("data", "tenant", "name") != "Acme" {
			t.Errorf("the session is %s", got.Body)
		}
		s.must(409, "POST", "/v1/auth/setup", strings.Replace(owner, "Ann@", "Bob@", 1))
		if got := s.must(200, "GET", "/v1/auth/setup-state", ""); got.at("data", "setup_needed") != false {
			t.Errorf("after: %s", got.Body)
		}
	})
}

func TestSessions(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("sessions")
		login := func(status int, email, password string, headers ...string) answer {
			t.Helper()
			return s.must(status, "POST", "/v1/auth/login", `{"email": "`+email+`", "password": "`+password+`"}`, headers...)
		}
		wrong, unknown := login(401, c.owner, "not the password"), login(401, "nobody@example.test", password)
		if wrong.at("error", "message") != unknown.at("error", "message") {
			t.Errorf("answers tell who there is: %s %s", wrong.Body, unknown.Body)
		}
		in := login(200, strings.ToUpper(c.owner), password)
		header := in.Header().Get("Set-Cookie")
		if !strings.Contains(header, "HttpOnly") || !strings.Contains(header, "SameSite=Lax") {
			t.Errorf("the cookie is %s", header)
		}
		if strings.Contains(header, "Max-Age") || strings.Contains(header, "Expires") {
			t.Errorf("the cookie outlives the browser, and nobody asked for that: %s", header)
		}
		stays := s.must(200, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "`+password+`", "stay_signed_in": true}`)
		if header := stays.Header().Get("Set-Cookie"); !strings.Contains(header, "Max-Age=1209600") {
			t.Errorf("the cookie of who stays signed in is %s", header)
		}
		mine := cookie(in)
		s.must(200, "GET", "/v1/providers", "", mine)
		s.must(403, "PATCH", "/v1/settings", `{}`, mine, "Sec-Fetch-Site: cross-site")
		other := cookie(login(200, c.owner, password))

		// A new password ends the other sessions, not this one.
		s.must(422, "PUT", "/v1/auth/password", `{"current": "wrong", "new": "another long one"}`, mine)
		changed := s.must(204, "PUT", "/v1/auth/password", `{"current": "`+password+`", "new": "another long one"}`, mine)
		if again := cookie(changed); again != "Cookie: none=1" {
			mine = again
		}
		s.must(200, "GET", "/v1/auth/session", "", mine)
		s.must(401, "GET", "/v1/auth/session", "", other)
		login(401, c.owner, password)

		s.must(204, "POST", "/v1/auth/logout", "", mine)
		s.must(401, "GET", "/v1/auth/session", "", mine)

		// A key has no session, and stops when it is revoked.
		key := s.must(201, "POST", "/v1/api-keys", `{"name": "Robot", "role": "viewer"}`, c.as(access.Admin))
		robot := "Authorization: Bearer " + key.at("data", "key").(string)
		if got := s.must(200, "GET", "/v1/auth/session", "", robot); got.at("data", "user") != nil || got.at("data", "role") != "viewer" {
			t.Errorf("a key's session is %s", got.Body)
		}
		s.must(204, "DELETE", "/v1/api-keys/"+key.id(), "", c.as(access.Admin))
		s.must(401, "GET", "/v1/auth/session", "", robot)
		s.must(404, "DELETE", "/v1/api-keys/"+key.id(), "", c.as(access.Admin))
	})
}

// TestAKeyThatIsNotAccepted: whoever sent one is not told to send one.
func TestAKeyThatIsNotAccepted(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		for header, want := range map[string]string{
			"X-Nothing: 1":                         "Sign in, or send an API key",
			"Authorization: Basic dXNlcjpwYXNz":    "The API key was not accepted: it is sent in another way",
			"Authorization: Bearer pk_live_ABC":    "The API key was not accepted: such keys begin with sk_live_",
			"Authorization: Bearer ":               "The API key was not accepted: such keys begin with sk_live_",
			"Authorization: Bearer sk_live_NOBODY": "The API key was not accepted: it is not known",
		} {
			if got := s.must(401, "GET", "/v1/providers", "", header); !strings.HasPrefix(got.at("error", "message").(string), want) {
				t.Errorf("%s is told %s, want %s…", header, got.Body, want)
			}
		}
	})
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("guess")
		var last answer
		for range 11 {
			last = s.call("POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "a wrong guess"}`)
		}
		if last.Code != http.StatusTooManyRequests || last.Header().Get("Retry-After") == "" {
			t.Errorf("after ten wrong ones: %d %s", last.Code, last.Body)
		}
		s.must(429, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "`+password+`"}`)
	})
}

// TestGuessingBehindAProxy: each caller of a trusted proxy has tries of his own, and nobody gets more by saying to be
// somebody else.
func TestGuessingBehindAProxy(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("proxy")
		guess := func(status int, from string) {
			t.Helper()
			s.must(status, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "a wrong guess"}`, "X-Forwarded-For: "+from)
		}
		options := s.api.Options
		options.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} // tests call from there
		s.handler = api.New(options)
		for i := range 10 {
			guess(401, fmt.Sprintf("198.51.100.%d, 203.0.113.5, 192.0.2.9", i))
		}
		guess(429, "198.51.100.99, 203.0.113.5")
		guess(401, "203.0.113.5, 203.0.113.6")
		s.must(200, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "`+password+`"}`, "X-Forwarded-For: 203.0.113.7")

		options.Proxies = nil // nobody is believed: all of them are the one who calls
		s.handler = api.New(options)
		for i := range 10 {
			guess(401, fmt.Sprintf("203.0.113.%d", 100+i))
		}
		guess(429, "203.0.113.7")
	})
}

func TestUsers(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("users")
		admin := c.as(access.Admin)
		owner := s.must(200, "GET", "/v1/users?role=owner", "", admin)
		path := "/v1/users/" + owner.at("data", 0, "id").(string)
		s.must(403, "PATCH", path, `{"role": "viewer"}`, admin) // an administrator is less than an owner
		in := cookie(s.must(200, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "`+password+`"}`))
		if got := s.must(409, "PATCH", path, `{"status": "disabled"}`, in); !strings.Contains(got.Body.String(), "owner") {
			t.Errorf("the last owner goes: %s", got.Body)
		}
		bob := s.must(201, "POST", "/v1/users", `{"email": "bob@example.test", "name": "Bob", "role": "member"}`, admin)
		if bob.at("data", "status") != "invited" {
			t.Errorf("Bob is %s", bob.Body)
		}
		s.must(422, "PATCH", "/v1/users/"+bob.id(), `{"status": "active"}`, admin)
		s.must(200, "PATCH", "/v1/users/"+bob.id(), `{"password": "bobs long password"}`, admin)
		bobs := cookie(s.must(200, "POST", "/v1/auth/login", `{"email": "bob@example.test", "password": "bobs long password"}`))
		s.must(200, "GET", "/v1/agents", "", bobs)
		s.must(403, "POST", "/v1/providers", `{"type": "webhooks", "name": "x"}`, bobs)
		s.must(200, "PATCH", "/v1/users/"+bob.id(), `{"status": "disabled"}`, admin)
		s.must(401, "GET", "/v1/agents", "", bobs)
	})
}

// TestOneOfManyWhoAddTheSameUser: the others are told who there is.
func TestOneOfManyWhoAddTheSameUser(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("acme").as(access.Admin)
		var added, told atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				switch a := s.call("POST", "/v1/users", `{"email": "new@example.test", "role": "viewer"}`, admin); {
				case a.Code == 201:
					added.Add(1)
				case a.Code == 409 && strings.Contains(a.Body.String(), "usr_"):
					told.Add(1)
				default:
					t.Errorf("status %d: %s", a.Code, a.Body)
				}
			})
		}
		wg.Wait()
		if added.Load() != 1 || told.Load() != 7 {
			t.Errorf("%d added the user, %d were told of the one there is", added.Load(), told.Load())
		}
	})
}

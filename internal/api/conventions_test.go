package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestWhatBadCallsGet is a table of calls that are refused, and what the answer says.
func TestWhatBadCallsGet(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, path, body string
		headers            []string
		status             int
		code               string
		field              string // of the first detail
		says               string // somewhere in the answer
	}{
		{"GET", "/v1/unicorns", "", nil, 404, "NOT_FOUND", "", "/openapi.json"},
		{"DELETE", "/v1/settings", "", nil, 405, "METHOD_NOT_ALLOWED", "", "GET, PATCH"},
		{"GET", "/v1/providers?per_page=101", "", nil, 400, "UNREADABLE", "", "at most 100"},
		{"GET", "/v1/providers?per_page=0", "", nil, 422, "VALIDATION_ERROR", "per_page", "“per_page” must be 1 or more; 0 was sent."},
		{"GET", "/v1/providers?per_page=x", "", nil, 422, "VALIDATION_ERROR", "per_page", `“per_page” must be a whole number; \"x\" was sent.`},
		{"GET", "/v1/providers?nam=x", "", nil, 422, "VALIDATION_ERROR", "nam", "not known"},
		{"GET", "/v1/providers?sort=colour", "", nil, 400, "UNREADABLE", "", "Sort it by id, name"},
		{"GET", "/v1/providers?cursor=%21", "", nil, 400, "UNREADABLE", "", "next_cursor"},
		// {"s":"name","v":5,"i":1}, {"s":"created_at","v":"x","i":1}, {"s":"-id","v":"x","i":1}: no page gave these.
		{"GET", "/v1/providers?sort=name&cursor=eyJzIjoibmFtZSIsInYiOjUsImkiOjF9", "", nil, 400, "UNREADABLE", "", "next_cursor"},
		{"GET", "/v1/providers?sort=created_at&cursor=eyJzIjoiY3JlYXRlZF9hdCIsInYiOiJ4IiwiaSI6MX0", "", nil, 400, "UNREADABLE", "", "next_cursor"},
		{"GET", "/v1/executions?cursor=eyJzIjoiLWlkIiwidiI6IngiLCJpIjoxfQ", "", nil, 400, "UNREADABLE", "", "next_cursor"},
		{"GET", "/v1/executions?kind=odd", "", nil, 422, "VALIDATION_ERROR", "kind", "Some of what was asked for is not right."},
		{"POST", "/v1/api-keys", `{"name": "Robot", "role": "viewer", "expires_at": "2020-01-05T12:00:00Z"}`, nil, 422, "VALIDATION_ERROR", "expires_at", "has passed"},
		{"GET", "/v1/find?q=%00ab", "", nil, 422, "VALIDATION_ERROR", "q", "“q” holds a NUL"},
		{"GET", "/v1/find?q=%ff%fe", "", nil, 422, "VALIDATION_ERROR", "q", "“q” is not UTF-8"},
		{"GET", "/v1/agents?search=a&search=%c3", "", nil, 422, "VALIDATION_ERROR", "search", "“search” is not UTF-8"},
		{"GET", "/v1/agents?search=a\x80", "", nil, 422, "VALIDATION_ERROR", "search", "“search” is not UTF-8"},
		{"GET", "/v1/agents?%ff=a&search=%00", "", nil, 422, "VALIDATION_ERROR", "search", "“search” holds a NUL"},
		{"GET", "/v1/agents/agt_%00", "", nil, 422, "VALIDATION_ERROR", "id", "“id” holds a NUL"},
		{"PATCH", "/v1/agents/%ff", `{}`, nil, 422, "VALIDATION_ERROR", "id", "“id” is not UTF-8"},
		{"GET", "/v1/unicorns/%ff", "", nil, 422, "VALIDATION_ERROR", "path", "“path” is not UTF-8"},
		{"POST", "/v1/agents", `{"name": "a\u0000b"}`, nil, 400, "UNREADABLE", "body", "U+0000"},
		{"GET", "/v1/executions?status=lost", "", nil, 422, "VALIDATION_ERROR", "status", "waiting"},
		{"GET", "/v1/executions?source_id=prv_0000000001", "", nil, 422, "VALIDATION_ERROR", "source_id", "src_"},
		{"GET", "/v1/activities?updated_after=yesterday", "", nil, 422, "VALIDATION_ERROR", "updated_after", "must be a moment such as 2026-01-05T12:00:00Z;"},
		{"PATCH", "/v1/settings", `{"name": }`, nil, 400, "UNREADABLE", "body", "not expected"},
		{"PATCH", "/v1/settings", `{"name": "a", "name": "b"}`, nil, 400, "UNREADABLE", "body", "name"},
		{"PATCH", "/v1/settings", "{\"name\": \"a\" // the name\n}", nil, 400, "UNREADABLE", "body", "no comments"},
		{"PATCH", "/v1/settings", `[1]`, nil, 422, "VALIDATION_ERROR", "", "The body must be an object; [1] was sent."},
		{"POST", "/v1/providers/prv_0000000001/keys", `{"overlap_minutes": 1000000000.0}`, nil, 422, "VALIDATION_ERROR", "overlap_minutes", "must be a whole number, written with digits only; 1000000000.0 was sent."},
		{"POST", "/v1/providers/prv_0000000001/keys", `{"overlap_minutes": 307445734561825861}`, nil, 422, "VALIDATION_ERROR", "overlap_minutes", "between 0 and 43200"},
		{"PUT", "/v1/processors/prc_0000000001/spec", ``, []string{"Content-Type: application/yaml"}, 400, "UNREADABLE", "", "Send the spec in it"},
		{"PATCH", "/v1/settings", ``, nil, 400, "UNREADABLE", "body", "empty"},
		{"PATCH", "/v1/settings", `{"Name": "a"}`, nil, 422, "VALIDATION_ERROR", "Name", "letter case"},
		{"PATCH", "/v1/settings", `{"name": 5}`, nil, 422, "VALIDATION_ERROR", "name", "must be text, in quotes; 5 was sent"},
		{"PATCH", "/v1/settings", `{"projects": "yes"}`, nil, 422, "VALIDATION_ERROR", "projects", "true or false"},
		{"PATCH", "/v1/settings", `{"time_zone": "Mars/Olympus"}`, nil, 422, "VALIDATION_ERROR", "time_zone", "Europe/Amsterdam"},
		{"PATCH", "/v1/settings", `{"country": "NL"}`, nil, 422, "VALIDATION_ERROR", "country", "+31"},
		{"PATCH", "/v1/settings", `{"record_kinds": ["sale", "lead"]}`, nil, 422, "VALIDATION_ERROR", "record_kinds", "lead"},
		{"PATCH", "/v1/settings", `{"name": " "}`, nil, 422, "VALIDATION_ERROR", "name", "1 to 200"},
		{"PATCH", "/v1/settings", `name=a`, []string{"Content-Type: application/x-www-form-urlencoded"}, 415, "UNSUPPORTED_MEDIA_TYPE", "", "application/json"},
		{"PATCH", "/v1/settings", `{"name": "` + strings.Repeat("x", 1<<20) + `"}`, nil, 413, "TOO_LARGE", "", "1048576"},
		{"PATCH", "/v1/settings", strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100), nil, 400, "UNREADABLE", "body", ""},
		{"PATCH", "/v1/settings", `{}`, []string{`If-Match: "old"`}, 412, "STALE", "", "Read it again"},
		{"POST", "/v1/providers", `{"type": "fax"}`, nil, 422, "VALIDATION_ERROR", "name", "missing"},
		{"POST", "/v1/providers", `{"type": "fax", "name": "x"}`, nil, 422, "VALIDATION_ERROR", "type", "webhooks"},
		{"POST", "/v1/processors", `{"name": "x", "provider_id": "prv_zzzzzzzzzz", "source_model": "webhook.payload"}`, nil, 422, "VALIDATION_ERROR", "provider_id", "no such provider"},
		{"POST", "/v1/users", `{"email": "nobody", "role": "viewer"}`, nil, 422, "VALIDATION_ERROR", "email", "ann@example.com"},
		{"POST", "/v1/users", `{"email": "a@b.test", "role": "king"}`, nil, 422, "VALIDATION_ERROR", "role", "king"},
		{"POST", "/v1/users", `{"email": "a@b.test", "role": "owner"}`, nil, 403, "FORBIDDEN", "", "admin"},
		{"POST", "/v1/users", `{"email": "a@b.test", "role": "viewer", "password": "short"}`, nil, 422, "VALIDATION_ERROR", "password", "10"},
		{"POST", "/v1/users", `{"email": "Bad@Example.test", "role": "viewer"}`, nil, 409, "CONFLICT", "id", "usr_"},
		{"POST", "/v1/providers", `{"type": "webhooks", "name": "x"}`, []string{"Sec-Fetch-Site: cross-site"}, 403, "FORBIDDEN", "", "another site"},
		{"GET", "/v1/providers", "", []string{"Authorization: Basic eA=="}, 401, "UNAUTHORIZED", "", "sk_live_"},
		{"GET", "/v1/providers", "", []string{"Authorization: Bearer sk_live_nonsense"}, 401, "UNAUTHORIZED", "", "revoked"},
		{"GET", "/missing.js", "", nil, 404, "NOT_FOUND", "", ""},
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("bad")
		for _, tt := range tests {
			headers := append([]string{c.as(access.Admin)}, tt.headers...)
			got := s.call(tt.method, tt.path, tt.body, headers...)
			if len(tt.body) > 100 {
				tt.body = tt.body[:100] + "…"
			}
			field := ""
			if f := got.at("error", "details", 0, "field"); f != nil {
				field = fmt.Sprint(f)
			}
			if got.Code != tt.status || got.at("error", "code") != tt.code || field != tt.field || !strings.Contains(got.Body.String(), tt.says) {
				t.Errorf("%s %s %s: %d %s, want %d %s, field %q, saying %q", tt.method, tt.path, tt.body, got.Code, got.Body, tt.status, tt.code, tt.field, tt.says)
			}
			if id := got.at("meta", "request_id"); id == nil || id != got.Header().Get("X-Request-Id") {
				t.Errorf("%s %s: the answer has the request id %v, its header %q", tt.method, tt.path, id, got.Header().Get("X-Request-Id"))
			}
			for _, leak := range []string{"SQLSTATE", "SELECT", "sqlite3:", "pgx", "goroutine", ".go:"} {
				if strings.Contains(got.Body.String(), leak) {
					t.Errorf("%s %s tells of our insides: %s", tt.method, tt.path, got.Body)
				}
			}
		}
	})
}

func TestListsArePagedAndSorted(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("lists").as(access.Admin)
		for _, name := range []string{"Bea", "Ali", "Dov", "Cas", "100%"} {
			s.must(201, "POST", "/v1/agents", `{"name": "`+name+`"}`, admin)
		}
		names := func(path string) (list []string, a answer) {
			t.Helper()
			a = s.must(200, "GET", path, "", admin)
			data, _ := a.at("data").([]any)
			for i := range data {
				list = append(list, a.at("data", i, "name").(string))
			}
			return list, a
		}
		for path, want := range map[string][]string{
			"/v1/agents":                             {"Bea", "Ali", "Dov", "Cas", "100%"},
			"/v1/agents?sort=name":                   {"100%", "Ali", "Bea", "Cas", "Dov"},
			"/v1/agents?sort=-name&per_page=2":       {"Dov", "Cas"},
			"/v1/agents?sort=name&per_page=2&page=3": {"Dov"},
			"/v1/agents?page=9":                      nil,
			"/v1/agents?search=A":                    {"Bea", "Ali", "Cas"},
			"/v1/agents?search=%25":                  {"100%"},
			"/v1/agents?active=false":                nil,
		} {
			if got, _ := names(path); !cmp.Equal(got, want) {
				t.Errorf("%s: %v, want %v", path, got, want)
			}
		}
		// Cursors stay right while the list changes under them.
		for _, sort := range []string{"", "name", "-name", "updated_at", "-updated_at"} {
			var seen []string
			cursor := ""
			for {
				list, a := names("/v1/agents?per_page=2&sort=" + sort + "&cursor=" + cursor)
				seen = append(seen, list...)
				if cursor == "" {
					s.must(201, "POST", "/v1/agents", `{"name": "Late"}`, admin)
				}
				next, more := a.at("meta", "next_cursor").(string)
				if !more {
					break
				}
				cursor = next
			}
			for _, name := range []string{"Bea", "Ali", "Dov", "Cas", "100%"} {
				if n := len(slices.DeleteFunc(slices.Clone(seen), func(s string) bool { return s != name })); n != 1 {
					t.Errorf("sort=%s: %s is given %d times in %v", sort, name, n, seen)
				}
			}
		}
		_, a := names("/v1/agents?per_page=2&sort=name")
		s.must(400, "GET", "/v1/agents?sort=-name&cursor="+a.at("meta", "next_cursor").(string), "", admin)
		if got := fmt.Sprintf("%v %v %v %v", a.at("meta", "total"), a.at("meta", "page"), a.at("meta", "per_page"), a.at("meta", "total_pages")); got != "10 1 2 5" {
			t.Errorf("total, page, per_page and total_pages are %s", got)
		}
		stamp := s.must(200, "GET", "/v1/agents?sort=updated_at&per_page=3", "", admin).at("data", 2, "updated_at").(string)
		if got, _ := names("/v1/agents?sort=updated_at&updated_after=" + stamp); len(got) != 7 {
			t.Errorf("updated_after gives %v, want the 7 after the third", got)
		}
	})
}

func TestChangesCanAskThatNobodyWasFirst(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("etags").as(access.Admin)
		agent := s.must(201, "POST", "/v1/agents", `{"name": "Ann"}`, admin)
		first := agent.Header().Get("ETag")
		path := "/v1/agents/" + agent.id()
		second := s.must(200, "PATCH", path, `{"name": "Anne"}`, admin, "If-Match: "+first).Header().Get("ETag")
		if second == first || second == "" {
			t.Errorf("the ETag was %s and is %s", first, second)
		}
		s.must(http.StatusPreconditionFailed, "PATCH", path, `{"name": "Anna"}`, admin, "If-Match: "+first)
		got := s.must(200, "GET", path, "", admin)
		if got.at("data", "name") != "Anne" || got.Header().Get("ETag") != second {
			t.Errorf("the agent is %s with %s", got.Body, got.Header().Get("ETag"))
		}
		s.must(200, "PATCH", path, `{"name": "Anna"}`, admin, "If-Match: "+second)
	})
}

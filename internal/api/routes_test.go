package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// bodies that routes take, so that a call gets as far as its permission and its things. A route with an id that takes a
// body needs a line here. {thing} is the id of the company's own.
var bodies = map[string]string{
	"PATCH /v1/settings":                           `{}`,
	"POST /v1/providers":                           `{"type": "webhooks", "name": "Other"}`,
	"POST /v1/providers/test":                      `{"type": "webhooks"}`,
	"PATCH /v1/providers/{id}":                     `{"name": "Renamed"}`,
	"POST /v1/providers/{id}/keys":                 `{"overlap_minutes": 5}`,
	"POST /v1/providers/{id}/sources":              `{"type": "webhook.payload", "name": "Other"}`,
	"PATCH /v1/sources/{id}":                       `{"name": "Renamed"}`,
	"PUT /v1/sources/{id}/processors":              `[]`,
	"PUT /v1/sources/{id}/personal":                `{"marks": []}`,
	"POST /v1/processors":                          `{"name": "Other", "provider_id": "{providers}", "source_model": "webhook.payload"}`,
	"PATCH /v1/processors/{id}":                    `{"name": "Renamed"}`,
	"PUT /v1/processors/{id}/spec":                 plan,
	"POST /v1/processors/{id}/spec/check":          plan,
	"POST /v1/processors/{id}/spec/diff":           plan,
	"POST /v1/processors/{id}/spec/tests":          plan,
	"POST /v1/processors/{id}/checklist":           `{}`,
	"POST /v1/processors/{id}/trace-schema/varied": `{}`,
	"PUT /v1/processors/{id}/draft":                plan,
	"POST /v1/processors/{id}/test":                `{"delivery_id": "{deliveries}"}`,
	"POST /v1/processors/{id}/dry-run":             `{"delivery_id": "{deliveries}"}`,
	"POST /v1/executions/{id}/as-test":             `{"name": "one"}`,
	"POST /v1/processors/{id}/dry-run/as-test":     `{"delivery_id": "{deliveries}", "name": "one"}`,
	"POST /v1/processors/{id}/spec/tests/expected": plan,
	"POST /v1/processors/{id}/backtest":            `{}`,
	"POST /v1/processors/{id}/orphans":             ``,
	"POST /v1/executions/replay":                   `{"execution_ids": ["{executions}"]}`,
	"POST /v1/identities/{id}/link":                `{"entity_id": "{agents}"}`,
	"POST /v1/identities/{id}/link-new":            `{}`,
	"POST /v1/identities/changes":                  `{"changes": []}`,
	"PATCH /v1/agents/{id}":                        `{}`,
	"PATCH /v1/teams/{id}":                         `{}`,
	"PATCH /v1/projects/{id}":                      `{}`,
	"PATCH /v1/segments/{id}":                      `{}`,
	"PATCH /v1/propositions/{id}":                  `{}`,
	"POST /v1/agents":                              `{"name": "Two"}`,
	"POST /v1/teams":                               `{"name": "Two"}`,
	"POST /v1/projects":                            `{"name": "Two"}`,
	"POST /v1/segments":                            `{"name": "Two"}`,
	"POST /v1/propositions":                        `{"name": "Two"}`,
	"POST /v1/users":                               `{"email": "two@example.test", "role": "viewer"}`,
	"PATCH /v1/users/{id}":                         `{}`,
	"POST /v1/api-keys":                            `{"name": "Two", "role": "viewer"}`,
	"POST /v1/metrics":                             `{"name": "Two", "definition": {"aggregate": "count", "source": "sale"}}`,
	"POST /v1/metrics/preview":                     `{"aggregate": "count", "source": "sale"}`,
	"PATCH /v1/metrics/{id}":                       `{}`,
	"POST /v1/events":                              `{"name": "Two", "rule": {"source": "sale"}}`,
	"PATCH /v1/events/{id}":                        `{}`,
	"POST /v1/notices/read":                        `{"upto": ""}`,
	"PUT /v1/auth/password":                        `{"current": "no", "new": "no"}`,
	"POST /v1/views":                               `{"list": "executions", "name": "Two", "search": ""}`,
	"PATCH /v1/views/{id}":                         `{}`,
	"POST /v1/bulk-operations":                     `{"verb": "replay", "ids": ["{executions}"]}`,
}

// queries that routes ask for.
var queries = map[string]string{
	"POST /v1/processors/{id}/spec/tests/expected": "?name=one",
	"GET /v1/why":   "?kind=sale&external_id=1",
	"GET /v1/find":  "?q=1",
	"GET /v1/views": "?list=executions",
}

// TestEveryRouteAsksForItsPermission calls every row of the route table as everybody there is.
func TestEveryRouteAsksForItsPermission(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		ids := s.furnish(ours)
		s.furnish(theirs)
		call := "/v1/source-executions/" + ids["source-executions"]
		ids["undos"] = s.must(200, "POST", call+"/undo", "", ours.as(access.Member)).id()
		s.must(200, "POST", call+"/redo", "", ours.as(access.Member))
		for _, row := range s.api.Rows() {
			t.Run(row.Method+" "+row.Path, func(t *testing.T) {
				if row.Permission != access.Public && !slices.Contains(access.Permissions, row.Permission) {
					t.Fatalf("the permission %q is none", row.Permission)
				}
				if row.Permission == access.Public {
					return
				}
				body, path := fill(row, ids)
				if got := s.call(row.Method, path, body); got.Code != http.StatusUnauthorized {
					t.Errorf("nobody gets %d, want 401: %s", got.Code, got.Body)
				}
				for _, role := range []access.Role{access.Viewer, access.Member} {
					if role.May(row.Permission) {
						continue
					}
					if got := s.call(row.Method, path, body, ours.as(role)); got.Code != http.StatusForbidden {
						t.Errorf("a %s gets %d, want 403: %s", role, got.Code, got.Body)
					}
				}
				if !strings.Contains(row.Path, "{id}") {
					return
				}
				if got := s.call(row.Method, path, body, theirs.as(access.Admin)); got.Code != http.StatusNotFound {
					t.Errorf("another tenant gets %d, want 404: %s", got.Code, got.Body)
				}
				missing := strings.Replace(row.Path, "{id}", "xxx_0000000000", 1)
				missing = strings.Replace(missing, "{n}", "1", 1)
				if got := s.call(row.Method, missing, body, ours.as(access.Admin)); got.Code != http.StatusNotFound {
					t.Errorf("an id of nothing gets %d, want 404: %s", got.Code, got.Body)
				}
			})
		}
		for _, row := range s.api.Rows() { // the reading ones work for the least role that may
			if body, path := fill(row, ids); row.Method == http.MethodGet && access.Viewer.May(row.Permission) {
				if got := s.call(row.Method, path, body, ours.as(access.Viewer)); got.Code != http.StatusOK {
					t.Errorf("%s %s: a viewer gets %d, want 200: %s", row.Method, path, got.Code, got.Body)
				}
			}
		}
	})
}

// fill gives the body and the path of a row with the ids of a company's things.
func fill(row api.Row, ids map[string]string) (body, path string) {
	noun, _, _ := strings.Cut(strings.TrimPrefix(row.Path, "/v1/"), "/")
	path = strings.ReplaceAll(strings.ReplaceAll(row.Path, "{id}", ids[noun]), "{n}", "1") + queries[row.Method+" "+row.Path]
	body = bodies[row.Method+" "+row.Path]
	for thing, id := range ids {
		body = strings.ReplaceAll(body, "{"+thing+"}", id)
	}
	return body, path
}

func TestWhatIsDescribedIsWhatIsThere(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		document := s.must(200, "GET", "/openapi.json", "")
		for _, row := range s.api.Rows() {
			operation := document.at("paths", row.Path, strings.ToLower(row.Method))
			if operation == nil {
				t.Errorf("%s %s is not described", row.Method, row.Path)
				continue
			}
			if got := document.at("paths", row.Path, strings.ToLower(row.Method), "x-permission"); got != string(row.Permission) {
				t.Errorf("%s %s: permission %v, want %s", row.Method, row.Path, got, row.Permission)
			}
		}
		if got := s.must(200, "GET", "/docs/en/api", "").Body.String(); !strings.Contains(got, "/v1/executions/{id}/trace") {
			t.Errorf("/docs/en/api does not list the routes: %s", got)
		}
	})
}

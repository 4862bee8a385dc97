package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
	"github.com/dealwright/dealwright/internal/pipeline/enrich"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/rekey"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// password of every owner in these tests.
const password = "correct horse battery"

// server is an API on a node at work, with its doors.
type server struct {
	t testing.TB
	*pipelinetest.Node
	handler http.Handler
	api     *api.Server
	hasher  *access.Hasher
	parts   parts
}

// parts tells when a part of what is done to many is kept.
type parts struct {
	*storage.DB
	kept chan struct{}
}

func (p parts) SaveOperation(ctx context.Context, o bulk.Operation) (bool, error) {
	running, err := p.DB.SaveOperation(ctx, o)
	select {
	case p.kept <- struct{}{}:
	default:
	}
	return running, err
}

func serve(t testing.TB, d *storagetest.Database) *server {
	t.Helper()
	return serveOf(t, d, connector.Standard())
}

// serveOf serves with other types of providers on offer.
func serveOf(t testing.TB, d *storagetest.Database, offer connector.Catalogue) *server {
	t.Helper()
	lib := library.Standard()
	n := pipelinetest.Start(t, d.Open(t), lib)
	tally := ingest.NewTally(n.DB, pipelinetest.Log())
	pipelinetest.Go(t, tally.Run)
	s := &server{t: t, Node: n, hasher: access.NewHasher(), parts: parts{n.DB, make(chan struct{}, 1)}}
	loader := storage.NewPictureLoader(n.DB, lib)
	runs := &queue.Queue{Store: storage.QueueStore{DB: n.DB, Loader: loader}, Plan: n.Plan, Writer: n.Writer, Desk: enrich.New(n.DB, n.Plan, connector.Standard(), pipelinetest.Log(), n.Now), Log: pipelinetest.Log()}
	many := bulk.New(s.parts, runs, pipelinetest.Log())
	pipelinetest.Go(t, many.Run)
	s.api = api.New(api.Options{
		Store: n.DB, Sessions: storage.NewSessions(n.DB), Library: lib, Catalogue: offer, Hasher: s.hasher,
		Runs:   runs,
		Bulk:   many,
		Undos:  &undo.Desk{Store: n.DB, Library: lib, Writer: n.Writer},
		Whys:   &why.Desk{Store: n.DB, Library: lib},
		Trials: &trial.Desk{Store: n.DB, Library: lib, Plan: n.Plan},
		Rekeys: &rekey.Desk{Store: n.DB, Trials: &trial.Desk{Store: n.DB, Library: lib, Plan: n.Plan}, Writer: n.Writer},
		Log:    pipelinetest.Log(), Now: time.Now, Ready: n.Writer.Ready, Version: "test",
	})
	mux := http.NewServeMux()
	doors := &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()}
	mux.Handle(ingest.WebhookPath, doors)
	mux.Handle(ingest.SourcePath, doors)
	mux.Handle("/", s.api)
	s.handler = mux
	return s
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	json map[string]any
}

// at is the value at a path of keys and indexes, nil where there is none.
func (a answer) at(path ...any) any {
	var v any = a.json
	for _, key := range path {
		switch key := key.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[key]
		case int:
			list, _ := v.([]any)
			if key >= len(list) {
				return nil
			}
			v = list[key]
		}
	}
	return v
}

func (a answer) id() string { return fmt.Sprint(a.at("data", "id")) }

// call makes a call with a header of the form "Name: value", or several.
func (s *server) call(method, path, body string, headers ...string) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, v, _ := strings.Cut(h, ": ")
		r.Header.Set(name, v)
	}
	a := answer{ResponseRecorder: httptest.NewRecorder()}
	s.handler.ServeHTTP(a, r)
	if strings.Contains(a.Header().Get("Content-Type"), "json") && a.Body.Len() > 0 {
		d := json.NewDecoder(bytes.NewReader(a.Body.Bytes()))
		d.UseNumber()
		if err := d.Decode(&a.json); err != nil {
			s.t.Fatalf("%s %s: %v: %s", method, path, err, a.Body)
		}
	}
	return a
}

// must is call where anything but that status ends the test.
func (s *server) must(status int, method, path, body string, headers ...string) answer {
	s.t.Helper()
	a := s.call(method, path, body, headers...)
	if a.Code != status {
		s.t.Fatalf("%s %s: status %d, want %d: %s", method, path, a.Code, status, a.Body)
	}
	return a
}

// company is a tenant with an owner and a key of each role.
type company struct {
	owner string // e-mail
	keys  map[access.Role]string
}

func (c company) as(r access.Role) string { return "Authorization: Bearer " + c.keys[r] }

func (s *server) company(name string) company {
	s.t.Helper()
	c := company{owner: name + "@example.test", keys: map[access.Role]string{}}
	t, u, _, err := access.Found(s.t.Context(), s.DB, s.hasher, access.Founding{Tenant: name, Email: c.owner, Password: password}, connector.Standard().Names())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, role := range []access.Role{access.Admin, access.Member, access.Viewer} {
		k, secret, err := access.NewKey(access.Principal{TenantID: t.ID, UserID: u.ID, Role: access.Owner}, string(role), role, 0, 0)
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.AddKey(s.t.Context(), k); err != nil {
			s.t.Fatal(err)
		}
		c.keys[role] = secret
	}
	return c
}

// plan of a processor that makes a record of what it gets.
const plan = `{"spec": 1, "source_model": "webhook.payload", "instructions": [
	{"type": "upsert_agent_external_identity", "external_id": "=event.agent", "return_as": "agent"},
	{"type": "upsert_activity", "external_id": "=event.id", "activity_type": "Deal", "agent_external_identity": "=agent", "moment": "=parse_datetime(event.at)"}]}`

// processor makes a provider with a processor that has no spec yet, and gives the provider and the processor's path.
func (s *server) processor(admin string) (provider answer, path string) {
	s.t.Helper()
	provider = s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
	made := s.must(201, "POST", "/v1/processors", `{"name": "Deals", "provider_id": "`+provider.id()+`", "source_model": "webhook.payload"}`, admin)
	if made.at("data", "state") != "disabled" || fmt.Sprint(made.at("data", "version")) != "0" {
		s.t.Errorf("a new processor is %s", made.Body)
	}
	return provider, "/v1/processors/" + made.id()
}

// furnish gives a company one of everything and tells their ids by the first part of their paths.
func (s *server) furnish(c company) map[string]string {
	s.t.Helper()
	admin := c.as(access.Admin)
	ids := map[string]string{}
	p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
	ids["providers"] = p.id()
	door := "Authorization: Bearer " + p.at("data", "api_key").(string)
	ids["sources"] = s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin).id()
	ids["processors"] = s.must(201, "POST", "/v1/processors", `{"name": "Deals", "provider_id": "`+ids["providers"]+`", "source_model": "webhook.payload"}`, admin).id()
	s.must(200, "PUT", "/v1/processors/"+ids["processors"]+"/spec", plan, admin)
	s.must(200, "POST", "/v1/processors/"+ids["processors"]+"/enable", "", admin)
	s.must(200, "PUT", "/v1/sources/"+ids["sources"]+"/processors", `[{"processor_id": "`+ids["processors"]+`"}]`, admin)
	s.must(200, "POST", "/in/"+ids["sources"], `{"id": 1, "agent": 7, "at": "2026-01-05"}`, door)
	for kind, body := range map[string]string{
		"sale":               `{"id": 1, "agent_id": 7, "proposition_id": 2, "proposition_name": "Solar", "sold_at": "2026-01-05"}`,
		"call":               `{"id": 1, "agent_id": 7, "started_at": "2026-01-05"}`,
		"period":             `{"id": 1, "type": "Shift", "agent_id": 7, "starts_at": "2026-01-05"}`,
		"anonymous-activity": `{"id": 1, "type": "Visit", "moment": "2026-01-05"}`,
	} {
		s.must(200, "POST", "/webhooks/"+ids["providers"]+"/"+kind, body, door)
	}
	for _, noun := range []string{"activities", "sales", "calls", "periods", "anonymous-activities", "identities", "executions", "deliveries", "source-executions", "users", "api-keys"} {
		ids[noun] = fmt.Sprint(s.must(200, "GET", "/v1/"+noun, "", admin).at("data", 0, "id"))
	}
	ids["metrics"] = s.must(201, "POST", "/v1/metrics", `{"name": "Deals", "definition": {"aggregate": "count", "source": "activity"}}`, admin).id()
	ids["events"] = s.must(201, "POST", "/v1/events", `{"name": "A deal", "rule": {"source": "activity"}}`, admin).id()
	for _, noun := range []string{"agents", "teams", "projects", "segments", "propositions"} {
		ids[noun] = s.must(201, "POST", "/v1/"+noun, `{"name": "One"}`, admin).id()
	}
	ids["views"] = s.must(201, "POST", "/v1/views", `{"list": "executions", "name": "One", "search": "status=failed"}`, admin).id()
	ids["bulk-operations"] = s.must(200, "POST", "/v1/bulk-operations", `{"verb": "unignore", "ids": ["`+ids["identities"]+`"]}`, admin).id()
	return ids
}

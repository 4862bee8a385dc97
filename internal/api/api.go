// Package api is the HTTP surface for people and programs: the route table with the permission each route needs, one
// file per noun, and the OpenAPI description made from the table. The webhook doors are not here (package ingest); what
// is right or wrong about a noun is decided in its own package.
package api

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/event"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Store is everything the API reads and writes.
type Store interface {
	tenant.Store
	access.Store
	provider.Store
	processor.Store
	identity.Store
	metric.Store
	event.Store
	pulse.Store
	History
}

// Options are what the API works with.
type Options struct {
	Store     Store
	Sessions  scs.Store
	Library   *library.Library
	Catalogue connector.Catalogue
	Hasher    *access.Hasher
	Runs      Runs
	Undos     Undos
	Trials    Trials
	Rekeys    Rekeys
	Whys      Whys
	Bulk      *bulk.Desk
	PublicURL string         // of this server as others reach it; "": as the caller of the moment does
	Proxies   []netip.Prefix // that are believed for whom they call
	UI        fs.FS          // the built user interface; nil: none
	Log       *slog.Logger
	Now       func() time.Time
	Ready     func(context.Context) error // nil when deliveries can be accepted
	Version   string
	Instance  string        // tells this run of the server from others
	HoldEvery time.Duration // how often a named call that takes long says so; 0: holdEvery
	HoldFor   time.Duration // after so long of not being able to, it is stopped; 0: holdFor
}

// Server answers the API's calls.
type Server struct {
	Options
	shapes    shapes
	books     *identity.Books
	sessions  *scs.SessionManager
	door      *access.Door
	huma      huma.API
	described func() ([]byte, error)
	mux       *http.ServeMux
	handler   http.Handler
}

// sessionLife is how long somebody stays signed in.
const sessionLife = 14 * 24 * time.Hour

// New makes a Server.
func New(o Options) *Server {
	setLanguage()
	o.PublicURL = strings.TrimRight(o.PublicURL, "/") // paths begin with one
	s := &Server{Options: o, door: access.NewDoor(o.Store, o.Hasher), mux: http.NewServeMux(), books: identity.NewBooks(o.Store)}
	s.sessions = scs.New()
	s.sessions.Store = o.Sessions
	s.sessions.Lifetime = sessionLife
	s.sessions.HashTokenInStore = true
	s.sessions.Cookie.Name = "dealwright_session"
	s.sessions.Cookie.Persist = false // unless somebody asks to stay signed in
	s.sessions.Cookie.Secure = len(o.PublicURL) > 5 && o.PublicURL[:6] == "https:"
	s.sessions.ErrorFunc = func(w http.ResponseWriter, r *http.Request, err error) { s.refuse(w, r, err) }

	s.huma = humago.New(s.mux, description())
	for _, row := range s.Rows() {
		row.handle(s, row)
	}
	s.described = sync.OnceValues(func() ([]byte, error) { return json.MarshalIndent(s.huma.OpenAPI(), "", "  ") })
	s.mux.HandleFunc("GET /openapi.json", s.openAPI)
	site := s.guide()
	s.mux.Handle("GET /docs/", site)
	s.mux.Handle("GET /docs", site)
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("GET /readyz", s.ready)
	s.mux.HandleFunc("/", s.elsewhere)

	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, errCrossOrigin)
	}))
	s.handler = packed(s.identified(s.secured(protection.Handler(s.texts(s.sessions.LoadAndSave(s.mux))))))
	return s
}

// Rows is the route table.
func (s *Server) Rows() []Row {
	return slices.Concat(
		s.authRows(),
		s.settingRows(),
		s.providerRows(),
		s.sourceRows(),
		s.personalRows(),
		s.processorRows(),
		s.trialRows(),
		s.executionRows(),
		s.deliveryRows(),
		s.rawRows(),
		s.shapeRows(),
		s.specLibraryRows(),
		s.formulaRows(),
		s.draftRows(),
		s.traceSchemaRows(),
		s.specTestRows(),
		s.undoRows(),
		s.rekeyRows(),
		s.recordRows(),
		s.journalRows(),
		s.viewRows(),
		s.bulkRows(),
		s.whyRows(),
		s.identityRows(), s.triageRows(),
		s.entityRows(),
		s.userRows(),
		s.keyRows(),
		s.findRows(),
		s.metricRows(),
		s.eventRows(),
		s.homeRows(),
	)
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// apiVersion is that of the paths: /v1.
const apiVersion = "1"

// description is what the OpenAPI document says beside the routes.
func description() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[trace.V](), reflect.TypeFor[anything]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:       "Dealwright",
				Version:     apiVersion,
				Description: "Turns what other systems send into sales records. Sign in with a session cookie (POST /v1/auth/login) or send an API key as Authorization: Bearer sk_live_…. With Accept-Language: nl what the server says (messages, hints, notes, whys) is in Dutch; codes and names are the same in both.",
			},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "An API key."},
					"session": {Type: "apiKey", In: "cookie", Name: "dealwright_session"},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
}

// schemaName names a type in the description: the package's word stands before names that others have too.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if strings.HasSuffix(t.PkgPath(), "/spec/trace") {
		return "Trace" + name
	}
	return strings.TrimSuffix(name, "View")
}

// setLanguage tells huma how errors look and that letter case counts. It keeps both in variables of the package.
var setLanguage = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return newFailure(context.Background(), status, message, errs)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		return newFailure(ctx.Context(), status, message, errs)
	}
})

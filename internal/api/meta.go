package api

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/guide"
	"github.com/dealwright/dealwright/internal/reply"
)

// Description is the OpenAPI document of the route table.
func Description() ([]byte, error) {
	return New(Options{Now: time.Now}).described()
}

func (s *Server) openAPI(w http.ResponseWriter, r *http.Request) {
	body, err := s.described()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(body) // the caller has gone; nothing is left to tell it
}

// guide is the guide, with the route table in it.
func (s *Server) guide() http.Handler {
	var calls []guide.Call
	for _, row := range s.Rows() {
		calls = append(calls, guide.Call{Method: row.Method, Path: row.Path, Permission: string(row.Permission), Summary: row.Summary})
	}
	return guide.New(guide.Options{Library: s.Library, Calls: calls, Version: s.Version})
}

// health says that the process lives.
func (s *Server) health(w http.ResponseWriter, r *http.Request) {
	reply.Write(w, http.StatusOK, map[string]string{"status": "alive", "version": s.Version, "instance": s.Instance}, s.meta(r.Context()))
}

// readyWithin is how long the database may take to say that it is there.
const readyWithin = 2 * time.Second

// ready says whether deliveries can be accepted.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyWithin)
	defer cancel()
	if err := s.Ready(ctx); err != nil {
		s.refuse(w, r, &fault.Error{Kind: fault.Unavailable, Message: "The server cannot accept deliveries just now.", RetryAfter: time.Second, Cause: err})
		return
	}
	reply.Write(w, http.StatusOK, map[string]string{"status": "ready"}, s.meta(r.Context()))
}

// methods that a path may know.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// elsewhere answers for what no route is for: files and pages of the user interface, and nothing.
func (s *Server) elsewhere(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range methods {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	switch {
	case len(allowed) > 0:
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		s.refuse(w, r, fault.New(fault.Method, "%s is not possible here; %s is.", r.Method, strings.Join(allowed, ", ")))
	case strings.HasPrefix(r.URL.Path, "/v1/") || r.Method != http.MethodGet && r.Method != http.MethodHead:
		s.refuse(w, r, fault.New(fault.NotFound, "There is nothing at %s. The API is described at /openapi.json.", r.URL.Path))
	default:
		s.page(w, r)
	}
}

// page serves the user interface: its files, and for every other path its one page, which knows what to show there.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	if s.UI == nil {
		s.notBuilt(w, r)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if info, err := fs.Stat(s.UI, name); err == nil && !info.IsDir() {
		if strings.HasPrefix(name, "assets/") { // their names change with what is in them
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeFileFS(w, r, s.UI, name)
		return
	}
	if path.Ext(name) != "" {
		s.refuse(w, r, fault.New(fault.NotFound, "There is no file %s.", r.URL.Path))
		return
	}
	body, err := fs.ReadFile(s.UI, "index.html")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		s.notBuilt(w, r)
	case err != nil:
		s.refuse(w, r, err)
	default:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body) // the caller has gone; nothing is left to tell it
	}
}

func (s *Server) notBuilt(w http.ResponseWriter, r *http.Request) {
	s.refuse(w, r, fault.New(fault.NotFound, "This binary was built without the user interface: run make web and build again. The API is at /v1/, described at /docs/en/api."))
}

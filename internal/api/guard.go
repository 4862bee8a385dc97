package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// principalKey is where a call's context has who makes it.
type principalKey struct{}

// caller is who makes the call; its route has made sure that somebody does.
func caller(ctx context.Context) access.Principal {
	p, _ := ctx.Value(principalKey{}).(access.Principal)
	return p
}

// guard lets a call through to the route when its maker has the row's permission.
func (s *Server) guard(row Row) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		if row.Permission == access.Public {
			next(ctx)
			return
		}
		r, w := humago.Unwrap(ctx)
		p, err := s.principal(r)
		if err == nil && !p.Role.May(row.Permission) {
			err = fault.New(fault.Forbidden, "Your role is %s; this needs the permission %s. Ask an owner or administrator.", p.Role, row.Permission)
		}
		if err != nil {
			if fault.Is(err, fault.Unauthorized) {
				w.Header().Set("WWW-Authenticate", "Bearer")
			}
			s.refuse(w, r, err)
			return
		}
		next(huma.WithValue(ctx, principalKey{}, p))
	}
}

// What is said to those who are not known: who sent a key is not told to send one.
var (
	errSignIn   = fault.New(fault.Unauthorized, "Sign in, or send an API key as Authorization: Bearer sk_live_….")
	errNoBearer = fault.New(fault.Unauthorized, "The API key was not accepted: it is sent in another way than as Authorization: Bearer sk_live_….")
	errNoKey    = fault.New(fault.Unauthorized, "The API key was not accepted: such keys begin with %s, and this one does not. Make one under Settings → API keys.", access.KeyPrefix)
	errNotKnown = fault.New(fault.Unauthorized, "The API key was not accepted: it is not known, has expired or was revoked. Make another under Settings → API keys.")
)

// What a session holds.
const (
	sessionUser   = "user"
	sessionTenant = "tenant"
	sessionProof  = "proof" // end of the password hash: a new password ends the sessions made with the old one
)

// principal finds out who makes a call: by the API key, else by the session.
func (s *Server) principal(r *http.Request) (access.Principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return access.Principal{}, errNoBearer
		}
		if !strings.HasPrefix(secret, access.KeyPrefix) {
			return access.Principal{}, errNoKey
		}
		return s.keyPrincipal(r.Context(), secret)
	}
	ctx := r.Context()
	userID := s.sessions.GetInt64(ctx, sessionUser)
	if userID == 0 {
		return access.Principal{}, errSignIn
	}
	u, err := s.Store.User(ctx, s.sessions.GetInt64(ctx, sessionTenant), userID)
	switch {
	case fault.Is(err, fault.NotFound):
		return access.Principal{}, errSignIn
	case err != nil:
		return access.Principal{}, err
	case u.Status != access.Active || proof(u) != s.sessions.GetString(ctx, sessionProof):
		return access.Principal{}, errSignIn
	}
	return u.Principal(), nil
}

// keyUseNoted is how exactly a key's last use is kept.
const keyUseNoted = time.Minute

func (s *Server) keyPrincipal(ctx context.Context, secret string) (access.Principal, error) {
	k, err := s.Store.KeyByHash(ctx, access.HashKey(secret))
	switch {
	case fault.Is(err, fault.NotFound):
		return access.Principal{}, errNotKnown
	case err != nil:
		return access.Principal{}, err
	}
	if s.Now().UnixMicro()-k.LastUsedAt > keyUseNoted.Microseconds() {
		if err := s.Store.KeyUsed(ctx, k.ID); err != nil {
			s.Log.WarnContext(ctx, "the use of an API key could not be noted", "error", err)
		}
	}
	return k.Principal(), nil
}

func proof(u access.User) string { return u.PasswordHash[max(0, len(u.PasswordHash)-12):] }

// maxBody is how many bytes the body of a call may have.
const maxBody = value.DefaultBytes

// strictBody reads a JSON body with the one strict reader before huma's own decoder sees it. Optional: there may be none.
func (s *Server) strictBody(optional bool) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		raw, err := readBody(w, r)
		if err == nil && !(optional && len(raw) == 0) {
			err = checkJSON(r.Header, raw)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
		next(ctx)
	}
}

func readBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		return nil, fault.New(fault.TooLarge, "The body is longer than %d bytes.", maxBody)
	case err != nil:
		return nil, &fault.Error{Kind: fault.Unreadable, Message: "The body ended before it was complete.", Cause: err}
	}
	return raw, nil
}

func checkJSON(h http.Header, raw []byte) error {
	if name := h.Get("Content-Type"); name != "" {
		media, params, err := mime.ParseMediaType(name)
		if err != nil || media != "application/json" && !strings.HasSuffix(media, "+json") {
			return fault.New(fault.Media, "The Content-Type %q is not taken here. Send application/json.", name)
		}
		if c := params["charset"]; c != "" && !strings.EqualFold(c, "utf-8") {
			return fault.New(fault.Media, "The charset %q is not taken. Send UTF-8.", c)
		}
	}
	if _, syntax := value.ParseJSON(raw, value.Limits{}); syntax != nil {
		return fault.New(fault.Unreadable, "The body cannot be read as JSON.").With(fault.Detail{
			Field: "body", Code: syntax.Code, Message: syntax.Message, Hint: syntax.Hint, Line: syntax.Line, Column: syntax.Column,
		})
	}
	return nil
}

var errCrossOrigin = fault.New(fault.Forbidden, "This call comes from another site's page. Calls with a session are taken from this server's own pages only; programs use an API key.")

// contentPolicy lets the user interface load its own files and nothing else.
const contentPolicy = "default-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// secured adds the headers that keep browsers careful.
func (s *Server) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.sessions.Cookie.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/v1/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// texts refuses calls with a parameter that is no text: not UTF-8, or with a NUL, which PostgreSQL takes in no text.
func (s *Server) texts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wrong := s.noTexts(r); len(wrong) > 0 {
			refused := fault.New(fault.Invalid, "Some of what was asked for is not right.")
			for _, d := range wrong {
				refused.With(d)
			}
			s.refuse(w, r, refused)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Server) noTexts(r *http.Request) (wrong []fault.Detail) {
	if !strings.HasPrefix(r.URL.Path, "/v1/") {
		return nil
	}
	if !isText(r.URL.Path) {
		_, pattern := s.mux.Handler(r)
		names := strings.Split(pattern[strings.Index(pattern, "/")+1:], "/")
		for i, segment := range strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/"), "/") {
			if text, err := url.PathUnescape(segment); err == nil && !isText(text) {
				name := "path"
				if i < len(names) && strings.HasPrefix(names[i], "{") {
					name = strings.Trim(names[i], "{}.")
				}
				wrong = append(wrong, noText(name, text))
			}
		}
	}
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if i := slices.IndexFunc(query[name], func(text string) bool { return !isText(text) }); i >= 0 {
			wrong = append(wrong, noText(name, query[name][i]))
		}
	}
	return wrong
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func noText(name, value string) fault.Detail {
	d := fault.Detail{Field: strings.ToValidUTF8(name, "�"), Code: "no_text"}
	if utf8.ValidString(value) {
		d.Message = fmt.Sprintf("“%s” holds a NUL (%%00), which no text here can have.", d.Field)
		d.Hint = "Take it out."
	} else {
		d.Message = fmt.Sprintf("“%s” is not UTF-8.", d.Field)
		d.Hint = "Send its characters as UTF-8, percent-encoded."
	}
	return d
}

// match says whether a change may be made to a thing of this version, given the caller's If-Match.
func match(ifMatch, version string) error {
	if ifMatch == "" || ifMatch == "*" {
		return nil
	}
	for tag := range strings.SplitSeq(ifMatch, ",") {
		if strings.TrimSpace(tag) == version {
			return nil
		}
	}
	return fault.New(fault.Stale, "Somebody changed this since you read it. Read it again and repeat your change.")
}

// etag is the version of a thing that was last changed at a moment.
func etag(updatedAt int64) string { return fmt.Sprintf(`"%x"`, updatedAt) }

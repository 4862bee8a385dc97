package api

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/peer"
	"github.com/dealwright/dealwright/internal/reply"
)

// failure is an answer that is not a success, as huma wants it.
type failure struct {
	status int
	reply.Failure
}

func (f *failure) Error() string  { return f.Failure.Error.Message }
func (f *failure) GetStatus() int { return f.status }

// GetHeaders are the headers that go with it.
func (f *failure) GetHeaders() http.Header {
	if f.Failure.Error.RetryAfter <= 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(f.Failure.Error.RetryAfter)}}
}

// failure turns a handler's error into an answer; what only we can mend goes to the log.
func (s *Server) failure(ctx context.Context, err error) huma.StatusError {
	e := fault.Of(err)
	s.note(ctx, e)
	return wrap(ctx, e, s.Now())
}

// refuse answers with an error outside of huma.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := fault.Of(err)
	s.note(r.Context(), e)
	reply.WriteError(w, told(r.Context(), e), s.meta(r.Context()))
}

func (s *Server) note(ctx context.Context, e *fault.Error) {
	if errors.Is(ctx.Err(), context.Canceled) {
		s.Log.DebugContext(ctx, "a call was given up by its caller", "request_id", requestID(ctx), "error", e)
		return
	}
	if fault.Ours(e) {
		s.Log.ErrorContext(ctx, "a call failed", "request_id", requestID(ctx), "error", e)
	}
}

func wrap(ctx context.Context, e *fault.Error, now time.Time) *failure {
	return &failure{
		status:  e.Kind.Status(),
		Failure: reply.NewFailure(told(ctx, e), reply.Meta{RequestID: requestID(ctx), Timestamp: now.UTC()}),
	}
}

// kinds of the statuses huma answers with by itself.
var kinds = map[int]fault.Kind{
	http.StatusBadRequest:            fault.Unreadable,
	http.StatusRequestTimeout:        fault.Unreadable,
	http.StatusNotFound:              fault.NotFound,
	http.StatusRequestEntityTooLarge: fault.TooLarge,
	http.StatusUnsupportedMediaType:  fault.Media,
	http.StatusUnprocessableEntity:   fault.Invalid,
}

// newFailure says what huma found wrong in the words of our envelope.
func newFailure(ctx context.Context, status int, message string, errs []error) *failure {
	kind, ok := kinds[status]
	if !ok {
		kind = fault.Internal
		message = "Something went wrong on our side."
	}
	switch {
	case kind == fault.Invalid && callOf(ctx).reads:
		message = "Some of what was asked for is not right."
	case kind == fault.Invalid:
		message = "Some of what was sent is not right; nothing was changed."
	case message == "request body is required": // only specs come past the strict reader
		message = "The body is empty. Send the spec in it, as application/yaml or application/json."
	}
	e := fault.New(kind, "%s", message)
	for _, err := range errs {
		if d := (*huma.ErrorDetail)(nil); errors.As(err, &d) {
			e.With(detail(d))
		}
	}
	return wrap(ctx, e, time.Now())
}

var (
	missing = regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(validation.MsgExpectedRequiredProperty), "%s", "(.+)") + "$")
	indexed = regexp.MustCompile(`^\[(\d+)\]\.?(.*)$`)
)

// detail says in our words what is wrong with one field.
func detail(d *huma.ErrorDetail) fault.Detail {
	place, field, _ := strings.Cut(d.Location, ".")
	out := fault.Detail{Field: field, Code: "invalid", Message: upper(d.Message) + "."}
	if rest, ok := strings.CutPrefix(place, "body"); ok && rest != "" { // body[3].name
		out.Field = strings.TrimPrefix(d.Location, "body")
	}
	if m := indexed.FindStringSubmatch(out.Field); m != nil {
		n, err := strconv.Atoi(m[1])
		if err == nil {
			out.Index, out.Field = &n, m[2]
		}
	}
	switch m := missing.FindStringSubmatch(d.Message); {
	case m != nil:
		out.Code, out.Message = "required", "“"+m[1]+"” is missing."
		if out.Field != "" {
			out.Field += "."
		}
		out.Field += m[1]
	case d.Message == validation.MsgUnexpectedProperty:
		out.Code, out.Message, out.Hint = "unknown_field", "“"+out.Field+"” is not known here.", "Take it out, or look at its spelling; letter case counts."
	case d.Message == "unknown query parameter":
		out.Code, out.Message = "unknown_parameter", "The parameter “"+out.Field+"” is not known here."
	case wanted[d.Message] != "":
		mustBe(&out, wanted[d.Message], shown(d.Value))
	case strings.HasPrefix(d.Message, "invalid date/time"):
		mustBe(&out, "a moment such as 2026-01-05T12:00:00Z", shown(d.Value))
	case undecoded.MatchString(d.Message):
		m := undecoded.FindStringSubmatch(d.Message)
		out.Field = m[2]
		mustBe(&out, wantedOf(m[3]), m[1])
	case atLeast.MatchString(d.Message):
		out.Code, out.Message = "out_of_range", fmt.Sprintf("“%s” must be %s or more; %s was sent.", out.Field, atLeast.FindStringSubmatch(d.Message)[1], shown(d.Value))
	case atMost.MatchString(d.Message):
		out.Code, out.Message = "out_of_range", fmt.Sprintf("“%s” must be %s or less; %s was sent.", out.Field, atMost.FindStringSubmatch(d.Message)[1], shown(d.Value))
	case strings.HasPrefix(d.Message, "expected value to be one of "):
		out.Code = "unknown_value"
		out.Message = fmt.Sprintf("“%s” is %s.", out.Field, shown(d.Value))
		out.Hint = "Choose from " + strings.Trim(strings.TrimPrefix(d.Message, "expected value to be one of "), `"`) + "."
	case strings.HasPrefix(d.Message, "expected"):
		out.Message = fmt.Sprintf("“%s” is %s: %s.", out.Field, shown(d.Value), d.Message)
	}
	return out
}

// What huma and Go's decoder say of numbers, and of values that they cannot take.
var (
	atLeast   = regexp.MustCompile(`^expected number >= (\S+)$`)
	atMost    = regexp.MustCompile(`^expected number <= (\S+)$`)
	undecoded = regexp.MustCompile(`^json: cannot unmarshal (?:number )?(.+) into Go (?:struct field [^.]*\.(\S+)|value) of type (\S+)$`)
)

// mustBe makes d say that its field must be something else than what was sent.
func mustBe(d *fault.Detail, what, sent string) {
	subject := "“" + d.Field + "”"
	if d.Field == "" {
		subject = "The body"
	}
	d.Code, d.Message = "wrong_type", fmt.Sprintf("%s must be %s; %s was sent.", subject, what, sent)
}

// wantedOf says in words what a Go type takes.
func wantedOf(goType string) string {
	switch {
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a whole number, written with digits only"
	case strings.HasPrefix(goType, "float"):
		return "a number"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case goType == "string":
		return "text, in quotes"
	case goType == "bool":
		return "true or false"
	}
	return "something else"
}

// wanted says in words what huma wants.
var wanted = map[string]string{
	"invalid integer": "a whole number",
	"invalid float":   "a number",
	"invalid boolean": "true or false",

	validation.MsgExpectedString:  "text, in quotes",
	validation.MsgExpectedBoolean: "true or false",
	validation.MsgExpectedNumber:  "a number",
	validation.MsgExpectedInteger: "a whole number",
	validation.MsgExpectedArray:   "a list",
	validation.MsgExpectedObject:  "an object",
}

// shown is a value in a message, cut when it is long.
func shown(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return "something else"
	}
	if len(text) > 60 {
		return strings.ToValidUTF8(string(text[:60]), "") + "…"
	}
	return string(text)
}

func upper(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// callKey is where a call's context has what its answer needs to know about it.
type callKey struct{}

type call struct {
	id      string
	address string // of who calls
	base    string // of this server as the caller wrote it: http://host
	reads   bool   // it cannot change anything
	dutch   bool   // it is answered in Dutch
}

func callOf(ctx context.Context) call {
	c, _ := ctx.Value(callKey{}).(call)
	return c
}

func requestID(ctx context.Context) string { return callOf(ctx).id }

// base is this server's URL in answers.
func (s *Server) base(ctx context.Context) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	return callOf(ctx).base
}

func (s *Server) newCall(r *http.Request) call {
	c := call{id: "req_" + rand.Text()[:20], base: "http://" + r.Host, reads: r.Method == http.MethodGet || r.Method == http.MethodHead}
	c.dutch = Spoken{r.Header.Get("Accept-Language")}.dutch()
	if r.TLS != nil {
		c.base = "https://" + r.Host
	}
	c.address = peer.Address(r, s.Proxies)
	return c
}

func (s *Server) meta(ctx context.Context) reply.Meta {
	return reply.Meta{RequestID: requestID(ctx), Timestamp: s.Now().UTC()}
}

// identified gives every call an id, keeps a panic from ending more than its call, and logs how the call went. Bodies,
// parameters and keys are never logged.
func (s *Server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := s.newCall(r)
		id := c.id
		ctx := context.WithValue(r.Context(), callKey{}, c)
		r = r.WithContext(ctx)
		w.Header().Set("X-Request-Id", id)
		seen := &watched{ResponseWriter: w}
		start := s.Now()
		defer func() {
			p := recover()
			if p != nil && p != any(http.ErrAbortHandler) {
				s.Log.ErrorContext(ctx, "panic in a call", "request_id", id, "method", r.Method, "path", r.URL.Path, "panic", p, "stack", string(debug.Stack()))
				if seen.status == 0 {
					reply.WriteError(seen, told(ctx, fault.New(fault.Internal, "Something went wrong on our side.")), s.meta(ctx))
					p = nil
				}
			}
			s.Log.DebugContext(ctx, "call", "request_id", id, "from", c.address, "method", r.Method, "path", r.URL.Path, "status", seen.status, "took", s.Now().Sub(start))
			if p != nil {
				panic(http.ErrAbortHandler) // the answer has begun: nobody may take a part of it for the whole
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// watched remembers the status that was sent.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *watched) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap gives what is watched, for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

package api

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
)

// onceHeader names a call, so that it is made once however often it is sent.
const onceHeader = "Idempotency-Key"

const (
	longestOnce  = 255     // characters of a name
	largestKept  = 1 << 20 // bytes of an answer; a larger one is not kept, and the call can be made again
	repeatHeader = "Idempotent-Replay"
	// A call that is still being made says so this often; several times may fail. Where it could not for holdFor it stops
	// itself: after a minute it is taken to be dead, and made elsewhere.
	holdEvery = 10 * time.Second
	holdFor   = 50 * time.Second
)

// callOnce lets the calls of a route that writes be named, after its guards. The others may be made again as they are.
func (s *Server) callOnce(row Row, op *huma.Operation) {
	if row.Permission == access.Public || row.Method == http.MethodGet {
		return
	}
	op.Middlewares = append(op.Middlewares, s.once)
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: onceHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(longestOnce)},
		Description: "Names the call: sent again within 24 hours, it is not made again and gets the first answer.",
	})
}

// once answers a call that has been made before, by the same caller under the same name, with what it was answered then.
// The answer of a call that failed on our side, or that says to come again, is not kept: the call may be made again.
func (s *Server) once(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	name := r.Header.Get(onceHeader)
	if name == "" {
		next(ctx)
		return
	}
	if len(name) > longestOnce {
		s.refuse(w, r, fault.New(fault.Invalid, "The %s is not taken; nothing was changed.", onceHeader).With(fault.Detail{
			Field: onceHeader, Code: "too_long", Message: "It has more than 255 characters.", Hint: "Send a random UUID.",
		}))
		return
	}
	body, err := readBody(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	// The answer of a call that was made is kept also where the caller has gone meanwhile.
	lasting := context.WithoutCancel(r.Context())
	key := sha256.Sum256([]byte(name))
	kept, err := s.Store.ClaimAnswer(lasting, access.Once{By: caller(ctx.Context()), Key: key[:], Request: requestHash(r, body)})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if kept.Status != 0 {
		if kept.ETag != "" {
			w.Header().Set("ETag", kept.ETag)
		}
		if len(kept.Body) > 0 {
			w.Header().Set("Content-Type", "application/json")
		}
		w.Header().Set(repeatHeader, "true")
		w.WriteHeader(kept.Status)
		_, _ = w.Write(kept.Body) // who has hung up may ask again
		return
	}
	making, stop := context.WithCancel(ctx.Context())
	defer stop()
	letGo := s.hold(lasting, kept.ID, stop)
	seen := &answering{humaContext: huma.WithContext(ctx, making)}
	done := false
	defer func() {
		letGo()
		var err error
		if done && seen.Status() < http.StatusInternalServerError && !seen.again && seen.body.Len() <= largestKept {
			kept.Status, kept.ETag, kept.Body = seen.Status(), seen.etag, seen.body.Bytes()
			err = s.Store.KeepAnswer(lasting, kept)
		} else {
			err = s.Store.DropAnswer(lasting, kept.ID)
		}
		if err != nil {
			s.Log.ErrorContext(lasting, "an answer could not be kept", "request_id", requestID(lasting), "error", err)
		}
	}()
	next(seen)
	done = true
}

// hold says from time to time that a call is still being made, until it is let go. One that is somebody else's by then is
// stopped: it is being made there. So is one that could not say so for so long that it may be.
func (s *Server) hold(ctx context.Context, claim int64, stop func()) (letGo func()) {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		every := time.NewTicker(cmp.Or(s.HoldEvery, holdEvery))
		defer every.Stop()
		until := time.Now().Add(cmp.Or(s.HoldFor, holdFor))
		for {
			select {
			case <-ctx.Done():
				return
			case <-every.C:
			}
			now := time.Now()
			limited, cancel := context.WithDeadline(ctx, until)
			held, err := s.Store.HoldAnswer(limited, claim)
			cancel()
			switch {
			case ctx.Err() != nil:
			case err != nil && !time.Now().Before(until):
				s.Log.WarnContext(ctx, "a call could not say for so long that it is being made that another node may make it; it is stopped here", "request_id", requestID(ctx), "error", err)
				stop()
				return
			case err != nil:
				s.Log.WarnContext(ctx, "a call that takes long could not say so", "request_id", requestID(ctx), "error", err)
			case !held:
				s.Log.WarnContext(ctx, "a call was silent for so long that it was given to another node; it is stopped here", "request_id", requestID(ctx))
				stop()
				return
			default:
				until = now.Add(cmp.Or(s.HoldFor, holdFor))
			}
		}
	}()
	return func() { cancel(); <-ended }
}

// requestHash is the same for calls that ask for the same.
func requestHash(r *http.Request, body []byte) []byte {
	h := sha256.New()
	for _, part := range []string{r.Method, r.URL.RequestURI(), r.Header.Get("Content-Type"), r.Header.Get("If-Match")} {
		_, _ = io.WriteString(h, part+"\n") // a hash takes everything
	}
	h.Write(body)
	return h.Sum(nil)
}

// humaContext is embedded under this name: huma's own has a method Context.
type humaContext = huma.Context

// answering keeps what a call is answered.
type answering struct {
	humaContext
	body  bytes.Buffer
	etag  string
	again bool // it says when to come again
}

// Unwrap is how huma gets at the context below.
func (a *answering) Unwrap() huma.Context { return a.humaContext }

// BodyWriter writes to the caller and to what is kept.
func (a *answering) BodyWriter() io.Writer {
	return io.MultiWriter(&a.body, a.humaContext.BodyWriter())
}

// SetHeader notes what a header says.
func (a *answering) SetHeader(name, v string) {
	a.note(name, v)
	a.humaContext.SetHeader(name, v)
}

// AppendHeader notes what a header says.
func (a *answering) AppendHeader(name, v string) {
	a.note(name, v)
	a.humaContext.AppendHeader(name, v)
}

func (a *answering) note(name, v string) {
	switch http.CanonicalHeaderKey(name) {
	case "Etag":
		a.etag = v
	case "Retry-After":
		a.again = true
	}
}

// Package reply writes the one envelope every JSON answer comes in, for the API and for the webhook doors alike. It
// never decides what to answer.
package reply

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
)

// Meta goes with every answer; the last six fields with lists only. Total is nil where counting would be expensive.
type Meta struct {
	RequestID  string    `json:"request_id"`
	Timestamp  time.Time `json:"timestamp"`
	Total      *int64    `json:"total,omitempty"`
	Page       int       `json:"page,omitempty"`
	PerPage    int       `json:"per_page,omitempty"`
	TotalPages int       `json:"total_pages,omitempty"`
	NextCursor string    `json:"next_cursor,omitempty"`
}

// ErrorBody is what stands under "error".
type ErrorBody struct {
	Code       string         `json:"code"`
	Message    string         `json:"message" said:"ours"`
	Details    []fault.Detail `json:"details"`
	RetryAfter int            `json:"retry_after,omitempty"` // seconds
}

// Failure is the envelope of an answer that is not a success.
type Failure struct {
	Error ErrorBody `json:"error"`
	Meta  Meta      `json:"meta"`
}

// Success is the envelope of any other answer.
type Success[T any] struct {
	Data T    `json:"data"`
	Meta Meta `json:"meta"`
}

// NewFailure is the envelope for an error; internal causes stay out of it.
func NewFailure(e *fault.Error, meta Meta) Failure {
	details := e.Details
	if details == nil {
		details = []fault.Detail{}
	}
	return Failure{
		Error: ErrorBody{Code: e.Kind.Code(), Message: e.Message, Details: details, RetryAfter: e.RetrySeconds()},
		Meta:  meta,
	}
}

// Write answers with v under "data".
func Write(w http.ResponseWriter, status int, v any, meta Meta) {
	write(w, status, Success[any]{Data: v, Meta: meta})
}

// WriteError answers with e: its status, code, message and details.
func WriteError(w http.ResponseWriter, e *fault.Error, meta Meta) {
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.RetrySeconds()))
	}
	write(w, e.Kind.Status(), NewFailure(e, meta))
}

func write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"code":"INTERNAL","message":"The answer could not be written.","details":[]}}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller has gone; nothing is left to tell it
}

// Package fault has the few kinds of failure that cross package borders, with the HTTP status and code each answers
// with. It never logs and never decides what to do about one.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind says what sort of failure it is; the caller acts on the kind, a person on the message.
type Kind uint8

// The kinds, with the HTTP status and code of each in the table below.
const (
	Internal     Kind = iota // a bug or a broken machine; the message is for the log only
	Unreadable               // the bytes are not what they claim to be
	Unauthorized             // no credentials, or wrong ones
	Forbidden                // known, but not allowed
	NotFound                 // not there, or another tenant's
	Method                   // no such method on this path
	Conflict                 // exists already, or still in use
	Stale                    // changed since the caller read it
	TooLarge                 // over a byte limit
	Media                    // a content type or encoding that is not taken here
	Invalid                  // readable, but a rule of a field is broken
	RateLimited              // too many
	Unavailable              // cannot be kept just now; try again
)

var table = [...]struct {
	status int
	code   string
}{
	Internal:     {http.StatusInternalServerError, "INTERNAL"},
	Unreadable:   {http.StatusBadRequest, "UNREADABLE"},
	Unauthorized: {http.StatusUnauthorized, "UNAUTHORIZED"},
	Forbidden:    {http.StatusForbidden, "FORBIDDEN"},
	NotFound:     {http.StatusNotFound, "NOT_FOUND"},
	Method:       {http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED"},
	Conflict:     {http.StatusConflict, "CONFLICT"},
	Stale:        {http.StatusPreconditionFailed, "STALE"},
	TooLarge:     {http.StatusRequestEntityTooLarge, "TOO_LARGE"},
	Media:        {http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE"},
	Invalid:      {http.StatusUnprocessableEntity, "VALIDATION_ERROR"},
	RateLimited:  {http.StatusTooManyRequests, "RATE_LIMITED"},
	Unavailable:  {http.StatusServiceUnavailable, "UNAVAILABLE"},
}

// Status is the HTTP status the kind answers with.
func (k Kind) Status() int { return table[k].status }

// Code is the upper-case word the kind answers with.
func (k Kind) Code() string { return table[k].code }

// Error is a failure a person can act on: what, where and what to do.
type Error struct {
	Kind       Kind
	Message    string `said:"ours"`
	Details    []Detail
	RetryAfter time.Duration // with RateLimited and Unavailable
	Cause      error         // for the log, never shown
}

// Detail is one broken rule. Field is a path in the caller's own words ("energy_meta.gas_usage"); Index is the
// place in a batch, nil outside one. Line and Column count from 1, 0 where there is none. Spec problems fill
// InstructionID, Pointer, Severity and Fix.
type Detail struct {
	Field         string `json:"field,omitempty"`
	Index         *int   `json:"index,omitempty"`
	Code          string `json:"code"`
	Severity      string `json:"severity,omitempty"`
	InstructionID string `json:"instruction_id,omitempty"`
	Pointer       string `json:"pointer,omitempty"`
	Message       string `json:"message" said:"ours"`
	Hint          string `json:"hint,omitempty" said:"ours"`
	Line          int    `json:"line,omitempty"`
	Column        int    `json:"column,omitempty"`
	Fix           any    `json:"fix,omitempty" said:"within"`
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, d := range e.Details {
		b.WriteString("; ")
		if d.Field != "" {
			b.WriteString(d.Field + ": ")
		}
		b.WriteString(d.Message)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, " (%v)", e.Cause)
	}
	return b.String()
}

// RetrySeconds is RetryAfter in whole seconds, rounded up: nobody is told to come back at once.
func (e *Error) RetrySeconds() int { return int((e.RetryAfter + time.Second - 1) / time.Second) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes an Error of a kind with a formatted message.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// With adds a detail and gives e back.
func (e *Error) With(d Detail) *Error {
	e.Details = append(e.Details, d)
	return e
}

// Of gives the Error within err, or an Internal one around it.
func Of(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Internal, Message: "Something went wrong on our side.", Cause: err}
}

// Ours reports whether err is no answer to what was asked, but trouble of the server: a mistake of ours, or something it needs
// is away. Whoever does many things stops at it, and goes on after anything else.
func Ours(err error) bool {
	if err == nil {
		return false
	}
	kind := Of(err).Kind
	return kind == Internal || kind == Unavailable
}

// Is reports whether err is of kind k.
func Is(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}

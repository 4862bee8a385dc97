// Package ingest has the doors for deliveries: the fixed webhooks and the sources. A door finds out who calls, reads the
// body strictly, hands what it says to the group writer and answers when that is on disk. It never writes anything
// itself and never runs a program.
//
//	call ─ whose key? ─ read ─ parse ─▶ job ─▶ commit.Writer ─▶ answer with the outcome
//	          │ nobody's: 401, turned away  │ cannot be read: kept as a failed source execution, 400
//
// Calls with a key are logged with what they brought, whatever became of them. Of what is turned away before that, the log
// has some lines, without what was sent, and the number of the rest. A sender may name an event
// with the header Idempotency-Key, Webhook-Id or X-Event-Id (the first of them that is there): an event that a door has
// had before is answered with the delivery it made then. Without a name a repeat at a fixed webhook upserts what is there.
package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/fixed"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/reply"
)

// Handler serves POST /webhooks/{provider}/{kind} and POST /in/{source}. Its server gives calls 5 s for the headers and
// 15 s for the body.
type Handler struct {
	Plan    *plan.Holder
	Writer  *commit.Writer
	Tally   *Tally
	Proxies []netip.Prefix // that are believed for whom they call
	Clock   func() time.Time
	Log     *slog.Logger
}

// The paths, to be given to a mux.
const (
	WebhookPath = "/webhooks/"
	SourcePath  = "/in/"
)

// call is one call at a door, as far as it is understood. Its fields are set before it becomes a job.
type call struct {
	now        int64
	meta       reply.Meta
	fixed      *fixed.Door // nil at the door of a source
	providerID int64       // in the path of a fixed webhook
	sourceID   int64       // in the path of a source
	key        [sha256.Size]byte
	target     *plan.Provider // whose door it is, as far as that is known when the call is refused
	owner      *plan.Provider // whose key it was when the call came
	reason     *fault.Error   // for the log, where that may be told more than who called
	logged     bool           // the group has it in the log
	eventID    string
	body       body
}

// ServeHTTP answers one call.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A caller who hangs up has still delivered: the work goes on, and the log says what came of it.
	r = r.WithContext(context.WithoutCancel(r.Context()))
	now := h.Clock()
	c := &call{now: now.UnixMicro(), meta: reply.Meta{RequestID: requestID(), Timestamp: now.UTC()}}
	w.Header().Set("X-Request-Id", c.meta.RequestID)
	answer, e := h.serve(w, r, c)
	if e != nil {
		h.refuse(w, r, c, e)
		return
	}
	header := w.Header()
	header["Content-Type"] = jsonContent
	header["Cache-Control"] = noStore
	header["X-Content-Type-Options"] = noSniff
	_, _ = w.Write(answer) // should the caller have gone: what it sent is kept
}

var (
	jsonContent = []string{"application/json; charset=utf-8"}
	noStore     = []string{"no-store"}
	noSniff     = []string{"nosniff"}
)

func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, c *call, e *fault.Error) {
	switch e.Kind {
	case fault.Internal:
		h.Log.ErrorContext(r.Context(), "a call failed", "request_id", c.meta.RequestID, "path", r.URL.Path, "error", e)
	case fault.Unauthorized:
		w.Header().Set("WWW-Authenticate", `Bearer realm="Dealwright"`)
	case fault.Method:
		w.Header().Set("Allow", http.MethodPost)
	}
	if whose := cmp.Or(c.owner, c.target); whose != nil && !c.logged {
		h.Tally.TurnedAway(c.turnedAway(r, whose, cmp.Or(c.reason, e), h.Proxies))
	}
	reply.WriteError(w, e, c.meta)
}

func requestID() string { return id.Format("req", int64(rand.Uint64()>>14)) }

// serve gives the answer of a call that was taken.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, c *call) ([]byte, *fault.Error) {
	if e := c.address(r); e != nil {
		c.target = c.stands(h.Plan.Current())
		return nil, e
	}
	if e := h.admit(r, c); e != nil {
		if c.owner == nil {
			return nil, e
		}
		return nil, h.logged(r.Context(), c, e)
	}
	raw, e := readBody(w, r)
	if e != nil && e.Cause != nil {
		return nil, e // the connection broke: nobody hears the answer, and half a body is no evidence
	}
	if e == nil {
		c.body, e = parse(r.Header, raw, c.fixed != nil)
	}
	if e == nil {
		c.eventID, e = eventID(r.Header)
	}
	if e != nil {
		return nil, h.logged(r.Context(), c, e)
	}
	if c.fixed == nil {
		return h.deliver(r.Context(), c)
	}
	return h.upsert(r.Context(), c)
}

// submit hands a job over. What Plan finds wrong, under the configuration of now, is logged, as whatever else is wrong
// with a call.
func (h *Handler) submit(ctx context.Context, c *call, plan func(*plan.Picture) (*commit.Work, error)) (*commit.Result, *fault.Error) {
	for {
		epoch := h.Plan.Current().Epoch
		result, err := h.Writer.Submit(ctx, commit.Job{Plan: plan})
		if err == nil {
			return result, nil
		}
		e := fault.Of(err)
		if e.Kind != fault.NotFound && e.Kind != fault.Invalid {
			return nil, e
		}
		fresh, err := h.Plan.Fresh(ctx)
		if err != nil {
			return nil, fault.Of(err)
		}
		if fresh.Epoch == epoch {
			return nil, h.logged(ctx, c, e)
		}
	}
}

// logged keeps a call that was refused, with its answer and its body, and gives the answer. When that cannot be kept the
// answer is that, so that the sender comes again.
func (h *Handler) logged(ctx context.Context, c *call, e *fault.Error) *fault.Error {
	_, err := h.Writer.Submit(ctx, commit.Job{Plan: func(p *plan.Picture) (*commit.Work, error) {
		door := p.Doors[c.sourceID]
		entry := c.log(c.owner)
		entry.Status, entry.HTTPStatus, entry.Error = pipeline.CallFailed, e.Kind.Status(), commit.ErrorJSON(e)
		if c.fixed != nil {
			c.refused(p.Tenants[c.owner.Tenant.ID], entry, e)
			return &commit.Work{Call: entry, Raw: c.body.raw}, nil
		}
		entry.Keep(door.Body(c.body.raw))
		if door != nil { // the sender has been told all of it
			entry.Error = pipeline.WithoutValues(entry.Error)
		}
		return &commit.Work{Call: entry, Raw: c.body.raw}, nil
	}})
	if err != nil {
		return fault.Of(err)
	}
	c.logged = true
	return e
}

// log is the entry of the call log for a call that is taken.
func (c *call) log(owner *plan.Provider) *pipeline.SourceExecution {
	door := sourceDoor
	if c.fixed != nil {
		door = c.fixed.Path
	}
	var raw []byte
	if key := owner.Tenant.Raw; key != nil && len(c.body.raw) > 0 {
		raw = key.Seal(pipeline.RawPlace(owner.Tenant.ID, c.now), c.body.raw)
	}
	return &pipeline.SourceExecution{
		Raw:        raw,
		TenantID:   owner.Tenant.ID,
		ProviderID: owner.ID,
		SourceID:   c.sourceID,
		Door:       door,
		ReceivedAt: c.now,
		Status:     pipeline.CallSucceeded,
		HTTPStatus: http.StatusOK,
	}
}

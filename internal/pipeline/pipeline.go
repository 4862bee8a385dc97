// Package pipeline has the nouns all stages of the machine share: the call that came in, the deliveries it carried and
// the executions they led to. It imports no stage and does nothing itself.
//
// The life of a delivery:
//
//	accepted ── run at the door ──────────────▶ done | failed | skipped
//	    └────── waiting (queue) ── run later ──▶ done | failed | skipped
package pipeline

import (
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// SourceExecution is one call that came in (later also one poll), as the call log shows it.
type SourceExecution struct {
	ID         int64
	TenantID   int64
	ProviderID int64
	SourceID   int64  // 0: a fixed webhook
	Door       string // "activity", "sale", "call", "period", "anonymous-activity", or "in"
	ReceivedAt int64  // microseconds since 1970 UTC, like every moment
	Status     string // Succeeded or Failed
	HTTPStatus int
	Items      int
	Error      []byte   // JSON of the answer's error; nil for a success
	Remarks    []string // lines for the call log: agent moved, user invited, repeat of …
	Body       []byte   // only where no delivery holds it
	Places     pseudonym.Places
	Raw        []byte // the body as it came, sealed; nil where the tenant does not keep those
}

// TurnedAway is what the call log knows of a call that did not get past the door. What it brought was not read.
type TurnedAway struct {
	Caller string // the network of who called, see peer.Network; "": several
	Media  string // what it said to be, "application/json"; "": nothing that can be read
	Bytes  int64  // that it said to bring; -1: it did not say
	More   int64  // so many more like it came, and are only counted
	Last   int64  // moment of the last of these; 0: there was none
}

// Ends of a source execution.
const (
	CallSucceeded = "succeeded"
	CallFailed    = "failed"
)

// DeliveryState says where a delivery stands; with the executions it adds up (doctor checks it).
type DeliveryState string

// The states. Waiting: at least one execution waits. Failed: at least one failed. Skipped: no processor ran, or all
// were skipped. Done: the rest.
const (
	DeliveryWaiting DeliveryState = "waiting"
	DeliveryDone    DeliveryState = "done"
	DeliveryFailed  DeliveryState = "failed"
	DeliverySkipped DeliveryState = "skipped"
)

// Delivery is one accepted record of a source system. Its number is the order of acceptance.
type Delivery struct {
	Number            int64 // 0 until the commit draws it
	TenantID          int64
	ProviderID        int64
	SourceID          int64  // 0: a fixed webhook
	Door              string // as of its call
	SourceExecutionID int64
	Index             int // place in the call's batch, from 0
	ReceivedAt        int64
	State             DeliveryState
	EventID           string // the sender's own id of the event, "" where it gives none
	Body              []byte // JSON of this item, as it passed the door
	Places            pseudonym.Places
}

// Kept is what is stored of the item.
func (d *Delivery) Kept() pseudonym.Kept { return pseudonym.Kept{Body: d.Body, Places: d.Places} }

// Keep is what is stored of the body.
func (c *SourceExecution) Keep(k pseudonym.Kept) { c.Body, c.Places = k.Body, k.Places }

// Kept is what is stored of the body, nothing where deliveries hold it.
func (c *SourceExecution) Kept() pseudonym.Kept {
	return pseudonym.Kept{Body: c.Body, Places: c.Places}
}

// ExecutionKind says why a program ran.
type ExecutionKind string

// The kinds: a delivery came, a person tested on a stored one, a person ran stored ones again.
const (
	Live   ExecutionKind = "live"
	Test   ExecutionKind = "test"
	Replay ExecutionKind = "replay"
	// Real is, in a filter, every kind but Test.
	Real ExecutionKind = "real"
)

// Execution is one item × one processor × one spec version.
type Execution struct {
	ID            int64
	TenantID      int64
	DeliveryID    int64
	SourceID      int64
	ProcessorID   int64
	Version       int
	EnvironmentID int64
	Position      int   // of the processor on the source, from 0
	Number        int64 // acceptance number its writes carry: the delivery's, unless overwrite_newer drew a new one
	Kind          ExecutionKind
	Status        run.Status
	Reason        Reason // with Waiting
	RanAt         int64
	Counts        run.Counts
	Errors        []*run.DataError
	Asked         *Asked
	Enrichments   []Enrichment // fetched so far
	Answers       []byte
	Digest        []byte
}

// Reason why an execution waits.
type Reason string

// The reasons. Behind and Enriching ones run by themselves; Incomplete, Suspended and Disabled when the configuration is
// mended; Asked when the answer comes.
const (
	ReasonBehind     Reason = "behind"
	ReasonIncomplete Reason = "incomplete_link"
	ReasonSuspended  Reason = "suspended"
	ReasonEnriching  Reason = "enriching"
	ReasonDisabled   Reason = "disabled" // the processor was disabled after the delivery had come
	ReasonAsked      Reason = "asked"
	ReasonUnlinked   Reason = "unlinked" // with Skipped: the processor was taken off the source before it ran
	// with Skipped: the source was deleted before it ran
	ReasonSourceDeleted Reason = "source_deleted"
	ReasonParked        Reason = "parked" // tripped the node's watchdog three times
)

// HoldsBack reports whether what waits for the reason is to run before what comes in later for its lane.
func (r Reason) HoldsBack() bool {
	switch r {
	case ReasonBehind, ReasonEnriching, ReasonIncomplete, ReasonSuspended, ReasonDisabled:
		return true
	}
	return false
}

// Lane is a processor on a source: its deliveries run in the order of acceptance.
type Lane struct{ SourceID, ProcessorID int64 }

// Lane of an execution.
func (e *Execution) Lane() Lane { return Lane{e.SourceID, e.ProcessorID} }

// Asked is the open question of a waiting execution and the answers it got before, as canonical JSON. One that ran
// keeps the answers, with an empty question: recompute needs them.
type Asked struct {
	Question string   `json:"question"`
	Fields   []byte   `json:"fields"`
	Answers  [][]byte `json:"answers"`
}

// Package event has the rules by which people are told that a record has appeared, and what looks for such records. It
// follows the numbers that records and changes get, behind the writer, and never stands in its way. A record is told of
// once per event, however often it is written; one that is changed away leaves the list of its event and stays told.
package event

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/page"
)

// Rule says which records an event is about.
type Rule struct {
	Source    string   `json:"source"`
	Types     []string `json:"types,omitempty"` // none: all
	Least     *float64 `json:"least,omitempty"` // of the value of the record
	AgentID   int64    `json:"agent,omitempty"`
	TeamID    int64    `json:"team,omitempty"`
	ProjectID int64    `json:"project,omitempty"`
	Tell      bool     `json:"tell"` // people in the app
}

// ValueOf is the field of a source that Least is about.
func ValueOf(source string) string {
	switch source {
	case "sale":
		return "contract_value"
	case "call":
		return "duration"
	}
	return "value"
}

// Event is a rule that is kept.
type Event struct {
	ID        int64 // also the number from which on records count
	TenantID  int64
	Name      string
	Rule      Rule
	Hits      int64 // how many records it was about, at most page.CountLimit+1
	LastAt    int64 // the last of them; 0: none yet
	CreatedAt int64
	UpdatedAt int64
}

const (
	longest   = 200
	mostTypes = 50
)

// Checked gives the event as it is kept, or all that is wrong with it.
func (e Event) Checked() (Event, error) {
	wrong := fault.New(fault.Invalid, "The event was not saved.")
	bad := func(field, code, message string) {
		wrong.With(fault.Detail{Field: field, Code: code, Message: message})
	}
	e.Name = strings.TrimSpace(e.Name)
	if e.Name == "" || len([]rune(e.Name)) > longest {
		bad("name", "bad_length", "The name must have 1 to 200 characters.")
	}
	s, ok := metric.SourceOf(e.Rule.Source)
	switch {
	case !ok:
		bad("source", "unknown", "An event is about activities, sales, calls, periods or anonymous activities.")
	case s.Type == "" && len(e.Rule.Types) > 0:
		bad("types", "unknown_field", "These records have no type.")
	case !s.Agent && e.Rule.AgentID != 0:
		bad("agent_id", "unknown_field", "These records are nobody's.")
	}
	if len(e.Rule.Types) > mostTypes {
		bad("types", "too_many", "An event is about at most 50 types.")
	}
	if len(wrong.Details) > 0 {
		return e, wrong
	}
	return e, nil
}

// Hit is a record that an event was about.
type Hit struct {
	ID        int64
	EventID   int64
	EventName string
	Noun      string
	RecordID  int64
	At        int64
	Record    metric.Line // as it is now
}

// Store keeps events. All of it is of one tenant; what belongs to another is not found.
type Store interface {
	Event(ctx context.Context, tenantID, id int64) (Event, error)
	ListEvents(ctx context.Context, tenantID int64, r page.Request) (page.Page[Event], error)
	AddEvent(ctx context.Context, e Event) (Event, error)
	ChangeEvent(ctx context.Context, tenantID, id int64, fn func(Event) (Event, error)) (Event, error)
	DropEvent(ctx context.Context, tenantID, id int64) error
	// EventHits gives the records of an event that it is still about, those that came last first.
	EventHits(ctx context.Context, e Event, r page.Request) (page.Page[Hit], error)
	// Told gives what people were told of, the newest first, and how much of it a user has not read: 100 at most.
	Told(ctx context.Context, tenantID, userID int64, r page.Request) (page.Page[Hit], int, error)
	// ReadTold marks what a user was told up to a hit as read.
	ReadTold(ctx context.Context, userID, upto int64) error
}

// Seeker is what the watch asks of the database.
type Seeker interface {
	// SeekEvents looks through the next numbers of all tenants that have events, and says whether there are more.
	SeekEvents(ctx context.Context) (more bool, err error)
}

// Watch looks for records that events are about.
type Watch struct {
	Store Seeker
	Log   *slog.Logger
}

const every = 2 * time.Second

// Run looks until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	for {
		more, err := w.Store.SeekEvents(ctx)
		if err != nil && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "events could not be looked for; it is tried again", "error", err)
		}
		wait := every
		if more {
			wait = 0
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

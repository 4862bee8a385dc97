package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/event"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
)

func (s *Server) eventRows() []Row {
	return []Row{
		{"GET", "/v1/events", access.ReadData, "List events, with how many records each was about", many(s.listEvents)},
		{"POST", "/v1/events", access.WriteConfig, "Make an event; it is about records from now on", made(s.addEvent)},
		{"GET", "/v1/events/{id}", access.ReadData, "One event", one(s.getEvent)},
		{"PATCH", "/v1/events/{id}", access.WriteConfig, "Change an event; what it was about before stays", one(s.changeEvent)},
		{"DELETE", "/v1/events/{id}", access.WriteConfig, "Delete an event and what it told; its records stay", none(s.dropEvent)},
		{"GET", "/v1/events/{id}/records", access.ReadData, "The records that an event is about, those that came last first; one that was changed away is not among them", many(s.eventRecords)},
		{"GET", "/v1/notices", access.ReadData, "What events told, the newest first", many(s.notices)},
		{"GET", "/v1/notices/unread", access.ReadData, "How much of it you have not read", one(s.unread)},
		{"POST", "/v1/notices/read", access.ManageOwnSession, "Mark what events told as read", none(s.readNotices)},
	}
}

// EventRule says which records an event is about.
type EventRule struct {
	Source    string   `json:"source" enum:"activity,sale,call,period,anonymous_activity"`
	Types     []string `json:"types,omitempty" nullable:"false" doc:"Activity or period types; none: all."`
	Least     *float64 `json:"least,omitempty" doc:"The least value: of a sale its contract value, of a call its duration in seconds."`
	AgentID   string   `json:"agent_id,omitempty"`
	TeamID    string   `json:"team_id,omitempty" doc:"A record's own team goes before that of its agent."`
	ProjectID string   `json:"project_id,omitempty"`
	Tell      bool     `json:"tell,omitempty" doc:"Tell people in the app."`
}

func (v EventRule) read() (event.Rule, error) {
	r := event.Rule{Source: v.Source, Types: v.Types, Least: v.Least, Tell: v.Tell}
	return r, filters(filterBy{"agent_id", id.Agent, v.AgentID, &r.AgentID}, filterBy{"team_id", id.Team, v.TeamID, &r.TeamID}, filterBy{"project_id", id.Project, v.ProjectID, &r.ProjectID})
}

// EventView is one event.
type EventView struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Rule      EventRule  `json:"rule"`
	Hits      int64      `json:"hits" doc:"Records it was about, those changed away too; 10001: more than 10000."`
	LastAt    *time.Time `json:"last_at"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	updatedAt int64
}

func (v EventView) version() string { return etag(v.updatedAt) }

func viewEvent(e event.Event) EventView {
	v := EventView{
		ID: id.Format(id.Event, e.ID), Name: e.Name, Hits: e.Hits, LastAt: atOrNull(e.LastAt), CreatedAt: at(e.CreatedAt), UpdatedAt: at(e.UpdatedAt), updatedAt: e.UpdatedAt,
		Rule: EventRule{Source: e.Rule.Source, Types: e.Rule.Types, Least: e.Rule.Least, Tell: e.Rule.Tell},
	}
	if e.Rule.AgentID != 0 {
		v.Rule.AgentID = id.Format(id.Agent, e.Rule.AgentID)
	}
	if e.Rule.TeamID != 0 {
		v.Rule.TeamID = id.Format(id.Team, e.Rule.TeamID)
	}
	if e.Rule.ProjectID != 0 {
		v.Rule.ProjectID = id.Format(id.Project, e.Rule.ProjectID)
	}
	return v
}

type eventListInput struct{ Paging }

func (s *Server) listEvents(ctx context.Context, _ *eventListInput, r page.Request) (page.Page[EventView], error) {
	p, err := s.Store.ListEvents(ctx, caller(ctx).TenantID, r)
	return page.Map(p, viewEvent), err
}

type eventInput struct {
	Body struct {
		Name string    `json:"name"`
		Rule EventRule `json:"rule"`
	}
}

func (s *Server) addEvent(ctx context.Context, in *eventInput) (EventView, error) {
	rule, err := in.Body.Rule.read()
	if err != nil {
		return EventView{}, err
	}
	e, err := s.Store.AddEvent(ctx, event.Event{TenantID: caller(ctx).TenantID, Name: in.Body.Name, Rule: rule})
	return viewEvent(e), err
}

func (s *Server) event(ctx context.Context, text string) (event.Event, error) {
	n, err := number(id.Event, "event", text)
	if err != nil {
		return event.Event{}, err
	}
	return s.Store.Event(ctx, caller(ctx).TenantID, n)
}

func (s *Server) getEvent(ctx context.Context, in *idInput) (EventView, error) {
	e, err := s.event(ctx, in.ID)
	return viewEvent(e), err
}

type eventChangeInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name *string    `json:"name,omitempty"`
		Rule *EventRule `json:"rule,omitempty" doc:"The whole of it."`
	}
}

func (s *Server) changeEvent(ctx context.Context, in *eventChangeInput) (EventView, error) {
	n, err := number(id.Event, "event", in.ID)
	if err != nil {
		return EventView{}, err
	}
	var rule event.Rule
	if in.Body.Rule != nil {
		if rule, err = in.Body.Rule.read(); err != nil {
			return EventView{}, err
		}
	}
	e, err := s.Store.ChangeEvent(ctx, caller(ctx).TenantID, n, func(e event.Event) (event.Event, error) {
		if err := match(in.IfMatch, etag(e.UpdatedAt)); err != nil {
			return e, err
		}
		if in.Body.Name != nil {
			e.Name = *in.Body.Name
		}
		if in.Body.Rule != nil {
			if rule.Source != e.Rule.Source {
				return e, fault.New(fault.Invalid, "The event was not saved.").With(fault.Detail{Field: "source", Code: "fixed", Message: "What kind of record an event is about stays as it was; make another event."})
			}
			e.Rule = rule
		}
		return e.Checked()
	})
	return viewEvent(e), err
}

func (s *Server) dropEvent(ctx context.Context, in *idInput) error {
	n, err := number(id.Event, "event", in.ID)
	if err != nil {
		return err
	}
	return s.Store.DropEvent(ctx, caller(ctx).TenantID, n)
}

type eventRecordsInput struct {
	Paging
	ID string `path:"id"`
}

// EventRecord is a record that an event is about.
type EventRecord struct {
	MetricRecord
	AppearedAt time.Time `json:"appeared_at"`
}

func (s *Server) eventRecords(ctx context.Context, in *eventRecordsInput, r page.Request) (page.Page[EventRecord], error) {
	e, err := s.event(ctx, in.ID)
	if err != nil {
		return page.Page[EventRecord]{}, err
	}
	p, err := s.Store.EventHits(ctx, e, r)
	return page.Map(p, func(h event.Hit) EventRecord {
		return EventRecord{MetricRecord: viewLine(h.Noun, h.Record), AppearedAt: at(h.At)}
	}), err
}

type noticesInput struct{ Paging }

// Notice tells that a record has appeared.
type Notice struct {
	ID       string    `json:"id"`
	Event    named     `json:"event"`
	Kind     string    `json:"kind"`
	RecordID string    `json:"record_id"`
	Record   NoticeOf  `json:"record"`
	At       time.Time `json:"at"`
}

// NoticeOf is the record that a notice is of, as it is now.
type NoticeOf struct {
	ExternalID string   `json:"external_id"`
	Value      anything `json:"value"`
	Agent      *string  `json:"agent" doc:"The name of its agent; where that is not linked, the one at its provider."`
}

func (s *Server) notices(ctx context.Context, _ *noticesInput, r page.Request) (page.Page[Notice], error) {
	p, _, err := s.Store.Told(ctx, caller(ctx).TenantID, 0, r)
	return page.Map(p, viewNotice), err
}

func viewNotice(h event.Hit) Notice {
	of := NoticeOf{ExternalID: h.Record.ExternalID, Value: anything("null"), Agent: orNull(h.Record.AgentName)}
	if h.Record.Value != "" {
		of.Value = anything(h.Record.Value)
	}
	return Notice{
		Record: of,
		ID:     id.Format(id.Hit, h.ID), Event: named{ID: id.Format(id.Event, h.EventID), Name: h.EventName}, Kind: h.Noun,
		RecordID: id.Format(prefixes[h.Noun], h.RecordID), At: at(h.At),
	}
}

// Unread is how much a user has not read.
type Unread struct {
	Count int      `json:"count" doc:"100: that much, or more. An API key reads nothing."`
	Last  []Notice `json:"last" nullable:"false" doc:"The newest ten, read or not."`
}

// lastNotices are told with the count.
const lastNotices = 10

func (s *Server) unread(ctx context.Context, _ *struct{}) (Unread, error) {
	p, n, err := s.Store.Told(ctx, caller(ctx).TenantID, caller(ctx).UserID, page.Request{Size: lastNotices})
	return Unread{Count: n, Last: page.Map(p, viewNotice).Items}, err
}

type readInput struct {
	Body struct {
		Upto string `json:"upto" doc:"The newest that was read."`
	}
}

func (s *Server) readNotices(ctx context.Context, in *readInput) error {
	n, err := filter("upto", id.Hit, in.Body.Upto)
	if err != nil || n == 0 || caller(ctx).UserID == 0 {
		return err
	}
	return s.Store.ReadTold(ctx, caller(ctx).UserID, n)
}

package api

import (
	"context"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pseudonym"
)

func (s *Server) deliveryRows() []Row {
	return []Row{
		{"GET", "/v1/source-executions", access.ReadData, "Calls that came in, refused ones too, the newest first. Of calls that did not get past the door there are some lines an hour, and the number of the rest; they are kept for 30 days", many(s.listCalls)},
		{"GET", "/v1/source-executions/histogram", access.ReadData, "How many calls came in when, and how many of them failed", one(s.callHistogram)},
		{"GET", "/v1/source-executions/export", access.ReadData, "Calls as CSV, the newest first; never what was sent", exported(callCells, s.listCalls)},
		{"GET", "/v1/source-executions/{id}", access.ReadData, "A call, with its bytes where they led to no delivery", one(s.getCall)},
		{"GET", "/v1/deliveries", access.ReadData, "Deliveries, the newest first", many(s.listDeliveries)},
		{"GET", "/v1/deliveries/histogram", access.ReadData, "How many deliveries were accepted when, and how many of them failed", one(s.deliveryHistogram)},
		{"GET", "/v1/deliveries/export", access.ReadData, "Deliveries as CSV, the newest first; never what was delivered", exported(deliveryCells, s.listDeliveries)},
		{"GET", "/v1/deliveries/{id}", access.ReadData, "A delivery with what came in", one(s.getDelivery)},
	}
}

// CallView is a call without its bytes. Like the other views that a view is made of, it is exported so that the API's
// description has its fields.
type CallView struct {
	ID           string      `json:"id"`
	ProviderID   string      `json:"provider_id"`
	ProviderName string      `json:"provider_name"`
	SourceID     *string     `json:"source_id" doc:"Null: a fixed webhook."`
	SourceName   string      `json:"source_name"`
	Door         string      `json:"door" doc:"in, or the fixed webhook: activity, sale, call, period, anonymous-activity."`
	ReceivedAt   time.Time   `json:"received_at"`
	Status       string      `json:"status" enum:"succeeded,failed"`
	HTTPStatus   int         `json:"http_status" doc:"That it was answered with."`
	Items        int         `json:"items"`
	Error        anything    `json:"error" said:"json" doc:"Of the answer: code, message, details; null for a success."`
	Remarks      []string    `json:"remarks" said:"ours" doc:"What else happened: an agent moved, a user was invited, an event came again."`
	TurnedAway   *TurnedAway `json:"turned_away" doc:"Of a call that did not get past the door, with what came of it unread; null for every other."`
}

// TurnedAway is what is known of a call that did not get past the door, beside what was wrong with it.
type TurnedAway struct {
	Caller      *string    `json:"caller" doc:"The network that it came from (203.0.113.0/24), or the address where that is of a network of one’s own; null: several."`
	ContentType *string    `json:"content_type" doc:"That the body was said to have; null: none that can be read."`
	Bytes       *int64     `json:"bytes" doc:"That the body was said to have; null: it did not say."`
	More        int64      `json:"more" doc:"So many more calls like it came in the same hour. They are counted and have no lines of their own."`
	LastAt      *time.Time `json:"last_at" doc:"Of these; null: there was none."`
}

func viewTurnedAway(x *pipeline.TurnedAway) *TurnedAway {
	if x == nil {
		return nil
	}
	v := &TurnedAway{Caller: orNull(x.Caller), ContentType: orNull(x.Media), More: x.More, LastAt: atOrNull(x.Last)}
	if x.Bytes >= 0 {
		v.Bytes = &x.Bytes
	}
	return v
}

func viewCall(c pipeline.CallLine) CallView {
	v := CallView{
		ID: id.Format(id.SourceExecution, c.ID), ProviderID: id.Format(id.Provider, c.ProviderID), ProviderName: c.ProviderName,
		SourceID: idOrNull(id.Source, c.SourceID), SourceName: c.SourceName, Door: c.Door, ReceivedAt: at(c.ReceivedAt),
		Status: c.Status, HTTPStatus: c.HTTPStatus, Items: c.Items, Error: c.Error, Remarks: c.Remarks,
		TurnedAway: viewTurnedAway(c.TurnedAway),
	}
	if v.Remarks == nil {
		v.Remarks = []string{}
	}
	return v
}

// CallQuery is what lists of calls and their charts are narrowed by.
type CallQuery struct {
	Span
	ProviderID string `query:"provider_id"`
	SourceID   string `query:"source_id"`
	Door       string `query:"door" enum:"in,activity,sale,call,period,anonymous-activity"`
	Status     string `query:"status" enum:"succeeded,failed"`
	Search     string `query:"search" doc:"An id, or a part of what was answered."`
}

func (q *CallQuery) filter(ctx context.Context) (pipeline.CallFilter, error) {
	f := pipeline.CallFilter{
		TenantID: caller(ctx).TenantID, Door: q.Door, Status: q.Status, Search: strings.TrimSpace(q.Search), After: micros(q.After), Before: micros(q.Before),
	}
	return f, filters(
		filterBy{"provider_id", id.Provider, q.ProviderID, &f.ProviderID},
		filterBy{"source_id", id.Source, q.SourceID, &f.SourceID},
	)
}

type callListInput struct {
	Paging
	CallQuery
}

func (s *Server) listCalls(ctx context.Context, in *callListInput, r page.Request) (page.Page[CallView], error) {
	f, err := in.filter(ctx)
	if err != nil {
		return page.Page[CallView]{}, err
	}
	p, err := s.Store.ListCalls(ctx, f, r)
	if err != nil {
		return page.Page[CallView]{}, err
	}
	doors := map[int64]*pseudonym.Door{}
	for i := range p.Items {
		c := &p.Items[i]
		if c.Error == nil {
			continue
		}
		door, known := doors[c.SourceID]
		if !known {
			if door, err = s.Store.Door(ctx, s.Library, caller(ctx).TenantID, c.SourceID); err != nil {
				return page.Page[CallView]{}, err
			}
			doors[c.SourceID] = door
		}
		tell(c, door)
	}
	return page.Map(p, viewCall), nil
}

type callDetail struct {
	CallView
	Body      *string `json:"body" doc:"What was sent, where no delivery holds it: of a call that failed. Null otherwise."`
	BodyBytes []byte  `json:"body_bytes" doc:"The same in base64, where it is no text."`
}

func (s *Server) getCall(ctx context.Context, in *idInput) (callDetail, error) {
	n, err := number(id.SourceExecution, "source execution", in.ID)
	if err != nil {
		return callDetail{}, err
	}
	c, err := s.Store.Call(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return callDetail{}, err
	}
	door, err := s.Store.Door(ctx, s.Library, caller(ctx).TenantID, c.SourceID)
	if err != nil {
		return callDetail{}, err
	}
	kept, _ := door.Again(c.Kept())
	c.Keep(kept)
	tell(&c, door)
	v := callDetail{CallView: viewCall(c)}
	switch {
	case c.Body == nil:
	case utf8.Valid(c.Body):
		body := string(c.Body)
		v.Body = &body
	default:
		v.BodyBytes = c.Body
	}
	return v, nil
}

// tell leaves out of the error of a call what it quotes from a body, where marks that may be younger than the call cover
// what came in.
func tell(c *pipeline.CallLine, door *pseudonym.Door) {
	if door != nil {
		c.Error = pipeline.WithoutValues(c.Error)
	}
}

// shown is what was stored of something that came in, with what is marked as personal data today as pseudonyms.
func (s *Server) shown(ctx context.Context, sourceID int64, k pseudonym.Kept) (pseudonym.Kept, error) {
	door, err := s.Store.Door(ctx, s.Library, caller(ctx).TenantID, sourceID)
	if err != nil {
		return pseudonym.Kept{}, err
	}
	k, _ = door.Again(k)
	return k, nil
}

// DeliveryView is a delivery without what came in.
type DeliveryView struct {
	ID                string                 `json:"id"`
	ProviderID        string                 `json:"provider_id"`
	SourceID          *string                `json:"source_id" doc:"Null: a fixed webhook."`
	SourceName        string                 `json:"source_name"`
	SourceExecutionID string                 `json:"source_execution_id" doc:"The call that brought it."`
	Index             int                    `json:"index" doc:"Its place in the call, from 0."`
	ReceivedAt        time.Time              `json:"received_at"`
	State             pipeline.DeliveryState `json:"state" enum:"waiting,done,failed,skipped"`
	EventID           *string                `json:"event_id" doc:"The sender's own."`
}

func viewDelivery(d pipeline.DeliveryLine) DeliveryView {
	return DeliveryView{
		ID: id.Format(id.Delivery, d.Number), ProviderID: id.Format(id.Provider, d.ProviderID), SourceID: idOrNull(id.Source, d.SourceID),
		SourceName: d.SourceName, SourceExecutionID: id.Format(id.SourceExecution, d.SourceExecutionID), Index: d.Index,
		ReceivedAt: at(d.ReceivedAt), State: d.State, EventID: orNull(d.EventID),
	}
}

// DeliveryQuery is what lists of deliveries and their charts are narrowed by.
type DeliveryQuery struct {
	Span
	ProviderID        string `query:"provider_id" json:"provider_id,omitempty"`
	SourceID          string `query:"source_id" json:"source_id,omitempty"`
	SourceExecutionID string `query:"source_execution_id" json:"source_execution_id,omitempty"`
	State             string `query:"state" json:"state,omitempty" enum:"waiting,done,failed,skipped"`
	Ran               string `query:"ran" json:"ran,omitempty" enum:"true,false" doc:"Whether a processor has run it or waits to; tests do not count."`
	NotRunBy          string `query:"not_run_by" json:"not_run_by,omitempty" doc:"A processor that is linked to their sources and has not run them."`
	EventID           string `query:"event_id" json:"event_id,omitempty"`
	Search            string `query:"search" json:"search,omitempty" doc:"An id, or the external id of an event or of a record that came of it; whole."`
}

func (q *DeliveryQuery) filter(ctx context.Context) (pipeline.DeliveryFilter, error) {
	f := pipeline.DeliveryFilter{
		TenantID: caller(ctx).TenantID, State: pipeline.DeliveryState(q.State), Ran: choice(q.Ran), EventID: q.EventID, Search: strings.TrimSpace(q.Search),
		After: micros(q.After), Before: micros(q.Before),
	}
	return f, filters(
		filterBy{"provider_id", id.Provider, q.ProviderID, &f.ProviderID},
		filterBy{"source_id", id.Source, q.SourceID, &f.SourceID},
		filterBy{"not_run_by", id.Processor, q.NotRunBy, &f.NotRunBy},
		filterBy{"source_execution_id", id.SourceExecution, q.SourceExecutionID, &f.SourceExecutionID},
	)
}

type deliveryListInput struct {
	Paging
	DeliveryQuery
}

func (s *Server) listDeliveries(ctx context.Context, in *deliveryListInput, r page.Request) (page.Page[DeliveryView], error) {
	f, err := in.filter(ctx)
	if err != nil {
		return page.Page[DeliveryView]{}, err
	}
	p, err := s.Store.ListDeliveries(ctx, f, r)
	return page.Map(p, viewDelivery), err
}

type deliveryDetail struct {
	DeliveryView
	Body anything `json:"body" doc:"What came in, digit for digit, but for personal data that the source marks: pseudonyms are in its place."`
}

func (s *Server) getDelivery(ctx context.Context, in *idInput) (deliveryDetail, error) {
	n, err := number(id.Delivery, "delivery", in.ID)
	if err != nil {
		return deliveryDetail{}, err
	}
	d, err := s.Store.Delivery(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return deliveryDetail{}, err
	}
	kept, err := s.shown(ctx, d.SourceID, d.Kept())
	if err != nil {
		return deliveryDetail{}, err
	}
	v := deliveryDetail{DeliveryView: viewDelivery(d), Body: kept.Body}
	if !json.Valid(v.Body) { // form data is kept as it came
		v.Body, err = json.Marshal(string(kept.Body))
	}
	return v, err
}

package api

import (
	"cmp"
	"context"
	"encoding/json"
	"math/big"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/page"
)

func (s *Server) metricRows() []Row {
	return []Row{
		{"GET", "/v1/metrics", access.ReadData, "List metrics", many(s.listMetrics)},
		{"POST", "/v1/metrics", access.WriteConfig, "Make a metric", made(s.addMetric)},
		{"POST", "/v1/metrics/preview", access.ReadData, "The values that a metric would have", one(s.previewMetric)},
		{"GET", "/v1/metrics/types", access.ReadData, "The types that records have, for metrics and events to choose from", one(s.recordTypes)},
		{"GET", "/v1/metrics/{id}", access.ReadData, "One metric", one(s.getMetric)},
		{"PATCH", "/v1/metrics/{id}", access.WriteConfig, "Change a metric", one(s.changeMetric)},
		{"DELETE", "/v1/metrics/{id}", access.WriteConfig, "Delete a metric; its records stay", none(s.dropMetric)},
		{"GET", "/v1/metrics/{id}/values", access.ReadData, "Its values over time, in all and per agent or team", one(s.metricValues)},
		{"GET", "/v1/metrics/{id}/left-out", access.ReadData, "How many of its records count for nobody, since whose they are is not linked", one(s.metricLeftOut)},
		{"GET", "/v1/metrics/{id}/records", access.ReadData, "The records that make one of its values", many(s.metricRecords)},
	}
}

// MetricDefinition is what a metric is.
type MetricDefinition struct {
	Aggregate      string   `json:"aggregate" enum:"count,sum,contacts,time,ratio" doc:"time adds up the seconds of periods that lie within; a period that has not ended lasts until now."`
	Source         string   `json:"source,omitempty" enum:"activity,sale,call,period,anonymous_activity" doc:"Not of a ratio."`
	Field          string   `json:"field,omitempty" enum:"value,contract_value,electricity_usage,electricity_return,gas_usage,connection_count,duration" doc:"Of a sum. Energy is in kWh and m³, a duration in seconds."`
	Types          []string `json:"types,omitempty" nullable:"false" doc:"Activity or period types; none: all."`
	PropositionIDs []string `json:"proposition_ids,omitempty" nullable:"false" doc:"Of sales; none: all."`
	Sales          string   `json:"sales,omitempty" enum:"gross,net,cancelled" doc:"gross: all; net: those that are not cancelled now, wherever the cancellation falls."`
	Money          string   `json:"money,omitempty" enum:"only,without" doc:"Of a sum of value: only values that are money, or only those that are not. Unless said both, and what is mixed is told with the values."`
	OverID         string   `json:"over_id,omitempty" doc:"Of a ratio: the metric above the line."`
	UnderID        string   `json:"under_id,omitempty" doc:"Of a ratio: the metric below the line. Where it is zero there is no value."`
	Format         string   `json:"format,omitempty" enum:"number,currency,duration,percentage" doc:"number, unless said. A percentage is a ratio times a hundred."`
	Unit           string   `json:"unit,omitempty"`
	ShortUnit      string   `json:"short_unit,omitempty"`
	Decimals       int      `json:"decimals,omitempty" minimum:"0" maximum:"6"`
}

func (v MetricDefinition) read() (metric.Definition, error) {
	d := metric.Definition{
		Aggregate: v.Aggregate, Source: v.Source, Field: v.Field, Types: v.Types, Sales: v.Sales, Money: v.Money,
		Format: v.Format, Unit: v.Unit, ShortUnit: v.ShortUnit, Decimals: v.Decimals,
	}
	for _, text := range v.PropositionIDs {
		n, err := filter("proposition_ids", id.Proposition, text)
		if err != nil {
			return d, err
		}
		d.Propositions = append(d.Propositions, n)
	}
	return d, filters(filterBy{"over_id", id.Metric, v.OverID, &d.Over}, filterBy{"under_id", id.Metric, v.UnderID, &d.Under})
}

// MetricView is one metric.
type MetricView struct {
	ID         string           `json:"id"`
	Name       string           `json:"name"`
	Definition MetricDefinition `json:"definition"`
	CreatedAt  time.Time        `json:"created_at"`
	UpdatedAt  time.Time        `json:"updated_at"`
	updatedAt  int64
}

func (v MetricView) version() string { return etag(v.updatedAt) }

func viewMetric(m metric.Metric) MetricView {
	d := m.Definition
	v := MetricView{ID: id.Format(id.Metric, m.ID), Name: m.Name, CreatedAt: at(m.CreatedAt), UpdatedAt: at(m.UpdatedAt), updatedAt: m.UpdatedAt, Definition: MetricDefinition{
		Aggregate: d.Aggregate, Source: d.Source, Field: d.Field, Types: d.Types, Sales: d.Sales, Money: d.Money, Format: d.Format, Unit: d.Unit, ShortUnit: d.ShortUnit, Decimals: d.Decimals,
	}}
	for _, n := range d.Propositions {
		v.Definition.PropositionIDs = append(v.Definition.PropositionIDs, id.Format(id.Proposition, n))
	}
	if d.Over != 0 {
		v.Definition.OverID, v.Definition.UnderID = id.Format(id.Metric, d.Over), id.Format(id.Metric, d.Under)
	}
	return v
}

type metricListInput struct {
	Paging
	Search string `query:"search" doc:"Part of the name."`
}

func (s *Server) listMetrics(ctx context.Context, in *metricListInput, r page.Request) (page.Page[MetricView], error) {
	p, err := s.Store.ListMetrics(ctx, caller(ctx).TenantID, in.Search, r)
	return page.Map(p, viewMetric), err
}

type metricInput struct {
	Body struct {
		Name       string           `json:"name"`
		Definition MetricDefinition `json:"definition"`
	}
}

func (s *Server) addMetric(ctx context.Context, in *metricInput) (MetricView, error) {
	d, err := in.Body.Definition.read()
	if err != nil {
		return MetricView{}, err
	}
	m, err := s.Store.AddMetric(ctx, metric.Metric{TenantID: caller(ctx).TenantID, Name: in.Body.Name, Definition: d})
	return viewMetric(m), err
}

func (s *Server) getMetric(ctx context.Context, in *idInput) (MetricView, error) {
	m, err := s.metric(ctx, in.ID)
	return viewMetric(m), err
}

func (s *Server) metric(ctx context.Context, text string) (metric.Metric, error) {
	n, err := number(id.Metric, "metric", text)
	if err != nil {
		return metric.Metric{}, err
	}
	return s.Store.Metric(ctx, caller(ctx).TenantID, n)
}

type metricChangeInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name       *string           `json:"name,omitempty"`
		Definition *MetricDefinition `json:"definition,omitempty" doc:"The whole of it."`
	}
}

func (s *Server) changeMetric(ctx context.Context, in *metricChangeInput) (MetricView, error) {
	n, err := number(id.Metric, "metric", in.ID)
	if err != nil {
		return MetricView{}, err
	}
	var d metric.Definition
	if in.Body.Definition != nil {
		if d, err = in.Body.Definition.read(); err != nil {
			return MetricView{}, err
		}
	}
	m, err := s.Store.ChangeMetric(ctx, caller(ctx).TenantID, n, func(m metric.Metric, whole func(int64) (metric.Metric, error)) (metric.Metric, error) {
		if err := match(in.IfMatch, etag(m.UpdatedAt)); err != nil {
			return m, err
		}
		if in.Body.Name != nil {
			m.Name = *in.Body.Name
		}
		if in.Body.Definition != nil {
			m.Definition = d
		}
		return m.Checked(whole)
	})
	return viewMetric(m), err
}

func (s *Server) dropMetric(ctx context.Context, in *idInput) error {
	n, err := number(id.Metric, "metric", in.ID)
	if err != nil {
		return err
	}
	return s.Store.DropMetric(ctx, caller(ctx).TenantID, n)
}

// lastDays are told of where nobody says which.
const lastDays = 30

// Stretch is the time that values are of.
type Stretch struct {
	From   time.Time `query:"from" doc:"Else the last days count."`
	To     time.Time `query:"to" doc:"Now, unless said."`
	Days   int       `query:"days" minimum:"1" maximum:"3660" doc:"Without from: so many days of the tenant's time zone, that of to being the last; 30, unless said."`
	Bucket string    `query:"bucket" enum:"hour,day,week,month" doc:"day, unless said; in the tenant's time zone, whole ones, but where days cut the first and the last. At most 800."`
	By     string    `query:"by" enum:"agent,team" doc:"Also of each; as records are linked now. A record's own team goes before that of its agent."`
}

func (s *Server) window(ctx context.Context, in Stretch) (metric.Window, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return metric.Window{}, err
	}
	zone, err := time.LoadLocation(t.TimeZone)
	if err != nil {
		return metric.Window{}, err
	}
	if in.To.IsZero() {
		in.To = s.Now()
	}
	if in.Bucket == "" {
		in.Bucket = metric.Day
	}
	if in.From.IsZero() {
		return metric.LastDays(in.To, cmp.Or(in.Days, lastDays), in.Bucket, zone)
	}
	return metric.NewWindow(in.From, in.To, in.Bucket, zone)
}

// MetricValues are values over time.
type MetricValues struct {
	Bucket string         `json:"bucket"`
	Zone   string         `json:"time_zone"`
	Edges  []time.Time    `json:"edges" nullable:"false" doc:"The beginnings of the buckets, and the end of the last."`
	All    MetricSeries   `json:"all"`
	By     []MetricSeries `json:"by" nullable:"false" doc:"The largest first."`
	More   bool           `json:"more" doc:"There are more than 500."`
	Mixed  *MetricMixed   `json:"mixed" doc:"Not null: it adds money to what is none, so what it shows means neither."`
}

// MetricMixed is how many of the values that were added up are money, and how many are not.
type MetricMixed struct {
	Money int64 `json:"money"`
	Other int64 `json:"other"`
}

// MetricSeries are the values of one agent, one team, or all.
type MetricSeries struct {
	ID     *string    `json:"id" doc:"null: of all, or of what is linked to nobody."`
	Name   string     `json:"name"`
	Points []anything `json:"points" nullable:"false" doc:"One for each bucket; null: there is none, as in a ratio to nothing."`
	Total  anything   `json:"total" doc:"Of the whole time. For contacts and ratios it is not the sum of the points."`
}

func viewNumber(r *big.Rat) anything {
	if r == nil {
		return anything("null")
	}
	return anything(json.Number(metric.Text(r)))
}

func viewSeries(v metric.Series, prefix string) MetricSeries {
	s := MetricSeries{ID: idOrNull(prefix, v.ID), Name: v.Name, Points: make([]anything, len(v.Points)), Total: viewNumber(v.Total)}
	for i, p := range v.Points {
		s.Points[i] = viewNumber(p)
	}
	return s
}

func viewValues(v metric.Values, by metric.By) MetricValues {
	out := MetricValues{Bucket: v.Window.Bucket, Zone: v.Window.Zone.String(), All: viewSeries(v.All, id.Agent), By: []MetricSeries{}, More: v.More}
	for _, e := range v.Window.Edges {
		out.Edges = append(out.Edges, at(e))
	}
	prefix := id.Agent
	if by == metric.ByTeam {
		prefix = id.Team
	}
	for _, one := range v.By {
		out.By = append(out.By, viewSeries(one, prefix))
	}
	return out
}

func (s *Server) values(ctx context.Context, d metric.Definition, in Stretch) (MetricValues, error) {
	w, err := s.window(ctx, in)
	if err != nil {
		return MetricValues{}, err
	}
	v, err := metric.Compute(ctx, s.Store, caller(ctx).TenantID, d, w, metric.By(in.By))
	if err != nil {
		return MetricValues{}, err
	}
	view := viewValues(v, metric.By(in.By))
	mixed, err := metric.MixedIn(ctx, s.Store, caller(ctx).TenantID, d, w)
	if mixed != nil {
		view.Mixed = &MetricMixed{mixed.Money, mixed.Other}
	}
	return view, err
}

type metricValuesInput struct {
	ID string `path:"id"`
	Stretch
}

func (s *Server) metricValues(ctx context.Context, in *metricValuesInput) (MetricValues, error) {
	m, err := s.metric(ctx, in.ID)
	if err != nil {
		return MetricValues{}, err
	}
	return s.values(ctx, m.Definition, in.Stretch)
}

type metricPreviewInput struct {
	Stretch
	Body MetricDefinition
}

func (s *Server) previewMetric(ctx context.Context, in *metricPreviewInput) (MetricValues, error) {
	d, err := in.Body.read()
	if err != nil {
		return MetricValues{}, err
	}
	tenant := caller(ctx).TenantID
	m, err := metric.Metric{TenantID: tenant, Name: "preview", Definition: d}.Checked(func(n int64) (metric.Metric, error) { return s.Store.Metric(ctx, tenant, n) })
	if err != nil {
		return MetricValues{}, err
	}
	return s.values(ctx, m.Definition, in.Stretch)
}

type metricRecordsInput struct {
	Paging
	ID      string    `path:"id"`
	From    time.Time `query:"from" doc:"The beginning of the last 30 days, of which that of to is one, unless said."`
	To      time.Time `query:"to" doc:"Now, unless said; not itself within."`
	AgentID string    `query:"agent_id"`
	TeamID  string    `query:"team_id"`
	Nobody  bool      `query:"unlinked" doc:"Only those of agents' identities that are not linked."`
	NoTeam  bool      `query:"without_team" doc:"Only those that count for no team: of agents in none, or not linked."`
	Part    string    `query:"part" enum:"over,under" doc:"Of a ratio: whose records; over, unless said."`
}

// MetricRecord is a record that makes a number.
type MetricRecord struct {
	Kind       string    `json:"kind"`
	ID         string    `json:"id"`
	ExternalID string    `json:"external_id"`
	Moment     time.Time `json:"moment"`
	Type       *string   `json:"type"`
	Value      anything  `json:"value"`
	Agent      *named    `json:"agent"`
	Unlinked   *string   `json:"unlinked_agent" doc:"Where its agent's identity is not linked: what that is called at its provider."`
}

// prefixes of the records of each source.
var prefixes = map[string]string{"activity": id.Activity, "sale": id.Sale, "call": id.Call, "period": id.Period, "anonymous_activity": id.Anonymous}

func viewLine(noun string, l metric.Line) MetricRecord {
	v := MetricRecord{Kind: noun, ID: id.Format(prefixes[noun], l.ID), ExternalID: l.ExternalID, Moment: at(l.Moment), Type: orNull(l.Type), Value: anything("null")}
	if l.Value != "" {
		v.Value = anything(l.Value)
	}
	if l.AgentID != 0 {
		v.Agent = &named{ID: id.Format(id.Agent, l.AgentID), Name: l.AgentName}
	} else {
		v.Unlinked = orNull(l.AgentName)
	}
	return v
}

func (s *Server) metricRecords(ctx context.Context, in *metricRecordsInput, r page.Request) (page.Page[MetricRecord], error) {
	none := page.Page[MetricRecord]{}
	m, err := s.metricPart(ctx, in.ID, in.Part)
	if err != nil {
		return none, err
	}
	who := metric.Who{Nobody: in.Nobody, NoTeam: in.NoTeam}
	if err := filters(filterBy{"agent_id", id.Agent, in.AgentID, &who.AgentID}, filterBy{"team_id", id.Team, in.TeamID, &who.TeamID}); err != nil {
		return none, err
	}
	if err := s.stretch(ctx, &in.From, &in.To); err != nil {
		return none, err
	}
	p, err := s.Store.MetricLines(ctx, m.TenantID, m.Definition, in.From.UnixMicro(), in.To.UnixMicro(), who, r)
	return page.Map(p, func(l metric.Line) MetricRecord { return viewLine(m.Definition.Source, l) }), err
}

// metricPart is a metric; of a ratio, the one above the line or the one below it.
func (s *Server) metricPart(ctx context.Context, text, part string) (metric.Metric, error) {
	m, err := s.metric(ctx, text)
	if err != nil || m.Definition.Aggregate != metric.Ratio {
		return m, err
	}
	n := m.Definition.Over
	if part == "under" {
		n = m.Definition.Under
	}
	return s.Store.Metric(ctx, m.TenantID, n)
}

// stretch puts the last thirty days where nothing was said.
func (s *Server) stretch(ctx context.Context, from, to *time.Time) error {
	if to.IsZero() {
		*to = s.Now()
	}
	if from.IsZero() {
		w, err := s.window(ctx, Stretch{To: *to, Bucket: metric.Month})
		if err != nil {
			return err
		}
		*from = time.UnixMicro(w.Start())
	}
	if !to.After(*from) {
		return fault.New(fault.Invalid, "There is no time between these two moments.").With(fault.Detail{Field: "to", Code: "before_from", Message: "The end must be after the beginning."})
	}
	return nil
}

type metricLeftOutInput struct {
	ID   string    `path:"id"`
	From time.Time `query:"from" doc:"The beginning of the last 30 days, of which that of to is one, unless said."`
	To   time.Time `query:"to" doc:"Now, unless said; not itself within."`
	Part string    `query:"part" enum:"over,under" doc:"Of a ratio: whose records; over, unless said."`
}

// MetricLeftOut is what counts for nobody.
type MetricLeftOut struct {
	Records    int64 `json:"records" doc:"At most 10,001: that many or more."`
	Identities int64 `json:"identities" doc:"That they are of."`
}

func (s *Server) metricLeftOut(ctx context.Context, in *metricLeftOutInput) (MetricLeftOut, error) {
	m, err := s.metricPart(ctx, in.ID, in.Part)
	if err != nil {
		return MetricLeftOut{}, err
	}
	if err := s.stretch(ctx, &in.From, &in.To); err != nil {
		return MetricLeftOut{}, err
	}
	records, identities, err := s.Store.MetricLeftOut(ctx, m.TenantID, m.Definition, in.From.UnixMicro(), in.To.UnixMicro())
	return MetricLeftOut{records, identities}, err
}

// mostRecordTypes are told at once.
const mostRecordTypes = 100

type recordTypesInput struct {
	Source string `query:"source" enum:"activity,period,anonymous_activity" doc:"activity, unless said."`
	Search string `query:"search" doc:"Part of the type."`
}

// RecordTypes are types that records have.
type RecordTypes struct {
	Types []string `json:"types" nullable:"false" doc:"At most 100."`
}

func (s *Server) recordTypes(ctx context.Context, in *recordTypesInput) (RecordTypes, error) {
	source, _ := metric.SourceOf(cmp.Or(in.Source, "activity"))
	types, err := s.Store.RecordTypes(ctx, caller(ctx).TenantID, source, in.Search, mostRecordTypes)
	return RecordTypes{append([]string{}, types...)}, err
}

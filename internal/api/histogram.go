package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
)

// Parts is into how many parts a chart cuts its span of time.
type Parts struct {
	Parts int `query:"parts" minimum:"1" maximum:"120" doc:"Bars of the chart; 60 unless said."`
}

type chartView struct {
	Bars     []barView `json:"bars"`
	Narrowed bool      `json:"narrowed" doc:"False: there is so much that it is counted by what an index finds alone, without the rest of the filter."`
}

type barView struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	All  int       `json:"all"`
	Bad  int       `json:"bad" doc:"Of all: failed, or with errors."`
}

func viewChart(c pipeline.Chart) chartView {
	v := chartView{Bars: make([]barView, len(c.Bars)), Narrowed: c.Narrowed}
	for i, b := range c.Bars {
		v.Bars[i] = barView{From: at(b.From), To: at(b.To), All: b.All, Bad: b.Bad}
	}
	return v
}

const (
	partsDefault = 60
	chartDefault = 24 * time.Hour
)

// chart settles the span and parts of a chart: the last 24 hours where nothing is said.
func (s *Server) chart(after, before *int64, parts Parts, draw func(parts int) (pipeline.Chart, error)) (chartView, error) {
	if *before == 0 {
		*before = s.Now().UnixMicro()
	}
	if *after == 0 {
		*after = *before - chartDefault.Microseconds()
	}
	if *after >= *before {
		return chartView{}, fault.New(fault.Invalid, "The span of time ends before it begins: “after” must be earlier than “before”.")
	}
	if parts.Parts == 0 {
		parts.Parts = partsDefault
	}
	c, err := draw(parts.Parts)
	return viewChart(c), err
}

type executionChartInput struct {
	Parts
	ExecutionQuery
}

func (s *Server) executionHistogram(ctx context.Context, in *executionChartInput) (chartView, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return chartView{}, err
	}
	return s.chart(&f.After, &f.Before, in.Parts, func(parts int) (pipeline.Chart, error) { return s.Store.Histogram(ctx, f, parts) })
}

type callChartInput struct {
	Parts
	CallQuery
}

func (s *Server) callHistogram(ctx context.Context, in *callChartInput) (chartView, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return chartView{}, err
	}
	return s.chart(&f.After, &f.Before, in.Parts, func(parts int) (pipeline.Chart, error) { return s.Store.CallHistogram(ctx, f, parts) })
}

type deliveryChartInput struct {
	Parts
	DeliveryQuery
}

func (s *Server) deliveryHistogram(ctx context.Context, in *deliveryChartInput) (chartView, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return chartView{}, err
	}
	return s.chart(&f.After, &f.Before, in.Parts, func(parts int) (pipeline.Chart, error) { return s.Store.DeliveryHistogram(ctx, f, parts) })
}

type causesInput struct{ ExecutionQuery }

type errorCausesView struct {
	Causes []errorCauseView `json:"causes"`
	Looked int              `json:"looked" doc:"So many of the newest executions with errors were grouped."`
	All    bool             `json:"all" doc:"There are no older ones."`
}

type errorCauseView struct {
	ProcessorID   string    `json:"processor_id"`
	ProcessorName string    `json:"processor_name"`
	ErrorCode     string    `json:"error_code"`
	Instruction   string    `json:"instruction" doc:"Id of the step."`
	Field         string    `json:"field"`
	Message       string    `json:"message" said:"ours" unless:"failed" doc:"Of the newest."`
	Count         int       `json:"count"`
	NewestID      string    `json:"newest_execution_id"`
	FirstAt       time.Time `json:"first_at"`
	LastAt        time.Time `json:"last_at"`
}

func (s *Server) causes(ctx context.Context, in *causesInput) (errorCausesView, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return errorCausesView{}, err
	}
	c, err := s.Store.Causes(ctx, f)
	v := errorCausesView{Causes: make([]errorCauseView, len(c.Causes)), Looked: c.Looked, All: c.All}
	for i, one := range c.Causes {
		v.Causes[i] = errorCauseView{
			ProcessorID: id.Format(id.Processor, one.ProcessorID), ProcessorName: one.ProcessorName, ErrorCode: one.Code, Instruction: one.Instruction,
			Field: one.Field, Message: one.Message, Count: one.Count, NewestID: id.Format(id.Execution, one.Newest), FirstAt: at(one.First), LastAt: at(one.Last),
		}
	}
	return v, err
}

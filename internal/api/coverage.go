package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/spec/coverage"
)

type coverageInput struct {
	ID         string `path:"id"`
	Deliveries int    `query:"deliveries" minimum:"1" maximum:"10000" default:"1000" doc:"How many of the last ones, at most."`
	Version    int    `query:"version" minimum:"0" default:"0" doc:"Of the spec; 0, or left out: the current one. Executions of versions with the same program count."`
}

// coverageView is what the last deliveries came by in a spec.
type coverageView struct {
	Version      int        `json:"version"`
	Program      string     `json:"program" doc:"As the list of versions shows it."`
	Deliveries   int        `json:"deliveries" doc:"That were counted, each with the last execution on it."`
	From         *time.Time `json:"from" doc:"When the first of them was received."`
	To           *time.Time `json:"to" doc:"When the last of them was received."`
	Left         int        `json:"left" doc:"Executions that no longer match their digest, and so do not count."`
	Instructions shareView  `json:"instructions"`
	Branches     shareView  `json:"branches" doc:"A branch that is not written, such as the else of an if_else without one, is one too."`
}

type shareView struct {
	Reached int        `json:"reached"`
	All     int        `json:"all"`
	Spots   []spotView `json:"spots" doc:"Those that nothing came by first, else as they stand in the spec."`
}

type spotView struct {
	Pointer     string `json:"pointer" doc:"JSON Pointer into the spec."`
	Instruction string `json:"instruction_id"`
	Type        string `json:"type"`
	Branch      string `json:"branch,omitempty"`
	Count       int    `json:"count" doc:"Each item of a loop counts."`
}

func viewShare(s coverage.Share, counts []coverage.Spot) shareView {
	v := shareView{Reached: s.Reached, All: s.All, Spots: make([]spotView, len(counts))}
	for i, c := range counts {
		v.Spots[i] = spotView(c)
	}
	return v
}

func (s *Server) getCoverage(ctx context.Context, in *coverageInput) (coverageView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return coverageView{}, err
	}
	if _, err := s.Store.Processor(ctx, caller(ctx).TenantID, n); err != nil {
		return coverageView{}, err
	}
	c, err := explain.Cover(ctx, s.Store, s.Library, caller(ctx).TenantID, n, in.Version, in.Deliveries)
	if err != nil {
		return coverageView{}, err
	}
	instructions, branches := c.Coverage.Counts()
	return coverageView{
		Version: c.Version.Number, Program: shortHash(c.Version.ProgramHash), Deliveries: c.Deliveries, Left: c.Left,
		From: atOrNull(c.From), To: atOrNull(c.To),
		Instructions: viewShare(c.Coverage.Instructions(), instructions), Branches: viewShare(c.Coverage.Branches(), branches),
	}, nil
}

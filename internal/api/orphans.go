package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
)

type orphansInput struct {
	ID     string `path:"id"`
	Accept string `header:"Accept" doc:"application/x-ndjson: lines of progress, then the result. Hanging up cancels."`
}

type orphansView struct {
	Version    int          `json:"version" doc:"The present one of the processor."`
	Deliveries int          `json:"deliveries" doc:"That were run."`
	Things     int          `json:"things" doc:"Records and external identities that the processor made."`
	Count      int          `json:"count" doc:"Of the orphans; the first 1,000 are listed."`
	Orphans    []OrphanView `json:"orphans"`
	NotJudged  []NotRunView `json:"not_judged" doc:"Deliveries that could not be run: what was made from them is not among the orphans."`
	Notes      []string     `json:"notes" said:"ours"`
}

// OrphanView is a record or external identity that no present spec would make.
type OrphanView struct {
	Noun        string  `json:"noun" doc:"sale, agent_identity …"`
	ID          string  `json:"id"`
	ExternalID  string  `json:"external_id"`
	DeliveryID  string  `json:"delivery_id" doc:"It was made from."`
	ExecutionID *string `json:"execution_id" doc:"That made it; POST /v1/executions/{id}/undo takes it back, with what else that wrote."`
	Version     int     `json:"version" doc:"Of the spec that made it."`
	Step        string  `json:"step"`
	LastSet     *string `json:"last_delivery_id" doc:"The newest delivery that set one of its fields."`
	Why         string  `json:"why" said:"ours"`
}

func (s *Server) orphans(ctx context.Context, in *orphansInput, progress func(ProgressView)) (orphansView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return orphansView{}, err
	}
	r, err := s.Trials.Orphans(ctx, caller(ctx).TenantID, n, func(p trial.Progress) { progress(ProgressView(p)) })
	if err != nil {
		return orphansView{}, err
	}
	v := orphansView{
		Version: r.Version, Deliveries: r.Deliveries, Things: r.Things, Count: r.Count, Orphans: make([]OrphanView, len(r.Orphans)),
		NotJudged: viewNotRun(r.NotJudged), Notes: append([]string{}, r.Notes...),
	}
	for i, o := range r.Orphans {
		v.Orphans[i] = OrphanView{
			Noun: o.Key.Noun, ID: id.Format(prefixOf(o.Key.Noun), o.ID), ExternalID: o.Key.ExternalID,
			DeliveryID: id.Format(id.Delivery, o.Maker.Delivery), ExecutionID: idOrNull(id.Execution, o.Maker.Execution),
			Version: o.Maker.Version, Step: o.Maker.Instruction, LastSet: idOrNull(id.Delivery, o.Mark.Number), Why: o.Why,
		}
	}
	return v, nil
}

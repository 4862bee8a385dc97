package api

import (
	"context"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// bulkTriedView says what runs would do on the records as they are, where nothing newer is written over; each counts once.
type bulkTriedView struct {
	Runs    int64   `json:"runs" doc:"That were tried: the first of them, at most 20. 0: what was looked at has nothing to run."`
	New     int64   `json:"new" doc:"Would make something that is not there."`
	Changed int64   `json:"changed" doc:"Would change something, and make nothing."`
	Same    int64   `json:"same" doc:"Would leave all as it is."`
	Failed  int64   `json:"failed" doc:"Would fail, or fail in part."`
	Untried int64   `json:"untried" doc:"Cannot be tried out: they need what is fetched anew, or their processor is gone."`
	Error   *string `json:"error" said:"ours" doc:"What the first of those that fail would say."`
}

// mostTried is how many runs a preview tries out: some milliseconds each.
const mostTried = 20

// previewOperation says to how many something would be done, and what the first runs would do.
func (s *Server) previewOperation(ctx context.Context, o bulk.Operation) (v bulkOperationView, err error) {
	o.State = bulk.Done
	if o.Total, err = s.Bulk.Preview(ctx, o); err != nil {
		return v, err
	}
	v = viewOperation(o)
	if !o.Verb.Runs() {
		return v, nil
	}
	runs, err := s.firstRuns(ctx, o)
	if err != nil {
		return v, err
	}
	tried := &bulkTriedView{}
	for _, ask := range runs {
		dry, err := s.Trials.DryRun(ctx, ask)
		if err != nil {
			if fault.Ours(err) {
				return v, err
			}
			tried.Runs++
			tried.Untried++
			continue
		}
		tried.add(dry)
	}
	v.Tried = tried
	return v, nil
}

// firstRuns are the first runs of an operation that runs specs, as trials.
func (s *Server) firstRuns(ctx context.Context, o bulk.Operation) (runs []trial.Dry, err error) {
	tenant := o.By.TenantID
	dry := func(processor, delivery int64) {
		if len(runs) < mostTried {
			runs = append(runs, trial.Dry{Tried: trial.Tried{TenantID: tenant, Processor: processor}, Delivery: delivery})
		}
	}
	first, err := s.Bulk.First(ctx, o, mostTried)
	if err != nil {
		return nil, err
	}
	for _, number := range first {
		if o.Verb == bulk.Replay {
			e, err := s.Store.Execution(ctx, tenant, number)
			if fault.Is(err, fault.NotFound) {
				continue // it is told when the operation is done
			}
			if err != nil {
				return nil, err
			}
			dry(e.ProcessorID, e.DeliveryID)
			continue
		}
		linked, ran, err := s.Store.ProcessorsOf(ctx, tenant, number)
		if err != nil {
			return nil, err
		}
		for _, processor := range linked {
			if !slices.Contains(ran, processor) {
				dry(processor, number)
			}
		}
	}
	return runs, nil
}

func (t *bulkTriedView) fails(message string) {
	t.Runs++
	t.Failed++
	if t.Error == nil {
		t.Error = &message
	}
}

func (t *bulkTriedView) add(dry *trial.DryRun) {
	if status := dry.Execution.Status; status == run.Failed || status == run.Partial {
		message := ""
		if len(dry.Execution.Errors) > 0 {
			message = dry.Execution.Errors[0].Message
		}
		t.fails(message)
		return
	}
	t.Runs++
	has := func(outcome string) bool {
		return slices.ContainsFunc(dry.Things, func(one trial.Thing) bool { return one.Outcome == outcome })
	}
	switch {
	case has(trial.Created):
		t.New++
	case has(trial.Changed):
		t.Changed++
	default:
		t.Same++
	}
}

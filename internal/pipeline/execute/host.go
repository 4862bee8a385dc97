package execute

import (
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// host is the stage as a run sees it: on behalf of one execution.
type host struct {
	stage  *record.Stage
	tenant *plan.Tenant
	writer record.Writer
}

func (h *host) Apply(e run.Effect) (run.Answer, error) {
	if e.Kind == run.Ask { // the run has no answer to this one yet, else it would not come here
		return run.Answer{}, &run.ErrPending{Question: e.Noun, Fields: e.Fields}
	}
	return h.stage.Apply(&h.writer, &e)
}

func (h *host) Begin() { h.stage.Begin() }

func (h *host) End(keep bool) { h.stage.End(keep) }

func (h *host) Pseudonym(kind, text string) (string, error) {
	return pseudonym.Of(h.tenant.PseudonymKey, h.tenant.Country, kind, text)
}

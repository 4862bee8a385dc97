package execute

import (
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// host is the stage as a run sees it: on behalf of one execution.
type host struct {
	stage  *record.Stage
	before int   // how much was applied on the stage
	after  *host // of the run that this one follows; nil: none
	tenant *plan.Tenant
	named  func(kind, text string) (string, error) // see Program.Pseudonym
	writer record.Writer
	watch  Watch // nil: nobody watches
	wrote  []Wrote
	open   []int // of each open unit, how much was written before it
	buffer [8]Wrote
}

func (h *host) Apply(e run.Effect) (run.Answer, error) {
	if e.Kind == run.Ask { // the run has no answer to this one yet, else it would not come here
		return run.Answer{}, &run.ErrPending{Question: e.Noun, Fields: slices.Clone(e.Fields)}
	}
	a, err := h.stage.Apply(&h.writer, &e)
	if err == nil {
		h.write(&e, &a)
		if h.watch != nil {
			h.watch.Applied(e, a)
		}
	}
	return a, err
}

// write notes what an effect wrote: the record or identity it is about, and the others it changed.
func (h *host) write(e *run.Effect, a *run.Answer) {
	switch e.Kind {
	case run.UpsertIdentity, run.UpsertRecord, run.InsertPeriodChange:
		w := Wrote{Noun: e.Noun, Identity: e.Kind == run.UpsertIdentity, ExternalID: e.Key, Outcome: a.Outcome}
		if it := a.Result.Entity(); it != nil { // of a period change perhaps another one
			w.ExternalID = it.ExternalID()
		}
		h.wrote = append(h.wrote, w)
	}
	for _, t := range a.Touched {
		if t.Outcome == run.Updated {
			h.wrote = append(h.wrote, Wrote{Noun: e.Noun, ExternalID: t.ExternalID, Outcome: t.Outcome})
		}
	}
}

func (h *host) Applied() int { return h.stage.Applied() - h.before }

func (h *host) Repeat(from, to int) bool {
	if !h.stage.Repeat(h.after.stage, h.after.before+from, h.after.before+to) {
		return false
	}
	if h.watch != nil {
		h.watch.Repeated(h.after.watch, from, to)
	}
	return true
}

func (h *host) Begin() {
	h.stage.Begin()
	h.open = append(h.open, len(h.wrote))
	if h.watch != nil {
		h.watch.Begin()
	}
}

func (h *host) End(keep bool) {
	h.stage.End(keep)
	last := len(h.open) - 1
	if !keep {
		h.wrote = h.wrote[:h.open[last]]
	}
	h.open = h.open[:last]
	if h.watch != nil {
		h.watch.End(keep)
	}
}

func (h *host) Pseudonym(kind, text string) (string, error) {
	if h.named != nil {
		return h.named(kind, text)
	}
	return pseudonym.OfForm(h.tenant.PseudonymKey, text), nil
}

package execute

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Program is the unit of one processor on one delivery. The fields are set by who makes it and not changed after.
type Program struct {
	Tenant   *plan.Tenant
	Link     *plan.Link
	Delivery *pipeline.Delivery // its number may come later, before Run
	Item     value.Value        // the delivery's body
	Kind     pipeline.ExecutionKind
	// Fetched is what was fetched for the delivery so far; a run whose program needs more waits for it.
	Fetched []pipeline.Enrichment
	// Stored is a waiting execution that is run again; nil makes a new one.
	Stored *pipeline.Execution
	// Given are answers to open questions that came since Stored was kept.
	Given []value.Value
	// OverwriteNewer: the writes count as a delivery of their own moment.
	OverwriteNewer bool
	// Pseudonym makes the pseudonyms of unmarked values instead of the tenant's key; nil: the key does.
	Pseudonym func(kind, text string) (string, error)
	// Watch is told what the runs do; nil: nobody is.
	Watch Watch
	// Bare is that of run.Environment: the execution gets neither answers nor a digest, and is gone with the next Run.
	Bare bool
	// Track of a Bare run is kept for a unit of another program beside it, on a stage beside its own; nil: for none.
	Track *run.Track
	// After is such a unit that has just run with a Track, on the same delivery at the same position; nil: none. What is
	// InCommon with its program is not run again where it comes to the same.
	After    *Program
	InCommon *run.InCommon
	// ItemHash is that of run.Environment; the zero one is replaced when a run needs it.
	ItemHash [32]byte

	enriched *Enriched // made of Fetched, once a run has needed it
	number   int64     // with OverwriteNewer
	hold     pipeline.Reason
	failure  string
	outcome  Outcome
	host     host               // of the last run
	bare     pipeline.Execution // of the last run that was Bare
}

// Watch is told what the effects of a run came to, as its stage is. Units nest: what was applied in one that is not kept
// never was. It is given what is not changed after and may be kept, but for an effect's Fields, of which it keeps a copy; all
// comes by value, so that a run that nobody watches allocates nothing for it.
type Watch interface {
	Applied(e run.Effect, a run.Answer)
	Begin()
	End(keep bool)
	// Repeated tells that the effects of another watched run, from the one up to the other in the order in which it was
	// told of them, were applied in this one, too, and came to the same.
	Repeated(other Watch, from, to int)
}

// Need runs the program once on a stage where nothing is and that notes what it is asked for.
func (p *Program) Need(need *record.Need) {
	// A program that cannot run here cannot run there either, and there the error has somebody to go to.
	_ = p.Run(record.NewNoting(need))
}

// Outcome is what the last Run left.
func (p *Program) Outcome() Outcome { return p.outcome }

// GiveUp makes every later Run leave a failed execution.
func (p *Program) GiveUp(message string) { p.failure = message }

// Defer makes every later Run leave a waiting execution.
func (p *Program) Defer(reason pipeline.Reason) { p.hold = reason }

// Lane is that of a delivery that has just come in and was not told to wait already.
func (p *Program) Lane() (pipeline.Lane, bool) {
	return pipeline.Lane{SourceID: p.Delivery.SourceID, ProcessorID: p.Link.ProcessorID}, p.Kind == pipeline.Live && p.Stored == nil && p.hold == ""
}

// WantsNumber reports whether the writes need a number of their own.
func (p *Program) WantsNumber() bool { return p.OverwriteNewer }

// TakeNumber gives the writes a number of their own.
func (p *Program) TakeNumber(number int64) { p.number = number }

// Run runs the program, or keeps it waiting where its link or Defer says so.
func (p *Program) Run(stage *record.Stage) error {
	p.outcome = Outcome{}
	if p.Stored != nil && !stage.StillWaits(p.Stored.ID) {
		return nil
	}
	e := p.execution(stage)
	reason, err := p.reason()
	switch {
	case err != nil:
		return err
	case p.failure != "":
		e.Status = run.Failed
		e.Counts.Failed = 1
		e.Errors = []*run.DataError{{
			Code:    "failed",
			Message: p.failure,
			Remedy:  "Look at the values this delivery brings; run it again when they can be kept.",
		}}
	case reason != "":
		e.Status = run.Waiting
		e.Reason = reason
		if p.Stored != nil {
			e.Asked = p.Stored.Asked
		}
	default:
		wrote, err := p.run(stage, e)
		if err != nil {
			return err
		}
		p.outcome.Wrote = wrote
	}
	p.outcome.Execution, p.outcome.Stored = e, p.Stored != nil
	return nil
}

// reason why the execution has to wait; "": it can run.
func (p *Program) reason() (pipeline.Reason, error) {
	switch {
	case p.hold == pipeline.ReasonParked: // it goes before all else: running it is what has to be avoided
		return p.hold, nil
	case p.Link.Wait != "":
		return pipeline.Reason(p.Link.Wait), nil
	case len(p.Link.Program.Enrichments) == 0:
		return p.hold, nil
	}
	if p.enriched == nil {
		enriched, err := Enrich(p.Link.Program, p.Tenant, p.Fetched)
		if err != nil {
			return "", err
		}
		p.enriched = &enriched
	}
	if len(p.enriched.Missing) > 0 && p.enriched.GivenUp == nil { // one that was given up fails the run, whatever the others are
		return pipeline.ReasonEnriching, nil
	}
	return p.hold, nil
}

// execution is what is known before the run.
func (p *Program) execution(stage *record.Stage) *pipeline.Execution {
	e := &p.bare
	if !p.Bare {
		e = &pipeline.Execution{}
	}
	*e = pipeline.Execution{
		TenantID:      p.Delivery.TenantID,
		DeliveryID:    p.Delivery.Number,
		SourceID:      p.Delivery.SourceID,
		ProcessorID:   p.Link.ProcessorID,
		Version:       p.Link.Version,
		EnvironmentID: p.Link.EnvironmentID,
		Position:      p.Link.Position,
		Number:        p.Delivery.Number,
		Kind:          p.Kind,
		Enrichments:   p.Fetched,
		RanAt:         stage.Now(),
	}
	if p.OverwriteNewer {
		e.Number = p.number
	}
	if p.Stored != nil {
		e.ID = p.Stored.ID
		e.Kind = p.Stored.Kind
		e.Number = p.Stored.Number
	} else {
		e.ID = stage.NewID()
	}
	return e
}

func (p *Program) run(stage *record.Stage, e *pipeline.Execution) ([]Wrote, error) {
	answers, err := p.answers()
	if err != nil {
		return nil, err
	}
	if p.ItemHash == ([32]byte{}) && !p.Bare {
		p.ItemHash = run.HashValue(p.Item)
	}
	env := run.Environment{
		ItemHash:   p.ItemHash,
		Zone:       p.Link.Zone,
		Country:    p.Link.Country,
		ReceivedAt: p.Delivery.ReceivedAt,
		Constants:  p.Link.Constants,
		Answers:    answers,
		Bare:       p.Bare,
	}
	if p.enriched != nil {
		env.Enrichments, env.Unfetched = p.enriched.Values, p.enriched.GivenUp
	}
	h := &p.host
	*h = host{
		stage:  stage,
		before: stage.Applied(),
		tenant: p.Tenant,
		named:  p.Pseudonym,
		watch:  p.Watch,
		writer: record.Writer{
			TenantID:   p.Delivery.TenantID,
			ProviderID: p.Delivery.ProviderID,
			Mark:       record.Mark{Number: e.Number, Position: int32(e.Position)},
			Maker: record.Maker{
				Origin:    record.FromProvider,
				OriginID:  p.Delivery.ProviderID,
				Delivery:  p.Delivery.Number,
				Execution: e.ID,
				Processor: e.ProcessorID,
				Version:   e.Version,
			},
		},
	}
	h.wrote = h.buffer[:0]
	depth := stage.Depth()
	stage.Begin()
	var result run.Result
	switch {
	case p.After != nil:
		h.after = &p.After.host
		result, err = run.Follow(p.Link.Program, p.Item, env, h, p.After.Track, p.InCommon)
	case p.Track != nil:
		result, err = run.Lead(p.Link.Program, p.Item, env, h, p.Track)
	default:
		result, err = run.Run(p.Link.Program, p.Item, env, h)
	}
	if missing := stage.Missing(); missing != nil {
		err = missing
	}
	if err != nil {
		stage.Unwind(depth)
		return nil, err
	}
	stage.End(true)
	e.Status = result.Status
	e.Counts = result.Counts
	e.Errors = result.Errors
	switch {
	case result.Pending != nil:
		e.Reason = pipeline.ReasonAsked
		e.Asked = asked(result.Pending, answers)
		h.wrote = nil
	case p.Bare:
	default:
		e.Answers = result.Answers
		digest := result.Digest // alone on the heap, not the whole result with it
		e.Digest = digest[:]
		if len(answers) > 0 { // recompute needs them
			e.Asked = &pipeline.Asked{Answers: texts(answers)}
		}
	}
	return h.wrote, nil
}

// answers are those kept with the stored execution, and after them those that came since.
func (p *Program) answers() ([]value.Value, error) {
	if p.Stored == nil {
		return p.Given, nil
	}
	answers, err := Answers(p.Stored.Asked)
	if err != nil {
		return nil, fmt.Errorf("execution %d: %w", p.Stored.ID, err)
	}
	return append(answers, p.Given...), nil
}

// Answers reads those that are kept with an execution; one that asked nothing has none.
func Answers(a *pipeline.Asked) ([]value.Value, error) {
	if a == nil {
		return nil, nil
	}
	answers := make([]value.Value, len(a.Answers))
	for i, stored := range a.Answers {
		v, syntax := value.ParseJSON(stored, value.Limits{Bytes: len(stored) + 1})
		if syntax != nil {
			return nil, fmt.Errorf("stored answer %d: %w", i, syntax)
		}
		answers[i] = v
	}
	return answers, nil
}

// asked is the open question with the answers before it, as it is stored.
func asked(pending *run.ErrPending, answers []value.Value) *pipeline.Asked {
	fields := make([]value.Member, len(pending.Fields))
	for i, f := range pending.Fields {
		fields[i] = value.Member{Key: f.Name, Value: f.Value}
	}
	return &pipeline.Asked{Question: pending.Question, Fields: value.Object(fields).AppendJSON(nil), Answers: texts(answers)}
}

func texts(values []value.Value) [][]byte {
	all := make([][]byte, len(values))
	for i, v := range values {
		all[i] = v.AppendJSON(nil)
	}
	return all
}

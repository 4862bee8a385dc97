// Package explain recomputes what an execution did: from the delivery, the spec version and the environment it ran
// with, and the answers it got. It runs nothing and changes nothing; a digest proves that what it shows is what ran.
package explain

import (
	"bytes"
	"context"
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Store is where executions and what they depended on are kept.
type Store interface {
	Execution(ctx context.Context, tenantID, id int64) (pipeline.ExecutionLine, error)
	Delivery(ctx context.Context, tenantID, number int64) (pipeline.DeliveryLine, error)
	SpecVersion(ctx context.Context, tenantID, processorID int64, number int) (processor.Version, error)
	Environment(ctx context.Context, id int64) (plan.Environment, error)
	// Door is that of a source as it is now, deleted or not; nil where nothing is marked.
	Door(ctx context.Context, lib *library.Library, tenantID, sourceID int64) (*pseudonym.Door, error)
	// FormerDoors are those that the source had before, the newest first.
	FormerDoors(ctx context.Context, lib *library.Library, tenantID, sourceID int64) ([]*pseudonym.Door, error)
	Tenant(ctx context.Context, id int64) (tenant.Tenant, error)
}

// Past is an execution with all that it depended on.
type Past struct {
	Execution   pipeline.ExecutionLine
	Delivery    pipeline.DeliveryLine
	Item        value.Value
	Version     processor.Version
	Spec        *tree.Spec
	Environment plan.Environment
	// Program is a traced one, and With what it ran with. Where the spec no longer compiles it is nil, and Broken says
	// why.
	Program *run.Program
	With    run.Environment
	Broken  error
	// Redacted: the delivery on disk was changed since, so its digest can prove nothing.
	Redacted bool

	fetched []run.Field // With.Enrichments as stored
}

// Explained is an execution with its trace.
type Explained struct {
	*Past
	Tree *trace.Tree
	// Ran is the trace of what ran, as the digest proves; nil where nothing proves it. It is Tree, unless marks for
	// personal data are younger than the execution: then nobody may be shown Ran.
	Ran *trace.Tree
}

// Trace explains one execution of a tenant.
func Trace(ctx context.Context, store Store, lib *library.Library, tenantID, executionID int64) (*Explained, error) {
	e, err := store.Execution(ctx, tenantID, executionID)
	if err != nil {
		return nil, err
	}
	return Recompute(ctx, store, lib, e)
}

// Read gives what an execution, read with its answers and digest, depended on.
func Read(ctx context.Context, store Store, lib *library.Library, e pipeline.ExecutionLine) (*Past, error) {
	p := &Past{Execution: e}
	var err error
	if p.Delivery, err = store.Delivery(ctx, e.TenantID, e.DeliveryID); err != nil {
		return nil, fmt.Errorf("the delivery of execution %d: %w", e.ID, err)
	}
	if p.Item, err = itemOf(ctx, store, lib, e, &p.Delivery.Delivery); err != nil {
		return nil, err
	}
	p.Redacted = p.Delivery.Places.Redacted()
	if p.Version, err = store.SpecVersion(ctx, e.TenantID, e.ProcessorID, e.Version); err != nil {
		return nil, fmt.Errorf("the spec of execution %d: %w", e.ID, err)
	}
	if p.Spec, err = p.Version.Spec(lib); err != nil {
		return nil, err
	}
	if p.Environment, err = store.Environment(ctx, e.EnvironmentID); err != nil {
		return nil, fmt.Errorf("the environment of execution %d: %w", e.ID, err)
	}
	model, _ := lib.Model(p.Spec.SourceModel)
	if p.Program, p.Broken = compile.Compile(p.Spec, lib, compile.Options{Var: model.Var, Traced: true}); p.Broken != nil {
		p.Program = nil
		return p, nil //nolint:nilerr // Broken tells it to who looks
	}
	if p.With, err = ranWith(e, &p.Delivery.Delivery, p.Program, p.Environment); err != nil {
		return nil, err
	}
	p.fetched = p.With.Enrichments
	if len(p.fetched) > 0 {
		err = p.pass(ctx, store)
	}
	return p, err
}

// Recompute explains an execution that was read with its answers and digest.
func Recompute(ctx context.Context, store Store, lib *library.Library, e pipeline.ExecutionLine) (*Explained, error) {
	p, err := Read(ctx, store, lib, e)
	if err != nil {
		return nil, err
	}
	if p.Program == nil {
		model, _ := lib.Model(p.Spec.SourceModel)
		return &Explained{Past: p, Tree: &trace.Tree{
			Revision: p.Environment.Revision, Var: model.Var, Item: trace.V{Value: p.Item},
			Note: "The spec of this execution no longer compiles: " + p.Broken.Error() + ".",
		}}, nil
	}
	tree, digest, err := trace.Recompute(p.Program, p.Item, p.With, e.Answers, e.Status)
	tree.DigestMatches = err == nil && bytes.Equal(digest[:], e.Digest)
	out := &Explained{Past: p, Tree: tree}
	if tree.DigestMatches {
		out.Ran = tree
		return out, nil
	}
	former, failed := p.ranAs(ctx, store, lib, out)
	if failed != nil {
		return nil, failed
	}
	tree.Note = note(out, former, err)
	return out, nil
}

// ranAs looks for what ran: without the marks of today, or with those of a time before, as former says.
func (p *Past) ranAs(ctx context.Context, store Store, lib *library.Library, out *Explained) (former bool, err error) {
	e := &p.Execution
	doors, err := store.FormerDoors(ctx, lib, e.TenantID, e.SourceID)
	if err != nil {
		return false, fmt.Errorf("the former marks of the source of execution %d: %w", e.ID, err)
	}
	for i, door := range append([]*pseudonym.Door{nil}, doors...) {
		item, err := execute.Item(&p.Delivery.Delivery, door)
		if err != nil {
			return false, fmt.Errorf("execution %d: %w", e.ID, err)
		}
		with := p.With
		for _, with.Enrichments = range [][]run.Field{p.fetched, p.With.Enrichments} {
			ran, digest, failed := trace.Recompute(p.Program, item, with, e.Answers, e.Status)
			if failed == nil && bytes.Equal(digest[:], e.Digest) {
				out.Ran = ran
				return i > 0, nil
			}
			if len(p.fetched) == 0 { // both are the same
				break
			}
		}
	}
	return false, nil
}

// itemOf is what an execution ran on, with what is marked as personal data today as pseudonyms.
func itemOf(ctx context.Context, store Store, lib *library.Library, e pipeline.ExecutionLine, d *pipeline.Delivery) (value.Value, error) {
	door, err := store.Door(ctx, lib, e.TenantID, e.SourceID)
	if err != nil {
		return value.Null(), fmt.Errorf("the marks of the source of execution %d: %w", e.ID, err)
	}
	item, err := execute.Item(d, door)
	if err != nil {
		return item, fmt.Errorf("execution %d: %w", e.ID, err)
	}
	return item, nil
}

// pass gives what was fetched as it may be shown today.
func (p *Past) pass(ctx context.Context, store Store) error {
	t, err := store.Tenant(ctx, p.Execution.TenantID)
	if err != nil {
		return err
	}
	of := &plan.Tenant{ID: t.ID, Country: t.Country, PseudonymKey: t.PseudonymKey}
	enriched, err := execute.Enrich(p.Program, of, p.Execution.Enrichments)
	p.With.Enrichments = enriched.Values
	return err
}

// ranWith is what an execution depended on beside item and program.
func ranWith(e pipeline.ExecutionLine, d *pipeline.Delivery, program *run.Program, stored plan.Environment) (run.Environment, error) {
	answers, err := execute.Answers(e.Asked)
	if err != nil {
		return run.Environment{}, fmt.Errorf("the answers of execution %d: %w", e.ID, err)
	}
	enriched, err := execute.Enrich(program, nil, e.Enrichments)
	if err != nil {
		return run.Environment{}, fmt.Errorf("execution %d: %w", e.ID, err)
	}
	return run.Environment{
		Zone: stored.Zone, Country: stored.Country, ReceivedAt: d.ReceivedAt,
		Constants: inOrder(program, stored.Constants), Answers: answers,
		Enrichments: enriched.Values, Unfetched: enriched.GivenUp,
	}, nil
}

// note says in words why a trace is not what ran; "" where it is.
func note(x *Explained, former bool, err error) string {
	environment := x.Environment
	switch {
	case x.Execution.Status == run.Waiting:
		return "This execution waits: nothing of it has run for good."
	case x.Execution.Reason == pipeline.ReasonSourceDeleted:
		return "This execution was ignored: its source was deleted before it ran."
	case x.Execution.Reason == pipeline.ReasonUnlinked:
		return "This execution was ignored: its processor was taken off the source before it ran."
	case len(x.Execution.Digest) == 0:
		return "This execution came to its end without running: there is nothing to compare with."
	case x.Redacted:
		return "Personal data in this delivery was redacted after it ran, so the trace no longer matches. Fields, answers and outcome are those of then; values in between are as computed today."
	case former:
		return "This execution ran while other fields of its source were marked as personal data than are today, so the trace no longer matches. Fields, answers and outcome are those of then; values in between are as computed today."
	case x.Ran != nil:
		return "Fields of this delivery were marked as personal data after it ran and are not shown, so the trace no longer matches. Fields, answers and outcome are those of then; values in between are as computed today."
	case environment.Revision != run.Revision:
		return fmt.Sprintf("It ran under revision %d of the language, today's is %d. Fields, answers and outcome are those of then; values in between are as computed today.", environment.Revision, run.Revision)
	case err != nil:
		return "What is stored of this execution does not fit together: " + err.Error() + ". Run dealwright doctor."
	}
	return "What is computed today is not what ran then. Run dealwright doctor."
}

// inOrder gives the constants in the order in which the program declares them, as the run had them.
func inOrder(p *run.Program, given []run.Field) []run.Field {
	var fields []run.Field
	for _, c := range p.Constants {
		for _, f := range given {
			if f.Name == c.Name {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

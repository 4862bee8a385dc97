package explain

import (
	"bytes"
	"context"
	"fmt"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// PastStore also finds what has run.
type PastStore interface {
	Store
	// PastRuns gives at most limit executions of a processor that have run with this program, whatever the version, the
	// newest first; before is the number of an execution, 0 for the newest there is.
	PastRuns(ctx context.Context, tenantID, processorID int64, program []byte, before int64, limit int) ([]pipeline.PastRun, error)
}

// Covered is what the last deliveries came by in a program.
type Covered struct {
	Version  processor.Version
	Coverage *coverage.Coverage
	// Deliveries that were counted, each with the last execution on it; From and To are when the first and the last of
	// them were received, 0 where there is none.
	Deliveries int
	From, To   int64
	// Left are executions that no longer match their digest, and so were not counted.
	Left int
}

// Bounds of one count: so many executions are read at once, and so many in all for each delivery that is asked for.
// Deliveries that ran again and again, or long ago in another revision of the language, must not lead through all there is.
const (
	pastAtOnce  = 100
	perDelivery = 5
)

// Cover counts what the executions on the last deliveries came by, in a version (0: the current one) of a processor's
// spec. Executions of all versions with the same program count.
func Cover(ctx context.Context, store PastStore, lib *library.Library, tenantID, processorID int64, version, deliveries int) (*Covered, error) {
	v, err := store.SpecVersion(ctx, tenantID, processorID, version)
	if err != nil {
		return nil, err
	}
	spec, err := v.Spec(lib)
	if err != nil {
		return nil, err
	}
	model, _ := lib.Model(spec.SourceModel)
	program, err := compile.Compile(spec, lib, compile.Options{Var: model.Var})
	if err != nil {
		return nil, fault.New(fault.Conflict, "Version %d no longer compiles, so nothing can be counted in it: %v.", v.Number, err)
	}
	c := &covering{store: store, program: program, environments: map[int64]plan.Environment{}, seen: map[int64]bool{}}
	c.out = &Covered{Version: v, Coverage: coverage.New(program, lib)}
	for before, looked := int64(0), 0; c.looked() < deliveries && looked < perDelivery*deliveries; looked += pastAtOnce {
		past, err := store.PastRuns(ctx, tenantID, processorID, v.ProgramHash, before, pastAtOnce)
		if err != nil {
			return nil, err
		}
		for i := range past {
			if before = past[i].Execution.ID; c.looked() == deliveries {
				break
			}
			if err := c.add(ctx, &past[i]); err != nil {
				return nil, err
			}
		}
		if len(past) < pastAtOnce {
			break
		}
	}
	return c.out, nil
}

type covering struct {
	store        PastStore
	program      *run.Program
	environments map[int64]plan.Environment
	seen         map[int64]bool // deliveries
	out          *Covered
}

// looked is at how many deliveries: those that do not count are among them.
func (c *covering) looked() int { return c.out.Deliveries + c.out.Left }

func (c *covering) add(ctx context.Context, past *pipeline.PastRun) error {
	e, d := past.Execution, past.Delivery
	if c.seen[d.Number] {
		return nil
	}
	c.seen[d.Number] = true
	stored, known := c.environments[e.EnvironmentID]
	if !known {
		var err error
		if stored, err = c.store.Environment(ctx, e.EnvironmentID); err != nil {
			return fmt.Errorf("the environment of execution %d: %w", e.ID, err)
		}
		c.environments[e.EnvironmentID] = stored
	}
	item, err := execute.Item(d, nil) // as it was when it ran: nobody sees a value
	if err != nil {
		return err
	}
	environment, err := ranWith(e, d, c.program, stored)
	if err != nil {
		return err
	}
	// First without counting: what does not match must leave no count.
	result, err := run.Replay(c.program, item, environment, e.Answers, nil)
	if err != nil || !bytes.Equal(result.Digest[:], e.Digest) {
		c.out.Left++
		return nil //nolint:nilerr // the answer says how many
	}
	if _, err := run.Replay(c.program, item, environment, e.Answers, c.out.Coverage.Recorder()); err != nil {
		return err
	}
	c.out.Deliveries++
	c.out.From = d.ReceivedAt
	if c.out.To == 0 {
		c.out.To = d.ReceivedAt
	}
	return nil
}

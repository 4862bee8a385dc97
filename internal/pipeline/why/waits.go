package why

import (
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

// waits says in words what keeps an execution from running, as things are now: the reason that is stored is that of when
// it was looked at last, and somebody may have disabled, mended or unlinked the processor since.
func (s *seeking) waits(e pipeline.ExecutionLine, state processor.State) (string, error) {
	switch e.Reason {
	case pipeline.ReasonAsked:
		return "It waits for an answer to its question, and runs when that is given.", nil
	case pipeline.ReasonParked:
		return "It is parked: it took too long three times, or what is stored for it cannot be read; the log of the server says which. Run it again to release it.", nil
	}
	switch state {
	case "":
		return "It has not run, and never will: its processor was deleted.", nil
	case processor.Disabled:
		return "It waits: the processor is disabled. Enable it; then it runs by itself.", nil
	case processor.Suspended:
		why, remedy, err := s.suspension(e.ProcessorID)
		return "It waits: the processor is suspended, since " + why + ". " + capital(remedy) + "; then it runs by itself.", err
	}
	lacks, linked, err := s.lacks(e)
	switch {
	case err != nil:
		return "", err
	case !linked:
		return "It has not run, and never will: its processor is no longer linked to the source, or the source was deleted.", nil
	case lacks != "":
		return "It waits: the link of the source to the processor does not fit its constants. " + lacks + " Then it runs by itself.", nil
	case e.Reason == pipeline.ReasonEnriching:
		return "It waits for what its spec fetches beside the delivery, which is asked for again until the provider answers. Then it runs by itself.", nil
	}
	return "It waits for its turn, and runs by itself.", nil
}

// suspension says in words why a processor is suspended, and what sets it going again: a spec that was not changed may
// use what was switched off since.
func (s *seeking) suspension(processorID int64) (why, remedy string, err error) {
	why, remedy = "its spec no longer checks", "mend it"
	spec, err := s.spec(processorID)
	if spec == nil || err != nil {
		return why, remedy, err
	}
	tenant, err := s.Store.Tenant(s.ctx, s.TenantID)
	if err != nil {
		return why, remedy, err
	}
	var off []string
	spec.Walk(func(_ string, i *tree.Instruction) bool {
		if words, on := processor.Offers(i.Type, tenant.Has); !on && !i.Disabled && !slices.Contains(off, words) {
			off = append(off, words)
		}
		return !i.Disabled
	})
	if len(off) == 0 {
		return why, remedy, nil
	}
	return strings.Join(off, " and "), "switch them on again, or take the steps that write them out of its spec", nil
}

// spec gives the present one of a processor; nil: it has none.
func (s *seeking) spec(processorID int64) (*tree.Spec, error) {
	p, err := s.Store.Processor(s.ctx, s.TenantID, processorID)
	if err != nil || p.Version == 0 {
		return nil, err
	}
	v, err := s.Store.SpecVersion(s.ctx, s.TenantID, p.ID, p.Version)
	if err != nil {
		return nil, err
	}
	return v.Spec(s.Library)
}

// lacks says what is wrong with the constants of the link by which an execution runs; "": nothing.
func (s *seeking) lacks(e pipeline.ExecutionLine) (lacks string, linked bool, err error) {
	links, err := s.Store.Links(s.ctx, s.TenantID, e.SourceID)
	if fault.Is(err, fault.NotFound) { // the source was deleted, and its links with it
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	for _, l := range links {
		if l.ProcessorID != e.ProcessorID {
			continue
		}
		spec, err := s.spec(e.ProcessorID)
		if spec == nil || err != nil {
			return "", true, err
		}
		for _, d := range processor.CheckConstants(spec, l.Constants) {
			return strings.TrimSpace(d.Message + " " + d.Hint), true, nil
		}
		return "", true, nil
	}
	return "", false, nil
}

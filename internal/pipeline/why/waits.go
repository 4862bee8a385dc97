package why

import (
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/processor"
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
		return "It waits: the processor is suspended, since its spec no longer checks. Mend it; then it runs by itself.", nil
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
		p, err := s.Store.Processor(s.ctx, s.TenantID, e.ProcessorID)
		if err != nil || p.Version == 0 {
			return "", true, err
		}
		v, err := s.Store.SpecVersion(s.ctx, s.TenantID, p.ID, p.Version)
		if err != nil {
			return "", true, err
		}
		spec, err := v.Spec(s.Library)
		if err != nil {
			return "", true, err
		}
		for _, d := range processor.CheckConstants(spec, l.Constants) {
			return strings.TrimSpace(d.Message + " " + d.Hint), true, nil
		}
		return "", true, nil
	}
	return "", false, nil
}

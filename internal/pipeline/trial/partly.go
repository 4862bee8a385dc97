package trial

import (
	"slices"
	"strconv"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// LeftOut is a part of a spec that a dry run did without, so that the rest of it could run.
type LeftOut struct {
	Kind string // step, constant, enrichment
	Name string // id of the step; name of the others
	Code string // of the problem
	Says string
}

// Kinds of what is left out.
const (
	LeftStep       = "step"
	LeftConstant   = "constant"
	LeftEnrichment = "enrichment"
)

// mostFits is how often a spec is checked again without what was wrong with it: leaving a step out takes its name from
// those that read it. What is not settled by then runs without any of its steps.
const mostFits = 50

// fit switches off what has errors in a spec, and what needs that, until the rest checks. It is for somebody who is still
// writing it: what is left out says nothing about what the whole spec would do.
func (s *subject) fit(lib *library.Library, problems []tree.Problem) error {
	s.spec.Tests, s.spec.Unknown = nil, nil // nothing of a dry run
	for round := 0; tree.HasErrors(problems); round++ {
		if changed := s.leaveOut(problems); !changed && round > 0 {
			return processor.Refused("The spec was not tried out: it does not check.", problems)
		}
		if round == mostFits {
			for _, i := range s.spec.Instructions {
				s.leaveStep(i, &tree.Problem{})
			}
		}
		problems = append(processor.Problems(s.spec, lib, s.processor.SourceModel, s.marks), processor.SwitchedOff(s.spec, s.settings.Has)...)
		s.spec.NameProblems(problems)
	}
	return s.use(lib, s.spec, s.version, true)
}

// leaveOut leaves out what each error is of, and says whether there was anything.
func (s *subject) leaveOut(problems []tree.Problem) (changed bool) {
	constants, enrichments := map[int]*tree.Problem{}, map[int]*tree.Problem{}
	for k := range problems {
		p := &problems[k]
		if p.Severity != tree.Error {
			continue
		}
		if i := s.spec.FindInstruction(p.Pointer); i != nil {
			changed = s.leaveStep(i, p) || changed
			continue
		}
		keys := tree.SplitPointer(p.Pointer)
		if len(keys) < 2 {
			continue
		}
		at, err := strconv.Atoi(keys[1])
		switch {
		case err != nil || at < 0:
		case keys[0] == "constants" && at < len(s.spec.Constants):
			constants[at] = p
		case keys[0] == "enrichments" && at < len(s.spec.Enrichments):
			enrichments[at] = p
		}
	}
	s.spec.Constants = apart(s.spec.Constants, constants, func(c *tree.Constant, p *tree.Problem) {
		s.left = append(s.left, LeftOut{Kind: LeftConstant, Name: c.Name, Code: p.Code, Says: p.Message})
	})
	s.spec.Enrichments = apart(s.spec.Enrichments, enrichments, func(e *tree.Enrichment, p *tree.Problem) {
		s.left = append(s.left, LeftOut{Kind: LeftEnrichment, Name: e.Name, Code: p.Code, Says: p.Message})
	})
	return changed || len(constants)+len(enrichments) > 0
}

// apart gives what is left of a list without what is wrong in it, and tells of that.
func apart[T any](all []T, wrong map[int]*tree.Problem, told func(T, *tree.Problem)) []T {
	var kept []T
	for i, one := range all {
		if p := wrong[i]; p != nil {
			told(one, p)
		} else {
			kept = append(kept, one)
		}
	}
	return kept
}

func (s *subject) leaveStep(i *tree.Instruction, p *tree.Problem) bool {
	if i.Disabled {
		return false
	}
	i.Disabled = true
	s.left = append(s.left, LeftOut{Kind: LeftStep, Name: i.ID, Code: p.Code, Says: p.Message})
	return true
}

// doWithout leaves out constants that have no value on the link of a delivery, enrichments that were not fetched for it,
// and the steps that read them.
func (s *subject) doWithout(lib *library.Library, d *pipeline.Delivery, given *value.Value, fetched []pipeline.Enrichment) error {
	var lacking []tree.Problem
	for _, detail := range processor.CheckConstants(s.spec, s.constantsOn(d.SourceID, given)) {
		at := slices.IndexFunc(s.spec.Constants, func(c *tree.Constant) bool { return "constants."+c.Name == detail.Field })
		lacking = append(lacking, tree.Problem{
			Severity: tree.Error, Code: detail.Code, Pointer: "/constants/" + strconv.Itoa(at), Message: detail.Message,
		})
	}
	enriched, err := execute.Enrich(s.program, nil, fetched)
	if err != nil {
		return err
	}
	for _, missing := range enriched.Missing {
		at := slices.IndexFunc(s.spec.Enrichments, func(e *tree.Enrichment) bool { return e.Of.String()+"."+e.Name == missing.Name })
		lacking = append(lacking, tree.Problem{
			Severity: tree.Error, Code: "not_fetched", Pointer: "/enrichments/" + strconv.Itoa(at), Message: "It was not fetched for this delivery; trials fetch nothing.",
		})
	}
	if len(lacking) == 0 {
		return nil
	}
	return s.fit(lib, lacking)
}

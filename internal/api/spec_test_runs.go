package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

func (s *Server) specTestRows() []Row {
	return []Row{
		{"POST", "/v1/processors/{id}/spec/tests", access.RunProcessors, "Run the tests of a spec (application/yaml or application/json), saved or not; no record is read or written", one(s.runSpecTests)},
	}
}

// TestRuns is what became of the tests of a spec.
type TestRuns struct {
	Passed int       `json:"passed"`
	Tests  []TestRun `json:"tests" doc:"In the order of the spec."`
}

// TestRun is what became of one test.
type TestRun struct {
	Name        string     `json:"name"`
	Text        string     `json:"text" doc:"The test in YAML, as it stands under tests."`
	Passed      bool       `json:"passed"`
	Outcome     run.Status `json:"outcome,omitempty" doc:"Of the last item. Left out: the test could not be run."`
	Differences []string   `json:"differences" said:"ours" doc:"Why it does not pass, in words."`
}

func (s *Server) runSpecTests(ctx context.Context, in *specInput) (TestRuns, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return TestRuns{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return TestRuns{}, err
	}
	spec, problems, err := processor.ReadDraft(ctx, s.Store, s.Library, p, processor.Draft{Text: in.RawBody, Media: in.ContentType})
	if err != nil {
		return TestRuns{}, err
	}
	if spec == nil || tree.HasErrors(problems) {
		return TestRuns{}, processor.Refused("The spec has problems, so its tests were not run.", problems)
	}
	model, _ := s.Library.Model(spec.SourceModel) // what checks has a model
	suite, err := spectest.New(spec, s.Library, model)
	if err != nil {
		return TestRuns{}, err
	}
	view := TestRuns{Tests: make([]TestRun, len(spec.Tests))}
	for i, t := range spec.Tests {
		if err := ctx.Err(); err != nil {
			return TestRuns{}, err
		}
		result, err := suite.Run(t)
		if err != nil {
			return TestRuns{}, err
		}
		if result.Passed() {
			view.Passed++
		}
		view.Tests[i] = TestRun{
			Name: t.Name(), Text: string(text.FormatTest(t, s.Library)), Passed: result.Passed(), Outcome: result.Outcome,
			Differences: append([]string{}, result.Differences...),
		}
	}
	return view, nil
}

package api

import (
	"context"
	"slices"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

func (s *Server) specTestRows() []Row {
	return []Row{
		{"POST", "/v1/processors/{id}/spec/tests", access.RunProcessors, "Run the tests of a spec (application/yaml or application/json), saved or not; no record is read or written", one(s.runSpecTests)},
		{"POST", "/v1/processors/{id}/spec/tests/expected", access.RunProcessors, "A test of a spec (application/yaml or application/json) that expects what comes of it now; nothing is saved", one(s.expectedTest)},
		{"POST", "/v1/processors/{id}/dry-run/as-test", access.RunProcessors, "A test of what a spec, a draft say, would do with a stored delivery on the records of now; nothing is saved", one(s.dryRunAsTest)},
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
	Sides       []TestSide `json:"sides" doc:"All that was compared, equal or not: how the last item ended, then each record, field by field. Empty where the test passes."`
}

// TestSide is one thing that a test expects beside what came.
type TestSide struct {
	Noun       string    `json:"noun" doc:"Of the record or identity; empty: how the last item ended."`
	ExternalID string    `json:"external_id"`
	Field      string    `json:"field"`
	Want       *anything `json:"want,omitempty" doc:"As in traces. Left out: it is not expected."`
	Got        *anything `json:"got,omitempty" doc:"Left out: it was not written."`
	Same       bool      `json:"same"`
}

func viewSides(r spectest.Result) []TestSide {
	views := []TestSide{}
	if r.Passed() {
		return views
	}
	for _, s := range r.Sides {
		view := TestSide{Noun: s.Noun, ExternalID: s.ExternalID, Field: s.Field, Same: s.Same}
		if s.Want != nil {
			view.Want = new(traced(*s.Want))
		}
		if s.Got != nil {
			view.Got = new(traced(*s.Got))
		}
		views = append(views, view)
	}
	return views
}

// suiteOf reads a spec whose tests are to be run.
func (s *Server) suiteOf(ctx context.Context, processorNumber string, draft processor.Draft) (*tree.Spec, *spectest.Suite, error) {
	n, err := processorID(processorNumber)
	if err != nil {
		return nil, nil, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return nil, nil, err
	}
	spec, problems, err := processor.ReadDraft(ctx, s.Store, s.Library, p, draft)
	if err != nil {
		return nil, nil, err
	}
	if spec == nil || tree.HasErrors(problems) {
		return nil, nil, processor.Refused("The spec has problems, so its tests were not run.", problems)
	}
	model, _ := s.Library.Model(spec.SourceModel) // what checks has a model
	suite, err := spectest.New(spec, s.Library, model)
	return spec, suite, err
}

type expectedTestInput struct {
	ID          string `path:"id"`
	Name        string `query:"name" doc:"Of the test, among those of the spec."`
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/yaml" alsoTypes:"application/json"`
}

// proposedTest is a test that nobody has saved yet.
type proposedTest struct {
	Text    string   `json:"text" doc:"In YAML, as it stands under tests."`
	Tree    anything `json:"tree"`
	Remarks []string `json:"remarks" said:"ours" doc:"What a test cannot tell, in words."`
}

func (s *Server) propose(t *tree.Test, remarks []string) proposedTest {
	return proposedTest{Text: string(text.FormatTest(t, s.Library)), Tree: value.Object(t.Members).AppendJSON(nil), Remarks: append([]string{}, remarks...)}
}

func (s *Server) expectedTest(ctx context.Context, in *expectedTestInput) (proposedTest, error) {
	spec, suite, err := s.suiteOf(ctx, in.ID, processor.Draft{Text: in.RawBody, Media: in.ContentType})
	if err != nil {
		return proposedTest{}, err
	}
	at := slices.IndexFunc(spec.Tests, func(t *tree.Test) bool { return t.Name() == in.Name })
	if at < 0 {
		return proposedTest{}, fault.New(fault.NotFound, "The spec has no test “%s”.", in.Name)
	}
	t, err := suite.Expecting(s.Library, spec.Tests[at])
	if err != nil {
		return proposedTest{}, err
	}
	return s.propose(t, nil), nil
}

type dryRunTestInput struct {
	ID   string `path:"id"`
	Body struct {
		Trying
		DeliveryID string `json:"delivery_id" doc:"A stored delivery."`
		Name       string `json:"name" minLength:"1" maxLength:"200" doc:"Of the test; no other test of the spec has it."`
	}
}

func (s *Server) dryRunAsTest(ctx context.Context, in *dryRunTestInput) (proposedTest, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return proposedTest{}, err
	}
	var ask trial.Dry
	if ask.Tried, err = in.Body.tried(caller(ctx).TenantID, n); err != nil {
		return proposedTest{}, err
	}
	if ask.Delivery, err = number(id.Delivery, "delivery", in.Body.DeliveryID); err != nil {
		return proposedTest{}, err
	}
	r, err := s.Trials.DryRun(ctx, ask)
	if err != nil {
		return proposedTest{}, err
	}
	made, err := spectest.MakeTried(ctx, s.Store, s.Library, spectest.Tried{
		Spec: r.Spec, Program: r.Program, Item: r.Item, With: r.With, ProviderID: r.ProviderID, Execution: r.Execution,
	}, in.Body.Name)
	if err != nil {
		return proposedTest{}, err
	}
	return s.propose(made.Test, made.Remarks), nil
}

func (s *Server) runSpecTests(ctx context.Context, in *specInput) (TestRuns, error) {
	spec, suite, err := s.suiteOf(ctx, in.ID, processor.Draft{Text: in.RawBody, Media: in.ContentType})
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
			Differences: append([]string{}, result.Differences...), Sides: viewSides(result),
		}
	}
	return view, nil
}

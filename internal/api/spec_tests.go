package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/value"
)

type asTestInput struct {
	ID   string `path:"id"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200" doc:"Of the test; no other test of the spec has it."`
		Save bool   `json:"save,omitempty" doc:"Add the test to the current spec, as a new version of the same program."`
	}
}

// madeTest is an execution as a test of its spec.
type madeTest struct {
	Text        string     `json:"text" doc:"In YAML, as it stands under tests."`
	Tree        anything   `json:"tree"`
	Version     int        `json:"version" doc:"Of the spec that ran; the test was tried on it."`
	Passed      bool       `json:"passed"`
	Differences []string   `json:"differences" said:"ours" doc:"Why it does not pass, in words."`
	SameRun     bool       `json:"same_run" doc:"The run of the test has the digest of the execution: it is the very same run."`
	Remarks     []string   `json:"remarks" said:"ours" doc:"What of the execution a test cannot tell, in words."`
	Saved       *savedTest `json:"saved" doc:"Null: it was not asked for."`
}

// savedTest is the test on the spec it was added to, which may be a newer one than ran.
type savedTest struct {
	Version     int            `json:"version"`
	Warnings    []fault.Detail `json:"warnings"`
	Passed      bool           `json:"passed"`
	Differences []string       `json:"differences" said:"ours"`
}

func (s *Server) executionAsTest(ctx context.Context, in *asTestInput) (madeTest, error) {
	n, err := executionID(in.ID)
	if err != nil {
		return madeTest{}, err
	}
	if role := caller(ctx).Role; in.Body.Save && !role.May(access.WriteConfig) {
		return madeTest{}, fault.New(fault.Forbidden, "Your role is %s; saving the test needs the permission %s. Ask an owner or administrator, or leave out save.", role, access.WriteConfig)
	}
	made, err := spectest.Make(ctx, s.Store, s.Library, caller(ctx).TenantID, n, in.Body.Name)
	if err != nil {
		return madeTest{}, err
	}
	view := madeTest{
		Text: string(text.FormatTest(made.Test, s.Library)), Tree: value.Object(made.Test.Members).AppendJSON(nil),
		Version: made.Execution.Version, Passed: made.Result.Passed(), Differences: append([]string{}, made.Result.Differences...),
		SameRun: made.SameRun, Remarks: append([]string{}, made.Remarks...),
	}
	if in.Body.Save {
		view.Saved, err = s.saveTest(ctx, made)
	}
	return view, err
}

// saveTest adds a test to the current spec of the processor.
func (s *Server) saveTest(ctx context.Context, made *spectest.Made) (*savedTest, error) {
	p, err := s.Store.Processor(ctx, made.Execution.TenantID, made.Execution.ProcessorID)
	if err != nil {
		return nil, err
	}
	spec, err := s.specOf(ctx, p, p.Version)
	if err != nil {
		return nil, err
	}
	spec.Tests = append(spec.Tests, made.Test)
	saved, err := processor.Save(ctx, s.Store, s.Library, p.TenantID, p.ID, processor.Draft{
		Text: spec.AppendJSON(nil), Media: "application/json", Note: "Test added: " + made.Test.Name(),
		Onto: func(version int) error {
			if version != p.Version {
				return fault.New(fault.Conflict, "Somebody saved the spec at the same moment. Try again.")
			}
			return nil
		},
	}, caller(ctx).PublicID())
	if err != nil {
		return nil, err
	}
	model, _ := s.Library.Model(spec.SourceModel)
	suite, err := spectest.New(spec, s.Library, model)
	if err != nil {
		return nil, err
	}
	result, err := suite.Run(made.Test)
	return &savedTest{
		Version: saved.Version.Number, Warnings: details(saved.Warnings),
		Passed: result.Passed(), Differences: append([]string{}, result.Differences...),
	}, err
}

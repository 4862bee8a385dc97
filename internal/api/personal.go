package api

import (
	"context"
	"fmt"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/types"
)

func (s *Server) personalRows() []Row {
	return []Row{
		{"GET", "/v1/sources/{id}/personal", access.ReadConfig, "Where customer personal data is in what a source delivers", one(s.getPersonal)},
		{"PUT", "/v1/sources/{id}/personal", access.WriteConfig, "Say where customer personal data is in what a source delivers: pseudonyms take its place before anything is stored or run", one(s.setPersonal)},
	}
}

type personalView struct {
	Marks []types.Mark `json:"marks" doc:"Those of this source."`
	Model []types.Mark `json:"model" doc:"Those of its source model, where that has a schema; they cannot be changed."`
	// Of a PUT.
	Warnings []markWarning `json:"warnings,omitempty" doc:"Answered where marks are set: those that lead to nothing in the last 200 deliveries of the source; their paths may be mistyped. None before its first delivery."`

	updatedAt int64
}

func (v personalView) version() string { return etag(v.updatedAt) }

func (s *Server) viewPersonal(o processor.Origin) personalView {
	model, _ := s.Library.Model(o.Model)
	return personalView{Marks: o.Marks.List(), Model: model.Type.PersonalFields(), updatedAt: o.UpdatedAt}
}

func (s *Server) getPersonal(ctx context.Context, in *idInput) (personalView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return personalView{}, err
	}
	o, err := s.Store.SourceMarks(ctx, caller(ctx).TenantID, n)
	return s.viewPersonal(o), err
}

type personalInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Marks []types.Mark `json:"marks" doc:"All of them: what is not among them is no longer marked. A path is written as contact.email, lines[].name, answers.*.text or **.email; a kind is one of email, phone, name, address, postcode, date, text."`
	}
}

type markWarning struct {
	Path    string `json:"path" doc:"Of the mark."`
	Code    string `json:"code" enum:"not_found"`
	Message string `json:"message" said:"ours"`
	Hint    string `json:"hint" said:"ours"`
}

func (s *Server) setPersonal(ctx context.Context, in *personalInput) (personalView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return personalView{}, err
	}
	o, err := processor.SetMarks(ctx, s.Store, s.Library, caller(ctx).TenantID, n, in.Body.Marks, func(updatedAt int64) error { return match(in.IfMatch, etag(updatedAt)) })
	if err != nil {
		return personalView{}, err
	}
	v := s.viewPersonal(o)
	unfound, err := processor.UnfoundMarks(ctx, s.Store, s.Library, caller(ctx).TenantID, o)
	for _, u := range unfound {
		where := fmt.Sprintf("is in none of the last %d deliveries of the source.", u.Deliveries)
		if u.Deliveries == 1 {
			where = "is not in the one delivery of the source."
		}
		v.Warnings = append(v.Warnings, markWarning{
			Path: u.Mark.Path, Code: "not_found",
			Message: fmt.Sprintf("“%s” %s", u.Mark.Path, where),
			Hint:    "Look how the path is written, with its case; GET /v1/sources/{id}/shape and dealwright source shape show what is delivered. The mark holds for what comes in later.",
		})
	}
	return v, err
}

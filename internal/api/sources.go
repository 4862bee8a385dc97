package api

import (
	"context"
	"encoding/json"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

func (s *Server) sourceRows() []Row {
	return []Row{
		{"GET", "/v1/providers/{id}/sources", access.ReadConfig, "The sources of a provider", many(s.listProviderSources)},
		{"POST", "/v1/providers/{id}/sources", access.WriteConfig, "Give a provider a source", made(s.addSource)},
		{"GET", "/v1/sources", access.ReadConfig, "Sources of all providers", many(s.listSources)},
		{"GET", "/v1/sources/{id}", access.ReadConfig, "A source", one(s.getSource)},
		{"PATCH", "/v1/sources/{id}", access.WriteConfig, "Rename a source", one(s.changeSource)},
		{"GET", "/v1/sources/{id}/dependents", access.ReadConfig, "What hangs on a source", one(s.sourceDependents)},
		{"DELETE", "/v1/sources/{id}", access.WriteConfig, "Delete a source; what it delivered stays, its URL answers 404", none(s.deleteSource)},
		{"GET", "/v1/sources/{id}/processors", access.ReadConfig, "The processors linked to a source, in order of running", one(s.listLinks)},
		{"PUT", "/v1/sources/{id}/processors", access.WriteConfig, "Replace the processors linked to a source, with the values of their constants", one(s.setLinks)},
	}
}

type sourceView struct {
	ID           string     `json:"id"`
	ProviderID   string     `json:"provider_id"`
	ProviderName string     `json:"provider_name"`
	Type         string     `json:"type"`
	SourceModel  string     `json:"source_model"`
	Name         string     `json:"name"`
	URL          string     `json:"url" doc:"Where its deliveries go: POST one JSON object or a list of them, with the provider's key."`
	Processors   int        `json:"processors" doc:"How many are linked."`
	Pause        *pauseView `json:"pause" doc:"While what is fetched from its provider for specs (enrichments) fails, so that executions wait; null: it does not."`
	CreatedAt    time.Time  `json:"created_at"`
	UpdatedAt    time.Time  `json:"updated_at"`
	DeletedAt    *time.Time `json:"deleted_at,omitempty" doc:"Only of what was deleted."`
	updatedAt    int64
}

func (v sourceView) version() string { return etag(v.updatedAt) }

func (s *Server) viewSource(ctx context.Context, o provider.Source) sourceView {
	public := id.Format(id.Source, o.ID)
	return sourceView{
		ID: public, ProviderID: id.Format(id.Provider, o.ProviderID), ProviderName: o.ProviderName, Type: o.Type, SourceModel: o.Model,
		Name: o.Name, URL: s.base(ctx) + "/in/" + public, Processors: o.Processors, Pause: newPauseView(o.Pause),
		CreatedAt: at(o.CreatedAt), UpdatedAt: at(o.UpdatedAt), DeletedAt: atOrNull(o.DeletedAt), updatedAt: o.UpdatedAt,
	}
}

type providerSourcesInput struct {
	ID string `path:"id"`
	Paging
	Changed
	Gone
	Search string `query:"search" doc:"Part of the name."`
}

func (s *Server) listProviderSources(ctx context.Context, in *providerSourcesInput, r page.Request) (page.Page[sourceView], error) {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return page.Page[sourceView]{}, err
	}
	if _, err := s.Store.Provider(ctx, caller(ctx).TenantID, n); err != nil {
		return page.Page[sourceView]{}, err
	}
	return s.sources(ctx, provider.SourceFilter{ProviderID: n, Search: in.Search, UpdatedAfter: in.micros(), Deleted: in.Deleted}, r)
}

type sourceListInput struct {
	Paging
	Changed
	Gone
	ProviderID  string `query:"provider_id"`
	ProcessorID string `query:"processor_id" doc:"Only those linked to this processor."`
	Search      string `query:"search" doc:"Part of the name."`
}

func (s *Server) listSources(ctx context.Context, in *sourceListInput, r page.Request) (page.Page[sourceView], error) {
	f := provider.SourceFilter{Search: in.Search, UpdatedAfter: in.micros(), Deleted: in.Deleted}
	var err error
	if f.ProviderID, err = filter("provider_id", id.Provider, in.ProviderID); err != nil {
		return page.Page[sourceView]{}, err
	}
	if f.ProcessorID, err = filter("processor_id", id.Processor, in.ProcessorID); err != nil {
		return page.Page[sourceView]{}, err
	}
	return s.sources(ctx, f, r)
}

func (s *Server) sources(ctx context.Context, f provider.SourceFilter, r page.Request) (page.Page[sourceView], error) {
	f.TenantID = caller(ctx).TenantID
	p, err := s.Store.ListSources(ctx, f, r)
	return page.Map(p, func(o provider.Source) sourceView { return s.viewSource(ctx, o) }), err
}

type sourceInput struct {
	ID   string `path:"id"`
	Body struct {
		Type string `json:"type" example:"webhook.payload"`
		Name string `json:"name"`
	}
}

func (s *Server) addSource(ctx context.Context, in *sourceInput) (sourceView, error) {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return sourceView{}, err
	}
	tenantID := caller(ctx).TenantID
	p, err := s.Store.Provider(ctx, tenantID, n)
	if err != nil {
		return sourceView{}, err
	}
	o, err := provider.NewSource(s.Catalogue, p, in.Body.Type, in.Body.Name)
	if err != nil {
		return sourceView{}, err
	}
	o, err = s.Store.AddSource(ctx, tenantID, n, o)
	return s.viewSource(ctx, o), err
}

func (s *Server) getSource(ctx context.Context, in *idInput) (sourceView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return sourceView{}, err
	}
	o, err := s.Store.Source(ctx, caller(ctx).TenantID, n)
	return s.viewSource(ctx, o), err
}

func (s *Server) changeSource(ctx context.Context, in *renameInput) (sourceView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return sourceView{}, err
	}
	o, err := s.Store.ChangeSource(ctx, caller(ctx).TenantID, n, func(o provider.Source) (provider.Source, error) {
		if err := match(in.IfMatch, etag(o.UpdatedAt)); err != nil {
			return o, err
		}
		return o.Renamed(in.Body.Name)
	})
	return s.viewSource(ctx, o), err
}

func (s *Server) sourceDependents(ctx context.Context, in *idInput) (dependents, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return dependents{}, err
	}
	d, err := s.Store.SourceDependents(ctx, caller(ctx).TenantID, n)
	return viewDependents(d), err
}

func (s *Server) deleteSource(ctx context.Context, in *deleteInput) error {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return err
	}
	o, err := s.Store.Source(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return err
	}
	return s.Store.DeleteSource(ctx, caller(ctx).TenantID, n, tenant.Allow(in.Confirm, "source", o.Name))
}

// anything is JSON that is not looked into.
type anything json.RawMessage

// Schema says that it may be anything.
func (anything) Schema(huma.Registry) *huma.Schema { return &huma.Schema{} }

func (a anything) MarshalJSON() ([]byte, error) {
	if len(a) == 0 {
		return []byte("null"), nil
	}
	return a, nil
}

func (a *anything) UnmarshalJSON(b []byte) error {
	*a = append((*a)[:0], b...)
	return nil
}

type linkView struct {
	SourceID      string          `json:"source_id"`
	SourceName    string          `json:"source_name"`
	ProcessorID   string          `json:"processor_id"`
	ProcessorName string          `json:"processor_name"`
	State         processor.State `json:"state" doc:"Of the processor."`
	Position      int             `json:"position" doc:"In the order of running, from 0."`
	Constants     anything        `json:"constants" doc:"Object: the values given on this link."`
	Link          string          `json:"link" enum:"complete,incomplete" doc:"Deliveries for an incomplete link wait until it is mended."`
	Missing       []fault.Detail  `json:"missing" doc:"What an incomplete link lacks."`
}

func (s *Server) viewLinks(links []processor.Link) ([]linkView, error) {
	views := []linkView{}
	for _, l := range links {
		missing, err := l.Target.Missing(s.Library, l.Constants)
		if err != nil {
			return nil, err
		}
		v := linkView{
			SourceID: id.Format(id.Source, l.SourceID), SourceName: l.SourceName,
			ProcessorID: id.Format(id.Processor, l.ProcessorID), ProcessorName: l.Target.Processor.Name, State: l.Target.Processor.State(),
			Position: l.Position, Constants: anything(l.Constants.AppendJSON(nil)), Link: "complete", Missing: []fault.Detail{},
		}
		if len(missing) > 0 {
			v.Link, v.Missing = "incomplete", missing
		}
		views = append(views, v)
	}
	return views, nil
}

func (s *Server) listLinks(ctx context.Context, in *idInput) ([]linkView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return nil, err
	}
	links, err := s.Store.Links(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return nil, err
	}
	return s.viewLinks(links)
}

type linksInput struct {
	ID   string `path:"id"`
	Body []linkInput
}

type linkInput struct {
	ProcessorID string   `json:"processor_id"`
	Constants   anything `json:"constants,omitempty" doc:"Object: constant → value. Those left out have their default."`
}

func (s *Server) setLinks(ctx context.Context, in *linksInput) ([]linkView, error) {
	n, err := number(id.Source, "source", in.ID)
	if err != nil {
		return nil, err
	}
	links, err := readLinks(in.Body)
	if err != nil {
		return nil, err
	}
	tenantID := caller(ctx).TenantID
	err = s.Store.SetLinks(ctx, tenantID, n, links, func(o processor.Origin, targets map[int64]processor.Target) error {
		return processor.CheckLinks(s.Library, o, links, targets)
	})
	if err != nil {
		return nil, err
	}
	if links, err = s.Store.Links(ctx, tenantID, n); err != nil {
		return nil, err
	}
	return s.viewLinks(links)
}

func readLinks(body []linkInput) ([]processor.Link, error) {
	wrong := fault.New(fault.Invalid, "The processors of the source were not changed.")
	links := make([]processor.Link, len(body))
	for i, l := range body {
		n, err := id.Parse(id.Processor, l.ProcessorID)
		if err != nil {
			wrong.With(fault.Detail{Field: "processor_id", Index: &i, Code: "not_found", Message: "“" + l.ProcessorID + "” is no processor's id."})
		}
		constants := value.Object(nil)
		if len(l.Constants) > 0 && string(l.Constants) != "null" {
			v, syntax := value.ParseJSON(l.Constants, value.Limits{})
			if syntax != nil || v.Kind() != value.KindObject {
				wrong.With(fault.Detail{Field: "constants", Index: &i, Code: "wrong_type", Message: "The constants must be an object: constant → value."})
				continue
			}
			constants = v
		}
		links[i] = processor.Link{ProcessorID: n, Position: i, Constants: constants}
	}
	if len(wrong.Details) > 0 {
		return nil, wrong
	}
	return links, nil
}

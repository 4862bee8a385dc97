package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
)

func (s *Server) identityRows() []Row {
	return []Row{
		{"GET", "/v1/identities", access.ReadData, "External identities: who or what source systems named", many(s.listIdentities)},
		{"GET", "/v1/identities/export", access.ReadData, "External identities as CSV, the newest first; without e-mail addresses", exported(identityCells, s.listIdentities)},
		{"GET", "/v1/identities/{id}", access.ReadData, "An external identity", one(s.getIdentity)},
		{"POST", "/v1/identities/{id}/link", access.LinkIdentities, "Link an identity to an entity of its kind; earlier records count too", one(s.linkIdentity)},
		{"POST", "/v1/identities/{id}/link-new", access.LinkIdentities, "Make an entity and link the identity to it", one(s.linkIdentityNew)},
		{"POST", "/v1/identities/{id}/unlink", access.LinkIdentities, "Take the link away", one(s.unlinkIdentity)},
		{"POST", "/v1/identities/{id}/ignore", access.LinkIdentities, "Leave an identity out of the unlinked ones", one(s.ignoreIdentity)},
		{"POST", "/v1/identities/{id}/unignore", access.LinkIdentities, "Put an ignored identity back among the unlinked ones", one(s.unignoreIdentity)},
	}
}

type identityView struct {
	ID           string    `json:"id"`
	Kind         string    `json:"kind" enum:"agent,team,project,segment,proposition"`
	ProviderID   string    `json:"provider_id"`
	ProviderName string    `json:"provider_name"`
	ExternalID   string    `json:"external_id"`
	ExternalName string    `json:"external_name"`
	Email        *string   `json:"email" doc:"Agents only."`
	Team         *string   `json:"team_external_id" doc:"Agents only."`
	Project      *string   `json:"project_external_id"`
	Entity       *named    `json:"entity" doc:"What it is linked to; null: not linked."`
	Ignored      bool      `json:"ignored"`
	CreatedAt    time.Time `json:"created_at"`
	UpdatedAt    time.Time `json:"updated_at"`
	updatedAt    int64
}

func (v identityView) version() string { return etag(v.updatedAt) }

func viewIdentity(i identity.Identity) identityView {
	v := identityView{
		ID: id.Format(id.Identity, i.ID), Kind: i.Kind, ProviderID: id.Format(id.Provider, i.ProviderID), ProviderName: i.ProviderName,
		ExternalID: i.ExternalID, ExternalName: i.Name, Email: orNull(i.Email), Team: orNull(i.Team), Project: orNull(i.Project),
		Ignored: i.Ignored, CreatedAt: at(i.CreatedAt), UpdatedAt: at(i.UpdatedAt), updatedAt: i.UpdatedAt,
	}
	if k, ok := identity.KindOf(i.Kind); ok && i.EntityID != 0 {
		v.Entity = &named{ID: id.Format(k.Prefix, i.EntityID), Name: i.EntityName}
	}
	return v
}

type identityListInput struct {
	Paging
	Changed
	Kind       string `query:"kind" enum:"agent,team,project,segment,proposition"`
	ProviderID string `query:"provider_id"`
	ExternalID string `query:"external_id"`
	EntityID   string `query:"entity_id" doc:"Linked to this one; needs kind."`
	Linked     string `query:"linked" enum:"true,false" doc:"false: those still to be linked, without ignored ones unless ignored says otherwise."`
	Ignored    string `query:"ignored" enum:"true,false"`
	Search     string `query:"search" doc:"Part of the name, external id or e-mail."`
	SeenDays   int    `query:"seen_days" minimum:"1" maximum:"3650" doc:"Only those that were first seen so many days ago or longer."`
}

// daysAgo is the moment so many days before now; 0 for 0.
func (s *Server) daysAgo(days int) int64 {
	if days == 0 {
		return 0
	}
	return s.Now().AddDate(0, 0, -days).UnixMicro()
}

func (s *Server) listIdentities(ctx context.Context, in *identityListInput, r page.Request) (page.Page[identityView], error) {
	f := identity.Filter{
		TenantID: caller(ctx).TenantID, Kind: in.Kind, ExternalID: in.ExternalID, Linked: choice(in.Linked), Ignored: choice(in.Ignored),
		Search: in.Search, UpdatedAfter: in.micros(), MadeBefore: s.daysAgo(in.SeenDays),
	}
	var err error
	if f.ProviderID, err = filter("provider_id", id.Provider, in.ProviderID); err != nil {
		return page.Page[identityView]{}, err
	}
	k, _ := identity.KindOf(in.Kind)
	if f.EntityID, err = filter("entity_id", k.Prefix, in.EntityID); err != nil {
		return page.Page[identityView]{}, err
	}
	p, err := s.Store.ListIdentities(ctx, f, r)
	return page.Map(p, viewIdentity), err
}

func identityID(text string) (int64, error) { return number(id.Identity, "external identity", text) }

func (s *Server) getIdentity(ctx context.Context, in *idInput) (identityView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return identityView{}, err
	}
	i, err := s.Store.Identity(ctx, caller(ctx).TenantID, n)
	return viewIdentity(i), err
}

type linkIdentityInput struct {
	ID   string `path:"id"`
	Body struct {
		EntityID string `json:"entity_id"`
	}
}

func (s *Server) linkIdentity(ctx context.Context, in *linkIdentityInput) (identityView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return identityView{}, err
	}
	i, err := identity.Link(ctx, s.Store, caller(ctx), n, in.Body.EntityID)
	return viewIdentity(i), err
}

type linkNewInput struct {
	ID   string `path:"id"`
	Body struct {
		Name   string `json:"name,omitempty" doc:"Of the entity; left out: the identity's."`
		TeamID string `json:"team_id,omitempty" doc:"Of an agent: the team that it is in."`
	}
}

func (s *Server) linkIdentityNew(ctx context.Context, in *linkNewInput) (identityView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return identityView{}, err
	}
	team, err := filter("team_id", id.Team, in.Body.TeamID)
	if err != nil {
		return identityView{}, err
	}
	i, err := identity.LinkNew(ctx, s.Store, caller(ctx), n, in.Body.Name, team)
	return viewIdentity(i), err
}

func (s *Server) unlinkIdentity(ctx context.Context, in *idInput) (identityView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return identityView{}, err
	}
	i, err := identity.Unlink(ctx, s.Store, caller(ctx), n)
	return viewIdentity(i), err
}

func (s *Server) ignoreIdentity(ctx context.Context, in *idInput) (identityView, error) {
	return s.setIgnored(ctx, in, true)
}

func (s *Server) unignoreIdentity(ctx context.Context, in *idInput) (identityView, error) {
	return s.setIgnored(ctx, in, false)
}

func (s *Server) setIgnored(ctx context.Context, in *idInput, ignored bool) (identityView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return identityView{}, err
	}
	i, err := identity.Ignore(ctx, s.Store, caller(ctx), n, ignored)
	return viewIdentity(i), err
}

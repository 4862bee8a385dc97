package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// entityRows are the same for each kind of entity.
func (s *Server) entityRows() []Row {
	var rows []Row
	for _, k := range identity.Kinds {
		e := entityRoutes{s, k}
		path := "/v1/" + k.Plural
		rows = append(rows,
			Row{"GET", path, access.ReadData, "List " + k.Plural, many(e.list)},
			Row{"POST", path, access.LinkIdentities, "Make one of the " + k.Plural, made(e.add)},
			Row{"GET", path + "/{id}", access.ReadData, "One of the " + k.Plural, one(e.get)},
			Row{"GET", path + "/{id}/records", access.ReadData, "How many records of each kind count for one of the " + k.Plural, one(e.counts)},
			Row{"PATCH", path + "/{id}", access.LinkIdentities, "Change one of the " + k.Plural, one(e.change)},
		)
	}
	return rows
}

// entityRoutes are the routes of one kind.
type entityRoutes struct {
	s    *Server
	kind identity.Kind
}

type entityView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Active    bool      `json:"active" doc:"Agents only; all others are."`
	Team      *named    `json:"team" doc:"Agents only; null: none."`
	Linked    int       `json:"linked_identities"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	updatedAt int64
}

func (v entityView) version() string { return etag(v.updatedAt) }

// named is another thing, by its id and name.
type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func viewEntity(e identity.Entity) entityView {
	v := entityView{
		ID: id.Format(e.Kind.Prefix, e.ID), Name: e.Name, Active: e.Active, Linked: e.Linked,
		CreatedAt: at(e.CreatedAt), UpdatedAt: at(e.UpdatedAt), updatedAt: e.UpdatedAt,
	}
	if e.TeamID != 0 {
		v.Team = &named{ID: id.Format(id.Team, e.TeamID), Name: e.TeamName}
	}
	return v
}

// on says whether the tenant works with the kind: without projects there are no such pages.
func (e entityRoutes) on(ctx context.Context) error {
	if e.kind.Noun != "project" {
		return nil
	}
	t, err := e.s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err == nil && !t.Projects {
		return fault.New(fault.NotFound, "Projects are switched off. An administrator can switch them on in the settings; nothing was deleted.")
	}
	return err
}

type entityListInput struct {
	Paging
	Changed
	Search string `query:"search" doc:"Part of the name."`
	TeamID string `query:"team_id" doc:"Agents only."`
	Active string `query:"active" enum:"true,false" doc:"Agents only."`
}

func (e entityRoutes) list(ctx context.Context, in *entityListInput, r page.Request) (page.Page[entityView], error) {
	if err := e.on(ctx); err != nil {
		return page.Page[entityView]{}, err
	}
	team, err := filter("team_id", id.Team, in.TeamID)
	if err != nil {
		return page.Page[entityView]{}, err
	}
	p, err := e.s.Store.ListEntities(ctx, identity.EntityFilter{
		TenantID: caller(ctx).TenantID, Kind: e.kind, TeamID: team, Active: choice(in.Active), Search: in.Search, UpdatedAfter: in.micros(),
	}, r)
	return page.Map(p, viewEntity), err
}

// choice reads a filter that may be true, false or absent.
func choice(text string) *bool {
	if text == "" {
		return nil
	}
	b := text == "true"
	return &b
}

type entityInput struct {
	Body struct {
		Name   string  `json:"name"`
		TeamID *string `json:"team_id,omitempty" doc:"Agents only."`
	}
}

func (e entityRoutes) add(ctx context.Context, in *entityInput) (entityView, error) {
	if err := e.on(ctx); err != nil {
		return entityView{}, err
	}
	one, err := identity.NewEntity(caller(ctx).TenantID, e.kind, in.Body.Name)
	if err != nil {
		return entityView{}, err
	}
	if in.Body.TeamID != nil {
		team, err := e.team(in.Body.TeamID)
		if err != nil {
			return entityView{}, err
		}
		one.TeamID = *team
	}
	one, err = e.s.Store.AddEntity(ctx, caller(ctx), one)
	return viewEntity(one), err
}

// team reads the team of an agent; "" is none.
func (e entityRoutes) team(text *string) (*int64, error) {
	if text == nil {
		return nil, nil
	}
	if e.kind.Noun != "agent" {
		return nil, fault.New(fault.Invalid, "The %s was not saved.", e.kind.Noun).With(fault.Detail{Field: "team_id", Code: "unknown_field", Message: "Only agents have a team."})
	}
	n, err := filter("team_id", id.Team, *text)
	return &n, err
}

func (e entityRoutes) get(ctx context.Context, in *idInput) (entityView, error) {
	n, err := e.number(ctx, in.ID)
	if err != nil {
		return entityView{}, err
	}
	one, err := e.s.Store.Entity(ctx, caller(ctx).TenantID, e.kind, n)
	return viewEntity(one), err
}

func (e entityRoutes) number(ctx context.Context, text string) (int64, error) {
	if err := e.on(ctx); err != nil {
		return 0, err
	}
	return number(e.kind.Prefix, e.kind.Noun, text)
}

type entityChangeInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name   *string `json:"name,omitempty"`
		TeamID *string `json:"team_id,omitempty" doc:"Agents only; an empty text: no team."`
		Active *bool   `json:"active,omitempty" doc:"Agents only."`
	}
}

func (e entityRoutes) change(ctx context.Context, in *entityChangeInput) (entityView, error) {
	n, err := e.number(ctx, in.ID)
	if err != nil {
		return entityView{}, err
	}
	team, err := e.team(in.Body.TeamID)
	if err != nil {
		return entityView{}, err
	}
	if in.Body.Active != nil && e.kind.Noun != "agent" {
		return entityView{}, fault.New(fault.Invalid, "The %s was not saved.", e.kind.Noun).With(fault.Detail{Field: "active", Code: "unknown_field", Message: "Only agents can be inactive."})
	}
	one, err := e.s.Store.ChangeEntity(ctx, caller(ctx), e.kind, n, func(one identity.Entity) (identity.Entity, error) {
		if err := match(in.IfMatch, etag(one.UpdatedAt)); err != nil {
			return one, err
		}
		return one.With(identity.EntityChange{Name: in.Body.Name, TeamID: team, Active: in.Body.Active})
	})
	return viewEntity(one), err
}

type entityCountView struct {
	Kind  string `json:"kind" enum:"activity,sale,call,period,anonymous_activity"`
	Count *int64 `json:"count" doc:"Null: more than 10000, or of a team or project among more than 20000 records of the kind."`
}

// counts gives those kinds of record that can count for it, and how many do; their lists are narrowed by the same.
func (e entityRoutes) counts(ctx context.Context, in *idInput) ([]entityCountView, error) {
	n, err := e.number(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	t, err := e.s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return nil, err
	}
	if _, err := e.s.Store.Entity(ctx, t.ID, e.kind, n); err != nil {
		return nil, err
	}
	all := []entityCountView{}
	for _, k := range record.Kinds {
		f := storage.RecordFilter{TenantID: t.ID, Kind: k}
		at := k.Place(e.kind.Noun + "_external_identity")
		switch {
		case !t.HasKind(k.Noun):
			continue
		case e.kind.Noun == "team":
			f.TeamID = n
		case at >= 0:
			f.Entities = map[string]int64{k.Fields[at].Column: n}
		default:
			continue
		}
		count, err := e.s.Store.CountFor(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, entityCountView{Kind: k.Noun, Count: count})
	}
	return all, nil
}

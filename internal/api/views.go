package api

import (
	"context"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/storage"
)

func (s *Server) viewRows() []Row {
	return []Row{
		{"GET", "/v1/views", access.ReadData, "Saved views of a list: one's own and the shared ones", one(s.listViews)},
		{"POST", "/v1/views", access.ReadData, "Keep the filters of a list under a name", made(s.addView)},
		{"PATCH", "/v1/views/{id}", access.ReadData, "Rename a saved view, or give it other filters", one(s.changeView)},
		{"DELETE", "/v1/views/{id}", access.ReadData, "Delete a saved view", none(s.deleteView)},
	}
}

type savedView struct {
	ID        string    `json:"id"`
	List      string    `json:"list"`
	Name      string    `json:"name"`
	Search    string    `json:"search" doc:"The filters, as they stand in the address of the page."`
	Shared    bool      `json:"shared" doc:"Everybody of the company sees it."`
	Mine      bool      `json:"mine"`
	CreatedAt time.Time `json:"created_at"`
}

func viewFilters(ctx context.Context, v storage.View) savedView {
	return savedView{
		ID: id.Format(id.View, v.ID), List: v.List, Name: v.Name, Search: v.Search, Shared: v.Shared, Mine: v.Owner == caller(ctx).PublicID(), CreatedAt: at(v.CreatedAt),
	}
}

type viewsInput struct {
	List string `query:"list" required:"true" maxLength:"40" doc:"executions, deliveries, source-executions, journal, identities, or the plural of a record kind."`
}

func (s *Server) listViews(ctx context.Context, in *viewsInput) ([]savedView, error) {
	all, err := s.Store.Views(ctx, caller(ctx).TenantID, caller(ctx).PublicID(), in.List)
	out := make([]savedView, len(all))
	for i, v := range all {
		out[i] = viewFilters(ctx, v)
	}
	return out, err
}

type addViewInput struct {
	Body struct {
		List   string `json:"list" minLength:"1" maxLength:"40"`
		Name   string `json:"name"`
		Search string `json:"search" maxLength:"4000"`
		Shared bool   `json:"shared,omitempty"`
	}
}

// viewName is how long a name may be.
const viewName = 80

// fitting says whether the caller may keep a view like that.
func fitting(ctx context.Context, v storage.View) (storage.View, error) {
	v.Name = strings.TrimSpace(v.Name)
	if n := len([]rune(v.Name)); n == 0 || n > viewName {
		return v, fault.New(fault.Invalid, "The view was not saved.").With(fault.Detail{Field: "name", Code: "length", Message: "A name has 1 to 80 characters."})
	}
	if v.Shared && !caller(ctx).Role.May(access.RunProcessors) {
		return v, fault.New(fault.Forbidden, "Your role is %s; views are shared by members and those above. Save it for yourself alone.", caller(ctx).Role)
	}
	return v, nil
}

// theirs says whether the caller may change a view: their own, and as an administrator the shared ones.
func theirs(ctx context.Context, v storage.View) error {
	p := caller(ctx)
	switch {
	case v.Owner == p.PublicID() || v.Shared && p.Role.May(access.WriteSettings):
		return nil
	case v.Shared:
		return fault.New(fault.Forbidden, "Somebody else shares the view “%s”. They can change it, or an administrator.", v.Name)
	default:
		return fault.New(fault.NotFound, "There is no such view.")
	}
}

func (s *Server) addView(ctx context.Context, in *addViewInput) (savedView, error) {
	v, err := fitting(ctx, storage.View{
		TenantID: caller(ctx).TenantID, Owner: caller(ctx).PublicID(), List: in.Body.List, Name: in.Body.Name, Search: in.Body.Search, Shared: in.Body.Shared,
	})
	if err != nil {
		return savedView{}, err
	}
	v, err = s.Store.AddView(ctx, v)
	return viewFilters(ctx, v), err
}

type changeViewInput struct {
	ID   string `path:"id"`
	Body struct {
		Name   *string `json:"name,omitempty"`
		Search *string `json:"search,omitempty" maxLength:"4000"`
		Shared *bool   `json:"shared,omitempty"`
	}
}

func (s *Server) changeView(ctx context.Context, in *changeViewInput) (savedView, error) {
	n, err := number(id.View, "view", in.ID)
	if err != nil {
		return savedView{}, err
	}
	v, err := s.Store.ChangeView(ctx, caller(ctx).TenantID, n, func(v storage.View) (storage.View, error) {
		if err := theirs(ctx, v); err != nil {
			return v, err
		}
		if in.Body.Name != nil {
			v.Name = *in.Body.Name
		}
		if in.Body.Search != nil {
			v.Search = *in.Body.Search
		}
		if in.Body.Shared != nil {
			v.Shared = *in.Body.Shared
		}
		return fitting(ctx, v)
	})
	return viewFilters(ctx, v), err
}

func (s *Server) deleteView(ctx context.Context, in *idInput) error {
	n, err := number(id.View, "view", in.ID)
	if err != nil {
		return err
	}
	return s.Store.DeleteView(ctx, caller(ctx).TenantID, n, func(v storage.View) error { return theirs(ctx, v) })
}

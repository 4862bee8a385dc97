package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/tenant"
)

func (s *Server) authRows() []Row {
	return []Row{
		{"GET", "/v1/auth/setup-state", access.Public, "Whether the first owner is still to be made", one(s.setupState)},
		{"POST", "/v1/auth/setup", access.Public, "Make the first owner, on a server that has none, and sign in", made(s.setup)},
		{"POST", "/v1/auth/login", access.Public, "Sign in with e-mail and password", one(s.login)},
		{"POST", "/v1/auth/logout", access.Public, "Sign out", none(s.logout)},
		{"GET", "/v1/auth/session", access.SignedIn, "Who I am and what I may do", one(s.session)},
		{"PUT", "/v1/auth/password", access.ManageOwnSession, "Change my password; my other sessions end", none(s.changePassword)},
	}
}

type setupState struct {
	SetupNeeded bool `json:"setup_needed" doc:"No owner exists yet: POST /v1/auth/setup makes one."`
}

func (s *Server) setupState(ctx context.Context, _ *struct{}) (setupState, error) {
	has, err := s.Store.HasTenant(ctx)
	return setupState{SetupNeeded: !has}, err
}

type setupInput struct {
	Body struct {
		Tenant   string `json:"tenant" doc:"Name of the company."`
		Name     string `json:"name,omitempty" doc:"Name of the owner."`
		Email    string `json:"email"`
		Password string `json:"password" doc:"At least 10 characters."`
	}
}

func (s *Server) setup(ctx context.Context, in *setupInput) (session, error) {
	t, owner, _, err := access.Found(ctx, s.Store, s.Hasher, access.Founding{
		Tenant: in.Body.Tenant, Email: in.Body.Email, Name: in.Body.Name, Password: in.Body.Password, First: true,
	}, s.Catalogue.Names())
	if err != nil {
		return session{}, err
	}
	return s.signedIn(ctx, owner, t)
}

type loginInput struct {
	Body struct {
		Email    string `json:"email"`
		Password string `json:"password"`
		Stay     bool   `json:"stay_signed_in,omitempty" doc:"Also when the browser is closed, for as long as the session lives: 14 days."`
	}
}

func (s *Server) login(ctx context.Context, in *loginInput) (session, error) {
	u, err := s.door.SignIn(ctx, in.Body.Email, in.Body.Password, callOf(ctx).address)
	if err != nil {
		return session{}, err
	}
	t, err := s.Store.Tenant(ctx, u.TenantID)
	if err != nil {
		return session{}, err
	}
	begun, err := s.signedIn(ctx, u, t)
	if err == nil {
		s.sessions.RememberMe(ctx, in.Body.Stay)
	}
	return begun, err
}

// signedIn begins a session under a fresh token.
func (s *Server) signedIn(ctx context.Context, u access.User, t tenant.Tenant) (session, error) {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return session{}, err
	}
	s.sessions.Put(ctx, sessionUser, u.ID)
	s.sessions.Put(ctx, sessionTenant, u.TenantID)
	s.sessions.Put(ctx, sessionProof, proof(u))
	return newSession(u.Principal(), &u, t), nil
}

func (s *Server) logout(ctx context.Context, _ *struct{}) error { return s.sessions.Destroy(ctx) }

// session is who is signed in.
type session struct {
	User        *sessionUserView `json:"user" doc:"Null for an API key."`
	Tenant      settings         `json:"tenant"`
	Role        access.Role      `json:"role"`
	Permissions []string         `json:"permissions"`
}

type sessionUserView struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

func newSession(p access.Principal, u *access.User, t tenant.Tenant) session {
	out := session{Tenant: newSettings(t), Role: p.Role, Permissions: []string{}}
	if u != nil {
		out.User = &sessionUserView{ID: id.Format(id.User, u.ID), Email: u.Email, Name: u.Name}
	}
	for _, permission := range access.Permissions {
		if p.Role.May(permission) {
			out.Permissions = append(out.Permissions, string(permission))
		}
	}
	return out
}

func (s *Server) session(ctx context.Context, _ *struct{}) (session, error) {
	p := caller(ctx)
	t, err := s.Store.Tenant(ctx, p.TenantID)
	if err != nil || p.UserID == 0 {
		return newSession(p, nil, t), err
	}
	u, err := s.Store.User(ctx, p.TenantID, p.UserID)
	return newSession(p, &u, t), err
}

type passwordInput struct {
	Body struct {
		Current string `json:"current"`
		New     string `json:"new" doc:"At least 10 characters."`
	}
}

func (s *Server) changePassword(ctx context.Context, in *passwordInput) error {
	p := caller(ctx)
	if p.UserID == 0 {
		return fault.New(fault.Forbidden, "An API key has no password.")
	}
	u, err := s.Store.User(ctx, p.TenantID, p.UserID)
	if err != nil {
		return err
	}
	if err := s.door.Confirm(ctx, u, in.Body.Current, callOf(ctx).address); err != nil {
		if fault.Is(err, fault.Unauthorized) {
			return fault.New(fault.Invalid, "The password was not changed.").With(fault.Detail{Field: "current", Code: "wrong", Message: "This is not your present password."})
		}
		return err
	}
	if d := access.CheckPassword(in.Body.New); d != nil {
		d.Field = "new"
		return fault.New(fault.Invalid, "The password was not changed.").With(*d)
	}
	hash, err := s.Hasher.Hash(ctx, in.Body.New)
	if err != nil {
		return err
	}
	u, err = s.Store.ChangeUser(ctx, p.TenantID, p.UserID, func(u access.User) (access.User, error) {
		u.PasswordHash = hash
		return u, nil
	})
	if err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionProof, proof(u))
	return nil
}

package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
)

func (s *Server) userRows() []Row {
	return []Row{
		{"GET", "/v1/users", access.ReadConfig, "Users", many(s.listUsers)},
		{"POST", "/v1/users", access.ManageUsers, "Make a user; without a password invited, with one active", made(s.addUser)},
		{"GET", "/v1/users/{id}", access.ReadConfig, "A user", one(s.getUser)},
		{"PATCH", "/v1/users/{id}", access.ManageUsers, "Change a user's name, role, status or password", one(s.changeUser)},
	}
}

type userView struct {
	ID        string        `json:"id"`
	Email     string        `json:"email"`
	Name      string        `json:"name"`
	Role      access.Role   `json:"role" enum:"owner,admin,member,viewer"`
	Status    access.Status `json:"status" enum:"active,invited,disabled"`
	AgentID   *string       `json:"agent_id" doc:"The agent this user is; null: none."`
	CreatedAt time.Time     `json:"created_at"`
	UpdatedAt time.Time     `json:"updated_at"`
	updatedAt int64
}

func (v userView) version() string { return etag(v.updatedAt) }

func viewUser(u access.User) userView {
	return userView{
		ID: id.Format(id.User, u.ID), Email: u.Email, Name: u.Name, Role: u.Role, Status: u.Status, AgentID: idOrNull(id.Agent, u.AgentID),
		CreatedAt: at(u.CreatedAt), UpdatedAt: at(u.UpdatedAt), updatedAt: u.UpdatedAt,
	}
}

type userListInput struct {
	Paging
	Changed
	Role   string `query:"role" enum:"owner,admin,member,viewer"`
	Status string `query:"status" enum:"active,invited,disabled"`
	Search string `query:"search" doc:"Part of the name or e-mail."`
}

func (s *Server) listUsers(ctx context.Context, in *userListInput, r page.Request) (page.Page[userView], error) {
	p, err := s.Store.ListUsers(ctx, access.UserFilter{
		TenantID: caller(ctx).TenantID, Search: in.Search, Role: in.Role, Status: in.Status, UpdatedAfter: in.micros(),
	}, r)
	return page.Map(p, viewUser), err
}

type userInput struct {
	Body struct {
		Email    string      `json:"email"`
		Name     string      `json:"name,omitempty"`
		Role     access.Role `json:"role" enum:"owner,admin,member,viewer"`
		Password string      `json:"password,omitempty" doc:"At least 10 characters."`
	}
}

func (s *Server) addUser(ctx context.Context, in *userInput) (userView, error) {
	hash := ""
	if in.Body.Password != "" {
		var err error
		if hash, err = s.hash(ctx, in.Body.Password); err != nil {
			return userView{}, err
		}
	}
	u, err := access.NewUser(caller(ctx), in.Body.Email, in.Body.Name, in.Body.Role, hash)
	if err != nil {
		return userView{}, err
	}
	u, err = s.Store.AddUser(ctx, u)
	return viewUser(u), err
}

// hash checks a new password and gives what is stored of it.
func (s *Server) hash(ctx context.Context, password string) (string, error) {
	if d := access.CheckPassword(password); d != nil {
		return "", fault.New(fault.Invalid, "The password is not taken.").With(*d)
	}
	return s.Hasher.Hash(ctx, password)
}

func userID(text string) (int64, error) { return number(id.User, "user", text) }

func (s *Server) getUser(ctx context.Context, in *idInput) (userView, error) {
	n, err := userID(in.ID)
	if err != nil {
		return userView{}, err
	}
	u, err := s.Store.User(ctx, caller(ctx).TenantID, n)
	return viewUser(u), err
}

type userChangeInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name     *string        `json:"name,omitempty"`
		Role     *access.Role   `json:"role,omitempty" enum:"owner,admin,member,viewer"`
		Status   *access.Status `json:"status,omitempty" enum:"active,disabled"`
		Password *string        `json:"password,omitempty" doc:"At least 10 characters; the user's sessions end."`
	}
}

func (s *Server) changeUser(ctx context.Context, in *userChangeInput) (userView, error) {
	n, err := userID(in.ID)
	if err != nil {
		return userView{}, err
	}
	c := access.UserChange{Name: in.Body.Name, Role: in.Body.Role, Status: in.Body.Status}
	if in.Body.Password != nil {
		hash, err := s.hash(ctx, *in.Body.Password)
		if err != nil {
			return userView{}, err
		}
		c.PasswordHash = &hash
	}
	u, err := s.Store.ChangeUser(ctx, caller(ctx).TenantID, n, func(u access.User) (access.User, error) {
		if err := match(in.IfMatch, etag(u.UpdatedAt)); err != nil {
			return u, err
		}
		return u.With(caller(ctx), c)
	})
	return viewUser(u), err
}

package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
)

func (s *Server) keyRows() []Row {
	return []Row{
		{"GET", "/v1/api-keys", access.ManageKeys, "API keys that are not revoked", many(s.listKeys)},
		{"POST", "/v1/api-keys", access.ManageKeys, "Make an API key; it is shown this once", made(s.addKey)},
		{"GET", "/v1/api-keys/{id}", access.ManageKeys, "An API key", one(s.getKey)},
		{"DELETE", "/v1/api-keys/{id}", access.ManageKeys, "Revoke an API key; it stops at once", none(s.revokeKey)},
	}
}

type keyView struct {
	ID         string      `json:"id"`
	Name       string      `json:"name" said:"note"`
	Key        string      `json:"key,omitempty" doc:"Only in the answer that made it."`
	Hint       string      `json:"hint" doc:"Its last four characters."`
	Role       access.Role `json:"role" enum:"admin,member,viewer"`
	CreatedBy  *string     `json:"created_by" doc:"A user's id; null: made by another key."`
	CreatedAt  time.Time   `json:"created_at"`
	ExpiresAt  *time.Time  `json:"expires_at" doc:"Null: never."`
	LastUsedAt *time.Time  `json:"last_used_at" doc:"To the minute."`
	RevokedAt  *time.Time  `json:"revoked_at"`
}

func viewKey(k access.Key) keyView {
	return keyView{
		ID: id.Format(id.APIKey, k.ID), Name: k.Name, Hint: k.Hint, Role: k.Role, CreatedBy: idOrNull(id.User, k.CreatedBy),
		CreatedAt: at(k.CreatedAt), ExpiresAt: atOrNull(k.ExpiresAt), LastUsedAt: atOrNull(k.LastUsedAt), RevokedAt: atOrNull(k.RevokedAt),
	}
}

type keyListInput struct{ Paging }

func (s *Server) listKeys(ctx context.Context, _ *keyListInput, r page.Request) (page.Page[keyView], error) {
	p, err := s.Store.ListKeys(ctx, caller(ctx).TenantID, r)
	return page.Map(p, viewKey), err
}

type keyInput struct {
	Body struct {
		Name      string      `json:"name"`
		Role      access.Role `json:"role" enum:"admin,member,viewer"`
		ExpiresAt *time.Time  `json:"expires_at,omitempty"`
	}
}

func (s *Server) addKey(ctx context.Context, in *keyInput) (keyView, error) {
	expires := int64(0)
	if in.Body.ExpiresAt != nil {
		expires = in.Body.ExpiresAt.UnixMicro()
	}
	k, secret, err := access.NewKey(caller(ctx), in.Body.Name, in.Body.Role, expires, s.Now().UnixMicro())
	if err != nil {
		return keyView{}, err
	}
	if k, err = s.Store.AddKey(ctx, k); err != nil {
		return keyView{}, err
	}
	v := viewKey(k)
	v.Key = secret
	return v, nil
}

func keyID(text string) (int64, error) { return number(id.APIKey, "API key", text) }

func (s *Server) getKey(ctx context.Context, in *idInput) (keyView, error) {
	n, err := keyID(in.ID)
	if err != nil {
		return keyView{}, err
	}
	k, err := s.Store.Key(ctx, caller(ctx).TenantID, n)
	return viewKey(k), err
}

func (s *Server) revokeKey(ctx context.Context, in *idInput) error {
	n, err := keyID(in.ID)
	if err != nil {
		return err
	}
	return s.Store.RevokeKey(ctx, caller(ctx).TenantID, n)
}

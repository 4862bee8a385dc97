package access

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Founding is what makes a tenant: its name and its owner.
type Founding struct {
	Tenant   string // "": the part of the e-mail after the @
	Email    string
	Name     string
	Password string
	First    bool // only where there is no tenant yet
	Key      bool // make an administrator's API key too
}

// Found makes a tenant with an owner who can sign in. The secret of the key, if one is wanted, is shown once.
func Found(ctx context.Context, store Store, hasher *Hasher, f Founding, providerTypes []string) (tenant.Tenant, User, string, error) {
	wrong := fault.New(fault.Invalid, "Nothing was set up.")
	email, d := NormalEmail(f.Email)
	if d != nil {
		wrong.With(*d)
	}
	if d := CheckPassword(f.Password); d != nil {
		wrong.With(*d)
	}
	if len(wrong.Details) > 0 {
		return tenant.Tenant{}, User{}, "", wrong
	}
	if f.Tenant == "" {
		_, f.Tenant, _ = strings.Cut(email, "@")
	}
	t, err := tenant.New(f.Tenant, providerTypes)
	if err != nil {
		return tenant.Tenant{}, User{}, "", err
	}
	t.PseudonymKey = pseudonym.NewKey()
	var key *Key
	secret := ""
	if f.Key {
		k, made, err := NewKey(Principal{Role: Owner}, "Made by setup", Admin, 0, 0)
		if err != nil {
			return tenant.Tenant{}, User{}, "", err
		}
		key, secret = &k, made
	}
	hash, err := hasher.Hash(ctx, f.Password)
	if err != nil {
		return tenant.Tenant{}, User{}, "", err
	}
	owner := User{Email: email, Name: strings.TrimSpace(f.Name), Role: Owner, Status: Active, PasswordHash: hash}
	t, owner, err = store.NewTenant(ctx, t, owner, key, f.First)
	return t, owner, secret, err
}

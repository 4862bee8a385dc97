package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/tenant"
)

// notFound is the answer for things that are not there and for those of other tenants.
func notFound(noun string) error { return fault.New(fault.NotFound, "There is no such %s.", noun) }

// found turns "no rows" into not found.
func found(err error, noun string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notFound(noun)
	}
	return err
}

const tenantColumns = "id, name, time_zone, country, record_kinds, projects, provider_types, user_creation, agent_management, contact_keys, raw_days, pseudonym_key, raw_key, created_at, updated_at"

// scanTenant reads a tenant and opens its keys.
func (t *Tx) scanTenant(scan row) (one tenant.Tenant, err error) {
	var kinds, types, pseudonymKey, rawKey []byte
	var projects, users, agents int64
	err = scan(&one.ID, &one.Name, &one.TimeZone, &one.Country, &kinds, &projects, &types, &users, &agents, &one.ContactKeys, &one.RawDays, &pseudonymKey, &rawKey, &one.CreatedAt, &one.UpdatedAt)
	if err != nil {
		return one, err
	}
	if one.PseudonymKey, err = t.open("tenants", "pseudonym_key", one.ID, pseudonymKey); err != nil {
		return one, err
	}
	if one.RawKey, err = t.open("tenants", "raw_key", one.ID, rawKey); err != nil {
		return one, err
	}
	one.Projects, one.UserCreation, one.AgentManagement = projects != 0, users != 0, agents != 0
	return one, errors.Join(json.Unmarshal(kinds, &one.RecordKinds), json.Unmarshal(types, &one.ProviderTypes))
}

// Tenant gives a tenant's settings.
func (db *DB) Tenant(ctx context.Context, id int64) (t tenant.Tenant, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		t, err = tx.tenant(id)
		return err
	})
	return t, err
}

func (t *Tx) tenant(id int64) (tenant.Tenant, error) {
	one, err := t.scanTenant(t.QueryRow("SELECT "+tenantColumns+" FROM tenants WHERE id = ?", id).Scan)
	return one, found(err, "tenant")
}

// HasTenant reports whether anything was set up.
func (db *DB) HasTenant(ctx context.Context) (has bool, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		has, err = tx.exists("SELECT 1 FROM tenants LIMIT 1")
		return err
	})
	return has, err
}

// exists reports whether a query has a row.
func (t *Tx) exists(query string, args ...any) (bool, error) {
	var one int64
	err := t.QueryRow(query, args...).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// jsonText is how lists and objects are stored.
func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("storage: %T is no JSON: %v", v, err))
	}
	return string(b)
}

// ChangeTenant is that of tenant.Store.
func (db *DB) ChangeTenant(ctx context.Context, id int64, fn func(tenant.Tenant) (tenant.Tenant, error)) (t tenant.Tenant, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if t, err = tx.tenant(id); err != nil {
			return err
		}
		keptRaw := t.RawKey != nil
		if t, err = fn(t); err != nil {
			return err
		}
		if t.RawKey != nil && !keptRaw {
			if err := tx.keyForRaw(); err != nil {
				return err
			}
		}
		t.UpdatedAt = tx.after(t.UpdatedAt)
		pseudonymKey, err := tx.seal("tenants", "pseudonym_key", id, t.PseudonymKey)
		if err != nil {
			return err
		}
		rawKey, err := tx.seal("tenants", "raw_key", id, t.RawKey)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`
			UPDATE tenants
			SET name = ?, time_zone = ?, country = ?, record_kinds = ?, projects = ?, provider_types = ?, user_creation = ?, agent_management = ?,
				contact_keys = ?, raw_days = ?, pseudonym_key = ?, raw_key = ?, updated_at = ?
			WHERE id = ?`,
			t.Name, t.TimeZone, t.Country, jsonText(t.RecordKinds), truth(t.Projects), jsonText(t.ProviderTypes), truth(t.UserCreation), truth(t.AgentManagement),
			t.ContactKeys, t.RawDays, pseudonymKey, rawKey, t.UpdatedAt, id)
		if err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	return t, err
}

// after is the moment of a change of something last changed at before: it always moves on, so that it tells versions
// apart even when the clock stands or goes back.
func (t *Tx) after(before int64) int64 { return max(t.Now, before+1) }

// NewTenant is that of access.Store.
func (db *DB) NewTenant(ctx context.Context, t tenant.Tenant, owner access.User, key *access.Key, first bool) (tenant.Tenant, access.User, error) {
	err := db.Write(ctx, func(tx *Tx) error {
		if first {
			taken, err := tx.exists("SELECT 1 FROM tenants LIMIT 1")
			if err != nil {
				return err
			}
			if taken {
				return fault.New(fault.Conflict, "This server is set up already. Sign in, or ask its owner for a user.")
			}
		}
		taken, err := tx.exists("SELECT 1 FROM users WHERE email = ? AND password_hash IS NOT NULL", owner.Email)
		if err != nil {
			return err
		}
		if taken {
			return fault.New(fault.Conflict, "%s can sign in already. Use another e-mail for the owner of another tenant.", owner.Email)
		}
		if t.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		t.CreatedAt, t.UpdatedAt = tx.Now, tx.Now
		pseudonymKey, err := tx.seal("tenants", "pseudonym_key", t.ID, t.PseudonymKey)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`
			INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, user_creation, agent_management, contact_keys, raw_days, pseudonym_key, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			t.ID, t.Name, t.TimeZone, t.Country, jsonText(t.RecordKinds), truth(t.Projects), jsonText(t.ProviderTypes), truth(t.UserCreation), truth(t.AgentManagement), t.ContactKeys, t.RawDays, pseudonymKey, tx.Now, tx.Now)
		if err != nil {
			return err
		}
		owner.TenantID = t.ID
		if owner, err = tx.addUser(owner); err != nil {
			return err
		}
		if key != nil {
			k := *key
			k.TenantID, k.CreatedBy = t.ID, owner.ID
			if _, err := tx.addKey(k); err != nil {
				return err
			}
		}
		return tx.RaiseEpoch()
	})
	return t, owner, err
}

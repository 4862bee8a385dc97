package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/tenant"
)

const providerColumns = "id, tenant_id, type, name, settings, secrets, created_at, updated_at, coalesce(deleted_at, 0)"

// scanProvider reads a provider and opens its secrets.
func (t *Tx) scanProvider(scan row) (p provider.Provider, err error) {
	var settings, secrets []byte
	err = scan(&p.ID, &p.TenantID, &p.Type, &p.Name, &settings, &secrets, &p.CreatedAt, &p.UpdatedAt, &p.DeletedAt)
	if err != nil {
		return p, err
	}
	if err = json.Unmarshal(settings, &p.Settings); err != nil || secrets == nil {
		return p, err
	}
	if secrets, err = t.open("providers", "secrets", p.ID, secrets); err != nil {
		return p, err
	}
	return p, json.Unmarshal(secrets, &p.Secrets)
}

// settingsOf gives what a provider is configured with, as its row has it: what is secret sealed for that row.
func (t *Tx) settingsOf(p *provider.Provider) (settings string, secrets any, err error) {
	plain := []byte("{}")
	if len(p.Settings) > 0 {
		if plain, err = json.Marshal(p.Settings); err != nil {
			return "", nil, err
		}
	}
	var secret []byte
	if len(p.Secrets) > 0 {
		if secret, err = json.Marshal(p.Secrets); err != nil {
			return "", nil, err
		}
	}
	secrets, err = t.seal("providers", "secrets", p.ID, secret)
	return string(plain), secrets, err
}

// Provider is that of provider.Store.
func (db *DB) Provider(ctx context.Context, tenantID, id int64) (p provider.Provider, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = tx.provider(tenantID, id)
		return err
	})
	return p, err
}

func (t *Tx) provider(tenantID, id int64) (provider.Provider, error) {
	p, err := t.scanProvider(t.QueryRow("SELECT "+providerColumns+" FROM providers WHERE id = ? AND tenant_id = ? AND deleted_at IS NULL", id, tenantID).Scan)
	if err != nil {
		return p, found(err, "provider")
	}
	list := []provider.Provider{p}
	err = t.fillProviders(list)
	return list[0], err
}

// day is how far back refused calls are added up.
const day = int64(24 * time.Hour / time.Microsecond)

// fillProviders adds keys and counts to a page of providers.
func (t *Tx) fillProviders(list []provider.Provider) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[int64]*provider.Provider, len(list))
	ids := make([]int64, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	in, args := In(ids)
	err := t.Each(func(rows *sql.Rows) error {
		var owner int64
		var k provider.Key
		err := rows.Scan(&owner, &k.ID, &k.Hash, &k.Hint, &k.CreatedAt, &k.ExpiresAt, &k.LastUsedAt, &k.Uses)
		at[owner].Keys = append(at[owner].Keys, k)
		return err
	}, `
		SELECT provider_id, id, hash, hint, created_at, coalesce(expires_at, 0), coalesce(last_used_at, 0), uses
		FROM provider_keys
		WHERE provider_id IN `+in+` AND (expires_at IS NULL OR expires_at > ?)
		ORDER BY id DESC`, append(args, t.Now)...)
	if err != nil {
		return err
	}
	err = t.eachPause(func(owner int64, p provider.Pause) { at[owner].Pause = p }, " WHERE provider_id IN "+in, args[:len(ids)]...)
	if err != nil {
		return err
	}
	return t.Each(func(rows *sql.Rows) error {
		var owner, refused int64
		err := rows.Scan(&owner, &refused)
		at[owner].Refused = refused
		return err
	}, "SELECT provider_id, sum(calls) FROM refused_calls WHERE provider_id IN "+in+" AND hour > ? GROUP BY provider_id", append(args[:len(ids):len(ids)], t.Now-day)...)
}

// ListProviders is that of provider.Store.
func (db *DB) ListProviders(ctx context.Context, f provider.Filter, r page.Request) (p page.Page[provider.Provider], err error) {
	l := list{columns: providerColumns, from: "providers", id: "id", order: "id", sorts: []sortable{
		{"id", "id", ofNumber}, {"name", "name", ofText}, {"created_at", "created_at", ofNumber}, {"updated_at", "updated_at", ofNumber},
	}}
	l.and("tenant_id = ?", f.TenantID)
	l.deleted("deleted_at", f.Deleted)
	equal(&l, "type", f.Type)
	l.updatedAfter(f.UpdatedAfter)
	l.search(f.Search, "name")
	err = db.Read(ctx, func(tx *Tx) error {
		if p, err = pageOf(tx, l, r, tx.scanProvider); err != nil {
			return err
		}
		return tx.fillProviders(p.Items)
	})
	return p, err
}

// AddProvider is that of provider.Store.
func (db *DB) AddProvider(ctx context.Context, p provider.Provider) (provider.Provider, error) {
	err := db.Write(ctx, func(tx *Tx) (err error) {
		if p.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		p.CreatedAt, p.UpdatedAt = tx.Now, tx.Now
		settings, secrets, err := tx.settingsOf(&p)
		if err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO providers (id, tenant_id, type, name, settings, secrets, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			p.ID, p.TenantID, p.Type, p.Name, settings, secrets, tx.Now, tx.Now)
		if err != nil {
			return err
		}
		for i := range p.Keys {
			if p.Keys[i], err = tx.addProviderKey(p.ID, p.Keys[i]); err != nil {
				return err
			}
		}
		return tx.RaiseEpoch()
	})
	return p, err
}

func (t *Tx) addProviderKey(providerID int64, k provider.Key) (_ provider.Key, err error) {
	if k.ID, err = t.NextNumber(); err != nil {
		return k, err
	}
	k.CreatedAt = t.Now
	_, err = t.Exec("INSERT INTO provider_keys (id, provider_id, hash, hint, created_at, uses) VALUES (?, ?, ?, ?, ?, 0)",
		k.ID, providerID, k.Hash, k.Hint, k.CreatedAt)
	return k, err
}

// ChangeProvider is that of provider.Store.
func (db *DB) ChangeProvider(ctx context.Context, tenantID, id int64, fn func(provider.Provider) (provider.Provider, error)) (p provider.Provider, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if p, err = tx.provider(tenantID, id); err != nil {
			return err
		}
		if p, err = fn(p); err != nil {
			return err
		}
		settings, secrets, err := tx.settingsOf(&p)
		if err != nil {
			return err
		}
		p.UpdatedAt = tx.after(p.UpdatedAt)
		if _, err = tx.Exec("UPDATE providers SET name = ?, settings = ?, secrets = ?, updated_at = ? WHERE id = ?", p.Name, settings, secrets, p.UpdatedAt, id); err != nil {
			return err
		}
		// What was wrong may have been mended: it is asked at once.
		if _, err = tx.Exec("DELETE FROM pauses WHERE provider_id = ?", id); err != nil {
			return err
		}
		p.Pause = provider.Pause{}
		return tx.RaiseEpoch()
	})
	return p, err
}

// RenewProviderKey is that of provider.Store.
func (db *DB) RenewProviderKey(ctx context.Context, tenantID, id int64, k provider.Key, overlap time.Duration) (p provider.Provider, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if p, err = tx.provider(tenantID, id); err != nil {
			return err
		}
		end := tx.Now + overlap.Microseconds()
		_, err = tx.Exec("UPDATE provider_keys SET expires_at = ? WHERE provider_id = ? AND (expires_at IS NULL OR expires_at > ?)", end, id, end)
		if err != nil {
			return err
		}
		if _, err = tx.addProviderKey(id, k); err != nil {
			return err
		}
		p.UpdatedAt = tx.after(p.UpdatedAt)
		if _, err = tx.Exec("UPDATE providers SET updated_at = ? WHERE id = ?", p.UpdatedAt, id); err != nil {
			return err
		}
		if err := tx.RaiseEpoch(); err != nil {
			return err
		}
		p, err = tx.provider(tenantID, id)
		return err
	})
	return p, err
}

// ProviderDependents is that of provider.Store.
func (db *DB) ProviderDependents(ctx context.Context, tenantID, id int64) (d tenant.Dependents, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.provider(tenantID, id); err != nil {
			return err
		}
		d, err = tx.providerDependents(id)
		return err
	})
	return d, err
}

func (t *Tx) providerDependents(providerID int64) (d tenant.Dependents, err error) {
	err = t.dependents(&d, "source", id.Source, "is deleted too: its URL will answer 404",
		"SELECT id, name FROM sources WHERE provider_id = ? AND deleted_at IS NULL ORDER BY id", providerID)
	if err != nil {
		return d, err
	}
	err = t.dependents(&d, "processor", id.Processor, "is deleted too",
		"SELECT id, name FROM processors WHERE provider_id = ? AND deleted_at IS NULL ORDER BY id", providerID)
	if err != nil {
		return d, err
	}
	if err := t.counted(&d, "SELECT id FROM sources WHERE provider_id = ?", "source_id", providerID); err != nil {
		return d, err
	}
	return d, t.used(&d, providerID)
}

// used adds what came of a provider. Counts end at page.CountLimit.
func (t *Tx) used(d *tenant.Dependents, providerID int64) (err error) {
	count := func(table string) (n int64) {
		if err == nil {
			err = t.QueryRow("SELECT count(*) FROM (SELECT 1 FROM "+table+" WHERE provider_id = ? LIMIT ?) AS counted", providerID, int64(page.CountLimit)).Scan(&n)
		}
		return n
	}
	for _, kind := range record.Kinds {
		if n := count(kind.Plural); n > 0 {
			d.Kept.Records = append(d.Kept.Records, tenant.Count{Noun: kind.Noun, N: n})
		}
	}
	d.Kept.Identities = count("identities")
	return err
}

// dependents adds the things a query gives (id, name).
func (t *Tx) dependents(d *tenant.Dependents, noun, prefix, what, query string, args ...any) error {
	return t.Each(func(rows *sql.Rows) error {
		var n int64
		one := tenant.Dependent{Noun: noun, What: what}
		err := rows.Scan(&n, &one.Name)
		one.ID = id.Format(prefix, n)
		d.Things = append(d.Things, one)
		return err
	}, query, args...)
}

// counted adds how many executions wait and how much stays of what the query's sources or processors brought about.
// Counts end at page.CountLimit: nobody decides otherwise for more.
func (t *Tx) counted(d *tenant.Dependents, ids, column string, args ...any) error {
	limit := int64(page.CountLimit)
	err := t.QueryRow("SELECT count(*) FROM (SELECT 1 FROM executions WHERE "+column+" IN ("+ids+") AND status = 'waiting' LIMIT ?) AS counted", append(args, limit)...).Scan(&d.Waits)
	if err != nil {
		return err
	}
	return t.QueryRow("SELECT count(*) FROM (SELECT 1 FROM executions WHERE "+column+" IN ("+ids+") LIMIT ?) AS counted", append(args, limit)...).Scan(&d.Kept.Executions)
}

// DeleteProvider is that of provider.Store.
func (db *DB) DeleteProvider(ctx context.Context, tenantID, id int64, allow func(tenant.Dependents) error) error {
	return db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.provider(tenantID, id); err != nil {
			return err
		}
		d, err := tx.providerDependents(id)
		if err != nil {
			return err
		}
		if err := allow(d); err != nil {
			return err
		}
		for _, statement := range []string{
			"DELETE FROM links WHERE source_id IN (SELECT id FROM sources WHERE provider_id = ?)",
			"DELETE FROM links WHERE processor_id IN (SELECT id FROM processors WHERE provider_id = ?)",
		} {
			if _, err := tx.Exec(statement, id); err != nil {
				return err
			}
		}
		for _, statement := range []string{
			"UPDATE sources SET deleted_at = ?, updated_at = ? WHERE provider_id = ? AND deleted_at IS NULL",
			"UPDATE processors SET enabled = 0, deleted_at = ?, updated_at = ? WHERE provider_id = ? AND deleted_at IS NULL",
			"UPDATE providers SET deleted_at = ?, updated_at = ? WHERE id = ?",
		} {
			if _, err := tx.Exec(statement, tx.Now, tx.Now, id); err != nil {
				return err
			}
		}
		return tx.RaiseEpoch()
	})
}

package storage

import (
	"context"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/tenant"
)

const (
	sourceColumns = `sources.id, sources.tenant_id, provider_id, providers.name, sources.type, source_model, sources.name,
		(SELECT count(*) FROM links WHERE source_id = sources.id), sources.created_at, sources.updated_at,
		coalesce(sources.deleted_at, 0)`
	sourceTables = "sources JOIN providers ON providers.id = provider_id"
)

func scanSource(scan row) (s provider.Source, err error) {
	err = scan(&s.ID, &s.TenantID, &s.ProviderID, &s.ProviderName, &s.Type, &s.Model, &s.Name, &s.Processors, &s.CreatedAt, &s.UpdatedAt, &s.DeletedAt)
	return s, err
}

// Source is that of provider.Store.
func (db *DB) Source(ctx context.Context, tenantID, id int64) (s provider.Source, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		s, err = tx.source(tenantID, id)
		return err
	})
	return s, err
}

func (t *Tx) source(tenantID, id int64) (provider.Source, error) {
	s, err := scanSource(t.QueryRow("SELECT "+sourceColumns+" FROM "+sourceTables+" WHERE sources.id = ? AND sources.tenant_id = ? AND sources.deleted_at IS NULL", id, tenantID).Scan)
	if err != nil {
		return s, found(err, "source")
	}
	list := []provider.Source{s}
	err = t.fillSources(list)
	return list[0], err
}

// fillSources adds how the providers of a page of sources do.
func (t *Tx) fillSources(list []provider.Source) error {
	if len(list) == 0 {
		return nil
	}
	of := map[int64][]*provider.Source{}
	for i := range list {
		of[list[i].ProviderID] = append(of[list[i].ProviderID], &list[i])
	}
	in, args := In(slices.Collect(maps.Keys(of)))
	return t.eachPause(func(providerID int64, p provider.Pause) {
		for _, s := range of[providerID] {
			s.Pause = p
		}
	}, " WHERE provider_id IN "+in, args...)
}

// ListSources is that of provider.Store.
func (db *DB) ListSources(ctx context.Context, f provider.SourceFilter, r page.Request) (p page.Page[provider.Source], err error) {
	l := list{columns: sourceColumns, from: sourceTables, id: "sources.id", order: "id", sorts: []sortable{
		{"id", "sources.id", ofNumber}, {"name", "sources.name", ofText}, {"created_at", "sources.created_at", ofNumber}, {"updated_at", "sources.updated_at", ofNumber},
	}}
	l.and("sources.tenant_id = ?", f.TenantID)
	l.deleted("sources.deleted_at", f.Deleted)
	equal(&l, "provider_id", f.ProviderID)
	if f.ProcessorID != 0 {
		l.and("EXISTS (SELECT 1 FROM links WHERE source_id = sources.id AND processor_id = ?)", f.ProcessorID)
	}
	if f.UpdatedAfter != 0 {
		l.and("sources.updated_at > ?", f.UpdatedAfter)
	}
	l.search(f.Search, "sources.name")
	err = db.Read(ctx, func(tx *Tx) error {
		if p, err = pageOf(tx, l, r, scanSource); err != nil {
			return err
		}
		return tx.fillSources(p.Items)
	})
	return p, err
}

// AddSource is that of provider.Store.
func (db *DB) AddSource(ctx context.Context, tenantID, providerID int64, s provider.Source) (provider.Source, error) {
	err := db.Write(ctx, func(tx *Tx) (err error) {
		if _, err = tx.provider(tenantID, providerID); err != nil {
			return err
		}
		if s.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		s.CreatedAt, s.UpdatedAt = tx.Now, tx.Now
		_, err = tx.Exec("INSERT INTO sources (id, tenant_id, provider_id, type, source_model, name, settings, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, '{}', ?, ?)",
			s.ID, tenantID, providerID, s.Type, s.Model, s.Name, tx.Now, tx.Now)
		if err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	return s, err
}

// ChangeSource is that of provider.Store.
func (db *DB) ChangeSource(ctx context.Context, tenantID, id int64, fn func(provider.Source) (provider.Source, error)) (s provider.Source, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if s, err = tx.source(tenantID, id); err != nil {
			return err
		}
		if s, err = fn(s); err != nil {
			return err
		}
		s.UpdatedAt = tx.after(s.UpdatedAt)
		if _, err = tx.Exec("UPDATE sources SET name = ?, updated_at = ? WHERE id = ?", s.Name, s.UpdatedAt, id); err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	return s, err
}

// SourceDependents is that of provider.Store.
func (db *DB) SourceDependents(ctx context.Context, tenantID, id int64) (d tenant.Dependents, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.source(tenantID, id); err != nil {
			return err
		}
		d, err = tx.sourceDependents(id)
		return err
	})
	return d, err
}

func (t *Tx) sourceDependents(sourceID int64) (d tenant.Dependents, err error) {
	err = t.dependents(&d, "processor", id.Processor, "stays, and no longer runs on this source",
		"SELECT id, name FROM processors WHERE id IN (SELECT processor_id FROM links WHERE source_id = ?) ORDER BY id", sourceID)
	if err != nil {
		return d, err
	}
	err = t.counted(&d, "?", "source_id", sourceID)
	return d, err
}

// DeleteSource is that of provider.Store.
func (db *DB) DeleteSource(ctx context.Context, tenantID, id int64, allow func(tenant.Dependents) error) error {
	return db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.source(tenantID, id); err != nil {
			return err
		}
		d, err := tx.sourceDependents(id)
		if err != nil {
			return err
		}
		if err := allow(d); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM links WHERE source_id = ?", id); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE sources SET deleted_at = ?, updated_at = ? WHERE id = ?", tx.Now, tx.Now, id); err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
}

package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

const (
	processorColumns = `processors.id, processors.tenant_id, processors.provider_id, providers.name, processors.name, processors.source_model,
		enabled, suspended, current_version, next_step, (SELECT count(*) FROM links WHERE processor_id = processors.id), processors.created_at, processors.updated_at,
		coalesce(processors.deleted_at, 0)`
	processorTables = "processors JOIN providers ON providers.id = processors.provider_id"
)

func scanProcessor(scan row) (p processor.Processor, err error) {
	var on, broken int64
	err = scan(&p.ID, &p.TenantID, &p.ProviderID, &p.ProviderName, &p.Name, &p.SourceModel,
		&on, &broken, &p.Version, &p.NextStep, &p.Sources, &p.CreatedAt, &p.UpdatedAt, &p.DeletedAt)
	p.On, p.Broken = on != 0, broken != 0
	return p, err
}

// Processor is that of processor.Store.
func (db *DB) Processor(ctx context.Context, tenantID, id int64) (p processor.Processor, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = tx.processor(tenantID, id)
		return err
	})
	return p, err
}

func (t *Tx) processor(tenantID, id int64) (processor.Processor, error) {
	p, err := scanProcessor(t.QueryRow("SELECT "+processorColumns+" FROM "+processorTables+" WHERE processors.id = ? AND processors.tenant_id = ? AND processors.deleted_at IS NULL", id, tenantID).Scan)
	return p, found(err, "processor")
}

// ListProcessors is that of processor.Store.
func (db *DB) ListProcessors(ctx context.Context, f processor.Filter, r page.Request) (p page.Page[processor.Processor], err error) {
	l := list{columns: processorColumns, from: processorTables, id: "processors.id", order: "id", sorts: []sortable{
		{"id", "processors.id", ofNumber}, {"name", "processors.name", ofText}, {"created_at", "processors.created_at", ofNumber}, {"updated_at", "processors.updated_at", ofNumber},
	}}
	l.and("processors.tenant_id = ?", f.TenantID)
	l.deleted("processors.deleted_at", f.Deleted)
	equal(&l, "processors.provider_id", f.ProviderID)
	switch processor.State(f.State) {
	case processor.Disabled:
		l.and("enabled = 0")
	case processor.Enabled:
		l.and("enabled = 1 AND suspended = 0")
	case processor.Suspended:
		l.and("enabled = 1 AND suspended = 1")
	}
	if f.UpdatedAfter != 0 {
		l.and("processors.updated_at > ?", f.UpdatedAfter)
	}
	l.search(f.Search, "processors.name")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanProcessor)
		return err
	})
	return p, err
}

// AddProcessor is that of processor.Store.
func (db *DB) AddProcessor(ctx context.Context, p processor.Processor) (processor.Processor, error) {
	err := db.Write(ctx, func(tx *Tx) error {
		owner, err := tx.provider(p.TenantID, p.ProviderID)
		if err != nil {
			return err
		}
		p.ProviderName = owner.Name
		if p.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		p.CreatedAt, p.UpdatedAt = tx.Now, tx.Now
		_, err = tx.Exec(`
			INSERT INTO processors (id, tenant_id, provider_id, name, source_model, enabled, suspended, current_version, next_step, created_at, updated_at)
			VALUES (?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?)`,
			p.ID, p.TenantID, p.ProviderID, p.Name, p.SourceModel, p.NextStep, tx.Now, tx.Now)
		if err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	return p, err
}

// ChangeProcessor is that of processor.Store.
func (db *DB) ChangeProcessor(ctx context.Context, tenantID, id int64, fn func(processor.Processor, *processor.Version) (processor.Processor, error)) (p processor.Processor, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if p, err = tx.processor(tenantID, id); err != nil {
			return err
		}
		current, err := tx.currentVersion(p)
		if err != nil {
			return err
		}
		if p, err = fn(p, current); err != nil {
			return err
		}
		p.UpdatedAt = tx.after(p.UpdatedAt)
		_, err = tx.Exec("UPDATE processors SET name = ?, enabled = ?, suspended = ?, updated_at = ? WHERE id = ?",
			p.Name, truth(p.On), truth(p.Broken), p.UpdatedAt, id)
		if err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
	return p, err
}

// ProcessorDependents is that of processor.Store.
func (db *DB) ProcessorDependents(ctx context.Context, tenantID, id int64) (d tenant.Dependents, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, id); err != nil {
			return err
		}
		d, err = tx.processorDependents(id)
		return err
	})
	return d, err
}

func (t *Tx) processorDependents(processorID int64) (d tenant.Dependents, err error) {
	err = t.dependents(&d, "source", id.Source, "stays, and no longer runs this processor",
		"SELECT id, name FROM sources WHERE id IN (SELECT source_id FROM links WHERE processor_id = ?) ORDER BY id", processorID)
	if err != nil {
		return d, err
	}
	err = t.counted(&d, "?", "processor_id", processorID)
	return d, err
}

// DeleteProcessor is that of processor.Store.
func (db *DB) DeleteProcessor(ctx context.Context, tenantID, id int64, allow func(tenant.Dependents) error) error {
	return db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, id); err != nil {
			return err
		}
		d, err := tx.processorDependents(id)
		if err != nil {
			return err
		}
		if err := allow(d); err != nil {
			return err
		}
		for _, table := range []string{"links", "drafts"} {
			if _, err := tx.Exec("DELETE FROM "+table+" WHERE processor_id = ?", id); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE processors SET enabled = 0, deleted_at = ?, updated_at = ? WHERE id = ?", tx.Now, tx.Now, id); err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
}

const versionColumns = `processor_id, version, tree, content_hash, program_hash, note, created_by, created_at,
	coalesce((SELECT max(o.version) FROM spec_versions o
		WHERE o.processor_id = spec_versions.processor_id AND o.program_hash = spec_versions.program_hash AND o.version < spec_versions.version), 0)`

func scanVersion(scan row) (v processor.Version, err error) {
	err = scan(&v.ProcessorID, &v.Number, &v.Tree, &v.ContentHash, &v.ProgramHash, &v.Note, &v.CreatedBy, &v.CreatedAt, &v.SameAs)
	return v, err
}

func (t *Tx) version(processorID int64, number int) (processor.Version, error) {
	v, err := scanVersion(t.QueryRow("SELECT "+versionColumns+" FROM spec_versions WHERE processor_id = ? AND version = ?", processorID, number).Scan)
	return v, found(err, "version")
}

func (t *Tx) currentVersion(p processor.Processor) (*processor.Version, error) {
	if p.Version == 0 {
		return nil, nil
	}
	v, err := t.version(p.ID, p.Version)
	return &v, err
}

// SpecVersion is that of processor.Store. It finds versions of deleted processors too, for old executions.
func (db *DB) SpecVersion(ctx context.Context, tenantID, processorID int64, number int) (v processor.Version, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		var current int
		err := tx.QueryRow("SELECT current_version FROM processors WHERE id = ? AND tenant_id = ?", processorID, tenantID).Scan(&current)
		if err != nil {
			return found(err, "processor")
		}
		if number == 0 {
			number = current
		}
		v, err = tx.version(processorID, number)
		return err
	})
	return v, err
}

// ListVersions is that of processor.Store.
func (db *DB) ListVersions(ctx context.Context, tenantID, processorID int64, r page.Request) (p page.Page[processor.Version], err error) {
	l := list{columns: versionColumns, from: "spec_versions", id: "version", order: "-version", sorts: []sortable{{"version", "version", ofNumber}}}
	l.and("processor_id = ?", processorID)
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, processorID); err != nil {
			return err
		}
		p, err = pageOf(tx, l, r, scanVersion)
		return err
	})
	return p, err
}

// AddVersion is that of processor.Store.
func (db *DB) AddVersion(ctx context.Context, tenantID, processorID int64, current int, marks types.Marks, v processor.Version, nextStep int) (_ processor.Version, ok bool, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		ok = false
		p, err := tx.processor(tenantID, processorID)
		if err != nil || p.Version != current {
			return err
		}
		now, err := tx.marks(processorID, 0)
		if err != nil || !now.Same(marks) {
			return err
		}
		n, err := tx.NextNumber()
		if err != nil {
			return err
		}
		v.Number, v.CreatedAt = current+1, tx.Now
		_, err = tx.Exec(`
			INSERT INTO spec_versions (id, processor_id, version, tree, content_hash, program_hash, note, created_by, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			n, processorID, v.Number, string(v.Tree), v.ContentHash, v.ProgramHash, v.Note, v.CreatedBy, v.CreatedAt)
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE processors SET current_version = ?, next_step = ?, suspended = 0, updated_at = ? WHERE id = ?",
			v.Number, nextStep, tx.after(p.UpdatedAt), processorID)
		if err != nil {
			return err
		}
		ok = true
		return tx.RaiseEpoch()
	})
	return v, ok, err
}

// MarkBroken is that of processor.Store.
func (db *DB) MarkBroken(ctx context.Context, tenantID int64, broken func(tenant.Tenant, processor.Target) bool) (changed []processor.Processor, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		changed = nil
		all, err := tx.currentSpecs(tenantID)
		if err != nil {
			return err
		}
		tenants := map[int64]tenant.Tenant{}
		for _, target := range all {
			p := target.Processor
			owner, known := tenants[p.TenantID]
			if !known {
				if owner, err = tx.tenant(p.TenantID); err != nil {
					return err
				}
				tenants[p.TenantID] = owner
			}
			if is := broken(owner, target); is != p.Broken {
				p.Broken, p.UpdatedAt = is, tx.after(p.UpdatedAt)
				if _, err := tx.Exec("UPDATE processors SET suspended = ?, updated_at = ? WHERE id = ?", truth(is), p.UpdatedAt, p.ID); err != nil {
					return err
				}
				changed = append(changed, p)
			}
		}
		if len(changed) == 0 {
			return nil
		}
		return tx.RaiseEpoch()
	})
	return changed, err
}

// currentSpecs gives the processors that have a spec, of one tenant or (0) of all, with their current versions.
func (t *Tx) currentSpecs(tenantID int64) (all []processor.Target, err error) {
	err = t.Each(func(rows *sql.Rows) error {
		var v processor.Version
		p, err := scanProcessor(func(dest ...any) error {
			return rows.Scan(append(dest, &v.ProcessorID, &v.Number, &v.Tree, &v.ContentHash, &v.ProgramHash, &v.Note, &v.CreatedBy, &v.CreatedAt)...)
		})
		all = append(all, processor.Target{Processor: p, Current: &v})
		return err
	}, "SELECT "+processorColumns+", v.processor_id, v.version, v.tree, v.content_hash, v.program_hash, v.note, v.created_by, v.created_at FROM "+processorTables+`
		JOIN spec_versions AS v ON v.processor_id = processors.id AND v.version = current_version
		WHERE processors.deleted_at IS NULL AND (CAST(? AS BIGINT) = 0 OR processors.tenant_id = ?)
		ORDER BY processors.id`, tenantID, tenantID)
	for i := range all {
		if err == nil {
			all[i].Marks, err = t.marks(all[i].Processor.ID, 0)
		}
	}
	return all, err
}

// Links is that of processor.Store.
func (db *DB) Links(ctx context.Context, tenantID, sourceID int64) (links []processor.Link, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.source(tenantID, sourceID); err != nil {
			return err
		}
		links, err = tx.links(tenantID, "source_id", sourceID)
		return err
	})
	return links, err
}

// LinksTo is that of processor.Store.
func (db *DB) LinksTo(ctx context.Context, tenantID, processorID int64) (links []processor.Link, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		if _, err := tx.processor(tenantID, processorID); err != nil {
			return err
		}
		links, err = tx.links(tenantID, "processor_id", processorID)
		return err
	})
	return links, err
}

func (t *Tx) links(tenantID int64, column string, n int64) ([]processor.Link, error) {
	links := []processor.Link{}
	err := t.Each(func(rows *sql.Rows) error {
		var l processor.Link
		var constants []byte
		err := rows.Scan(&l.SourceID, &l.SourceName, &l.ProcessorID, &l.Position, &constants)
		if err != nil {
			return err
		}
		v, syntax := value.ParseJSON(constants, value.Limits{})
		if syntax != nil {
			return fmt.Errorf("constants of source %d for processor %d: %w", l.SourceID, l.ProcessorID, syntax)
		}
		l.Constants = v
		links = append(links, l)
		return nil
	}, "SELECT source_id, sources.name, processor_id, position, constants FROM links JOIN sources ON sources.id = source_id WHERE "+column+" = ? ORDER BY source_id, position", n)
	if err != nil {
		return nil, err
	}
	for i := range links {
		if links[i].Target, err = t.target(tenantID, links[i].ProcessorID, 0); err != nil {
			return nil, err
		}
	}
	return links, nil
}

// target gives a processor with the marks of its sources, but for one of them (0: of all).
func (t *Tx) target(tenantID, processorID, but int64) (target processor.Target, err error) {
	if target.Processor, err = t.processor(tenantID, processorID); err != nil {
		return target, err
	}
	if target.Marks, err = t.marks(processorID, but); err != nil {
		return target, err
	}
	target.Current, err = t.currentVersion(target.Processor)
	return target, err
}

// SetLinks is that of processor.Store.
func (db *DB) SetLinks(ctx context.Context, tenantID, sourceID int64, links []processor.Link, check func(processor.Origin, map[int64]processor.Target) error) error {
	return db.Write(ctx, func(tx *Tx) error {
		s, err := tx.source(tenantID, sourceID)
		if err != nil {
			return err
		}
		origin, err := tx.origin(s)
		if err != nil {
			return err
		}
		targets := map[int64]processor.Target{}
		for _, l := range links {
			target, err := tx.target(tenantID, l.ProcessorID, sourceID)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			targets[l.ProcessorID] = target
		}
		if err := check(origin, targets); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM links WHERE source_id = ?", sourceID); err != nil {
			return err
		}
		for i, l := range links {
			_, err := tx.Exec("INSERT INTO links (source_id, processor_id, position, constants) VALUES (?, ?, ?, ?)",
				sourceID, l.ProcessorID, i, string(l.Constants.AppendJSON(nil)))
			if err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE sources SET updated_at = ? WHERE id = ?", tx.after(s.UpdatedAt), sourceID); err != nil {
			return err
		}
		return tx.RaiseEpoch()
	})
}

package storage

import (
	"context"
	"fmt"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

const (
	identityColumns = `identities.id, identities.tenant_id, identities.provider_id, providers.name, identities.kind, external_id, external_name, coalesce(email, ''),
		coalesce((SELECT t.external_id FROM identities AS t WHERE t.id = identities.team_identity_id), ''),
		coalesce((SELECT p.external_id FROM identities AS p WHERE p.id = identities.project_identity_id), ''),
		coalesce(entity_id, 0), coalesce(` + EntityName + `, ''), ignored, identities.created_at, identities.updated_at`
	identityTables = "identities JOIN providers ON providers.id = identities.provider_id"
)

func scanListedIdentity(scan row) (i identity.Identity, err error) {
	var ignored int64
	err = scan(&i.ID, &i.TenantID, &i.ProviderID, &i.ProviderName, &i.Kind, &i.ExternalID, &i.Name, &i.Email,
		&i.Team, &i.Project, &i.EntityID, &i.EntityName, &ignored, &i.CreatedAt, &i.UpdatedAt)
	i.Ignored = ignored != 0
	return i, err
}

// Identity is that of identity.Store.
func (db *DB) Identity(ctx context.Context, tenantID, id int64) (i identity.Identity, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		i, err = tx.identity(tenantID, id)
		return err
	})
	return i, err
}

func (t *Tx) identity(tenantID, id int64) (identity.Identity, error) {
	i, err := scanListedIdentity(t.QueryRow("SELECT "+identityColumns+" FROM "+identityTables+" WHERE identities.id = ? AND identities.tenant_id = ?", id, tenantID).Scan)
	return i, found(err, "external identity")
}

// ListIdentities is that of identity.Store.
func (db *DB) ListIdentities(ctx context.Context, f identity.Filter, r page.Request) (p page.Page[identity.Identity], err error) {
	l := identityList(f)
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanListedIdentity)
		return err
	})
	return p, err
}

func identityList(f identity.Filter) list {
	l := list{columns: identityColumns, from: identityTables, table: "identities", id: "identities.id", order: "-id", sorts: []sortable{
		{"id", "identities.id", ofNumber}, {"external_name", "external_name", ofText}, {"external_id", "external_id", ofText},
		{"created_at", "identities.created_at", ofNumber}, {"updated_at", "identities.updated_at", ofNumber},
	}}
	l.and("identities.tenant_id = ?", f.TenantID)
	equal(&l, "identities.provider_id", f.ProviderID)
	equal(&l, "identities.kind", f.Kind)
	equal(&l, "external_id", f.ExternalID)
	equal(&l, "entity_id", f.EntityID)
	if f.Linked != nil {
		if *f.Linked {
			l.and("entity_id IS NOT NULL")
		} else {
			l.and("entity_id IS NULL")
		}
	}
	switch {
	case f.Ignored != nil:
		l.and("ignored = ?", truth(*f.Ignored))
	case f.Linked != nil && !*f.Linked:
		l.and("ignored = 0")
	}
	if f.UpdatedAfter != 0 {
		l.and("identities.updated_at > ?", f.UpdatedAfter)
	}
	if f.MadeBefore != 0 {
		l.and("identities.created_at <= ?", f.MadeBefore)
	}
	l.search(f.Search, "external_name", "external_id", "coalesce(email, '')")
	if f.Until != 0 {
		l.and("identities.id <= ?", f.Until)
	}
	return l
}

// ChangeIdentity is that of identity.Store.
func (db *DB) ChangeIdentity(ctx context.Context, by access.Principal, id int64, fn func(identity.Identity, identity.Entities) (identity.Identity, error)) (i identity.Identity, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		// Writing first takes the row's lock where the database has such: a group may be at the same identity.
		if _, err := tx.Exec("UPDATE identities SET ignored = ignored WHERE id = ? AND tenant_id = ?", id, by.TenantID); err != nil {
			return err
		}
		was, err := tx.identity(by.TenantID, id)
		if err != nil {
			return err
		}
		if i, err = fn(was, entities{tx, by}); err != nil {
			return err
		}
		before := ""
		if i.EntityID != was.EntityID {
			before = fmt.Sprintf(`"entity_id":[%d]`, was.EntityID)
		}
		if i.Ignored != was.Ignored {
			if before != "" {
				before += ","
			}
			before += fmt.Sprintf(`"ignored":[%t]`, was.Ignored)
		}
		if before == "" {
			return nil
		}
		i.UpdatedAt = tx.after(was.UpdatedAt)
		_, err = tx.Exec("UPDATE identities SET entity_id = ?, ignored = ?, updated_at = ? WHERE id = ?", orNull(i.EntityID), truth(i.Ignored), i.UpdatedAt, id)
		if err != nil {
			return err
		}
		return tx.journal(by, was.Kind+record.IdentitySuffix, id, "{"+before+"}")
	})
	return i, err
}

// journal notes a change that a person or a client made. before is the JSON of what was there; package record says how.
func (t *Tx) journal(by access.Principal, noun string, thing int64, before string) error {
	n, err := t.NextNumber()
	if err != nil {
		return err
	}
	m := record.Maker{Origin: record.FromUser, OriginID: by.UserID}
	if by.UserID == 0 {
		m = record.Maker{Origin: record.FromClient, OriginID: by.KeyID}
	}
	_, err = t.Exec("INSERT INTO journal (noun, thing_id, id, tenant_id, at, made_by, before) VALUES (?, ?, ?, ?, ?, ?, ?)",
		noun, thing, n, by.TenantID, t.Now, m.JSON(), before)
	return err
}

// entities are those of a transaction.
type entities struct {
	tx *Tx
	by access.Principal
}

func (e entities) Entity(k identity.Kind, id int64) (identity.Entity, error) {
	return e.tx.entity(e.by.TenantID, k, id)
}

func (e entities) AddEntity(one identity.Entity) (identity.Entity, error) {
	return e.tx.addEntity(e.by, one)
}

func (e entities) RemoveUnused(one identity.Entity, identityID int64) error {
	alone, err := e.tx.onlyFor(one, identityID)
	if err != nil || !alone {
		return err
	}
	if _, err := e.tx.Exec("DELETE FROM "+one.Kind.Plural+" WHERE id = ? AND tenant_id = ?", one.ID, one.TenantID); err != nil {
		return err
	}
	return e.tx.journal(e.by, one.Kind.Noun, one.ID, record.RemovedEntity(one.Kind.Noun, one.ID, one.TenantID, one.TeamID, one.Name, one.Active))
}

// entityColumns are those of a kind's table; only agents have a team and can be inactive.
func entityColumns(k identity.Kind) string {
	table := k.Plural
	linked := "(SELECT count(*) FROM identities WHERE identities.kind = '" + k.Noun + "' AND entity_id = " + table + ".id)"
	if k.Noun != "agent" {
		return "id, tenant_id, name, 0, '', 1, " + linked + ", created_at, updated_at"
	}
	return "id, tenant_id, name, coalesce(team_id, 0), coalesce((SELECT name FROM teams WHERE teams.id = agents.team_id), ''), active, " + linked + ", created_at, updated_at"
}

func scanEntity(k identity.Kind) func(row) (identity.Entity, error) {
	return func(scan row) (identity.Entity, error) {
		e := identity.Entity{Kind: k}
		var active int64
		err := scan(&e.ID, &e.TenantID, &e.Name, &e.TeamID, &e.TeamName, &active, &e.Linked, &e.CreatedAt, &e.UpdatedAt)
		e.Active = active != 0
		return e, err
	}
}

// Entity is that of identity.Store.
func (db *DB) Entity(ctx context.Context, tenantID int64, k identity.Kind, id int64) (e identity.Entity, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		e, err = tx.entity(tenantID, k, id)
		return err
	})
	return e, err
}

func (t *Tx) entity(tenantID int64, k identity.Kind, id int64) (identity.Entity, error) {
	e, err := scanEntity(k)(t.QueryRow("SELECT "+entityColumns(k)+" FROM "+k.Plural+" WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
	return e, found(err, k.Noun)
}

// ListEntities is that of identity.Store.
func (db *DB) ListEntities(ctx context.Context, f identity.EntityFilter, r page.Request) (p page.Page[identity.Entity], err error) {
	l := list{columns: entityColumns(f.Kind), from: f.Kind.Plural, id: "id", order: "id", sorts: []sortable{
		{"id", "id", ofNumber}, {"name", "name", ofText}, {"created_at", "created_at", ofNumber}, {"updated_at", "updated_at", ofNumber},
	}}
	l.and("tenant_id = ?", f.TenantID)
	if f.Kind.Noun == "agent" {
		equal(&l, "team_id", f.TeamID)
		if f.Active != nil {
			l.and("active = ?", truth(*f.Active))
		}
	}
	l.updatedAfter(f.UpdatedAfter)
	l.search(f.Search, "name")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanEntity(f.Kind))
		return err
	})
	return p, err
}

// AddEntity is that of identity.Store.
func (db *DB) AddEntity(ctx context.Context, by access.Principal, e identity.Entity) (added identity.Entity, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		added, err = tx.addEntity(by, e)
		return err
	})
	return added, err
}

func (t *Tx) addEntity(by access.Principal, e identity.Entity) (_ identity.Entity, err error) {
	if e, err = t.withTeam(e); err != nil {
		return e, err
	}
	if e.ID, err = t.NextNumber(); err != nil {
		return e, err
	}
	e.CreatedAt, e.UpdatedAt = t.Now, t.Now
	if e.Kind.Noun == "agent" {
		_, err = t.Exec("INSERT INTO agents (id, tenant_id, name, team_id, active, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
			e.ID, e.TenantID, e.Name, orNull(e.TeamID), truth(e.Active), t.Now, t.Now)
	} else {
		_, err = t.Exec("INSERT INTO "+e.Kind.Plural+" (id, tenant_id, name, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
			e.ID, e.TenantID, e.Name, t.Now, t.Now)
	}
	if err != nil {
		return e, err
	}
	return e, t.journal(by, e.Kind.Noun, e.ID, record.Creation)
}

// withTeam makes sure that an agent's team is one of the tenant, and adds its name.
func (t *Tx) withTeam(e identity.Entity) (identity.Entity, error) {
	if e.TeamID == 0 {
		e.TeamName = ""
		return e, nil
	}
	k, _ := identity.KindOf("team")
	team, err := t.entity(e.TenantID, k, e.TeamID)
	if fault.Is(err, fault.NotFound) {
		return e, fault.New(fault.Invalid, "The agent was not saved.").With(fault.Detail{Field: "team_id", Code: "not_found", Message: "There is no such team."})
	}
	e.TeamName = team.Name
	return e, err
}

// ChangeEntity is that of identity.Store.
func (db *DB) ChangeEntity(ctx context.Context, by access.Principal, k identity.Kind, id int64, fn func(identity.Entity) (identity.Entity, error)) (e identity.Entity, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("UPDATE "+k.Plural+" SET name = name WHERE id = ? AND tenant_id = ?", id, by.TenantID); err != nil {
			return err
		}
		was, err := tx.entity(by.TenantID, k, id)
		if err != nil {
			return err
		}
		if e, err = fn(was); err != nil {
			return err
		}
		if e, err = tx.withTeam(e); err != nil {
			return err
		}
		e.UpdatedAt = tx.after(was.UpdatedAt)
		before := map[string]any{}
		if e.Name != was.Name {
			before["name"] = []any{was.Name}
		}
		if k.Noun == "agent" {
			if e.TeamID != was.TeamID {
				before["team_id"] = []any{was.TeamID}
			}
			if e.Active != was.Active {
				before["active"] = []any{was.Active}
			}
			_, err = tx.Exec("UPDATE agents SET name = ?, team_id = ?, active = ?, updated_at = ? WHERE id = ?", e.Name, orNull(e.TeamID), truth(e.Active), e.UpdatedAt, id)
		} else {
			_, err = tx.Exec("UPDATE "+k.Plural+" SET name = ?, updated_at = ? WHERE id = ?", e.Name, e.UpdatedAt, id)
		}
		if err != nil {
			return err
		}
		if len(before) == 0 {
			return nil
		}
		return tx.journal(by, k.Noun, id, jsonText(before))
	})
	return e, err
}

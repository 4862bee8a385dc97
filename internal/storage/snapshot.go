package storage

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Snapshot is one moment of the database, as a stage that nobody will write from sees it. It is a record.Past, too.
type Snapshot struct{ tx *Tx }

// Snapshot runs fn on one.
func (db *DB) Snapshot(ctx context.Context, fn func(record.Snapshot) error) error {
	return db.Read(ctx, func(tx *Tx) error { return fn(Snapshot{tx}) })
}

// Load gives what a need names, as a group would load it; nothing is locked.
func (s Snapshot) Load(need *record.Need) (*record.Loaded, error) {
	l := &record.Loaded{
		Rows: map[record.Key]*record.Row{}, Identities: map[record.Key]*record.Identity{}, Users: map[record.UserKey]*record.User{},
		Agents: map[int64]*record.Agent{}, AgentUsers: map[int64]*record.User{}, Teams: map[int64]*record.Team{},
		Events: map[record.EventKey]record.Event{}, Waiting: map[int64]bool{},
	}
	r := snapshotReader{Snapshot: s, stored: map[int64]storedIdentity{}, built: map[int64]*record.Identity{}}
	if err := r.byKey(need.Keys); err != nil {
		return nil, err
	}
	if err := r.ofContacts(need.Contacts); err != nil {
		return nil, err
	}
	if err := r.finish(need, l); err != nil {
		return nil, err
	}
	return l, s.loadOthers(need, l)
}

func (s Snapshot) loadOthers(need *record.Need, l *record.Loaded) error {
	const users = "SELECT id, tenant_id, coalesce(agent_id, 0), email, name, role, status FROM users WHERE "
	user := func(where string, args ...any) (u *record.User, err error) {
		err = s.tx.Each(func(rows *sql.Rows) error {
			u = &record.User{}
			return rows.Scan(&u.ID, &u.TenantID, &u.AgentID, &u.Email, &u.Name, &u.Role, &u.Status)
		}, users+where, args...)
		return u, err
	}
	for _, key := range need.Users {
		u, err := user("tenant_id = ? AND email = ?", key.TenantID, key.Email)
		if err != nil {
			return err
		}
		if u != nil {
			l.Users[key] = u
		}
	}
	for _, n := range need.Agents {
		a := &record.Agent{}
		var active int64
		err := s.tx.QueryRow("SELECT id, tenant_id, coalesce(team_id, 0), name, active FROM agents WHERE id = ?", n).Scan(&a.ID, &a.TenantID, &a.TeamID, &a.Name, &active)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		a.Active = active != 0
		l.Agents[n] = a
		u, err := user("agent_id = ? ORDER BY id LIMIT 1", n)
		if err != nil {
			return err
		}
		if u != nil {
			l.AgentUsers[n] = u
		}
	}
	for _, n := range need.Teams {
		t := &record.Team{}
		err := s.tx.QueryRow("SELECT id, tenant_id, name FROM teams WHERE id = ?", n).Scan(&t.ID, &t.TenantID, &t.Name)
		switch {
		case err == nil:
			l.Teams[n] = t
		case !errors.Is(err, sql.ErrNoRows):
			return err
		}
	}
	return nil
}

// some is how many things one statement asks for.
const some = 500

// Journal is that of record.Past. Nodes draw the numbers of entries in blocks, so the moment comes first.
func (s Snapshot) Journal(things []record.Thing) (map[record.Thing][]record.Entry, error) {
	all := map[record.Thing][]record.Entry{}
	err := byNoun(things, func(noun string, numbers []int64) error {
		in, ids := In(numbers)
		return s.tx.Each(func(rows *sql.Rows) error {
			e := record.Entry{Noun: noun}
			err := rows.Scan(&e.ThingID, &e.ID, &e.TenantID, &e.MadeBy, &e.Before, &e.At)
			t := record.Thing{Noun: noun, ID: e.ThingID}
			all[t] = append(all[t], e)
			return err
		}, "SELECT thing_id, id, tenant_id, made_by, before, at FROM journal WHERE noun = ? AND thing_id IN "+in+" ORDER BY at, id", append([]any{noun}, ids...)...)
	})
	return all, err
}

// byNoun calls fn for the things of each noun, some at a time, with their numbers.
func byNoun(things []record.Thing, fn func(noun string, numbers []int64) error) error {
	nouns := map[string][]int64{}
	var order []string
	for _, t := range things {
		if nouns[t.Noun] == nil {
			order = append(order, t.Noun)
		}
		nouns[t.Noun] = append(nouns[t.Noun], t.ID)
	}
	for _, noun := range order {
		for part := range slices.Chunk(nouns[noun], some) {
			if err := fn(noun, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// Keys is that of record.Past.
func (s Snapshot) Keys(identities []int64) (map[int64]record.Key, error) {
	keys := map[int64]record.Key{}
	for part := range slices.Chunk(identities, some) {
		in, ids := In(part)
		err := s.tx.Each(func(rows *sql.Rows) error {
			var n int64
			var kind string
			var key record.Key
			err := rows.Scan(&n, &key.ProviderID, &kind, &key.ExternalID)
			key.Noun = kind + record.IdentitySuffix
			keys[n] = key
			return err
		}, "SELECT id, provider_id, kind, external_id FROM identities WHERE id IN "+in, ids...)
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// LastRun is that of record.Past.
func (s Snapshot) LastRun(tenant int64, mark record.Mark) (ran record.MarkedRun, err error) {
	const runs = "SELECT delivery_id, processor_id, version FROM executions WHERE tenant_id = ? AND position = ? AND status IN ('succeeded', 'partial', 'skipped') AND "
	for _, whose := range []string{"delivery_id = ? AND number = delivery_id", "number = ? AND number <> delivery_id"} {
		err = s.tx.QueryRow(runs+whose+" ORDER BY ran_at DESC, id DESC LIMIT 1", tenant, mark.Position, mark.Number).Scan(&ran.Delivery, &ran.Processor, &ran.Version)
		if !errors.Is(err, sql.ErrNoRows) {
			return ran, err
		}
	}
	return ran, nil
}

// References is that of record.Past. Of agents and teams it is uses. No index helps with the identities in records: the tenant's records are read.
func (s Snapshot) References(tenant int64, things []record.Thing) (map[record.Thing]int, error) {
	refer := map[record.Thing]int{}
	err := byNoun(things, func(noun string, numbers []int64) error {
		if noun == "agent" || noun == "team" {
			uses, err := s.tx.uses(tenant, noun, numbers, 0)
			for _, n := range numbers {
				refer[record.Thing{Noun: noun, ID: n}] += uses[n]
			}
			return err
		}
		in, ids := In(numbers)
		count := func(table, column string) error {
			query := "SELECT " + column + ", count(*) FROM " + table + " WHERE tenant_id = ? AND " + column + " IN " + in + " GROUP BY " + column
			return s.tx.Each(func(rows *sql.Rows) error {
				t := record.Thing{Noun: noun}
				var n int
				err := rows.Scan(&t.ID, &n)
				refer[t] += n
				return err
			}, query, append([]any{tenant}, ids...)...)
		}
		of := strings.TrimSuffix(noun, record.IdentitySuffix)
		if of == "team" || of == "project" {
			if err := count("identities", of+"_identity_id"); err != nil {
				return err
			}
		}
		for _, kind := range record.Kinds {
			for _, f := range kind.Fields {
				if f.Noun == of {
					if err := count(Table(kind), f.Column); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	return refer, err
}

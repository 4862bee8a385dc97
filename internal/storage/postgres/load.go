package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// load opens the transaction and reads and locks what the need names, in one round trip; a second one only where a
// record refers to identities that the need does not name.
func (g *group) load(ctx context.Context, deliveries int, need *record.Need) error {
	g.loaded = &record.Loaded{
		Rows:       make(map[record.Key]*record.Row, len(need.Keys)),
		Contacts:   make(map[record.ContactKey][]*record.Row, len(need.Contacts)),
		Identities: make(map[record.Key]*record.Identity, len(need.Keys)),
		Users:      map[record.UserKey]*record.User{},
		Agents:     map[int64]*record.Agent{},
		AgentUsers: map[int64]*record.User{},
		Teams:      map[int64]*record.Team{},
		Events:     map[record.EventKey]record.Event{},
		Waiting:    map[int64]bool{},
	}
	r := &reader{group: g, stored: map[int64]storedIdentity{}, built: map[int64]*record.Identity{}}

	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(g.begin, int64(deliveries)).QueryRow(func(row pgx.Row) error { return row.Scan(&g.xid, &g.epoch, &g.first) })
	g.queueOthers(batch, need)
	contacts := byKind(need.Contacts)
	g.lockContacts(batch, contacts)
	identities, kinds := byTable(need.Keys)
	if len(identities.providers) > 0 {
		batch.Queue(g.identities.find, identities.providers, identities.kinds, identities.ids).Query(r.readIdentities)
	}
	for _, kind := range record.Kinds {
		if keys := kinds[kind.Noun]; keys != nil {
			batch.Queue(g.kinds[kind].find, keys.providers, keys.ids).Query(func(rows pgx.Rows) error { return r.readRows(kind, rows) })
		}
	}
	r.findContacts(batch, contacts)
	if err := g.conn.SendBatch(ctx, batch).Close(); err != nil {
		return err
	}
	return r.finish(ctx, need)
}

// keys of one table, as columns, in their order.
type keys struct {
	providers  []int64
	kinds, ids []string
}

func byTable(all []record.Key) (identities keys, kinds map[string]*keys) {
	kinds = map[string]*keys{}
	for _, key := range all {
		to := &identities
		if key.IsIdentity() {
			to.kinds = append(to.kinds, key.Noun[:len(key.Noun)-len(record.IdentitySuffix)])
		} else if to = kinds[key.Noun]; to == nil {
			to = &keys{}
			kinds[key.Noun] = to
		}
		to.providers = append(to.providers, key.ProviderID)
		to.ids = append(to.ids, key.ExternalID)
	}
	return identities, kinds
}

func (g *group) queueOthers(batch *pgx.Batch, need *record.Need) {
	if len(need.Events) > 0 {
		n := len(need.Events)
		providers, doors, sources, events := make([]int64, n), make([]string, n), make([]int64, n), make([]string, n)
		for i, key := range need.Events {
			providers[i], doors[i], sources[i], events[i] = key.ProviderID, key.Door, key.SourceID, key.EventID
		}
		batch.Queue(g.event, providers, doors, sources, events).Query(func(rows pgx.Rows) error {
			var key record.EventKey
			var first record.Event
			_, err := pgx.ForEachRow(rows, []any{&key.ProviderID, &key.Door, &key.SourceID, &key.EventID, &first.Delivery, &first.Body}, func() error {
				g.loaded.Events[key] = first
				return nil
			})
			return err
		})
	}
	if len(need.Rerun) > 0 {
		batch.Queue(g.waiting, need.Rerun).Query(func(rows pgx.Rows) error {
			var id int64
			_, err := pgx.ForEachRow(rows, []any{&id}, func() error {
				g.loaded.Waiting[id] = true
				return nil
			})
			return err
		})
	}
	if len(need.Users) > 0 {
		tenants, emails := make([]int64, len(need.Users)), make([]string, len(need.Users))
		for i, key := range need.Users {
			tenants[i], emails[i] = key.TenantID, key.Email
		}
		batch.Queue(g.user, tenants, emails).Query(func(rows pgx.Rows) error {
			var u record.User
			_, err := pgx.ForEachRow(rows, []any{&u.ID, &u.TenantID, &u.AgentID, &u.Email, &u.Name, &u.Role, &u.Status}, func() error {
				found := u
				g.loaded.Users[record.UserKey{TenantID: u.TenantID, Email: u.Email}] = &found
				return nil
			})
			return err
		})
	}
	if len(need.Agents) > 0 {
		batch.Queue(g.agent, need.Agents).Query(g.readAgents)
	}
	if len(need.Teams) > 0 {
		batch.Queue(g.team, need.Teams).Query(func(rows pgx.Rows) error {
			var t record.Team
			_, err := pgx.ForEachRow(rows, []any{&t.ID, &t.TenantID, &t.Name}, func() error {
				found := t
				g.loaded.Teams[t.ID] = &found
				return nil
			})
			return err
		})
	}
}

func (g *group) readAgents(rows pgx.Rows) error {
	var a record.Agent
	var active int64
	var id, tenant, agent pgtype.Int8
	var email, name, role, status pgtype.Text
	_, err := pgx.ForEachRow(rows, []any{
		&a.ID, &a.TenantID, &a.TeamID, &a.Name, &active, &id, &tenant, &agent, &email, &name, &role, &status,
	}, func() error {
		found := a
		found.Active = active != 0
		g.loaded.Agents[a.ID] = &found
		if id.Valid {
			g.loaded.AgentUsers[a.ID] = &record.User{
				ID: id.Int64, TenantID: tenant.Int64, AgentID: agent.Int64,
				Email: email.String, Name: name.String, Role: role.String, Status: status.String,
			}
		}
		return nil
	})
	return err
}

// storedIdentity is one that was read and not yet made: what it refers to may not have been read yet.
type storedIdentity struct {
	cells  []record.Cell
	entity string
}

type storedRow struct {
	kind      *record.Kind
	cells     []record.Cell
	ofContact bool // it was found by its contact key
}

// reader keeps cells until all identities they refer to are there, then makes rows and identities of them.
type reader struct {
	*group
	stored map[int64]storedIdentity
	built  map[int64]*record.Identity
	rows   []storedRow
}

// Places in record.IdentityColumns.
const (
	identityProject = 7
	identityTeam    = 8
)

func (r *reader) readIdentities(rows pgx.Rows) error {
	var entity pgtype.Text
	return scanCells(rows, record.IdentityColumns, []any{&entity}, func(cells []record.Cell) {
		r.stored[cells[0].Int] = storedIdentity{cells, entity.String}
	})
}

func (r *reader) readRows(kind *record.Kind, rows pgx.Rows) error {
	return scanCells(rows, r.kinds[kind].columns, nil, func(cells []record.Cell) {
		r.rows = append(r.rows, storedRow{kind: kind, cells: cells})
	})
}

// finish reads what is referred to and makes everything.
func (r *reader) finish(ctx context.Context, need *record.Need) error {
	for missing := r.missing(); len(missing) > 0; missing = r.missing() {
		before := len(r.stored)
		rows, err := r.conn.Query(ctx, r.identityByID, missing)
		if err != nil {
			return err
		}
		if err := r.readIdentities(rows); err != nil {
			return err
		}
		if len(r.stored) == before {
			return fmt.Errorf("identity %d: %w", missing[0], errMissing)
		}
	}
	for _, key := range need.Keys {
		if key.IsIdentity() {
			r.loaded.Identities[key] = nil // wanted; those that are there follow
		}
	}
	for id := range r.stored {
		i, err := r.get(id)
		if err != nil {
			return err
		}
		if _, wanted := r.loaded.Identities[i.Key]; wanted {
			r.loaded.Identities[i.Key] = i
		}
	}
	for key, i := range r.loaded.Identities {
		if i == nil {
			delete(r.loaded.Identities, key)
		}
	}
	for _, s := range r.rows {
		row, err := record.ScanRow(s.kind, s.cells, r.get)
		if err != nil {
			return err
		}
		if s.ofContact {
			key := row.ContactKey()
			r.loaded.Contacts[key] = append(r.loaded.Contacts[key], row)
			continue
		}
		r.loaded.Rows[row.Key] = row
	}
	return nil
}

// missing gives the numbers of identities that are referred to and not read yet, sorted.
func (r *reader) missing() []int64 {
	var ids []int64
	add := func(c record.Cell) {
		if c.Kind == record.NullCell {
			return
		}
		if _, ok := r.stored[c.Int]; !ok {
			ids = append(ids, c.Int)
		}
	}
	for _, s := range r.stored {
		add(s.cells[identityProject])
		add(s.cells[identityTeam])
	}
	for _, row := range r.rows {
		for i, f := range row.kind.Fields {
			if f.Type == record.IdentityField {
				add(row.cells[r.kinds[row.kind].fixed+i])
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (r *reader) get(id int64) (*record.Identity, error) {
	if i, ok := r.built[id]; ok {
		return i, nil
	}
	s, ok := r.stored[id]
	if !ok {
		return nil, fmt.Errorf("identity %d: %w", id, errMissing)
	}
	i, err := record.ScanIdentity(s.cells, s.entity, r.get)
	if err == nil {
		r.built[id] = i
	}
	return i, err
}

// scanCells reads rows of columns, and after them more, and gives fn the cells of each.
func scanCells(rows pgx.Rows, columns []record.Column, more []any, fn func([]record.Cell)) error {
	ints, texts := make([]pgtype.Int8, len(columns)), make([]pgtype.Text, len(columns))
	dest := make([]any, len(columns), len(columns)+len(more))
	for i, c := range columns {
		if c.Kind == record.IntCell {
			dest[i] = &ints[i]
		} else {
			dest[i] = &texts[i]
		}
	}
	_, err := pgx.ForEachRow(rows, append(dest, more...), func() error {
		cells := make([]record.Cell, len(columns))
		for i, c := range columns {
			switch {
			case c.Kind == record.IntCell && ints[i].Valid:
				cells[i] = record.Cell{Kind: record.IntCell, Int: ints[i].Int64}
			case c.Kind == record.TextCell && texts[i].Valid:
				cells[i] = record.Cell{Kind: record.TextCell, Text: texts[i].String}
			}
		}
		fn(cells)
		return nil
	})
	return err
}

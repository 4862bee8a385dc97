package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/event"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/page"
)

var eventColumns = fmt.Sprintf(`events.id, tenant_id, name, rule, created_at, updated_at,
	(SELECT count(*) FROM (SELECT 1 FROM event_hits WHERE event_id = events.id LIMIT %d) AS counted),
	coalesce((SELECT at FROM event_hits WHERE event_id = events.id ORDER BY id DESC LIMIT 1), 0)`, page.CountLimit+1)

func scanEvent(scan row) (e event.Event, err error) {
	var rule string
	if err = scan(&e.ID, &e.TenantID, &e.Name, &rule, &e.CreatedAt, &e.UpdatedAt, &e.Hits, &e.LastAt); err != nil {
		return e, err
	}
	if err = json.Unmarshal([]byte(rule), &e.Rule); err != nil {
		err = fmt.Errorf("read the rule of event %d: %w", e.ID, err)
	}
	return e, err
}

func (t *Tx) event(tenantID, id int64) (event.Event, error) {
	e, err := scanEvent(t.QueryRow("SELECT "+eventColumns+" FROM events WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
	return e, found(err, "event")
}

// Event is that of event.Store.
func (db *DB) Event(ctx context.Context, tenantID, id int64) (e event.Event, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		e, err = tx.event(tenantID, id)
		return err
	})
	return e, err
}

// ListEvents is that of event.Store.
func (db *DB) ListEvents(ctx context.Context, tenantID int64, r page.Request) (p page.Page[event.Event], err error) {
	l := list{columns: eventColumns, from: "events", id: "id", order: "id", sorts: []sortable{{"id", "id", ofNumber}, {"name", "name", ofText}}}
	l.and("tenant_id = ?", tenantID)
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanEvent)
		return err
	})
	return p, err
}

// AddEvent is that of event.Store. Its own number comes after those of all records there are.
func (db *DB) AddEvent(ctx context.Context, e event.Event) (event.Event, error) {
	e, err := e.Checked()
	if err != nil {
		return e, err
	}
	err = db.Write(ctx, func(tx *Tx) (err error) {
		if e.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		e.CreatedAt, e.UpdatedAt = tx.Now, tx.Now
		rule, err := json.Marshal(e.Rule)
		if err != nil {
			return err
		}
		if _, err = tx.Exec("INSERT INTO events (id, tenant_id, name, rule, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)", e.ID, e.TenantID, e.Name, string(rule), e.CreatedAt, e.UpdatedAt); err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO event_places (tenant_id, upto) VALUES (?, ?) ON CONFLICT (tenant_id) DO NOTHING", e.TenantID, e.ID)
		return err
	})
	return e, err
}

// ChangeEvent is that of event.Store.
func (db *DB) ChangeEvent(ctx context.Context, tenantID, id int64, fn func(event.Event) (event.Event, error)) (e event.Event, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if e, err = tx.event(tenantID, id); err != nil {
			return err
		}
		if e, err = fn(e); err != nil {
			return err
		}
		e.UpdatedAt = tx.after(e.UpdatedAt)
		rule, err := json.Marshal(e.Rule)
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE events SET name = ?, rule = ?, updated_at = ? WHERE id = ?", e.Name, string(rule), e.UpdatedAt, id)
		return err
	})
	return e, err
}

// hitsAtOnce are written or taken away in one transaction: whoever writes records has the database in between.
const hitsAtOnce = 2_000

// DropEvent is that of event.Store. What it was about goes first, in parts.
func (db *DB) DropEvent(ctx context.Context, tenantID, id int64) error {
	for left := true; left; {
		err := db.Write(ctx, func(tx *Tx) error {
			if _, err := tx.event(tenantID, id); err != nil {
				return err
			}
			n, err := tx.Exec(fmt.Sprintf("DELETE FROM event_hits WHERE id IN (SELECT id FROM event_hits WHERE event_id = ? ORDER BY id LIMIT %d)", hitsAtOnce), id)
			if left = n == hitsAtOnce; err != nil || left {
				return err
			}
			_, err = tx.Exec("DELETE FROM events WHERE id = ?", id)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// about is the statement part of the records that an event is about.
func (b *Backend) about(e event.Event) (counting, error) {
	c, err := b.countingOf(e.TenantID, metric.Definition{Source: e.Rule.Source, Types: e.Rule.Types})
	if err != nil {
		return c, err
	}
	tables, agent, team := c.linked()
	c.from = strings.TrimPrefix(tables, " FROM ")
	if e.Rule.Least != nil {
		c.and("CAST(r."+c.source.Fields[event.ValueOf(e.Rule.Source)]+" AS DOUBLE PRECISION) >= CAST(? AS DOUBLE PRECISION)", *e.Rule.Least)
	}
	if e.Rule.AgentID != 0 {
		c.and(agent+" = ?", e.Rule.AgentID)
	}
	if e.Rule.TeamID != 0 {
		c.and(team+" = ?", e.Rule.TeamID)
	}
	if e.Rule.ProjectID != 0 {
		c.and("r.project_identity_id IN (SELECT id FROM identities WHERE kind = 'project' AND entity_id = ?)", e.Rule.ProjectID)
	}
	return c, nil
}

// EventHits is that of event.Store.
func (db *DB) EventHits(ctx context.Context, e event.Event, r page.Request) (p page.Page[event.Hit], err error) {
	c, err := db.b.about(e)
	if err != nil {
		return p, err
	}
	kind, name, agent := "''", "''", "0"
	if c.source.Type != "" {
		kind = "r." + c.source.Type
	}
	if c.source.Agent {
		name, agent = calledAgent, "coalesce(ai.entity_id, 0)"
	}
	c.from = "event_hits h JOIN " + strings.Replace(c.from, c.source.Table+" r", c.source.Table+" r ON r.id = h.record_id", 1)
	c.and("h.event_id = ?", e.ID)
	c.columns = fmt.Sprintf("h.id, h.noun, h.record_id, h.at, r.external_id, r.%s, %s, coalesce(r.%s, ''), %s, %s",
		c.source.Moment, kind, c.source.Fields[event.ValueOf(e.Rule.Source)], agent, name)
	c.id, c.order, c.sorts = "h.id", "-id", []sortable{{"id", "h.id", ofNumber}}
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, c.list, r, func(scan row) (event.Hit, error) {
			h := event.Hit{EventID: e.ID, EventName: e.Name}
			l := &h.Record
			err := scan(&h.ID, &h.Noun, &h.RecordID, &h.At, &l.ExternalID, &l.Moment, &l.Type, &l.Value, &l.AgentID, &l.AgentName)
			l.ID = h.RecordID
			return h, err
		})
		return err
	})
	return p, err
}

// unreadLimit is how far unread hits are counted.
const unreadLimit = 100

// Told is that of event.Store.
func (db *DB) Told(ctx context.Context, tenantID, userID int64, r page.Request) (p page.Page[event.Hit], unread int, err error) {
	l := list{
		columns: "event_hits.id, event_id, (SELECT name FROM events WHERE events.id = event_id), noun, record_id, at", from: "event_hits",
		id: "event_hits.id", order: "-id", sorts: []sortable{{"id", "event_hits.id", ofNumber}},
	}
	l.and("tenant_id = ?", tenantID)
	l.and("told = 1")
	err = db.Read(ctx, func(tx *Tx) error {
		if userID != 0 {
			err := tx.QueryRow(fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM event_hits WHERE tenant_id = ? AND told = 1
				AND id > coalesce((SELECT upto FROM event_reads WHERE user_id = ?), 0) LIMIT %d) AS counted`, unreadLimit), tenantID, userID).Scan(&unread)
			if err != nil {
				return err
			}
		}
		p, err = pageOf(tx, l, r, func(scan row) (h event.Hit, err error) {
			err = scan(&h.ID, &h.EventID, &h.EventName, &h.Noun, &h.RecordID, &h.At)
			return h, err
		})
		if err != nil {
			return err
		}
		return tx.tell(tenantID, p.Items)
	})
	return p, unread, err
}

// tell puts to hits what their records hold now; the page of them has few kinds, and each is read at once.
func (t *Tx) tell(tenantID int64, hits []event.Hit) error {
	ids := map[string][]int64{}
	for _, h := range hits {
		ids[h.Noun] = append(ids[h.Noun], h.RecordID)
	}
	lines := map[int64]metric.Line{}
	for noun, of := range ids {
		c, err := t.b.countingOf(tenantID, metric.Definition{Source: noun})
		if err != nil {
			return err
		}
		tables, agent, _ := c.linked()
		name := "''"
		if c.source.Agent {
			name = calledAgent
		}
		in, args := In(of)
		c.and("r.id IN "+in, args...)
		err = t.Each(func(rows *sql.Rows) error {
			var l metric.Line
			err := rows.Scan(&l.ID, &l.ExternalID, &l.Moment, &l.Value, &l.AgentID, &l.AgentName)
			lines[l.ID] = l
			return err
		}, fmt.Sprintf("SELECT r.id, r.external_id, r.%s, coalesce(r.%s, ''), %s, %s", c.source.Moment, c.source.Fields[event.ValueOf(noun)], agent, name)+
			tables+c.condition(), c.args...)
		if err != nil {
			return err
		}
	}
	for i := range hits {
		hits[i].Record = lines[hits[i].RecordID]
	}
	return nil
}

// ReadTold is that of event.Store.
func (db *DB) ReadTold(ctx context.Context, userID, upto int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO event_reads (user_id, upto) VALUES (?, ?)
			ON CONFLICT (user_id) DO UPDATE SET upto = CASE WHEN event_reads.upto > excluded.upto THEN event_reads.upto ELSE excluded.upto END`, userID, upto)
		return err
	})
}

const (
	// seekNumbers are looked through at once.
	seekNumbers = 100_000
	// seekAgain is how many are looked through again, rather than written down that they were.
	seekAgain = 2_000
)

// SeekEvents is that of event.Seeker. It reads first, and writes only where there is something to keep: hits, or a place
// so far on that a restart should not begin before it.
func (db *DB) SeekEvents(ctx context.Context) (more bool, err error) {
	settled, err := db.Settled(ctx)
	if err != nil {
		return false, err
	}
	var tenants []int64
	err = db.Read(ctx, func(tx *Tx) error {
		tenants = nil
		return tx.Each(func(rows *sql.Rows) error {
			var n int64
			err := rows.Scan(&n)
			tenants = append(tenants, n)
			return err
		}, "SELECT DISTINCT tenant_id FROM events ORDER BY tenant_id")
	})
	if err != nil {
		return false, err
	}
	for _, n := range tenants {
		rest, err := db.seekEvents(ctx, n, settled)
		if err != nil {
			return false, err
		}
		more = more || rest
	}
	return more, err
}

func (db *DB) seekEvents(ctx context.Context, tenantID, settled int64) (more bool, err error) {
	var place int64
	upto := settled
	var hits []event.Hit
	told := map[int64]bool{}
	err = db.Read(ctx, func(tx *Tx) error {
		hits, more = nil, false
		var events []event.Event
		err := tx.Each(func(rows *sql.Rows) error {
			e, err := scanEvent(rows.Scan)
			events = append(events, e)
			return err
		}, "SELECT "+eventColumns+" FROM events WHERE tenant_id = ? ORDER BY id", tenantID)
		if err != nil || len(events) == 0 {
			return err
		}
		if err := tx.QueryRow("SELECT upto FROM event_places WHERE tenant_id = ?", tenantID).Scan(&place); err != nil {
			return err
		}
		if upto = settled; upto > place+seekNumbers {
			upto, more = place+seekNumbers, true
		}
		for _, e := range events {
			told[e.ID] = e.Rule.Tell
			found, err := tx.appeared(e, place, upto)
			if err != nil {
				return err
			}
			hits = append(hits, found...)
		}
		return nil
	})
	if err != nil || len(hits) == 0 && upto-place < seekAgain {
		return false, err
	}
	for part := range slices.Chunk(hits, hitsAtOnce) { // what is not written when this ends early is found again
		if err := db.Write(ctx, func(tx *Tx) error { return tx.keepHits(tenantID, part, told) }); err != nil {
			return false, err
		}
	}
	return more, db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec("UPDATE event_places SET upto = ? WHERE tenant_id = ? AND upto < ?", upto, tenantID, upto)
		return err
	})
}

func (t *Tx) keepHits(tenantID int64, hits []event.Hit, told map[int64]bool) error {
	for _, h := range hits {
		id, err := t.NextNumber()
		if err != nil {
			return err
		}
		_, err = t.Exec(`INSERT INTO event_hits (id, tenant_id, event_id, noun, record_id, told, at)
			SELECT ?, tenant_id, id, ?, ?, ?, ? FROM events WHERE id = ? AND tenant_id = ? ON CONFLICT (event_id, record_id) DO NOTHING`,
			id, h.Noun, h.RecordID, truth(told[h.EventID]), t.Now, h.EventID, tenantID)
		if err != nil {
			return err
		}
	}
	return nil
}

// appeared gives the records an event is about that were made or changed with these numbers and are not among its hits.
func (t *Tx) appeared(e event.Event, from, upto int64) (hits []event.Hit, err error) {
	c, err := t.b.about(e)
	if err != nil {
		return nil, err
	}
	for _, which := range []struct {
		condition string
		args      []any
	}{
		{"r.created_at >= ? AND r.id >= ? AND r.id < ?", []any{e.CreatedAt, from, upto}},
		{"r.id IN (SELECT thing_id FROM journal WHERE tenant_id = ? AND id >= ? AND id < ? AND noun = ? AND at >= ?)", []any{e.TenantID, from, upto, e.Rule.Source, e.CreatedAt}},
	} {
		err := t.Each(func(rows *sql.Rows) error {
			h := event.Hit{EventID: e.ID, Noun: e.Rule.Source}
			err := rows.Scan(&h.RecordID)
			hits = append(hits, h)
			return err
		}, "SELECT r.id FROM "+c.from+c.condition()+" AND "+which.condition+
			fmt.Sprintf(" AND NOT EXISTS (SELECT 1 FROM event_hits h WHERE h.event_id = %d AND h.record_id = r.id) ORDER BY r.id", e.ID),
			append(append([]any{}, c.args...), which.args...)...)
		if err != nil {
			return nil, err
		}
	}
	return hits, nil
}

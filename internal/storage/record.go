package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// RecordFilter narrows a list of records; zero fields do not.
type RecordFilter struct {
	TenantID     int64
	Kind         *record.Kind
	ProviderID   int64
	ExternalID   string
	Text         map[string]string // column → value: activity_type, contact_key …
	Identities   map[string]int64  // column → identity: agent_identity_id …
	Entities     map[string]int64  // column → what the identity is linked to, at this moment
	Moment       string            // column that After and Before are about
	After        int64
	Before       int64
	UpdatedAfter int64
}

// MomentColumn is the column by which a kind's records are placed in time.
func MomentColumn(k *record.Kind) string {
	for _, f := range k.Fields {
		if f.Type == record.MomentField && f.Required {
			return f.Column
		}
	}
	return "created_at"
}

// Record gives one record.
func (db *DB) Record(ctx context.Context, tenantID int64, k *record.Kind, id int64) (r *record.Row, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l := recordList(k)
		l.and("tenant_id = ?", tenantID)
		l.and("id = ?", id)
		p, err := tx.records(k, l, page.Request{Size: 1})
		if err == nil && len(p.Items) == 0 {
			return notFound(strings.ToLower(k.Title))
		}
		if err == nil {
			r = p.Items[0]
		}
		return err
	})
	return r, err
}

// ListRecords gives records of one kind. What their identities are linked to is as it is now.
func (db *DB) ListRecords(ctx context.Context, f RecordFilter, r page.Request) (p page.Page[*record.Row], err error) {
	l := recordList(f.Kind)
	l.and("tenant_id = ?", f.TenantID)
	equal(&l, "provider_id", f.ProviderID)
	equal(&l, "external_id", f.ExternalID)
	for _, field := range f.Kind.Fields { // in their order, so that statements are the same
		if v, ok := f.Text[field.Column]; ok {
			l.and(field.Column+" = ?", v)
		}
		if v, ok := f.Identities[field.Column]; ok {
			l.and(field.Column+" = ?", v)
		}
		if v, ok := f.Entities[field.Column]; ok {
			l.and(field.Column+" IN (SELECT id FROM identities WHERE kind = ? AND entity_id = ?)", field.Noun, v)
		}
	}
	if f.After != 0 {
		l.and(f.Moment+" >= ?", f.After)
	}
	if f.Before != 0 {
		l.and(f.Moment+" < ?", f.Before)
	}
	l.updatedAfter(f.UpdatedAfter)
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = tx.records(f.Kind, l, r)
		return err
	})
	return p, err
}

func recordList(k *record.Kind) list {
	moment := MomentColumn(k)
	return list{
		columns: strings.Join(Names(k.Columns()), ", "), from: Table(k), id: "id", order: "-id",
		sorts: []sortable{{"id", "id", ofNumber}, {moment, moment, ofNumber}, {"created_at", "created_at", ofNumber}, {"updated_at", "updated_at", ofNumber}, {"external_id", "external_id", ofText}},
	}
}

func (t *Tx) records(k *record.Kind, l list, r page.Request) (page.Page[*record.Row], error) {
	columns := k.Columns()
	cells, err := pageOf(t, l, r, func(scan row) ([]record.Cell, error) { return scanCells(columns, scan) })
	if err != nil {
		return page.Page[*record.Row]{}, err
	}
	wanted := map[int64]bool{}
	for _, row := range cells.Items {
		for i, f := range k.Fields {
			if c := row[len(columns)-len(k.Fields)-trailing+i]; f.Type == record.IdentityField && c.Kind != record.NullCell {
				wanted[c.Int] = true
			}
		}
	}
	byID, err := t.identitiesByID(wanted)
	if err != nil {
		return page.Page[*record.Row]{}, err
	}
	p := page.Page[*record.Row]{Items: make([]*record.Row, len(cells.Items)), Total: cells.Total, Next: cells.Next}
	for i, row := range cells.Items {
		if p.Items[i], err = record.ScanRow(k, row, byID); err != nil {
			return p, err
		}
	}
	return p, nil
}

// trailing is how many columns come after a kind's own: marks, locks, maker.
const trailing = 7

// scanCells reads one row of such columns.
func scanCells(columns []record.Column, scan row) ([]record.Cell, error) {
	dest := make([]any, len(columns))
	for i, c := range columns {
		if c.Kind == record.IntCell {
			dest[i] = new(sql.NullInt64)
		} else {
			dest[i] = new(sql.NullString)
		}
	}
	if err := scan(dest...); err != nil {
		return nil, err
	}
	cells := make([]record.Cell, len(columns))
	for i, d := range dest {
		switch d := d.(type) {
		case *sql.NullInt64:
			if d.Valid {
				cells[i] = record.Cell{Kind: record.IntCell, Int: d.Int64}
			}
		case *sql.NullString:
			if d.Valid {
				cells[i] = record.Cell{Kind: record.TextCell, Text: d.String}
			}
		}
	}
	return cells, nil
}

// identitiesByID reads identities with what they are linked to. Their own teams and projects are left out: a list of
// records does not show them.
func (t *Tx) identitiesByID(wanted map[int64]bool) (func(int64) (*record.Identity, error), error) {
	all := map[int64]*record.Identity{}
	byID := func(id int64) (*record.Identity, error) {
		if i := all[id]; i != nil {
			return i, nil
		}
		return nil, fmt.Errorf("identity %d is not there", id)
	}
	if len(wanted) == 0 {
		return byID, nil
	}
	ids := make([]int64, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	in, args := In(ids)
	err := t.Each(func(rows *sql.Rows) error {
		i := &record.Identity{}
		var kind string
		var ignored int64
		err := rows.Scan(&i.ID, &i.TenantID, &i.Key.ProviderID, &kind, &i.Key.ExternalID, &i.Name, &i.EntityID, &i.EntityName, &ignored)
		i.Key.Noun, i.Ignored = kind+record.IdentitySuffix, ignored != 0
		all[i.ID] = i
		return err
	}, "SELECT id, tenant_id, provider_id, kind, external_id, external_name, coalesce(entity_id, 0), coalesce("+EntityName+", ''), ignored FROM identities WHERE id IN "+in, args...)
	return byID, err
}

// Entry is one line of the journal of a thing.
type Entry struct {
	ID     int64
	At     int64
	MadeBy []byte // JSON of a record.Maker
	Before []byte // JSON: field → value and mark before; null for a creation
}

// Journal gives what changed in a thing, the newest first: not where it was only set to what it held already.
func (db *DB) Journal(ctx context.Context, tenantID int64, noun string, thing int64, r page.Request) (p page.Page[Entry], err error) {
	l := list{columns: "id, at, made_by, before", from: "journal", id: "id", order: "-id", sorts: []sortable{{"id", "id", ofNumber}}}
	l.and("noun = ?", noun)
	l.and("thing_id = ?", thing)
	l.and("tenant_id = ?", tenantID)
	l.and("before NOT LIKE ?", record.OnlySame+"%")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, func(scan row) (e Entry, err error) {
			err = scan(&e.ID, &e.At, &e.MadeBy, &e.Before)
			return e, err
		})
		return err
	})
	return p, err
}

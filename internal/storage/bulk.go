package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
)

const operationColumns = "id, verb, made_by, ask, total, at, state, done, failed, problems, changed, created_at, updated_at"

func scanOperation(scan row) (o bulk.Operation, err error) {
	var by, ask, problems, changed string
	var total sql.NullInt64
	if err = scan(&o.ID, &o.Verb, &by, &ask, &total, &o.At, &o.State, &o.Done, &o.Failed, &problems, &changed, &o.CreatedAt, &o.UpdatedAt); err != nil {
		return o, err
	}
	if total.Valid {
		o.Total = &total.Int64
	}
	err = errors.Join(json.Unmarshal([]byte(by), &o.By), json.Unmarshal([]byte(ask), &o.Ask), json.Unmarshal([]byte(problems), &o.Problems))
	if err == nil {
		o.Changed, err = readChanged(changed)
	}
	if err != nil {
		err = fmt.Errorf("read operation %d: %w", o.ID, err)
	}
	return o, err
}

// readChanged reads what an operation changed. At first the ids alone were kept, without what was there before: such an
// operation cannot be taken back, so it has changed nothing that an undo needs.
func readChanged(text string) ([]bulk.Change, error) {
	var changed []bulk.Change
	err := json.Unmarshal([]byte(text), &changed)
	if err == nil {
		return changed, nil
	}
	var ids []int64
	if json.Unmarshal([]byte(text), &ids) == nil {
		return nil, nil
	}
	return nil, err
}

// AddOperation is that of bulk.Store.
func (db *DB) AddOperation(ctx context.Context, o bulk.Operation) (bulk.Operation, error) {
	err := db.Write(ctx, func(tx *Tx) (err error) {
		if o.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		o.CreatedAt, o.UpdatedAt = tx.Now, tx.Now
		o.Ask.Until = o.ID
		var total any
		if o.Total != nil {
			total = *o.Total
		}
		_, err = tx.Exec("INSERT INTO bulk_operations (tenant_id, "+operationColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			o.By.TenantID, o.ID, string(o.Verb), jsonText(o.By), jsonText(o.Ask), total, o.At, string(o.State), o.Done, o.Failed,
			jsonText(o.Problems), jsonText(o.Changed), o.CreatedAt, o.UpdatedAt)
		return err
	})
	return o, err
}

// Operation is that of bulk.Store.
func (db *DB) Operation(ctx context.Context, tenantID, id int64) (o bulk.Operation, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		o, err = tx.operation(tenantID, id)
		return err
	})
	return o, err
}

func (t *Tx) operation(tenantID, id int64) (bulk.Operation, error) {
	o, err := scanOperation(t.QueryRow("SELECT "+operationColumns+" FROM bulk_operations WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
	return o, found(err, "operation")
}

// ListOperations is that of bulk.Store.
func (db *DB) ListOperations(ctx context.Context, tenantID int64, r page.Request) (p page.Page[bulk.Operation], err error) {
	l := list{columns: operationColumns, from: "bulk_operations", id: "id", order: "-id", sorts: []sortable{{"id", "id", ofNumber}}}
	l.and("tenant_id = ?", tenantID)
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanOperation)
		return err
	})
	return p, err
}

// RunningOperations is that of bulk.Store.
func (db *DB) RunningOperations(ctx context.Context) (all []bulk.Operation, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		all = nil
		return tx.Each(func(rows *sql.Rows) error {
			o, err := scanOperation(rows.Scan)
			all = append(all, o)
			return err
		}, "SELECT "+operationColumns+" FROM bulk_operations WHERE state = 'running' ORDER BY id")
	})
	return all, err
}

// SaveOperation is that of bulk.Store.
func (db *DB) SaveOperation(ctx context.Context, o bulk.Operation) (running bool, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		now, err := tx.operation(o.By.TenantID, o.ID)
		if err != nil {
			return err
		}
		running = now.State == bulk.Running
		if !running {
			o.State = now.State // the part that was under way when it was cancelled counts too
		}
		_, err = tx.Exec("UPDATE bulk_operations SET at = ?, state = ?, done = ?, failed = ?, problems = ?, changed = ?, updated_at = ? WHERE id = ?",
			o.At, string(o.State), o.Done, o.Failed, jsonText(o.Problems), jsonText(o.Changed), tx.Now, o.ID)
		return err
	})
	return running, err
}

// CancelOperation is that of bulk.Store.
func (db *DB) CancelOperation(ctx context.Context, tenantID, id int64) (o bulk.Operation, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("UPDATE bulk_operations SET state = 'cancelled', updated_at = ? WHERE id = ? AND tenant_id = ? AND state = 'running'", tx.Now, id, tenantID); err != nil {
			return err
		}
		o, err = tx.operation(tenantID, id)
		return err
	})
	return o, err
}

// IdentityNumbers is that of bulk.Store.
func (db *DB) IdentityNumbers(ctx context.Context, f identity.Filter, after int64, limit int) (ids []int64, last int64, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		ids, last, err = tx.idsAfter(identityList(f), after, limit)
		return err
	})
	return ids, last, err
}

// idsAfter gives the ids of a list after one, in order; last is where to go on, 0 at the end. It looks at no more rows than a
// page of the list would.
func (t *Tx) idsAfter(l list, after int64, limit int) (ids []int64, last int64, err error) {
	l.and(l.id+" > ?", after)
	if last, err = t.edge(l, "ASC"); err != nil {
		return nil, 0, err
	}
	if last != 0 {
		l.and(l.id+" <= ?", last)
	}
	l.whole()
	err = t.Each(func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s LIMIT %d", l.id, l.table, conditions(l.where), l.id, limit), l.args...)
	if len(ids) == limit {
		last = ids[limit-1]
	}
	return ids, last, err
}

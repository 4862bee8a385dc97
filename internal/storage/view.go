package storage

import (
	"context"
	"database/sql"

	"github.com/dealwright/dealwright/internal/fault"
)

// View is a filter of a list that somebody keeps under a name.
type View struct {
	ID        int64
	TenantID  int64
	Owner     string // public id of the user or API key
	List      string
	Name      string
	Search    string // the filters, as they stand in the address
	Shared    bool   // with all of the tenant; else it is the owner's
	CreatedAt int64
}

// viewsMost is how many views of one list an owner keeps.
const viewsMost = 100

// Views gives the views of a list that somebody sees: their own and the shared ones, in the order in which they were made.
func (db *DB) Views(ctx context.Context, tenantID int64, owner, list string) (all []View, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		all = nil
		return tx.Each(func(rows *sql.Rows) error {
			v, err := scanView(rows.Scan)
			all = append(all, v)
			return err
		}, "SELECT "+viewColumns+" FROM saved_views WHERE tenant_id = ? AND list = ? AND (shared = 1 OR owner = ?) ORDER BY id", tenantID, list, owner)
	})
	return all, err
}

const viewColumns = "id, tenant_id, owner, list, name, search, shared, created_at"

func scanView(scan row) (v View, err error) {
	var shared int64
	err = scan(&v.ID, &v.TenantID, &v.Owner, &v.List, &v.Name, &v.Search, &shared, &v.CreatedAt)
	v.Shared = shared != 0
	return v, err
}

// AddView keeps a view.
func (db *DB) AddView(ctx context.Context, v View) (View, error) {
	err := db.Write(ctx, func(tx *Tx) (err error) {
		var there int
		if err := tx.QueryRow("SELECT count(*) FROM saved_views WHERE tenant_id = ? AND list = ? AND owner = ?", v.TenantID, v.List, v.Owner).Scan(&there); err != nil {
			return err
		}
		if there >= viewsMost {
			return fault.New(fault.Conflict, "You keep %d views of this list, and that is the most. Delete one first.", there)
		}
		if v.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		v.CreatedAt = tx.Now
		_, err = tx.Exec("INSERT INTO saved_views ("+viewColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			v.ID, v.TenantID, v.Owner, v.List, v.Name, v.Search, truth(v.Shared), v.CreatedAt)
		return err
	})
	return v, err
}

// ChangeView stores what fn makes of a view.
func (db *DB) ChangeView(ctx context.Context, tenantID, id int64, fn func(View) (View, error)) (v View, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if v, err = tx.view(tenantID, id); err != nil {
			return err
		}
		if v, err = fn(v); err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE saved_views SET name = ?, search = ?, shared = ? WHERE id = ?", v.Name, v.Search, truth(v.Shared), id)
		return err
	})
	return v, err
}

// DeleteView takes a view away, if may allows it.
func (db *DB) DeleteView(ctx context.Context, tenantID, id int64, may func(View) error) error {
	return db.Write(ctx, func(tx *Tx) error {
		v, err := tx.view(tenantID, id)
		if err != nil {
			return err
		}
		if err := may(v); err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM saved_views WHERE id = ?", id)
		return err
	})
}

func (t *Tx) view(tenantID, id int64) (View, error) {
	v, err := scanView(t.QueryRow("SELECT "+viewColumns+" FROM saved_views WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
	return v, found(err, "view")
}

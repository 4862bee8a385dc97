package storage

import (
	"context"
	"database/sql"
	"errors"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/secret"
)

// RawColumns of raw_bodies, which groups write.
var RawColumns = []string{"source_execution_id", "tenant_id", "received_at", "body"}

// RawBody gives the body of a call as it came, while it is kept.
func (db *DB) RawBody(ctx context.Context, tenantID, callID int64) (raw pipeline.RawBody, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		t, err := tx.tenant(tenantID)
		if err != nil {
			return err
		}
		raw = pipeline.RawBody{CallID: callID}
		var sealed []byte
		err = tx.QueryRow("SELECT received_at, body FROM raw_bodies WHERE source_execution_id = ? AND tenant_id = ?", callID, tenantID).Scan(&raw.ReceivedAt, &sealed)
		gone := fault.New(fault.NotFound, "The body of this call was not kept as it came, or no longer is. For how many days bodies are kept is said by raw_days in the settings.")
		if errors.Is(err, sql.ErrNoRows) || err == nil && t.RawKey == nil {
			return gone
		}
		if err != nil {
			return err
		}
		if raw.Until = raw.ReceivedAt + int64(t.RawDays)*day; raw.Until <= tx.Now {
			return gone
		}
		key, err := secret.Of(t.RawKey)
		if err != nil {
			return err
		}
		if raw.Body, err = key.Open(pipeline.RawPlace(tenantID, raw.ReceivedAt), sealed); err != nil {
			return gone // the key it was sealed with is destroyed
		}
		return nil
	})
	return raw, err
}

// SweepRaw takes away at most limit raw bodies that their tenants no longer keep, and says how many it took.
func (db *DB) SweepRaw(ctx context.Context, limit int) (swept int, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		swept = 0
		oldest := map[int64]int64{} // by tenant: what came before goes
		err := tx.Each(func(rows *sql.Rows) error {
			var id, days int64
			err := rows.Scan(&id, &days)
			oldest[id] = tx.Now - days*day
			return err
		}, "SELECT id, raw_days FROM tenants")
		if err != nil {
			return err
		}
		for id, before := range oldest {
			n, err := tx.Exec("DELETE FROM raw_bodies WHERE source_execution_id IN (SELECT source_execution_id FROM raw_bodies WHERE tenant_id = ? AND received_at <= ? ORDER BY received_at LIMIT ?)",
				id, before, limit-swept)
			if err != nil {
				return err
			}
			if swept += int(n); swept == limit {
				break
			}
		}
		return nil
	})
	return swept, err
}

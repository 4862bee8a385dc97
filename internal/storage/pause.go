package storage

import (
	"context"
	"database/sql"
	"errors"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/provider"
)

const pauseColumns = "failures, since, until_at, tripped, probe, why"

func scanPause(scan row, more ...any) (p provider.Pause, err error) {
	var tripped int64
	err = scan(append(more, &p.Failures, &p.Since, &p.Until, &tripped, &p.Probe, &p.Why)...)
	p.Tripped = tripped != 0
	return p, err
}

// pauseOf gives the pause of the provider of a source, the zero one where it has none.
func (t *Tx) pauseOf(sourceID int64) (providerID int64, p provider.Pause, err error) {
	p, err = scanPause(t.QueryRow("SELECT provider_id, "+pauseColumns+" FROM pauses WHERE provider_id = (SELECT provider_id FROM sources WHERE id = ?)", sourceID).Scan, &providerID)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return providerID, p, err
}

// Pauses gives how the providers of all tenants fail whose fetches do.
func (db *DB) Pauses(ctx context.Context) (pauses map[int64]provider.Pause, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		pauses = map[int64]provider.Pause{}
		return tx.eachPause(func(providerID int64, p provider.Pause) { pauses[providerID] = p }, "")
	})
	return pauses, err
}

// eachPause gives the pauses that fit a condition, with their providers.
func (t *Tx) eachPause(fn func(providerID int64, p provider.Pause), where string, args ...any) error {
	return t.Each(func(rows *sql.Rows) error {
		var providerID int64
		p, err := scanPause(rows.Scan, &providerID)
		if err == nil {
			fn(providerID, p)
		}
		return err
	}, "SELECT provider_id, "+pauseColumns+" FROM pauses"+where, args...)
}

// Pause is that of enrich.Store.
func (db *DB) Pause(ctx context.Context, providerID int64) (p provider.Pause, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = scanPause(tx.QueryRow("SELECT "+pauseColumns+" FROM pauses WHERE provider_id = ?", providerID).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return err
	})
	return p, err
}

// EndPause is that of enrich.Store.
func (db *DB) EndPause(ctx context.Context, end pipeline.FetchEnd, breaker pipeline.Breaker) error {
	return db.Write(ctx, func(tx *Tx) error { return tx.endPause(end, breaker) })
}

// endPause keeps what the end of a fetch says of its provider.
func (t *Tx) endPause(end pipeline.FetchEnd, breaker pipeline.Breaker) error {
	if end.Answered {
		_, err := t.Exec("DELETE FROM pauses WHERE provider_id = ?", end.ProviderID)
		return err
	}
	if end.Failed == "" { // the one that tries for all may have been given back
		_, err := t.Exec("UPDATE pauses SET until_at = ?, probe = 0 WHERE provider_id = ? AND probe = ?", t.Now, end.ProviderID, end.Epoch)
		return err
	}
	// The row is locked before it is read.
	p, err := scanPause(t.QueryRow(`INSERT INTO pauses (provider_id, `+pauseColumns+`) VALUES (?, 0, 0, 0, 0, 0, '')
		ON CONFLICT (provider_id) DO UPDATE SET failures = pauses.failures
		RETURNING `+pauseColumns, end.ProviderID).Scan)
	if err != nil {
		return err
	}
	p = breaker.Failed(p, end, t.Now)
	tripped := 0
	if p.Tripped {
		tripped = 1
	}
	_, err = t.Exec("UPDATE pauses SET failures = ?, since = ?, until_at = ?, tripped = ?, probe = ?, why = ? WHERE provider_id = ?",
		p.Failures, p.Since, p.Until, tripped, p.Probe, p.Why, end.ProviderID)
	return err
}

package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/dealwright/dealwright/internal/access"
)

// CountTry is that of access.Store. What is older than the window goes as it comes by: the table has no more rows than
// passwords can be hashed in a window. Who has to wait is told so without a turn to write, however often he asks.
func (db *DB) CountTry(ctx context.Context, who access.Visitor, most int, window time.Duration) (wait time.Duration, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		var since int64
		err := tx.QueryRow("SELECT since FROM sign_in_tries WHERE visitor = ? AND tries >= ? AND since > ?", who[:], most, tx.Now-window.Microseconds()).Scan(&since)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		wait = time.Duration(since-tx.Now)*time.Microsecond + window
		return err
	})
	if err != nil || wait > 0 {
		return wait, err
	}
	err = db.Write(ctx, func(tx *Tx) error {
		wait = 0
		if _, err := tx.Exec("DELETE FROM sign_in_tries WHERE since <= ?", tx.Now-window.Microseconds()); err != nil {
			return err
		}
		var tries int
		var since int64
		err := tx.QueryRow("SELECT tries, since FROM sign_in_tries WHERE visitor = ?", who[:]).Scan(&tries, &since)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			_, err = tx.Exec("INSERT INTO sign_in_tries (visitor, tries, since) VALUES (?, 1, ?)", who[:], tx.Now)
		case err == nil && tries >= most:
			wait = time.Duration(since-tx.Now)*time.Microsecond + window
		case err == nil:
			_, err = tx.Exec("UPDATE sign_in_tries SET tries = tries + 1 WHERE visitor = ?", who[:])
		}
		return err
	})
	return wait, err
}

// ForgetTries is that of access.Store.
func (db *DB) ForgetTries(ctx context.Context, who access.Visitor) error {
	return db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec("DELETE FROM sign_in_tries WHERE visitor = ?", who[:])
		return err
	})
}

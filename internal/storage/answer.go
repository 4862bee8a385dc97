package storage

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
)

// How long, and how many answers of one caller, are kept; and for how long a call without an answer is taken to be under
// way since its node has last said so: after that it is taken to have died with its node.
const (
	answersKept = 24 * time.Hour
	mostAnswers = 10_000
	underWay    = time.Minute
)

// ClaimAnswer is that of access.Store.
func (db *DB) ClaimAnswer(ctx context.Context, c access.Once) (kept access.KeptAnswer, err error) {
	for range 2 { // who came at the same moment is found the second time
		same := false
		err = db.Write(ctx, func(tx *Tx) error {
			kept, err = tx.claimAnswer(c)
			same = tx.IsDuplicate(err)
			return err
		})
		if !same {
			break
		}
	}
	return kept, err
}

func (t *Tx) claimAnswer(c access.Once) (k access.KeptAnswer, err error) {
	if _, err := t.Exec("DELETE FROM kept_answers WHERE tenant_id = ? AND caller = ? AND key = ? AND created_at <= ?",
		c.By.TenantID, c.By.PublicID(), c.Key, t.Now-answersKept.Microseconds()); err != nil { // the sweep has not been there yet
		return k, err
	}
	var request, sealed []byte
	var made int64
	err = t.QueryRow("SELECT id, request, status, answer, created_at FROM kept_answers WHERE tenant_id = ? AND caller = ? AND key = ?",
		c.By.TenantID, c.By.PublicID(), c.Key).Scan(&k.ID, &request, &k.Status, &sealed, &made)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return t.newAnswer(c)
	case err != nil:
		return k, err
	case !bytes.Equal(request, t.b.key.Sum(c.Request)):
		return k, fault.New(fault.Invalid, "This Idempotency-Key was used for another call in the last 24 hours; nothing was changed.").With(fault.Detail{
			Field: "Idempotency-Key", Code: "used", Message: "The first call with it was not this one.", Hint: "Send each call with a key of its own, such as a random UUID.",
		})
	case k.Status == 0 && made > t.Now-underWay.Microseconds():
		return k, noAnswerYet()
	case k.Status == 0:
		return t.takeOver(k)
	}
	content, err := t.open("kept_answers", "answer", k.ID, sealed)
	etag, body, _ := bytes.Cut(content, []byte("\n"))
	k.ETag, k.Body = string(etag), body
	return k, err
}

func noAnswerYet() error {
	f := fault.New(fault.Conflict, "The first call with this Idempotency-Key has no answer yet. Try again.")
	f.RetryAfter = time.Second
	return f
}

// takeOver gives a call whose node has died to who asks, under a number of its own: should that node live after all, what
// it says of its number counts no more.
func (t *Tx) takeOver(dead access.KeptAnswer) (k access.KeptAnswer, err error) {
	if k.ID, err = t.NextNumber(); err != nil {
		return k, err
	}
	n, err := t.Exec("UPDATE kept_answers SET id = ?, created_at = ? WHERE id = ? AND status = 0", k.ID, t.Now, dead.ID)
	if err == nil && n == 0 { // somebody else was faster
		err = noAnswerYet()
	}
	return k, err
}

// HoldAnswer is that of access.Store.
func (db *DB) HoldAnswer(ctx context.Context, id int64) (held bool, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		n, err := tx.Exec("UPDATE kept_answers SET created_at = ? WHERE id = ? AND status = 0", tx.Now, id)
		held = n > 0
		return err
	})
	return held, err
}

func (t *Tx) newAnswer(c access.Once) (k access.KeptAnswer, err error) {
	count := 0
	if err = t.QueryRow("SELECT count(*) FROM kept_answers WHERE tenant_id = ? AND caller = ?", c.By.TenantID, c.By.PublicID()).Scan(&count); err != nil {
		return k, err
	}
	if count >= mostAnswers {
		f := fault.New(fault.RateLimited, "You have made %d calls with an Idempotency-Key in the last 24 hours, and answers to no more are kept. Send calls without one, or fewer of them.", mostAnswers)
		f.RetryAfter = time.Hour
		return k, f
	}
	if k.ID, err = t.NextNumber(); err != nil {
		return k, err
	}
	_, err = t.Exec("INSERT INTO kept_answers (id, tenant_id, caller, key, request, created_at) VALUES (?, ?, ?, ?, ?, ?)",
		k.ID, c.By.TenantID, c.By.PublicID(), c.Key, t.b.key.Sum(c.Request), t.Now)
	return k, err
}

// KeepAnswer is that of access.Store.
func (db *DB) KeepAnswer(ctx context.Context, k access.KeptAnswer) error {
	return db.Write(ctx, func(tx *Tx) error {
		sealed, err := tx.seal("kept_answers", "answer", k.ID, append([]byte(k.ETag+"\n"), k.Body...))
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE kept_answers SET status = ?, answer = ? WHERE id = ?", k.Status, sealed, k.ID)
		return err
	})
}

// SweepAnswers takes away at most limit answers that are kept no longer, and says how many it took.
func (db *DB) SweepAnswers(ctx context.Context, limit int) (swept int, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		n, err := tx.Exec("DELETE FROM kept_answers WHERE id IN (SELECT id FROM kept_answers WHERE created_at <= ? ORDER BY created_at LIMIT ?)",
			tx.Now-answersKept.Microseconds(), limit)
		swept = int(n)
		return err
	})
	return swept, err
}

// DropAnswer is that of access.Store.
func (db *DB) DropAnswer(ctx context.Context, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec("DELETE FROM kept_answers WHERE id = ?", id)
		return err
	})
}

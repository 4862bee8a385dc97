package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
)

const userColumns = "id, tenant_id, email, name, role, status, coalesce(password_hash, ''), coalesce(agent_id, 0), created_at, updated_at"

func scanUser(scan row) (u access.User, err error) {
	err = scan(&u.ID, &u.TenantID, &u.Email, &u.Name, &u.Role, &u.Status, &u.PasswordHash, &u.AgentID, &u.CreatedAt, &u.UpdatedAt)
	return u, err
}

// User gives a user of a tenant.
func (db *DB) User(ctx context.Context, tenantID, id int64) (u access.User, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		u, err = tx.user(tenantID, id)
		return err
	})
	return u, err
}

func (t *Tx) user(tenantID, id int64) (access.User, error) {
	u, err := scanUser(t.QueryRow("SELECT "+userColumns+" FROM users WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
	return u, found(err, "user")
}

// UsersWithPassword is that of access.Store.
func (db *DB) UsersWithPassword(ctx context.Context, email string) (users []access.User, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		return tx.Each(func(rows *sql.Rows) error {
			u, err := scanUser(rows.Scan)
			users = append(users, u)
			return err
		}, "SELECT "+userColumns+" FROM users WHERE email = ? AND status = ? AND password_hash IS NOT NULL ORDER BY id", email, string(access.Active))
	})
	return users, err
}

// ListUsers is that of access.Store.
func (db *DB) ListUsers(ctx context.Context, f access.UserFilter, r page.Request) (p page.Page[access.User], err error) {
	l := list{columns: userColumns, from: "users", id: "id", order: "id", sorts: []sortable{
		{"id", "id", ofNumber}, {"email", "email", ofText}, {"name", "name", ofText}, {"created_at", "created_at", ofNumber}, {"updated_at", "updated_at", ofNumber},
	}}
	l.and("tenant_id = ?", f.TenantID)
	equal(&l, "role", f.Role)
	equal(&l, "status", f.Status)
	l.updatedAfter(f.UpdatedAfter)
	l.search(f.Search, "email", "name")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanUser)
		return err
	})
	return p, err
}

// AddUser is that of access.Store.
func (db *DB) AddUser(ctx context.Context, u access.User) (added access.User, err error) {
	for range 2 { // somebody who added the same one meanwhile is found the second time
		same := false
		err = db.Write(ctx, func(tx *Tx) error {
			added, err = tx.addUser(u)
			same = tx.IsDuplicate(err)
			return err
		})
		if !same {
			break
		}
	}
	return added, err
}

func (t *Tx) addUser(u access.User) (access.User, error) {
	existing, err := scanUser(t.QueryRow("SELECT "+userColumns+" FROM users WHERE tenant_id = ? AND email = ?", u.TenantID, u.Email).Scan)
	switch {
	case err == nil:
		return u, exists("user", idOf(existing), "The e-mail "+u.Email+" belongs to a user already.")
	case !errors.Is(err, sql.ErrNoRows):
		return u, err
	}
	if u.ID, err = t.NextNumber(); err != nil {
		return u, err
	}
	u.CreatedAt, u.UpdatedAt = t.Now, t.Now
	_, err = t.Exec(`
		INSERT INTO users (id, tenant_id, email, name, role, status, password_hash, agent_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		u.ID, u.TenantID, u.Email, u.Name, string(u.Role), string(u.Status), orNull(u.PasswordHash), orNull(u.AgentID), u.CreatedAt, u.UpdatedAt)
	return u, err
}

func idOf(u access.User) string { return u.Principal().PublicID() }

// exists is the answer to making what is there already: it names the one there is.
func exists(noun, id, message string) error {
	return fault.New(fault.Conflict, "%s", message).With(fault.Detail{Field: "id", Code: "exists", Message: "The existing " + noun + " is " + id + "."})
}

// ChangeUser is that of access.Store.
func (db *DB) ChangeUser(ctx context.Context, tenantID, id int64, fn func(access.User) (access.User, error)) (u access.User, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		if u, err = tx.user(tenantID, id); err != nil {
			return err
		}
		if u, err = fn(u); err != nil {
			return err
		}
		u.UpdatedAt = tx.after(u.UpdatedAt)
		_, err = tx.Exec("UPDATE users SET name = ?, role = ?, status = ?, password_hash = ?, updated_at = ? WHERE id = ?",
			u.Name, string(u.Role), string(u.Status), orNull(u.PasswordHash), u.UpdatedAt, id)
		if err != nil {
			return err
		}
		owned, err := tx.exists("SELECT 1 FROM users WHERE tenant_id = ? AND role = ? AND status = ? AND password_hash IS NOT NULL LIMIT 1",
			tenantID, string(access.Owner), string(access.Active))
		if err != nil {
			return err
		}
		if !owned {
			return fault.New(fault.Conflict, "Somebody must stay owner. Make another user owner first.")
		}
		return nil
	})
	return u, err
}

const keyColumns = `id, tenant_id, name, hash, hint, role, coalesce(created_by, 0), created_at,
	coalesce(expires_at, 0), coalesce(last_used_at, 0), coalesce(revoked_at, 0)`

func scanKey(scan row) (k access.Key, err error) {
	err = scan(&k.ID, &k.TenantID, &k.Name, &k.Hash, &k.Hint, &k.Role, &k.CreatedBy, &k.CreatedAt, &k.ExpiresAt, &k.LastUsedAt, &k.RevokedAt)
	return k, err
}

// KeyByHash is that of access.Store.
func (db *DB) KeyByHash(ctx context.Context, hash []byte) (k access.Key, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		k, err = scanKey(tx.QueryRow("SELECT "+keyColumns+" FROM api_keys WHERE hash = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)", hash, tx.Now).Scan)
		return found(err, "API key")
	})
	return k, err
}

// Key is that of access.Store.
func (db *DB) Key(ctx context.Context, tenantID, id int64) (k access.Key, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		k, err = scanKey(tx.QueryRow("SELECT "+keyColumns+" FROM api_keys WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
		return found(err, "API key")
	})
	return k, err
}

// ListKeys is that of access.Store.
func (db *DB) ListKeys(ctx context.Context, tenantID int64, r page.Request) (p page.Page[access.Key], err error) {
	l := list{columns: keyColumns, from: "api_keys", id: "id", order: "-id", sorts: []sortable{{"id", "id", ofNumber}, {"name", "name", ofText}, {"created_at", "created_at", ofNumber}}}
	l.and("tenant_id = ?", tenantID)
	l.and("revoked_at IS NULL")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanKey)
		return err
	})
	return p, err
}

// AddKey is that of access.Store.
func (db *DB) AddKey(ctx context.Context, k access.Key) (added access.Key, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		added, err = tx.addKey(k)
		return err
	})
	return added, err
}

func (t *Tx) addKey(k access.Key) (_ access.Key, err error) {
	if k.ID, err = t.NextNumber(); err != nil {
		return k, err
	}
	k.CreatedAt = t.Now
	_, err = t.Exec(`
		INSERT INTO api_keys (id, tenant_id, name, hash, hint, role, created_by, created_at, expires_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.TenantID, k.Name, k.Hash, k.Hint, string(k.Role), orNull(k.CreatedBy), k.CreatedAt, orNull(k.ExpiresAt))
	return k, err
}

// RevokeKey is that of access.Store.
func (db *DB) RevokeKey(ctx context.Context, tenantID, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		n, err := tx.Exec("UPDATE api_keys SET revoked_at = ? WHERE id = ? AND tenant_id = ? AND revoked_at IS NULL", tx.Now, id, tenantID)
		if err == nil && n == 0 {
			return notFound("API key")
		}
		return err
	})
}

// KeyUsed is that of access.Store.
func (db *DB) KeyUsed(ctx context.Context, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec("UPDATE api_keys SET last_used_at = ? WHERE id = ?", tx.Now, id)
		return err
	})
}

// Sessions keeps the sessions of people who are signed in, by a hash of their token, for package scs.
type Sessions struct{ db *DB }

// NewSessions makes a keeper of sessions.
func NewSessions(db *DB) Sessions { return Sessions{db} }

// FindCtx gives the data of a session that has not expired.
func (s Sessions) FindCtx(ctx context.Context, token string) (data []byte, has bool, err error) {
	err = s.db.Read(ctx, func(tx *Tx) error {
		err := tx.QueryRow("SELECT data FROM sessions WHERE token = ? AND expiry > ?", token, tx.Now).Scan(&data)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		has = err == nil
		return err
	})
	return data, has, err
}

// CommitCtx stores a session, and forgets those that have expired.
func (s Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return s.db.Write(ctx, func(tx *Tx) error {
		if _, err := tx.Exec("DELETE FROM sessions WHERE expiry <= ?", tx.Now); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO sessions (token, data, expiry) VALUES (?, ?, ?) ON CONFLICT (token) DO UPDATE SET data = excluded.data, expiry = excluded.expiry",
			token, data, expiry.UnixMicro())
		return err
	})
}

// DeleteCtx ends a session.
func (s Sessions) DeleteCtx(ctx context.Context, token string) error {
	return s.db.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec("DELETE FROM sessions WHERE token = ?", token)
		return err
	})
}

// Find is FindCtx without a context.
func (s Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context.
func (s Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx without a context.
func (s Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

// Package postgres is the engine for any number of nodes on one PostgreSQL, which decides who does what: its locks are
// the claims, and it releases those of a node that dies. It holds what only PostgreSQL needs; all SQL both databases
// understand is in package storage.
package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/dealwright/dealwright/internal/storage"
)

//go:embed migrations/*.sql
var embedded embed.FS

func migrations() fs.FS {
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return sub
}

// oldest PostgreSQL that is supported, as server_version_num says it.
const oldest = 150000

// connections of one node: one for the group, the rest for everything else.
const connections = 8

// Limits of every session. A node that hangs or is cut off must not hold its locks for ever.
var sessionLimits = map[string]string{
	"application_name":                    "dealwright",
	"timezone":                            "UTC",
	"idle_in_transaction_session_timeout": "20s",
	"statement_timeout":                   "30s",
	"lock_timeout":                        "10s",
	"tcp_keepalives_idle":                 "15",
	"tcp_keepalives_interval":             "5",
	"tcp_keepalives_count":                "3",
	"tcp_user_timeout":                    "30000",
}

// Open connects to the database at o.URL, migrates it and checks that it keeps its promises.
func Open(ctx context.Context, o storage.Options) (_ *storage.DB, err error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err) // pgx leaves the password out
	}
	config.MaxConns = connections
	config.MaxConnIdleTime = time.Minute
	for name, value := range sessionLimits {
		config.ConnConfig.RuntimeParams[name] = value
	}
	if o.ReadOnly { // who only looks may read a whole table, and locks nothing
		config.ConnConfig.RuntimeParams["statement_timeout"] = "0"
	}
	if err := migrate(ctx, config.ConnConfig, o); err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	db := stdlib.OpenDBFromPool(pool)
	closeAll := func() error {
		err := db.Close()
		pool.Close()
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeAll())
		}
	}()
	settings := func(ctx context.Context) ([]storage.Setting, error) { return readSettings(ctx, db) }
	if err := refuseWeak(ctx, settings); err != nil {
		return nil, err
	}
	backend := storage.Backend{
		Name:     "postgres",
		Readers:  db,
		Numbered: true,
		Lock:     "SELECT pg_advisory_xact_lock(1, 0)", // two numbers: those of claims and contacts are one, and never meet these
		Snapshot: sql.LevelRepeatableRead,
		Number:   "SELECT draw_numbers(1)",
		Next: `SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END,
			CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT), CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS TEXT) AS BIGINT) FROM numbers`,
		Holds:     "position(CAST(? AS bytea) in %s) > 0",
		Explain:   explain,
		Repeat:    repeatable,
		Lost:      lost,
		Duplicate: duplicate,
		Settings:  settings,
		Now:       o.Now,
	}
	if !o.ReadOnly {
		engine, err := newEngine(ctx, config)
		if err != nil {
			return nil, err
		}
		backend.Writer, backend.Engine = db, engine
		backend.Scrub = func(ctx context.Context) ([]storage.Left, error) { return scrub(ctx, config.ConnConfig) }
		backend.Claim = func(ctx context.Context, sourceID int64, fn func() error) (bool, error) {
			return claim(ctx, pool, sourceID, fn)
		}
		closePool := closeAll
		closeAll = func() error {
			engine.Close()
			return closePool()
		}
	}
	backend.Close = closeAll
	made := storage.New(backend)
	if err := made.Unlock(ctx, o); err != nil {
		return nil, err
	}
	return made, nil
}

// migrate uses a connection of its own, without the limits of sessions: a migration may take long.
func migrate(ctx context.Context, config *pgx.ConnConfig, o storage.Options) error {
	config = config.Copy()
	for _, name := range []string{"statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"} {
		delete(config.RuntimeParams, name)
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(2) // the lock's and the migration's
	var err error
	if o.Existing {
		err = there(ctx, db)
	}
	switch {
	case err != nil:
	case o.ReadOnly:
		err = storage.Migrated(ctx, goose.DialectPostgres, db, migrations())
	default:
		// A lock in a table and not in a session, which a connection pooler between us and the server would share out.
		// Other nodes that start at the same moment wait for the migration, five minutes at most.
		var locker lock.Locker
		locker, err = lock.NewPostgresTableLocker(lock.WithTableLockTimeout(time.Second/5, 1500), lock.WithTableLogger(slog.New(slog.DiscardHandler)))
		if err == nil {
			err = storage.Migrate(ctx, goose.DialectPostgres, db, migrations(), goose.WithLocker(locker))
		}
	}
	if err != nil {
		err = fmt.Errorf("database %s on %s: %w", config.Database, config.Host, err)
	}
	return errors.Join(err, db.Close())
}

// there says that a database is one of ours, whatever its version.
func there(ctx context.Context, db *sql.DB) error {
	var ours bool
	if err := db.QueryRowContext(ctx, "SELECT to_regclass('tenants') IS NOT NULL").Scan(&ours); err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if !ours {
		return errors.New("it is empty; name the database of a server, or start a server on it first")
	}
	return nil
}

// claim holds a lock on the number of the source while fn runs: not on its row, so that whoever changes the source, and
// all that wait to write after that, need not wait for fn.
func claim(ctx context.Context, pool *pgxpool.Pool, sourceID int64, fn func() error) (claimed bool, err error) {
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, "SELECT pg_try_advisory_xact_lock(id) FROM (SELECT id FROM sources WHERE id = $1 UNION ALL SELECT id FROM bulk_operations WHERE id = $1) AS held", sourceID).Scan(&claimed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil || !claimed {
			return err
		}
		return fn()
	})
	return claimed, err
}

func readSettings(ctx context.Context, db *sql.DB) ([]storage.Setting, error) {
	settings := []storage.Setting{
		{Name: "server_version_num", Want: "150000 or more"},
		{Name: "fsync", Want: "on"},
		{Name: "full_page_writes", Want: "on"},
		{Name: "synchronous_commit", Want: "on or remote_apply"},
		{Name: "server_encoding", Want: "UTF8"},
	}
	for i := range settings {
		s := &settings[i]
		if err := db.QueryRowContext(ctx, "SELECT current_setting($1)", s.Name).Scan(&s.Value); err != nil {
			return nil, fmt.Errorf("read the database setting %s: %w", s.Name, err)
		}
		switch s.Name {
		case "server_version_num":
			version, err := strconv.Atoi(s.Value)
			s.OK = err == nil && version >= oldest
		case "synchronous_commit":
			s.OK = s.Value == "on" || s.Value == "remote_apply"
		default:
			s.OK = s.Value == s.Want
		}
	}
	return settings, nil
}

func refuseWeak(ctx context.Context, read func(context.Context) ([]storage.Setting, error)) error {
	settings, err := read(ctx)
	if err != nil {
		return err
	}
	for _, s := range settings {
		if !s.OK {
			return fmt.Errorf("the database has %s = %s where %s is needed for a 2xx to mean that it is on disk; set it on the server, the database or the role", s.Name, s.Value, s.Want)
		}
	}
	return nil
}

// SQL states this package acts on.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func duplicate(err error) bool { return state(err) == uniqueViolation }

func repeatable(err error) bool {
	s := state(err)
	return s == serializationFailure || s == deadlockDetected
}

// explain turns the failures of connection, disk and server into a fault that says what to do about them.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	s := state(err)
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &connect):
		return storage.Unavailable(err, "The database cannot be reached.")
	case s == "53100":
		return storage.Unavailable(err, "The disk of the database is full: nothing can be kept.")
	case s == "53300":
		return storage.Unavailable(err, "The database has too many connections. Raise max_connections or run fewer nodes.")
	case s == "25006":
		return storage.Unavailable(err, "The database takes no writes: it is read-only or a standby.")
	case s == "55P03", s == "57014", s == deadlockDetected, s == serializationFailure:
		return storage.Unavailable(err, "The database is busy. Try again.")
	case s == "25P03", s == "57P01", s == "57P02", s == "57P03", len(s) == 5 && (s[:2] == "08" || s[:2] == "53" || s[:2] == "58" || s[:2] == "XX"):
		return storage.Unavailable(err, "The database cannot serve just now.")
	case s == "" && (pgconn.SafeToRetry(err) || lost(err)):
		return storage.Unavailable(err, "The database cannot be reached.")
	}
	return err
}

// lost reports whether the connection broke, so that nobody knows what the server did last.
func lost(err error) bool {
	var network net.Error
	switch state(err) {
	case "57P01", "57P02", "25P03": // the server says that it ends the session
		return true
	}
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) || pgconn.Timeout(err)
}

// Package sqlite is the engine for one machine: one file, one process, one writer, many readers, and an fsync before
// every answer. It holds what only SQLite needs; all SQL both databases understand is in package storage.
package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"

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

const (
	fileName = "dealwright.db"
	lockName = "dealwright.lock"
)

// busyTimeout is how long a connection waits for another process's lock, a backup's say. Ours take turns.
const busyTimeout = "busy_timeout(10000)"

// Pragmas of the connections. Writers leave checkpoints to the checkpointer. The caches are in KiB and fill with use.
var (
	writerPragmas = []string{
		busyTimeout, "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "wal_autocheckpoint(0)",
		"cache_size(-32000)", "temp_store(memory)", "trusted_schema(off)",
	}
	plainPragmas = []string{
		busyTimeout, "journal_mode(wal)", "synchronous(full)", "foreign_keys(on)", "wal_autocheckpoint(0)",
		"cache_size(-2000)", "temp_store(memory)", "trusted_schema(off)",
	}
	readerPragmas     = []string{busyTimeout, "cache_size(-4000)", "temp_store(memory)", "trusted_schema(off)", "query_only(on)"}
	checkpointPragmas = []string{"busy_timeout(20)", "synchronous(full)", "wal_autocheckpoint(0)", "cache_size(-1000)"}
)

// readers is how many read transactions run at once; each has a connection with a cache of its own.
const readers = 4

// Open opens the database in the folder o.Dir, makes what is not there, migrates it and checks that it keeps its
// promises. One process may have it open; others may look at it with o.ReadOnly.
func Open(ctx context.Context, o storage.Options) (*storage.DB, error) {
	f := file{path: filepath.Join(o.Dir, fileName), vfs: osVFS}
	if o.ReadOnly {
		return openReadOnly(ctx, f, o)
	}
	if o.Existing {
		if err := f.there(); err != nil {
			return nil, err
		}
	}
	return open(ctx, f, o)
}

// osVFS is the driver's own file system.
const osVFS = "os"

// file is that of a database.
type file struct {
	path string
	vfs  string // how SQLite reaches files
}

func (f file) String() string { return f.path }

func (f file) there() error {
	if _, err := os.Stat(f.path); err != nil {
		return fmt.Errorf("there is no database in %s (%w); name the folder of one, or start a server there first", filepath.Dir(f.path), err)
	}
	return nil
}

func open(ctx context.Context, f file, o storage.Options) (_ *storage.DB, err error) {
	var closers closers
	defer func() {
		if err != nil {
			err = errors.Join(err, closers.Close())
		}
	}()
	lock, err := prepare(filepath.Dir(f.path))
	if err != nil {
		return nil, err
	}
	closers.add(lock)

	checkpoints := newCheckpointer()
	writer, err := driver.Open(f.uri("rwc", plainPragmas)+"&_txlock=immediate", checkpoints.watch)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f, err)
	}
	closers.add(writer)
	writer.SetMaxOpenConns(1)
	if err := storage.Migrate(ctx, goose.DialectSQLite3, writer, migrations()); err != nil {
		return nil, fmt.Errorf("%s: %w", f, err)
	}
	settings := func(ctx context.Context) ([]storage.Setting, error) { return readSettings(ctx, writer, writerSettings) }
	if err := refuseWeak(ctx, f, settings); err != nil {
		return nil, err
	}
	pool, err := openReaders(f)
	if err != nil {
		return nil, err
	}
	closers.add(pool)
	engine, err := newEngine(f, checkpoints.watch)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f, err)
	}
	closers.add(engine)
	if err := checkpoints.start(f, engine); err != nil {
		return nil, fmt.Errorf("open %s: %w", f, err)
	}
	closers.add(checkpoints)

	db := storage.New(storage.Backend{
		Name:      "sqlite",
		Readers:   pool,
		Writer:    writer,
		Turn:      engine.takeOther,
		Number:    "UPDATE counters SET next = next + 1 WHERE id = 1 RETURNING next - 1",
		Next:      "SELECT next, 0, 0 FROM counters WHERE id = 1",
		Holds:     holds,
		Cells:     cellsName,
		Day:       day,
		Span:      span,
		Explain:   explain,
		Repeat:    never,
		Lost:      never,
		Duplicate: duplicate,
		Settings:  settings,
		Engine:    engine,
		Scrub:     func(ctx context.Context) ([]storage.Left, error) { return scrub(ctx, writer, engine.takeOther) },
		Now:       o.Now,
		Close:     closers.Close,
	})
	if err := db.Unlock(ctx, o); err != nil {
		return nil, err
	}
	return db, nil
}

func openReadOnly(ctx context.Context, f file, o storage.Options) (*storage.DB, error) {
	if err := f.there(); err != nil {
		return nil, err
	}
	pool, err := openReaders(f)
	if err != nil {
		return nil, err
	}
	if err := storage.Migrated(ctx, goose.DialectSQLite3, pool, migrations()); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", f, err), pool.Close())
	}
	db := storage.New(storage.Backend{
		Name:      "sqlite",
		Readers:   pool,
		Holds:     holds,
		Cells:     cellsName,
		Day:       day,
		Span:      span,
		Explain:   explain,
		Lost:      never,
		Duplicate: duplicate,
		Settings:  func(ctx context.Context) ([]storage.Setting, error) { return readSettings(ctx, pool, fileSettings) },
		Now:       o.Now,
		Close:     pool.Close,
	})
	if err := db.Unlock(ctx, o); err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	return db, nil
}

const (
	holds = "instr(%s, CAST(? AS BLOB)) > 0" // storage.Backend.Holds
	day   = "%s / 86400000000"               // storage.Backend.Day, as the indexes have it
	span  = 8192                             // storage.Backend.Span, likewise
)

func openReaders(f file) (*sql.DB, error) {
	pool, err := driver.Open(f.uri("rw", readerPragmas), addFunctions)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", f, err)
	}
	pool.SetMaxOpenConns(readers)
	pool.SetMaxIdleConns(readers)
	pool.SetConnMaxIdleTime(time.Minute)
	return pool, nil
}

// addFunctions gives a connection what PostgreSQL has or does by itself.
func addFunctions(conn *sqlite3.Conn) error {
	return errors.Join(lowerAll(conn), addCells(conn))
}

// lowerAll makes lower() know all letters, as PostgreSQL's does: SQLite's own knows a to z.
func lowerAll(conn *sqlite3.Conn) error {
	return conn.CreateFunction("lower", 1, sqlite3.DETERMINISTIC|sqlite3.INNOCUOUS, func(ctx sqlite3.Context, args ...sqlite3.Value) {
		if args[0].Type() == sqlite3.NULL {
			return
		}
		ctx.ResultText(strings.ToLower(args[0].Text()))
	})
}

func (f file) uri(mode string, pragmas []string) string {
	absolute, err := filepath.Abs(f.path)
	if err != nil {
		absolute = f.path // the folder we are in is gone; opening says so
	}
	// The WAL and the like get the mode of the database file.
	q := url.Values{"mode": {mode}, "modeof": {absolute}, "vfs": {f.vfs}, "_pragma": pragmas}
	return (&url.URL{Scheme: "file", Path: absolute, RawQuery: q.Encode()}).String()
}

// prepare makes folder and files so that nobody else can read them, and takes the lock that keeps a second process out.
func prepare(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder %s cannot be made (%w); name one that can with --data", dir, err)
	}
	lock, err := takeLock(filepath.Join(dir, lockName))
	if err != nil {
		return nil, err
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		f, err := os.OpenFile(filepath.Join(dir, fileName+suffix), os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, errors.Join(unwritable(dir, err), lock.Close())
		}
		if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
			return nil, errors.Join(unwritable(dir, err), lock.Close())
		}
	}
	return lock, nil
}

func unwritable(dir string, err error) error {
	return fmt.Errorf("the data folder %s cannot be written (%w); let the user that runs dealwright read and write it, or name another with --data", dir, err)
}

// takeLock holds the file until it is closed or the process ends, in whatever way, and notes in it who that is.
func takeLock(path string) (io.Closer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unwritable(filepath.Dir(path), err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(io.LimitReader(f, 200)) // without it the message says less
		_ = f.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		return nil, fmt.Errorf("the database in %s is in use by %s; stop that first, or name another folder with --data",
			filepath.Dir(path), strings.TrimSpace(string(holder)))
	}
	host, err := os.Hostname()
	if err != nil {
		host = "this machine"
	}
	note := fmt.Sprintf("process %d on %s, since %s\n", os.Getpid(), host, time.Now().UTC().Format(time.RFC3339))
	if err := errors.Join(f.Truncate(0), writeAt(f, note)); err != nil {
		return nil, errors.Join(unwritable(filepath.Dir(path), err), f.Close())
	}
	return f, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

// The settings that keep the promises: those of the file, and those every connection that writes has for itself.
var (
	fileSettings   = []storage.Setting{{Name: "journal_mode", Want: "wal"}, {Name: "encoding", Want: "UTF-8"}}
	writerSettings = append(fileSettings[:len(fileSettings):len(fileSettings)],
		storage.Setting{Name: "synchronous", Want: "2"}, // FULL
		storage.Setting{Name: "foreign_keys", Want: "1"})
)

func readSettings(ctx context.Context, db *sql.DB, wanted []storage.Setting) ([]storage.Setting, error) {
	settings := slices.Clone(wanted)
	for i := range settings {
		s := &settings[i]
		if err := db.QueryRowContext(ctx, "PRAGMA "+s.Name).Scan(&s.Value); err != nil {
			return nil, fmt.Errorf("read the setting %s: %w", s.Name, err)
		}
		s.OK = s.Value == s.Want
	}
	return settings, nil
}

func refuseWeak(ctx context.Context, f file, read func(context.Context) ([]storage.Setting, error)) error {
	settings, err := read(ctx)
	if err != nil {
		return err
	}
	for _, s := range settings {
		if !s.OK {
			return fmt.Errorf("%s has %s = %s where %s is needed for a 2xx to mean that it is on disk; the file system may not support it", f, s.Name, s.Value, s.Want)
		}
	}
	return nil
}

// never: a file has no connection to lose, and writers take turns.
func never(error) bool { return false }

func duplicate(err error) bool {
	return errors.Is(err, sqlite3.CONSTRAINT_UNIQUE) || errors.Is(err, sqlite3.CONSTRAINT_PRIMARYKEY) || errors.Is(err, sqlite3.CONSTRAINT_ROWID)
}

// explain turns the failures of disk and file into a fault that says what to do about them.
func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sqlite3.FULL), isFull(err):
		return storage.Unavailable(err, "The disk is full: nothing can be kept. Free space on the disk of the data folder.")
	case errors.Is(err, sqlite3.IOERR), errors.Is(err, sqlite3.CANTOPEN), errors.Is(err, sqlite3.READONLY):
		return storage.Unavailable(err, "The database file cannot be read or written. Look at the disk of the data folder and at the log.")
	case errors.Is(err, sqlite3.CORRUPT), errors.Is(err, sqlite3.NOTADB):
		return storage.Unavailable(err, "The database file is damaged. Stop the server and restore a backup.")
	case errors.Is(err, sqlite3.BUSY), errors.Is(err, sqlite3.NOMEM):
		return storage.Unavailable(err, "The database is busy. Try again.")
	}
	return err
}

// isFull: the disk, or what a user may have of it. The driver does not always say so itself.
func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// closers are closed last first.
type closers []io.Closer

func (c *closers) add(one io.Closer) { *c = append(*c, one) }

func (c *closers) Close() error {
	var errs []error
	for i := len(*c) - 1; i >= 0; i-- {
		errs = append(errs, (*c)[i].Close())
	}
	*c = nil
	return errors.Join(errs...)
}

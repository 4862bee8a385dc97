// Package storagetest runs tests on both databases, real ones: SQLite in a folder of the test, PostgreSQL on the
// throwaway cluster of the test binary. Its own tests are the conformance suite: what every engine must keep. Only tests
// import it.
package storagetest

import (
	"context"
	"testing"

	"github.com/dealwright/dealwright/internal/pgtest"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/postgres"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
)

// Database is one that a test may open.
type Database struct {
	Name    string
	Options storage.Options
	Nodes   bool // may be open more than once at a time
	open    func(context.Context, storage.Options) (*storage.DB, error)
}

// Each runs fn as a subtest on a fresh database of each kind.
func Each(t *testing.T, fn func(t *testing.T, d *Database)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, newSQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		fn(t, newPostgres(t))
	})
}

// InTurn is Each for benchmarks and for tests that compare: one after the other.
func InTurn[T interface {
	testing.TB
	Run(name string, fn func(T)) bool
}](t T, fn func(t T, d *Database)) {
	t.Run("sqlite", func(t T) { fn(t, newSQLite(t)) })
	t.Run("postgres", func(t T) { fn(t, newPostgres(t)) })
}

func newSQLite(t testing.TB) *Database {
	return &Database{Name: "sqlite", Options: storage.Options{Dir: t.TempDir()}, open: sqlite.Open}
}

func newPostgres(t testing.TB) *Database {
	return &Database{Name: "postgres", Options: storage.Options{URL: pgtest.URL(t), Dir: t.TempDir()}, Nodes: true, open: postgres.Open}
}

// Try opens the database; the caller closes it.
func (d *Database) Try(ctx context.Context) (*storage.DB, error) { return d.open(ctx, d.Options) }

// Open opens the database for the length of the test.
func (d *Database) Open(t testing.TB) *storage.DB {
	t.Helper()
	db, err := d.Try(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

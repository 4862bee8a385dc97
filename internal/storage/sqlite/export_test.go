package sqlite

import (
	"context"
	"io/fs"
	"path/filepath"
	"strconv"
	"testing"
	"testing/fstest"

	"github.com/ncruces/go-sqlite3/driver"
	"github.com/pressly/goose/v3"

	"github.com/dealwright/dealwright/internal/storage"
)

// As indexes have them, see storage.Backend.
const (
	Day  = day
	Span = span
)

// Statements of the group, as text.
func Statements(db *storage.DB) []string {
	var texts []string
	for s := range db.Engine().(*engine).conn.Stmts() {
		texts = append(texts, s.SQL())
	}
	return texts
}

// Plan gives the lines of a statement's plan on the connection of the group.
func Plan(t testing.TB, db *storage.DB, statement string) (lines []string) {
	t.Helper()
	e := db.Engine().(*engine)
	end, err := e.take(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	s, _, err := e.conn.Prepare("EXPLAIN QUERY PLAN " + statement)
	if err != nil {
		t.Fatal(err)
	}
	for s.Step() {
		lines = append(lines, s.ColumnText(3))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// MakeOlder makes a database of an older version in a folder, and runs statements on it.
func MakeOlder(t testing.TB, dir string, version int, statements ...string) {
	t.Helper()
	names, err := fs.Glob(migrations(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	older := fstest.MapFS{}
	for _, name := range names {
		if n, err := strconv.Atoi(name[:5]); err != nil || n > version {
			continue
		}
		text, err := fs.ReadFile(migrations(), name)
		if err != nil {
			t.Fatal(err)
		}
		older[name] = &fstest.MapFile{Data: text}
	}
	f := file{path: filepath.Join(dir, fileName), vfs: osVFS}
	db, err := driver.Open(f.uri("rwc", plainPragmas))
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if err := storage.Migrate(t.Context(), goose.DialectSQLite3, db, older); err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		if _, err := db.ExecContext(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

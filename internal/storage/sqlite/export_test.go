package sqlite

import (
	"context"
	"testing"

	"github.com/dealwright/dealwright/internal/storage"
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

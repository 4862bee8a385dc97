package postgres

import (
	"context"
	"reflect"
	"testing"

	"github.com/dealwright/dealwright/internal/storage"
)

// Statements of the group, as text.
func Statements(db *storage.DB) []string {
	s := db.Engine().(*engine).statements
	texts := stringsOf(reflect.ValueOf(*s))
	texts = append(texts, stringsOf(reflect.ValueOf(s.identities))...)
	for _, t := range s.kinds {
		texts = append(texts, stringsOf(reflect.ValueOf(*t))...)
	}
	return texts
}

func stringsOf(v reflect.Value) (texts []string) {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String {
			texts = append(texts, f.String())
		}
	}
	return texts
}

// Plan gives the lines of a statement's plan in a session of the group.
func Plan(t testing.TB, db *storage.DB, statement string) (lines []string) {
	t.Helper()
	ctx := context.Background()
	conn, err := db.Engine().(*engine).pool.Acquire(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	prepared, err := conn.Conn().Prepare(ctx, "plan", statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	args := ""
	for i := range prepared.ParamOIDs {
		if i > 0 {
			args += ", "
		}
		args += "NULL"
	}
	if args != "" {
		args = "(" + args + ")"
	}
	rows, err := conn.Query(ctx, "EXPLAIN EXECUTE plan"+args)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if err := conn.Conn().Deallocate(ctx, "plan"); err != nil {
		t.Fatal(err)
	}
	return lines
}

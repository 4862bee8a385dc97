package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/dealwright/dealwright/internal/pgtest"
)

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	t.Parallel()
	for range 5 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			conn, err := pgx.Connect(t.Context(), pgtest.URL(t))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.WithoutCancel(t.Context()))
			if _, err := conn.Exec(t.Context(), "CREATE TABLE mine (n int); INSERT INTO mine VALUES (1)"); err != nil {
				t.Fatalf("a fresh database should take a new table: %v", err)
			}
			var fsync, commit string
			row := conn.QueryRow(t.Context(), "SELECT current_setting('fsync'), current_setting('synchronous_commit')")
			if err := row.Scan(&fsync, &commit); err != nil {
				t.Fatal(err)
			}
			if fsync != "on" || commit != "on" {
				t.Errorf("fsync %s, synchronous_commit %s: tests of durability need both on", fsync, commit)
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	mend := pgtest.Cut(t, url)
	if err := conn.Ping(t.Context()); err == nil {
		t.Error("a connection outlived the cut")
	}
	if _, err := pgx.Connect(t.Context(), url); err == nil {
		t.Error("a new connection was taken during the cut")
	}
	mend()
	conn, err = pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

package storagetest_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// shape gives "table.column" of all tables, sorted, and "table index" of all our indexes.
func shape(t *testing.T, d *storagetest.Database, db *storage.DB) (columns, indexes []string) {
	t.Helper()
	columnQuery, indexQuery := `
		SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
		"SELECT tbl_name || ' ' || name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
	if d.Name == "postgres" {
		columnQuery = `SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'`
		indexQuery = `SELECT tablename || ' ' || indexname FROM pg_indexes WHERE schemaname = 'public'
			AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)`
	}
	read := func(query string) (lines []string) {
		err := db.Read(t.Context(), func(tx *storage.Tx) error {
			return tx.Each(func(rows *sql.Rows) error {
				var line string
				err := rows.Scan(&line)
				if !strings.HasPrefix(line, "goose_") && !strings.HasPrefix(line, "counters") { // the tool's own; a sequence in PostgreSQL
					lines = append(lines, line)
				}
				return err
			}, query)
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(lines)
		return lines
	}
	return read(columnQuery), read(indexQuery)
}

func TestBothDatabasesHaveOneSchema(t *testing.T) {
	t.Parallel()
	type found struct{ columns, indexes []string }
	shapes := map[string]found{}
	storagetest.InTurn(t, func(t *testing.T, d *storagetest.Database) {
		columns, indexes := shape(t, d, d.Open(t))
		shapes[d.Name] = found{columns, indexes}
	})
	if len(shapes["sqlite"].columns) < 200 || len(shapes["sqlite"].indexes) < 20 {
		t.Fatalf("found only %d columns and %d indexes", len(shapes["sqlite"].columns), len(shapes["sqlite"].indexes))
	}
	if diff := cmp.Diff(shapes["sqlite"].columns, shapes["postgres"].columns); diff != "" {
		t.Errorf("columns (-sqlite +postgres):\n%s", diff)
	}
	if diff := cmp.Diff(shapes["sqlite"].indexes, shapes["postgres"].indexes); diff != "" {
		t.Errorf("indexes (-sqlite +postgres):\n%s", diff)
	}
}

func TestDatabaseOpensAgainAndANewerOneIsRefused(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db, err := d.Try(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Write(t.Context(), func(tx *storage.Tx) error { return tx.RaiseEpoch() }); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if db, err = d.Try(t.Context()); err != nil {
			t.Fatal(err)
		}
		if epoch, err := (epochs{db}).Epoch(t.Context()); err != nil || epoch != 2 {
			t.Errorf("epoch %d, %v", epoch, err)
		}
		err = db.Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", 99999, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err = d.Try(t.Context()); err == nil || !strings.Contains(err.Error(), "schema version 99999") {
			t.Errorf("got %v", err)
		}
	})
}

func TestSettingsAreWhatDurabilityNeeds(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		settings, err := d.Open(t).Settings(t.Context())
		if err != nil || len(settings) < 4 {
			t.Fatalf("%v, %v", settings, err)
		}
		for _, s := range settings {
			if !s.OK {
				t.Errorf("%+v", s)
			}
		}
		if d.Options.URL == "" {
			return
		}
		weak := *d
		weak.Options.URL += "&synchronous_commit=off"
		if _, err := weak.Try(t.Context()); err == nil || !strings.Contains(err.Error(), "synchronous_commit = off") {
			t.Errorf("a weaker setting was accepted: %v", err)
		}
	})
}

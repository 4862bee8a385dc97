package storagetest_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/dealwright/dealwright/internal/pgtest"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/postgres"
)

// TestScrubTellsWhatIsLeft: what an open transaction may still read, what a role may not do, is told with what to do;
// once nothing stands in the way nothing is left, in whatever file of the server.
func TestScrubTellsWhatIsLeft(t *testing.T) {
	t.Parallel()
	superuser := pgtest.URL(t)
	plain := strings.Replace(superuser, "user=postgres", "user=scrub_plain", 1)
	admin := connectTo(t, superuser)
	do := func(conn *pgx.Conn, statement string) {
		t.Helper()
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	u, err := url.Parse(superuser)
	if err != nil {
		t.Fatal(err)
	}
	do(admin, "CREATE ROLE scrub_plain LOGIN")
	database := strings.TrimPrefix(u.Path, "/")
	do(admin, "ALTER DATABASE "+database+" OWNER TO scrub_plain")
	t.Cleanup(func() { // before the database goes: the role is one of the whole server
		ctx := context.WithoutCancel(t.Context())
		conn, err := pgx.Connect(ctx, superuser)
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"REASSIGN OWNED BY scrub_plain TO postgres", "DROP OWNED BY scrub_plain", "DROP ROLE scrub_plain"} {
			if _, err := conn.Exec(ctx, statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	open := func(url string) *storage.DB {
		t.Helper()
		db, err := postgres.Open(t.Context(), storage.Options{URL: url, Dir: t.TempDir()})
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
	owner := open(plain)
	const insert = `INSERT INTO source_executions (id, tenant_id, provider_id, source_id, door, received_at, status, http_status, items, body)
		VALUES (1, 1, 1, 1, 'in', 1, 'failed', 400, 0, convert_to('scrubbed' || 'needle', 'UTF8'))`
	do(admin, insert)
	scrub := func(db *storage.DB, want ...string) {
		t.Helper()
		left, err := db.Scrub(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range left {
			if i >= len(want) || !strings.Contains(l.Where+": "+l.Do, want[i]) {
				t.Errorf("left is %+v, want %q", left, want)
			}
		}
		if len(left) != len(want) {
			t.Errorf("left is %+v, want %q", left, want)
		}
	}
	do(admin, strings.Replace(insert, "(1, 1,", "(9, 1,", 1))
	do(admin, "ANALYZE") // which keeps values of columns
	reader := connectTo(t, superuser)
	do(reader, "BEGIN ISOLATION LEVEL REPEATABLE READ")
	do(reader, "SELECT 1 FROM sources")
	do(admin, "UPDATE source_executions SET body = ''")
	db := open(superuser)
	scrub(db, "source_executions: 2 old rows")
	do(reader, "ROLLBACK")
	scrub(db)
	do(admin, strings.Replace(insert, "(1, 1,", "(2, 1,", 1))
	do(admin, "UPDATE source_executions SET body = ''")
	scrub(owner, "GRANT pg_checkpoint, pg_monitor TO scrub_plain")
	if where := inServer(t, admin, "scrubbedneedle"); where == "" {
		t.Fatal("nothing was left after all; the scan looks at the wrong places")
	}
	do(admin, "GRANT pg_checkpoint, pg_monitor TO scrub_plain")
	do(admin, "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO scrub_plain")
	scrub(owner)
	if where := inServer(t, admin, "scrubbedneedle"); where != "" {
		t.Errorf("nothing is said to be left, and it stands in %s", where)
	}
	do(admin, "ALTER TABLE deliveries OWNER TO postgres")
	do(admin, "ALTER DATABASE "+database+" OWNER TO postgres")
	scrub(owner, "the files of the table deliveries, which were not written anew: Run this again as the owner")
}

func connectTo(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) }) // the database is dropped, whoever is connected
	return conn
}

// inServer names a file below the folder of the server that holds some bytes; "": none does.
func inServer(t *testing.T, conn *pgx.Conn, text string) (where string) {
	t.Helper()
	var folder string
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('data_directory')").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			var data []byte
			if data, err = os.ReadFile(name); bytes.Contains(data, []byte(text)) {
				where = name
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // the server takes files away while it works
			return nil
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return where
}

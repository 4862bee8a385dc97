package postgres_test

import (
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/pgtest"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/postgres"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// No statement of the group goes through a whole table or joins by hash or merge, be the database empty or full.
func TestGroupFindsEverythingByKey(t *testing.T) {
	t.Parallel()
	db, err := postgres.Open(t.Context(), storage.Options{URL: pgtest.URL(t), Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, rows := range []int{0, 5000} {
		if rows > 0 {
			storagetest.Fill(t, db, rows)
		}
		statements := postgres.Statements(db)
		if len(statements) < 40 {
			t.Fatalf("only %d statements", len(statements))
		}
		for _, s := range statements {
			plan := strings.Join(postgres.Plan(t, db, s), "\n")
			for _, bad := range []string{"Seq Scan", "Hash Join", "Merge Join", "Bitmap"} {
				if strings.Contains(plan, bad) {
					t.Errorf("with %d rows: %s\n%s", rows, s, plan)
					break
				}
			}
		}
	}
}

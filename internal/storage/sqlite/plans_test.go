package sqlite_test

import (
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// No statement of the group goes through a whole table or index, be the database empty or full.
func TestGroupFindsEverythingByKey(t *testing.T) {
	t.Parallel()
	db := open(t, storage.Options{Dir: t.TempDir()})
	for _, rows := range []int{0, 5000} {
		if rows > 0 {
			storagetest.Fill(t, db, rows)
		}
		statements := sqlite.Statements(db)
		if len(statements) < 40 {
			t.Fatalf("only %d statements", len(statements))
		}
		for _, s := range statements {
			for _, line := range sqlite.Plan(t, db, s) {
				ofDelivery := line == "SCAN runs" || strings.HasPrefix(line, "SCAN (subquery") // the executions of one
				if strings.HasPrefix(line, "SCAN ") && !ofDelivery {
					t.Errorf("with %d rows: %s\n\t%s", rows, s, line)
				}
			}
		}
	}
}

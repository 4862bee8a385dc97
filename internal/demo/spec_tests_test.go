package demo_test

import (
	"fmt"
	"testing"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
)

// everyExecutionIsATest makes a test of each execution of a demo that has ended: it passes, and it is the very same run
// unless it says what a test cannot tell.
func everyExecutionIsATest(t *testing.T, dir string, least int) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), storage.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	lib := library.Standard()
	recent, err := db.RecentExecutions(t.Context(), 0, 1)
	if err != nil || len(recent) == 0 {
		t.Fatalf("%d executions, %v", len(recent), err)
	}
	made, same := 0, 0
	for r := (page.Request{Number: 1, Size: 100}); ; r.Number++ {
		p, err := db.ListExecutions(t.Context(), pipeline.ExecutionFilter{TenantID: recent[0].TenantID}, r)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range p.Items {
			if e.Status == run.Waiting {
				continue
			}
			m, err := spectest.Make(t.Context(), db, lib, e.TenantID, e.ID, fmt.Sprint(e.ID))
			if err != nil {
				t.Fatalf("execution %d: %v", e.ID, err)
			}
			if !m.Result.Passed() || !m.SameRun && len(m.Remarks) == 0 {
				t.Errorf("execution %d (%s), the very same run: %t\n%v\n%v\n%v", e.ID, e.Status, m.SameRun, m.Result.Differences, m.Remarks, m.Test.Members)
			}
			made++
			if m.SameRun {
				same++
			}
		}
		if len(p.Items) < 100 {
			break
		}
	}
	if made < least || same*10 < made*9 {
		t.Errorf("%d tests were made, %d of them the very same run; want %d, nearly all the same", made, same, least)
	}
}

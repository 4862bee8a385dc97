package demo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/demo"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
)

// aWorldToLookAt reads what a day left: nothing in it is later than now, and the agents that are to be linked have
// suggestions, one of each kind and one that has none.
func aWorldToLookAt(t *testing.T, dir string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), storage.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	recent, err := db.RecentExecutions(t.Context(), 0, 1)
	if err != nil || len(recent) == 0 {
		t.Fatalf("%d executions, %v", len(recent), err)
	}
	tenant, now := recent[0].TenantID, time.Now().UnixMicro()
	for _, k := range record.Kinds {
		for r := (page.Request{Number: 1, Size: 100}); ; r.Number++ {
			p, err := db.ListRecords(t.Context(), storage.RecordFilter{TenantID: tenant, Kind: k}, r)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range p.Items {
				for i, v := range row.Values {
					if v.Kind() == value.KindMoment && v.Micros() > now {
						t.Errorf("%s %q: %s is %s, which is to come", k.Noun, row.Key.ExternalID, k.Fields[i].Name, v)
					}
				}
			}
			if len(p.Items) < 100 {
				break
			}
		}
	}

	unlinked := false
	p, err := db.ListIdentities(t.Context(), identity.Filter{TenantID: tenant, Kind: "agent", Linked: &unlinked}, page.Request{Number: 1, Size: 100})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]identity.Code{}
	for _, i := range p.Items {
		all, _, err := identity.NewBooks(db).Suggest(t.Context(), tenant, i.ID)
		if err != nil {
			t.Fatal(err)
		}
		codes := []identity.Code{}
		if len(all) > 0 {
			for _, r := range all[0].Reasons {
				codes = append(codes, r.Code)
			}
		}
		found[i.Name] = codes
	}
	want := map[string][]identity.Code{
		"Sofie Brouwer": {identity.SameEmail, identity.SameName},
		"Julia Maes":    {identity.SimilarName},
		"N. Willems":    {identity.SameExternalID, identity.SimilarName},
		"Zoë van Dam":   {},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("what is suggested for the agents that are not linked:\n%s", diff)
	}
}

// TestLastOver: a day is played when all of it has happened, also at night and when the clocks change.
func TestLastOver(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for now, want := range map[string]string{
		"2026-11-22 00:10": "2026-11-21", "2026-11-22 12:00": "2026-11-21", "2026-11-22 19:59": "2026-11-21", "2026-11-22 20:00": "2026-11-22",
		"2026-03-01 08:00": "2026-02-28", "2026-03-29 20:30": "2026-03-29", "2026-10-25 20:30": "2026-10-25", "2026-10-25 03:30": "2026-10-24",
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", now, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := demo.LastOver(at).Format(time.DateOnly); got != want {
			t.Errorf("at %s the last day that is over is %s; want %s", now, got, want)
		}
	}
}

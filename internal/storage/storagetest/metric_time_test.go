package storagetest_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// people makes three identities of agents: those of Ann and Bob, and one that is linked to nobody.
func people(tx *storage.Tx) error {
	for _, s := range []struct {
		query string
		args  []any
	}{
		{"INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at) VALUES (?, 'x', 'UTC', '+31', '[]', 1, '[]', ?, 0, 0)", []any{tenant, []byte{1}}},
		{"INSERT INTO agents (id, tenant_id, name, team_id, active, created_at, updated_at) VALUES (11, ?, 'Ann', NULL, 1, 0, 0), (12, ?, 'Bob', NULL, 1, 0, 0)", []any{tenant, tenant}},
	} {
		if _, err := tx.Exec(s.query, s.args...); err != nil {
			return err
		}
	}
	for i, entity := range []any{int64(11), int64(12), nil} {
		_, err := tx.Exec("INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at) VALUES (?, ?, 1, 'agent', ?, '', ?, 0, 0, 0, '{}', 0, 0)",
			i+1, tenant, fmt.Sprint(i+1), entity)
		if err != nil {
			return err
		}
	}
	return nil
}

// TestTimeIsWhatCountingGives draws periods, within a day and over many, ended and open, and adds up how much of each lies in
// each bucket, one by one.
func TestTimeIsWhatCountingGives(t *testing.T) {
	t.Parallel()
	type period struct {
		identity     int
		starts, ends int64 // 0: open
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		zone, err := time.LoadLocation("Europe/Amsterdam")
		if err != nil {
			t.Fatal(err)
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 15))
		var all []period
		var now int64
		err = db.Write(t.Context(), func(tx *storage.Tx) error {
			now = tx.Now
			if err := people(tx); err != nil {
				return err
			}
			for i := range 500 {
				p := period{identity: 1 + r.IntN(3), starts: time.Date(2026, 10, 20+r.IntN(12), r.IntN(24), r.IntN(60), 0, r.IntN(1e9), zone).UnixMicro()}
				switch r.IntN(8) {
				case 0:
				case 1:
					p.ends = p.starts
				case 2:
					p.ends = p.starts + r.Int64N(20*24*3600e6)
				default:
					p.ends = p.starts + r.Int64N(10*3600e6)
				}
				var ends any
				if p.ends != 0 {
					ends = p.ends
				}
				all = append(all, p)
				_, err := tx.Exec(`INSERT INTO periods (id, tenant_id, provider_id, external_id, period_type, starts_at, ends_at, agent_identity_id, mark_number, mark_position, made_by, created_at, updated_at)
					VALUES (?, ?, 1, ?, 'Shift', ?, ?, ?, 0, 0, '{}', 0, 0)`, i+1, tenant, fmt.Sprint(i), p.starts, ends, p.identity)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, bucket := range []string{metric.Hour, metric.Day, metric.Week, metric.Month} {
			w, err := metric.NewWindow(time.Date(2026, 10, 22, 12, 0, 0, 0, zone), time.Date(2026, 10, 29, 12, 0, 0, 0, zone), bucket, zone)
			if err != nil {
				t.Fatal(err)
			}
			got, err := metric.Compute(t.Context(), db, tenant, metric.Definition{Aggregate: metric.Time, Source: "period", Types: []string{"Shift"}}, w, metric.ByAgent)
			if err != nil {
				t.Fatal(err)
			}
			want := map[int64]metric.Series{}
			for _, p := range all {
				ends := p.ends
				if ends == 0 {
					ends = now
				}
				who := []int64{11, 12, 0}[p.identity-1]
				for i := range w.Len() {
					if n := min(ends, w.Edges[i+1]) - max(p.starts, w.Edges[i]); n > 0 {
						s, ok := want[who]
						if !ok {
							s = metric.NewSeries(who, "", w.Len())
							want[who] = s
						}
						s.Points[i].Add(s.Points[i], big.NewRat(n, 1_000_000))
						s.Total.Add(s.Total, big.NewRat(n, 1_000_000))
					}
				}
			}
			if len(got.By) != len(want) {
				t.Errorf("%s: %d agents, want %d", bucket, len(got.By), len(want))
			}
			for _, s := range got.By {
				for i, p := range s.Points {
					// What is open lasts until the moment of the statement, which is a little later than that of the test.
					if off := new(big.Rat).Sub(p, want[s.ID].Points[i]); off.Sign() != 0 && (now < w.Edges[i] || off.Sign() < 0) {
						t.Errorf("%s, %s, bucket %d: %s seconds, want %s", bucket, s.Name, i, metric.Text(p), metric.Text(want[s.ID].Points[i]))
					}
				}
			}
		}
	})
}

// TestWhatCountsForNobody: records of an identity that is not linked, their types, and the contacts of a metric.
func TestWhatCountsForNobody(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		err := db.Write(t.Context(), func(tx *storage.Tx) error {
			if err := people(tx); err != nil {
				return err
			}
			for i, a := range []struct {
				kind, contact string
				identity      any
			}{{"Deal", "c1", 1}, {"Deal", "c1", 2}, {"Deal", "c2", 3}, {"Visit", "c3", 3}, {"Visit", "c1", nil}, {"100% sure", "c1", 1}, {"deal_x", "c1", 1}} {
				_, err := tx.Exec(`INSERT INTO activities (id, tenant_id, provider_id, external_id, activity_type, agent_identity_id, moment, value_is_money, contact_key, mark_number, mark_position, made_by, created_at, updated_at)
					VALUES (?, ?, 1, ?, ?, ?, ?, 0, ?, 0, 0, '{}', 0, 0)`, i+1, tenant, fmt.Sprint(i), a.kind, a.identity, int64(1000+i), a.contact)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		def := metric.Definition{Aggregate: metric.Count, Source: "activity"}
		records, identities, err := db.MetricLeftOut(t.Context(), tenant, def, 0, 2000)
		if err != nil || records != 2 || identities != 1 {
			t.Errorf("%d records of %d identities, %v; want 2 of 1", records, identities, err)
		}
		if records, _, err = db.MetricLeftOut(t.Context(), tenant, def, 0, 1003); err != nil || records != 1 {
			t.Errorf("%d records before the second, %v", records, err)
		}
		lines, err := db.MetricLines(t.Context(), tenant, def, 0, 2000, metric.Who{Nobody: true}, page.Request{Size: 10})
		if err != nil || len(lines.Items) != 2 || lines.Items[0].ExternalID != "3" {
			t.Errorf("%v, %v; want the two of the identity that is not linked", lines.Items, err)
		}
		source, _ := metric.SourceOf("activity")
		for search, want := range map[string][]string{"": {"100% sure", "Deal", "Visit", "deal_x"}, "DEAL": {"Deal", "deal_x"}, "%": {"100% sure"}, "_": {"deal_x"}, "none": nil} {
			got, err := db.RecordTypes(t.Context(), tenant, source, search, 100)
			slices.Sort(got) // databases order letters their own way
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("types with %q: %q, %v; want %q", search, got, err, want)
			}
		}
		if got, err := db.RecordTypes(t.Context(), tenant+1, source, "", 100); err != nil || len(got) > 0 {
			t.Errorf("another tenant has types %q, %v", got, err)
		}
		def.Aggregate, def.Types = metric.Contacts, []string{"Deal", "Visit"}
		contacts, err := db.MetricContacts(t.Context(), tenant, def, metric.Whole(0, 2000, time.UTC), []string{"c1", "c3", "c9"}, metric.ByAgent)
		want := map[metric.OfContact]int64{{Contact: "c1", Whose: 11}: 1, {Contact: "c1", Whose: 12}: 1, {Contact: "c1"}: 1, {Contact: "c3"}: 1}
		if diff := cmp.Diff(want, contacts); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	})
}

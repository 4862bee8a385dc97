package storagetest_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// named is an activity as the naive computation sees it.
type named struct{ id, agent, moment int64 }

// fillNamed draws activities with numbers near each other and far apart, of days in any order, some before 1970; of agents'
// identities 1 to 5 or of none. The first two are linked to the agent 50. Of identity 6 there is one more than is counted.
func fillNamed(t *testing.T, db *storage.DB, many int) (all []named) {
	t.Helper()
	const day = 86_400_000_000
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 21))
	last := int64(1000)
	for range 400 {
		last += []int64{1, 3, 2_000, 8_191, 8_192, 100_000}[r.IntN(6)]
		all = append(all, named{last, r.Int64N(6), (r.Int64N(9)-3)*day + r.Int64N(3)*day/2})
	}
	for range many {
		last++
		all = append(all, named{last, 6, 100 * day})
	}
	err := db.Write(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Exec("INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at) VALUES (?, 'x', 'UTC', '+31', '[]', 1, '[]', ?, 0, 0)", tenant, []byte{1})
		if err != nil {
			return err
		}
		if _, err = tx.Exec("INSERT INTO providers (id, tenant_id, type, name, settings, created_at, updated_at) VALUES (?, ?, 'webhooks', 'x', '{}', 0, 0)", provider, tenant); err != nil {
			return err
		}
		for i := 1; i <= 6; i++ {
			var entity any
			if i <= 2 {
				entity = 50
			}
			if _, err = tx.Exec("INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at) VALUES (?, ?, ?, 'agent', ?, '', ?, 0, 0, 0, '{}', 0, 0)",
				i, tenant, provider, fmt.Sprint(i), entity); err != nil {
				return err
			}
		}
		for _, a := range all {
			var agent any
			if a.agent != 0 {
				agent = a.agent
			}
			if _, err = tx.Exec(`INSERT INTO activities (id, tenant_id, provider_id, external_id, activity_type, agent_identity_id, moment, value_is_money, mark_number, mark_position, made_by, created_at, updated_at)
				VALUES (?, ?, ?, ?, 'Deal', ?, ?, 0, 0, 0, '{}', 0, 0)`, a.id, tenant, provider, fmt.Sprint(a.id), agent, a.moment); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRecordsOfAnIdentity: which records name an identity is what going through all of them gives.
func TestRecordsOfAnIdentity(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		all := fillNamed(t, db, identity.CountLimit+1)
		counts := map[int64]int64{}
		var identities []identity.Identity
		for i := int64(1); i <= 6; i++ {
			identities = append(identities, identity.Identity{ID: i, Kind: "agent"})
			want := identity.Records{Kind: "activity"}
			for _, a := range all {
				if a.agent == i {
					counts[i]++
					if want.Count == 0 || a.moment < want.Since {
						want.Since = a.moment
					}
					want.Count++
					want.Latest = append(want.Latest, identity.Record{ID: a.id, ExternalID: fmt.Sprint(a.id), At: a.moment})
				} else if a.agent == 1 || a.agent == 2 {
					want.There++
				}
			}
			slices.Reverse(want.Latest)
			want.Latest = want.Latest[:min(len(want.Latest), identity.LatestLimit)]
			use, err := db.IdentityRecords(t.Context(), tenant, i, 50)
			if err != nil {
				t.Fatal(err)
			}
			if diff := gocmp.Diff(want, use.Records[0]); diff != "" {
				t.Errorf("identity %d (-want +got):\n%s", i, diff)
			}
		}
		got, err := db.CountRecords(t.Context(), identities)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(counts, got); diff != "" {
			t.Errorf("counts (-want +got):\n%s", diff)
		}
		n, err := db.CountFor(t.Context(), storage.RecordFilter{TenantID: tenant, Kind: record.KindOf("activity"), Entities: map[string]int64{"agent_identity_id": 50}})
		if err != nil || n == nil || *n != counts[1]+counts[2] {
			t.Errorf("%v for the agent (%v), want %d", n, err, counts[1]+counts[2])
		}
	})
}

// TestLinesOfAMetric: page by page they are in the order of their moments, whatever days those are of.
func TestLinesOfAMetric(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		all := fillNamed(t, db, 0)
		slices.SortFunc(all, func(a, b named) int { return cmp.Or(cmp.Compare(a.moment, b.moment), cmp.Compare(a.id, b.id)) })
		from, to := all[20].moment, all[380].moment // some of a day are left out at each end
		var want []int64
		for _, a := range all {
			if a.moment >= from && a.moment < to {
				want = append(want, a.id)
			}
		}
		for _, types := range [][]string{nil, {"Deal"}} {
			for _, newest := range []bool{false, true} {
				r := page.Request{Size: 7, Number: 1, Sort: "moment", Desc: newest}
				var got []int64
				for {
					p, err := db.MetricLines(t.Context(), tenant, metric.Definition{Aggregate: metric.Count, Source: "activity", Types: types}, from, to, metric.Who{}, r)
					if err != nil {
						t.Fatal(err)
					}
					for _, l := range p.Items {
						got = append(got, l.ID)
					}
					if r.Cursor = p.Next; p.Next == nil {
						break
					}
				}
				if newest {
					slices.Reverse(got)
				}
				if diff := gocmp.Diff(want, got); diff != "" {
					t.Errorf("types %v, newest first %t (-want +got):\n%s", types, newest, diff)
				}
			}
		}
	})
}

package storagetest_test

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// drawn is an activity as the naive computation sees it.
type drawn struct {
	kind, contact, value string
	identity             int
	moment               time.Time
}

// TestMetricsAreWhatCountingGives draws activities around both changes of the clock and compares each aggregate, in each
// bucket and for each agent and team, with a computation that reads them one by one.
func TestMetricsAreWhatCountingGives(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		zone, err := time.LoadLocation("Europe/Amsterdam")
		if err != nil {
			t.Fatal(err)
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 14))
		values := []string{"", "0", "12.5", "-3.25", "399.95", "0.0001", "0.123456789", "99999999999999.99", "1000000"}
		agentOf := map[int]int64{1: 11, 2: 11, 3: 12} // identity 4 is linked to nobody
		teamOf := map[int64]int64{11: 21, 12: 0}
		var all []drawn
		for range 600 {
			month := []time.Month{time.March, time.October}[r.IntN(2)]
			all = append(all, drawn{
				kind: []string{"Deal", "Visit"}[r.IntN(2)], contact: []string{"", "a", "b", "c"}[r.IntN(4)], value: values[r.IntN(len(values))],
				identity: 1 + r.IntN(4), moment: time.Date(2026, month, 23+r.IntN(8), r.IntN(24), r.IntN(60), r.IntN(60), 0, time.UTC),
			})
		}
		err = db.Write(t.Context(), func(tx *storage.Tx) error {
			run := func(query string, args ...any) {
				if err == nil {
					_, err = tx.Exec(query, args...)
				}
			}
			for identity := 1; identity <= 4; identity++ {
				var entity any
				if a := agentOf[identity]; a != 0 {
					entity = a
				}
				run("INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at) VALUES (?, ?, 1, 'agent', ?, '', ?, 0, 0, 0, '{}', 0, 0)",
					identity, tenant, fmt.Sprint(identity), entity)
			}
			run("INSERT INTO tenants (id, name, time_zone, country, record_kinds, projects, provider_types, pseudonym_key, created_at, updated_at) VALUES (?, 'x', 'UTC', '+31', '[]', 1, '[]', ?, 0, 0)", tenant, []byte{1})
			run("INSERT INTO teams (id, tenant_id, name, created_at, updated_at) VALUES (21, ?, 'North', 0, 0)", tenant)
			run("INSERT INTO agents (id, tenant_id, name, team_id, active, created_at, updated_at) VALUES (11, ?, 'Ann', 21, 1, 0, 0), (12, ?, 'Bob', NULL, 1, 0, 0)", tenant, tenant)
			for i, a := range all {
				var value, contact any
				if a.value != "" {
					value = a.value
				}
				if a.contact != "" {
					contact = a.contact
				}
				run(`INSERT INTO activities (id, tenant_id, provider_id, external_id, activity_type, agent_identity_id, moment, value, value_is_money, contact_key, mark_number, mark_position, made_by, created_at, updated_at)
					VALUES (?, ?, 1, ?, ?, ?, ?, ?, 0, ?, 0, 0, '{}', 0, 0)`, i+1, tenant, fmt.Sprint(i), a.kind, a.identity, a.moment.UnixMicro(), value, contact)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, bucket := range []string{metric.Hour, metric.Day, metric.Week, metric.Month, "cut " + metric.Hour, "cut " + metric.Day, "cut " + metric.Week, "cut " + metric.Month} {
			bucket, cut := strings.CutPrefix(bucket, "cut ")
			w, err := metric.NewWindow(time.Date(2026, 10, 23, 12, 0, 0, 0, zone), time.Date(2026, 10, 29, 12, 0, 0, 0, zone), bucket, zone)
			if bucket == metric.Month || bucket == metric.Week {
				w, err = metric.NewWindow(time.Date(2026, 3, 20, 0, 0, 0, 0, zone), time.Date(2026, 11, 1, 0, 0, 0, 0, zone), bucket, zone)
			}
			if cut {
				w, err = metric.LastDays(time.Date(2026, 10, 28, 12, 0, 0, 0, zone), 9, bucket, zone)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, aggregate := range []string{metric.Count, metric.Sum, metric.Contacts} {
				for _, by := range []metric.By{metric.ByNone, metric.ByAgent, metric.ByTeam} {
					for _, types := range [][]string{nil, {"Deal"}} {
						def := metric.Definition{Aggregate: aggregate, Source: "activity", Field: "value", Types: types}
						got, err := metric.Compute(t.Context(), db, tenant, def, w, by)
						if err != nil {
							t.Fatal(err)
						}
						naive := func(who int64) metric.Series {
							s := metric.NewSeries(who, "", w.Len())
							seen := map[string]bool{}
							for _, a := range all {
								owner := agentOf[a.identity]
								if by == metric.ByTeam {
									owner = teamOf[owner]
								}
								at := a.moment.UnixMicro()
								if len(types) > 0 && a.kind != types[0] || who >= 0 && owner != who || at < w.Start() || at >= w.End() {
									continue
								}
								i := 0
								for at >= w.Edges[i+1] {
									i++
								}
								n := big.NewRat(1, 1)
								if aggregate == metric.Sum {
									if n, _ = new(big.Rat).SetString(a.value); n == nil {
										continue
									}
								}
								if aggregate == metric.Contacts && a.contact == "" {
									continue
								}
								if key := fmt.Sprint(i, a.contact); aggregate != metric.Contacts || !seen[key] {
									seen[key] = true
									s.Points[i].Add(s.Points[i], n)
								}
								if aggregate != metric.Contacts || !seen[a.contact] {
									seen[a.contact] = true
									s.Total.Add(s.Total, n)
								}
							}
							return s
						}
						compare := func(what string, got, want metric.Series) {
							for i := range want.Points {
								if got.Points[i].Cmp(want.Points[i]) != 0 {
									t.Errorf("%s %s by %q, types %v, %s, bucket %d: %s, want %s", aggregate, bucket, by, types, what, i, metric.Text(got.Points[i]), metric.Text(want.Points[i]))
									return
								}
							}
							if got.Total.Cmp(want.Total) != 0 {
								t.Errorf("%s %s by %q, types %v, %s: total %s, want %s", aggregate, bucket, by, types, what, metric.Text(got.Total), metric.Text(want.Total))
							}
						}
						compare("all", got.All, naive(-1))
						for _, s := range got.By {
							compare(fmt.Sprint(s.ID, s.Name), s, naive(s.ID))
						}
						if by == metric.ByAgent && len(got.By) != 3 {
							t.Errorf("%s %s: %d agents, want Ann, Bob and nobody", aggregate, bucket, len(got.By))
						}
					}
				}
			}
		}
	})
}

package bench_test

import (
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/bench"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// countAll lets the counts of the home page catch up with n executions.
func countAll(t testing.TB, db *storage.DB, tenant int64, n int) {
	t.Helper()
	counted := func() (all int64) {
		err := db.Read(t.Context(), func(tx *storage.Tx) error {
			return tx.QueryRow("SELECT CAST(coalesce(sum(created + updated + unchanged + skipped + failed), 0) AS BIGINT) FROM run_pulse WHERE tenant_id = ? AND span = ?", tenant, pulse.Hour).Scan(&all)
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	limit := time.Now().Add(10 * time.Minute)
	for {
		more, err := db.CountPulse(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if more {
			continue
		}
		got := counted()
		if got == int64(n) {
			return
		}
		if got > int64(n) || time.Now().After(limit) {
			t.Fatalf("%d executions are counted, want %d", got, n)
		}
		<-time.After(100 * time.Millisecond) // numbers of PostgreSQL settle after a while
	}
}

func ask(b *testing.B, name string, fn func() error) {
	b.Run(name, func(b *testing.B) {
		for b.Loop() {
			if err := fn(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms")
	})
}

// BenchmarkHome asks what the home page asks, over a million executions of thirty days.
func BenchmarkHome(b *testing.B) {
	storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
		const n = 1_000_000
		db := d.Open(b)
		tenant, err := bench.Seed(b.Context(), db, n)
		if err != nil {
			b.Fatal(err)
		}
		began := time.Now()
		countAll(b, db, tenant, n)
		b.Logf("%d deliveries and executions were counted in %s", n, time.Since(began).Round(time.Millisecond))
		for name, l := range map[string]pulse.Look{"a day": {Span: pulse.Hour, From: 24}, "an hour": {Span: pulse.Fine, From: 1}, "thirty days": {Span: pulse.Hour, From: 30 * 24}} {
			l.TenantID, l.To = tenant, db.Now()
			l.From = l.To - l.From*int64(time.Hour/time.Microsecond)
			l.LastHour = l.To - int64(time.Hour/time.Microsecond)
			l.History = l.From - pulse.Weeks*7*24*int64(time.Hour/time.Microsecond)
			ask(b, name, func() error {
				_, err := db.LookHome(b.Context(), l)
				return err
			})
		}
	})
}

// BenchmarkMetric works metrics out over a million records of thirty days, or a fifth of them where there is a type.
func BenchmarkMetric(b *testing.B) {
	storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
		db := d.Open(b)
		tenant, err := bench.Seed(b.Context(), db, 1_000_000)
		if err != nil {
			b.Fatal(err)
		}
		// A period of two hours for each activity.
		const parts = 20
		for part := range parts {
			err := db.Write(b.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec(`INSERT INTO periods (id, tenant_id, provider_id, external_id, period_type, starts_at, ends_at, agent_identity_id, mark_number, mark_position, made_by, created_at, updated_at)
					SELECT id, tenant_id, provider_id, external_id, activity_type, moment, moment + 7200000000, agent_identity_id, 0, 0, '{}', created_at, updated_at
					FROM activities WHERE tenant_id = ? AND id / 5 % ? = ?`, tenant, parts, part)
				if err == nil && part == parts-1 {
					_, err = tx.Exec("ANALYZE periods")
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		now := time.UnixMicro(db.Now())
		w, err := metric.NewWindow(now.AddDate(0, 0, -30), now, metric.Day, time.UTC)
		if err != nil {
			b.Fatal(err)
		}
		deals := []string{"Deal won"}
		for _, m := range []struct {
			name string
			d    metric.Definition
			by   metric.By
		}{
			{"count, all", metric.Definition{Aggregate: metric.Count, Source: "activity"}, metric.ByNone},
			{"count by agent, all", metric.Definition{Aggregate: metric.Count, Source: "activity"}, metric.ByAgent},
			{"count by agent, one type", metric.Definition{Aggregate: metric.Count, Source: "activity", Types: deals}, metric.ByAgent},
			{"sum by agent, all", metric.Definition{Aggregate: metric.Sum, Source: "activity", Field: "value"}, metric.ByAgent},
			{"contacts, one type", metric.Definition{Aggregate: metric.Contacts, Source: "activity", Types: deals}, metric.ByNone},
			{"time by agent, one type", metric.Definition{Aggregate: metric.Time, Source: "period", Types: deals}, metric.ByAgent},
			{"time by agent, all", metric.Definition{Aggregate: metric.Time, Source: "period"}, metric.ByAgent},
		} {
			ask(b, m.name, func() error {
				_, err := metric.Compute(b.Context(), db, tenant, m.d, w, m.by)
				return err
			})
		}
		all := metric.Definition{Aggregate: metric.Count, Source: "activity"}
		ask(b, "left out, all", func() error {
			_, _, err := db.MetricLeftOut(b.Context(), tenant, all, w.Start(), w.End())
			return err
		})
		source, _ := metric.SourceOf("activity")
		ask(b, "types", func() error {
			_, err := db.RecordTypes(b.Context(), tenant, source, "won", 100)
			return err
		})
	})
}

// TestWhatWaitedIsCounted: executions that waited when they were come by are counted once they have run, however many others
// still wait.
func TestWhatWaitedIsCounted(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		const n = 30_000 // more than are looked at again at a time
		db := d.Open(t)
		tenant, err := bench.Seed(t.Context(), db, n)
		if err != nil {
			t.Fatal(err)
		}
		set := func(status, where string) {
			t.Helper()
			err := db.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec("UPDATE executions SET status = ? WHERE tenant_id = ? AND "+where, status, tenant)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		set("waiting", "id > 0")
		waits := func() (all int) {
			err := db.Read(t.Context(), func(tx *storage.Tx) error {
				return tx.QueryRow("SELECT count(*) FROM pulse_waiting").Scan(&all)
			})
			if err != nil {
				t.Fatal(err)
			}
			return all
		}
		limit := time.Now().Add(time.Minute)
		for waits() < n && time.Now().Before(limit) {
			if _, err := db.CountPulse(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := waits(); got != n {
			t.Fatalf("%d wait, want %d", got, n)
		}
		set("succeeded", "id % 7 = 0 AND id > (SELECT max(id) - 30000 FROM executions)") // some of the last ones
		var done int
		err = db.Read(t.Context(), func(tx *storage.Tx) error {
			return tx.QueryRow("SELECT count(*) FROM executions WHERE tenant_id = ? AND status = 'succeeded'", tenant).Scan(&done)
		})
		if err != nil || done == 0 {
			t.Fatalf("%d have run, %v", done, err)
		}
		for range 4 { // round twice
			if _, err := db.CountPulse(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := waits(); got != n-done {
			t.Errorf("%d wait, want %d of %d", got, n-done, n)
		}
		set("succeeded", "id > 0")
		countAll(t, db, tenant, n)
	})
}

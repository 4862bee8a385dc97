package bench_test

import (
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/bench"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// listed are the questions of the pages of lists.
func listed(db *storage.DB, tenant int64) []question {
	f := func(change func(*pipeline.ExecutionFilter)) func(t testing.TB) int {
		return func(t testing.TB) int {
			filter := pipeline.ExecutionFilter{TenantID: tenant}
			change(&filter)
			p, err := db.ListExecutions(t.Context(), filter, page.Request{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			return len(p.Items)
		}
	}
	yes := true
	no := false
	now := db.Now()
	day := (24 * time.Hour).Microseconds()
	sources := func(t testing.TB) int64 {
		p, err := db.ListExecutions(t.Context(), pipeline.ExecutionFilter{TenantID: tenant}, page.Request{Size: 1})
		if err != nil || len(p.Items) == 0 {
			t.Fatalf("no executions: %v", err)
		}
		return p.Items[0].SourceID
	}
	return []question{
		{"all", f(func(*pipeline.ExecutionFilter) {})},
		{"failed", f(func(f *pipeline.ExecutionFilter) { f.Status = run.Failed })},
		{"succeeded", f(func(f *pipeline.ExecutionFilter) { f.Status = run.Succeeded })},
		{"waiting", f(func(f *pipeline.ExecutionFilter) { f.Status = run.Waiting })},
		{"errors", f(func(f *pipeline.ExecutionFilter) { f.Errors = true })},
		{"error code and step", f(func(f *pipeline.ExecutionFilter) { f.ErrorCode, f.Instruction = "unreadable", "s3" })},
		{"text of an error", f(func(f *pipeline.ExecutionFilter) { f.Search = "row 4207 cannot" })},
		{"text of no error", f(func(f *pipeline.ExecutionFilter) { f.Search = "no such words" })},
		{"replays", f(func(f *pipeline.ExecutionFilter) { f.Kind = pipeline.Replay })},
		{"changed", f(func(f *pipeline.ExecutionFilter) { f.Changed = &yes })},
		{"changed nothing", f(func(f *pipeline.ExecutionFilter) { f.Changed = &no })},
		{"version 1", f(func(f *pipeline.ExecutionFilter) { f.Version = 1 })},
		{"external id", f(func(f *pipeline.ExecutionFilter) { f.ExternalID = "deal-77" })},
		{"event", f(func(f *pipeline.ExecutionFilter) { f.Search = "event-77" })},
		{"a day three weeks ago", f(func(f *pipeline.ExecutionFilter) { f.After, f.Before = now-21*day, now-20*day })},
		{"failed of a day", f(func(f *pipeline.ExecutionFilter) { f.Status, f.After, f.Before = run.Failed, now-21*day, now-20*day })},
		{"source", func(t testing.TB) int {
			return f(func(f *pipeline.ExecutionFilter) { f.SourceID = sources(t) })(t)
		}},
		{"failed of a source", func(t testing.TB) int {
			return f(func(f *pipeline.ExecutionFilter) { f.Status, f.SourceID = run.Failed, sources(t) })(t)
		}},
		{"causes", func(t testing.TB) int {
			c, err := db.Causes(t.Context(), pipeline.ExecutionFilter{TenantID: tenant})
			if err != nil {
				t.Fatal(err)
			}
			return len(c.Causes)
		}},
		{"chart of 30 days", func(t testing.TB) int {
			c, err := db.Histogram(t.Context(), pipeline.ExecutionFilter{TenantID: tenant, After: now - 30*day, Before: now}, 60)
			if err != nil {
				t.Fatal(err)
			}
			return len(c.Bars)
		}},
		{"chart of a day", func(t testing.TB) int {
			c, err := db.Histogram(t.Context(), pipeline.ExecutionFilter{TenantID: tenant, After: now - day, Before: now}, 60)
			if err != nil {
				t.Fatal(err)
			}
			return len(c.Bars)
		}},
		{"records, a part of an id", records(db, storage.RecordFilter{TenantID: tenant, Search: "al-77"})},
		{"records, an id", records(db, storage.RecordFilter{TenantID: tenant, Search: "deal-77"})},
		{"records, whose", records(db, storage.RecordFilter{TenantID: tenant, Search: "seeded"})},
		{"records changed since an hour", records(db, storage.RecordFilter{TenantID: tenant, UpdatedAfter: now - day/24})},
		{"records changed since ever", records(db, storage.RecordFilter{TenantID: tenant, UpdatedAfter: 1})},
		{"journal", func(t testing.TB) int {
			p, err := db.Changes(t.Context(), storage.JournalFilter{TenantID: tenant, Kinds: record.Kinds}, page.Request{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			return len(p.Items)
		}},
		{"journal of a field that nothing changed", func(t testing.TB) int {
			p, err := db.Changes(t.Context(), storage.JournalFilter{TenantID: tenant, Kinds: record.Kinds, Field: "moment"}, page.Request{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			return len(p.Items)
		}},
		{"deliveries that failed", func(t testing.TB) int {
			p, err := db.ListDeliveries(t.Context(), pipeline.DeliveryFilter{TenantID: tenant, State: pipeline.DeliveryFailed}, page.Request{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			return len(p.Items)
		}},
		{"calls, a text", func(t testing.TB) int {
			p, err := db.ListCalls(t.Context(), pipeline.CallFilter{TenantID: tenant, Search: "nothing like it"}, page.Request{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			return len(p.Items)
		}},
	}
}

func records(db *storage.DB, f storage.RecordFilter) func(testing.TB) int {
	f.Kind, f.Moment = record.KindOf("activity"), "moment"
	return func(t testing.TB) int {
		p, err := db.ListRecords(t.Context(), f, page.Request{Size: 100})
		if err != nil {
			t.Fatal(err)
		}
		return len(p.Items)
	}
}

type question struct {
	name string
	ask  func(testing.TB) int
}

// BenchmarkLists asks what the pages of lists ask, of a million executions.
func BenchmarkLists(b *testing.B) {
	storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
		db := d.Open(b)
		tenant, err := bench.Seed(b.Context(), db, 1_000_000)
		if err != nil {
			b.Fatal(err)
		}
		for _, q := range listed(db, tenant) {
			b.Run(q.name, func(b *testing.B) {
				n := 0
				for b.Loop() {
					n = q.ask(b)
				}
				b.ReportMetric(float64(n), "rows")
				b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
			})
		}
	})
}

// What the pages are given when there are more rows than one page looks at is, put together, what there is.
func TestPagesThatLookAtPartsGiveAll(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		const n = 50_000
		tenant, err := bench.Seed(t.Context(), db, n)
		if err != nil {
			t.Fatal(err)
		}
		all := func(f pipeline.ExecutionFilter) (ids []int64, short int) {
			f.TenantID = tenant
			for r := (page.Request{Size: 100}); ; {
				p, err := db.ListExecutions(t.Context(), f, r)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range p.Items {
					if len(ids) > 0 && e.ID >= ids[len(ids)-1] {
						t.Fatalf("%s comes after %s", id.Format(id.Execution, e.ID), id.Format(id.Execution, ids[len(ids)-1]))
					}
					ids = append(ids, e.ID)
				}
				if p.Next == nil {
					return ids, short
				}
				if len(p.Items) < r.Size {
					short++
				}
				r.Cursor = p.Next
			}
		}
		no := false
		for name, tt := range map[string]struct {
			filter pipeline.ExecutionFilter
			want   int
		}{
			"skipped":                     {pipeline.ExecutionFilter{Status: run.Skipped}, n / 50},
			"version":                     {pipeline.ExecutionFilter{Version: 2}, 0},
			"no change, live":             {pipeline.ExecutionFilter{Changed: &no, Kind: pipeline.Live, Status: run.Skipped}, 0},
			"failed by step 3":            {pipeline.ExecutionFilter{Instruction: "s3"}, -1},
			"replays that did not change": {pipeline.ExecutionFilter{Kind: pipeline.Replay, Changed: &no}, 0},
		} {
			got, short := all(tt.filter)
			if tt.want >= 0 && len(got) != tt.want {
				t.Errorf("%s: %d, want %d", name, len(got), tt.want)
			}
			whole := tt.filter
			whole.Whole = true
			if again, _ := all(whole); len(again) != len(got) {
				t.Errorf("%s: %d in parts, %d when all are looked at", name, len(got), len(again))
			}
			if name == "version" && short != 2 {
				t.Errorf("50,000 are looked through in %d short pages, want 2 and a last one", short)
			}
		}
	})
}

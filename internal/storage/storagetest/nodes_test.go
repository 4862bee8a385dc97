package storagetest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pgtest"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// twoNodes runs fn with two nodes on one database, where the database allows that.
func twoNodes(t *testing.T, fn func(t *testing.T, d *storagetest.Database, a, b *storage.DB)) {
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		a := d.Open(t)
		b, err := d.Try(t.Context())
		if !d.Nodes {
			if err == nil {
				t.Error("a second node was let in")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := b.Close(); err != nil {
				t.Error(err)
			}
		})
		fn(t, d, a, b)
	})
}

func newIdentity(id int64, key record.Key) commit.Writes {
	return commit.Writes{Changes: record.Changes{Identities: []record.Change[record.Identity]{{
		New: &record.Identity{ID: id, TenantID: tenant, Key: key, Name: "n", MadeBy: "{}"},
	}}}}
}

func TestSecondOfTwoNodesBeginsAgain(t *testing.T) {
	t.Parallel()
	twoNodes(t, func(t *testing.T, _ *storagetest.Database, a, b *storage.DB) {
		key := record.Key{ProviderID: provider, Noun: record.AgentIdentity, ExternalID: "7"}
		need := &record.Need{Keys: []record.Key{key}}
		first, second := begin(t, a, 1, need), begin(t, b, 1, need)
		w := newIdentity(1, key)
		if err := second.Apply(t.Context(), &w); err != nil {
			t.Fatal(err)
		}
		w = newIdentity(2, key)
		if err := first.Apply(t.Context(), &w); !errors.Is(err, commit.ErrRepeat) {
			t.Fatalf("got %v, want ErrRepeat", err)
		}
		again := begin(t, a, 1, need)
		defer again.Rollback()
		if i := again.Loaded().Identities[key]; i == nil || i.ID != 1 {
			t.Errorf("the identity is %v", i)
		}
	})
}

func TestLoadedRowsAreLockedUntilTheGroupEnds(t *testing.T) {
	t.Parallel()
	twoNodes(t, func(t *testing.T, _ *storagetest.Database, a, b *storage.DB) {
		key := record.Key{ProviderID: provider, Noun: record.AgentIdentity, ExternalID: "7"}
		need := &record.Need{Keys: []record.Key{key}}
		w := newIdentity(1, key)
		if err := begin(t, a, 0, need).Apply(t.Context(), &w); err != nil {
			t.Fatal(err)
		}
		first := begin(t, a, 0, need)
		second := make(chan commit.Group, 1)
		go func() {
			g, err := b.Engine().Begin(context.Background(), 0, need)
			if err != nil {
				t.Error(err)
			}
			second <- g
		}()
		old := first.Loaded().Identities[key]
		changed := *old
		changed.Name = "changed"
		if err := first.Apply(t.Context(), &commit.Writes{Changes: record.Changes{Identities: []record.Change[record.Identity]{{Old: old, New: &changed}}}}); err != nil {
			t.Fatal(err)
		}
		g := <-second
		defer g.Rollback()
		if got := g.Loaded().Identities[key].Name; got != "changed" {
			t.Errorf("the second group read %q", got)
		}
	})
}

// Two nodes upsert the same few records from many sides. In the end each record has the mark of the highest number that
// wrote it, and its journal has one before-image per change, in a chain without gaps.
func TestTwoNodesKeepOneHistory(t *testing.T) {
	t.Parallel()
	twoNodes(t, func(t *testing.T, _ *storagetest.Database, a, b *storage.DB) {
		nodes := []*node{start(t, a), start(t, b)}
		const clients, each, records = 8, 15, 3
		var wg sync.WaitGroup
		var mu sync.Mutex
		newest := map[string]int64{}
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprint("a", (c+i)%records)
					r := submit(t, nodes[c%2], call("", one(fmt.Sprint(i%4), id, fmt.Sprint("type ", c, " ", i), run.Field{Name: "value", Value: value.Int(int64(i))})))
					mu.Lock()
					newest[id] = max(newest[id], r.Items[0].Delivery.Number)
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		got := map[string]int64{}
		for id := range newest {
			var mark int64
			ask(t, a, "SELECT mark_number FROM activities WHERE external_id = ?", []any{id}, &mark)
			got[id] = mark
		}
		if diff := cmp.Diff(newest, got); diff != "" {
			t.Errorf("marks (-want +got):\n%s", diff)
		}
		var changes int
		ask(t, a, "SELECT count(*) FROM journal WHERE noun = 'activity'", nil, &changes)
		if changes == 0 || changes > clients*each-records {
			t.Errorf("%d journal rows", changes)
		}
	})
}

func TestDatabaseThatGoesAwayIsSaidAndComesBack(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		if d.Options.URL == "" {
			return // a file cannot go away: see package sqlite for what it can do
		}
		n := start(t, d.Open(t))
		submit(t, n, call("", one("7", "before", "Deal")))
		mend := pgtest.Cut(t, d.Options.URL)
		_, err := n.writer.Submit(t.Context(), call("", one("7", "during", "Deal")))
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("got %v, want Unavailable", err)
		}
		mend()
		for err != nil { // the doors open again by themselves
			if _, err = n.writer.Submit(t.Context(), call("", one("7", "after", "Deal"))); err != nil && !fault.Is(err, fault.Unavailable) {
				t.Fatal(err)
			}
		}
		var ids string
		ask(t, n.DB, "SELECT string_agg(external_id, ' ' ORDER BY id) FROM activities WHERE external_id <> 'during'", nil, &ids)
		if ids != "before after" {
			t.Errorf("there are %s", ids)
		}
	})
}

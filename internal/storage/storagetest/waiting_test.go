package storagetest_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestLooksAtWhatWaits: they find the sources and the lanes in which something waits for what was asked, and nothing else.
func TestLooksAtWhatWaits(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		made, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Write(t.Context(), func(tx *storage.Tx) error {
			for _, s := range []string{
				"INSERT INTO providers (id, tenant_id, name, type, settings, created_at, updated_at) VALUES (10, ?, 'P', 'generic', '{}', 1, 1)",
				"INSERT INTO sources (id, tenant_id, provider_id, name, type, source_model, settings, created_at, updated_at) SELECT 20 + i, ?, 10, 'S', 'payload', 'payload', '{}', 1, 1 FROM (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3) n",
				"INSERT INTO processors (id, tenant_id, provider_id, name, source_model, enabled, suspended, current_version, next_step, created_at, updated_at) SELECT 30 + i, ?, 10, 'P', 'payload', 1, 0, 0, 1, 1, 1 FROM (SELECT 1 AS i UNION SELECT 2) n",
			} {
				if _, err := tx.Exec(s, made.ID); err != nil {
					return err
				}
			}
			for _, l := range [][2]int64{{21, 31}, {21, 32}, {22, 31}, {23, 31}} {
				if _, err := tx.Exec("INSERT INTO links (source_id, processor_id, position, constants) VALUES (?, ?, 0, '{}')", l[0], l[1]); err != nil {
					return err
				}
			}
			for i, e := range []struct {
				source, processor    int64
				status, kind, reason string
			}{
				{21, 31, "waiting", "live", "suspended"},
				{21, 31, "waiting", "live", "suspended"},
				{21, 32, "waiting", "live", "behind"},
				{22, 31, "waiting", "test", "behind"},
				{22, 31, "waiting", "live", "parked"},
				{23, 31, "succeeded", "live", "behind"},
				{29, 31, "waiting", "live", "suspended"}, // its source is gone
			} {
				_, err := tx.Exec(`INSERT INTO executions (id, tenant_id, delivery_id, source_id, processor_id, version, environment_id, position, number,
					kind, status, reason, ran_at, created, updated, unchanged, skipped, failed) VALUES (?, ?, 1, ?, ?, 1, 1, 0, 1, ?, ?, ?, 1, 0, 0, 0, 0, 0)`,
					100+i, made.ID, e.source, e.processor, e.kind, e.status, e.reason)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			reasons []pipeline.Reason
			want    []int64
		}{
			{[]pipeline.Reason{pipeline.ReasonBehind}, []int64{21, 22}},
			{[]pipeline.Reason{pipeline.ReasonBehind, pipeline.ReasonSuspended}, []int64{21, 22, 29}},
			{[]pipeline.Reason{pipeline.ReasonEnriching}, nil},
		} {
			got, err := db.WaitingSources(t.Context(), c.reasons...)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v: %v (-want +got)\n%s", c.reasons, err, diff)
			}
		}
		lanes, err := db.WaitingLanes(t.Context())
		want := []pipeline.Lane{{SourceID: 21, ProcessorID: 31}, {SourceID: 21, ProcessorID: 32}}
		if diff := cmp.Diff(want, lanes); diff != "" || err != nil {
			t.Errorf("lanes: %v (-want +got)\n%s", err, diff)
		}
	})
}

package queue

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	"github.com/dealwright/dealwright/internal/tenant"
)

// TestNothingOvertakes: what comes in while an older delivery of its processor waits is kept and runs after it; once
// nothing waits, deliveries run at the door again.
func TestNothingOvertakes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", deals)
		other, _ := w.AddSource(t, "Others", deals)
		w.deliver(t, source.ID, deal(1, "First"), pipeline.ReasonBehind)
		w.deliver(t, source.ID, deal(1, "Second"), "")
		w.deliver(t, other.ID, deal(2, "Elsewhere"), "")
		w.wantRuns(t, "waiting behind", "waiting behind", "succeeded")
		w.work(t, behind)
		w.wantRuns(t, "succeeded", "succeeded", "succeeded")
		w.deliver(t, source.ID, deal(1, "Third"), "")
		w.wantRuns(t, "succeeded", "succeeded", "succeeded", "succeeded")
		if got := w.activityType(t, "1"); got != "Third" {
			t.Errorf("the record says %q", got)
		}
		if got := w.Count(t, "journal WHERE noun = 'activity'"); got != 2 {
			t.Errorf("%d changes; want each delivery to have made its own, in order", got)
		}
	})
}

// TestNothingOvertakesAfterARestart: a server that comes back knows what waits before it takes anything.
func TestNothingOvertakesAfterARestart(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", deals)
		w.deliver(t, source.ID, deal(1, "First"), pipeline.ReasonBehind)
		nothing := func() ([]pipeline.Lane, error) { return nil, nil } // as a new process: it knows of nothing
		if err := w.Node.Writer.LearnOrder(nothing); err != nil {
			t.Fatal(err)
		}
		if err := w.Queue.LearnOrder(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.deliver(t, source.ID, deal(1, "Second"), "")
		w.wantRuns(t, "waiting behind", "waiting behind")
		lanes, err := w.WaitingLanes(t.Context())
		if diff := cmp.Diff([]pipeline.Lane{{SourceID: source.ID, ProcessorID: processors[0]}}, lanes); diff != "" || err != nil {
			t.Errorf("lanes: %v\n%s", err, diff)
		}
	})
}

// TestADeliveryThatCannotBeRead is parked, and keeps back nothing.
func TestADeliveryThatCannotBeRead(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", deals)
		first := w.deliver(t, source.ID, deal(1, "First"), pipeline.ReasonBehind)
		w.deliver(t, source.ID, deal(2, "Second"), pipeline.ReasonBehind)
		w.damage(t, first.Delivery.Number)
		w.work(t, behind)
		w.deliver(t, source.ID, deal(3, "Third"), "")
		w.wantRuns(t, "waiting parked", "succeeded", "succeeded")
	})
}

// damage makes a stored delivery unreadable, as a disk may.
func (w *world) damage(t *testing.T, delivery int64) {
	t.Helper()
	err := w.Write(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Exec("UPDATE deliveries SET body = ? WHERE id = ?", []byte("{"), delivery)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWhatWaitsIsTrueToTheConfiguration: what is left waiting for a processor that was disabled says so and runs when it
// is enabled again; what waits for one that was taken off its source, or whose source is gone, is skipped.
func TestWhatWaitsIsTrueToTheConfiguration(t *testing.T) {
	t.Parallel()
	allow := func(tenant.Dependents) error { return nil }
	for name, c := range map[string]struct {
		change func(t *testing.T, w *world, sourceID, processorID int64)
		want   string
		state  string
	}{
		"disabled": {func(t *testing.T, w *world, _, processorID int64) {
			if _, err := processor.Disable(t.Context(), w.Node.DB, w.ID, processorID); err != nil {
				t.Fatal(err)
			}
		}, "waiting disabled", "waiting"},
		"disabled and enabled": {func(t *testing.T, w *world, _, processorID int64) {
			if _, err := processor.Disable(t.Context(), w.Node.DB, w.ID, processorID); err != nil {
				t.Fatal(err)
			}
			w.work(t, mended)
			w.work(t, mended)
			if _, err := processor.Enable(t.Context(), w.Node.DB, w.Node.Library, w.ID, processorID); err != nil {
				t.Fatal(err)
			}
		}, "succeeded", "done"},
		"unlinked": {func(t *testing.T, w *world, sourceID, _ int64) {
			w.Link(t, sourceID)
		}, "skipped unlinked", "skipped"},
		"source deleted": {func(t *testing.T, w *world, sourceID, _ int64) {
			if err := w.DeleteSource(t.Context(), w.ID, sourceID, allow); err != nil {
				t.Fatal(err)
			}
		}, "skipped source_deleted", "skipped"},
		"processor deleted": {func(t *testing.T, w *world, _, processorID int64) {
			if err := w.DeleteProcessor(t.Context(), w.ID, processorID, allow); err != nil {
				t.Fatal(err)
			}
		}, "skipped unlinked", "skipped"},
		"provider deleted": {func(t *testing.T, w *world, _, _ int64) {
			if err := w.DeleteProvider(t.Context(), w.ID, w.Provider.ID, allow); err != nil {
				t.Fatal(err)
			}
		}, "skipped source_deleted", "skipped"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
				w := open(t, d)
				source, processors := w.AddSource(t, "Deals", deals)
				w.deliver(t, source.ID, deal(1, "A"), pipeline.ReasonBehind)
				c.change(t, w, source.ID, processors[0])
				w.work(t, mended)
				w.wantRuns(t, c.want)
				var state string
				w.Ask(t, "SELECT state FROM deliveries", nil, &state)
				if state != c.state {
					t.Errorf("the delivery is %s; want %s", state, c.state)
				}
				all, err := w.ListExecutions(t.Context(), pipeline.ExecutionFilter{TenantID: w.ID}, page.Request{})
				if err != nil {
					t.Fatal(err)
				}
				x, err := explain.Trace(t.Context(), w.Node.DB, w.Node.Library, w.ID, all.Items[0].ID)
				if err != nil {
					t.Fatal(err)
				}
				if ignored := strings.Contains(x.Tree.Note, "was ignored"); ignored != strings.HasPrefix(c.want, "skipped") {
					t.Errorf("the trace says: %s", x.Tree.Note)
				}
				told, err := (&why.Desk{Store: w.Node.DB, Library: w.Node.Library}).Absent(t.Context(), why.Wanted{TenantID: w.ID, Noun: "activity", ExternalID: "1"})
				if err != nil {
					t.Fatal(err)
				}
				if ignored := strings.Contains(fmt.Sprintf("%+v", told), "It did not run"); ignored != strings.HasPrefix(c.want, "skipped") {
					t.Errorf("why says %+v", told)
				}
				findings, err := w.Findings(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range findings {
					if f.Count > 0 {
						t.Errorf("doctor: %s: %d", f.What, f.Count)
					}
				}
			})
		})
	}
}

// TestAskedOfADeletedSource: what somebody could still answer for a test stays; for a live delivery it is over.
func TestAskedOfADeletedSource(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", asking)
		done := w.deliver(t, source.ID, deal(1, "A"), "")
		if _, err := w.Queue.Test(t.Context(), w.ID, processors[0], done.Delivery.Number, false); err != nil {
			t.Fatal(err)
		}
		w.wantRuns(t, "waiting asked", "test waiting asked")
		w.Link(t, source.ID)
		w.work(t, mended)
		w.wantRuns(t, "skipped unlinked", "test waiting asked")
		w.Link(t, source.ID, processor.Link{ProcessorID: processors[0], Constants: value.Object(nil)})
		w.work(t, mended)
		w.wantRuns(t, "skipped unlinked", "test waiting asked")
	})
}

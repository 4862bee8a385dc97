package queue

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/enrich"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	"github.com/dealwright/dealwright/internal/tenant"
)

// withAsk is the language with one operation more, whose answer comes later. No operation of the language needs that
// yet.
func withAsk() *library.Library {
	ask := &library.Operation{
		Entry: library.Entry{
			Name: "ask", Title: "Ask", Help: "Asks somebody, who answers later.", Group: library.Utility, Summary: "Ask {question}",
			Signature: types.Signature{
				Params: []types.Param{{Name: "question", Title: "Question", Type: types.Text, Required: true, Help: "What is asked."}},
				Result: types.Free,
			},
		},
		Meaning: func(*library.Step) run.Do {
			return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
				return f.Apply(in, run.Effect{Kind: run.Ask, Noun: "ask", Fields: fields})
			}
		},
	}
	return library.New(library.Expressions(), append(library.Operations(), ask))
}

// world is a node with a tenant and a queue.
type world struct {
	*pipelinetest.Node
	*pipelinetest.Tenant
	*Queue
}

func open(t *testing.T, d *storagetest.Database) *world {
	t.Helper()
	n := pipelinetest.Start(t, d.Open(t), withAsk())
	return &world{Node: n, Tenant: n.Tenant(t, "acme"), Queue: queueOf(n)}
}

func queueOf(n *pipelinetest.Node) *Queue {
	store := storage.QueueStore{DB: n.DB, Loader: storage.NewPictureLoader(n.DB, n.Library)}
	return &Queue{Store: store, Plan: n.Plan, Writer: n.Writer, Desk: enrich.New(n.DB, n.Plan, n.Catalogue, pipelinetest.Log(), n.Now), Log: pipelinetest.Log()}
}

// deliver hands one delivery to the writer, as a door does; a reason keeps its executions waiting.
func (w *world) deliver(t *testing.T, sourceID int64, body string, reason pipeline.Reason) *commit.Done {
	t.Helper()
	if _, err := w.Node.Plan.Fresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	result, err := w.Node.Writer.Submit(t.Context(), deliveryJob(w.Now(), sourceID, body, reason))
	if err != nil {
		t.Fatal(err)
	}
	return &result.Items[0]
}

// deliveryJob is what a door makes of a call with one object.
func deliveryJob(now, sourceID int64, body string, reason pipeline.Reason) commit.Job {
	return commit.Job{Plan: func(p *plan.Picture) (*commit.Work, error) {
		source := p.Sources[sourceID]
		if source == nil {
			return nil, fault.New(fault.NotFound, "no such source")
		}
		tenant, provider := source.Provider.Tenant, source.Provider.ID
		d := &pipeline.Delivery{TenantID: tenant.ID, ProviderID: provider, SourceID: sourceID, ReceivedAt: now, Body: []byte(body)}
		var units []execute.Unit
		for i := range source.Links {
			unit, err := unitOf(p, tenant.ID, &source.Links[i], d)
			if err != nil {
				return nil, err
			}
			unit.Kind = pipeline.Live
			if reason != "" {
				unit.Defer(reason)
			}
			units = append(units, unit)
		}
		call := &pipeline.SourceExecution{TenantID: tenant.ID, ProviderID: provider, SourceID: sourceID, Door: "in", ReceivedAt: now, Status: pipeline.CallSucceeded, HTTPStatus: 200, Items: 1}
		return &commit.Work{Call: call, Items: []commit.Item{{Delivery: d, Units: units}}}, nil
	}}
}

// runs gives the executions in the order of their delivery and position: "succeeded", "waiting asked" …
func (w *world) runs(t *testing.T) (all []string) {
	t.Helper()
	err := w.Read(t.Context(), func(tx *storage.Tx) error {
		all = nil
		rows, err := tx.Query("SELECT kind, status, coalesce(reason, '') FROM executions WHERE tenant_id = ? ORDER BY delivery_id, position, id", w.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind, status, reason string
			if err := rows.Scan(&kind, &status, &reason); err != nil {
				return err
			}
			one := status
			if reason != "" {
				one += " " + reason
			}
			if kind != "live" {
				one = kind + " " + one
			}
			all = append(all, one)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w *world) wantRuns(t *testing.T, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, w.runs(t)); diff != "" {
		t.Errorf("executions (-want +got):\n%s", diff)
	}
}

// work makes one pass over what waits for one of the reasons.
func (w *world) work(t *testing.T, reasons []pipeline.Reason) (again bool) {
	t.Helper()
	picture, err := w.Node.Plan.Fresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	again, err = w.pass(t.Context(), picture, reasons)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// activityType of an activity by its external id, "" where there is none.
func (w *world) activityType(t *testing.T, externalID string) (kind string) {
	t.Helper()
	w.Ask(t, "SELECT coalesce(max(activity_type), '') FROM activities WHERE tenant_id = ? AND external_id = ?", []any{w.ID, externalID}, &kind)
	return kind
}

// deals writes an activity of the type the delivery says.
const deals = `
spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    return_as: agent
  - type: upsert_activity
    external_id: =event.id
    activity_type: =event.type
    agent_external_identity: =agent
    moment: =parse_datetime(event.at)
`

func deal(id int, kind string) string {
	return fmt.Sprintf(`{"id": %d, "agent": 7, "type": %q, "at": "2026-01-05"}`, id, kind)
}

func TestBehindRunsInOrderOfAcceptance(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", deals, deals)
		n := 2*batch + 10
		for i := range n { // the same record again and again: the last one must win
			w.deliver(t, source.ID, deal(1, fmt.Sprint("Stage ", i)), pipeline.ReasonBehind)
		}
		if got := w.Count(t, "executions WHERE status = 'waiting' AND reason = 'behind'"); got != 2*n {
			t.Fatalf("%d executions wait; want %d", got, 2*n)
		}
		seen := make(chan struct{}, 100)
		w.Queue.Store = &watched{Store: w.Queue.Store, seen: seen}
		if w.work(t, behind) {
			t.Error("something has to be tried again")
		}
		if len(seen) != 3 { // the look at what waits, and a claim for four batches and one for the rest
			t.Errorf("%d looks and claims", len(seen))
		}
		if got := w.Count(t, "executions WHERE status = 'succeeded'"); got != 2*n {
			t.Errorf("%d executions succeeded; want %d", got, 2*n)
		}
		if got := w.Count(t, "deliveries WHERE state = 'done'"); got != n {
			t.Errorf("%d deliveries are done; want %d", got, n)
		}
		if got, want := w.activityType(t, "1"), fmt.Sprint("Stage ", n-1); got != want {
			t.Errorf("the record says %q; want %q", got, want)
		}
	})
}

func TestIncompleteLinkRunsOnceItIsMended(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals")
		id := w.AddProcessor(t, "Deals", `
spec: 1
source_model: webhook.payload
constants:
  - {name: prefix, type: string}
instructions:
  - type: upsert_agent_external_identity
    external_id: =concat(prefix, event.agent)
`)
		link := processor.Link{ProcessorID: id, Constants: value.Object(nil)}
		w.Link(t, source.ID, link)
		w.deliver(t, source.ID, deal(1, "A"), "")
		w.deliver(t, source.ID, deal(2, "A"), "")
		w.wantRuns(t, "waiting incomplete_link", "waiting incomplete_link")
		w.work(t, mended)
		w.wantRuns(t, "waiting incomplete_link", "waiting incomplete_link")

		link.Constants = value.Object([]value.Member{{Key: "prefix", Value: value.Text("crm ")}})
		w.Link(t, source.ID, link)
		w.work(t, mended)
		w.wantRuns(t, "succeeded", "succeeded")
		if n := w.Count(t, "identities WHERE external_id = 'crm 7'"); n != 1 {
			t.Errorf("%d identities; want one", n)
		}
	})
}

func TestSuspendedProcessorRunsOnceItIsMended(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", deals)
		// As after an upgrade that took away an operation the spec uses.
		err := w.Write(t.Context(), func(tx *storage.Tx) error {
			if _, err := tx.Exec(`UPDATE spec_versions SET tree = '{"spec":1,"source_model":"webhook.payload","instructions":[{"type":"gone"}]}' WHERE processor_id = ?`, processors[0]); err != nil {
				return err
			}
			return tx.RaiseEpoch()
		})
		if err != nil {
			t.Fatal(err)
		}
		w.deliver(t, source.ID, deal(1, "A"), "")
		w.work(t, mended)
		w.wantRuns(t, "waiting suspended")
		w.Save(t, processors[0], deals+"    value: 5\n")
		w.work(t, mended)
		w.wantRuns(t, "succeeded")
	})
}

// switchKinds makes these record kinds the ones that are on.
func (w *world) switchKinds(t *testing.T, kinds ...string) {
	t.Helper()
	_, err := processor.ChangeSettings(t.Context(), w.Node.DB, w.Node.Library, w.ID, func(now tenant.Tenant) (tenant.Tenant, error) {
		return now.With(tenant.Change{RecordKinds: &kinds}, now.ProviderTypes)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsSwitchedOffRunsOnceItIsOn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", deals)
		w.switchKinds(t, "sale")
		w.deliver(t, source.ID, deal(1, "A"), "")
		w.work(t, mended)
		w.wantRuns(t, "waiting suspended")
		w.switchKinds(t, "sale", "activity")
		w.work(t, mended)
		w.wantRuns(t, "succeeded")
	})
}

// TestRun lets the queue find out by itself: by what a commit leaves waiting, and by a change of the configuration.
func TestRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", deals)
		seen := make(chan struct{}, 100)
		w.Queue.Store = &watched{Store: w.Queue.Store, seen: seen}
		pipelinetest.Go(t, w.Run)
		<-seen // the first pass
		w.deliver(t, source.ID, deal(1, "A"), pipeline.ReasonBehind)
		await(t, seen, w, "succeeded")

		w.Save(t, processors[0], deals+"constants:\n  - {name: prefix, type: string}\n")
		w.deliver(t, source.ID, deal(2, "B"), "")
		w.wantRuns(t, "succeeded", "waiting incomplete_link")
		w.Save(t, processors[0], deals)
		if _, err := w.Node.Plan.Fresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		await(t, seen, w, "succeeded", "succeeded")
	})
}

// watched tells of every look at what waits, and of the end of every claim.
type watched struct {
	Store
	seen chan struct{}
}

func (s *watched) tell() {
	select {
	case s.seen <- struct{}{}:
	default:
	}
}

func (s *watched) WaitingSources(ctx context.Context, reasons ...pipeline.Reason) ([]int64, error) {
	defer s.tell()
	return s.Store.WaitingSources(ctx, reasons...)
}

func (s *watched) Claim(ctx context.Context, sourceID int64, fn func() error) (bool, error) {
	defer s.tell()
	return s.Store.Claim(ctx, sourceID, fn)
}

// await looks each time something was seen until the executions are as wanted.
func await(t *testing.T, seen chan struct{}, w *world, want ...string) {
	t.Helper()
	for {
		if cmp.Equal(want, w.runs(t)) {
			return
		}
		select {
		case <-seen:
		case <-t.Context().Done():
			w.wantRuns(t, want...)
			return
		}
	}
}

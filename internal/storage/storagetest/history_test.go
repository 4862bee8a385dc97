package storagetest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		for i := range 7 {
			submit(t, n, call(fmt.Sprint("evt", i), func(d *pipeline.Delivery) []execute.Unit {
				u := &unit{delivery: d, do: deal("7", fmt.Sprint("a", i), "Deal")}
				switch i {
				case 2:
					u.GiveUp("no luck")
				case 4:
					u.Defer(pipeline.ReasonBehind)
				}
				return []execute.Unit{u}
			}))
		}
		ctx := t.Context()

		var all []int64
		request := page.Request{Size: 3}
		for {
			p, err := n.ListExecutions(ctx, pipeline.ExecutionFilter{TenantID: tenant, SourceID: source, ProcessorID: processor, Kind: pipeline.Live}, request)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range p.Items {
				all = append(all, e.DeliveryID)
			}
			if request.Cursor = p.Next; p.Next == nil {
				break
			}
		}
		if len(all) != 7 || all[0] <= all[6] {
			t.Errorf("executions of deliveries %v", all)
		}

		failed, err := n.ListExecutions(ctx, pipeline.ExecutionFilter{TenantID: tenant, Status: run.Failed}, page.Request{})
		if err != nil || len(failed.Items) != 1 {
			t.Fatalf("failed: %v, %v", failed.Items, err)
		}
		want := []*run.DataError{{Code: "failed", Message: "no luck", Value: value.Int(3)}}
		if got := failed.Items[0].Errors; len(got) != 1 || got[0].Message != want[0].Message || got[0].Code != want[0].Code || !got[0].Value.Equal(want[0].Value) {
			t.Errorf("errors are %+v", got)
		}
		one, err := n.Execution(ctx, tenant, failed.Items[0].ID)
		if err != nil || len(one.Digest) != 32 || one.ReceivedAt != 5 {
			t.Errorf("execution: %+v, %v", one, err)
		}
		if _, err := n.Execution(ctx, tenant+1, failed.Items[0].ID); err == nil {
			t.Error("another tenant's execution was given")
		}
		if ok, err := n.ListExecutions(ctx, pipeline.ExecutionFilter{TenantID: tenant, Status: run.Succeeded}, page.Request{}); err != nil || len(ok.Items) != 5 {
			t.Errorf("succeeded: %v, %v", ok.Items, err)
		}

		delivery, err := n.Delivery(ctx, tenant, one.DeliveryID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pipeline.Delivery{
			Number: one.DeliveryID, TenantID: tenant, ProviderID: provider, SourceID: source, SourceExecutionID: delivery.SourceExecutionID,
			ReceivedAt: 5, State: pipeline.DeliveryFailed, EventID: "evt2", Body: []byte(`{"a":1}`),
		}, delivery.Delivery); diff != "" {
			t.Errorf("delivery (-want +got):\n%s", diff)
		}
		list, err := n.ListDeliveries(ctx, pipeline.DeliveryFilter{TenantID: tenant, State: pipeline.DeliveryWaiting, SourceID: source}, page.Request{})
		if err != nil || len(list.Items) != 1 || list.Items[0].EventID != "evt4" {
			t.Errorf("waiting deliveries: %v, %v", list.Items, err)
		}
		c, err := n.Call(ctx, tenant, delivery.SourceExecutionID)
		if err != nil || c.Items != 1 || c.Door != "in" || c.Body != nil {
			t.Errorf("call: %+v, %v", c, err)
		}
		for _, f := range []pipeline.CallFilter{{TenantID: tenant}, {TenantID: tenant, ProviderID: provider, Status: pipeline.CallSucceeded}, {TenantID: tenant, SourceID: source, Door: "in", After: 5, Before: 6}} {
			if calls, err := n.ListCalls(ctx, f, page.Request{}); err != nil || len(calls.Items) != 7 {
				t.Errorf("%+v: %d calls, %v", f, len(calls.Items), err)
			}
		}

		sources, err := n.WaitingSources(ctx, pipeline.ReasonBehind, pipeline.ReasonAsked)
		if diff := cmp.Diff([]int64{source}, sources); diff != "" || err != nil {
			t.Errorf("sources with something waiting: %v %v", sources, err)
		}
		waiting, err := n.Waiting(ctx, pipeline.Waiting{SourceID: source, Processors: []int64{processor}, Limit: 10, Reasons: []pipeline.Reason{pipeline.ReasonBehind}})
		if err != nil || len(waiting) != 1 || waiting[0].Delivery.EventID != "evt4" || waiting[0].Execution.DeliveryID != waiting[0].Delivery.Number {
			t.Errorf("waiting: %v, %v", waiting, err)
		}
		recent, err := n.RecentExecutions(ctx, 0, 3)
		if err != nil || len(recent) != 3 || recent[0].ID <= recent[2].ID {
			t.Errorf("recent: %v, %v", recent, err)
		}

		sums, err := n.Sums(ctx)
		if diff := cmp.Diff(map[string]int64{"done": 5, "failed": 1, "waiting": 1}, sums.Deliveries); diff != "" || err != nil {
			t.Errorf("sums (-want +got):\n%s%v", diff, err)
		}
		findings, err := n.Findings(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range findings {
			switch f.What { // the processor of this test has no spec and its executions no environment
			case "executions that ran without a spec version or an environment":
				if f.Count != 7 || len(f.Examples) != 5 {
					t.Errorf("%+v", f)
				}
			default:
				if f.Count != 0 {
					t.Errorf("%+v", f)
				}
			}
		}
	})
}

func TestClaimIsHeldByOneNode(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		if claimed, err := db.Claim(t.Context(), source, func() error { return nil }); d.Nodes && (claimed || err != nil) {
			t.Errorf("a source that is not there was claimed: %v", err)
		}
		if !d.Nodes {
			return
		}
		addSource(t, db)
		other := d.Open(t)
		claimed, err := db.Claim(t.Context(), source, func() error {
			claimed, err := other.Claim(t.Context(), source, func() error { return nil })
			if claimed {
				t.Error("both nodes hold the claim")
			}
			return err
		})
		if !claimed || err != nil {
			t.Errorf("claimed: %v, %v", claimed, err)
		}
		if claimed, err := other.Claim(t.Context(), source, func() error { return nil }); !claimed || err != nil {
			t.Errorf("the claim was not let go: %v", err)
		}
	})
}

package queue

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// asking asks two things between its upserts.
const asking = `
spec: 1
source_model: webhook.payload
instructions:
  - type: upsert_agent_external_identity
    external_id: =event.agent
    return_as: agent
  - type: ask
    question: =concat("What type is ", event.id)
    return_as: kind
  - type: if_else
    condition: =equals(kind, "ask again")
    then:
      - {type: ask, question: And now, return_as: second}
      - {type: define_variable, value: =second, return_as: final}
    else:
      - {type: define_variable, value: =kind, return_as: final}
  - type: upsert_activity
    external_id: =event.id
    activity_type: =concat("Answered | ", final)
    agent_external_identity: =agent
    moment: =parse_datetime(event.at)
`

func TestAnswers(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", asking)
		done := w.deliver(t, source.ID, deal(1, "A"), "")
		asked := done.Units[0].Outcome().Execution
		if asked.Status != run.Waiting || asked.Reason != pipeline.ReasonAsked || !strings.Contains(string(asked.Asked.Fields), "What type is 1") {
			t.Fatalf("%+v; want it to wait for an answer", asked)
		}
		// What came before the question is taken back: the run is all or nothing.
		if n := w.Count(t, "identities WHERE tenant_id = ?", w.ID); n != 0 {
			t.Errorf("%d identities while the question is open", n)
		}
		w.work(t, mended) // the queue leaves it alone
		w.wantRuns(t, "waiting asked")

		outcome, err := w.Answer(t.Context(), w.ID, asked.ID, value.Text("ask again"))
		if err != nil || outcome.Execution.Status != run.Waiting {
			t.Fatalf("%+v, %v; want the next question", outcome.Execution, err)
		}
		outcome, err = w.Answer(t.Context(), w.ID, asked.ID, value.Text("Won"))
		if err != nil || outcome.Execution.Status != run.Succeeded {
			t.Fatalf("%+v, %v; want it to be done", outcome.Execution, err)
		}
		w.wantRuns(t, "succeeded")
		if got := w.activityType(t, "1"); got != "Answered | Won" {
			t.Errorf("the record says %q", got)
		}
		if _, err := w.Answer(t.Context(), w.ID, asked.ID, value.Text("Lost")); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second answer: %v; want a conflict", err)
		}
		if _, err := w.Answer(t.Context(), w.ID+1, asked.ID, value.Text("Lost")); !fault.Is(err, fault.NotFound) {
			t.Errorf("an answer of another tenant: %v; want not found", err)
		}
	})
}

func TestTestRunsADisabledProcessor(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", deals)
		if _, err := processor.Disable(t.Context(), w.DB, w.ID, processors[0]); err != nil {
			t.Fatal(err)
		}
		done := w.deliver(t, source.ID, deal(1, "A"), "")
		w.wantRuns(t)
		outcome, err := w.Test(t.Context(), w.ID, processors[0], done.Delivery.Number, false)
		if err != nil || outcome.Execution.Status != run.Succeeded {
			t.Fatalf("%+v, %v", outcome.Execution, err)
		}
		w.wantRuns(t, "test succeeded")
		if got := w.activityType(t, "1"); got != "A" {
			t.Errorf("the record says %q; a test writes for real", got)
		}
		// One that is linked nowhere runs too; one of another tenant is not there.
		other := w.AddProcessor(t, "Other", deals)
		if _, err := w.Test(t.Context(), w.ID, other, done.Delivery.Number, false); err != nil {
			t.Error(err)
		}
		if _, err := w.Test(t.Context(), w.ID+1, other, done.Delivery.Number, false); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v; want not found", err)
		}
	})
}

// TestWhatCameInBeforeIsRun: what a source took in before a processor ran on it is run once, in the order of acceptance,
// and never by one that has run it.
func TestWhatCameInBeforeIsRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", deals)
		if _, err := processor.Disable(t.Context(), w.DB, w.ID, processors[0]); err != nil {
			t.Fatal(err)
		}
		var numbers []int64
		for _, kind := range []string{"A", "B"} {
			numbers = append([]int64{w.deliver(t, source.ID, deal(1, kind), "").Delivery.Number}, numbers...) // the newest first
		}
		if _, err := w.Test(t.Context(), w.ID, processors[0], numbers[0], false); err != nil { // a test is no run
			t.Fatal(err)
		}
		refused, err := w.RunStored(t.Context(), w.ID, numbers, false)
		if err != nil || !fault.Is(refused[0], fault.Conflict) || !fault.Is(refused[1], fault.Conflict) {
			t.Fatalf("%v, %v; want both refused: no processor is enabled", refused, err)
		}
		if _, err := processor.Enable(t.Context(), w.DB, w.Library, w.ID, processors[0]); err != nil {
			t.Fatal(err)
		}
		refused, err = w.RunStored(t.Context(), w.ID, append(numbers, numbers[0], 1<<40), false)
		if err != nil || refused[0] != nil || refused[1] != nil || !fault.Is(refused[3], fault.NotFound) {
			t.Fatalf("%v, %v", refused, err)
		}
		w.wantRuns(t, "replay succeeded", "test succeeded", "replay succeeded")
		if got := w.activityType(t, "1"); got != "B" {
			t.Errorf("the record says %q, not what came last", got)
		}
		if n := w.Count(t, "deliveries WHERE state = 'done'"); n != 2 {
			t.Errorf("%d deliveries are done, want 2", n)
		}
		if refused, err = w.RunStored(t.Context(), w.ID, numbers, false); err != nil || refused[0] != nil {
			t.Errorf("%v, %v; there is nothing left to run, which is no fault", refused, err)
		}
		w.wantRuns(t, "replay succeeded", "test succeeded", "replay succeeded")
		if refused, err = w.RunStored(t.Context(), w.ID+1, numbers, false); err != nil || !fault.Is(refused[0], fault.NotFound) {
			t.Errorf("%v, %v; want not found by another tenant", refused, err)
		}
	})
}

func TestReplay(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		broken := strings.Replace(deals, "=event.type", "=lower(event.typo)", 1)
		source, processors := w.AddSource(t, "Deals", broken)
		var failed []int64
		for _, kind := range []string{"A", "B"} {
			e := w.deliver(t, source.ID, deal(1, kind), "").Units[0].Outcome().Execution
			if e.Status != run.Failed {
				t.Fatalf("%s: %s", kind, e.Status)
			}
			failed = append(failed, e.ID)
		}
		w.Save(t, processors[0], deals)
		newest := w.deliver(t, source.ID, deal(1, "C"), "").Units[0].Outcome().Execution

		// In whatever order they are asked for, they run in the order of acceptance; and nothing old is put over
		// something new.
		all, err := w.ReplayAll(t.Context(), w.ID, []int64{failed[1], failed[0], 1}, false)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, a := range all {
			if a.Err != nil {
				got = append(got, fault.Of(a.Err).Kind.Code())
				continue
			}
			got = append(got, string(a.Outcome.Execution.Status))
		}
		if diff := cmp.Diff([]string{"succeeded", "succeeded", "NOT_FOUND"}, got); diff != "" {
			t.Error(diff)
		}
		w.wantRuns(t, "failed", "replay succeeded", "failed", "replay succeeded", "succeeded")
		if got := w.activityType(t, "1"); got != "C" {
			t.Errorf("the record says %q; the newest delivery said C", got)
		}
		if n := w.Count(t, "deliveries WHERE state = 'done'"); n != 3 {
			t.Errorf("%d deliveries are done; want 3", n)
		}

		// Unless that is wanted: then the run counts as a delivery of this moment.
		if _, err := w.Replay(t.Context(), w.ID, failed[0], true); err != nil {
			t.Fatal(err)
		}
		if got := w.activityType(t, "1"); got != "A" {
			t.Errorf("the record says %q; want what was overwritten", got)
		}
		if _, err := w.Replay(t.Context(), w.ID, newest.ID, false); err != nil {
			t.Fatal(err)
		}
		if got := w.activityType(t, "1"); got != "A" {
			t.Errorf("the record says %q; what was overwritten is newer", got)
		}
	})
}

func TestReplayOfWhatCannotRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, processors := w.AddSource(t, "Deals", deals)
		done := w.deliver(t, source.ID, deal(1, "A"), "").Units[0].Outcome().Execution
		waiting := w.deliver(t, source.ID, deal(2, "A"), pipeline.ReasonBehind).Units[0].Outcome().Execution
		if _, err := w.Replay(t.Context(), w.ID, waiting.ID, false); !fault.Is(err, fault.Conflict) {
			t.Errorf("one that waits: %v; want a conflict", err)
		}
		w.Save(t, processors[0], deals+"constants:\n  - {name: prefix, type: string}\n")
		_, err := w.Replay(t.Context(), w.ID, done.ID, false)
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "prefix") {
			t.Errorf("a constant without a value: %v; want a conflict that names it", err)
		}
		// What is parked has not run yet: it is released.
		parked := w.deliver(t, source.ID, deal(3, "A"), pipeline.ReasonParked).Units[0].Outcome().Execution
		w.Save(t, processors[0], deals)
		if outcome, err := w.Replay(t.Context(), w.ID, parked.ID, false); err != nil || outcome.Execution.ID != parked.ID {
			t.Errorf("%+v, %v; want the parked one to run", outcome.Execution, err)
		}
	})
}

// TestTwoNodes: two queues on one database run everything, once.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		if !d.Nodes {
			return // the process is alone
		}
		w := open(t, d)
		second := &world{Node: pipelinetest.Start(t, d.Open(t), withAsk()), Tenant: w.Tenant}
		second.Queue = queueOf(second.Node)
		const n = 3 * batch
		var sources []int64
		for _, name := range []string{"A", "B"} {
			source, _ := w.AddSource(t, name, deals)
			sources = append(sources, source.ID)
		}
		for i := range n {
			w.deliver(t, sources[i%2], deal(i, "A"), pipeline.ReasonBehind)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for second.work(t, behind) {
			}
		}()
		for w.work(t, behind) {
		}
		<-done
		if got := w.Count(t, "executions WHERE status = 'succeeded'"); got != n {
			t.Errorf("%d executions succeeded; want %d", got, n)
		}
		if got := w.Count(t, "activities"); got != n {
			t.Errorf("%d activities; want %d", got, n)
		}
	})
}

func TestParkedExecutionNamedTwiceRunsOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", deals)
		parked := w.deliver(t, source.ID, deal(3, "A"), pipeline.ReasonParked).Units[0].Outcome().Execution
		all, err := w.ReplayAll(t.Context(), w.ID, []int64{parked.ID, parked.ID}, false)
		if err != nil {
			t.Fatal(err)
		}
		if all[0].Err != nil || !fault.Is(all[1].Err, fault.Conflict) {
			t.Errorf("the first: %v; the second: %v", all[0].Err, all[1].Err)
		}
		w.wantRuns(t, "succeeded")
	})
}

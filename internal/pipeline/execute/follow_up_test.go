package execute

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
)

const followUp = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - {id: agent, type: upsert_agent_external_identity, external_id: =event.agent, return_as: agent}
  - {id: first, type: upsert_period, external_id: p1, period_type: Open, starts_at: '=parse_datetime("2025-12-01")', contact_key: c1}
  - {id: held, type: upsert_period, external_id: p2, period_type: Open, starts_at: '=parse_datetime("2025-12-02")', contact_key: c1, return_as: held}
  - {id: lock, type: lock_record_field, record: =held, field: value}
  - {id: change, type: insert_contact_period_change, contact_key: c1, period_type: =event.state, moment: '=parse_datetime("2025-12-05")', set: {agent_external_identity: =agent}, return_as: state}
  - {id: same, type: insert_contact_period_change, contact_key: c1, period_type: =event.state, moment: =now(), only_if_changed: true, set: {agent_external_identity: =agent}, return_as: there}
  - {id: all, type: update_contact_periods, contact_key: =there.contact_key, set: {value: 3, ends_at: '=parse_datetime("2025-12-04")'}}
`

// What an execution with locks and contact follow-up wrote is told record by record, and its trace can be recomputed.
func TestFollowUpOnTheStage(t *testing.T) {
	t.Parallel()
	u := unit(t, followUp, `{"agent": 7, "state": "Won"}`)
	stage := stageFor(u)
	if err := u.Run(stage); err != nil {
		t.Fatal(err)
	}
	e := u.Outcome().Execution
	if e.Status != run.Succeeded {
		t.Fatalf("it is %s: %v", e.Status, e.Errors)
	}
	const change = "c1 | Won | 2025-12-05T05:00:00Z"
	want := []Wrote{
		{"agent", true, "7", run.Created},
		{"period", false, "p1", run.Created},
		{"period", false, "p2", run.Created},
		{"period", false, change, run.Created},
		{"period", false, "p1", run.Updated},
		{"period", false, "p2", run.Updated},
		{"period", false, change, run.Unchanged},
		{"period", false, "p1", run.Updated},
		{"period", false, "p2", run.Updated},
	}
	if diff := cmp.Diff(want, u.Outcome().Wrote); diff != "" {
		t.Errorf("what it wrote (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(run.Counts{Created: 4, Updated: 5, Unchanged: 2}, e.Counts); diff != "" {
		t.Errorf("its counts (-want +got):\n%s", diff)
	}
	env := run.Environment{Zone: u.Link.Zone, Country: u.Link.Country, ReceivedAt: u.Delivery.ReceivedAt}
	tree, digest, err := trace.Recompute(compiled(t, followUp, true), u.Item, env, e.Answers, e.Status)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(e.Digest, digest[:]); diff != "" {
		t.Errorf("the digest (-stored +recomputed):\n%s", diff)
	}
	others := map[string]run.Outcome{}
	for _, o := range tree.Steps[6].Record.Others {
		others[o.ExternalID] = o.Outcome
	}
	if diff := cmp.Diff(map[string]run.Outcome{"p1": run.Updated, "p2": run.Updated, change: run.LeftAlone}, others); diff != "" {
		t.Errorf("the trace tells of (-want +got):\n%s", diff)
	}
}

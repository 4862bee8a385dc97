package fixed_test

import (
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/fixed"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestManagedAgentsOnADatabase: what identities are linked to is known only once they have been read, so groups begin
// again; also for more agents in one group than the tries a group has. The journal has 2 teams made and linked; 100
// agents made, linked and moved, their users made, and their identities changed; 100 activities sent again as they were.
func TestManagedAgentsOnADatabase(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tenant := n.Tenant(t, "Managed")
		if _, err := n.Plan.Fresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		const agents = 100
		for _, team := range []string{"n", "s", "s"} {
			var all sync.WaitGroup
			for i := range agents {
				all.Go(func() { post(t, n, tenant.Provider.ID, i, team) })
			}
			all.Wait()
		}
		got := count(t, n.DB, tenant.ID)
		want := []string{"agents of s: 100", "journal: 604", "teams: 2", "users tied: 100"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("in the end there is (-want +got):\n%s", diff)
		}
	})
}

func post(t *testing.T, n *pipelinetest.Node, provider int64, agent int, team string) {
	body, syntax := value.ParseJSON(fmt.Appendf(nil, `{"id": "%s%d", "type": "Shift", "moment": "2025-12-10", "agent_id": %d,
		"agent_name": "Agent %d", "agent_email": "a%d@example.test", "agent_team_id": "%s"}`, team, agent, agent, agent, agent, team), value.Limits{})
	if syntax != nil {
		t.Error(syntax)
		return
	}
	result, err := n.Writer.Submit(t.Context(), commit.Job{Plan: func(p *plan.Picture) (*commit.Work, error) {
		owner := p.Providers[provider]
		w, refused := fixed.DoorOf("activity").Read(owner.Tenant, fixed.Body{Value: body})
		if refused != nil {
			return nil, refused
		}
		w.Delivery = &pipeline.Delivery{TenantID: owner.Tenant.ID, ProviderID: provider, Body: body.AppendJSON(nil)}
		call := &pipeline.SourceExecution{TenantID: owner.Tenant.ID, ProviderID: provider, Door: "activity", Status: pipeline.CallSucceeded, HTTPStatus: 200, Items: 1}
		return &commit.Work{Call: call, Items: []commit.Item{{Delivery: w.Delivery, Units: []execute.Unit{w}}}}, nil
	}})
	if err != nil {
		t.Error(err)
	} else if refused := result.Items[0].Refused; refused != nil {
		t.Error(refused)
	}
}

func count(t *testing.T, db *storage.DB, tenant int64) (lines []string) {
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		return tx.Each(func(rows *sql.Rows) error {
			var what string
			var n int
			err := rows.Scan(&what, &n)
			lines = append(lines, fmt.Sprintf("%s: %d", what, n))
			return err
		}, `SELECT 'agents of ' || teams.name, count(*) FROM agents JOIN teams ON teams.id = agents.team_id WHERE agents.tenant_id = ? GROUP BY teams.name
			UNION ALL SELECT 'teams', count(*) FROM teams WHERE tenant_id = ?
			UNION ALL SELECT 'users tied', count(*) FROM users JOIN agents ON agents.id = users.agent_id WHERE users.tenant_id = ?
			UNION ALL SELECT 'journal', count(*) FROM journal WHERE tenant_id = ?`, tenant, tenant, tenant, tenant)
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

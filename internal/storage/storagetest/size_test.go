package storagetest_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// mostPerExecution is how many bytes an execution may take on average, beside the delivery's body.
const mostPerExecution = 250

// TestExecutionsAreSmall: that every run can be explained costs a row of this size each, on SQLite with all indexes and
// the free space in their pages, on PostgreSQL the row itself.
func TestExecutionsAreSmall(t *testing.T) {
	t.Parallel()
	const spec = `spec: 1
source_model: webhook.payload
instructions:
  - {type: upsert_agent_external_identity, external_id: =event.user.id, external_name: =event.user.name, return_as: agent}
  - {type: upsert_team_external_identity, external_id: =event.team, return_as: team}
  - type: if_else
    condition: =equals_one_off(event.status, "won", "lost")
    then:
      - type: upsert_activity
        external_id: '=concat(event.id, " | ", event.status)'
        activity_type: =concat("Deal ", event.status)
        agent_external_identity: =agent
        team_external_identity: =team
        moment: =parse_datetime(event.closed_at)
        value: =event.amount
        contact_key: =event.contact
    else:
      - {type: stop, reason: it is still open}
`
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		handler := &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: ingest.NewTally(n.DB, pipelinetest.Log()), Clock: time.Now, Log: pipelinetest.Log()}
		tenant := n.Tenant(t, "sizes")
		s, _ := tenant.AddSource(t, "deals", spec)
		const calls, items = 40, 50
		for call := range calls {
			var body []string
			for i := range items {
				k := call*items + i
				body = append(body, fmt.Sprintf(`{"id": %d, "user": {"id": %d, "name": "Agent %d"}, "team": "team-%d", "status": "%s", "amount": %d.95, "closed_at": "2025-12-10 19:00", "contact": "c-%d"}`,
					k%1500, k%40, k%40, k%7, []string{"won", "won", "lost", "open"}[k%4], k, k%900))
			}
			r := httptest.NewRequest(http.MethodPost, ingest.SourcePath+id.Format(id.Source, s.ID), strings.NewReader("["+strings.Join(body, ",")+"]"))
			r.Header.Set("Authorization", "Bearer "+tenant.Key)
			answer := httptest.NewRecorder()
			if handler.ServeHTTP(answer, r); answer.Code != http.StatusOK {
				t.Fatalf("%d %s", answer.Code, answer.Body)
			}
		}
		var rows, bytes, all int
		n.Ask(t, "SELECT count(*) FROM executions", nil, &rows)
		if d.Name == "sqlite" {
			bytes = pagesOf(t, n, "executions")
			all = bytes
		} else {
			n.Ask(t, "SELECT sum(pg_column_size(executions.*)), pg_total_relation_size('executions') FROM executions", nil, &bytes, &all)
		}
		t.Logf("%s: %d executions of %d bytes, %d with indexes (to reach: under %d)", d.Name, rows, bytes/rows, all/rows, mostPerExecution)
		if rows != calls*items || bytes/rows >= mostPerExecution {
			t.Errorf("%d executions take %d bytes each, and under %d are to be reached", rows, bytes/rows, mostPerExecution)
		}
	})
}

// pagesOf is how many bytes of a SQLite file a table and its indexes take: what would be free without it.
func pagesOf(t *testing.T, n *pipelinetest.Node, table string) int {
	t.Helper()
	var size, before, after int
	enough := errors.New("it stays")
	err := n.Write(t.Context(), func(tx *storage.Tx) error {
		if _, err := tx.Exec("PRAGMA defer_foreign_keys = on"); err != nil {
			return err
		}
		if err := tx.QueryRow("PRAGMA page_size").Scan(&size); err != nil {
			return err
		}
		if err := tx.QueryRow("PRAGMA freelist_count").Scan(&before); err != nil {
			return err
		}
		if _, err := tx.Exec("DROP TABLE " + table); err != nil {
			return err
		}
		if err := tx.QueryRow("PRAGMA freelist_count").Scan(&after); err != nil {
			return err
		}
		return enough
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	return (after - before) * size
}

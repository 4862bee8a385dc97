package storage

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// took reads how long the executions of all processors took.
func (h *home) took() error {
	return h.Each(func(rows *sql.Rows) error {
		var at, n int64
		var step int
		if err := rows.Scan(&at, &step, &n); err != nil {
			return err
		}
		if h.seen.Took[at] == nil {
			h.seen.Took[at] = map[int]int64{}
		}
		h.seen.Took[at][step] = n
		return nil
	}, `SELECT l.at, l.step, CAST(sum(l.runs) AS BIGINT) FROM run_latency l JOIN processors p ON p.id = l.processor_id
		WHERE l.tenant_id = ? AND l.span = ? AND l.at >= ? AND l.at < ? AND p.deleted_at IS NULL GROUP BY l.at, l.step`, h.TenantID, h.Span, h.From, h.To)
}

// mostCodes are told: what fails most often.
const mostCodes = 8

// failures are told with the message of the last execution of each.
func (h *home) failures() error {
	type key struct {
		processor int64
		code      string
	}
	all := map[key]*pulse.Failure{}
	sums := map[*pulse.Failure]int64{}
	err := h.Each(func(rows *sql.Rows) error {
		var at, n, newest int64
		f := &pulse.Failure{Executions: map[int64]int64{}}
		if err := rows.Scan(&at, &f.ProcessorID, &f.ProcessorName, &f.Code, &n, &newest); err != nil {
			return err
		}
		if there := all[key{f.ProcessorID, f.Code}]; there != nil {
			f = there
		} else {
			all[key{f.ProcessorID, f.Code}] = f
			h.seen.Failures = append(h.seen.Failures, f)
		}
		f.Executions[at] = n
		f.ExecutionID = max(f.ExecutionID, newest)
		sums[f] += n
		return nil
	}, `SELECT f.at, f.processor_id, p.name, f.code, f.executions, f.newest FROM failure_pulse f JOIN processors p ON p.id = f.processor_id AND p.deleted_at IS NULL
		WHERE f.tenant_id = ? AND f.span = ? AND f.at >= ? AND f.at < ?`, h.TenantID, h.Span, h.From, h.To)
	if err != nil {
		return err
	}
	slices.SortFunc(h.seen.Failures, func(a, b *pulse.Failure) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(b.ExecutionID, a.ExecutionID))
	})
	h.seen.Failures = h.seen.Failures[:min(len(h.seen.Failures), mostCodes)]
	for _, f := range h.seen.Failures {
		var text sql.NullString
		if err := h.QueryRow("SELECT error FROM executions WHERE id = ? AND tenant_id = ?", f.ExecutionID, h.TenantID).Scan(&text); err != nil {
			return err
		}
		list, err := readErrors(text.String)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(list, func(e *run.DataError) bool { return e.Code == f.Code }); i >= 0 {
			f.Message = list[i].Message
		}
	}
	return nil
}

// fresh reads how long after what they tell of records were here.
func (h *home) fresh() error {
	type key struct{ provider, source int64 }
	all := map[key]*pulse.Fresh{}
	return h.Each(func(rows *sql.Rows) error {
		var at, n int64
		var step int
		f := &pulse.Fresh{Steps: map[int64]map[int]int64{}}
		if err := rows.Scan(&f.ProviderID, &f.ProviderName, &f.ID, &f.Name, &at, &step, &n); err != nil {
			return err
		}
		if there := all[key{f.ProviderID, f.ID}]; there != nil {
			f = there
		} else {
			all[key{f.ProviderID, f.ID}] = f
			h.seen.Fresh = append(h.seen.Fresh, f)
		}
		if f.Steps[at] == nil {
			f.Steps[at] = map[int]int64{}
		}
		f.Steps[at][step] = n
		return nil
	}, `SELECT p.id, p.name, c.source_id, coalesce(s.name, ''), c.at, c.step, c.records
		FROM (SELECT provider_id, source_id, at, step, CAST(sum(records) AS BIGINT) AS records FROM record_pulse
			WHERE tenant_id = ? AND span = ? AND at >= ? AND at < ? AND step >= 0 GROUP BY provider_id, source_id, at, step) AS c
		JOIN providers p ON p.id = c.provider_id LEFT JOIN sources s ON s.id = c.source_id
		WHERE p.deleted_at IS NULL AND s.deleted_at IS NULL ORDER BY p.id, c.source_id`, h.TenantID, h.Span, h.From, h.To)
}

// flow reads which sources brought what to which processors, and which records came of it.
func (h *home) flow() error {
	err := h.Each(func(rows *sql.Rows) error {
		var r pulse.Run
		err := rows.Scan(&r.SourceID, &r.ProcessorID, &r.ProcessorName, &r.Executions, &r.Failed)
		h.seen.Runs = append(h.seen.Runs, r)
		return err
	}, `SELECT c.source_id, p.id, p.name, c.executions, c.failed
		FROM (SELECT source_id, processor_id, CAST(sum(created + updated + unchanged + skipped + failed) AS BIGINT) AS executions, CAST(sum(failed) AS BIGINT) AS failed FROM run_pulse
			WHERE tenant_id = ? AND span = ? AND at >= ? AND at < ? GROUP BY source_id, processor_id) AS c
		JOIN processors p ON p.id = c.processor_id WHERE p.deleted_at IS NULL ORDER BY c.source_id, p.id`, h.TenantID, h.Span, h.From, h.To)
	if err != nil {
		return err
	}
	return h.Each(func(rows *sql.Rows) error {
		var m pulse.Made
		err := rows.Scan(&m.ProviderID, &m.ProcessorID, &m.Kind, &m.Records)
		h.seen.Made = append(h.seen.Made, m)
		return err
	}, `SELECT CASE WHEN processor_id = 0 THEN provider_id ELSE 0 END, processor_id, kind, CAST(sum(records) AS BIGINT) FROM record_pulse
		WHERE tenant_id = ? AND span = ? AND at >= ? AND at < ? GROUP BY 1, processor_id, kind ORDER BY 1, processor_id, kind`, h.TenantID, h.Span, h.From, h.To)
}

// links counts the records that name agents, and those among them that count for nobody. What names an identity that is
// ignored, or is not there any more, is left out.
func (h *home) links() error {
	return h.Each(func(rows *sql.Rows) error {
		var at, named, unlinked int64
		err := rows.Scan(&at, &named, &unlinked)
		h.seen.Links.Named[at], h.seen.Links.Unlinked[at] = named, unlinked
		return err
	}, `SELECT c.at, CAST(sum(c.records) AS BIGINT), CAST(sum(CASE WHEN i.entity_id IS NULL THEN c.records ELSE 0 END) AS BIGINT)
		FROM agent_pulse c JOIN identities i ON i.id = c.identity_id
		WHERE c.tenant_id = ? AND c.span = ? AND c.at >= ? AND c.at < ? AND (i.entity_id IS NOT NULL OR i.ignored = 0) GROUP BY c.at`,
		h.TenantID, h.Span, h.From, h.To)
}

// mostBacklog of the identities of agents that are not linked are counted.
const mostBacklog = 10_000

func (h *home) backlog() error {
	var all int64
	err := h.Each(func(rows *sql.Rows) error {
		var b pulse.Backlog
		err := rows.Scan(&b.ProviderID, &b.ProviderName, &b.Count, &b.Since)
		h.seen.Backlog = append(h.seen.Backlog, b)
		all += b.Count
		return err
	}, fmt.Sprintf(`SELECT p.id, p.name, count(*), min(i.created_at) FROM (SELECT provider_id, created_at FROM identities
			WHERE tenant_id = ? AND kind = 'agent' AND entity_id IS NULL AND ignored = 0 ORDER BY id LIMIT %d) AS i
		JOIN providers p ON p.id = i.provider_id GROUP BY p.id, p.name ORDER BY count(*) DESC, p.id`, mostBacklog), h.TenantID)
	for i := range h.seen.Backlog {
		h.seen.Backlog[i].More = all == mostBacklog
	}
	return err
}

package storage

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/pulse"
)

// LookHome is that of pulse.Store. It reads counts, which are bounded by time, and of what needs a person at most so much.
func (db *DB) LookHome(ctx context.Context, l pulse.Look) (s pulse.Seen, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		s = pulse.Seen{Outcomes: map[int64]pulse.Outcomes{}, Took: map[int64]map[int]int64{}, Links: pulse.Links{Named: map[int64]int64{}, Unlinked: map[int64]int64{}}}
		h := home{Tx: tx, Look: l, seen: &s}
		for _, part := range []func() error{h.sources, h.outcomes, h.latency, h.took, h.versions, h.failures, h.fresh, h.flow, h.links, h.backlog, h.failing, h.unlinked, h.processors, h.waiting, h.paused, h.counted} {
			if err := part(); err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}

type home struct {
	*Tx
	pulse.Look
	seen *pulse.Seen
}

func (h *home) sources() error {
	type key struct{ provider, source int64 }
	all := map[key]*pulse.Source{}
	add := func(rows *sql.Rows) error {
		s := &pulse.Source{Deliveries: map[int64]int64{}, History: map[int64]int64{}}
		if err := rows.Scan(&s.ProviderID, &s.ProviderName, &s.ID, &s.Name); err != nil {
			return err
		}
		all[key{s.ProviderID, s.ID}] = s
		h.seen.Sources = append(h.seen.Sources, s)
		return nil
	}
	err := h.Each(add, `SELECT p.id, p.name, s.id, s.name FROM sources s JOIN providers p ON p.id = s.provider_id
		WHERE s.tenant_id = ? AND s.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY p.id, s.id`, h.TenantID)
	if err != nil {
		return err
	}
	err = h.Each(add, `SELECT p.id, p.name, 0, '' FROM providers p WHERE p.tenant_id = ? AND p.deleted_at IS NULL
		AND EXISTS (SELECT 1 FROM source_pulse c WHERE c.tenant_id = p.tenant_id AND c.span = ? AND c.at >= ? AND c.provider_id = p.id AND c.source_id = 0)
		ORDER BY p.id`, h.TenantID, pulse.Hour, h.History)
	if err != nil {
		return err
	}
	read := func(span, from, to int64, into func(s *pulse.Source, at, n int64)) error {
		return h.Each(func(rows *sql.Rows) error {
			var k key
			var at, n int64
			err := rows.Scan(&at, &k.provider, &k.source, &n)
			if s := all[k]; s != nil {
				into(s, at, n)
			}
			return err
		}, "SELECT at, provider_id, source_id, deliveries FROM source_pulse WHERE tenant_id = ? AND span = ? AND at >= ? AND at < ?", h.TenantID, span, from, to)
	}
	if err := read(h.Span, h.From, h.To, func(s *pulse.Source, at, n int64) { s.Deliveries[at] = n }); err != nil {
		return err
	}
	const fine = pulse.Fine * 1_000_000
	err = read(pulse.Fine, h.LastHour-fine, h.To, func(s *pulse.Source, at, n int64) {
		if at < h.LastHour {
			s.Before += n
		} else {
			s.LastHour += n
		}
	})
	if err != nil {
		return err
	}
	return read(pulse.Hour, h.History, h.To, func(s *pulse.Source, at, n int64) { s.History[at] = n })
}

func (h *home) outcomes() error {
	return h.Each(func(rows *sql.Rows) error {
		var at int64
		var o pulse.Outcomes
		err := rows.Scan(&at, &o.Created, &o.Updated, &o.Unchanged, &o.Skipped, &o.Failed)
		h.seen.Outcomes[at] = o
		return err
	}, `SELECT at, CAST(sum(created) AS BIGINT), CAST(sum(updated) AS BIGINT), CAST(sum(unchanged) AS BIGINT), CAST(sum(skipped) AS BIGINT), CAST(sum(failed) AS BIGINT)
		FROM run_pulse WHERE tenant_id = ? AND span = ? AND at >= ? AND at < ? GROUP BY at`, h.TenantID, h.Span, h.From, h.To)
}

func (h *home) latency() error {
	return h.Each(func(rows *sql.Rows) error {
		var id int64
		var name string
		var step int
		var n int64
		if err := rows.Scan(&id, &name, &step, &n); err != nil {
			return err
		}
		last := len(h.seen.Processors) - 1
		if last < 0 || h.seen.Processors[last].ID != id {
			h.seen.Processors = append(h.seen.Processors, &pulse.Processor{ID: id, Name: name, Steps: map[int]int64{}})
			last++
		}
		h.seen.Processors[last].Steps[step] = n
		return nil
	}, `SELECT l.processor_id, p.name, l.step, CAST(sum(l.runs) AS BIGINT) FROM run_latency l JOIN processors p ON p.id = l.processor_id
		WHERE l.tenant_id = ? AND l.span = ? AND l.at >= ? AND l.at < ? AND p.deleted_at IS NULL
		GROUP BY l.processor_id, p.name, l.step ORDER BY l.processor_id, l.step`, h.TenantID, h.Span, h.From, h.To)
}

// mostVersions are marked; more would hide the chart.
const mostVersions = 50

func (h *home) versions() error {
	return h.Each(func(rows *sql.Rows) error {
		var v pulse.Version
		err := rows.Scan(&v.ProcessorID, &v.ProcessorName, &v.Number, &v.At)
		h.seen.Versions = append(h.seen.Versions, v)
		return err
	}, `SELECT p.id, p.name, v.version, v.created_at FROM spec_versions v JOIN processors p ON p.id = v.processor_id
		WHERE p.tenant_id = ? AND p.deleted_at IS NULL AND v.created_at >= ? AND v.created_at < ? ORDER BY v.created_at DESC LIMIT ?`, h.TenantID, h.From, h.To, mostVersions)
}

// mostFailures are grouped: the newest of each of the two states.
const mostFailures = 500

// failing groups the newest failures by what was wrong: processor, code, step and field of the first error.
func (h *home) failing() error {
	type key struct {
		processor         int64
		code, step, field string
	}
	groups := map[key]*pulse.Trouble{}
	for _, status := range []string{"failed", "partial"} {
		n := 0
		err := h.Each(func(rows *sql.Rows) error {
			var id, processor, ranAt int64
			var name string
			var errorText sql.NullString
			if err := rows.Scan(&id, &processor, &name, &ranAt, &errorText); err != nil {
				return err
			}
			n++
			if ranAt < h.From {
				return nil
			}
			list, err := readErrors(errorText.String)
			if err != nil || len(list) == 0 {
				return err
			}
			k := key{processor, list[0].Code, list[0].Instruction, list[0].Field}
			g := groups[k]
			if g == nil {
				g = &pulse.Trouble{Kind: "failing", ThingID: processor, Name: name, Code: k.code, Instruction: k.step, Message: list[0].Message, ExecutionID: id, Since: ranAt}
				groups[k] = g
			}
			g.Count++
			g.Since = min(g.Since, ranAt)
			g.More = g.More || n == mostFailures
			return nil
		}, `SELECT e.id, e.processor_id, p.name, e.ran_at, e.error FROM executions e JOIN processors p ON p.id = e.processor_id AND p.deleted_at IS NULL
			WHERE e.tenant_id = ? AND e.status = ? AND e.status IN `+unusual+` ORDER BY e.id DESC LIMIT ?`, h.TenantID, status, mostFailures)
		if err != nil {
			return err
		}
	}
	first := len(h.seen.Troubles)
	for _, g := range groups {
		h.seen.Troubles = append(h.seen.Troubles, *g)
	}
	slices.SortFunc(h.seen.Troubles[first:], func(a, b pulse.Trouble) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(b.ExecutionID, a.ExecutionID))
	})
	h.seen.Troubles = h.seen.Troubles[:min(len(h.seen.Troubles), first+mostGroups)]
	return nil
}

const (
	// mostGroups of failures are told.
	mostGroups = 20
	// mostCounted of anything else is counted.
	mostCounted = 1_000
)

func (h *home) unlinked() error {
	for _, kind := range []string{"agent", "team", "project", "segment", "proposition"} {
		t := pulse.Trouble{Kind: "unlinked", Noun: kind}
		err := h.QueryRow(fmt.Sprintf(`SELECT count(*), coalesce(min(created_at), 0) FROM (SELECT created_at FROM identities
			WHERE tenant_id = ? AND kind = ? AND entity_id IS NULL AND ignored = 0 ORDER BY id LIMIT %d) AS counted`, mostCounted+1), h.TenantID, kind).Scan(&t.Count, &t.Since)
		if err != nil {
			return err
		}
		if t.More = t.Count > mostCounted; t.More {
			t.Count = mostCounted
		}
		if t.Count > 0 {
			h.seen.Troubles = append(h.seen.Troubles, t)
		}
	}
	return nil
}

func (h *home) processors() error {
	return h.Each(func(rows *sql.Rows) error {
		t := pulse.Trouble{Kind: "suspended", Count: 1}
		err := rows.Scan(&t.ThingID, &t.Name, &t.Since)
		h.seen.Troubles = append(h.seen.Troubles, t)
		return err
	}, "SELECT id, name, updated_at FROM processors WHERE tenant_id = ? AND deleted_at IS NULL AND enabled = 1 AND suspended = 1 ORDER BY id", h.TenantID)
}

// waiting tells of executions that wait for a person, by processor and reason. Each link is looked up by itself, so that
// what waits for other reasons is never read.
func (h *home) waiting() error {
	type link struct {
		source, processor int64
		name              string
	}
	var links []link
	err := h.Each(func(rows *sql.Rows) error {
		var l link
		err := rows.Scan(&l.source, &l.processor, &l.name)
		links = append(links, l)
		return err
	}, `SELECT l.source_id, p.id, p.name FROM links l JOIN processors p ON p.id = l.processor_id
		WHERE p.tenant_id = ? AND p.deleted_at IS NULL ORDER BY p.id, l.source_id`, h.TenantID)
	if err != nil {
		return err
	}
	for _, reason := range []string{"incomplete_link", "suspended", "disabled", "asked"} {
		var last *pulse.Trouble
		for _, l := range links {
			var n, since int64
			err := h.QueryRow(fmt.Sprintf(`SELECT count(*), coalesce(min(ran_at), 0) FROM (SELECT ran_at FROM executions
				WHERE source_id = ? AND reason = ? AND processor_id = ? AND status = 'waiting' ORDER BY delivery_id, position LIMIT %d) AS counted`, mostCounted+1), l.source, reason, l.processor).Scan(&n, &since)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			if last == nil || last.ThingID != l.processor {
				h.seen.Troubles = append(h.seen.Troubles, pulse.Trouble{Kind: "waiting", Reason: reason, ThingID: l.processor, Name: l.name, Since: since})
				last = &h.seen.Troubles[len(h.seen.Troubles)-1]
			}
			last.More = last.More || n > mostCounted
			last.Count += min(n, mostCounted)
			last.Since = min(last.Since, since)
		}
	}
	return nil
}

func (h *home) paused() error {
	return h.Each(func(rows *sql.Rows) error {
		t := pulse.Trouble{Kind: "paused"}
		err := rows.Scan(&t.ThingID, &t.Name, &t.Count, &t.Since, &t.Message)
		h.seen.Troubles = append(h.seen.Troubles, t)
		return err
	}, `SELECT p.id, p.name, x.failures, x.since, x.why FROM pauses x JOIN providers p ON p.id = x.provider_id
		WHERE p.tenant_id = ? AND p.deleted_at IS NULL AND (x.tripped = 1 OR x.until_at > ?) ORDER BY p.id`, h.TenantID, h.Now)
}

// mostUncounted are looked through for the first of the tenant: what counts is some seconds behind.
const mostUncounted = 20_000

// counted says when the first delivery of the tenant came in that is not counted. Where there are many of others before it, all
// that came before those is counted.
func (h *home) counted() error {
	var n, last int64
	const after = "SELECT received_at, tenant_id, id FROM deliveries WHERE id > (SELECT deliveries FROM pulse_places WHERE id = 1) ORDER BY id LIMIT ?"
	err := h.QueryRow("SELECT coalesce((SELECT received_at FROM ("+after+") AS d WHERE tenant_id = ? ORDER BY id LIMIT 1), 0)", mostUncounted, h.TenantID).Scan(&h.seen.CountedTo)
	if err != nil || h.seen.CountedTo != 0 {
		return err
	}
	h.seen.CountedTo = h.Now
	if err := h.QueryRow("SELECT count(*), coalesce(max(received_at), 0) FROM ("+after+") AS d", mostUncounted).Scan(&n, &last); err != nil || n < mostUncounted {
		return err
	}
	h.seen.CountedTo = last
	return nil
}

package storage

import (
	"cmp"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pulse"
)

type recordCell struct {
	tenant, span, at, provider, source, processor int64
	kind                                          string
	step                                          int64
}
type agentCell struct{ tenant, span, at, identity int64 }

// newRecord is a record as it is counted: whom it names, and its moment, are those that it has when it is come by.
type newRecord struct {
	id, tenant, provider, agent, moment, createdAt int64
	kind                                           string
	maker                                          record.Maker
}

// ahead is the step of records that tell of what is still to come, by more than clocks differ.
const (
	ahead       = -1
	clocksApart = 60_000_000
)

// freshness is the step of how long after its moment a record was here.
func (r newRecord) freshness() int64 {
	if r.moment > r.createdAt+clocksApart {
		return ahead
	}
	return int64(pulse.Step(r.createdAt - r.moment))
}

// countRecords counts the next records: of all kinds up to the same number.
func (t *Tx) countRecords(c *tally) error {
	var all []newRecord
	upto := c.before - 1
	for _, k := range record.Kinds {
		agent := "0"
		if columns := namingColumns(k, "agent"); len(columns) > 0 {
			agent = "coalesce(" + columns[0] + ", 0)"
		}
		n := 0
		err := t.Each(func(rows *sql.Rows) error {
			r := newRecord{kind: k.Noun}
			var madeBy string
			err := rows.Scan(&r.id, &r.tenant, &r.provider, &r.agent, &r.moment, &r.createdAt, &madeBy)
			if err != nil {
				return err
			}
			if r.maker, err = record.ReadMaker(madeBy); err != nil {
				return fmt.Errorf("read who made the %s %d: %w", k.Noun, r.id, err)
			}
			if n++; n == pulseRows {
				upto, c.more = min(upto, r.id), true
			}
			all = append(all, r)
			return nil
		}, fmt.Sprintf("SELECT id, tenant_id, provider_id, %s, %s, created_at, made_by FROM %s WHERE id > ? AND id <= ? ORDER BY id LIMIT ?", agent, MomentColumn(k), Table(k)),
			c.was.records, upto, pulseRows)
		if err != nil {
			return err
		}
	}
	c.to.records = max(c.was.records, upto)
	all = slices.DeleteFunc(all, func(r newRecord) bool { return r.id > upto })
	if err := t.sourcesOf(all, c.sourceOf); err != nil {
		return err
	}
	for _, r := range all {
		for _, span := range c.spans(r.createdAt, pulse.KeepHours) {
			at := floorTo(span, r.createdAt)
			if r.maker.Origin == record.FromProvider {
				c.records[recordCell{r.tenant, span, at, r.provider, c.sourceOf[r.maker.Delivery], r.maker.Processor, r.kind, r.freshness()}]++
			}
			if r.agent != 0 {
				c.agents[agentCell{r.tenant, span, at, r.agent}]++
			}
		}
	}
	return nil
}

// deliveriesAtOnce are looked up by one statement.
const deliveriesAtOnce = 500

// sourcesOf adds the sources of the deliveries that made records to those that are known; 0: a fixed webhook.
func (t *Tx) sourcesOf(all []newRecord, known map[int64]int64) error {
	var ids []int64
	for _, r := range all {
		if n := r.maker.Delivery; n != 0 && r.maker.Processor != 0 {
			if _, ok := known[n]; !ok {
				ids = append(ids, n)
			}
		}
	}
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), deliveriesAtOnce) {
		in, args := In(part)
		err := t.Each(func(rows *sql.Rows) error {
			var id, source int64
			err := rows.Scan(&id, &source)
			known[id] = source
			return err
		}, "SELECT id, source_id FROM deliveries WHERE source_id IS NOT NULL AND id IN "+in, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// keepRecords adds the counts of records.
func (t *Tx) keepRecords(c *tally) error {
	for _, cell := range slices.SortedFunc(maps.Keys(c.records), func(a, b recordCell) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.span, b.span), cmp.Compare(a.at, b.at), cmp.Compare(a.provider, b.provider),
			cmp.Compare(a.source, b.source), cmp.Compare(a.processor, b.processor), cmp.Compare(a.kind, b.kind), cmp.Compare(a.step, b.step))
	}) {
		_, err := t.Exec(`INSERT INTO record_pulse (tenant_id, span, at, provider_id, source_id, processor_id, kind, step, records) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, span, at, provider_id, source_id, processor_id, kind, step) DO UPDATE SET records = record_pulse.records + excluded.records`,
			cell.tenant, cell.span, cell.at, cell.provider, cell.source, cell.processor, cell.kind, cell.step, c.records[cell])
		if err != nil {
			return err
		}
	}
	for _, cell := range slices.SortedFunc(maps.Keys(c.agents), func(a, b agentCell) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.span, b.span), cmp.Compare(a.at, b.at), cmp.Compare(a.identity, b.identity))
	}) {
		_, err := t.Exec(`INSERT INTO agent_pulse (tenant_id, span, at, identity_id, records) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, span, at, identity_id) DO UPDATE SET records = agent_pulse.records + excluded.records`,
			cell.tenant, cell.span, cell.at, cell.identity, c.agents[cell])
		if err != nil {
			return err
		}
	}
	return nil
}

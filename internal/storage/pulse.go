package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/spec/run"
)

// Of one count.
const (
	pulseRows    = 5_000  // deliveries, and executions
	pulseWaiting = 20_000 // of those that waited, looked at again
	pulseSettled = 2_000  // of those, that have run meanwhile
)

type sourceCell struct{ tenant, span, at, provider, source int64 }
type runCell struct{ tenant, span, at, source, processor int64 }
type latencyCell struct{ tenant, span, at, processor, step int64 }
type failureCell struct {
	tenant, span, at, processor int64
	code                        string
}

// failures are those of one cell, and the last of them.
type failures struct{ n, newest int64 }

// tally is what one count adds.
type tally struct {
	now            int64       // microseconds
	before         int64       // numbers below this one are counted
	to, was        pulsePlaces // where it ended, and began
	turn           int64
	sources        map[sourceCell]int64
	sourceOf       map[int64]int64 // of the deliveries that were counted
	receivedAt     map[int64]int64 // likewise
	runs           map[runCell]pulse.Outcomes
	latency        map[latencyCell]int64
	failures       map[failureCell]failures
	records        map[recordCell]int64
	agents         map[agentCell]int64
	waiting        []int64
	settled        []int64
	waited, looked int64 // those that wait were looked at from after one up to the other; 0: to the last
	more           bool
}

// pulsePlaces are the last numbers that were counted.
type pulsePlaces struct{ deliveries, executions, records int64 }

// spans gives those by which something of a moment is counted: not what would be swept at once.
func (t *tally) spans(moment int64, hours time.Duration) []int64 {
	switch age := t.now - moment; {
	case age <= pulse.KeepFine.Microseconds():
		return []int64{pulse.Fine, pulse.Hour}
	case age <= hours.Microseconds():
		return []int64{pulse.Hour}
	}
	return nil
}

func floorTo(span, at int64) int64 { return at - at%(span*1_000_000) }

// ranLine is an execution as it is counted.
type ranLine struct {
	id, tenant, source, processor               int64
	status, kind, wrong                         string
	created, updated, unchanged, skipped, fails int64
	ranAt, receivedAt                           int64
}

// ranColumns are those of executions; of deliveries with numbers between the two arguments it is known when they were received.
const ranColumns = `e.id, e.tenant_id, e.source_id, e.processor_id, e.status, e.kind, e.created, e.updated, e.unchanged, e.skipped, e.failed, e.ran_at,
	CASE WHEN e.status IN ('failed', 'partial') THEN coalesce(e.error, '') ELSE '' END, e.delivery_id,
	CASE WHEN e.delivery_id > ? AND e.delivery_id <= ? THEN 0 ELSE coalesce((SELECT received_at FROM deliveries WHERE deliveries.id = e.delivery_id), e.ran_at) END`

func (t *tally) scanRan(scan row) (l ranLine, err error) {
	var delivery int64
	err = scan(&l.id, &l.tenant, &l.source, &l.processor, &l.status, &l.kind, &l.created, &l.updated, &l.unchanged, &l.skipped, &l.fails, &l.ranAt, &l.wrong, &delivery, &l.receivedAt)
	if l.receivedAt == 0 {
		l.receivedAt = cmp.Or(t.receivedAt[delivery], l.ranAt)
	}
	return l, err
}

// outcome is the most that an execution did.
func (l ranLine) outcome() (o pulse.Outcomes) {
	switch {
	case l.status == string(run.Failed) || l.status == "partial" || l.fails > 0:
		o.Failed = 1
	case l.created > 0:
		o.Created = 1
	case l.updated > 0:
		o.Updated = 1
	case l.unchanged > 0:
		o.Unchanged = 1
	default:
		o.Skipped = 1
	}
	return o
}

// ran counts an execution; false: it has not run.
func (t *tally) ran(l ranLine) (bool, error) {
	if l.status == "waiting" || l.status == "running" {
		return false, nil
	}
	if l.kind == "test" {
		return true, nil
	}
	wrong, err := readErrors(l.wrong)
	if err != nil {
		return true, err
	}
	for _, span := range t.spans(l.ranAt, pulse.KeepHours) {
		at := floorTo(span, l.ranAt)
		cell := runCell{l.tenant, span, at, l.source, l.processor}
		o := t.runs[cell]
		o.Add(l.outcome())
		t.runs[cell] = o
		if l.kind == "live" {
			t.latency[latencyCell{l.tenant, span, at, l.processor, int64(pulse.Step(l.ranAt - l.receivedAt))}]++
		}
	}
	if len(wrong) > 0 {
		t.failed(l, wrong)
	}
	return true, nil
}

// failed counts an execution once for each code among its errors, at the moment it was made: as lists of executions find it
// by a code in a span of time, so that what is counted and what is listed are the same.
func (t *tally) failed(l ranLine, wrong []*run.DataError) {
	made := l.ranAt // what somebody asked for runs at once
	if l.kind == "live" {
		made = l.receivedAt
	}
	codes := make([]string, len(wrong))
	for i, e := range wrong {
		codes[i] = e.Code
	}
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		for _, span := range t.spans(made, pulse.KeepHours) {
			cell := failureCell{l.tenant, span, floorTo(span, made), l.processor, code}
			f := t.failures[cell]
			t.failures[cell] = failures{f.n + 1, max(f.newest, l.id)}
		}
	}
}

// CountPulse is that of pulse.Counter.
func (db *DB) CountPulse(ctx context.Context) (more bool, err error) {
	settled, err := db.Settled(ctx)
	if err != nil {
		return false, err
	}
	var t *tally
	err = db.Read(ctx, func(tx *Tx) error {
		t = &tally{
			now: tx.Now, before: settled, waited: db.waited.Load(), sources: map[sourceCell]int64{}, sourceOf: map[int64]int64{}, receivedAt: map[int64]int64{}, runs: map[runCell]pulse.Outcomes{}, latency: map[latencyCell]int64{},
			failures: map[failureCell]failures{}, records: map[recordCell]int64{}, agents: map[agentCell]int64{},
		}
		return tx.countAfter(t)
	})
	if err == nil {
		db.waited.Store(t.looked)
	}
	if err != nil || t.to == t.was && len(t.settled) == 0 {
		return false, err
	}
	return t.more, db.Write(ctx, func(tx *Tx) error { return tx.keepTally(t) })
}

func (t *Tx) countAfter(c *tally) error {
	if err := t.QueryRow("SELECT deliveries, executions, records, turn FROM pulse_places WHERE id = 1").Scan(&c.was.deliveries, &c.was.executions, &c.was.records, &c.turn); err != nil {
		return err
	}
	c.to = c.was
	n := 0
	err := t.Each(func(rows *sql.Rows) error {
		var cell sourceCell
		var received int64
		if err := rows.Scan(&c.to.deliveries, &cell.tenant, &cell.provider, &cell.source, &received); err != nil {
			return err
		}
		n++
		c.sourceOf[c.to.deliveries], c.receivedAt[c.to.deliveries] = cell.source, received
		for _, cell.span = range c.spans(received, pulse.KeepHistory) {
			cell.at = floorTo(cell.span, received)
			c.sources[cell]++
		}
		return nil
	}, "SELECT id, tenant_id, provider_id, coalesce(source_id, 0), received_at FROM deliveries WHERE id > ? AND id < ? ORDER BY id LIMIT ?", c.was.deliveries, c.before, pulseRows)
	if err != nil {
		return err
	}
	c.more = n == pulseRows
	n = 0
	err = t.Each(func(rows *sql.Rows) error {
		l, err := c.scanRan(rows.Scan)
		if err != nil {
			return err
		}
		n++
		c.to.executions = l.id
		ran, err := c.ran(l)
		if !ran {
			c.waiting = append(c.waiting, l.id)
		}
		return err
	}, "SELECT "+ranColumns+" FROM executions e WHERE e.id > ? AND e.id < ? ORDER BY e.id LIMIT ?", c.was.deliveries, c.to.deliveries, c.was.executions, c.before, pulseRows)
	if err != nil {
		return err
	}
	c.more = c.more || n == pulseRows
	if err := t.countRecords(c); err != nil {
		return err
	}
	return t.lookAgain(c)
}

// lookAgain goes through those that waited, some at a time and round and round, for those that have run meanwhile.
func (t *Tx) lookAgain(c *tally) error {
	const some = "SELECT execution_id FROM pulse_waiting WHERE execution_id > ? ORDER BY execution_id LIMIT ?"
	var n, last int64
	if err := t.QueryRow("SELECT count(*), coalesce(max(execution_id), 0) FROM ("+some+") AS w", c.waited, pulseWaiting).Scan(&n, &last); err != nil || n == 0 {
		return err
	}
	if n == pulseWaiting {
		c.looked = last
	}
	return t.Each(func(rows *sql.Rows) error {
		l, err := c.scanRan(rows.Scan)
		switch {
		case err != nil:
		case len(c.settled) < pulseSettled:
			var ran bool
			if ran, err = c.ran(l); ran {
				c.settled = append(c.settled, l.id)
			}
			if len(c.settled) == pulseSettled {
				c.looked, c.more = l.id, true
			}
		}
		return err
	}, "SELECT "+ranColumns+" FROM ("+some+") AS w JOIN executions e ON e.id = w.execution_id WHERE e.status NOT IN ('waiting', 'running') ORDER BY e.id", c.was.deliveries, c.to.deliveries, c.waited, pulseWaiting)
}

// keepTally adds the counts, unless another node was there first. Rows are touched in order, as always.
func (t *Tx) keepTally(c *tally) error {
	n, err := t.Exec("UPDATE pulse_places SET deliveries = ?, executions = ?, records = ?, turn = turn + 1 WHERE id = 1 AND turn = ?",
		c.to.deliveries, c.to.executions, c.to.records, c.turn)
	if err != nil || n == 0 {
		return err
	}
	for _, cell := range slices.SortedFunc(maps.Keys(c.sources), func(a, b sourceCell) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.span, b.span), cmp.Compare(a.at, b.at), cmp.Compare(a.provider, b.provider), cmp.Compare(a.source, b.source))
	}) {
		_, err := t.Exec(`INSERT INTO source_pulse (tenant_id, span, at, provider_id, source_id, deliveries) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, span, at, provider_id, source_id) DO UPDATE SET deliveries = source_pulse.deliveries + excluded.deliveries`,
			cell.tenant, cell.span, cell.at, cell.provider, cell.source, c.sources[cell])
		if err != nil {
			return err
		}
	}
	for _, cell := range slices.SortedFunc(maps.Keys(c.runs), func(a, b runCell) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.span, b.span), cmp.Compare(a.at, b.at), cmp.Compare(a.source, b.source), cmp.Compare(a.processor, b.processor))
	}) {
		o := c.runs[cell]
		_, err := t.Exec(`INSERT INTO run_pulse (tenant_id, span, at, source_id, processor_id, created, updated, unchanged, skipped, failed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, span, at, source_id, processor_id) DO UPDATE SET created = run_pulse.created + excluded.created, updated = run_pulse.updated + excluded.updated,
				unchanged = run_pulse.unchanged + excluded.unchanged, skipped = run_pulse.skipped + excluded.skipped, failed = run_pulse.failed + excluded.failed`,
			cell.tenant, cell.span, cell.at, cell.source, cell.processor, o.Created, o.Updated, o.Unchanged, o.Skipped, o.Failed)
		if err != nil {
			return err
		}
	}
	for _, cell := range slices.SortedFunc(maps.Keys(c.latency), func(a, b latencyCell) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.span, b.span), cmp.Compare(a.at, b.at), cmp.Compare(a.processor, b.processor), cmp.Compare(a.step, b.step))
	}) {
		_, err := t.Exec(`INSERT INTO run_latency (tenant_id, span, at, processor_id, step, runs) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, span, at, processor_id, step) DO UPDATE SET runs = run_latency.runs + excluded.runs`,
			cell.tenant, cell.span, cell.at, cell.processor, cell.step, c.latency[cell])
		if err != nil {
			return err
		}
	}
	for _, cell := range slices.SortedFunc(maps.Keys(c.failures), func(a, b failureCell) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), cmp.Compare(a.span, b.span), cmp.Compare(a.at, b.at), cmp.Compare(a.processor, b.processor), cmp.Compare(a.code, b.code))
	}) {
		f := c.failures[cell]
		_, err := t.Exec(`INSERT INTO failure_pulse (tenant_id, span, at, processor_id, code, executions, newest) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (tenant_id, span, at, processor_id, code) DO UPDATE SET executions = failure_pulse.executions + excluded.executions,
				newest = CASE WHEN excluded.newest > failure_pulse.newest THEN excluded.newest ELSE failure_pulse.newest END`,
			cell.tenant, cell.span, cell.at, cell.processor, cell.code, f.n, f.newest)
		if err != nil {
			return err
		}
	}
	if err := t.keepRecords(c); err != nil {
		return err
	}
	for _, id := range c.waiting {
		if _, err := t.Exec("INSERT INTO pulse_waiting (execution_id) VALUES (?) ON CONFLICT (execution_id) DO NOTHING", id); err != nil {
			return err
		}
	}
	for _, id := range c.settled {
		if _, err := t.Exec("DELETE FROM pulse_waiting WHERE execution_id = ?", id); err != nil {
			return err
		}
	}
	return nil
}

// pulseTables have counts, with how long those by hour are kept.
var pulseTables = map[string]time.Duration{
	"source_pulse": pulse.KeepHistory, "run_pulse": pulse.KeepHours, "run_latency": pulse.KeepHours,
	"failure_pulse": pulse.KeepHours, "record_pulse": pulse.KeepHours, "agent_pulse": pulse.KeepHours,
}

// SweepPulse is that of pulse.Counter.
func (db *DB) SweepPulse(ctx context.Context) error {
	var old []oldCounts
	err := db.Read(ctx, func(tx *Tx) (err error) {
		old, err = tx.oldCounts()
		return err
	})
	for _, o := range old {
		for more := true; more && err == nil; {
			err = db.Write(ctx, func(tx *Tx) (err error) {
				more, err = tx.sweepSome(o)
				return err
			})
		}
	}
	return err
}

// oldCounts are those of one table, tenant and span that are kept no longer.
type oldCounts struct {
	table                string
	tenant, span, before int64
}

func (t *Tx) oldCounts() (old []oldCounts, err error) {
	for _, table := range slices.Sorted(maps.Keys(pulseTables)) {
		for span, kept := range map[int64]time.Duration{pulse.Fine: pulse.KeepFine, pulse.Hour: pulseTables[table]} {
			o := oldCounts{table: table, span: span, before: t.Now - kept.Microseconds()}
			err := t.Each(func(rows *sql.Rows) error {
				err := rows.Scan(&o.tenant)
				old = append(old, o)
				return err
			}, "SELECT id FROM tenants WHERE EXISTS (SELECT 1 FROM "+table+" c WHERE c.tenant_id = tenants.id AND c.span = ? AND c.at < ?) ORDER BY id", span, o.before)
			if err != nil {
				return nil, err
			}
		}
	}
	return old, nil
}

// sweptAtOnce is how many counts one turn to write takes away, and what is of the same moment as the last.
const sweptAtOnce = 2_000

func (t *Tx) sweepSome(o oldCounts) (more bool, err error) {
	var last int64
	err = t.QueryRow("SELECT at FROM "+o.table+" WHERE tenant_id = ? AND span = ? AND at < ? ORDER BY at LIMIT 1 OFFSET ?", o.tenant, o.span, o.before, sweptAtOnce-1).Scan(&last)
	more = err == nil
	if errors.Is(err, sql.ErrNoRows) {
		last, err = o.before-1, nil
	}
	if err == nil {
		_, err = t.Exec("DELETE FROM "+o.table+" WHERE tenant_id = ? AND span = ? AND at <= ?", o.tenant, o.span, last)
	}
	return more, err
}

package postgres

import (
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// write queues all of w: a statement per table that has something to write.
func (g *group) write(b *pgx.Batch, w *commit.Writes) {
	g.writeCalls(b, w.Calls)
	g.writeDeliveries(b, w)
	g.writeExecutions(b, w)
	g.writePeople(b, w)
	writeChanges(b, &g.identities, w.Changes.Identities, func(i *record.Identity) stored { return i }, func(i *record.Identity) int64 { return i.ID })
	rows := w.Changes.Rows
	for len(rows) > 0 { // they are in order of keys, so those of a kind stand together
		kind := kindOf(rows[0])
		n := 1
		for n < len(rows) && kindOf(rows[n]) == kind {
			n++
		}
		writeChanges(b, g.kinds[kind], rows[:n], func(r *record.Row) stored { return r }, func(r *record.Row) int64 { return r.ID })
		rows = rows[n:]
	}
	g.writeJournal(b, w)
}

func kindOf(c record.Change[record.Row]) *record.Kind {
	if c.New != nil {
		return c.New.Kind
	}
	return c.Old.Kind
}

func (g *group) writeCalls(b *pgx.Batch, calls []*pipeline.SourceExecution) {
	if len(calls) == 0 {
		return
	}
	c := newColumns(len(storage.CallColumns), len(calls))
	for _, e := range calls {
		c.row()
		c.int(e.ID)
		c.int(e.TenantID)
		c.int(e.ProviderID)
		c.intOrNull(e.SourceID)
		c.text(e.Door)
		c.int(e.ReceivedAt)
		c.text(e.Status)
		c.int(int64(e.HTTPStatus))
		c.int(int64(e.Items))
		c.textOrNull(string(e.Error))
		c.textOrNull(storage.Remarks(e.Remarks))
		c.bytes(e.Body)
		c.bytes(e.Places)
	}
	b.Queue(g.insertCall, c.args()...)
	g.writeRaw(b, calls)
}

// writeRaw queues the bodies that are kept as they came; for most tenants none are.
func (g *group) writeRaw(b *pgx.Batch, calls []*pipeline.SourceExecution) {
	n := 0
	for _, e := range calls {
		if e.Raw != nil {
			n++
		}
	}
	if n == 0 {
		return
	}
	c := newColumns(len(storage.RawColumns), n)
	for _, e := range calls {
		if e.Raw != nil {
			c.row()
			c.int(e.ID)
			c.int(e.TenantID)
			c.int(e.ReceivedAt)
			c.bytes(e.Raw)
		}
	}
	b.Queue(g.insertRaw, c.args()...)
}

func (g *group) writeDeliveries(b *pgx.Batch, w *commit.Writes) {
	if len(w.Deliveries) > 0 {
		c := newColumns(len(storage.DeliveryColumns), len(w.Deliveries))
		for _, d := range w.Deliveries {
			c.row()
			c.int(d.Number)
			c.int(d.TenantID)
			c.int(d.ProviderID)
			c.intOrNull(d.SourceID)
			c.text(d.Door)
			c.int(d.SourceExecutionID)
			c.int(int64(d.Index))
			c.int(d.ReceivedAt)
			c.text(string(d.State))
			c.textOrNull(d.EventID)
			c.bytes(d.Body)
			c.bytes(d.Places)
		}
		b.Queue(g.insertDelivery, c.args()...)
	}
}

func (g *group) writeExecutions(b *pgx.Batch, w *commit.Writes) {
	if len(w.Executions) > 0 {
		c := newColumns(len(storage.ExecutionColumns), len(w.Executions))
		for _, e := range w.Executions {
			c.row()
			c.int(e.ID)
			c.int(e.TenantID)
			c.int(e.DeliveryID)
			c.int(e.SourceID)
			c.int(e.ProcessorID)
			c.int(int64(e.Position))
			c.text(string(e.Kind))
			c.outcome(e)
		}
		b.Queue(g.insertExecution, c.args()...)
	}
	if len(w.Rerun) > 0 {
		c := newColumns(1+len(storage.RerunColumns), len(w.Rerun))
		for _, e := range w.Rerun {
			c.row()
			c.int(e.ID)
			c.outcome(e)
		}
		b.Queue(g.rerunExecution, c.args()...)
	}
	if len(w.Moved) > 0 {
		// The lock first, in a statement of its own: the next one then sees what another node did to the delivery.
		b.Queue(g.lockDelivery, w.Moved)
		b.Queue(g.moveDelivery, w.Moved)
	}
}

// outcome adds the values of storage.RerunColumns.
func (c *columns) outcome(e *pipeline.Execution) {
	c.int(int64(e.Version))
	c.int(e.EnvironmentID)
	c.int(e.Number)
	c.text(string(e.Status))
	c.textOrNull(string(e.Reason))
	c.int(e.RanAt)
	c.int(int64(e.Counts.Created))
	c.int(int64(e.Counts.Updated))
	c.int(int64(e.Counts.Unchanged))
	c.int(int64(e.Counts.Skipped))
	c.int(int64(e.Counts.Failed))
	c.textOrNull(storage.Errors(e.Errors))
	c.textOrNull(storage.Asked(e.Asked))
	c.textOrNull(storage.Enrichments(e.Enrichments))
	c.bytes(e.Answers)
	c.bytes(e.Digest)
}

// writePeople goes row by row: a call that moves an agent is rare.
func (g *group) writePeople(b *pgx.Batch, w *commit.Writes) {
	for _, c := range w.Changes.Teams {
		switch {
		case c.New == nil:
			b.Queue(exactlyOne("DELETE FROM teams WHERE id = $1"), c.Old.ID)
		case c.Old == nil:
			b.Queue("INSERT INTO teams (id, tenant_id, name, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)", c.New.ID, c.New.TenantID, c.New.Name, w.Now)
		default:
			b.Queue(exactlyOne("UPDATE teams SET name = $2, updated_at = $3 WHERE id = $1"), c.New.ID, c.New.Name, w.Now)
		}
	}
	for _, c := range w.Changes.Agents {
		switch n := c.New; {
		case n == nil:
			b.Queue(exactlyOne("DELETE FROM agents WHERE id = $1"), c.Old.ID)
		case c.Old == nil:
			b.Queue("INSERT INTO agents (id, tenant_id, name, team_id, active, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)",
				n.ID, n.TenantID, n.Name, orNull(n.TeamID), truth(n.Active), w.Now)
		default:
			b.Queue(exactlyOne("UPDATE agents SET name = $2, team_id = $3, active = $4, updated_at = $5 WHERE id = $1"),
				n.ID, n.Name, orNull(n.TeamID), truth(n.Active), w.Now)
		}
	}
	for _, c := range w.Changes.Users {
		switch n := c.New; {
		case n == nil:
			b.Queue(exactlyOne("DELETE FROM users WHERE id = $1"), c.Old.ID)
		case c.Old == nil:
			b.Queue("INSERT INTO users (id, tenant_id, email, name, role, status, agent_id, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
				n.ID, n.TenantID, n.Email, n.Name, n.Role, n.Status, orNull(n.AgentID), w.Now)
		default:
			b.Queue(exactlyOne("UPDATE users SET email = $2, name = $3, role = $4, status = $5, agent_id = $6, updated_at = $7 WHERE id = $1"),
				n.ID, n.Email, n.Name, n.Role, n.Status, orNull(n.AgentID), w.Now)
		}
	}
}

func orNull(n int64) pgtype.Int8 { return pgtype.Int8{Int64: n, Valid: n != 0} }

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// stored is what a row of records or identities gives to be kept.
type stored interface {
	Cells([]record.Cell) []record.Cell
	MarkCells([]record.Cell) []record.Cell
}

// writeChanges queues the new, the changed, the ones whose mark moves and the ones to be removed of one table.
func writeChanges[T any](b *pgx.Batch, t *table, changes []record.Change[T], as func(*T) stored, id func(*T) int64) {
	var fresh, changed, marked columns
	var gone []int64
	var scratch []record.Cell
	for _, c := range changes {
		switch {
		case c.New == nil:
			gone = append(gone, id(c.Old))
		case c.Old == nil:
			scratch = as(c.New).Cells(scratch[:0])
			fresh.cells(scratch)
		case c.MarkOnly:
			scratch = as(c.New).MarkCells(append(scratch[:0], record.Cell{Kind: record.IntCell, Int: id(c.New)}))
			marked.cells(scratch)
		default:
			scratch = as(c.New).Cells(scratch[:0])
			scratch[t.fixed-1] = scratch[0] // the number stands before what changes
			changed.cells(scratch[t.fixed-1:])
		}
	}
	if len(gone) > 0 { // first: what got another key is one row less and one more, with the same number
		b.Queue(t.takeAway, gone)
	}
	if fresh.n > 0 {
		b.Queue(t.insert, fresh.args()...)
	}
	if changed.n > 0 {
		b.Queue(t.update, changed.args()...)
	}
	if marked.n > 0 {
		b.Queue(t.mark, marked.args()...)
	}
}

func (g *group) writeJournal(b *pgx.Batch, w *commit.Writes) {
	entries := w.Changes.Journal
	if len(entries) == 0 {
		return
	}
	c := newColumns(len(storage.JournalColumns), len(entries))
	for i := range entries {
		e := &entries[i]
		c.row()
		c.text(e.Noun)
		c.int(e.ThingID)
		c.int(e.ID)
		c.int(e.TenantID)
		c.int(w.Now)
		c.text(e.MadeBy)
		c.text(string(e.Before))
	}
	b.Queue(g.insertJournal, c.args()...)
}

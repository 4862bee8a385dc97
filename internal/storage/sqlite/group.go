package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// load reads what the need names. The whole database is ours until the group ends, so there is nothing to lock.
func (g *group) load(deliveries int, need *record.Need) (err error) {
	if g.epoch, err = queryInt(g.configuration); err != nil {
		return err
	}
	if deliveries > 0 {
		if g.first, err = g.drawNumbers(deliveries); err != nil {
			return err
		}
	}
	g.loaded = &record.Loaded{
		Rows:       make(map[record.Key]*record.Row, len(need.Keys)),
		Identities: make(map[record.Key]*record.Identity, len(need.Keys)),
		Users:      map[record.UserKey]*record.User{},
		Agents:     map[int64]*record.Agent{},
		AgentUsers: map[int64]*record.User{},
		Teams:      map[int64]*record.Team{},
		Events:     map[record.EventKey]record.Event{},
		Waiting:    map[int64]bool{},
	}
	for _, key := range need.Keys {
		if key.IsIdentity() {
			err = g.findIdentity(key)
		} else {
			err = g.findRow(key)
		}
		if err != nil {
			return fmt.Errorf("load %s %q: %w", key.Noun, key.ExternalID, err)
		}
	}
	for _, key := range need.Contacts {
		if err := g.findContact(key); err != nil {
			return fmt.Errorf("load each %s of a contact: %w", key.Noun, err)
		}
	}
	return g.loadOthers(need)
}

func (g *group) findRow(key record.Key) error {
	kind := record.KindOf(key.Noun)
	if kind == nil {
		return fmt.Errorf("there is no kind of record %q", key.Noun)
	}
	t := g.kinds[kind]
	a := arguments{stmt: t.find}
	a.int(key.ProviderID)
	a.text(key.ExternalID)
	g.cells = g.cells[:0]
	if err := a.row(func(s *sqlite3.Stmt) { g.cells = readCells(s, t.columns, g.cells) }); err != nil || len(g.cells) == 0 {
		return err
	}
	row, err := record.ScanRow(kind, g.cells, g.identityByID)
	if err == nil {
		g.loaded.Rows[key] = row
	}
	return err
}

func (g *group) loadOthers(need *record.Need) error {
	for _, key := range need.Events {
		a := arguments{stmt: g.event}
		a.int(key.ProviderID)
		a.text(key.Door)
		a.int(key.SourceID)
		a.text(key.EventID)
		if err := a.row(func(s *sqlite3.Stmt) {
			g.loaded.Events[key] = record.Event{Delivery: s.ColumnInt64(0), Body: s.ColumnBlob(1, nil)}
		}); err != nil {
			return err
		}
	}
	for _, id := range need.Rerun {
		a := arguments{stmt: g.waiting}
		a.int(id)
		if err := a.row(func(*sqlite3.Stmt) { g.loaded.Waiting[id] = true }); err != nil {
			return err
		}
	}
	for _, key := range need.Users {
		a := arguments{stmt: g.user}
		a.int(key.TenantID)
		a.text(key.Email)
		if err := a.row(func(s *sqlite3.Stmt) { g.loaded.Users[key] = readUser(s) }); err != nil {
			return err
		}
	}
	for _, id := range need.Agents {
		a := arguments{stmt: g.agent}
		a.int(id)
		if err := a.row(func(s *sqlite3.Stmt) {
			g.loaded.Agents[id] = &record.Agent{
				ID: s.ColumnInt64(0), TenantID: s.ColumnInt64(1), TeamID: s.ColumnInt64(2), Name: s.ColumnText(3), Active: s.ColumnBool(4),
			}
		}); err != nil {
			return err
		}
		a = arguments{stmt: g.agentUser}
		a.int(id)
		if err := a.row(func(s *sqlite3.Stmt) { g.loaded.AgentUsers[id] = readUser(s) }); err != nil {
			return err
		}
	}
	for _, id := range need.Teams {
		a := arguments{stmt: g.team}
		a.int(id)
		if err := a.row(func(s *sqlite3.Stmt) {
			g.loaded.Teams[id] = &record.Team{ID: s.ColumnInt64(0), TenantID: s.ColumnInt64(1), Name: s.ColumnText(2)}
		}); err != nil {
			return err
		}
	}
	return nil
}

func readUser(s *sqlite3.Stmt) *record.User {
	return &record.User{
		ID: s.ColumnInt64(0), TenantID: s.ColumnInt64(1), AgentID: s.ColumnInt64(2),
		Email: s.ColumnText(3), Name: s.ColumnText(4), Role: s.ColumnText(5), Status: s.ColumnText(6),
	}
}

// write brings all of w into the open transaction.
func (g *group) write(w *commit.Writes) error {
	for _, step := range []func(*commit.Writes) error{g.writeCalls, g.writeExecutions, g.writePeople, g.writeRecords, g.writeJournal} {
		if err := step(w); err != nil {
			return err
		}
	}
	return nil
}

func (g *group) writeCalls(w *commit.Writes) error {
	for _, c := range w.Calls {
		a := arguments{stmt: g.insertCall}
		a.int(c.ID)
		a.int(c.TenantID)
		a.int(c.ProviderID)
		a.intOrNull(c.SourceID)
		a.text(c.Door)
		a.int(c.ReceivedAt)
		a.text(c.Status)
		a.int(int64(c.HTTPStatus))
		a.int(int64(c.Items))
		a.textOrNull(string(c.Error))
		a.textOrNull(storage.Remarks(c.Remarks))
		a.bytes(c.Body)
		a.bytes(c.Places)
		if err := a.exec(); err != nil {
			return fmt.Errorf("keep call %d: %w", c.ID, err)
		}
		if c.Raw == nil {
			continue
		}
		raw := arguments{stmt: g.insertRaw}
		raw.int(c.ID)
		raw.int(c.TenantID)
		raw.int(c.ReceivedAt)
		raw.bytes(c.Raw)
		if err := raw.exec(); err != nil {
			return fmt.Errorf("keep the body of call %d: %w", c.ID, err)
		}
	}
	for _, d := range w.Deliveries {
		a := arguments{stmt: g.insertDelivery}
		a.int(d.Number)
		a.int(d.TenantID)
		a.int(d.ProviderID)
		a.intOrNull(d.SourceID)
		a.text(d.Door)
		a.int(d.SourceExecutionID)
		a.int(int64(d.Index))
		a.int(d.ReceivedAt)
		a.text(string(d.State))
		a.textOrNull(d.EventID)
		a.bytes(d.Body)
		a.bytes(d.Places)
		if err := a.exec(); err != nil {
			return fmt.Errorf("keep delivery %d: %w", d.Number, err)
		}
	}
	return nil
}

func (g *group) writeExecutions(w *commit.Writes) error {
	for _, e := range w.Executions {
		a := arguments{stmt: g.insertExecution}
		a.int(e.ID)
		a.int(e.TenantID)
		a.int(e.DeliveryID)
		a.int(e.SourceID)
		a.int(e.ProcessorID)
		a.int(int64(e.Position))
		a.text(string(e.Kind))
		a.outcome(e)
		if err := a.exec(); err != nil {
			return fmt.Errorf("keep execution %d: %w", e.ID, err)
		}
	}
	for _, e := range w.Rerun {
		a := arguments{stmt: g.rerunExecution}
		a.outcome(e)
		a.int(e.ID)
		if err := a.execOne(g.conn); err != nil {
			return fmt.Errorf("keep execution %d again: %w", e.ID, err)
		}
	}
	for _, number := range w.Moved {
		a := arguments{stmt: g.moveDelivery}
		a.int(number)
		if err := a.execOne(g.conn); err != nil {
			return fmt.Errorf("move delivery %d: %w", number, err)
		}
	}
	return nil
}

// outcome binds the values of storage.RerunColumns.
func (a *arguments) outcome(e *pipeline.Execution) {
	a.int(int64(e.Version))
	a.int(e.EnvironmentID)
	a.int(e.Number)
	a.text(string(e.Status))
	a.textOrNull(string(e.Reason))
	a.int(e.RanAt)
	a.int(int64(e.Counts.Created))
	a.int(int64(e.Counts.Updated))
	a.int(int64(e.Counts.Unchanged))
	a.int(int64(e.Counts.Skipped))
	a.int(int64(e.Counts.Failed))
	a.textOrNull(storage.Errors(e.Errors))
	a.textOrNull(storage.Asked(e.Asked))
	a.textOrNull(storage.Enrichments(e.Enrichments))
	a.bytes(e.Answers)
	a.bytes(e.Digest)
}

func (g *group) writePeople(w *commit.Writes) error {
	for _, c := range w.Changes.Teams {
		if err := g.writeTeam(c, w.Now); err != nil {
			return fmt.Errorf("keep a team: %w", err)
		}
	}
	for _, c := range w.Changes.Agents {
		if err := g.writeAgent(c, w.Now); err != nil {
			return fmt.Errorf("keep an agent: %w", err)
		}
	}
	for _, c := range w.Changes.Users {
		if err := g.writeUser(c, w.Now); err != nil {
			return fmt.Errorf("keep a user: %w", err)
		}
	}
	return nil
}

func (g *group) writeTeam(c record.Change[record.Team], now int64) error {
	if c.New == nil {
		return g.remove(g.deleteTeam, c.Old.ID)
	}
	t := c.New
	if c.Old == nil {
		a := arguments{stmt: g.insertTeam}
		a.int(t.ID)
		a.int(t.TenantID)
		a.text(t.Name)
		a.int(now)
		return a.exec()
	}
	a := arguments{stmt: g.updateTeam}
	a.int(t.ID)
	a.text(t.Name)
	a.int(now)
	return a.execOne(g.conn)
}

func (g *group) writeAgent(c record.Change[record.Agent], now int64) error {
	if c.New == nil {
		return g.remove(g.deleteAgent, c.Old.ID)
	}
	n := c.New
	a := arguments{stmt: g.updateAgent}
	if c.Old == nil {
		a.stmt = g.insertAgent
	}
	a.int(n.ID)
	if c.Old == nil {
		a.int(n.TenantID)
	}
	a.text(n.Name)
	a.intOrNull(n.TeamID)
	a.truth(n.Active)
	a.int(now)
	return a.execOne(g.conn)
}

func (g *group) writeUser(c record.Change[record.User], now int64) error {
	if c.New == nil {
		return g.remove(g.deleteUser, c.Old.ID)
	}
	u := c.New
	a := arguments{stmt: g.updateUser}
	if c.Old == nil {
		a.stmt = g.insertUser
	}
	a.int(u.ID)
	if c.Old == nil {
		a.int(u.TenantID)
	}
	a.text(u.Email)
	a.text(u.Name)
	a.text(u.Role)
	a.text(u.Status)
	a.intOrNull(u.AgentID)
	a.int(now)
	return a.execOne(g.conn)
}

func (g *group) remove(stmt *sqlite3.Stmt, id int64) error {
	a := arguments{stmt: stmt}
	a.int(id)
	return a.execOne(g.conn)
}

// writeRecords removes first: what got another key is one row less and one more, with the same number.
func (g *group) writeRecords(w *commit.Writes) error {
	for _, c := range w.Changes.Identities {
		if c.New == nil {
			if err := g.remove(g.identities.takeAway, c.Old.ID); err != nil {
				return fmt.Errorf("remove an identity: %w", err)
			}
		}
	}
	for _, c := range w.Changes.Rows {
		if c.New == nil {
			if err := g.remove(g.kinds[c.Old.Kind].takeAway, c.Old.ID); err != nil {
				return fmt.Errorf("remove a record: %w", err)
			}
		}
	}
	for _, c := range w.Changes.Identities {
		if c.New == nil {
			continue
		}
		if err := writeCells(g, &g.identities, c.New.ID, c.Old == nil, c.MarkOnly, c.New.Cells, c.New.MarkCells); err != nil {
			return fmt.Errorf("keep %s %q: %w", c.New.Key.Noun, c.New.Key.ExternalID, err)
		}
	}
	for _, c := range w.Changes.Rows {
		if c.New == nil {
			continue
		}
		if err := writeCells(g, g.kinds[c.New.Kind], c.New.ID, c.Old == nil, c.MarkOnly, c.New.Cells, c.New.MarkCells); err != nil {
			return fmt.Errorf("keep %s %q: %w", c.New.Key.Noun, c.New.Key.ExternalID, err)
		}
	}
	return nil
}

func writeCells(g *group, t *table, id int64, isNew, markOnly bool, all, marks func([]record.Cell) []record.Cell) error {
	if markOnly {
		g.cells = marks(g.cells[:0])
		a := arguments{stmt: t.mark}
		a.cells(g.cells)
		a.int(id)
		return a.execOne(g.conn)
	}
	g.cells = all(g.cells[:0])
	if isNew {
		a := arguments{stmt: t.insert}
		a.cells(g.cells)
		return a.exec()
	}
	a := arguments{stmt: t.update}
	a.cells(g.cells[t.fixed:])
	a.int(id)
	return a.execOne(g.conn)
}

func (g *group) writeJournal(w *commit.Writes) error {
	for i := range w.Changes.Journal {
		e := &w.Changes.Journal[i]
		a := arguments{stmt: g.insertJournal}
		a.text(e.Noun)
		a.int(e.ThingID)
		a.int(e.ID)
		a.int(e.TenantID)
		a.int(w.Now)
		a.text(e.MadeBy)
		a.text(string(e.Before))
		if err := a.exec(); err != nil {
			return fmt.Errorf("keep journal entry %d: %w", e.ID, err)
		}
	}
	return nil
}

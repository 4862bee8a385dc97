package sqlite

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ncruces/go-sqlite3"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// statements of the group, one row each: SQLite runs in our process, so there is no trip to save.
type statements struct {
	begin, commit, rollback                     *sqlite3.Stmt
	configuration, draw                         *sqlite3.Stmt
	event, waiting                              *sqlite3.Stmt
	user, agent, agentUser, team                *sqlite3.Stmt
	identity                                    *sqlite3.Stmt // by number
	identities                                  table
	kinds                                       map[*record.Kind]*table
	insertCall, insertDelivery, insertExecution *sqlite3.Stmt
	insertRaw                                   *sqlite3.Stmt
	moveDelivery, rerunExecution, insertJournal *sqlite3.Stmt
	insertAgent, updateAgent, deleteAgent       *sqlite3.Stmt
	insertTeam, updateTeam, deleteTeam          *sqlite3.Stmt
	insertUser, updateUser, deleteUser          *sqlite3.Stmt
}

// table has the statements of one that holds records or identities.
type table struct {
	columns                              []record.Column
	find, insert, update, mark, takeAway *sqlite3.Stmt
	findContact                          *sqlite3.Stmt // nil where contact follow-up does not see the kind
	fixed                                int           // leading columns that an update leaves alone: they are the key
}

func prepareAll(conn *sqlite3.Conn) (*statements, error) {
	var errs []error
	prepare := func(text string) *sqlite3.Stmt {
		s, _, err := conn.PrepareFlags(text, sqlite3.PREPARE_PERSISTENT)
		if err != nil {
			errs = append(errs, fmt.Errorf("prepare %s: %w", text, err))
		}
		return s
	}
	s := &statements{
		begin:         prepare("BEGIN IMMEDIATE"),
		commit:        prepare("COMMIT"),
		rollback:      prepare("ROLLBACK"),
		configuration: prepare("SELECT configuration FROM epochs WHERE id = 1"),
		draw:          prepare("UPDATE counters SET next = next + ?1 WHERE id = 1 RETURNING next - ?1"),
		event:         prepare("SELECT id, body FROM deliveries WHERE provider_id = ? AND door = ? AND coalesce(source_id, 0) = ? AND event_id = ?"),
		waiting:       prepare("SELECT 1 FROM executions WHERE id = ? AND status = 'waiting'"),
		user:          prepare("SELECT " + userColumns + " FROM users WHERE tenant_id = ? AND email = ?"),
		agent:         prepare("SELECT id, tenant_id, coalesce(team_id, 0), name, active FROM agents WHERE id = ?"),
		agentUser:     prepare("SELECT " + userColumns + " FROM users WHERE agent_id = ? ORDER BY id LIMIT 1"),
		team:          prepare("SELECT id, tenant_id, name FROM teams WHERE id = ?"),

		insertCall:      prepare(insert("source_executions", storage.CallColumns)),
		insertRaw:       prepare(insert("raw_bodies", storage.RawColumns)),
		insertDelivery:  prepare(insert("deliveries", storage.DeliveryColumns)),
		insertExecution: prepare(insert("executions", storage.ExecutionColumns)),
		insertJournal:   prepare(insert("journal", storage.JournalColumns)),
		moveDelivery:    prepare("UPDATE deliveries SET state = " + storage.DeliveryState + " WHERE id = ?"),
		rerunExecution:  prepare(update("executions", storage.RerunColumns)),

		insertAgent: prepare("INSERT INTO agents (id, tenant_id, name, team_id, active, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)"),
		updateAgent: prepare("UPDATE agents SET name = ?2, team_id = ?3, active = ?4, updated_at = ?5 WHERE id = ?1"),
		deleteAgent: prepare("DELETE FROM agents WHERE id = ?"),
		insertTeam:  prepare("INSERT INTO teams (id, tenant_id, name, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?4)"),
		updateTeam:  prepare("UPDATE teams SET name = ?2, updated_at = ?3 WHERE id = ?1"),
		deleteTeam:  prepare("DELETE FROM teams WHERE id = ?"),
		insertUser:  prepare("INSERT INTO users (id, tenant_id, email, name, role, status, agent_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)"),
		updateUser:  prepare("UPDATE users SET email = ?2, name = ?3, role = ?4, status = ?5, agent_id = ?6, updated_at = ?7 WHERE id = ?1"),
		deleteUser:  prepare("DELETE FROM users WHERE id = ?"),

		kinds: map[*record.Kind]*table{},
	}
	identity := "SELECT " + strings.Join(storage.Names(record.IdentityColumns), ", ") + ", " + storage.EntityName + " FROM identities "
	s.identity = prepare(identity + "WHERE id = ?")
	s.identities = table{
		columns:  record.IdentityColumns,
		find:     prepare(identity + "WHERE provider_id = ? AND kind = ? AND external_id = ?"),
		insert:   prepare(insert("identities", storage.Names(record.IdentityColumns))),
		update:   prepare(update("identities", storage.Names(record.IdentityColumns[5:]))),
		mark:     prepare(update("identities", storage.Names(record.MarkColumns))),
		takeAway: prepare("DELETE FROM identities WHERE id = ?"),
		fixed:    5,
	}
	for _, kind := range record.Kinds {
		name, columns := storage.Table(kind), kind.Columns()
		names := storage.Names(columns)
		s.kinds[kind] = &table{
			columns:  columns,
			find:     prepare("SELECT " + strings.Join(names, ", ") + " FROM " + name + " WHERE provider_id = ? AND external_id = ?"),
			insert:   prepare(insert(name, names)),
			update:   prepare(update(name, names[4:])),
			mark:     prepare(update(name, storage.Names(record.MarkColumns))),
			takeAway: prepare("DELETE FROM " + name + " WHERE id = ?"),
			fixed:    4,
		}
		if kind.When != "" {
			s.kinds[kind].findContact = prepare(fmt.Sprintf("SELECT %s FROM %s WHERE provider_id = ? AND contact_key = ? LIMIT %d",
				strings.Join(names, ", "), name, record.MostOfContact+1))
		}
	}
	return s, errors.Join(errs...)
}

const userColumns = "id, tenant_id, coalesce(agent_id, 0), email, name, role, status"

func insert(table string, columns []string) string {
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
}

// update sets columns of one row; the row's number is the last argument.
func update(table string, columns []string) string {
	return "UPDATE " + table + " SET " + strings.Join(columns, " = ?, ") + " = ? WHERE id = ?"
}

// arguments binds the arguments of one run of a statement, in order.
type arguments struct {
	stmt *sqlite3.Stmt
	n    int
	err  error
}

func (a *arguments) keep(err error) {
	if a.err == nil {
		a.err = err
	}
}

func (a *arguments) int(v int64) {
	a.n++
	a.keep(a.stmt.BindInt64(a.n, v))
}

func (a *arguments) truth(v bool) {
	a.n++
	a.keep(a.stmt.BindBool(a.n, v))
}

func (a *arguments) text(v string) {
	a.n++
	a.keep(a.stmt.BindText(a.n, v))
}

func (a *arguments) null() {
	a.n++
	a.keep(a.stmt.BindNull(a.n))
}

// intOrNull binds null for 0: no thing has that number.
func (a *arguments) intOrNull(v int64) {
	if v == 0 {
		a.null()
		return
	}
	a.int(v)
}

// textOrNull binds null for the empty text.
func (a *arguments) textOrNull(v string) {
	if v == "" {
		a.null()
		return
	}
	a.text(v)
}

// bytes binds null for nil.
func (a *arguments) bytes(v []byte) {
	if v == nil {
		a.null()
		return
	}
	a.n++
	a.keep(a.stmt.BindBlob(a.n, v))
}

func (a *arguments) cells(cells []record.Cell) {
	for i := range cells {
		switch c := &cells[i]; c.Kind {
		case record.IntCell:
			a.int(c.Int)
		case record.TextCell:
			a.text(c.Text)
		default:
			a.null()
		}
	}
}

// exec runs a statement that gives no rows.
func (a *arguments) exec() error {
	if a.err != nil {
		return a.err
	}
	return a.stmt.Exec()
}

// errMissing says that a row that was loaded is not there when it is written.
var errMissing = errors.New("a row that was to be changed is not there")

// execOne runs a statement that must touch one row.
func (a *arguments) execOne(conn *sqlite3.Conn) error {
	if err := a.exec(); err != nil {
		return err
	}
	if conn.Changes() != 1 {
		return fmt.Errorf("%w: %s", errMissing, a.stmt.SQL())
	}
	return nil
}

// row runs a statement and calls read when it gives a row.
func (a *arguments) row(read func(*sqlite3.Stmt)) error {
	if a.err != nil {
		return a.err
	}
	if a.stmt.Step() {
		read(a.stmt)
	}
	return a.stmt.Reset() // gives the error of Step, too
}

func queryInt(s *sqlite3.Stmt, args ...int64) (n int64, err error) {
	a := arguments{stmt: s}
	for _, v := range args {
		a.int(v)
	}
	found := false
	err = a.row(func(s *sqlite3.Stmt) { n, found = s.ColumnInt64(0), true })
	if err == nil && !found {
		err = fmt.Errorf("%w: %s", errMissing, s.SQL())
	}
	return n, err
}

// readCells adds the first len(columns) columns of the present row.
func readCells(s *sqlite3.Stmt, columns []record.Column, dst []record.Cell) []record.Cell {
	for i := range columns {
		switch {
		case !columns[i].NotNull && s.ColumnType(i) == sqlite3.NULL:
			dst = append(dst, record.Cell{})
		case columns[i].Kind == record.IntCell:
			dst = append(dst, record.Cell{Kind: record.IntCell, Int: s.ColumnInt64(i)})
		default:
			dst = append(dst, record.Cell{Kind: record.TextCell, Text: s.ColumnText(i)})
		}
	}
	return dst
}

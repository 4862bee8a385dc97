// Package storage is the one database contract: SQL written once, run on SQLite and on PostgreSQL. What people configure
// and all that is read outside the group goes through a DB; the group itself (package commit) has an Engine of its own
// per database. It never starts work of its own and keeps no cache.
//
// The engines are opened by packages sqlite and postgres. Statements have ? for their arguments, moments are
// microseconds, truth is 0 or 1, decimals are canonical text; SQL keeps to what both databases understand.
package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/secret"
)

// Options say which database to open and how.
type Options struct {
	Dir      string           // folder of the SQLite database
	URL      string           // of the PostgreSQL database; of Dir only the secret key matters then
	Secret   secret.Source    // of the master key; its zero value: in Dir
	Clock    func() time.Time // of all transactions; nil: time.Now
	Existing bool             // refuse where there is no database yet, instead of making one
	ReadOnly bool             // look at a database that a server may be using: no migration, no Write, no groups
}

// Now gives the present moment by the clock of the options, in microseconds.
func (o Options) Now() int64 {
	if o.Clock == nil {
		return time.Now().UnixMicro()
	}
	return o.Clock().UnixMicro()
}

// Setting is something about the database that promises depend on, as it was found.
type Setting struct {
	Name, Value, Want string
	OK                bool
	Note              string // what else somebody who looks should know; "": nothing
}

// Backend is what an engine package puts under a DB.
type Backend struct {
	Name     string  // "sqlite" or "postgres"
	Readers  *sql.DB // read transactions: each sees one snapshot
	Writer   *sql.DB // write transactions
	Numbered bool    // arguments are $1, $2 … in the engine's own SQL
	// Turn waits for the right to write and gives what ends it; nil: Lock does.
	Turn func(context.Context) (end func(), err error)
	// Lock begins every write transaction, where there is no Turn: it waits until no other is under way, on any node.
	Lock string
	// Snapshot is the isolation in which a read transaction sees one moment.
	Snapshot sql.IsolationLevel
	// Claim is DB.Claim; nil where the process is alone.
	Claim func(ctx context.Context, sourceID int64, fn func() error) (bool, error)
	// Number draws one number inside a write transaction.
	Number string
	// Next reads the next number; and, where numbers are drawn apart from transactions, the oldest transaction under way
	// and the first that has not begun, else zeros.
	Next string
	// Holds is a condition that a column of bytes (%s) holds the bytes of one argument.
	Holds string
	// Cells is an aggregate that groups and adds up by itself, where the database would sort all rows for that; "": it does not.
	// cells(a, b, c) counts, cells(a, b, c, n) adds up decimals (text) or whole numbers, exactly; cells(edges, b, c, from, to) adds
	// up how much lies between each two of the edges, which are a text of numbers in order, and a is then the number of the first of
	// them. It gives a text with a line for each group: its three numbers, and its sum as a fraction.
	Cells string
	// Day is the number of the day of a moment (%s), where the indexes of metrics have the records of a day together, in the order
	// in which they came; "": they have them in the order of moments.
	Day string
	// Span is how many numbers the indexes of what names identities have together; 0: they are by identity alone. See Tx.named.
	Span int64
	// Explain turns what the driver says into a fault where the database cannot serve just now.
	Explain func(error) error
	// Repeat reports whether a write transaction should begin again: a deadlock, say.
	Repeat func(error) bool
	// Lost reports whether a connection turned out to be broken.
	Lost func(error) bool
	// Duplicate reports whether a unique index refused a row.
	Duplicate func(error) bool
	Settings  func(context.Context) ([]Setting, error)
	Engine    commit.Engine                         // nil when read-only
	Scrub     func(context.Context) ([]Left, error) // see DB.Scrub; nil when read-only
	Now       func() int64
	Close     func() error

	key *secret.Key // see DB.Unlock
}

// DB is the database as everything outside the group sees it. It may be used by many goroutines.
type DB struct {
	b       Backend
	settled settled
	waited  atomic.Int64 // see lookAgain
}

// New makes a DB; only engine packages call it.
func New(b Backend) *DB { return &DB{b: b} }

// Name is the kind of database: "sqlite" or "postgres".
func (db *DB) Name() string { return db.b.Name }

// Engine is what the group writer works with; nil in a DB opened read-only.
func (db *DB) Engine() commit.Engine { return db.b.Engine }

// Now gives the present moment by the clock of the database.
func (db *DB) Now() int64 { return db.b.Now() }

// Settings reads back what durability depends on.
func (db *DB) Settings(ctx context.Context) ([]Setting, error) { return db.b.Settings(ctx) }

// Close ends all connections. Transactions must have ended.
func (db *DB) Close() error { return db.b.Close() }

// Read runs fn on one snapshot of the database. It sees all that was committed before the call.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	tx, err := db.begin(ctx, db.b.Readers, &sql.TxOptions{ReadOnly: true, Isolation: db.b.Snapshot})
	if err != nil {
		return db.b.Explain(err)
	}
	err = fn(&Tx{tx: tx, ctx: ctx, b: &db.b, Now: db.b.Now()})
	_ = tx.Rollback() // there is nothing to keep; a lost connection ends it as well
	return db.b.Explain(err)
}

// writeTries is how often a write transaction begins at most when others keep getting in its way.
const writeTries = 8

// Write runs fn in a transaction and commits, durably, before it returns nil. When another transaction was in the way fn
// is run again from the start, so it must leave nothing behind but what it wrote through tx. Write transactions run one
// after the other, so what fn has read stays so until it is done, unless groups write it too; on SQLite they take turns
// with the groups as well. fn must not wait for anything but the database.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if db.b.Writer == nil {
		return errors.New("storage: the database was opened for reading only")
	}
	var err error
	for range writeTries {
		if err = db.write(ctx, fn); err == nil || !db.b.Repeat(err) {
			break
		}
	}
	return db.b.Explain(err)
}

func (db *DB) write(ctx context.Context, fn func(*Tx) error) (err error) {
	if db.b.Turn != nil {
		end, err := db.b.Turn(ctx)
		if err != nil {
			return err
		}
		defer end()
	}
	tx, err := db.begin(ctx, db.b.Writer, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback() // the first error is the one that tells
		}
	}()
	if db.b.Lock != "" {
		if _, err := tx.ExecContext(ctx, db.b.Lock); err != nil {
			return err
		}
	}
	if err := fn(&Tx{tx: tx, ctx: ctx, b: &db.b, Now: db.b.Now()}); err != nil {
		return err
	}
	return tx.Commit()
}

// Claim runs fn while this node alone may run what waits on a source, or may go on with an operation on many things. Where another node holds the claim it says false
// and does not run fn. The claim is a lock of the database, which lets go of it when the node dies or is cut off; fn
// lasts seconds, not minutes.
func (db *DB) Claim(ctx context.Context, sourceID int64, fn func() error) (bool, error) {
	if db.b.Claim == nil {
		return true, fn()
	}
	claimed, err := db.b.Claim(ctx, sourceID, fn)
	return claimed, db.b.Explain(err)
}

// begin opens a transaction. Connections that broke while nobody used them are thrown away until one works or a new one
// cannot be had.
func (db *DB) begin(ctx context.Context, pool *sql.DB, o *sql.TxOptions) (tx *sql.Tx, err error) {
	for range connectionTries {
		if tx, err = pool.BeginTx(ctx, o); err == nil || !db.b.Lost(err) {
			break
		}
	}
	return tx, err
}

// connectionTries is more than an engine has connections.
const connectionTries = 16

// Tx is one transaction. It belongs to the call that got it and lives as long as that.
type Tx struct {
	Now int64 // the one clock of the transaction: microseconds
	ctx context.Context
	tx  *sql.Tx
	b   *Backend
}

// Exec runs a statement that gives no rows and says how many it touched.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(t.ctx, t.b.rewrite(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a statement that gives rows; the caller closes them, and does so before the next statement.
func (t *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, t.b.rewrite(query), args...)
}

// QueryRow runs a statement that gives at most one row; Scan says sql.ErrNoRows when there is none.
func (t *Tx) QueryRow(query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(t.ctx, t.b.rewrite(query), args...)
}

// Each runs a query and calls fn for every row. fn makes no statement of its own.
func (t *Tx) Each(fn func(*sql.Rows) error, query string, args ...any) (err error) {
	rows, err := t.Query(query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// NextNumber draws a fresh number for the id of a new thing.
func (t *Tx) NextNumber() (n int64, err error) {
	err = t.QueryRow(t.b.Number).Scan(&n)
	return n, err
}

// RaiseEpoch makes every node load the configuration again before it accepts another delivery. Every change of what a
// plan.Picture shows calls it.
func (t *Tx) RaiseEpoch() error {
	_, err := t.Exec("UPDATE epochs SET configuration = configuration + 1 WHERE id = 1")
	return err
}

// Epoch is that of the configuration this transaction sees.
func (t *Tx) Epoch() (epoch int64, err error) {
	err = t.QueryRow("SELECT configuration FROM epochs WHERE id = 1").Scan(&epoch)
	return epoch, err
}

// IsDuplicate reports whether err says that a unique index refused a row.
func (t *Tx) IsDuplicate(err error) bool { return err != nil && t.b.Duplicate(err) }

// rewrite puts $1, $2 … for ? where the engine wants it. Statements are ours and have no ? in literals.
func (b *Backend) rewrite(query string) string {
	if !b.Numbered || !strings.Contains(query, "?") {
		return query
	}
	out := make([]byte, 0, len(query)+16)
	n := 0
	for i := range len(query) {
		if query[i] != '?' {
			out = append(out, query[i])
			continue
		}
		n++
		out = append(out, '$')
		out = strconv.AppendInt(out, int64(n), 10)
	}
	return string(out)
}

// In gives "(?, ?, ?)" and the arguments for a list of numbers. A list is never empty and never long: at most a page.
func In(numbers []int64) (list string, args []any) {
	args = make([]any, len(numbers))
	for i, n := range numbers {
		args[i] = n
	}
	return marks(len(numbers)), args
}

// marks gives "(?, ?, ?)"; n is at least 1.
func marks(n int) string { return "(?" + strings.Repeat(", ?", n-1) + ")" }

// retryAfter is what callers are told when the database cannot keep things just now.
const retryAfter = 5 * time.Second

// Unavailable is the fault for a database that cannot serve just now.
func Unavailable(cause error, format string, args ...any) error {
	f := fault.New(fault.Unavailable, "%s", fmt.Sprintf(format, args...))
	f.RetryAfter, f.Cause = retryAfter, cause
	return f
}

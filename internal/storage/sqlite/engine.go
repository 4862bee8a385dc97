package sqlite

import (
	"context"

	"github.com/ncruces/go-sqlite3"
)

// engine is the writer of groups: one connection on SQLite's own API with its statements prepared once.
type engine struct {
	conn *sqlite3.Conn
	turn chan struct{} // holds one token: who takes it may write; waiters get it in the order they came
	now  func() int64
}

func newEngine(path string, now func() int64) (*engine, error) {
	conn, err := sqlite3.OpenFlags(uri(path, "rw", writerPragmas), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return nil, err
	}
	e := &engine{conn: conn, turn: make(chan struct{}, 1), now: now}
	e.turn <- struct{}{}
	return e, nil
}

// take waits for the right to write. All writers of the process take turns; SQLite's own lock knows no order.
func (e *engine) take(ctx context.Context) (end func(), err error) {
	select {
	case <-e.turn:
		return e.give, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (e *engine) give() { e.turn <- struct{}{} }

// Close ends the connection of the groups.
func (e *engine) Close() error { return e.conn.Close() }

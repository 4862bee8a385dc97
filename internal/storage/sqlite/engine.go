package sqlite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"

	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// engine is the writer of groups: one connection on SQLite's own API with its statements prepared once.
type engine struct {
	conn *sqlite3.Conn
	*statements
	cache identityCache // touched by who has the turn
	turn  chan struct{} // holds one token: who takes it may write; waiters get it in the order they came
	// broken is set for good when an fsync failed: the kernel may have dropped pages that SQLite takes for written, so
	// nothing that is asked of this process can be promised any more.
	broken atomic.Pointer[error]
}

func newEngine(f file, hook func(*sqlite3.Conn) error) (*engine, error) {
	conn, err := sqlite3.OpenFlags(f.uri("rw", writerPragmas), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return nil, err
	}
	e := &engine{conn: conn, turn: make(chan struct{}, 1)}
	e.cache.forget()
	e.turn <- struct{}{}
	if err := refuseWeak(context.Background(), f, e.settings); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if err := hook(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if e.statements, err = prepareAll(conn); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// settings reads back those of the connection that keeps deliveries: each has its own.
func (e *engine) settings(context.Context) ([]storage.Setting, error) {
	settings := slices.Clone(writerSettings)
	for i := range settings {
		s := &settings[i]
		read, _, err := e.conn.Prepare("PRAGMA " + s.Name)
		if err != nil {
			return nil, fmt.Errorf("read the setting %s: %w", s.Name, err)
		}
		if read.Step() {
			s.Value = read.ColumnText(0)
		}
		if err := errors.Join(read.Err(), read.Close()); err != nil {
			return nil, fmt.Errorf("read the setting %s: %w", s.Name, err)
		}
		s.OK = s.Value == s.Want
	}
	return settings, nil
}

// take waits for the right to write. All writers of the process take turns; SQLite's own lock knows no order.
func (e *engine) take(ctx context.Context) (end func(), err error) {
	select {
	case <-e.turn:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := e.refusal(); err != nil {
		e.give()
		return nil, err
	}
	return e.give, nil
}

// takeOther is take for who writes on another connection.
func (e *engine) takeOther(ctx context.Context) (end func(), err error) {
	end, err = e.take(ctx)
	if err == nil {
		e.cache.forget()
	}
	return end, err
}

func (e *engine) give() { e.turn <- struct{}{} }

func (e *engine) refusal() error {
	if cause := e.broken.Load(); cause != nil {
		return storage.Unavailable(*cause, "The disk did not confirm a write, so nothing more is accepted. Check the disk of the data folder, then restart the server.")
	}
	return nil
}

// failed explains err and remembers that the disk is not to be trusted, if that is what it says.
func (e *engine) failed(err error) error {
	if errors.Is(err, sqlite3.IOERR_FSYNC) || errors.Is(err, sqlite3.IOERR_DIR_FSYNC) {
		e.broken.CompareAndSwap(nil, &err)
		return e.refusal()
	}
	return explain(err)
}

// Close ends the connection of the groups.
func (e *engine) Close() error {
	var errs []error
	for _, s := range slices.Collect(e.conn.Stmts()) {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, e.conn.Close())...)
}

// Committed is never asked: a COMMIT of this engine either says that it is done, or is not.
func (e *engine) Committed(context.Context, int64) (bool, error) {
	return false, errors.New("sqlite: no COMMIT has an unknown end")
}

// abandon takes back what the open transaction wrote, if SQLite has not done so itself.
func (e *engine) abandon() {
	if e.conn.GetAutocommit() {
		return
	}
	if err := e.rollback.Exec(); err != nil {
		// Without a rollback the connection would hold the write lock for ever and mix groups.
		e.broken.CompareAndSwap(nil, &err)
	}
}

func (e *engine) drawNumbers(n int) (first int64, err error) {
	return queryInt(e.draw, int64(n))
}

// Begin opens a group.
func (e *engine) Begin(ctx context.Context, deliveries int, need *record.Need) (commit.Group, error) {
	end, err := e.take(ctx)
	if err != nil {
		return nil, err
	}
	g := &group{engine: e, end: end}
	if err := e.begin.Exec(); err != nil {
		end()
		return nil, e.failed(err)
	}
	if err := g.load(deliveries, need); err != nil {
		g.Rollback()
		return nil, e.failed(err)
	}
	return g, nil
}

// group is the open transaction of the engine's connection. Its end gives the turn back.
type group struct {
	*engine
	end    func()
	epoch  int64
	first  int64
	loaded *record.Loaded
	cells  []record.Cell // scratch
}

func (g *group) Epoch() int64           { return g.epoch }
func (g *group) FirstNumber() int64     { return g.first }
func (g *group) Loaded() *record.Loaded { return g.loaded }

func (g *group) Rollback() {
	if g.end == nil {
		return
	}
	g.abandon()
	g.end()
	g.end = nil
}

// Apply writes and commits. What is new is a plain INSERT: nobody else writes, so a row that is there already is a
// mistake in what the units wrote.
func (g *group) Apply(_ context.Context, w *commit.Writes) error {
	if err := g.write(w); err != nil {
		g.Rollback()
		if errors.Is(err, sqlite3.CONSTRAINT) || errors.Is(err, sqlite3.MISMATCH) || errors.Is(err, sqlite3.TOOBIG) || errors.Is(err, errMissing) {
			return fmt.Errorf("%w: %w", commit.ErrRefused, err)
		}
		return g.failed(err)
	}
	if err := g.commit.Exec(); err != nil {
		g.Rollback()
		return g.failed(err)
	}
	g.cache.follow(w.Changes.Identities)
	g.end()
	g.end = nil
	return nil
}

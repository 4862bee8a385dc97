package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// groupSettings of the sessions that groups use. All a group does is look up, add and change rows by key, so one plan is
// right for ever: the planner must neither make it anew each time nor choose by what the tables held when it was made.
var groupSettings = map[string]string{
	"plan_cache_mode":   "force_generic_plan",
	"enable_seqscan":    "off",
	"enable_hashjoin":   "off",
	"enable_mergejoin":  "off",
	"enable_bitmapscan": "off",
	"jit":               "off",
}

// groupLimit is how long one step of a group may take from here; the server's own limits are shorter. What has not
// ended by then hangs on the network.
const groupLimit = 40 * time.Second

// engineConnections: the group's, and one to ask after a COMMIT that got no reply.
const engineConnections = 2

// engine is the writer of groups: one round trip to load, one to write and commit.
type engine struct {
	pool *pgxpool.Pool
	*statements

	mu      sync.Mutex
	unknown map[int64]string // token → transaction, of groups whose COMMIT got no reply
}

func newEngine(ctx context.Context, config *pgxpool.Config) (*engine, error) {
	config = config.Copy()
	config.MaxConns = engineConnections
	for name, value := range groupSettings {
		config.ConnConfig.RuntimeParams[name] = value
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		takeArrays(conn.TypeMap())
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return &engine{pool: pool, statements: newStatements(), unknown: map[int64]string{}}, nil
}

// statusPause is between two questions after a transaction that is still under way.
const statusPause = 50 * time.Millisecond

// Committed asks the server what became of a transaction. While it is under way, the session that was lost is still
// working on it; its fate is known soon.
func (e *engine) Committed(ctx context.Context, token int64) (bool, error) {
	e.mu.Lock()
	xid, known := e.unknown[token]
	e.mu.Unlock()
	if !known {
		return false, fmt.Errorf("postgres: no COMMIT of group %d lacks a reply", token)
	}
	ctx, cancel := context.WithTimeout(ctx, groupLimit)
	defer cancel()
	for {
		var status *string
		if err := e.pool.QueryRow(ctx, "SELECT pg_xact_status($1::text::xid8)", xid).Scan(&status); err != nil {
			return false, explain(err)
		}
		if status == nil || *status != "in progress" {
			e.mu.Lock()
			delete(e.unknown, token)
			e.mu.Unlock()
			return status != nil && *status == "committed", nil
		}
		select {
		case <-time.After(statusPause):
		case <-ctx.Done():
			return false, explain(ctx.Err())
		}
	}
}

// Begin opens a group.
func (e *engine) Begin(ctx context.Context, deliveries int, need *record.Need) (commit.Group, error) {
	// A group is not left half done because a caller has gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), groupLimit)
	defer cancel()
	for try := 1; ; try++ {
		conn, err := e.pool.Acquire(ctx)
		if err != nil {
			return nil, explain(err)
		}
		g := &group{engine: e, conn: conn}
		if err = g.load(ctx, deliveries, need); err == nil {
			return g, nil
		}
		g.Rollback()
		switch {
		case lost(err) && try <= engineConnections: // it broke while nobody used it
		case repeatable(err):
			return nil, fmt.Errorf("%w: %w", commit.ErrRepeat, err)
		default:
			return nil, explain(err)
		}
	}
}

// group is the open transaction of one connection.
type group struct {
	*engine
	conn   *pgxpool.Conn
	epoch  int64
	first  int64
	xid    string
	loaded *record.Loaded
}

func (g *group) Epoch() int64           { return g.epoch }
func (g *group) FirstNumber() int64     { return g.first }
func (g *group) Loaded() *record.Loaded { return g.loaded }

// rollbackLimit is short: where it is not enough, the connection is closed and the server rolls back itself.
const rollbackLimit = 5 * time.Second

func (g *group) Rollback() {
	if g.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), rollbackLimit)
	defer cancel()
	if !g.conn.Conn().IsClosed() && g.conn.Conn().PgConn().TxStatus() != 'I' {
		if _, err := g.conn.Exec(ctx, "ROLLBACK"); err != nil {
			_ = g.conn.Conn().Close(ctx) // closing it is what matters
		}
	}
	g.conn.Release()
	g.conn = nil
}

// Apply writes and commits in one round trip. What is new is a plain INSERT: a row that is there already means that
// another node was first.
func (g *group) Apply(ctx context.Context, w *commit.Writes) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), groupLimit)
	defer cancel()
	batch := &pgx.Batch{}
	g.write(batch, w)
	var ended string
	batch.Queue("COMMIT").Exec(func(tag pgconn.CommandTag) error {
		ended = tag.String()
		return nil
	})
	err := g.conn.SendBatch(ctx, batch).Close()
	if err == nil && ended != "COMMIT" {
		err = fmt.Errorf("the database answered COMMIT with %s", ended)
	}
	switch {
	case err == nil:
	case ended == "COMMIT": // what went wrong came after it
		err = nil
	case !pgconn.SafeToRetry(err) && (lost(err) || g.conn.Conn().IsClosed()):
		g.mu.Lock()
		g.unknown[w.Token] = g.xid
		g.mu.Unlock()
		err = fmt.Errorf("%w: %w", commit.ErrUnknown, err)
	case duplicate(err), repeatable(err):
		err = fmt.Errorf("%w: %w", commit.ErrRepeat, err)
	case refused(err):
		err = fmt.Errorf("%w: %w", commit.ErrRefused, err)
	default:
		err = explain(err)
	}
	g.Rollback()
	return err
}

// refused: data exceptions, constraints and limits of a row are about what was written.
func refused(err error) bool {
	s := state(err)
	return len(s) == 5 && (s[:2] == "22" || s[:2] == "23" || s[:2] == "54")
}

// errMissing says that a row that others refer to is not there.
var errMissing = errors.New("a row that is referred to is not there")

// Close ends the connections of the groups.
func (e *engine) Close() { e.pool.Close() }

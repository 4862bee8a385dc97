package sqlite

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
)

// Limits of the WAL in pages of 4 KiB. A checkpoint beside the writer begins when that many pages were added: seldom,
// since the same few pages are in every group, and each checkpoint writes them once. Above the second limit the writer
// pauses between two groups so that the WAL can start again from its beginning. A file that need not grow is also
// cheaper to sync.
const (
	checkpointEvery = 1 << 13 // 32 MiB
	restartAbove    = 1 << 14 // 64 MiB
	restartRest     = 1 << 8  // pages that may be left to move while the writer pauses
	restartRuns     = 4       // beside the writer, at most, to get there
	restartAgain    = 1 << 12 // 16 MiB more, when a reader of an old snapshot kept the WAL from starting again
)

// checkpointer moves pages from the WAL to the database file on a connection of its own, so that no answer waits for it.
type checkpointer struct {
	conn    *sqlite3.Conn
	writer  *engine
	restart int64         // pages in the WAL above which it should start again
	pages   atomic.Int64  // in the WAL after the last commit
	moved   atomic.Int64  // of them, at the last checkpoint
	wake    chan struct{} // holds at most one token
	stop    context.CancelFunc
	done    chan struct{}
}

func newCheckpointer() *checkpointer {
	return &checkpointer{restart: restartAbove, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// watch makes the commits of conn wake the checkpointer when there is enough to do.
func (c *checkpointer) watch(conn *sqlite3.Conn) error {
	conn.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		if int64(pages) < c.moved.Load() {
			c.moved.Store(0) // the WAL has started again
		}
		c.pages.Store(int64(pages))
		if int64(pages)-c.moved.Load() >= checkpointEvery {
			select {
			case c.wake <- struct{}{}:
			default:
			}
		}
		return nil
	})
	return nil
}

// start begins the work on a database, beside the writer of groups.
func (c *checkpointer) start(f file, writer *engine) error {
	conn, err := sqlite3.OpenFlags(f.uri("rw", checkpointPragmas), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return err
	}
	c.conn, c.writer = conn, writer
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	go func() {
		defer close(c.done)
		for {
			select {
			case <-c.wake:
			case <-ctx.Done():
				return
			}
			if err := c.once(ctx); err != nil {
				_ = writer.failed(err) // an fsync that failed stops the writer; all else is tried again with the next wake
			}
		}
	}()
	return nil
}

func (c *checkpointer) once(ctx context.Context) error {
	if err := c.passive(); err != nil {
		return err
	}
	if c.pages.Load() < c.restart {
		return nil
	}
	for range restartRuns {
		if c.pages.Load()-c.moved.Load() <= restartRest {
			break
		}
		if err := c.passive(); err != nil {
			return err
		}
	}
	end, err := c.writer.take(ctx)
	if err != nil {
		return err
	}
	defer end()
	_, _, err = c.conn.WALCheckpoint("main", sqlite3.CHECKPOINT_RESTART)
	if errors.Is(err, sqlite3.BUSY) {
		c.restart = c.pages.Load() + restartAgain
		return nil
	}
	if err == nil {
		c.restart = restartAbove
		c.moved.Store(0)
		c.pages.Store(0)
	}
	return err
}

// passive moves what can be moved without anybody waiting.
func (c *checkpointer) passive() error {
	_, moved, err := c.conn.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE)
	if err == nil {
		c.moved.Store(int64(moved))
	}
	return err
}

// Close waits for the checkpoint under way.
func (c *checkpointer) Close() error {
	c.stop()
	<-c.done
	return c.conn.Close()
}

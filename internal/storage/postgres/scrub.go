package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/dealwright/dealwright/internal/storage"
)

const insufficientPrivilege = "42501"

// scrubber takes overwritten bytes off the disk of a server, on a connection of its own.
type scrubber struct {
	conn    *pgx.Conn
	notices []*pgconn.Notice // of the statement under way
	left    []storage.Left
}

func scrub(ctx context.Context, config *pgx.ConnConfig) (_ []storage.Left, err error) {
	s := scrubber{}
	config = config.Copy()
	delete(config.RuntimeParams, "statement_timeout") // it may take long
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { s.notices = append(s.notices, n) }
	if s.conn, err = pgx.ConnectConfig(ctx, config); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.conn.Close(context.WithoutCancel(ctx))) }()
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	for _, table := range []string{"deliveries", "source_executions"} {
		if err := s.table(ctx, table); err != nil {
			return nil, err
		}
	}
	if err := s.log(ctx); err != nil {
		return nil, err
	}
	return s.left, nil
}

// patience with transactions that are under way when the scrubbing begins.
const patience = 10 * time.Second

// settle waits until they have ended. Those that write keep old rows alive whatever database of the server they are in.
func (s *scrubber) settle(ctx context.Context) error {
	var now int64
	if err := s.conn.QueryRow(ctx, "SELECT pg_current_xact_id()::text::bigint").Scan(&now); err != nil {
		return err
	}
	again, enough := time.NewTicker(50*time.Millisecond), time.After(patience)
	defer again.Stop()
	for {
		var settled bool
		if err := s.conn.QueryRow(ctx, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint > $1", now).Scan(&settled); err != nil || settled {
			return err
		}
		select {
		case <-again.C:
		case <-enough:
			return nil // what they keep is told
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *scrubber) leave(do, where string, args ...any) {
	s.left = append(s.left, storage.Left{Where: fmt.Sprintf(where, args...), Do: do})
}

// table writes the files of a table anew. A plain VACUUM would give the room back and leave the bytes until something
// else is written there. Rows that an old snapshot may still see are copied; only the report of VACUUM tells of them.
func (s *scrubber) table(ctx context.Context, table string) error {
	s.notices = nil
	if _, err := s.conn.Exec(ctx, "VACUUM (FULL, VERBOSE) "+table); err != nil {
		return err
	}
	dead := -1
	for _, n := range s.notices {
		_, _ = fmt.Sscan(n.Detail, &dead) // "12 dead row versions cannot be removed yet.", in any language; no other begins with a number
	}
	switch {
	case dead < 0:
		s.leave("Run this again as the owner of the table.", "the files of the table %s, which were not written anew", table)
	case dead > 0:
		s.leave("End the transactions that were begun before (pg_stat_activity, pg_prepared_xacts and pg_replication_slots have them) and run this again.",
			"the files of the table %s: %d old rows that transactions under way may still read", table, dead)
	}
	return nil
}

// log has the server's log of changes written over: what was inserted before stands in it, also in the files that a
// checkpoint puts aside to be used again. Another file of the log is begun until all those have been used; the rest of
// each is filled with zeros.
func (s *scrubber) log(ctx context.Context) error {
	const where = "the server's write-ahead log (pg_wal)"
	err := s.overwrite(ctx, where)
	if state(err) != insufficientPrivilege {
		return err
	}
	var user, size string
	if err := s.conn.QueryRow(ctx, "SELECT quote_ident(current_user), current_setting('max_wal_size')").Scan(&user, &size); err != nil {
		return err
	}
	s.leave("Have an administrator run \"GRANT pg_checkpoint, pg_monitor TO "+user+"; GRANT EXECUTE ON FUNCTION pg_switch_wal() TO "+user+"\" and run this again; else the bytes stay until the server has used those files again, which it does while it writes as much as max_wal_size ("+size+").", where)
	return nil
}

func (s *scrubber) overwrite(ctx context.Context, where string) error {
	// What is in the log now is behind the switch, and no file behind the checkpoint is needed any more.
	var last string
	if err := s.conn.QueryRow(ctx, "SELECT pg_walfile_name(pg_current_wal_insert_lsn()) FROM pg_logical_emit_message(false, 'dealwright', 'redact')").Scan(&last); err != nil {
		return err
	}
	if err := s.next(ctx); err != nil {
		return err
	}
	if _, err := s.conn.Exec(ctx, "CHECKPOINT"); err != nil {
		return err
	}
	files, err := s.files(ctx)
	if err != nil {
		return err
	}
	for range files {
		if err := s.next(ctx); err != nil {
			return err
		}
	}
	if files, err = s.files(ctx); err != nil {
		return err
	}
	files = slices.DeleteFunc(files, func(file string) bool { return file > last })
	if len(files) > 0 {
		s.leave("Have an administrator see what holds them back (pg_replication_slots, wal_keep_size, an archive_command that fails) and run this again.",
			"%s: %d files from before that the server keeps, from %s on", where, len(files), files[0])
	}
	return nil
}

// next goes on in another file of the log.
func (s *scrubber) next(ctx context.Context) error {
	_, err := s.conn.Exec(ctx, "SELECT pg_switch_wal() FROM pg_logical_emit_message(false, 'dealwright', 'redact')")
	return err
}

// files are those of the log that may have something in them, the oldest first.
func (s *scrubber) files(ctx context.Context) ([]string, error) {
	rows, err := s.conn.Query(ctx, `SELECT name FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}' ORDER BY name COLLATE "C"`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

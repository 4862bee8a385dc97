package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/storage"
)

// scrub writes the file anew without what was overwritten or deleted, and cuts the WAL to nothing. Nobody else may have
// the database open but readers, whose snapshots it waits for.
func scrub(ctx context.Context, writer *sql.DB, turn func(context.Context) (func(), error)) (left []storage.Left, err error) {
	end, err := turn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	conn, err := writer.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	// The copy that VACUUM makes may be as big as the database: on the disk, not in memory.
	for _, statement := range []string{"PRAGMA secure_delete(on)", "PRAGMA temp_store(file)", "VACUUM", "PRAGMA temp_store(memory)"} {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	var busy, pages, moved int64
	if err := conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return nil, fmt.Errorf("cut the WAL: %w", err)
	}
	if busy != 0 {
		left = append(left, storage.Left{Where: "the write-ahead log beside the database file, which somebody reads", Do: "End whatever has the database open and run this again."})
	}
	return left, nil
}

package storage

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// Migrate brings the schema of db to the newest of the migrations, which are the files of fsys, and analyses the tables
// when it did something: nothing runs on tables that were never analysed. It refuses a schema that is newer than it
// knows.
func Migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, fsys fs.FS, options ...goose.ProviderOption) error {
	provider, err := goose.NewProvider(dialect, db, fsys, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := notNewer(ctx, provider); err != nil {
		return err
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	if len(done) == 0 {
		return nil
	}
	if _, err := db.ExecContext(ctx, "ANALYZE"); err != nil {
		return fmt.Errorf("analyse the database after its migration: %w", err)
	}
	return nil
}

// Migrated refuses a schema that is not exactly the one of the migrations.
func Migrated(ctx context.Context, dialect goose.Dialect, db *sql.DB, fsys fs.FS) error {
	provider, err := goose.NewProvider(dialect, db, fsys, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := notNewer(ctx, provider); err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version of the database: %w", err)
	}
	if pending {
		return fmt.Errorf("the database has an older schema than this version of dealwright; start the server once, it migrates the database")
	}
	return nil
}

func notNewer(ctx context.Context, provider *goose.Provider) error {
	present, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema version of the database: %w", err)
	}
	if present > known {
		return fmt.Errorf("the database has schema version %d and this version of dealwright knows %d; use the version that wrote it, or a newer one", present, known)
	}
	return nil
}

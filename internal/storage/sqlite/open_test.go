package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
)

func open(t *testing.T, o storage.Options) *storage.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func TestFilesAreForTheOwnerOnly(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	db := open(t, storage.Options{Dir: dir})
	if err := db.Write(t.Context(), func(tx *storage.Tx) error { return tx.RaiseEpoch() }); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) < 4 {
		t.Errorf("the data folder has %v; want database, its WAL, its shared memory and the lock", entries)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", e.Name(), info.Mode())
		}
	}
}

func TestSecondProcessIsRefusedWithTheHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	open(t, storage.Options{Dir: dir})
	_, err := sqlite.Open(t.Context(), storage.Options{Dir: dir})
	if err == nil {
		t.Fatal("opened twice")
	}
	for _, want := range []string{dir, "in use by process", "--data"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the message lacks %q: %v", want, err)
		}
	}
}

func TestReadOnlyLooksOnWhileAServerRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := sqlite.Open(t.Context(), storage.Options{Dir: dir, ReadOnly: true}); err == nil {
		t.Error("opened a database that is not there")
	}
	open(t, storage.Options{Dir: dir})
	db := open(t, storage.Options{Dir: dir, ReadOnly: true})
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Epoch()
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if err := db.Write(t.Context(), func(tx *storage.Tx) error { return tx.RaiseEpoch() }); err == nil {
		t.Error("wrote to a database opened for reading")
	}
}

func TestUnwritableFolderIsNamed(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), storage.Options{Dir: filepath.Join(file, "data")})
	if err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "--data") {
		t.Errorf("got %v", err)
	}
}

func TestWritesTakeTurns(t *testing.T) {
	t.Parallel()
	db := open(t, storage.Options{Dir: t.TempDir()})
	const writers, each = 4, 25
	done := make(chan error, writers)
	for range writers {
		go func() {
			var err error
			for range each {
				err = errors.Join(err, db.Write(context.Background(), func(tx *storage.Tx) error {
					_, err := tx.NextNumber()
					return err
				}))
			}
			done <- err
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	var next int64
	if err := db.Read(t.Context(), func(tx *storage.Tx) error {
		return tx.QueryRow("SELECT next FROM counters").Scan(&next)
	}); err != nil {
		t.Fatal(err)
	}
	if next != 1+writers*each {
		t.Errorf("next is %d", next)
	}
}

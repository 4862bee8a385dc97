package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// disk is the operating system's file system whose fsync and whose space can be made to fail.
type disk struct {
	vfs.VFS
	syncFails, full atomic.Bool
}

func newDisk(t *testing.T) *disk {
	d := &disk{VFS: vfs.Find(osVFS)}
	vfs.Register(t.Name(), d)
	t.Cleanup(func() { vfs.Unregister(t.Name()) })
	return d
}

func (d *disk) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return nil, flags, sqlite3.CANTOPEN // SQLite asks OpenFilename, since the file system has it
}

func (d *disk) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := d.VFS.(vfs.VFSFilename).OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return &diskFile{f, f.(vfs.FileSharedMemory), d}, flags, nil
}

type diskFile struct {
	vfs.File
	shared vfs.FileSharedMemory
	disk   *disk
}

func (f *diskFile) SharedMemory() vfs.SharedMemory { return f.shared.SharedMemory() }

func (f *diskFile) WriteAt(p []byte, at int64) (int, error) {
	if f.disk.full.Load() {
		return 0, sqlite3.FULL
	}
	return f.File.WriteAt(p, at)
}

func (f *diskFile) Sync(flags vfs.SyncFlag) error {
	if f.disk.syncFails.Load() {
		return sqlite3.IOERR_FSYNC
	}
	return f.File.Sync(flags)
}

func openOn(t *testing.T, vfsName string) *storage.DB {
	t.Helper()
	dir := t.TempDir()
	db, err := open(t.Context(), file{path: filepath.Join(dir, fileName), vfs: vfsName}, storage.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// keep commits a group of one call.
func keep(db *storage.DB) error {
	ctx := context.Background()
	g, err := db.Engine().Begin(ctx, 1, &record.Need{})
	if err != nil {
		return err
	}
	return g.Apply(ctx, &commit.Writes{Calls: []*pipeline.SourceExecution{{ID: g.FirstNumber(), Door: "in", Status: pipeline.CallSucceeded}}})
}

func TestFullDiskIsSaidAndEnds(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	db := openOn(t, t.Name())
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := keep(db); err != nil {
		t.Fatal(err)
	}
	d.full.Store(true)
	if err := keep(db); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
	if err := db.Write(t.Context(), func(tx *storage.Tx) error { return tx.RaiseEpoch() }); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
	d.full.Store(false)
	if err := keep(db); err != nil {
		t.Errorf("there is space again: %v", err)
	}
}

func TestAfterAFailedFsyncNothingIsAcceptedAnyMore(t *testing.T) {
	t.Parallel()
	d := newDisk(t)
	db := openOn(t, t.Name())
	if err := keep(db); err != nil {
		t.Fatal(err)
	}
	d.syncFails.Store(true)
	if err := keep(db); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
	d.syncFails.Store(false) // the kernel says so once; that it says nothing the next time means nothing
	if err := keep(db); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
	if err := db.Write(t.Context(), func(tx *storage.Tx) error { return tx.RaiseEpoch() }); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v, want Unavailable", err)
	}
	if err := db.Close(); err != nil && !errors.Is(err, sqlite3.IOERR) {
		t.Error(err)
	}
}

func TestWALStaysSmall(t *testing.T) {
	t.Parallel()
	db := openOn(t, osVFS)
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	body := make([]byte, 1<<20)
	var largest int
	for range 200 {
		ctx := context.Background()
		g, err := db.Engine().Begin(ctx, 1, &record.Need{})
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Apply(ctx, &commit.Writes{Calls: []*pipeline.SourceExecution{{ID: g.FirstNumber(), Door: "in", Status: pipeline.CallFailed, Body: body}}}); err != nil {
			t.Fatal(err)
		}
		var busy, pages, moved int
		if err := db.Read(ctx, func(tx *storage.Tx) error {
			return tx.QueryRow("PRAGMA wal_checkpoint(noop)").Scan(&busy, &pages, &moved)
		}); err != nil {
			t.Fatal(err)
		}
		largest = max(largest, pages)
	}
	// 200 MiB were written. What one checkpoint takes may come on top of the limit.
	if largest > 2*restartAbove {
		t.Errorf("the WAL had %d pages; it should start again above %d", largest, restartAbove)
	}
}

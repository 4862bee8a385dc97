package storagetest_test

import (
	"testing"

	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestExisting: who wants a database that is there gets no new one.
func TestExisting(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		d.Options.Existing = true
		for range 2 { // the first try left nothing behind
			if db, err := d.Try(t.Context()); err == nil {
				t.Errorf("opened what is not there (%v)", db.Close())
			}
		}
		d.Options.Existing = false
		db, err := d.Try(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		d.Options.Existing = true
		d.Open(t)
	})
}

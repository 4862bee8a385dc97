package storagetest_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	processors "github.com/dealwright/dealwright/internal/processor"
	providers "github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	tenants "github.com/dealwright/dealwright/internal/tenant"
)

// atOnce runs fn so many times at the same moment.
func atOnce(times int, fn func()) {
	var wg sync.WaitGroup
	begin := make(chan struct{})
	for range times {
		wg.Go(func() {
			<-begin
			fn()
		})
	}
	close(begin)
	wg.Wait()
}

func found(t *testing.T, db *storage.DB, first bool) (tenants.Tenant, error) {
	made, err := tenants.New("T", connector.Standard().Names())
	if err != nil {
		t.Fatal(err)
	}
	made.PseudonymKey = make([]byte, 32)
	made, _, err = db.NewTenant(t.Context(), made, access.User{Email: "o@example.test", Role: access.Owner, Status: access.Active}, nil, first)
	return made, err
}

func TestOneOfManyFirstOwnersIsTheFirst(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		var made atomic.Int32
		atOnce(8, func() {
			switch _, err := found(t, db, true); {
			case err == nil:
				made.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
		if made.Load() != 1 {
			t.Errorf("%d tenants are the first", made.Load())
		}
	})
}

func TestChangesAtOnceAllCount(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		ten, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		atOnce(20, func() {
			_, err := db.ChangeTenant(t.Context(), ten.ID, func(t tenants.Tenant) (tenants.Tenant, error) {
				t.Name += "x"
				return t, nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		if ten, err = db.Tenant(t.Context(), ten.ID); err != nil || len(ten.Name) != 21 {
			t.Errorf("20 changes leave %q, %v", ten.Name, err)
		}
	})
}

func TestOneOfManyVersionsIsTheNext(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		ten, err := found(t, db, true)
		if err != nil {
			t.Fatal(err)
		}
		p, _, err := providers.New(connector.Standard(), ten, "webhooks", "P", nil)
		if err == nil {
			p, err = db.AddProvider(t.Context(), p)
		}
		if err != nil {
			t.Fatal(err)
		}
		one, err := processors.New(library.Standard(), ten.ID, p.ID, "One", "webhook.payload")
		if err == nil {
			one, err = db.AddProcessor(t.Context(), one)
		}
		if err != nil {
			t.Fatal(err)
		}
		var saved atomic.Int32
		atOnce(8, func() {
			v := processors.Version{ProcessorID: one.ID, Tree: []byte("{}"), ContentHash: []byte("c"), ProgramHash: []byte("p"), CreatedBy: "u"}
			_, ok, err := db.AddVersion(t.Context(), ten.ID, one.ID, 0, nil, v, 1)
			if err != nil {
				t.Error(err)
			}
			if ok {
				saved.Add(1)
			}
		})
		if saved.Load() != 1 {
			t.Errorf("%d versions are the first", saved.Load())
		}
	})
}

func TestReadSeesOneMoment(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		err := db.Read(t.Context(), func(tx *storage.Tx) error {
			before, err := tx.Epoch()
			if err != nil {
				return err
			}
			if _, err := found(t, db, true); err != nil {
				return err
			}
			if after, err := tx.Epoch(); err != nil || after != before {
				t.Errorf("epoch %d became %d, %v", before, after, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// kept is a database that tells of each part that is kept, cannot change one identity, and others only after some errors.
type kept struct {
	*storage.DB
	parts  chan bulk.Operation
	broken int64
	errors map[int64][]error
}

func (k *kept) SaveOperation(ctx context.Context, o bulk.Operation) (bool, error) {
	running, err := k.DB.SaveOperation(ctx, o)
	k.parts <- o
	return running, err
}

func (k *kept) ChangeIdentity(ctx context.Context, by access.Principal, id int64, fn func(identity.Identity, identity.Entities) (identity.Identity, error)) (identity.Identity, error) {
	if id == k.broken {
		return identity.Identity{}, errors.New("the disk is on fire")
	}
	if all := k.errors[id]; len(all) > 0 {
		k.errors[id] = all[1:]
		return identity.Identity{}, all[0]
	}
	return k.DB.ChangeIdentity(ctx, by, id, fn)
}

// waiting makes a tenant with so many unlinked identities and gives the number of the last.
func waiting(t *testing.T, db *storage.DB, name string, n int) (by access.Principal, last int64) {
	t.Helper()
	tenant, user, _, err := access.Found(t.Context(), db, access.NewHasher(), access.Founding{Tenant: name, Email: name + "@example.test", Password: "correct horse battery"}, connector.Standard().Names())
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), func(tx *storage.Tx) error {
		provider, err := tx.NextNumber()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("INSERT INTO providers (id, tenant_id, type, name, settings, created_at, updated_at) VALUES (?, ?, 'webhooks', 'P', '{}', 1, 1)", provider, tenant.ID); err != nil {
			return err
		}
		for range n {
			if last, err = tx.NextNumber(); err != nil {
				return err
			}
			if _, err := tx.Exec(`INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, ignored, mark_number, mark_position, made_by, created_at, updated_at)
				VALUES (?, ?, ?, 'agent', ?, ?, 0, 1, 0, '{"origin":"provider"}', 1, 1)`, last, tenant.ID, provider, fmt.Sprint("a", last), fmt.Sprint("Agent ", last)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return access.Principal{TenantID: tenant.ID, UserID: user.ID, Role: access.Owner}, last
}

// TestTenantsTakeTurns: who asks for little does not wait for who asked for much, and what fails by an error of ours is told.
func TestTenantsTakeTurns(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := &kept{DB: d.Open(t), parts: make(chan bulk.Operation, 1000)}
		many, _ := waiting(t, db.DB, "many", 200)
		few, last := waiting(t, db.DB, "few", 30)
		db.broken = last - 27
		desk := bulk.New(db, nil, pipelinetest.Log())
		off := false
		all := func(by access.Principal) bulk.Operation {
			t.Helper()
			o, err := desk.Begin(t.Context(), bulk.Operation{By: by, Verb: bulk.Ignore, Ask: bulk.Ask{Identities: identity.Filter{TenantID: by.TenantID, Ignored: &off}}})
			if err != nil {
				t.Fatal(err)
			}
			return o
		}
		large, small := all(many), all(few)
		pipelinetest.Go(t, desk.Run)
		ended := map[int64]bulk.Operation{}
		var order []int64
		for len(ended) < 2 {
			if o := <-db.parts; o.State != bulk.Running {
				ended[o.ID] = o
			} else {
				order = append(order, o.ID)
			}
		}
		if at := slices.Index(order, small.ID); at < 0 || at > 1 {
			t.Errorf("the second tenant's first part came after %d of the first", at)
		}
		if o := ended[large.ID]; o.Done != 200 || o.Failed != 0 {
			t.Errorf("of the large one %d are done and %d failed", o.Done, o.Failed)
		}
		o := ended[small.ID]
		if o.Done != 29 || o.Failed != 1 || len(o.Problems) != 1 || o.Problems[0].ID != db.broken || !strings.Contains(o.Problems[0].Message, "error of the server") {
			t.Errorf("of the small one %d are done, %d failed: %v", o.Done, o.Failed, o.Problems)
		}
		if len(o.Changed) != 29 {
			t.Errorf("%d can be taken back, want 29", len(o.Changed))
		}
	})
}

// TestWhatPassesIsWaitedFor: errors of several things are not counted together, and a database that is away comes back.
func TestWhatPassesIsWaitedFor(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := &kept{DB: d.Open(t), parts: make(chan bulk.Operation, 1000)}
		by, last := waiting(t, db.DB, "some", 20)
		away := fault.New(fault.Unavailable, "The database does not answer.")
		db.errors = map[int64][]error{last - 10: {errors.New("once")}, last - 5: {away, away, away}}
		desk := bulk.New(db, nil, pipelinetest.Log())
		if _, err := desk.Begin(t.Context(), bulk.Operation{By: by, Verb: bulk.Ignore, Ask: bulk.Ask{Identities: identity.Filter{TenantID: by.TenantID}}}); err != nil {
			t.Fatal(err)
		}
		pipelinetest.Go(t, desk.Run)
		o := <-db.parts
		for o.State == bulk.Running {
			o = <-db.parts
		}
		if o.Done != 20 || o.Failed != 0 {
			t.Errorf("%d are done, %d failed: %v", o.Done, o.Failed, o.Problems)
		}
	})
}

package storagetest_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestPasswordsAreCountedOverAllNodes: many at once on three nodes are no more than one after the other on one; from
// elsewhere the owner gets in, and after the window everybody may try again.
func TestPasswordsAreCountedOverAllNodes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		nodes := []*storage.DB{d.Open(t)}
		for d.Nodes && len(nodes) < 3 {
			nodes = append(nodes, d.Open(t))
		}
		const email, password = "owner@example.test", "correct horse battery"
		if _, _, _, err := access.Found(t.Context(), nodes[0], access.NewHasher(), access.Founding{Email: email, Password: password}, nil); err != nil {
			t.Fatal(err)
		}
		doors := make([]*access.Door, len(nodes))
		for i, node := range nodes {
			doors[i] = access.NewDoor(node, access.NewHasher())
		}
		try := func(node int, password, address string) error {
			_, err := doors[node%len(doors)].SignIn(t.Context(), email, password, address)
			return err
		}
		var compared atomic.Int64
		var trying sync.WaitGroup
		for i := range 30 {
			trying.Go(func() {
				// Addresses of one network are those of one caller.
				if err := try(i, "wrong horse battery", fmt.Sprintf("2001:db8::%d", i)); fault.Is(err, fault.Unauthorized) {
					compared.Add(1)
				} else if !fault.Is(err, fault.RateLimited) {
					t.Errorf("a wrong password is answered with %v", err)
				}
			})
		}
		trying.Wait()
		if n := compared.Load(); n != 10 {
			t.Errorf("%d passwords were compared", n)
		}
		for i := range doors {
			if err := try(i, password, "2001:db8::ffff"); !fault.Is(err, fault.RateLimited) {
				t.Errorf("node %d answers %v from where it was tried too often", i, err)
			}
		}
		err := nodes[0].Write(t.Context(), func(*storage.Tx) error { // somebody writes meanwhile, for as long as it takes
			if err := try(0, "wrong horse battery", "2001:db8::ffff"); !fault.Is(err, fault.RateLimited) {
				t.Errorf("it waits to write: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for i, address := range []string{"2001:db8:0:1::1", "192.0.2.1", ""} {
			if err := try(i, password, address); err != nil {
				t.Errorf("the owner is answered with %v from %q", err, address)
			}
		}
		err = nodes[0].Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec("UPDATE sign_in_tries SET since = since - ?", (15 * time.Minute).Microseconds())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := try(1, password, "2001:db8::1"); err != nil {
			t.Errorf("after the window the owner is answered with %v", err)
		}
		if err := nodes[0].Read(t.Context(), func(tx *storage.Tx) error {
			var rows int
			if err := tx.QueryRow("SELECT count(*) FROM sign_in_tries").Scan(&rows); err != nil || rows > 0 {
				t.Errorf("%d counts are kept, %v", rows, err)
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
}

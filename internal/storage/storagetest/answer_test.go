package storagetest_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestAnswersAreKeptForADay: then they are swept away, and a call under the same name is another call, swept or not.
func TestAnswersAreKeptForADay(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		claim := func(name, request string) access.KeptAnswer {
			t.Helper()
			k, err := db.ClaimAnswer(t.Context(), access.Once{By: access.Principal{TenantID: 1, KeyID: 1}, Key: []byte(name), Request: []byte(request)})
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		old := claim("a", "one")
		old.Status, old.Body = 200, []byte("{}")
		if err := db.KeepAnswer(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		claim("b", "one")
		const ago = 24*60*60*1e6 + 1e6 // a day and a second, in microseconds
		err := db.Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec("UPDATE kept_answers SET created_at = created_at - ?", int64(ago))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if k := claim("a", "two"); k.Status != 0 || k.ID == old.ID {
			t.Errorf("after a day the answer is still %+v", k)
		}
		for _, want := range []int{1, 0} {
			if n, err := db.SweepAnswers(t.Context(), 10); n != want || err != nil {
				t.Errorf("%d answers were swept, %v; want %d", n, err, want)
			}
		}
	})
}

// TestACallKeepsItsNameWhileItIsMade: however long it takes. One whose node died is given away once, and what that node
// says of it later does not count.
func TestACallKeepsItsNameWhileItIsMade(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		claim := func() (access.KeptAnswer, bool) {
			t.Helper()
			k, err := db.ClaimAnswer(t.Context(), access.Once{By: access.Principal{TenantID: 1, KeyID: 1}, Key: []byte("a"), Request: []byte("one")})
			if err != nil && fault.Of(err).Kind != fault.Conflict {
				t.Fatal(err)
			}
			return k, err == nil
		}
		pass := func(seconds int64) {
			t.Helper()
			err := db.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec("UPDATE kept_answers SET created_at = created_at - ?", seconds*1e6)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		hold := func(id int64, want bool) {
			t.Helper()
			if held, err := db.HoldAnswer(t.Context(), id); held != want || err != nil {
				t.Errorf("held: %t, %v; want %t", held, err, want)
			}
		}
		first, _ := claim()
		for range 3 {
			pass(40)
			hold(first.ID, true)
		}
		pass(40)
		if _, given := claim(); given {
			t.Fatal("a call that is being made is given away")
		}
		pass(40)
		var mu sync.Mutex
		var others []access.KeptAnswer
		var asking sync.WaitGroup
		for range 4 {
			asking.Go(func() {
				if k, given := claim(); given {
					mu.Lock()
					defer mu.Unlock()
					others = append(others, k)
				}
			})
		}
		asking.Wait()
		if len(others) != 1 {
			t.Fatalf("a call whose node died is given to %d", len(others))
		}
		hold(first.ID, false)
		first.Status, first.Body = 500, []byte("late")
		if err := errors.Join(db.KeepAnswer(t.Context(), first), db.DropAnswer(t.Context(), first.ID)); err != nil {
			t.Fatal(err)
		}
		hold(others[0].ID, true)
		others[0].Status, others[0].Body = 201, []byte("made")
		if err := db.KeepAnswer(t.Context(), others[0]); err != nil {
			t.Fatal(err)
		}
		hold(others[0].ID, false)
		if k, _ := claim(); k.Status != 201 || string(k.Body) != "made" {
			t.Errorf("what is kept is %d %s", k.Status, k.Body)
		}
	})
}

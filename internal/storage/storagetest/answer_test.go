package storagetest_test

import (
	"testing"

	"github.com/dealwright/dealwright/internal/access"
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

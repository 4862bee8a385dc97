package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/dealwright/dealwright/internal/pgtest"
)

// TestTwoNodes serves one PostgreSQL database with two processes: the same deliveries come to both at once and make
// each record once, and a change made at one is in force at the other as soon as it was answered.
func TestTwoNodes(t *testing.T) {
	t.Parallel()
	one := newServer(t, []string{"--data", t.TempDir(), "--database-url", pgtest.URL(t)})
	two := one.node(t)
	door := newSource(t, one)
	notes := &notes{acked: map[string]bool{}}
	doors := []*source{door, {server: two, url: door.url, key: door.key, processor: door.processor}}

	var wg sync.WaitGroup
	const each, lanes = 100, 4
	for lane := range lanes {
		for n := range each {
			notes.sent(fmt.Sprintf("l%d-%d", lane, n))
		}
		for _, d := range doors {
			wg.Go(func() {
				for n := range each {
					id := fmt.Sprintf("l%d-%d", lane, n)
					status, err := d.post(t.Context(), id)
					if err != nil || status/100 != 2 {
						t.Errorf("%s: status %d, %v", id, status, err)
						return
					}
					notes.ack(id)
				}
			})
		}
	}
	wg.Wait()
	door.checkAll(t, notes)

	for n := range 20 {
		kind := "Deal " + strconv.Itoa(n)
		door.save(t, specOf(kind))
		id := "after-" + strconv.Itoa(n)
		if status, err := doors[1].post(t.Context(), id); err != nil || status/100 != 2 {
			t.Fatalf("%s: status %d, %v", id, status, err)
		}
		got := one.call(t, http.MethodGet, "/v1/activities?external_id="+id, nil, http.StatusOK).([]any)
		if len(got) != 1 || get(t, got[0], "activity_type") != kind {
			t.Fatalf("a spec saved at one node was not in force at the other: %s", text(got))
		}
	}
}

// TestOutage takes the database away from a running server and gives it back.
func TestOutage(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	s := newServer(t, []string{"--data", t.TempDir(), "--database-url", url})
	door := newSource(t, s)
	notes := &notes{acked: map[string]bool{}}
	post := func(id string, want int) {
		t.Helper()
		notes.sent(id)
		status, err := door.post(t.Context(), id)
		if err != nil || status != want {
			t.Fatalf("%s: status %d, %v; want %d", id, status, err, want)
		}
		if want/100 == 2 {
			notes.ack(id)
		}
	}
	post("before", http.StatusOK)

	mend := pgtest.Cut(t, url)
	for n := range 3 { // it never accepts what it cannot keep
		post("during-"+strconv.Itoa(n), http.StatusServiceUnavailable)
	}
	eventually(t, "readyz says that the database is gone", func() bool { return !s.ready(t.Context()) })

	mend()
	eventually(t, "the server is back by itself", func() bool { return s.ready(t.Context()) })
	post("after", http.StatusOK)
	door.sendAgain(t, notes)
	door.checkAll(t, notes)
}

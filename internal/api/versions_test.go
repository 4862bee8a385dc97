package api_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestOneOfManyWhoReadTheSameSpecSaves(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("acme").as(access.Admin)
		_, path := s.processor(admin)
		path += "/spec"
		s.must(200, "PUT", path, plan, admin)
		read := "If-Match: " + s.must(200, "GET", path, "", admin).Header().Get("ETag")
		var saved, stale atomic.Int32
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				switch a := s.call("PUT", path, strings.Replace(plan, `"Deal"`, fmt.Sprintf(`"Deal %d"`, i), 1), admin, read); a.Code {
				case 200:
					saved.Add(1)
				case 412:
					stale.Add(1)
				default:
					t.Errorf("status %d: %s", a.Code, a.Body)
				}
			})
		}
		wg.Wait()
		if saved.Load() != 1 || stale.Load() != 7 {
			t.Errorf("%d saved what they had read before, %d were told that it is stale", saved.Load(), stale.Load())
		}
	})
}

func TestEmptySpecNeverRuns(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("acme").as(access.Admin)
		_, path := s.processor(admin)
		const empty = `{"spec": 1, "source_model": "webhook.payload", "instructions": []}`
		s.must(200, "PUT", path+"/spec", empty, admin)
		s.must(422, "POST", path+"/enable", "", admin)
		s.must(200, "PUT", path+"/spec", plan, admin)
		s.must(200, "POST", path+"/enable", "", admin)
		if a := s.must(422, "PUT", path+"/spec", empty, admin); a.at("error", "details", 0, "code") != "empty_spec" {
			t.Errorf("an empty spec for an enabled processor: %s", a.Body)
		}
		s.must(422, "POST", path+"/versions/1/restore", "", admin)
		s.must(200, "POST", path+"/disable", "", admin)
		s.must(200, "PUT", path+"/spec", empty, admin)
	})
}

package api_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestManyWrongPasswordsAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("acme")
		var compared atomic.Int32
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				if s.call("POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "wrong and long"}`).Code == 401 {
					compared.Add(1)
				}
			})
		}
		wg.Wait()
		if n := compared.Load(); n > 10 {
			t.Errorf("%d passwords were compared", n)
		}
		s.must(429, "POST", "/v1/auth/login", `{"email": "`+c.owner+`", "password": "`+password+`"}`)
	})
}

func TestPresentPasswordIsTheUsersOwn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		s.must(201, "POST", "/v1/users", `{"email": "`+ours.owner+`", "role": "viewer", "password": "another password"}`, theirs.as(access.Admin))
		in := s.must(200, "POST", "/v1/auth/login", `{"email": "`+ours.owner+`", "password": "`+password+`"}`)
		s.must(422, "PUT", "/v1/auth/password", `{"current": "another password", "new": "taken over by them"}`, cookie(in))
		s.must(204, "PUT", "/v1/auth/password", `{"current": "`+password+`", "new": "a third password"}`, cookie(in))
	})
}

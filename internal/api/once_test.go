package api_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/api"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestCallsAreMadeOnce: the same call under the same name is made once, and whoever sends it again gets the first answer.
func TestCallsAreMadeOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, other := s.company("once"), s.company("other")
		admin, named := c.as(access.Admin), "Idempotency-Key: a name"
		const body = `{"type": "webhooks", "name": "CRM"}`

		first := s.must(201, "POST", "/v1/providers", body, admin, named)
		again := s.must(201, "POST", "/v1/providers", body, admin, named)
		if diff := cmp.Diff(first.Body.String(), again.Body.String()); diff != "" || first.at("data", "api_key") == nil {
			t.Errorf("the second answer is another one (-first +second):\n%s", diff)
		}
		if first.Header().Get("Idempotent-Replay") != "" || again.Header().Get("Idempotent-Replay") != "true" || again.Header().Get("ETag") != first.Header().Get("ETag") {
			t.Errorf("headers %v, then %v", first.Header(), again.Header())
		}
		if n := s.Count(t, "providers"); n != 1 {
			t.Fatalf("%d providers were made", n)
		}
		// Another call under the name, and the name of another key or tenant.
		a := s.must(422, "POST", "/v1/providers", `{"type": "webhooks", "name": "ERP"}`, admin, named)
		if a.at("error", "details", 0, "code") != "used" {
			t.Errorf("%s", a.Body)
		}
		s.must(201, "POST", "/v1/providers", body, other.as(access.Admin), named)
		s.must(403, "POST", "/v1/providers", body, c.as(access.Viewer), named)
		if n := s.Count(t, "providers"); n != 2 {
			t.Errorf("%d providers were made", n)
		}
		// What was refused stays refused; a name that is too long is not taken.
		s.must(422, "POST", "/v1/providers", `{"type": "none", "name": "CRM"}`, admin, "Idempotency-Key: b")
		if a := s.must(422, "POST", "/v1/providers", `{"type": "none", "name": "CRM"}`, admin, "Idempotency-Key: b"); a.Header().Get("Idempotent-Replay") == "" {
			t.Error("a call that was refused is made again")
		}
		s.must(422, "POST", "/v1/providers", body, admin, "Idempotency-Key: "+strings.Repeat("x", 256))
		// No content.
		path := "/v1/providers/" + first.id()
		s.must(204, "DELETE", path, "", admin, "Idempotency-Key: c")
		s.must(204, "DELETE", path, "", admin, "Idempotency-Key: c")
		s.must(404, "DELETE", path, "", admin)
	})
}

// TestOneOfManyWithTheSameKeyIsMade: of calls that come at the same moment one is made; the others get its answer, or are
// told that there is none yet.
func TestOneOfManyWithTheSameKeyIsMade(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("once").as(access.Admin)
		answers := make([]answer, 8)
		var calls sync.WaitGroup
		for i := range answers {
			calls.Go(func() {
				answers[i] = s.call("POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin, "Idempotency-Key: a name")
			})
		}
		calls.Wait()
		made := 0
		for _, a := range answers {
			switch {
			case a.Code == 201 && a.Header().Get("Idempotent-Replay") == "":
				made++
			case a.Code == 201:
			case a.Code != 409 || a.Header().Get("Retry-After") == "":
				t.Errorf("%d %s", a.Code, a.Body)
			}
		}
		if n := s.Count(t, "providers"); made != 1 || n != 1 {
			t.Errorf("%d calls were made, and %d providers", made, n)
		}
	})
}

// slow is a store in which making a provider ends when its call has said often enough that it is still being made.
type slow struct {
	*storage.DB
	held  chan bool
	times int
}

func (s slow) HoldAnswer(ctx context.Context, id int64) (bool, error) {
	held, err := s.DB.HoldAnswer(ctx, id)
	select {
	case s.held <- held:
	case <-ctx.Done():
	}
	return held, err
}

func (s slow) AddProvider(ctx context.Context, p provider.Provider) (provider.Provider, error) {
	for range s.times {
		if held := <-s.held; !held {
			return provider.Provider{}, errors.New("the call does not hold its name")
		}
	}
	return s.DB.AddProvider(ctx, p)
}

// TestACallThatTakesLongHoldsItsName: it says so all the time.
func TestACallThatTakesLongHoldsItsName(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("once").as(access.Admin)
		options := s.api.Options
		options.Store, options.HoldEvery = slow{DB: s.DB, held: make(chan bool), times: 3}, time.Millisecond
		s.handler = api.New(options)
		const body = `{"type": "webhooks", "name": "CRM"}`
		first := s.must(201, "POST", "/v1/providers", body, admin, "Idempotency-Key: a name")
		again := s.must(201, "POST", "/v1/providers", body, admin, "Idempotency-Key: a name")
		if first.Body.String() != again.Body.String() {
			t.Errorf("the second answer is another one: %s", again.Body)
		}
	})
}

// asleep is the store of a node that makes no provider before it is woken, nor says meanwhile that its call goes on.
type asleep struct {
	*storage.DB
	begun, woken chan struct{}
}

func (a asleep) HoldAnswer(ctx context.Context, id int64) (bool, error) {
	select {
	case <-a.woken:
		return a.DB.HoldAnswer(ctx, id)
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (a asleep) AddProvider(ctx context.Context, p provider.Provider) (provider.Provider, error) {
	close(a.begun)
	<-a.woken
	<-ctx.Done() // it is told that the call is not its own any more
	return a.DB.AddProvider(ctx, p)
}

// TestACallOfTwoNodes: what is sent again to another node while the first makes it is told to come again; a minute after
// the first one's last word it is made there, and the first, should it wake up, makes nothing.
func TestACallOfTwoNodes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("once").as(access.Admin)
		first, second := *s, *s
		if d.Nodes {
			other, err := d.Try(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := other.Close(); err != nil {
					t.Error(err)
				}
			})
			options := s.api.Options
			options.Store, options.Sessions = other, storage.NewSessions(other)
			second.handler = api.New(options)
		}
		options, slept := s.api.Options, asleep{s.DB, make(chan struct{}), make(chan struct{})}
		options.Store, options.HoldEvery = slept, time.Millisecond
		first.handler = api.New(options)

		const body = `{"type": "webhooks", "name": "CRM"}`
		silent := func(seconds int64) {
			t.Helper()
			err := s.DB.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec("UPDATE kept_answers SET created_at = created_at - ?", seconds*1e6)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		late := make(chan answer, 1)
		go func() { late <- first.call("POST", "/v1/providers", body, admin, "Idempotency-Key: a name") }()
		<-slept.begun
		silent(40)
		if got := second.must(409, "POST", "/v1/providers", body, admin, "Idempotency-Key: a name"); got.Header().Get("Retry-After") == "" {
			t.Errorf("while it is made: %s", got.Body)
		}
		silent(40)
		made := second.must(201, "POST", "/v1/providers", body, admin, "Idempotency-Key: a name")
		close(slept.woken)
		if got := <-late; got.Code < 400 {
			t.Errorf("the node that slept answers %d %s", got.Code, got.Body)
		}
		if n := s.Count(t, "providers"); n != 1 {
			t.Errorf("%d providers were made", n)
		}
		for _, node := range []*server{&first, &second} {
			again := node.must(201, "POST", "/v1/providers", body, admin, "Idempotency-Key: a name")
			if diff := cmp.Diff(made.Body.String(), again.Body.String()); diff != "" {
				t.Errorf("sent again it is another answer (-first +again):\n%s", diff)
			}
		}
	})
}

// cutOff is the store of a node that gets no word to the database that its call goes on, and makes its provider when stopped.
type cutOff struct{ *storage.DB }

func (c cutOff) HoldAnswer(context.Context, int64) (bool, error) {
	return false, errors.New("the database is not there")
}

func (c cutOff) AddProvider(ctx context.Context, p provider.Provider) (provider.Provider, error) {
	<-ctx.Done()
	return c.DB.AddProvider(ctx, p)
}

// TestACallThatCannotHoldItsNameIsStopped: before another may make it.
func TestACallThatCannotHoldItsNameIsStopped(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("once").as(access.Admin)
		first := *s
		options := s.api.Options
		options.Store, options.HoldEvery, options.HoldFor = cutOff{s.DB}, time.Millisecond, 5*time.Millisecond
		first.handler = api.New(options)
		const body = `{"type": "webhooks", "name": "CRM"}`
		if got := first.call("POST", "/v1/providers", body, admin, "Idempotency-Key: a name"); got.Code < 500 {
			t.Errorf("it answers %d %s", got.Code, got.Body)
		}
		s.must(201, "POST", "/v1/providers", body, admin, "Idempotency-Key: a name")
		if n := s.Count(t, "providers"); n != 1 {
			t.Errorf("%d providers were made", n)
		}
	})
}

// TestAnswersThatSayComeAgainAreNotKept: a name must not turn a refusal of the moment into one of a day.
func TestAnswersThatSayComeAgainAreNotKept(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("once")
		in := s.must(200, "POST", "/v1/auth/login", fmt.Sprintf(`{"email": %q, "password": %q}`, c.owner, password))
		cookie := "Cookie: " + in.Result().Cookies()[0].Name + "=" + in.Result().Cookies()[0].Value
		const wrong = `{"current": "wrong", "new": "another long one"}`
		for range 50 {
			if s.call("PUT", "/v1/auth/password", wrong, cookie).Code == 429 {
				break
			}
		}
		for range 2 {
			if a := s.must(429, "PUT", "/v1/auth/password", wrong, cookie, "Idempotency-Key: a name"); a.Header().Get("Idempotent-Replay") != "" {
				t.Errorf("it is kept: %s", a.Body)
			}
		}
	})
}

// TestTrialsTakeNoName: they write nothing, and a name does not change what they answer.
func TestTrialsTakeNoName(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("once")
		path := "/v1/processors/" + s.furnish(c)["processors"] + "/backtest"
		for range 2 {
			a := s.must(200, "POST", path, `{}`, c.as(access.Member), "Idempotency-Key: a name")
			if fmt.Sprint(a.at("data", "deliveries")) != "1" || a.Header().Get("Idempotent-Replay") != "" {
				t.Errorf("%v %s", a.Header(), a.Body)
			}
		}
	})
}

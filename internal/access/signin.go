package access

import (
	"context"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
)

// Wrong passwords are counted per e-mail and address of the caller: after maxWrong within window nobody is let in from
// there with that e-mail until the window has passed. Others are, so that a stranger cannot lock an owner out.
const (
	maxWrong   = 10
	window     = 15 * time.Minute
	maxTracked = 10_000 // pairs; beyond that the count begins anew, rather than eat memory
)

// Door lets people in who know their password.
type Door struct {
	store  Store
	hasher *Hasher
	now    func() time.Time
	mu     sync.Mutex
	wrong  map[visitor]tries
}

type visitor struct{ email, address string }

type tries struct {
	count int
	since time.Time
}

// NewDoor makes a Door.
func NewDoor(store Store, hasher *Hasher, now func() time.Time) *Door {
	return &Door{store: store, hasher: hasher, now: now, wrong: map[visitor]tries{}}
}

// SignIn gives the user with that e-mail and password, who calls from an address. All that can be wrong about them gives the same answer.
func (d *Door) SignIn(ctx context.Context, email, password, address string) (User, error) {
	refused := fault.New(fault.Unauthorized, "E-mail or password is not right.")
	normal, bad := NormalEmail(email)
	if bad != nil {
		return User{}, refused
	}
	who := visitor{normal, address}
	if wait := d.mustWait(who); wait > 0 {
		e := fault.New(fault.RateLimited, "Too many wrong passwords for this e-mail. Try again in %d minutes.", int(wait/time.Minute)+1)
		e.RetryAfter = wait
		return User{}, e
	}
	users, err := d.store.UsersWithPassword(ctx, normal)
	if err != nil {
		return User{}, err
	}
	if len(users) == 0 {
		users = []User{{}} // takes the same time
	}
	for _, u := range users {
		ok, err := d.hasher.Matches(ctx, password, u.PasswordHash)
		if err != nil {
			return User{}, err
		}
		if ok {
			d.forget(who)
			return u, nil
		}
	}
	d.note(who)
	return User{}, refused
}

func (d *Door) mustWait(who visitor) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	t := d.wrong[who]
	left := window - d.now().Sub(t.since)
	if t.count < maxWrong || left <= 0 {
		return 0
	}
	return left
}

func (d *Door) note(who visitor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.wrong) >= maxTracked {
		clear(d.wrong)
	}
	t := d.wrong[who]
	if d.now().Sub(t.since) > window {
		t = tries{since: d.now()}
	}
	t.count++
	d.wrong[who] = t
}

func (d *Door) forget(who visitor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.wrong, who)
}

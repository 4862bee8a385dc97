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
	normal, bad := NormalEmail(email)
	if bad != nil {
		return User{}, errNotRight()
	}
	users, err := d.store.UsersWithPassword(ctx, normal)
	if err != nil {
		return User{}, err
	}
	if len(users) == 0 {
		users = []User{{}} // takes the same time
	}
	return d.whose(ctx, visitor{normal, address}, password, users)
}

// Confirm makes sure that the password is that of a user who has signed in. Wrong ones count like those of SignIn.
func (d *Door) Confirm(ctx context.Context, u User, password, address string) error {
	_, err := d.whose(ctx, visitor{u.Email, address}, password, []User{u})
	return err
}

func errNotRight() error { return fault.New(fault.Unauthorized, "E-mail or password is not right.") }

// whose gives the user whose password it is.
func (d *Door) whose(ctx context.Context, who visitor, password string, users []User) (User, error) {
	if wait := d.count(who); wait > 0 {
		e := fault.New(fault.RateLimited, "Too many wrong passwords for this e-mail. Try again in %d minutes.", int(wait/time.Minute)+1)
		e.RetryAfter = wait
		return User{}, e
	}
	for _, u := range users {
		ok, err := d.hasher.Matches(ctx, password, u.PasswordHash)
		if err != nil {
			d.uncount(who)
			return User{}, err
		}
		if ok {
			d.forget(who)
			return u, nil
		}
	}
	return User{}, errNotRight()
}

// count counts a password as wrong before it is compared, so that many at once are no more than one after the other. It
// gives how long the visitor has to wait; 0: the password may be compared.
func (d *Door) count(who visitor) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, known := d.wrong[who]
	left := window - d.now().Sub(t.since)
	switch {
	case known && left > 0 && t.count >= maxWrong:
		return left
	case known && left > 0:
	default:
		if len(d.wrong) >= maxTracked {
			clear(d.wrong)
		}
		t = tries{since: d.now()}
	}
	t.count++
	d.wrong[who] = t
	return 0
}

// uncount takes back what was not compared after all.
func (d *Door) uncount(who visitor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t := d.wrong[who]; t.count > 0 {
		t.count--
		d.wrong[who] = t
	}
}

func (d *Door) forget(who visitor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.wrong, who)
}

package access

import (
	"context"
	"crypto/sha256"
	"net/netip"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
)

// Passwords that are tried are counted per e-mail and address of the caller, by the database, so over all nodes: after
// mostTries within tryWindow nobody is let in from there with that e-mail until the window has passed. Others are, so that
// a stranger cannot lock an owner out.
const (
	mostTries = 10
	tryWindow = 15 * time.Minute
)

// Door lets people in who know their password.
type Door struct {
	store  Store
	hasher *Hasher
}

// NewDoor makes a Door.
func NewDoor(store Store, hasher *Hasher) *Door { return &Door{store: store, hasher: hasher} }

// Visitor is an e-mail that is tried from an address, as a hash: whose e-mails are tried is kept nowhere.
type Visitor [sha256.Size]byte

// newVisitor takes what one caller has of IPv6 addresses, at least, for one.
func newVisitor(email, address string) Visitor {
	const network = 64 // bits
	if ip, err := netip.ParseAddr(address); err == nil && ip.Unmap().Is6() {
		if prefix, err := ip.Prefix(network); err == nil {
			address = prefix.String()
		}
	}
	return sha256.Sum256([]byte(email + "\x00" + address))
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
	return d.whose(ctx, newVisitor(normal, address), password, users)
}

// Confirm makes sure that the password is that of a user who has signed in. Wrong ones count like those of SignIn.
func (d *Door) Confirm(ctx context.Context, u User, password, address string) error {
	_, err := d.whose(ctx, newVisitor(u.Email, address), password, []User{u})
	return err
}

func errNotRight() error { return fault.New(fault.Unauthorized, "E-mail or password is not right.") }

// whose gives the user whose password it is. A password is counted before it is compared, so that many at once are no
// more than one after the other; and in the turn to compare it, so that strangers can make the database write no more
// often than passwords can be hashed.
func (d *Door) whose(ctx context.Context, who Visitor, password string, users []User) (User, error) {
	if len(password) > MaxPassword {
		return User{}, errNotRight()
	}
	end, err := d.hasher.turn(ctx)
	if err != nil {
		return User{}, err
	}
	defer end()
	wait, err := d.store.CountTry(ctx, who, mostTries, tryWindow)
	if err != nil {
		return User{}, err
	}
	if wait > 0 {
		e := fault.New(fault.RateLimited, "Too many wrong passwords for this e-mail. Try again in %d minutes.", int(wait/time.Minute)+1)
		e.RetryAfter = wait
		return User{}, e
	}
	for _, u := range users {
		ok, err := matches(password, u.PasswordHash)
		if err != nil {
			return User{}, err
		}
		if ok {
			return u, d.store.ForgetTries(ctx, who)
		}
	}
	return User{}, errNotRight()
}

package access

import (
	"context"
	"net/mail"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Status of a user.
type Status string

// The states of a user. An invited one exists for the data's sake and has no password; a disabled one keeps it but
// cannot sign in.
const (
	Active   Status = "active"
	Invited  Status = "invited"
	Disabled Status = "disabled"
)

// User is a person of a tenant.
type User struct {
	ID           int64
	TenantID     int64
	Email        string // lower case
	Name         string
	Role         Role
	Status       Status
	PasswordHash string // "": cannot sign in
	AgentID      int64  // 0: is no agent
	CreatedAt    int64
	UpdatedAt    int64
}

// UserChange is what somebody wants to be different about a user; nil fields stay as they are.
type UserChange struct {
	Name         *string
	Role         *Role
	Status       *Status
	PasswordHash *string
}

// Store keeps users and API keys.
type Store interface {
	HasTenant(ctx context.Context) (bool, error)
	// NewTenant stores a tenant with its first user and, unless nil, first key, all or nothing. With
	// first it fails with fault.Conflict when there is a tenant already; it always does when the e-mail can sign in.
	NewTenant(ctx context.Context, t tenant.Tenant, owner User, key *Key, first bool) (tenant.Tenant, User, error)

	User(ctx context.Context, tenantID, id int64) (User, error)
	// UsersWithPassword gives the active users with that e-mail, of all tenants.
	UsersWithPassword(ctx context.Context, email string) ([]User, error)
	// CountTry counts a password that a visitor tries, on whichever node; where there were most within a window from the
	// first of them, it counts none and gives how long the window lasts yet.
	CountTry(ctx context.Context, who Visitor, most int, window time.Duration) (wait time.Duration, err error)
	// ForgetTries lets the count of a visitor begin anew.
	ForgetTries(ctx context.Context, who Visitor) error
	ListUsers(ctx context.Context, f UserFilter, r page.Request) (page.Page[User], error)
	AddUser(ctx context.Context, u User) (User, error)
	// ChangeUser stores what fn makes of a user. It refuses to leave a tenant without an owner who can sign in.
	ChangeUser(ctx context.Context, tenantID, id int64, fn func(User) (User, error)) (User, error)

	// KeyByHash gives a key that is neither revoked nor expired.
	KeyByHash(ctx context.Context, hash []byte) (Key, error)
	Key(ctx context.Context, tenantID, id int64) (Key, error)
	ListKeys(ctx context.Context, tenantID int64, r page.Request) (page.Page[Key], error)
	AddKey(ctx context.Context, k Key) (Key, error)
	RevokeKey(ctx context.Context, tenantID, id int64) error
	// KeyUsed notes the use of a key.
	KeyUsed(ctx context.Context, id int64) error

	// ClaimAnswer gives the kept answer to a call, or leaves it to who asked to make it, once: it fails with
	// fault.Conflict while somebody else does, and with fault.Invalid when the key was another call's. Answers are kept
	// for 24 hours.
	ClaimAnswer(ctx context.Context, c Once) (KeptAnswer, error)
	// HoldAnswer says that a claimed call is still being made: who does not say so for a minute has died. False: the call
	// was given to somebody else meanwhile, or has its answer.
	HoldAnswer(ctx context.Context, id int64) (held bool, err error)
	// KeepAnswer keeps the answer to a claimed call, DropAnswer leaves it to be made again. Where the call was given to
	// somebody else meanwhile they do nothing.
	KeepAnswer(ctx context.Context, k KeptAnswer) error
	DropAnswer(ctx context.Context, id int64) error
}

// UserFilter narrows a list of users.
type UserFilter struct {
	TenantID     int64
	Search       string
	Role, Status string
	UpdatedAfter int64
}

// NormalEmail gives an e-mail address as it is stored, or what is wrong with it.
func NormalEmail(text string) (string, *fault.Detail) {
	text = strings.ToLower(strings.TrimSpace(text))
	a, err := mail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" || len(text) > 254 {
		return "", &fault.Detail{Field: "email", Code: "bad_email", Message: "“" + text + "” is no e-mail address.", Hint: "Write it like ann@example.com."}
	}
	return text, nil
}

// NewUser makes a user as by's company; the hash may be empty: the user is then invited and cannot sign in yet.
func NewUser(by Principal, email, name string, role Role, passwordHash string) (User, error) {
	wrong := fault.New(fault.Invalid, "The user was not made.")
	email, d := NormalEmail(email)
	if d != nil {
		wrong.With(*d)
	}
	if !slices.Contains(Roles, role) {
		wrong.With(unknownRole(role))
	}
	u := User{TenantID: by.TenantID, Email: email, Name: strings.TrimSpace(name), Role: role, Status: Invited, PasswordHash: passwordHash}
	if passwordHash != "" {
		u.Status = Active
	}
	if len(wrong.Details) > 0 {
		return User{}, wrong
	}
	if !by.MayGive(role) {
		return User{}, fault.New(fault.Forbidden, "Your role is %s: you cannot make a user who is %s.", by.Role, role)
	}
	return u, nil
}

// With gives the user as it is after a change by somebody.
func (u User) With(by Principal, c UserChange) (User, error) {
	if !by.MayGive(u.Role) {
		return u, fault.New(fault.Forbidden, "Your role is %s: you cannot change a user who is %s.", by.Role, u.Role)
	}
	wrong := fault.New(fault.Invalid, "The user was not changed.")
	if c.Name != nil {
		u.Name = strings.TrimSpace(*c.Name)
	}
	if c.Role != nil {
		if !slices.Contains(Roles, *c.Role) {
			wrong.With(unknownRole(*c.Role))
		} else if !by.MayGive(*c.Role) {
			return u, fault.New(fault.Forbidden, "Your role is %s: you cannot make somebody %s.", by.Role, *c.Role)
		}
		u.Role = *c.Role
	}
	if c.PasswordHash != nil {
		u.PasswordHash = *c.PasswordHash
		if u.Status == Invited {
			u.Status = Active
		}
	}
	if c.Status != nil {
		switch {
		case *c.Status == Active && u.PasswordHash == "":
			wrong.With(fault.Detail{Field: "status", Code: "no_password", Message: "This user has no password and cannot be active.", Hint: "Give a password with the same change."})
		case *c.Status != Active && *c.Status != Disabled:
			wrong.With(fault.Detail{Field: "status", Code: "unknown", Message: "The status can be set to active or disabled."})
		}
		u.Status = *c.Status
	}
	if len(wrong.Details) > 0 {
		return u, wrong
	}
	return u, nil
}

func unknownRole(r Role) fault.Detail {
	return fault.Detail{Field: "role", Code: "unknown", Message: "“" + string(r) + "” is no role.", Hint: "Choose from owner, admin, member, viewer."}
}

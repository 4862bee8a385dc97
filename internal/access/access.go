// Package access has who may do what: users with roles, sessions, passwords and API keys. It knows permissions by name
// and nothing of routes.
package access

import (
	"slices"

	"github.com/dealwright/dealwright/internal/id"
)

// Role says how much somebody may do in a tenant. Each role may do all that those after it may.
type Role string

// The roles.
const (
	Owner  Role = "owner"
	Admin  Role = "admin"
	Member Role = "member"
	Viewer Role = "viewer"
)

// Roles from the mightiest to the least.
var Roles = []Role{Owner, Admin, Member, Viewer}

// Permission is what a route asks for: "noun:verb".
type Permission string

// The permissions. Public needs nobody, SignedIn anybody.
const (
	Public   Permission = "public"
	SignedIn Permission = "signed-in"

	ReadData         Permission = "data:read" // records, identities, executions and what was delivered
	LinkIdentities   Permission = "identities:link"
	ReadRaw          Permission = "raw:read"           // bodies of calls as they came, with all that is personal in them
	ReadConfig       Permission = "configuration:read" // providers, sources, processors, settings; never a secret
	WriteConfig      Permission = "configuration:write"
	RunProcessors    Permission = "processors:run" // test and replay
	WriteSettings    Permission = "settings:write"
	ManageUsers      Permission = "users:manage"
	ManageKeys       Permission = "keys:manage"
	ManageOwnSession Permission = "session:manage"
)

// Permissions there are, beside Public.
var Permissions = []Permission{
	SignedIn, ManageOwnSession, ReadData, ReadConfig, LinkIdentities, RunProcessors, WriteConfig, WriteSettings, ManageKeys, ManageUsers, ReadRaw,
}

// least is the least role that has a permission.
func (p Permission) least() Role {
	switch p {
	case SignedIn, ManageOwnSession, ReadData, ReadConfig:
		return Viewer
	case LinkIdentities, RunProcessors:
		return Member
	default:
		return Admin
	}
}

// May reports whether the role has the permission. One that is none of Permissions nobody has.
func (r Role) May(p Permission) bool {
	return p == Public || slices.Contains(Permissions, p) && r.atLeast(p.least())
}

func (r Role) atLeast(other Role) bool {
	at := slices.Index(Roles, r)
	return at >= 0 && at <= slices.Index(Roles, other)
}

// Principal is who makes a call: a user or an API key, of one tenant.
type Principal struct {
	TenantID int64
	UserID   int64 // 0: an API key
	KeyID    int64 // 0: a user
	Role     Role
	Name     string
}

// PublicID is the id of the user or key.
func (p Principal) PublicID() string {
	if p.UserID != 0 {
		return id.Format(id.User, p.UserID)
	}
	return id.Format(id.APIKey, p.KeyID)
}

// MayGive reports whether p may make somebody, or a key, of that role: nobody makes what is mightier than themselves.
func (p Principal) MayGive(r Role) bool { return slices.Contains(Roles, r) && p.Role.atLeast(r) }

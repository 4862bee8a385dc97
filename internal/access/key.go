package access

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
)

// KeyPrefix begins every API key.
const KeyPrefix = "sk_live_"

// Key is an API key. Only its hash is kept.
type Key struct {
	ID         int64
	TenantID   int64
	Name       string
	Hash       []byte // SHA-256
	Hint       string // its last four characters
	Role       Role
	CreatedBy  int64 // user; 0: another key, or setup
	CreatedAt  int64
	ExpiresAt  int64 // 0: never
	LastUsedAt int64 // 0: never
	RevokedAt  int64 // 0: not
}

// NewKey makes a key of a role for by's tenant and gives the secret, which is shown once.
func NewKey(by Principal, name string, role Role, expiresAt, now int64) (Key, string, error) {
	name = strings.TrimSpace(name)
	wrong := fault.New(fault.Invalid, "The key was not made.")
	if name == "" || len([]rune(name)) > 100 {
		wrong.With(fault.Detail{Field: "name", Code: "bad_length", Message: "The name must have 1 to 100 characters.", Hint: "Name it after the program that uses it."})
	}
	if role != Admin && role != Member && role != Viewer {
		wrong.With(fault.Detail{Field: "role", Code: "unknown", Message: "A key cannot be “" + string(role) + "”.", Hint: "Choose from admin, member, viewer."})
	}
	if expiresAt != 0 && expiresAt <= now {
		wrong.With(fault.Detail{Field: "expires_at", Code: "past", Message: "This moment has passed, so the key would never open anything.", Hint: "Choose a later one, or leave it out: the key then lasts until it is revoked."})
	}
	if len(wrong.Details) > 0 {
		return Key{}, "", wrong
	}
	if !by.MayGive(role) {
		return Key{}, "", fault.New(fault.Forbidden, "Your role is %s: you cannot make a key that is %s.", by.Role, role)
	}
	secret := KeyPrefix + rand.Text()
	return Key{
		TenantID: by.TenantID, Name: name, Hash: HashKey(secret), Hint: secret[len(secret)-4:],
		Role: role, CreatedBy: by.UserID, ExpiresAt: expiresAt,
	}, secret, nil
}

// HashKey gives what is stored of a key. Keys are random and long, so a fast hash keeps them.
func HashKey(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Principal is who acts with the key.
func (k Key) Principal() Principal {
	return Principal{TenantID: k.TenantID, KeyID: k.ID, Role: k.Role, Name: k.Name}
}

// Principal is who acts in the user's sessions.
func (u User) Principal() Principal {
	return Principal{TenantID: u.TenantID, UserID: u.ID, Role: u.Role, Name: u.Name}
}

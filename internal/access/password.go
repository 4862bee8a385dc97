package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"

	"github.com/dealwright/dealwright/internal/fault"
)

// Costs of a password: argon2id with 19 MiB, two passes and one thread take some 30 ms. Stored hashes name their own
// costs, so these can be raised.
const (
	passMemory  = 19 << 10 // KiB
	passTime    = 2
	passThreads = 1
	passSalt    = 16 // bytes
	passKey     = 32
)

// Bounds of a password's length in bytes. The longest keeps hashing cheap for strangers' calls.
const (
	MinPassword = 10
	MaxPassword = 200
)

// hashing lets this many passwords be hashed at once, so that strangers cannot make the server eat its memory.
const hashing = 2

// Hasher hashes and compares passwords, a few at a time.
type Hasher struct{ turns chan struct{} }

// NewHasher makes a Hasher.
func NewHasher() *Hasher { return &Hasher{turns: make(chan struct{}, hashing)} }

// CheckPassword says what is wrong with a new password, nil for nothing.
func CheckPassword(password string) *fault.Detail {
	switch {
	case len(password) < MinPassword:
		return &fault.Detail{Field: "password", Code: "too_short", Message: fmt.Sprintf("The password has %d characters; it needs at least %d.", len([]rune(password)), MinPassword)}
	case len(password) > MaxPassword:
		return &fault.Detail{Field: "password", Code: "too_long", Message: fmt.Sprintf("The password has more than %d bytes.", MaxPassword)}
	}
	return nil
}

// Hash gives what to store for a password.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	end, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer end()
	salt := make([]byte, passSalt)
	_, _ = rand.Read(salt) // never fails; it ends the program instead
	key := argon2.IDKey([]byte(password), salt, passTime, passMemory, passThreads, passKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passMemory, passTime, passThreads, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// nobody is compared against where there is no such user, so that an answer takes as long as for one there is.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Matches reports whether the password is the one that was hashed. An empty hash matches nothing, in the same time.
func (h *Hasher) Matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > MaxPassword {
		return false, nil
	}
	end, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer end()
	return matches(password, hash)
}

// matches is Matches for who has a turn.
func matches(password, hash string) (bool, error) {
	none := hash == ""
	if none {
		hash = nobody
	}
	parts := strings.Split(hash, "$")
	var version, memory, passes, threads uint32
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("a stored password hash is damaged")
	}
	_, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &passes, &threads)
	if err != nil || version != argon2.Version || threads > 255 {
		return false, fmt.Errorf("a stored password hash is damaged")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("a stored password hash is damaged: %w", err)
	}
	key, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, fmt.Errorf("a stored password hash is damaged: %w", err)
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, uint8(threads), uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1 && !none, nil
}

func (h *Hasher) turn(ctx context.Context) (end func(), err error) {
	select {
	case h.turns <- struct{}{}:
		return func() { <-h.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

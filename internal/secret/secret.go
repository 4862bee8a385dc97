// Package secret seals small values with a key that is kept apart from the database: what is sealed opens with that key
// and at its own place only. It reads the key from where the operator put it. It never decides what is sealed, and never
// puts a key or what was sealed into an error or a log.
package secret

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// Size of a key in bytes.
const Size = 32

// form is the first byte of a sealed value: version 1 is a nonce of 24 random bytes and XChaCha20-Poly1305.
const form = 1

// Key seals and opens. It may be used by many goroutines.
type Key struct {
	bytes [Size]byte
	aead  cipher.AEAD
}

// New makes a key.
func New() *Key {
	var b [Size]byte
	_, _ = rand.Read(b[:]) // never fails; it ends the program instead
	return newKey(b)
}

// Of gives the key of Size bytes.
func Of(b []byte) (*Key, error) {
	if len(b) != Size {
		return nil, fmt.Errorf("a key has %d bytes, and this one %d", Size, len(b))
	}
	return newKey([Size]byte(b)), nil
}

// Parse reads a key as Text writes it: base64, also without its padding, with white space around it.
func Parse(text string) (*Key, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || len(b) != Size {
		return nil, fmt.Errorf("a secret key is %d random bytes in base64, and this is not one; make one with: openssl rand -base64 %d", Size, Size)
	}
	return Of(b)
}

func newKey(b [Size]byte) *Key {
	aead, err := chacha20poly1305.NewX(derived(b, "seal"))
	if err != nil {
		panic(err) // the size is right
	}
	return &Key{bytes: b, aead: aead}
}

// derived keeps uses of one key apart.
func derived(b [Size]byte, use string) []byte {
	key, err := hkdf.Key(sha256.New, b[:], nil, "dealwright "+use, Size)
	if err != nil {
		panic(err) // the sizes are right
	}
	return key
}

// Bytes of the key.
func (k *Key) Bytes() []byte { return append([]byte(nil), k.bytes[:]...) }

// Sum tells values apart without saying anything about them to who lacks the key: a plain hash of what has a password
// in it would let anybody try passwords at full speed.
func (k *Key) Sum(value []byte) []byte {
	mac := hmac.New(sha256.New, derived(k.bytes, "sum"))
	mac.Write(value)
	return mac.Sum(nil)
}

// Text of the key, as files and settings have it.
func (k *Key) Text() string { return base64.StdEncoding.EncodeToString(k.bytes[:]) }

// Fingerprint tells keys apart and says nothing about them.
func (k *Key) Fingerprint() string { return hex.EncodeToString(derived(k.bytes, "fingerprint")[:8]) }

// String keeps the key out of messages.
func (k *Key) String() string { return "key " + k.Fingerprint() }

// LogValue keeps the key out of logs.
func (k *Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// GoString keeps the key out of %#v.
func (k *Key) GoString() string { return k.String() }

// Seal seals a value for a place: what says where it is kept.
func (k *Key) Seal(place string, value []byte) []byte {
	sealed := make([]byte, 1+chacha20poly1305.NonceSizeX, 1+chacha20poly1305.NonceSizeX+len(value)+chacha20poly1305.Overhead)
	sealed[0] = form
	nonce := sealed[1:]
	_, _ = rand.Read(nonce)
	return k.aead.Seal(sealed, nonce, value, []byte(place))
}

// ErrNotOpened says that a value is not one that was sealed with this key for this place.
var ErrNotOpened = errors.New("the sealed value does not open: it was sealed with another key or for another place, or it was changed")

// Open gives what was sealed for a place.
func (k *Key) Open(place string, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+chacha20poly1305.NonceSizeX || sealed[0] != form {
		return nil, ErrNotOpened
	}
	nonce, text := sealed[1:1+chacha20poly1305.NonceSizeX], sealed[1+chacha20poly1305.NonceSizeX:]
	value, err := k.aead.Open(nil, nonce, text, []byte(place))
	if err != nil {
		return nil, ErrNotOpened
	}
	return value, nil
}

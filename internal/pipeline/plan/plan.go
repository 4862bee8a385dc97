// Package plan is what is in force: one immutable picture of tenants, providers, sources, links and compiled programs
// at one configuration epoch. Doors and queue look things up in it; they never read configuration from the database
// themselves. A new picture is loaded whole when the epoch moves.
package plan

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/secret"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Picture is the configuration at one epoch. Nobody changes one.
type Picture struct {
	Epoch     int64
	Tenants   map[int64]*Tenant
	Providers map[int64]*Provider
	Sources   map[int64]*Source // deleted ones are not there
	// Doors are those of the sources with marks for personal data; deleted sources, too, since what they delivered is
	// still read.
	Doors map[int64]*pseudonym.Door
	// KeyOwners has the provider of every key, by its hash; deleted providers, too, so that their doors can say so.
	KeyOwners map[[sha256.Size]byte]*Provider
}

// KeyOf finds whose key has this hash: nil when it is nobody's, or no longer anybody's at that moment (microseconds).
func (p *Picture) KeyOf(hash [sha256.Size]byte, now int64) (*Provider, *Key) {
	owner := p.KeyOwners[hash]
	if owner == nil {
		return nil, nil
	}
	k := owner.Key(hash, now)
	if k == nil {
		return nil, nil
	}
	return owner, k
}

// Key gives the provider's key with this hash, nil when there is none or it has expired.
func (p *Provider) Key(hash [sha256.Size]byte, now int64) *Key {
	for i := range p.Keys {
		k := &p.Keys[i]
		if subtle.ConstantTimeCompare(k.Hash[:], hash[:]) == 1 && (k.ExpiresAt == 0 || now < k.ExpiresAt) {
			return k
		}
	}
	return nil
}

// Tenant as the run needs it.
type Tenant struct {
	ID           int64
	Zone         string          // IANA name
	Country      string          // calling code, "+31"
	Kinds        map[string]bool // record nouns that are on
	Projects     bool
	PseudonymKey []byte
	ContactKeys  tenant.ContactKeys
	Raw          *secret.Key // seals bodies as they came; nil where they are not kept
	// What fixed webhooks may do beside their record: make users by agent_email; make, link and move agents by
	// agent_team_id.
	UserCreation, AgentManagement bool

	location atomic.Pointer[time.Location] // of Zone, once somebody asked for it
}

// Has reports whether a record kind is on, or projects.
func (t *Tenant) Has(noun string) bool { return t.Kinds[noun] || noun == "project" && t.Projects }

// Location is the tenant's zone. The settings took no name that is none, so one that cannot be found is missing on
// this machine.
func (t *Tenant) Location() (*time.Location, error) {
	if known := t.location.Load(); known != nil {
		return known, nil
	}
	found, err := time.LoadLocation(t.Zone)
	if err != nil {
		return nil, fmt.Errorf("the time zone of tenant %d: %w", t.ID, err)
	}
	t.location.Store(found)
	return found, nil
}

// Provider with the keys that open its doors.
type Provider struct {
	ID     int64
	Tenant *Tenant
	Type   string
	Name   string
	Keys   []Key
	// Deleted ones are known by their keys only.
	Deleted bool
}

// Key is the hash of one API key of a provider.
type Key struct {
	ID        int64
	Hash      [sha256.Size]byte
	ExpiresAt int64 // microseconds, 0: never
}

// Source is one entrance with what runs on what it delivers.
type Source struct {
	ID       int64
	Provider *Provider
	Type     string
	Model    string
	Name     string
	Links    []Link // in order of position; disabled processors are not here
}

// Link gives the link to a processor that is enabled; nil: there is none.
func (s *Source) Link(processorID int64) *Link {
	for i := range s.Links {
		if s.Links[i].ProcessorID == processorID {
			return &s.Links[i]
		}
	}
	return nil
}

// Link is a processor on a source, ready to run.
type Link struct {
	ProcessorID   int64
	Position      int
	Version       int
	Program       *run.Program
	EnvironmentID int64 // row of what it depends on beside delivery and program
	Zone, Country string
	Constants     []run.Field
	// Wait is not empty where deliveries must wait: incomplete_link, suspended.
	Wait string
}

// Loader reads the whole configuration. Programs of versions it has compiled before come from its cache.
type Loader interface {
	LoadPicture(ctx context.Context) (*Picture, error)
	// Epoch is that of the configuration in the database.
	Epoch(ctx context.Context) (int64, error)
}

// Holder keeps the present picture. The zero Holder is not usable; make one with NewHolder.
type Holder struct {
	loader  Loader
	current atomic.Pointer[held]
	loading chan struct{} // holds one token: one load at a time
}

// held is a picture with the word that it is no longer the present one.
type held struct {
	picture *Picture
	changed chan struct{} // closed when the next one is there
}

// NewHolder makes a holder and loads the first picture.
func NewHolder(ctx context.Context, loader Loader) (*Holder, error) {
	h := &Holder{loader: loader, loading: make(chan struct{}, 1)}
	if _, err := h.Reload(ctx, 1); err != nil {
		return nil, err
	}
	return h, nil
}

// Current gives the present picture.
func (h *Holder) Current() *Picture { return h.current.Load().picture }

// Watch gives the present picture and a channel that closes when there is another.
func (h *Holder) Watch() (*Picture, <-chan struct{}) {
	now := h.current.Load()
	return now.picture, now.changed
}

// Fresh gives a picture that is no older than the call, whichever node changed the configuration. A door asks before it
// turns somebody away by what it knows.
func (h *Holder) Fresh(ctx context.Context) (*Picture, error) {
	epoch, err := h.loader.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	if p := h.Current(); p.Epoch >= epoch {
		return p, nil
	}
	return h.Reload(ctx, epoch)
}

// Reload makes sure that the picture is at least of that epoch and gives it.
func (h *Holder) Reload(ctx context.Context, epoch int64) (*Picture, error) {
	select {
	case h.loading <- struct{}{}:
		defer func() { <-h.loading }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	before := h.current.Load()
	if before != nil && before.picture.Epoch >= epoch {
		return before.picture, nil
	}
	p, err := h.loader.LoadPicture(ctx)
	if err != nil {
		return nil, err
	}
	h.current.Store(&held{picture: p, changed: make(chan struct{})})
	if before != nil {
		close(before.changed)
	}
	return p, nil
}

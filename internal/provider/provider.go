// Package provider has the systems that deliver records: providers with the keys that open their doors, and their
// sources. It never sees a delivery.
package provider

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Provider is one system that delivers.
type Provider struct {
	ID        int64
	TenantID  int64
	Type      string
	Name      string
	Settings  map[string]string // its type's own fields, without the secret ones
	Secrets   map[string]string // those, which nobody is shown
	Keys      []Key             // that still open its doors, the newest first
	Refused   int64             // strangers' calls turned away in the last 24 hours
	Pause     Pause             // while what is fetched from it fails; the zero one: it does not
	CreatedAt int64
	UpdatedAt int64
	DeletedAt int64 // 0: not
}

// Pause says that a provider is left alone, since what was asked of it failed.
type Pause struct {
	Failures int    // in a row, of all nodes
	Since    int64  // the first of them
	Until    int64  // nothing is fetched before
	Tripped  bool   // after Until one fetch at a time tries, until one comes through
	Probe    int64  // the epoch of that one
	Why      string // the last failure, in words
}

// Key opens the doors of a provider. Only its hash is kept.
type Key struct {
	ID         int64
	Hash       []byte // SHA-256
	Hint       string // its last four characters
	CreatedAt  int64
	ExpiresAt  int64 // 0: never; set when a newer one takes its place
	LastUsedAt int64 // 0: never
	Uses       int64
}

// KeyPrefix begins the keys of providers.
const KeyPrefix = "pk_live_"

// MaxOverlap is how long an old key may stay beside a new one.
const MaxOverlap = 30 * 24 * time.Hour

// Store keeps providers and sources. All of it is of one tenant; what belongs to another, or was deleted, is not found.
// Every change raises the configuration epoch.
type Store interface {
	Provider(ctx context.Context, tenantID, id int64) (Provider, error)
	ListProviders(ctx context.Context, f Filter, r page.Request) (page.Page[Provider], error)
	AddProvider(ctx context.Context, p Provider) (Provider, error)
	ChangeProvider(ctx context.Context, tenantID, id int64, fn func(Provider) (Provider, error)) (Provider, error)
	// RenewProviderKey adds a key; those there are end after the overlap, or when they would have ended anyway.
	RenewProviderKey(ctx context.Context, tenantID, id int64, k Key, overlap time.Duration) (Provider, error)
	// DeleteProvider deletes the provider with its sources, links and processors, if allow takes what hangs on it.
	DeleteProvider(ctx context.Context, tenantID, id int64, allow func(tenant.Dependents) error) error
	ProviderDependents(ctx context.Context, tenantID, id int64) (tenant.Dependents, error)

	Source(ctx context.Context, tenantID, id int64) (Source, error)
	ListSources(ctx context.Context, f SourceFilter, r page.Request) (page.Page[Source], error)
	AddSource(ctx context.Context, tenantID, providerID int64, s Source) (Source, error)
	ChangeSource(ctx context.Context, tenantID, id int64, fn func(Source) (Source, error)) (Source, error)
	DeleteSource(ctx context.Context, tenantID, id int64, allow func(tenant.Dependents) error) error
	SourceDependents(ctx context.Context, tenantID, id int64) (tenant.Dependents, error)
}

// Filter narrows a list of providers.
type Filter struct {
	TenantID     int64
	Type, Search string
	UpdatedAfter int64
	Deleted      page.Deleted
}

// New makes a provider of a tenant with its first key, and gives the key's secret, which is shown once. Settings are the
// values of the type's own fields.
func New(c connector.Catalogue, t tenant.Tenant, typ, name string, settings map[string]string) (Provider, string, error) {
	wrong := fault.New(fault.Invalid, "The provider was not made.")
	switch {
	case c.Type(typ) == nil:
		wrong.With(fault.Detail{Field: "type", Code: "unknown", Message: "“" + typ + "” is no provider type.", Hint: "Choose from " + strings.Join(c.Names(), ", ") + "."})
	case !slices.Contains(t.ProviderTypes, typ):
		wrong.With(fault.Detail{Field: "type", Code: "switched_off", Message: "Providers of type " + typ + " are switched off.", Hint: "Switch them on in the settings."})
	}
	p := Provider{TenantID: t.ID, Type: typ}
	p.setName(name, wrong)
	p.configure(c.Type(typ), settings, wrong)
	if len(wrong.Details) > 0 {
		return Provider{}, "", wrong
	}
	k, secret := NewKey()
	p.Keys = []Key{k}
	return p, secret, nil
}

// NewKey makes a key and gives its secret.
func NewKey() (Key, string) {
	secret := KeyPrefix + rand.Text()
	hash := sha256.Sum256([]byte(secret))
	return Key{Hash: hash[:], Hint: secret[len(secret)-4:]}, secret
}

// Changed gives the provider under another name, unless that is nil, and with other values of its type's own fields: a
// field that is not among them keeps what it holds, and one that is given nothing is emptied. What is secret is to be given
// again with an address.
func (p Provider) Changed(c connector.Catalogue, name *string, settings map[string]string) (Provider, error) {
	wrong := fault.New(fault.Invalid, "The provider was not changed.")
	if name != nil {
		p.setName(*name, wrong)
	}
	if settings != nil {
		p.configure(c.Type(p.Type), settings, wrong)
	}
	if len(wrong.Details) > 0 {
		return p, wrong
	}
	return p, nil
}

// MostOfSetting is how many characters one setting may have: certificates and keys fit.
const MostOfSetting = 10_000

// configure sets the fields that are given, for good or to try them out; a type that is not there any more has none.
func (p *Provider) configure(typ *connector.Type, given map[string]string, wrong *fault.Error) {
	if typ == nil {
		return
	}
	p.askAnew(typ, given, wrong)
	p.Settings, p.Secrets = maps.Clone(p.Settings), maps.Clone(p.Secrets)
	set := func(to *map[string]string, name, v string) {
		switch {
		case v == "":
			delete(*to, name)
		case *to == nil:
			*to = map[string]string{name: v}
		default:
			(*to)[name] = v
		}
	}
	for _, f := range typ.Fields {
		to := &p.Settings
		if f.Secret {
			to = &p.Secrets
		}
		if v, ok := given[f.Name]; ok {
			if len([]rune(v)) > MostOfSetting {
				wrong.With(fault.Detail{Field: f.Name, Code: "bad_length", Message: fmt.Sprintf("%s must have at most %d characters.", f.Title, MostOfSetting)})
				continue
			}
			set(to, f.Name, strings.TrimSpace(v))
		}
		if f.Required && (*to)[f.Name] == "" {
			wrong.With(fault.Detail{Field: f.Name, Code: "missing_field", Message: f.Title + " is needed.", Hint: f.Help})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(typ.Fields, func(f connector.Field) bool { return f.Name == name }) {
			wrong.With(fault.Detail{Field: name, Code: "unknown_field", Message: typ.Title + " has no such setting."})
		}
	}
}

// askAnew asks again for the secrets that are stored, where another setting than those that a type calls harmless gets
// another value, such as an address: what is stored is sent only with the settings it was given with.
func (p *Provider) askAnew(typ *connector.Type, given map[string]string, wrong *fault.Error) {
	moved := slices.ContainsFunc(typ.Fields, func(f connector.Field) bool {
		v, is := given[f.Name]
		return is && !f.Secret && !f.Harmless && strings.TrimSpace(v) != p.Settings[f.Name]
	})
	for _, f := range typ.Fields {
		if _, is := given[f.Name]; moved && f.Secret && !is && p.Secrets[f.Name] != "" {
			wrong.With(fault.Detail{Field: f.Name, Code: "missing_field", Message: f.Title + " is needed again: other settings were changed, and what is stored is sent only with those it was saved with."})
		}
	}
}

// Connection is what the provider would be reached with, had it these values of its type's own fields: all of its
// settings, the secret ones too.
func (p Provider) Connection(typ *connector.Type, settings map[string]string) (map[string]string, error) {
	wrong := fault.New(fault.Invalid, "Nothing was tried out.")
	p.configure(typ, settings, wrong)
	if len(wrong.Details) > 0 {
		return nil, wrong
	}
	all := map[string]string{}
	maps.Copy(all, p.Settings)
	maps.Copy(all, p.Secrets)
	return all, nil
}

func (p *Provider) setName(name string, wrong *fault.Error) {
	p.Name = strings.TrimSpace(name)
	if d := checkName(p.Name); d != nil {
		wrong.With(*d)
	}
}

func checkName(name string) *fault.Detail {
	if name == "" || len([]rune(name)) > 200 {
		return &fault.Detail{Field: "name", Code: "bad_length", Message: "The name must have 1 to 200 characters."}
	}
	return nil
}

// CheckOverlap gives the time for which an old key is to stay, or says what is wrong with it.
func CheckOverlap(minutes int) (time.Duration, error) {
	if minutes < 0 || minutes > int(MaxOverlap/time.Minute) {
		return 0, fault.New(fault.Invalid, "No key was made.").With(fault.Detail{
			Field: "overlap_minutes", Code: "out_of_range", Message: "The overlap must be between 0 and 43200 minutes (30 days).",
		})
	}
	return time.Duration(minutes) * time.Minute, nil
}

// Package tenant has the settings of one tenant: its name, time zone and country, and which record kinds, projects and
// provider types it works with. Switching something off hides it and never deletes anything.
package tenant

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are the same on every machine

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/secret"
)

// Kinds are the record kinds a tenant can have on, in the order people see them.
var Kinds = []string{"activity", "sale", "call", "period", "anonymous_activity"}

// What a new tenant begins with.
const (
	DefaultZone    = "Europe/Amsterdam"
	DefaultCountry = "+31"
)

// ContactKeys is what fixed webhooks do with a contact_key that looks like an e-mail address or a phone number.
type ContactKeys string

// What they may do.
const (
	PseudonymKeys ContactKeys = "pseudonym" // a pseudonym takes its place
	RefuseKeys    ContactKeys = "refuse"    // the call
	AllowKeys     ContactKeys = "allow"     // it, with a warning in the call log
)

var contactKeys = []ContactKeys{PseudonymKeys, RefuseKeys, AllowKeys}

// MostRawDays is how many days raw bodies can be kept.
const MostRawDays = 90

// Tenant is one company's settings.
type Tenant struct {
	ID            int64
	Name          string
	TimeZone      string   // IANA name
	Country       string   // calling code: "+31"
	RecordKinds   []string // those that are on, in the order of Kinds
	Projects      bool
	ProviderTypes []string // on offer when somebody adds a provider
	// What fixed webhooks may do beside their record.
	UserCreation    bool   // agent_email makes users and ties them to agents
	AgentManagement bool   // agent_team_id makes, links and moves agents and teams
	PseudonymKey    []byte // personal values are replaced under this key
	ContactKeys     ContactKeys
	RawDays         int    // how long the bodies of calls are kept as they came; 0: they are not
	RawKey          []byte // they are sealed under it; nil where they are not kept
	CreatedAt       int64
	UpdatedAt       int64
}

// Change is what somebody wants to be different; nil fields stay as they are.
type Change struct {
	Name          *string
	TimeZone      *string
	Country       *string
	RecordKinds   *[]string
	Projects      *bool
	ProviderTypes *[]string

	UserCreation    *bool
	AgentManagement *bool

	ContactKeys *ContactKeys
	RawDays     *int
}

// Store keeps tenants.
type Store interface {
	Tenant(ctx context.Context, id int64) (Tenant, error)
	// ChangeTenant stores what fn makes of the tenant, in one transaction, and raises the configuration epoch.
	ChangeTenant(ctx context.Context, id int64, fn func(Tenant) (Tenant, error)) (Tenant, error)
}

// New gives the settings a tenant begins with: everything on.
func New(name string, providerTypes []string) (Tenant, error) {
	t := Tenant{TimeZone: DefaultZone, Country: DefaultCountry, RecordKinds: slices.Clone(Kinds), Projects: true, ProviderTypes: providerTypes, UserCreation: true, AgentManagement: true, ContactKeys: PseudonymKeys}
	return t.With(Change{Name: &name}, providerTypes)
}

// Project is the noun of what Projects switches.
const Project = "project"

// HasKind reports whether the record kind is on.
func (t Tenant) HasKind(noun string) bool { return slices.Contains(t.RecordKinds, noun) }

// Has reports whether a record kind is on, or projects.
func (t Tenant) Has(noun string) bool {
	if noun == Project {
		return t.Projects
	}
	return t.HasKind(noun)
}

// Title gives the plural of a noun as people read it: "anonymous activities".
func Title(noun string) string {
	words := strings.ReplaceAll(noun, "_", " ")
	if stem, ok := strings.CutSuffix(words, "y"); ok {
		return stem + "ies"
	}
	return words + "s"
}

var callingCode = regexp.MustCompile(`^\+[1-9][0-9]{0,3}$`)

// With gives the tenant as it is after a change, or all that is wrong with the change. The provider types are those
// there are.
func (t Tenant) With(c Change, providerTypes []string) (Tenant, error) {
	wrong := fault.New(fault.Invalid, "The settings were not changed.")
	if c.Name != nil {
		t.Name = strings.TrimSpace(*c.Name)
		if t.Name == "" || len([]rune(t.Name)) > 200 {
			wrong.With(fault.Detail{Field: "name", Code: "bad_length", Message: "The name must have 1 to 200 characters."})
		}
	}
	if c.TimeZone != nil {
		t.TimeZone = *c.TimeZone
		if err := checkZone(t.TimeZone); err != nil {
			wrong.With(*err)
		}
	}
	if c.Country != nil {
		t.Country = *c.Country
		if !callingCode.MatchString(t.Country) {
			wrong.With(fault.Detail{Field: "country", Code: "bad_calling_code", Message: "“" + t.Country + "” is no country calling code.", Hint: "Write a plus and 1 to 4 digits, such as +31."})
		}
	}
	if c.RecordKinds != nil {
		t.RecordKinds = known(wrong, "record_kinds", *c.RecordKinds, Kinds)
	}
	if c.Projects != nil {
		t.Projects = *c.Projects
	}
	if c.ProviderTypes != nil {
		t.ProviderTypes = known(wrong, "provider_types", *c.ProviderTypes, providerTypes)
	}
	if c.UserCreation != nil {
		t.UserCreation = *c.UserCreation
	}
	if c.AgentManagement != nil {
		t.AgentManagement = *c.AgentManagement
	}
	if c.ContactKeys != nil {
		if t.ContactKeys = *c.ContactKeys; !slices.Contains(contactKeys, t.ContactKeys) {
			wrong.With(fault.Detail{Field: "contact_keys", Code: "unknown", Message: "“" + string(t.ContactKeys) + "” is not known.", Hint: "Choose from pseudonym, refuse, allow."})
		}
	}
	if c.RawDays != nil {
		t.keepRaw(*c.RawDays, wrong)
	}
	if len(wrong.Details) > 0 {
		return Tenant{}, wrong
	}
	return t, nil
}

// keepRaw sets how long raw bodies are kept. They have a key only while they are kept: switched off, it is gone, and
// with it what it sealed.
func (t *Tenant) keepRaw(days int, wrong *fault.Error) {
	switch {
	case days < 0 || days > MostRawDays:
		wrong.With(fault.Detail{Field: "raw_days", Code: "out_of_range", Message: fmt.Sprintf("%d is no number of days to keep raw bodies.", days), Hint: fmt.Sprintf("Choose from 1 to %d, or 0 for not at all.", MostRawDays)})
	case days == 0:
		t.RawKey = nil
	case t.RawKey == nil:
		t.RawKey = secret.New().Bytes()
	}
	t.RawDays = days
}

// WithNewPseudonyms gives the tenant with another key for pseudonyms: from then on a person has another one, which never
// matches the one before.
func (t Tenant) WithNewPseudonyms() (Tenant, error) {
	if pseudonym.Generation(t.PseudonymKey) == pseudonym.MostGenerations {
		return t, fault.New(fault.Conflict, "The key for pseudonyms was made anew %d times; there is no further one.", pseudonym.MostGenerations-1)
	}
	t.PseudonymKey = pseudonym.NextKey(t.PseudonymKey)
	return t, nil
}

func checkZone(name string) *fault.Detail {
	if name != "" && name != "Local" {
		if _, err := time.LoadLocation(name); err == nil {
			return nil
		}
	}
	return &fault.Detail{Field: "time_zone", Code: "bad_zone", Message: "“" + name + "” is no time zone.", Hint: "Use an IANA name, such as Europe/Amsterdam."}
}

// known gives the chosen ones in the order of all, and complains about those that are not there.
func known(wrong *fault.Error, field string, chosen, all []string) []string {
	for i, c := range chosen {
		if !slices.Contains(all, c) {
			wrong.With(fault.Detail{Field: field, Index: &i, Code: "unknown", Message: "“" + c + "” is not known.", Hint: "Choose from " + strings.Join(all, ", ") + "."})
		}
	}
	list := []string{}
	for _, a := range all {
		if slices.Contains(chosen, a) {
			list = append(list, a)
		}
	}
	return list
}

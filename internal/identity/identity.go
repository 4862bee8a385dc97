// Package identity has the external identities of a tenant, as deliveries named them, and the agents, teams, projects,
// segments and propositions people link them to. A link counts for earlier records too: whose a record is, is looked up
// when it is read. Identities are made by deliveries; nothing here makes one.
package identity

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
)

// Kind declares a kind of identity and of the entity it is linked to.
type Kind struct {
	Noun   string // "agent"
	Plural string // "agents": the path and table of its entities
	Prefix string // of its entities' public ids
}

// Kinds in the order people see them.
var Kinds = []Kind{
	{"agent", "agents", id.Agent},
	{"team", "teams", id.Team},
	{"project", "projects", id.Project},
	{"segment", "segments", id.Segment},
	{"proposition", "propositions", id.Proposition},
}

// KindOf gives the kind of a noun.
func KindOf(noun string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Noun == noun })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// Identity is one name a source system has for an agent, a team …
type Identity struct {
	ID           int64
	TenantID     int64
	ProviderID   int64
	ProviderName string
	Kind         string
	ExternalID   string
	Name         string // external_name
	Email        string // "": none
	Team         string // external id of the team's identity; "": none
	Project      string
	EntityID     int64 // 0: not linked
	EntityName   string
	Ignored      bool
	CreatedAt    int64
	UpdatedAt    int64
}

// Entity is an agent, team, project, segment or proposition.
type Entity struct {
	ID        int64
	TenantID  int64
	Kind      Kind
	Name      string
	TeamID    int64 // of an agent; 0: none
	TeamName  string
	Active    bool // of an agent; all others always are
	Linked    int  // identities linked to it
	CreatedAt int64
	UpdatedAt int64
}

// CountLimit is how far the records of one kind that name an identity are counted: one more stands for many.
const CountLimit = 10_000

// LatestLimit is how many of them are shown.
const LatestLimit = 3

// Use is where an identity was first seen, and which records name it.
type Use struct {
	Identity Identity
	MadeBy   []byte // JSON of a record.Maker: the delivery that named it first
	Records  []Records
}

// Records are those of one kind that name an identity.
type Records struct {
	Kind   string // "sale"
	Count  int64  // CountLimit + 1: more
	There  int64  // of what it would be linked to, without this identity; CountLimit + 1: more
	Since  int64  // the moment of the earliest that was counted; 0: none
	Latest []Record
}

// Record is one that names an identity.
type Record struct {
	ID         int64
	ExternalID string
	At         int64
}

// Team is what the team that an identity names is linked to.
type Team struct {
	ID   int64
	Name string
}

// Filter narrows a list of identities; nil and zero fields do not.
type Filter struct {
	TenantID     int64
	ProviderID   int64
	EntityID     int64
	Kind         string
	ExternalID   string
	Linked       *bool
	Ignored      *bool // nil: unlinked lists leave the ignored ones out, see Store
	Search       string
	UpdatedAfter int64
	MadeBefore   int64 // a moment
	Until        int64 // only those up to this one
}

// EntityFilter narrows a list of entities.
type EntityFilter struct {
	TenantID     int64
	Kind         Kind
	TeamID       int64
	Active       *bool
	Search       string
	UpdatedAfter int64
}

// Store keeps identities and entities. All of it is of one tenant; what belongs to another is not found. Changes of
// identities, agents and teams leave a journal entry with what was there before and who made them.
type Store interface {
	Identity(ctx context.Context, tenantID, id int64) (Identity, error)
	// ListIdentities gives identities. Where Linked is false and Ignored nil, ignored ones are left out.
	ListIdentities(ctx context.Context, f Filter, r page.Request) (page.Page[Identity], error)
	// ChangeIdentity stores the link and the ignored mark of what fn makes of the identity. fn may ask for entities.
	ChangeIdentity(ctx context.Context, by access.Principal, id int64, fn func(Identity, Entities) (Identity, error)) (Identity, error)

	// IdentitiesOf gives those of these identities that are there.
	IdentitiesOf(ctx context.Context, tenantID int64, ids []int64) ([]Identity, error)
	// IdentityRecords gives where an identity was first seen and which records name it. entityID is what it would be linked
	// to, to count what that has without it; 0: nothing.
	IdentityRecords(ctx context.Context, tenantID, id, entityID int64) (Use, error)
	// CountRecords gives how many records name each of these identities of a tenant.
	CountRecords(ctx context.Context, identities []Identity) (map[int64]int64, error)
	// Candidates gives all that identities of a kind can be linked to.
	Candidates(ctx context.Context, tenantID int64, k Kind) ([]Candidate, error)
	// CandidatesVersion is another text after every change of what Candidates gives.
	CandidatesVersion(ctx context.Context, tenantID int64, k Kind) (string, error)
	// LinkedTeams gives what the teams that these identities name are linked to.
	LinkedTeams(ctx context.Context, identities []Identity) (map[int64]Team, error)

	Entity(ctx context.Context, tenantID int64, k Kind, id int64) (Entity, error)
	ListEntities(ctx context.Context, f EntityFilter, r page.Request) (page.Page[Entity], error)
	AddEntity(ctx context.Context, by access.Principal, e Entity) (Entity, error)
	ChangeEntity(ctx context.Context, by access.Principal, k Kind, id int64, fn func(Entity) (Entity, error)) (Entity, error)
}

// Entities are what an identity can be linked to, within the transaction that changes it.
type Entities interface {
	Entity(k Kind, id int64) (Entity, error)
	AddEntity(e Entity) (Entity, error)
	// RemoveUnused takes an entity away that was made when the identity was linked to it, unless it was changed since or
	// anything else uses it.
	RemoveUnused(e Entity, identityID int64) error
}

// Link ties an identity to an entity of its own kind.
func Link(ctx context.Context, store Store, by access.Principal, identityID int64, entityID string) (Identity, error) {
	return store.ChangeIdentity(ctx, by, identityID, func(i Identity, entities Entities) (Identity, error) {
		k, err := i.kind()
		if err != nil {
			return i, err
		}
		wrong := fault.New(fault.Invalid, "The identity was not linked.")
		n, err := id.Parse(k.Prefix, entityID)
		if err != nil {
			return i, wrong.With(fault.Detail{Field: "entity_id", Code: "wrong_kind", Message: "“" + entityID + "” is no " + k.Noun + ".", Hint: "This identity is of kind " + k.Noun + "; it can only be linked to one. Their ids begin with " + k.Prefix + "_."})
		}
		e, err := entities.Entity(k, n)
		if fault.Is(err, fault.NotFound) {
			return i, wrong.With(fault.Detail{Field: "entity_id", Code: "not_found", Message: "There is no " + k.Noun + " “" + entityID + "”."})
		}
		i.EntityID, i.EntityName, i.Ignored = e.ID, e.Name, false
		return i, err
	})
}

// LinkNew makes an entity and ties the identity to it. An empty name is that of the identity; teamID is the team of an
// agent, 0 for none.
func LinkNew(ctx context.Context, store Store, by access.Principal, identityID int64, name string, teamID int64) (Identity, error) {
	return store.ChangeIdentity(ctx, by, identityID, func(i Identity, entities Entities) (Identity, error) {
		k, err := i.kind()
		if err != nil {
			return i, err
		}
		if name == "" {
			name = cmp.Or(strings.TrimSpace(i.Name), i.ExternalID)
		}
		e, err := NewEntity(by.TenantID, k, name)
		if err != nil {
			return i, err
		}
		if teamID != 0 && k.Noun != "agent" {
			return i, fault.New(fault.Invalid, "The %s was not made.", k.Noun).With(fault.Detail{Field: "team_id", Code: "wrong_kind", Message: "Only an agent has a team."})
		}
		e.TeamID = teamID
		if e, err = entities.AddEntity(e); err != nil {
			return i, err
		}
		i.EntityID, i.EntityName, i.Ignored = e.ID, e.Name, false
		return i, nil
	})
}

// Unlink takes the link away; records of the identity then belong to nobody.
func Unlink(ctx context.Context, store Store, by access.Principal, identityID int64) (Identity, error) {
	return store.ChangeIdentity(ctx, by, identityID, func(i Identity, _ Entities) (Identity, error) {
		i.EntityID, i.EntityName = 0, ""
		return i, nil
	})
}

func changedSince(i Identity) error {
	return fault.New(fault.Conflict, "“%s” was changed since; it stays as it is.", cmp.Or(i.Name, i.ExternalID))
}

// Triage is what people decided about an identity: what it is linked to, and whether it is ignored.
type Triage struct {
	EntityID int64 `json:"entity,omitempty"`
	Ignored  bool  `json:"ignored,omitempty"`
}

// Triage is what is decided about it.
func (i Identity) Triage() Triage { return Triage{i.EntityID, i.Ignored} }

// Back is the way back from what was done to an identity: to what was decided before, from what was then. Made: what it was
// linked to was made for that, and goes with the link where nothing else uses it.
type Back struct {
	Was  Triage
	Is   Triage
	Made bool
}

// Restore gives an identity back the link and the ignored mark that it had. One that was changed since, by whoever, stays as
// it is.
func Restore(ctx context.Context, store Store, by access.Principal, identityID int64, back Back) (Identity, error) {
	return store.ChangeIdentity(ctx, by, identityID, func(i Identity, entities Entities) (Identity, error) {
		k, err := i.kind()
		switch {
		case err != nil:
			return i, err
		case i.Triage() != back.Is:
			return i, changedSince(i)
		case back.Was.Ignored && back.Was.EntityID != 0:
			return i, fault.New(fault.Invalid, "An identity cannot be both linked and ignored.")
		}
		if back.Made && i.EntityID != 0 {
			e, err := entities.Entity(k, i.EntityID)
			if err == nil {
				err = entities.RemoveUnused(e, i.ID)
			}
			if err != nil {
				return i, err
			}
		}
		i.EntityID, i.EntityName, i.Ignored = back.Was.EntityID, "", back.Was.Ignored
		if i.EntityID == 0 {
			return i, nil
		}
		e, err := entities.Entity(k, i.EntityID)
		if fault.Is(err, fault.NotFound) {
			return i, fault.New(fault.Conflict, "What “%s” was linked to is not there any more; it stays as it is.", cmp.Or(i.Name, i.ExternalID))
		}
		i.EntityName = e.Name
		return i, err
	})
}

// Ignore says that an identity will not be linked, so that lists of what is to be linked leave it out; or takes that
// back.
func Ignore(ctx context.Context, store Store, by access.Principal, identityID int64, ignored bool) (Identity, error) {
	return store.ChangeIdentity(ctx, by, identityID, func(i Identity, _ Entities) (Identity, error) {
		if ignored && i.EntityID != 0 {
			return i, fault.New(fault.Conflict, "“%s” is linked to “%s”. Unlink it before you ignore it.", i.Name, i.EntityName)
		}
		i.Ignored = ignored
		return i, nil
	})
}

func (i Identity) kind() (Kind, error) {
	k, ok := KindOf(i.Kind)
	if !ok {
		return k, fault.New(fault.Internal, "Identity %d is of the unknown kind %q.", i.ID, i.Kind)
	}
	return k, nil
}

// NewEntity makes an entity.
func NewEntity(tenantID int64, k Kind, name string) (Entity, error) {
	return Entity{TenantID: tenantID, Kind: k, Active: true}.With(EntityChange{Name: &name})
}

// EntityChange is what somebody wants to be different; nil fields stay as they are.
type EntityChange struct {
	Name   *string
	TeamID *int64 // 0: no team
	Active *bool
}

// With gives the entity as it is after a change.
func (e Entity) With(c EntityChange) (Entity, error) {
	if c.Name != nil {
		e.Name = strings.TrimSpace(*c.Name)
		if e.Name == "" || len([]rune(e.Name)) > 1000 {
			return e, fault.New(fault.Invalid, "The %s was not saved.", e.Kind.Noun).With(fault.Detail{Field: "name", Code: "bad_length", Message: "The name must have 1 to 1,000 characters."})
		}
	}
	if c.TeamID != nil {
		e.TeamID = *c.TeamID
	}
	if c.Active != nil {
		e.Active = *c.Active
	}
	return e, nil
}

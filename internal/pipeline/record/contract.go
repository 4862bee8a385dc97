// Package record has the records and external identities a tenant's data ends up in: their kinds, the marks and locks
// of their fields, the stage (what a group loaded, changed in memory), the changes it leaves and the journal's
// before-images. All semantics of writing are here, once for every database. It never reads or writes one, knows no
// SQL and no clock.
package record

import (
	"cmp"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Mark is the place in the order of acceptance of what last set a field: a delivery's number and the position of the
// processor on its source. The zero Mark is older than all.
type Mark struct {
	Number   int64
	Position int32
}

// Before reports whether m is older than o.
func (m Mark) Before(o Mark) bool {
	return m.Number < o.Number || m.Number == o.Number && m.Position < o.Position
}

// FieldType is how a field of a record is stored and compared.
type FieldType uint8

// The field types.
const (
	TextField     FieldType = iota
	NumberField             // exact decimal, stored as canonical text
	BoolField               // never null
	MomentField             // microseconds since 1970 UTC
	IdentityField           // an identity of the same provider; Field.Noun names its kind
)

// Field declares one field of a record kind, in the order of section 5.2 of the language.
type Field struct {
	Name     string // as in the language: "agent_external_identity", "energy_meta.gas_usage"
	Column   string // in the kind's table: "agent_identity_id", "gas_usage"
	Type     FieldType
	Noun     string // of an IdentityField: "agent"
	Required bool   // never cleared
}

// Key names a record or an identity: each provider has its own keys per noun.
type Key struct {
	ProviderID int64
	Noun       string // "activity" …, or an identity kind with the suffix IdentitySuffix: "agent_identity"
	ExternalID string
}

// Compare orders keys: by noun, so that a table's keys stand together, then by provider and external id, byte by byte.
// Everybody locks in this order.
func (k Key) Compare(o Key) int {
	if c := cmp.Compare(k.Noun, o.Noun); c != 0 {
		return c
	}
	if c := cmp.Compare(k.ProviderID, o.ProviderID); c != 0 {
		return c
	}
	return cmp.Compare(k.ExternalID, o.ExternalID)
}

// Maker says who made a change and where the change came from, so that echoes can be told later. Ids are numbers.
type Maker struct {
	Origin      string `json:"origin"`              // one of the origins below
	OriginID    int64  `json:"origin_id,omitempty"` // of the provider, API client or user
	Delivery    int64  `json:"delivery,omitempty"`
	Execution   int64  `json:"execution,omitempty"`
	Processor   int64  `json:"processor,omitempty"`
	Version     int    `json:"version,omitempty"`
	Instruction string `json:"instruction,omitempty"`
	// Undo is the number of the undo that made the change; Execution or Delivery is then what it took back, or Redoes,
	// where it took back another undo.
	Undo   int64 `json:"undo,omitempty"`
	Redoes int64 `json:"redoes,omitempty"`
	// Rekey is the number of the re-key that gave a thing another external id; one that takes another back Redoes that.
	Rekey int64 `json:"rekey,omitempty"`
}

// Origins of a change.
const (
	FromProvider = "provider"
	FromClient   = "client"
	FromUser     = "user"
	FromRule     = "rule"
)

// FieldMark is the mark of one field, by its place in the declaration.
type FieldMark struct {
	Field int
	Mark  Mark
}

// Row is one record as it is or will be stored. Rows are immutable: a change makes a new one.
//
// Marks are kept short, since nearly all fields of a record were last set by one execution: a field that holds
// something has Mark and one that holds nothing (null, false) has the zero Mark, but for those that Marks names.
type Row struct {
	ID        int64 // below 0 in a dry run for one that is not there yet
	Kind      *Kind
	TenantID  int64
	Key       Key
	Values    []value.Value // by place in Kind.Fields; an IdentityField holds a value.Ref of *Identity
	Mark      Mark
	Marks     []FieldMark   // exceptions to Mark, by place; nil mostly
	Locks     map[int]int64 // field → number of the delivery that locked it; nil mostly
	MadeBy    string        // JSON of the Maker who created it
	CreatedAt int64
	UpdatedAt int64
}

// Identity is an external identity: provider × kind × external id, linked to an entity or not. Immutable, as Row.
// Its marks are kept as a Row's; a name that is the external id counts as nothing.
type Identity struct {
	ID         int64
	TenantID   int64
	Key        Key
	Name       string    // external_name
	Email      string    // "" none; agents only
	Project    *Identity // nil none; as it was when loaded
	Team       *Identity // nil none; agents only
	EntityID   int64     // 0: not linked
	EntityName string
	Ignored    bool
	Mark       Mark
	Marks      []FieldMark // by place in IdentityFields
	MadeBy     string
	CreatedAt  int64
	UpdatedAt  int64
}

// Agent is a person whose results are counted; what agent management makes and moves.
type Agent struct {
	ID, TenantID, TeamID int64 // TeamID 0: none
	Name                 string
	Active               bool
}

// Team is a group of agents.
type Team struct {
	ID, TenantID int64
	Name         string
}

// User can sign in once active.
type User struct {
	ID, TenantID, AgentID int64 // AgentID 0: none
	Email, Name           string
	Role, Status          string
}

// Roles and states that the fixed webhooks give.
const (
	RoleOfInvited = "viewer"
	StatusInvited = "invited"
)

// ContactKey finds the records of one kind that have a contact key: each provider has its own.
type ContactKey struct {
	ProviderID int64
	Noun       string
	Contact    string
}

// MostOfContact is how many records of a kind one contact may have for contact follow-up to work on them.
const MostOfContact = 10_000

// UserKey finds a user.
type UserKey struct {
	TenantID int64
	Email    string // lower case
}

// EventKey finds a delivery by the sender's own id: each source and each fixed webhook of a provider has its own.
type EventKey struct {
	ProviderID int64
	Door       string // of the delivery
	SourceID   int64  // 0: a fixed webhook
	EventID    string
}

// Event is the delivery that an event came with first.
type Event struct {
	Delivery int64 // its number
	Body     []byte
}

// Loaded is what was there of what a Need names: absent keys map to nothing. All of it is locked until the group ends.
type Loaded struct {
	Rows       map[Key]*Row
	Contacts   map[ContactKey][]*Row // at most MostOfContact and one of each
	Identities map[Key]*Identity
	Users      map[UserKey]*User
	Agents     map[int64]*Agent
	AgentUsers map[int64]*User // of the agents that have one
	Teams      map[int64]*Team
	Events     map[EventKey]Event
	Waiting    map[int64]bool // of Need.Rerun: those that still wait
}

// Change is one thing a stage leaves to be applied: New against Old (nil: it was not there). New is nil where an undo
// removes the thing. MarkOnly changes move nothing but the mark.
type Change[T any] struct {
	Old, New *T
	MarkOnly bool
}

// Entry is one row of the journal: what one step changed of one thing. One thing may have several in one group.
type Entry struct {
	ID       int64
	Noun     string // "activity" …, "agent_identity" …, or "agent", "team", "user"
	ThingID  int64
	TenantID int64
	MadeBy   string // JSON of the Maker of this change
	Before   []byte // JSON, see ReadBefore
	At       int64  // of the group that wrote it; 0 while that is open
}

// Changes is all a group has to write of records and what belongs to them, each touched thing once, in key order; new
// agents, teams and users by number. The journal is in the order things happened, with rising numbers.
type Changes struct {
	Identities []Change[Identity]
	Rows       []Change[Row]
	Teams      []Change[Team]
	Agents     []Change[Agent]
	Users      []Change[User]
	Journal    []Entry
}

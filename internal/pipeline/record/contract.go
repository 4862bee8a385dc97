package record

import (
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Mark is the place in the order of acceptance of what last set a field: a delivery's number and the position of the
// processor on its source. The zero Mark is older than all.
type Mark struct {
	Number   int64
	Position int32
}

// FieldType is how a field of a record is stored and compared.
type FieldType uint8

// The field types.
const (
	TextField     FieldType = iota
	NumberField             // exact decimal, canonical text in SQLite, numeric text in PostgreSQL
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

// Kind declares a kind of record: one file each, listed in Kinds.
type Kind struct {
	Noun   string // "activity"
	Plural string // "activities": the table, and the path of its list with dashes
	Prefix string // of its public ids
	Fields []Field
}

// Key names a record or an identity: each provider has its own keys per noun.
type Key struct {
	ProviderID int64
	Noun       string // "activity" …, or an identity kind with the suffix IdentitySuffix: "agent_identity"
	ExternalID string
}

// IdentitySuffix tells the nouns of identities from those of what they are linked to.
const IdentitySuffix = "_identity"

// Maker says who made a change and where the change came from, so that echoes can be told later. Ids are numbers.
type Maker struct {
	Origin      string `json:"origin"`              // "provider", "client", "user" or "rule"
	OriginID    int64  `json:"origin_id,omitempty"` // of the provider, API client or user
	Delivery    int64  `json:"delivery,omitempty"`
	Execution   int64  `json:"execution,omitempty"`
	Processor   int64  `json:"processor,omitempty"`
	Version     int    `json:"version,omitempty"`
	Instruction string `json:"instruction,omitempty"`
}

// Row is one record as it is or will be stored. Rows are immutable: a change makes a new one.
type Row struct {
	ID         int64
	Kind       *Kind
	TenantID   int64
	Key        Key
	Values     []value.Value // by place in Kind.Fields; an IdentityField holds a value.Ref of *Identity
	Mark       Mark          // of every field that FieldMarks does not name
	FieldMarks map[int]Mark  // by place in Kind.Fields; nil mostly
	Locks      map[int]int64 // field → number of the delivery that locked it; nil mostly
	Maker      Maker         // who created it
	CreatedAt  int64
	UpdatedAt  int64
}

// Identity is an external identity: provider × kind × external id, linked to an entity or not. Immutable, as Row.
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
	FieldMarks map[string]Mark // "external_name", "email", "project_external_identity", "team_external_identity"
	Maker      Maker
	CreatedAt  int64
	UpdatedAt  int64
}

// Agent, Team and User are what agent management makes and moves (the fixed webhooks' agent_team_id and agent_email).
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

// Need is what a group has to load and lock before its units run. Slices are sorted and without duplicates.
type Need struct {
	Keys   []Key      // identities and records
	Users  []UserKey  // by e-mail
	Agents []int64    // by number, with their user if any
	Teams  []int64    // by number
	Events []EventKey // sender's event ids that may have been seen
	Rerun  []int64    // stored executions that units will run again, locked
}

// UserKey finds a user.
type UserKey struct {
	TenantID int64
	Email    string
}

// EventKey finds a delivery by the sender's own id.
type EventKey struct {
	SourceID int64
	EventID  string
}

// Loaded is what was there: absent keys map to nothing. All of it is locked until the group ends.
type Loaded struct {
	Rows       map[Key]*Row
	Identities map[Key]*Identity
	Users      map[UserKey]*User
	Agents     map[int64]*Agent
	Teams      map[int64]*Team
	Events     map[EventKey]int64 // → delivery number
}

// Change is one thing a stage leaves to be applied: New against Old (nil: it was not there). MarkOnly changes move
// nothing but the mark. Journal is false for creations by a run and for MarkOnly.
type Change[T any] struct {
	Old, New *T
	MarkOnly bool
	Maker    Maker  // of this change
	Before   []byte // journal entry: JSON of the changed fields with value and mark before; nil: none
}

// Changes is all a group has to write of records and what belongs to them, each touched thing once, in key order.
type Changes struct {
	Rows       []Change[Row]
	Identities []Change[Identity]
	Users      []Change[User]
	Agents     []Change[Agent]
	Teams      []Change[Team]
}

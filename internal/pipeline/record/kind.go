package record

import (
	"strings"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Kind declares a kind of record: one file each, listed in Kinds.
type Kind struct {
	Noun   string // "activity"
	Plural string // "activities": the table, and the path of its list with dashes
	Prefix string // of its public ids
	Title  string // as people read it: "Anonymous activity"
	Fields []Field
	// When is the field that puts the records of a contact in order, where contact follow-up sees the kind; else "".
	When string
	// Check says what is wrong with the fields as they would stand together; nil: nothing can be.
	Check func(values []value.Value) *run.DataError
}

// Kinds are the kinds of record, in the order people see them.
var Kinds = []*Kind{Activity, Sale, Call, Period, AnonymousActivity}

// KindOf gives the kind of a noun, nil for none.
func KindOf(noun string) *Kind {
	for _, k := range Kinds {
		if k.Noun == noun {
			return k
		}
	}
	return nil
}

// Place gives the place of a field in Fields, -1 for none.
func (k *Kind) Place(name string) int {
	for i := range k.Fields {
		if k.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// place is Place for names that come in order: it looks from the place after the last one first.
func (k *Kind) place(name string, last int) int {
	for i := last + 1; i < len(k.Fields); i++ {
		if k.Fields[i].Name == name {
			return i
		}
	}
	return k.Place(name)
}

// IdentityKind declares a kind of external identity.
type IdentityKind struct {
	Noun         string // of what it is linked to: "agent"
	Plural       string // "agents": the table of what it is linked to
	KeyNoun      string // Key.Noun: "agent_identity"
	EntityPrefix string // of the public ids of what it is linked to
	Person       bool   // has an e-mail and a team
}

// IdentityKinds are the kinds of external identity, in the order people see them.
var IdentityKinds = []*IdentityKind{
	{Noun: "agent", Plural: "agents", KeyNoun: AgentIdentity, EntityPrefix: id.Agent, Person: true},
	{Noun: "team", Plural: "teams", KeyNoun: TeamIdentity, EntityPrefix: id.Team},
	{Noun: "project", Plural: "projects", KeyNoun: ProjectIdentity, EntityPrefix: id.Project},
	{Noun: "segment", Plural: "segments", KeyNoun: SegmentIdentity, EntityPrefix: id.Segment},
	{Noun: "proposition", Plural: "propositions", KeyNoun: PropositionIdentity, EntityPrefix: id.Proposition},
}

// IdentitySuffix tells the nouns of identities from those of what they are linked to.
const IdentitySuffix = "_identity"

// The nouns of identities in keys.
const (
	AgentIdentity       = "agent" + IdentitySuffix
	TeamIdentity        = "team" + IdentitySuffix
	ProjectIdentity     = "project" + IdentitySuffix
	SegmentIdentity     = "segment" + IdentitySuffix
	PropositionIdentity = "proposition" + IdentitySuffix
)

// IsIdentity reports whether k names an identity.
func (k Key) IsIdentity() bool { return strings.HasSuffix(k.Noun, IdentitySuffix) }

// IdentityKindOf gives the kind of an identity by what it is linked to ("agent"), nil for none.
func IdentityKindOf(noun string) *IdentityKind {
	for _, k := range IdentityKinds {
		if k.Noun == noun {
			return k
		}
	}
	return nil
}

// the fields that several kinds share
var (
	agentField   = Field{Name: "agent_external_identity", Column: "agent_identity_id", Type: IdentityField, Noun: "agent"}
	projectField = Field{Name: "project_external_identity", Column: "project_identity_id", Type: IdentityField, Noun: "project"}
	segmentField = Field{Name: "segment_external_identity", Column: "segment_identity_id", Type: IdentityField, Noun: "segment"}
	teamField    = Field{Name: "team_external_identity", Column: "team_identity_id", Type: IdentityField, Noun: "team"}
	contactField = Field{Name: "contact_key", Column: "contact_key", Type: TextField}
)

func required(f Field) Field {
	f.Required = true
	return f
}

package record

import (
	"strings"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// IdentityFields are the fields of an identity that have marks, by place.
var IdentityFields = []string{"external_name", "email", "project_external_identity", "team_external_identity"}

// Places in IdentityFields.
const (
	nameField = iota
	emailField
	identityProjectField
	identityTeamField
	identityFields
)

func placeOfIdentityField(name string) int {
	for i, f := range IdentityFields {
		if f == name {
			return i
		}
	}
	return -1
}

// Kind gives the declaration of the identity's kind.
func (i *Identity) Kind() *IdentityKind { return IdentityKindOf(i.Noun()) }

// Noun is what the identity is linked to: "agent".
func (i *Identity) Noun() string { return strings.TrimSuffix(i.Key.Noun, IdentitySuffix) }

// ExternalID is the key within provider and kind.
func (i *Identity) ExternalID() string { return i.Key.ExternalID }

// IsLinked reports whether the identity counts for an entity; an ignored one does not.
func (i *Identity) IsLinked() bool { return i.EntityID != 0 && !i.Ignored }

// Field gives what a spec reads of an identity.
func (i *Identity) Field(name string) value.Value {
	switch name {
	case "id":
		return value.Text(publicID(id.Identity, i.Noun(), i.ID))
	case "external_id":
		return value.Text(i.Key.ExternalID)
	case "external_name":
		return value.Text(i.Name)
	case "linked":
		return value.Bool(i.IsLinked())
	case "entity":
		if !i.IsLinked() {
			return value.Null()
		}
		kind := i.Kind()
		return value.Object([]value.Member{
			{Key: "id", Value: value.Text(publicID(kind.EntityPrefix, kind.Noun, i.EntityID))},
			{Key: "name", Value: value.Text(i.EntityName)},
		})
	case "email":
		if i.Email == "" {
			return value.Null()
		}
		return value.Text(i.Email)
	case "project_external_identity":
		return refTo(i.Project)
	case "team_external_identity":
		return refTo(i.Team)
	}
	return value.Null()
}

func refTo(i *Identity) value.Value {
	if i == nil {
		return value.Null()
	}
	return value.Ref(i)
}

// MarkOf gives the mark of a field by its place in IdentityFields.
func (i *Identity) MarkOf(field int) Mark {
	return markOf(i.Marks, i.Mark, field, i.isEmpty(field))
}

func (i *Identity) isEmpty(field int) bool {
	switch field {
	case nameField:
		return i.Name == i.Key.ExternalID
	case emailField:
		return i.Email == ""
	case identityProjectField:
		return i.Project == nil
	default:
		return i.Team == nil
	}
}

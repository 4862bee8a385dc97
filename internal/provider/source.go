package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
)

// Source is one entrance of a provider: a URL of its own, and the processors linked to it.
type Source struct {
	ID           int64
	TenantID     int64
	ProviderID   int64
	ProviderName string // for lists
	Type         string
	Model        string // source model of what it delivers
	Name         string
	Processors   int   // linked
	Pause        Pause // of its provider
	CreatedAt    int64
	UpdatedAt    int64
	DeletedAt    int64 // 0: not
}

// SourceFilter narrows a list of sources.
type SourceFilter struct {
	TenantID     int64
	ProviderID   int64 // 0: of all
	ProcessorID  int64 // 0: whatever is linked
	Search       string
	UpdatedAfter int64
	Deleted      page.Deleted
}

// NewSource makes a source for a provider.
func NewSource(c connector.Catalogue, p Provider, typ, name string) (Source, error) {
	wrong := fault.New(fault.Invalid, "The source was not made.")
	var known []*connector.SourceType
	if t := c.Type(p.Type); t != nil {
		known = t.Sources
	}
	if !slices.ContainsFunc(known, func(s *connector.SourceType) bool { return s.Name == typ }) {
		names := make([]string, len(known))
		for i, s := range known {
			names[i] = s.Name
		}
		wrong.With(fault.Detail{Field: "type", Code: "unknown", Message: fmt.Sprintf("A provider of type %s has no sources of type “%s”.", p.Type, typ), Hint: "Choose from " + strings.Join(names, ", ") + "."})
	}
	s := Source{TenantID: p.TenantID, ProviderID: p.ID, ProviderName: p.Name, Type: typ, Model: typ, Name: strings.TrimSpace(name)}
	if d := checkName(s.Name); d != nil {
		wrong.With(*d)
	}
	if len(wrong.Details) > 0 {
		return Source{}, wrong
	}
	return s, nil
}

// Renamed gives the source under another name.
func (s Source) Renamed(name string) (Source, error) {
	s.Name = strings.TrimSpace(name)
	if d := checkName(s.Name); d != nil {
		return s, fault.New(fault.Invalid, "The source was not changed.").With(*d)
	}
	return s, nil
}

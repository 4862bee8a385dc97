package provider

import (
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
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
	Processors   int // linked
	CreatedAt    int64
	UpdatedAt    int64
}

// SourceFilter narrows a list of sources.
type SourceFilter struct {
	TenantID     int64
	ProviderID   int64 // 0: of all
	ProcessorID  int64 // 0: whatever is linked
	Search       string
	UpdatedAfter int64
}

// NewSource makes a source for a provider.
func NewSource(p Provider, typ, name string) (Source, error) {
	wrong := fault.New(fault.Invalid, "The source was not made.")
	if t := TypeOf(p.Type); t == nil || t.Source(typ) == nil {
		wrong.With(fault.Detail{Field: "type", Code: "unknown", Message: fmt.Sprintf("A provider of type %s has no sources of type “%s”.", p.Type, typ), Hint: "Choose from " + strings.Join(sourceNames(p.Type), ", ") + "."})
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

func sourceNames(typ string) []string {
	var names []string
	if t := TypeOf(typ); t != nil {
		for _, s := range t.Sources {
			names = append(names, s.Name)
		}
	}
	return names
}

// Renamed gives the source under another name.
func (s Source) Renamed(name string) (Source, error) {
	s.Name = strings.TrimSpace(name)
	if d := checkName(s.Name); d != nil {
		return s, fault.New(fault.Invalid, "The source was not changed.").With(*d)
	}
	return s, nil
}

// Package processor has what turns deliveries into records: processors, the versions of their specs, and the links from
// sources to them with the values of the constants. It checks specs and never runs one.
package processor

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

// State of a processor.
type State string

// The states. Enabled runs; Suspended was enabled and its saved spec no longer checks, or uses what the tenant has
// switched off, so its deliveries wait.
const (
	Disabled  State = "disabled"
	Enabled   State = "enabled"
	Suspended State = "suspended"
)

// Processor runs one spec on what the sources linked to it deliver.
type Processor struct {
	ID           int64
	TenantID     int64
	ProviderID   int64
	ProviderName string // for lists
	Name         string
	SourceModel  string
	On           bool // somebody enabled it
	Broken       bool // its saved spec no longer checks, or uses what is switched off
	Version      int  // the current one; 0: none was saved yet
	NextStep     int  // the next free number for the ids of instructions
	Sources      int  // linked to it
	CreatedAt    int64
	UpdatedAt    int64
	DeletedAt    int64 // 0: not
}

// State of p.
func (p Processor) State() State {
	switch {
	case !p.On:
		return Disabled
	case p.Broken:
		return Suspended
	}
	return Enabled
}

// Version is one saved state of a spec. Versions never change.
type Version struct {
	ProcessorID int64
	Number      int    // from 1
	Tree        []byte // JSON
	ContentHash []byte
	ProgramHash []byte // equal in versions that do the same
	Note        string
	CreatedBy   string // public id of the user or API key
	CreatedAt   int64
	SameAs      int // the newest version before it that does the same; 0: none. Told of versions that were read
}

// Store keeps processors, versions and links. All of it is of one tenant; what belongs to another, or was deleted, is
// not found. Every change raises the configuration epoch.
type Store interface {
	DraftStore
	Processor(ctx context.Context, tenantID, id int64) (Processor, error)
	ListProcessors(ctx context.Context, f Filter, r page.Request) (page.Page[Processor], error)
	// AddProcessor fails with fault.NotFound when the provider is not there.
	AddProcessor(ctx context.Context, p Processor) (Processor, error)
	// ChangeProcessor stores what fn makes of the processor. fn sees its current version, nil for none.
	ChangeProcessor(ctx context.Context, tenantID, id int64, fn func(Processor, *Version) (Processor, error)) (Processor, error)
	ProcessorDependents(ctx context.Context, tenantID, id int64) (tenant.Dependents, error)
	DeleteProcessor(ctx context.Context, tenantID, id int64, allow func(tenant.Dependents) error) error

	// SpecVersion gives a version by its number; 0 is the current one, and fault.NotFound where none was saved yet.
	SpecVersion(ctx context.Context, tenantID, processorID int64, number int) (Version, error)
	ListVersions(ctx context.Context, tenantID, processorID int64, r page.Request) (page.Page[Version], error)
	// AddVersion stores v as the next version if the current one still is the one of that number, and the marks of the
	// linked sources those that it was checked with, and says whether they were. The processor counts on from nextStep; it is not broken any more.
	AddVersion(ctx context.Context, tenantID, processorID int64, current int, marks types.Marks, v Version, nextStep int) (Version, bool, error)

	// Tenant gives the settings specs are checked against.
	Tenant(ctx context.Context, id int64) (tenant.Tenant, error)
	// MarkBroken asks about every processor with a spec, of one tenant or (0) of all, whether it is broken, marks it so,
	// and gives those whose mark has changed; all in one transaction.
	MarkBroken(ctx context.Context, tenantID int64, broken func(tenant.Tenant, Target) bool) ([]Processor, error)

	// Shape is what the last deliveries of sources look like, as they pass their doors today.
	Shape(ctx context.Context, lib *library.Library, tenantID int64, sources []int64, deliveries int) (*shape.Shape, error)
	// Samples shows the last deliveries of sources, fewer where they are big, as they pass their doors today.
	Samples(ctx context.Context, lib *library.Library, tenantID int64, sources []int64, deliveries int, see func(item value.Value)) error

	// Links gives the links of a source, in order of running.
	Links(ctx context.Context, tenantID, sourceID int64) ([]Link, error)
	// LinksTo gives the links to a processor.
	LinksTo(ctx context.Context, tenantID, processorID int64) ([]Link, error)
	// Marks gives those of the sources that are linked to a processor, together.
	Marks(ctx context.Context, tenantID, processorID int64) (types.Marks, error)
	// SourceMarks gives a source with its own marks.
	SourceMarks(ctx context.Context, tenantID, sourceID int64) (Origin, error)
	// SetMarks gives a source the marks that choose makes of it and of the processors linked to it.
	SetMarks(ctx context.Context, tenantID, sourceID int64, choose func(Origin, []Target) (types.Marks, error)) (Origin, error)
	// SetLinks replaces the links of a source, if check takes them. check sees the source and, by number, the
	// processors that are there.
	SetLinks(ctx context.Context, tenantID, sourceID int64, links []Link, check func(Origin, map[int64]Target) error) error
}

// Filter narrows a list of processors.
type Filter struct {
	TenantID     int64
	ProviderID   int64  // 0: of all
	State        string // "": any
	Search       string
	UpdatedAfter int64
	Deleted      page.Deleted
}

// New makes a processor: disabled, with an empty spec.
func New(lib *library.Library, tenantID, providerID int64, name, model string) (Processor, error) {
	wrong := fault.New(fault.Invalid, "The processor was not made.")
	p := Processor{TenantID: tenantID, ProviderID: providerID, SourceModel: model, NextStep: 1}
	p.setName(name, wrong)
	if _, ok := lib.Model(model); !ok {
		var names []string
		for _, m := range lib.Models() {
			names = append(names, m.Name)
		}
		wrong.With(fault.Detail{Field: "source_model", Code: "unknown", Message: "“" + model + "” is no source model.", Hint: "Choose from " + strings.Join(names, ", ") + "."})
	}
	if len(wrong.Details) > 0 {
		return Processor{}, wrong
	}
	return p, nil
}

// Renamed gives the processor under another name.
func (p Processor) Renamed(name string) (Processor, error) {
	wrong := fault.New(fault.Invalid, "The processor was not changed.")
	p.setName(name, wrong)
	if len(wrong.Details) > 0 {
		return p, wrong
	}
	return p, nil
}

func (p *Processor) setName(name string, wrong *fault.Error) {
	p.Name = strings.TrimSpace(name)
	if p.Name == "" || len([]rune(p.Name)) > 200 {
		wrong.With(fault.Detail{Field: "name", Code: "bad_length", Message: "The name must have 1 to 200 characters."})
	}
}

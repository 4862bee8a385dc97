package api

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/tenant"
)

func (s *Server) processorRows() []Row {
	return []Row{
		{"GET", "/v1/processors", access.ReadConfig, "Processors", many(s.listProcessors)},
		{"POST", "/v1/processors", access.WriteConfig, "Make a processor: disabled, with an empty spec", made(s.addProcessor)},
		{"GET", "/v1/processors/{id}", access.ReadConfig, "A processor", one(s.getProcessor)},
		{"PATCH", "/v1/processors/{id}", access.WriteConfig, "Rename a processor", one(s.changeProcessor)},
		{"GET", "/v1/processors/{id}/dependents", access.ReadConfig, "What hangs on a processor", one(s.processorDependents)},
		{"DELETE", "/v1/processors/{id}", access.WriteConfig, "Delete a processor; its executions and records stay", none(s.deleteProcessor)},
		{"GET", "/v1/processors/{id}/sources", access.ReadConfig, "The links from sources to a processor", one(s.listLinksTo)},
		{"GET", "/v1/processors/{id}/spec", access.ReadConfig, "The current spec, as YAML and as a tree", one(s.getSpec)},
		{"PUT", "/v1/processors/{id}/spec", access.WriteConfig, "Save a spec (application/yaml or application/json): checked, and a new version unless nothing changed", one(s.putSpec)},
		{"POST", "/v1/processors/{id}/spec/check", access.ReadConfig, "Check a spec without saving it (application/yaml, or its tree as application/json): all problems at once, both its forms, and what can be used at a place", one(s.checkSpec)},
		{"GET", "/v1/processors/{id}/versions", access.ReadConfig, "The versions of a spec, the newest first", many(s.listVersions)},
		{"GET", "/v1/processors/{id}/versions/{n}", access.ReadConfig, "One version of a spec", one(s.getVersion)},
		{"GET", "/v1/processors/{id}/versions/{n}/diff", access.ReadConfig, "What is different between a version and another one", one(s.diffVersion)},
		{"POST", "/v1/processors/{id}/spec/diff", access.ReadConfig, "What a spec that is not saved would change in a version", one(s.diffDraft)},
		{"GET", "/v1/processors/{id}/coverage", access.ReadData, "Which instructions and branches of a spec the last deliveries came by, and how often", one(s.getCoverage)},
		{"POST", "/v1/processors/{id}/versions/{n}/restore", access.WriteConfig, "Make an old version the current one again, as a new version", one(s.restoreVersion)},
		{"POST", "/v1/processors/{id}/enable", access.WriteConfig, "Enable a processor; refused while its spec is empty or does not check", one(s.enableProcessor)},
		{"POST", "/v1/processors/{id}/disable", access.WriteConfig, "Disable a processor; its links stay", one(s.disableProcessor)},
	}
}

type processorView struct {
	ID           string          `json:"id"`
	ProviderID   string          `json:"provider_id"`
	ProviderName string          `json:"provider_name"`
	Name         string          `json:"name"`
	SourceModel  string          `json:"source_model"`
	State        processor.State `json:"state" enum:"disabled,enabled,suspended" doc:"Suspended: it is enabled and its saved spec no longer checks, or uses what is switched off in Settings; deliveries wait."`
	Version      int             `json:"version" doc:"Of the current spec; 0: none was saved yet."`
	Sources      int             `json:"sources" doc:"How many are linked."`
	CreatedAt    time.Time       `json:"created_at"`
	UpdatedAt    time.Time       `json:"updated_at"`
	DeletedAt    *time.Time      `json:"deleted_at,omitempty" doc:"Only of what was deleted."`
	updatedAt    int64
}

func (v processorView) version() string { return etag(v.updatedAt) }

func viewProcessor(p processor.Processor) processorView {
	return processorView{
		ID: id.Format(id.Processor, p.ID), ProviderID: id.Format(id.Provider, p.ProviderID), ProviderName: p.ProviderName, Name: p.Name,
		SourceModel: p.SourceModel, State: p.State(), Version: p.Version, Sources: p.Sources,
		CreatedAt: at(p.CreatedAt), UpdatedAt: at(p.UpdatedAt), DeletedAt: atOrNull(p.DeletedAt), updatedAt: p.UpdatedAt,
	}
}

type processorListInput struct {
	Paging
	Changed
	Gone
	ProviderID string `query:"provider_id"`
	State      string `query:"state" enum:"disabled,enabled,suspended"`
	Search     string `query:"search" doc:"Part of the name."`
}

func (s *Server) listProcessors(ctx context.Context, in *processorListInput, r page.Request) (page.Page[processorView], error) {
	n, err := filter("provider_id", id.Provider, in.ProviderID)
	if err != nil {
		return page.Page[processorView]{}, err
	}
	p, err := s.Store.ListProcessors(ctx, processor.Filter{
		TenantID: caller(ctx).TenantID, ProviderID: n, State: in.State, Search: in.Search, UpdatedAfter: in.micros(), Deleted: in.Deleted,
	}, r)
	return page.Map(p, viewProcessor), err
}

type processorInput struct {
	Body struct {
		Name        string `json:"name"`
		ProviderID  string `json:"provider_id"`
		SourceModel string `json:"source_model" example:"webhook.payload"`
	}
}

func (s *Server) addProcessor(ctx context.Context, in *processorInput) (processorView, error) {
	providerID, err := filter("provider_id", id.Provider, in.Body.ProviderID)
	if err != nil {
		return processorView{}, err
	}
	p, err := processor.New(s.Library, caller(ctx).TenantID, providerID, in.Body.Name, in.Body.SourceModel)
	if err != nil {
		return processorView{}, err
	}
	p, err = s.Store.AddProcessor(ctx, p)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Invalid, "The processor was not made.").With(fault.Detail{Field: "provider_id", Code: "not_found", Message: "There is no such provider."})
	}
	return viewProcessor(p), err
}

func processorID(text string) (int64, error) { return number(id.Processor, "processor", text) }

func (s *Server) getProcessor(ctx context.Context, in *idInput) (processorView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return processorView{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	return viewProcessor(p), err
}

func (s *Server) changeProcessor(ctx context.Context, in *renameInput) (processorView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return processorView{}, err
	}
	p, err := s.Store.ChangeProcessor(ctx, caller(ctx).TenantID, n, func(p processor.Processor, _ *processor.Version) (processor.Processor, error) {
		if err := match(in.IfMatch, etag(p.UpdatedAt)); err != nil {
			return p, err
		}
		return p.Renamed(in.Body.Name)
	})
	return viewProcessor(p), err
}

func (s *Server) processorDependents(ctx context.Context, in *idInput) (dependents, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return dependents{}, err
	}
	d, err := s.Store.ProcessorDependents(ctx, caller(ctx).TenantID, n)
	return viewDependents(d), err
}

func (s *Server) deleteProcessor(ctx context.Context, in *deleteInput) error {
	n, err := processorID(in.ID)
	if err != nil {
		return err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return err
	}
	return s.Store.DeleteProcessor(ctx, caller(ctx).TenantID, n, tenant.Allow(in.Confirm, "processor", p.Name))
}

func (s *Server) listLinksTo(ctx context.Context, in *idInput) ([]linkView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return nil, err
	}
	links, err := s.Store.LinksTo(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return nil, err
	}
	return s.viewLinks(links)
}

type versionView struct {
	Version   int       `json:"version"`
	Note      string    `json:"note" said:"note"`
	Program   string    `json:"program" doc:"Equal in versions that do the same: they differ in notes, comments or tests only."`
	SameAs    *int      `json:"same_program_as" doc:"The newest version before it that does the same; null: there is none."`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

type specView struct {
	Version   int            `json:"version" doc:"0: none was saved yet."`
	Text      string         `json:"text" doc:"The spec as the formatter writes it, in YAML."`
	Tree      anything       `json:"tree" doc:"The spec as it is stored."`
	Constants []specConstant `json:"constants" doc:"What links can or must give."`
	Problems  []fault.Detail `json:"problems" doc:"As the language is now; lines are those of text."`
	Note      string         `json:"note" said:"note"`
	CreatedBy *string        `json:"created_by"`
	CreatedAt *time.Time     `json:"created_at"`
}

func (v specView) version() string { return etag(int64(v.Version)) }

type specConstant struct {
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Default  anything `json:"default" doc:"Null: every link must give a value."`
	Required bool     `json:"required"`
	Note     string   `json:"note"`
}

type versionInput struct {
	ID string `path:"id"`
	N  int    `path:"n" minimum:"1"`
}

func viewVersion(v processor.Version) versionView {
	view := versionView{Version: v.Number, Note: v.Note, Program: shortHash(v.ProgramHash), CreatedBy: v.CreatedBy, CreatedAt: at(v.CreatedAt)}
	if v.SameAs > 0 {
		view.SameAs = &v.SameAs
	}
	return view
}

func (s *Server) getSpec(ctx context.Context, in *idInput) (specView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return specView{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return specView{}, err
	}
	if p.Version == 0 {
		return specView{Tree: anything("null"), Constants: []specConstant{}, Problems: []fault.Detail{}}, nil
	}
	v, err := s.Store.SpecVersion(ctx, caller(ctx).TenantID, n, p.Version)
	if err != nil {
		return specView{}, err
	}
	return s.viewSpec(ctx, p, v)
}

func (s *Server) viewSpec(ctx context.Context, p processor.Processor, v processor.Version) (specView, error) {
	spec, err := v.Spec(s.Library)
	if err != nil {
		return specView{}, err
	}
	created := at(v.CreatedAt)
	out := specView{
		Version: v.Number, Text: string(text.FormatYAML(spec, s.Library)), Tree: v.Tree, Constants: []specConstant{},
		Note: v.Note, CreatedBy: &v.CreatedBy, CreatedAt: &created,
	}
	for _, c := range spec.Constants {
		one := specConstant{Name: c.Name, Type: c.Type, Default: anything("null"), Required: c.Default == nil, Note: c.Note}
		if c.Default != nil {
			one.Default = c.Default.AppendJSON(nil)
		}
		out.Constants = append(out.Constants, one)
	}
	// Problems have their places in the text people see, not in the stored tree.
	problems, err := processor.CheckDraft(ctx, s.Store, s.Library, p, processor.Draft{Text: []byte(out.Text), Media: "application/yaml"})
	out.Problems = details(problems)
	return out, err
}

func details(problems []tree.Problem) []fault.Detail {
	out := []fault.Detail{}
	for _, p := range problems {
		out = append(out, processor.Detail(p))
	}
	return out
}

type specInput struct {
	ID          string `path:"id"`
	Note        string `query:"note" doc:"Remark about this version."`
	BaseVersion int    `query:"base_version" default:"-1" minimum:"-1" doc:"The version that the spec was begun on (0: there was none). Where a newer one is there, 409 tells who saved it and when; send its number to save over it. Left out: whatever is there."`
	IfMatch     string `header:"If-Match"`
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/yaml" alsoTypes:"application/json"`
}

// savedSpec is what became of a spec that was sent.
type savedSpec struct {
	Version  int            `json:"version"`
	New      bool           `json:"new" doc:"False: nothing changed, so there is no new version."`
	Warnings []fault.Detail `json:"warnings"`
}

func (s *Server) putSpec(ctx context.Context, in *specInput) (savedSpec, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return savedSpec{}, err
	}
	saved, err := processor.Save(ctx, s.Store, s.Library, caller(ctx).TenantID, n, processor.Draft{
		Text: in.RawBody, Media: in.ContentType, Note: in.Note,
		Onto: func(version int) error {
			if err := match(in.IfMatch, etag(int64(version))); err != nil || in.BaseVersion < 0 || in.BaseVersion == version {
				return err
			}
			return s.savedSince(ctx, n, in.BaseVersion, version)
		},
	}, caller(ctx).PublicID())
	return viewSaved(saved), err
}

func viewSaved(saved processor.Saved) savedSpec {
	return savedSpec{Version: saved.Version.Number, New: saved.New, Warnings: details(saved.Warnings)}
}

type versionListInput struct {
	ID string `path:"id"`
	Paging
}

func (s *Server) listVersions(ctx context.Context, in *versionListInput, r page.Request) (page.Page[versionView], error) {
	n, err := processorID(in.ID)
	if err != nil {
		return page.Page[versionView]{}, err
	}
	p, err := s.Store.ListVersions(ctx, caller(ctx).TenantID, n, r)
	return page.Map(p, viewVersion), err
}

func (s *Server) getVersion(ctx context.Context, in *versionInput) (specView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return specView{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return specView{}, err
	}
	v, err := s.Store.SpecVersion(ctx, caller(ctx).TenantID, n, in.N)
	if err != nil {
		return specView{}, err
	}
	return s.viewSpec(ctx, p, v)
}

func (s *Server) restoreVersion(ctx context.Context, in *versionInput) (savedSpec, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return savedSpec{}, err
	}
	saved, err := processor.Restore(ctx, s.Store, s.Library, caller(ctx).TenantID, n, in.N, caller(ctx).PublicID())
	return viewSaved(saved), err
}

func (s *Server) enableProcessor(ctx context.Context, in *idInput) (processorView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return processorView{}, err
	}
	p, err := processor.Enable(ctx, s.Store, s.Library, caller(ctx).TenantID, n)
	return viewProcessor(p), err
}

func (s *Server) disableProcessor(ctx context.Context, in *idInput) (processorView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return processorView{}, err
	}
	p, err := processor.Disable(ctx, s.Store, caller(ctx).TenantID, n)
	return viewProcessor(p), err
}

// shortHash is enough of a hash to tell programs apart.
func shortHash(hash []byte) string { return hex.EncodeToString(hash[:min(8, len(hash))]) }

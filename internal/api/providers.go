package api

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/tenant"
)

func (s *Server) providerRows() []Row {
	return []Row{
		{"GET", "/v1/provider-types", access.ReadConfig, "The provider types on offer, with the fields of their forms", one(s.listProviderTypes)},
		{"GET", "/v1/providers", access.ReadConfig, "Providers", many(s.listProviders)},
		{"POST", "/v1/providers", access.WriteConfig, "Make a provider; its API key is shown this once", made(s.addProvider)},
		{"POST", "/v1/providers/test", access.WriteConfig, "Try out whether a provider of a type can be reached, before it is made", one(s.testProvider)},
		{"GET", "/v1/providers/{id}", access.ReadConfig, "A provider", one(s.getProvider)},
		{"PATCH", "/v1/providers/{id}", access.WriteConfig, "Change the name or settings of a provider", one(s.changeProvider)},
		{"GET", "/v1/providers/{id}/dependents", access.ReadConfig, "What hangs on a provider", one(s.providerDependents)},
		{"DELETE", "/v1/providers/{id}", access.WriteConfig, "Delete a provider with its sources and processors; what they delivered and made stays", none(s.deleteProvider)},
		{"POST", "/v1/providers/{id}/keys", access.WriteConfig, "Make a provider's API key anew, shown this once; the old one works for the overlap", made(s.renewProviderKey)},
	}
}

type providerType struct {
	Name    string         `json:"name"`
	Title   string         `json:"title" said:"ours"`
	Help    string         `json:"help" said:"ours"`
	Fields  []formField    `json:"fields"`
	Sources []sourceType   `json:"sources" doc:"Source types such a provider can have."`
	Doors   []providerDoor `json:"doors" doc:"Fixed webhooks, one per record kind that is on."`
}

type sourceType struct {
	Name   string      `json:"name"`
	Title  string      `json:"title" said:"ours"`
	Help   string      `json:"help" said:"ours"`
	Fields []formField `json:"fields"`
}

type formField struct {
	Name     string `json:"name"`
	Title    string `json:"title" said:"ours"`
	Help     string `json:"help" said:"ours"`
	Required bool   `json:"required"`
	Secret   bool   `json:"secret" doc:"Can be written and is never shown."`
	Harmless bool   `json:"harmless" doc:"It may get another value without the secret ones being given again."`
}

type providerDoor struct {
	Name       string `json:"name"`
	RecordKind string `json:"record_kind"`
}

// formFields are a type's own after the name, which everything has.
func formFields(of []connector.Field) []formField {
	fields := []formField{{Name: "name", Title: "Name", Help: "As you and your colleagues will recognise it.", Required: true, Harmless: true}}
	for _, f := range of {
		fields = append(fields, formField(f))
	}
	return fields
}

func (s *Server) listProviderTypes(ctx context.Context, _ *struct{}) ([]providerType, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return nil, err
	}
	types := []providerType{}
	for _, one := range s.Catalogue {
		if !slices.Contains(t.ProviderTypes, one.Name) {
			continue
		}
		view := providerType{Name: one.Name, Title: one.Title, Help: one.Help, Fields: formFields(one.Fields), Sources: []sourceType{}, Doors: []providerDoor{}}
		for _, st := range one.Sources {
			view.Sources = append(view.Sources, sourceType{Name: st.Name, Title: st.Title, Help: st.Help, Fields: formFields(st.Fields)})
		}
		for _, d := range one.Doors {
			if t.HasKind(d.Kind) {
				view.Doors = append(view.Doors, providerDoor{Name: d.Name, RecordKind: d.Kind})
			}
		}
		types = append(types, view)
	}
	return types, nil
}

type providerTestInput struct {
	Body struct {
		Type       string            `json:"type,omitempty" example:"webhooks" doc:"Left out where provider_id is given."`
		ProviderID string            `json:"provider_id,omitempty" doc:"A provider that is there: what settings leaves out is as it has it. Its secrets are to be given again as for PATCH."`
		Settings   map[string]string `json:"settings,omitempty" doc:"The type's own fields, without the name."`
	}
}

type providerTest struct {
	State   string `json:"state" enum:"reached,not_reached,calls_us" doc:"calls_us: such a provider is never called by this server, so there is nothing to reach."`
	Message string `json:"message" said:"ours"`
}

func (s *Server) testProvider(ctx context.Context, in *providerTestInput) (providerTest, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return providerTest{}, err
	}
	var there provider.Provider
	if in.Body.ProviderID != "" {
		n, err := number(id.Provider, "provider", in.Body.ProviderID)
		if err != nil {
			return providerTest{}, err
		}
		if there, err = s.Store.Provider(ctx, t.ID, n); err != nil {
			return providerTest{}, err
		}
		in.Body.Type = there.Type
	}
	typ := s.Catalogue.Type(in.Body.Type)
	if typ == nil || !slices.Contains(t.ProviderTypes, typ.Name) {
		return providerTest{}, fault.New(fault.Invalid, "Nothing was tried out.").With(fault.Detail{
			Field: "type", Code: "unknown", Message: "“" + in.Body.Type + "” is none of the types on offer: " + strings.Join(t.ProviderTypes, ", ") + ".",
		})
	}
	with, err := there.Connection(typ, in.Body.Settings)
	if err != nil {
		return providerTest{}, err
	}
	if typ.Connect == nil {
		return providerTest{State: "calls_us", Message: typ.Title + " connects to nothing: the other system calls this server, at " + s.base(ctx) + ". Its first call shows that it gets here."}, nil
	}
	if err := typ.Connect(ctx, with); err != nil {
		return providerTest{State: "not_reached", Message: err.Error()}, nil //nolint:nilerr // that it is not reached is the answer
	}
	return providerTest{State: "reached", Message: typ.Title + " was reached with these settings."}, nil
}

type providerView struct {
	ID           string            `json:"id"`
	Type         string            `json:"type"`
	Name         string            `json:"name"`
	APIKey       string            `json:"api_key,omitempty" doc:"Only in the answer that made it."`
	Settings     map[string]string `json:"settings" doc:"The type's own fields that hold something, without the secret ones."`
	Secrets      []string          `json:"secrets" doc:"The secret fields that hold something. What they hold is never shown."`
	Keys         []providerKeyView `json:"keys" doc:"Those that open its doors, the newest first."`
	WebhookURLs  map[string]string `json:"webhook_urls" doc:"By record kind; kinds that are switched off have none."`
	RefusedCalls int64             `json:"refused_calls" doc:"Calls in the last 24 hours that did not get past the door: without the right key, for the most part. The call log has the first of each kind."`
	Pause        *pauseView        `json:"pause" doc:"While what is fetched from it for specs (enrichments) fails; null: it does not."`
	CreatedAt    time.Time         `json:"created_at"`
	UpdatedAt    time.Time         `json:"updated_at"`
	DeletedAt    *time.Time        `json:"deleted_at,omitempty" doc:"Only of what was deleted."`
	updatedAt    int64
}

// pauseView says how a provider fails.
type pauseView struct {
	Failures int        `json:"failures" doc:"In a row."`
	Since    time.Time  `json:"since" doc:"The first of them."`
	Until    *time.Time `json:"until" doc:"It is left alone until then; null: it is not left alone yet. Then one fetch tries, and when that comes through what waits goes on. Changing the provider ends the pause."`
	Why      string     `json:"why" said:"ours" doc:"The last failure."`
}

func newPauseView(p provider.Pause) *pauseView {
	if p.Failures == 0 {
		return nil
	}
	return &pauseView{Failures: p.Failures, Since: at(p.Since), Until: atOrNull(p.Until), Why: p.Why}
}

func (v providerView) version() string { return etag(v.updatedAt) }

type providerKeyView struct {
	ID         string     `json:"id"`
	Hint       string     `json:"hint" doc:"Its last four characters."`
	CreatedAt  time.Time  `json:"created_at"`
	ExpiresAt  *time.Time `json:"expires_at" doc:"Null: never."`
	LastUsedAt *time.Time `json:"last_used_at"`
	Uses       int64      `json:"uses"`
}

func (s *Server) viewProvider(ctx context.Context, p provider.Provider, t tenant.Tenant) providerView {
	v := providerView{
		ID: id.Format(id.Provider, p.ID), Type: p.Type, Name: p.Name, Settings: map[string]string{}, Secrets: slices.AppendSeq([]string{}, maps.Keys(p.Secrets)), Keys: []providerKeyView{}, WebhookURLs: map[string]string{},
		RefusedCalls: p.Refused, Pause: newPauseView(p.Pause), CreatedAt: at(p.CreatedAt), UpdatedAt: at(p.UpdatedAt), DeletedAt: atOrNull(p.DeletedAt), updatedAt: p.UpdatedAt,
	}
	maps.Copy(v.Settings, p.Settings)
	slices.Sort(v.Secrets)
	for _, k := range p.Keys {
		v.Keys = append(v.Keys, providerKeyView{
			ID: id.Format(id.ProviderKey, k.ID), Hint: k.Hint, CreatedAt: at(k.CreatedAt),
			ExpiresAt: atOrNull(k.ExpiresAt), LastUsedAt: atOrNull(k.LastUsedAt), Uses: k.Uses,
		})
	}
	if typ := s.Catalogue.Type(p.Type); typ != nil {
		for _, d := range typ.Doors {
			if t.HasKind(d.Kind) {
				v.WebhookURLs[d.Kind] = s.base(ctx) + "/webhooks/" + v.ID + "/" + d.Name
			}
		}
	}
	return v
}

type providerListInput struct {
	Paging
	Changed
	Gone
	Type   string `query:"type"`
	Search string `query:"search" doc:"Part of the name."`
}

func (s *Server) listProviders(ctx context.Context, in *providerListInput, r page.Request) (page.Page[providerView], error) {
	tenantID := caller(ctx).TenantID
	t, err := s.Store.Tenant(ctx, tenantID)
	if err != nil {
		return page.Page[providerView]{}, err
	}
	p, err := s.Store.ListProviders(ctx, provider.Filter{TenantID: tenantID, Type: in.Type, Search: in.Search, UpdatedAfter: in.micros(), Deleted: in.Deleted}, r)
	return page.Map(p, func(p provider.Provider) providerView { return s.viewProvider(ctx, p, t) }), err
}

type providerInput struct {
	Body struct {
		Type     string            `json:"type" example:"webhooks"`
		Name     string            `json:"name"`
		Settings map[string]string `json:"settings,omitempty" doc:"The type's own fields, as GET /v1/provider-types declares them. Secret ones are stored sealed."`
	}
}

func (s *Server) addProvider(ctx context.Context, in *providerInput) (providerView, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return providerView{}, err
	}
	p, secret, err := provider.New(s.Catalogue, t, in.Body.Type, in.Body.Name, in.Body.Settings)
	if err != nil {
		return providerView{}, err
	}
	if p, err = s.Store.AddProvider(ctx, p); err != nil {
		return providerView{}, err
	}
	v := s.viewProvider(ctx, p, t)
	v.APIKey = secret
	return v, nil
}

// idInput is the input of routes about one thing.
type idInput struct {
	ID string `path:"id"`
}

func (s *Server) getProvider(ctx context.Context, in *idInput) (providerView, error) {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return providerView{}, err
	}
	p, err := s.Store.Provider(ctx, caller(ctx).TenantID, n)
	return s.withTenant(ctx, p, err)
}

func (s *Server) withTenant(ctx context.Context, p provider.Provider, err error) (providerView, error) {
	if err != nil {
		return providerView{}, err
	}
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	return s.viewProvider(ctx, p, t), err
}

// renameInput is the input of routes that rename a thing.
type renameInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name string `json:"name"`
	}
}

type changeProviderInput struct {
	ID      string `path:"id"`
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name     *string           `json:"name,omitempty"`
		Settings map[string]string `json:"settings,omitempty" doc:"The fields that are to change; those left out keep what they hold, an empty text empties one. The secret ones that hold something are to be given again with one that is not harmless, such as an address."`
	}
}

func (s *Server) changeProvider(ctx context.Context, in *changeProviderInput) (providerView, error) {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return providerView{}, err
	}
	p, err := s.Store.ChangeProvider(ctx, caller(ctx).TenantID, n, func(p provider.Provider) (provider.Provider, error) {
		if err := match(in.IfMatch, etag(p.UpdatedAt)); err != nil {
			return p, err
		}
		return p.Changed(s.Catalogue, in.Body.Name, in.Body.Settings)
	})
	return s.withTenant(ctx, p, err)
}

// dependents is what hangs on a thing.
type dependents struct {
	Things            []dependent `json:"things"`
	WaitingExecutions int64       `json:"waiting_executions" doc:"That would never run."`
	KeptExecutions    int64       `json:"kept_executions" doc:"That stay, with their deliveries and records; counted up to 10,000."`
	KeptRecords       []kept      `json:"kept_records" doc:"Of a provider: the records that stay, by kind; counted up to 10,000."`
	KeptIdentities    int64       `json:"kept_identities" doc:"Of a provider: the external identities that stay; counted up to 10,000."`
}

type kept struct {
	Kind  string `json:"kind"`
	Count int64  `json:"count"`
}

type dependent struct {
	Noun string `json:"noun"`
	ID   string `json:"id"`
	Name string `json:"name"`
	What string `json:"what" said:"ours" doc:"What happens to it: “is deleted too”."`
}

func viewDependents(d tenant.Dependents) dependents {
	out := dependents{Things: []dependent{}, WaitingExecutions: d.Waits, KeptExecutions: d.Kept.Executions, KeptRecords: []kept{}, KeptIdentities: d.Kept.Identities}
	for _, c := range d.Kept.Records {
		out.KeptRecords = append(out.KeptRecords, kept{Kind: c.Noun, Count: c.N})
	}
	for _, one := range d.Things {
		out.Things = append(out.Things, dependent(one))
	}
	return out
}

func (s *Server) providerDependents(ctx context.Context, in *idInput) (dependents, error) {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return dependents{}, err
	}
	p, err := s.Store.Provider(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return dependents{}, err
	}
	d, err := s.Store.ProviderDependents(ctx, caller(ctx).TenantID, n)
	s.addWebhooks(&d, p)
	return viewDependents(d), err
}

// addWebhooks adds the fixed webhooks of a provider to what hangs on it, where anybody ever called one.
func (s *Server) addWebhooks(d *tenant.Dependents, p provider.Provider) {
	t := s.Catalogue.Type(p.Type)
	if t == nil || d.Kept.Records == nil && d.Kept.Identities == 0 {
		return
	}
	for _, door := range t.Doors {
		d.Things = append(d.Things, tenant.Dependent{
			Noun: "webhook", ID: door.Name, Name: "/webhooks/" + id.Format(id.Provider, p.ID) + "/" + door.Name, What: "will answer 404",
		})
	}
}

// deleteInput is the input of routes that delete a thing others may hang on.
type deleteInput struct {
	ID      string `path:"id"`
	Confirm bool   `query:"confirm" doc:"Delete it although other things hang on it."`
}

func (s *Server) deleteProvider(ctx context.Context, in *deleteInput) error {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return err
	}
	p, err := s.Store.Provider(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return err
	}
	allow := tenant.Allow(in.Confirm, "provider", p.Name)
	return s.Store.DeleteProvider(ctx, caller(ctx).TenantID, n, func(d tenant.Dependents) error {
		s.addWebhooks(&d, p)
		return allow(d)
	})
}

type renewInput struct {
	ID   string `path:"id"`
	Body struct {
		OverlapMinutes int `json:"overlap_minutes" doc:"How long the old key works beside the new one; 0: it stops at once." example:"1440"`
	}
}

func (s *Server) renewProviderKey(ctx context.Context, in *renewInput) (providerView, error) {
	n, err := number(id.Provider, "provider", in.ID)
	if err != nil {
		return providerView{}, err
	}
	overlap, err := provider.CheckOverlap(in.Body.OverlapMinutes)
	if err != nil {
		return providerView{}, err
	}
	k, secret := provider.NewKey()
	p, err := s.Store.RenewProviderKey(ctx, caller(ctx).TenantID, n, k, overlap)
	v, err := s.withTenant(ctx, p, err)
	v.APIKey = secret
	return v, err
}

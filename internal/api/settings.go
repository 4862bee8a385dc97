package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/tenant"
)

func (s *Server) settingRows() []Row {
	return []Row{
		{"GET", "/v1/settings", access.ReadConfig, "The tenant's settings", one(s.getSettings)},
		{"PATCH", "/v1/settings", access.WriteSettings, "Change some of the tenant's settings; what is switched off is hidden, never deleted", one(s.changeSettings)},
		{"POST", "/v1/settings/pseudonym-key", access.WriteSettings, "After a leak: make another key for pseudonyms; new ones never match those there are", one(s.renewPseudonyms)},
	}
}

type settings struct {
	ID            string   `json:"id"`
	Name          string   `json:"name"`
	TimeZone      string   `json:"time_zone" doc:"IANA name; zoneless times are read in it." example:"Europe/Amsterdam"`
	Country       string   `json:"country" doc:"Calling code." example:"+31"`
	RecordKinds   []string `json:"record_kinds" doc:"Those that are on."`
	Projects      bool     `json:"projects"`
	ProviderTypes []string `json:"provider_types" doc:"Those on offer for new providers."`
	UserCreation  bool     `json:"user_creation" doc:"Fixed webhooks: agent_email makes users and ties them to agents."`
	Agents        bool     `json:"agent_management" doc:"Fixed webhooks: agent_team_id and agent_team_name make, link and move agents and teams."`
	ContactKeys   string   `json:"contact_keys" enum:"pseudonym,refuse,allow" doc:"Fixed webhooks: what becomes of a contact_key that looks like an e-mail address or a phone number. A pseudonym takes its place, the call is refused, or it is let through with a warning in the call log."`
	RawDays       int      `json:"raw_days" doc:"For how many days the bodies of calls are kept as they came, sealed, for people with the permission raw:read; 0: not at all. Setting it to 0 makes those that were kept unreadable at once."`
	// Of a change only.
	Suspended []namedProcessor `json:"suspended_processors,omitempty" doc:"Enabled ones that this change stopped, since they make what is now switched off; their deliveries wait."`
	Resumed   []namedProcessor `json:"resumed_processors,omitempty" doc:"Those that run again by this change."`
	updatedAt int64
}

type namedProcessor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func nameProcessors(all []processor.Processor) []namedProcessor {
	var named []namedProcessor
	for _, p := range all {
		named = append(named, namedProcessor{ID: id.Format(id.Processor, p.ID), Name: p.Name})
	}
	return named
}

func (s settings) version() string { return etag(s.updatedAt) }

func newSettings(t tenant.Tenant) settings {
	return settings{
		ID: id.Format(id.Tenant, t.ID), Name: t.Name, TimeZone: t.TimeZone, Country: t.Country,
		RecordKinds: t.RecordKinds, Projects: t.Projects, ProviderTypes: t.ProviderTypes,
		UserCreation: t.UserCreation, Agents: t.AgentManagement, ContactKeys: string(t.ContactKeys), RawDays: t.RawDays, updatedAt: t.UpdatedAt,
	}
}

func (s *Server) getSettings(ctx context.Context, _ *struct{}) (settings, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	return newSettings(t), err
}

type settingsInput struct {
	IfMatch string `header:"If-Match"`
	Body    struct {
		Name          *string   `json:"name,omitempty"`
		TimeZone      *string   `json:"time_zone,omitempty"`
		Country       *string   `json:"country,omitempty"`
		RecordKinds   *[]string `json:"record_kinds,omitempty"`
		Projects      *bool     `json:"projects,omitempty"`
		ProviderTypes *[]string `json:"provider_types,omitempty"`

		UserCreation    *bool `json:"user_creation,omitempty"`
		AgentManagement *bool `json:"agent_management,omitempty"`

		ContactKeys *tenant.ContactKeys `json:"contact_keys,omitempty"`
		RawDays     *int                `json:"raw_days,omitempty"`
	}
}

func (s *Server) changeSettings(ctx context.Context, in *settingsInput) (settings, error) {
	changed, err := processor.ChangeSettings(ctx, s.Store, s.Library, caller(ctx).TenantID, func(t tenant.Tenant) (tenant.Tenant, error) {
		if err := match(in.IfMatch, etag(t.UpdatedAt)); err != nil {
			return t, err
		}
		return t.With(tenant.Change(in.Body), s.Catalogue.Names())
	})
	view := newSettings(changed.Tenant)
	view.Suspended, view.Resumed = nameProcessors(changed.Suspended), nameProcessors(changed.Resumed)
	return view, err
}

type newPseudonymsInput struct {
	Body struct {
		Confirm bool `json:"confirm,omitempty" doc:"True: that new pseudonyms will match none there are is understood."`
	}
}

type newPseudonyms struct {
	Prefix string `json:"prefix" doc:"Of pseudonyms from now on." example:"psn2_"`
}

func (s *Server) renewPseudonyms(ctx context.Context, in *newPseudonymsInput) (newPseudonyms, error) {
	if !in.Body.Confirm {
		return newPseudonyms{}, fault.New(fault.Conflict, "From now on everybody would get another pseudonym, which matches none there is: contacts and records that are keyed by pseudonyms begin anew. Do it only after the key has leaked. Send confirm: true to do it.")
	}
	who := caller(ctx)
	t, err := s.Store.ChangeTenant(ctx, who.TenantID, tenant.Tenant.WithNewPseudonyms)
	if err != nil {
		return newPseudonyms{}, err
	}
	s.Log.WarnContext(ctx, "the key for pseudonyms was made anew", "by", who.PublicID(), "tenant", id.Format(id.Tenant, t.ID))
	return newPseudonyms{Prefix: pseudonym.Prefix(t.PseudonymKey)}, nil
}

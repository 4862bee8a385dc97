package api

import (
	"context"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// findEach is how many things of one noun an answer has at most.
const findEach = 5

// maxFind is how long what is looked for may be, in bytes: no external id is longer.
const maxFind = 1000

func (s *Server) findRows() []Row {
	return []Row{
		{"GET", "/v1/find", access.ReadData, "Things by their id, their whole external id or contact key, or a part of their name", one(s.find)},
	}
}

type findInput struct {
	Q string `query:"q" required:"true" doc:"A public id such as exe_…, the whole external id of a record or identity (as it is written, in small letters or in capitals), the contact key of an activity or a period, the event id of a delivery, or a part of a name."`
}

type foundView struct {
	Noun         string  `json:"noun" doc:"provider, source, processor, delivery, execution, source_execution, undo, agent, sale, agent_identity …"`
	ID           string  `json:"id"`
	Name         string  `json:"name" doc:"Empty where it has none."`
	ExternalID   *string `json:"external_id" doc:"Of records and identities; of a delivery its event id."`
	ProviderID   *string `json:"provider_id"`
	ProviderName *string `json:"provider_name"`
}

func (s *Server) find(ctx context.Context, in *findInput) ([]foundView, error) {
	text := strings.TrimSpace(in.Q)
	if text == "" || len(text) > maxFind {
		return nil, fault.New(fault.Invalid, "Nothing was looked for.").With(fault.Detail{Field: "q", Code: "length", Message: "Say in 1 to 1000 characters what to find."})
	}
	who := caller(ctx)
	t, err := s.Store.Tenant(ctx, who.TenantID)
	if err != nil {
		return nil, err
	}
	hits, err := s.Store.Find(ctx, who.TenantID, text, findEach)
	if err != nil {
		return nil, err
	}
	// What a tenant does not work with, or a role may not read, is not found.
	hits = slices.DeleteFunc(hits, func(h storage.Hit) bool {
		switch h.Noun {
		case "project", record.ProjectIdentity:
			return !t.Projects
		case "provider", "source", "processor":
			return !who.Role.May(access.ReadConfig)
		}
		return record.KindOf(h.Noun) != nil && !t.HasKind(h.Noun)
	})
	found := []foundView{}
	for _, h := range hits {
		found = append(found, foundView{
			Noun: h.Noun, ID: id.Format(h.Prefix, h.ID), Name: h.Name, ExternalID: orNull(h.ExternalID),
			ProviderID: idOrNull(id.Provider, h.ProviderID), ProviderName: orNull(h.Provider),
		})
	}
	return found, nil
}

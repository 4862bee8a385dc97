package api

import (
	"context"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/bulk"
)

func (s *Server) bulkRows() []Row {
	return []Row{
		{"GET", "/v1/bulk-operations", access.ReadData, "What was done to many things at once, the newest first", many(s.listOperations)},
		{"POST", "/v1/bulk-operations", access.RunProcessors, "Do one thing to many: those named, or all that match a filter; or say to how many", one(s.beginOperation)},
		{"GET", "/v1/bulk-operations/{id}", access.ReadData, "How far an operation on many things is", one(s.getOperation)},
		{"POST", "/v1/bulk-operations/{id}/cancel", access.RunProcessors, "Stop an operation; what it has done stays", one(s.cancelOperation)},
		{"POST", "/v1/bulk-operations/{id}/undo", access.LinkIdentities, "Take back what an operation on identities changed, as an operation of its own", one(s.undoOperation)},
	}
}

type bulkOperationView struct {
	ID        string            `json:"id" doc:"Empty: it was only asked to how many."`
	Verb      bulk.Verb         `json:"verb" enum:"replay,run,ignore,unignore,link,unlink,restore" doc:"run: deliveries through the enabled processors of their sources that have not run them. restore is the undo of one on identities."`
	State     bulk.State        `json:"state" enum:"running,done,cancelled"`
	Total     *int64            `json:"total" doc:"Things it is about; null: more than 10000."`
	Done      int64             `json:"done"`
	Failed    int64             `json:"failed"`
	Problems  []bulkProblemView `json:"problems" doc:"The first things that it could not be done to, or whose runs failed."`
	Undoable  bool              `json:"undoable" doc:"Undo gives each identity back what it had, but for those changed since."`
	Tried     *bulkTriedView    `json:"tried" doc:"Of a preview of replay or run: what the first few would do, tried out without writing. Null: none was."`
	CreatedAt *time.Time        `json:"created_at"`
	UpdatedAt *time.Time        `json:"updated_at"`
}

type bulkProblemView struct {
	ID      string `json:"id"`
	Message string `json:"message" said:"ours"`
}

// aboutOf is the prefix of the ids of what a verb is done to.
func aboutOf(v bulk.Verb) string {
	switch v {
	case bulk.Replay:
		return id.Execution
	case bulk.Run:
		return id.Delivery
	default:
		return id.Identity
	}
}

func viewOperation(o bulk.Operation) bulkOperationView {
	prefix := aboutOf(o.Verb)
	v := bulkOperationView{
		Verb: o.Verb, State: o.State, Total: o.Total, Done: o.Done, Failed: o.Failed, Problems: make([]bulkProblemView, len(o.Problems)),
		Undoable: o.Undoable(), CreatedAt: atOrNull(o.CreatedAt), UpdatedAt: atOrNull(o.UpdatedAt),
	}
	if o.ID != 0 {
		v.ID = id.Format(id.Bulk, o.ID)
	}
	for i, p := range o.Problems {
		v.Problems[i] = bulkProblemView{ID: id.Format(prefix, p.ID), Message: p.Message}
	}
	return v
}

type operationListInput struct{ Paging }

func (s *Server) listOperations(ctx context.Context, _ *operationListInput, r page.Request) (page.Page[bulkOperationView], error) {
	p, err := s.Bulk.Store.ListOperations(ctx, caller(ctx).TenantID, r)
	return page.Map(p, viewOperation), err
}

// bulkIdentityQuery is what identities of an operation are narrowed by.
type bulkIdentityQuery struct {
	Kind       string `json:"kind,omitempty" enum:"agent,team,project,segment,proposition"`
	ProviderID string `json:"provider_id,omitempty"`
	Linked     string `json:"linked,omitempty" enum:"true,false"`
	Ignored    string `json:"ignored,omitempty" enum:"true,false"`
	Search     string `json:"search,omitempty"`
	SeenDays   int    `json:"seen_days,omitempty" minimum:"1" maximum:"3650"`
}

type operationInput struct {
	Body struct {
		Verb           bulk.Verb          `json:"verb" enum:"replay,run,ignore,unignore,link,unlink"`
		IDs            []string           `json:"ids,omitempty" maxItems:"10000" doc:"Executions to replay, deliveries to run, identities for the rest. Or a filter."`
		Executions     *ExecutionQuery    `json:"executions,omitempty" doc:"All executions that match, as their list is narrowed; of what is there now."`
		Deliveries     *DeliveryQuery     `json:"deliveries,omitempty" doc:"All deliveries that match; of what is there now."`
		Identities     *bulkIdentityQuery `json:"identities,omitempty" doc:"All identities that match; of what is there now."`
		OverwriteNewer bool               `json:"overwrite_newer,omitempty" doc:"To replay or run: write over what newer deliveries have set."`
		EntityID       string             `json:"entity_id,omitempty" doc:"To link: what to."`
		Preview        bool               `json:"preview,omitempty" doc:"Only say to how many it would be done."`
	}
}

func (s *Server) beginOperation(ctx context.Context, in *operationInput) (bulkOperationView, error) {
	b := in.Body
	o := bulk.Operation{By: caller(ctx), Verb: b.Verb, Ask: bulk.Ask{OverwriteNewer: b.OverwriteNewer, EntityID: b.EntityID}}
	of := aboutOf(b.Verb)
	named := 0
	for _, given := range []bool{len(b.IDs) > 0, b.Executions != nil, b.Deliveries != nil, b.Identities != nil} {
		if given {
			named++
		}
	}
	switch {
	case named != 1:
		return bulkOperationView{}, fault.New(fault.Invalid, "Say to what: send exactly one of ids, executions, deliveries and identities.")
	case b.Executions != nil && of != id.Execution, b.Deliveries != nil && of != id.Delivery, b.Identities != nil && of != id.Identity:
		return bulkOperationView{}, fault.New(fault.Invalid, "Executions are replayed, deliveries are run; identities are ignored, unignored, linked or unlinked. The verb %q does not fit the filter.", string(b.Verb))
	}
	if of == id.Identity && !caller(ctx).Role.May(access.LinkIdentities) {
		return bulkOperationView{}, fault.New(fault.Forbidden, "Your role is %s; this needs the permission %s.", caller(ctx).Role, access.LinkIdentities)
	}
	wrong := fault.New(fault.Invalid, "Nothing was done.")
	for i, text := range b.IDs {
		n, err := id.Parse(of, text)
		if err != nil {
			wrong.With(fault.Detail{Field: "ids", Index: &i, Code: "bad_id", Message: "“" + text + "” is no id of this kind.", Hint: "Such ids begin with " + of + "_."})
			continue
		}
		o.Ask.IDs = append(o.Ask.IDs, n)
	}
	if len(wrong.Details) > 0 {
		return bulkOperationView{}, wrong
	}
	if b.Executions != nil {
		f, err := b.Executions.filter(ctx)
		if err != nil {
			return bulkOperationView{}, err
		}
		o.Ask.Executions = f
	}
	if b.Deliveries != nil {
		f, err := b.Deliveries.filter(ctx)
		if err != nil {
			return bulkOperationView{}, err
		}
		o.Ask.Deliveries = f
	}
	if q := b.Identities; q != nil {
		f := identity.Filter{
			TenantID: caller(ctx).TenantID, Kind: q.Kind, Linked: choice(q.Linked), Ignored: choice(q.Ignored), Search: strings.TrimSpace(q.Search),
			MadeBefore: s.daysAgo(q.SeenDays),
		}
		var err error
		if f.ProviderID, err = filter("provider_id", id.Provider, q.ProviderID); err != nil {
			return bulkOperationView{}, err
		}
		o.Ask.Identities = f
	}
	if b.Preview {
		return s.previewOperation(ctx, o)
	}
	o, err := s.Bulk.Begin(ctx, o)
	return viewOperation(o), err
}

func operationNumber(text string) (int64, error) { return number(id.Bulk, "operation", text) }

func (s *Server) getOperation(ctx context.Context, in *idInput) (bulkOperationView, error) {
	n, err := operationNumber(in.ID)
	if err != nil {
		return bulkOperationView{}, err
	}
	o, err := s.Bulk.Store.Operation(ctx, caller(ctx).TenantID, n)
	return viewOperation(o), err
}

func (s *Server) cancelOperation(ctx context.Context, in *idInput) (bulkOperationView, error) {
	n, err := operationNumber(in.ID)
	if err != nil {
		return bulkOperationView{}, err
	}
	o, err := s.Bulk.Store.CancelOperation(ctx, caller(ctx).TenantID, n)
	return viewOperation(o), err
}

func (s *Server) undoOperation(ctx context.Context, in *idInput) (bulkOperationView, error) {
	n, err := operationNumber(in.ID)
	if err != nil {
		return bulkOperationView{}, err
	}
	o, err := s.Bulk.Undo(ctx, caller(ctx), n)
	return viewOperation(o), err
}

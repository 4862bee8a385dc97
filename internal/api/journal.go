package api

import (
	"context"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

func (s *Server) journalRows() []Row {
	return []Row{
		{"GET", "/v1/journal", access.ReadData, "Every change of every record, the newest first, with what was there before", many(s.journal)},
		{"GET", "/v1/journal/export", access.ReadData, "Changes of records as CSV, the newest first: which fields, not what they held", exported(journalCells, s.journal)},
	}
}

type journalInput struct {
	Paging
	Span
	Kind        string `query:"kind" enum:"activity,sale,call,period,anonymous_activity"`
	ExecutionID string `query:"execution_id"`
	ProcessorID string `query:"processor_id"`
	Origin      string `query:"origin" enum:"provider,client,user,rule"`
	Field       string `query:"field" doc:"Changes of this field."`
	ExternalID  string `query:"external_id" doc:"Of the record; whole."`
}

// recordChangeView is a change with the record that it changed.
type recordChangeView struct {
	ID         string      `json:"id"`
	At         time.Time   `json:"at"`
	Kind       string      `json:"kind" enum:"activity,sale,call,period,anonymous_activity"`
	RecordID   string      `json:"record_id"`
	ExternalID string      `json:"external_id" doc:"Empty: the record was removed."`
	MadeBy     makerView   `json:"made_by"`
	By         *string     `json:"by" said:"who" doc:"Name of the user or API key, of an undo too; null: a delivery, or a rule."`
	Fields     []fieldView `json:"fields" doc:"What changed, with what was there before."`
}

func (s *Server) journal(ctx context.Context, in *journalInput, r page.Request) (page.Page[recordChangeView], error) {
	var none page.Page[recordChangeView]
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return none, err
	}
	f := storage.JournalFilter{
		TenantID: t.ID, Origin: in.Origin, Field: in.Field, ExternalID: strings.TrimSpace(in.ExternalID), After: micros(in.After), Before: micros(in.Before),
	}
	for _, k := range record.Kinds {
		if t.HasKind(k.Noun) && (in.Kind == "" || in.Kind == k.Noun) {
			f.Kinds = append(f.Kinds, k)
		}
	}
	err = filters(
		filterBy{"execution_id", id.Execution, in.ExecutionID, &f.Execution},
		filterBy{"processor_id", id.Processor, in.ProcessorID, &f.Processor},
	)
	if err != nil || len(f.Kinds) == 0 {
		none.Items = []recordChangeView{}
		return none, err
	}
	changes, err := s.Store.Changes(ctx, f, r)
	if err != nil {
		return none, err
	}
	p := page.Map(changes, func(c storage.Change) recordChangeView {
		k := record.KindOf(c.Noun)
		v := viewChange(k, c.Entry)
		return recordChangeView{
			ID: v.ID, At: v.At, Kind: c.Noun, RecordID: id.Format(k.Prefix, c.ThingID), ExternalID: c.ExternalID, MadeBy: v.MadeBy, Fields: v.Fields,
		}
	})
	people := s.people(ctx)
	for i := range p.Items {
		if p.Items[i].By, err = people.made(p.Items[i].MadeBy); err != nil {
			return none, err
		}
	}
	return p, nil
}

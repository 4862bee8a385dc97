package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// doneUndoView is an undo that was done.
type doneUndoView struct {
	ID                string      `json:"id"`
	At                time.Time   `json:"at"`
	MadeBy            makerView   `json:"made_by"`
	By                *string     `json:"by" said:"who" doc:"Name of the user or API key."`
	ExecutionID       *string     `json:"execution_id" doc:"Whose writes were taken back, or put back; null: those of a call."`
	SourceExecutionID *string     `json:"source_execution_id" doc:"The call of a fixed webhook whose writes they were."`
	RedoesID          *string     `json:"redoes_id" doc:"The undo that this one took back; null: it is none of an undo."`
	TakenBackByID     *string     `json:"taken_back_by_id" doc:"The undo that took this one back; null: it stands."`
	Things            []thingView `json:"things" doc:"What it changed, removed or made again."`
}

// thingView is a record, external identity, agent, team or user that an undo touched.
type thingView struct {
	Noun       string  `json:"noun" doc:"sale, agent_identity, agent …"`
	ID         string  `json:"id"`
	ProviderID *string `json:"provider_id" doc:"Of records and external identities."`
	ExternalID *string `json:"external_id" doc:"Of records and external identities."`
}

type doneUndoInput struct {
	ID string `path:"id"`
}

func (s *Server) doneUndo(ctx context.Context, in *doneUndoInput) (doneUndoView, error) {
	n, err := number(id.Undo, "undo", in.ID)
	if err != nil {
		return doneUndoView{}, err
	}
	done, err := s.Undos.Done(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return doneUndoView{}, err
	}
	v := doneUndoView{
		ID: id.Format(id.Undo, n), At: at(done.At), MadeBy: viewMakerOf(done.By),
		RedoesID: idOrNull(id.Undo, done.By.Redoes), TakenBackByID: idOrNull(id.Undo, done.TakenBackBy), Things: []thingView{},
	}
	if v.By, err = s.people(ctx).made(v.MadeBy); err != nil {
		return doneUndoView{}, err
	}
	if done.About.Noun == record.CallNoun {
		v.SourceExecutionID = idOrNull(id.SourceExecution, done.About.ID)
	} else {
		v.ExecutionID = idOrNull(id.Execution, done.About.ID)
	}
	for _, t := range done.Touched {
		v.Things = append(v.Things, thingView{
			Noun: t.Noun, ID: id.Format(prefixOf(t.Noun), t.ID), ProviderID: idOrNull(id.Provider, t.Key.ProviderID), ExternalID: orNull(t.Key.ExternalID),
		})
	}
	return v, nil
}

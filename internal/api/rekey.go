package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/rekey"
)

// Rekeys gives things the external ids that the current version of a spec gives them.
type Rekeys interface {
	Do(ctx context.Context, a rekey.Ask) (*rekey.Result, error)
	// Undo takes the newest re-key back.
	Undo(ctx context.Context, a rekey.Ask) (*rekey.Result, error)
}

func (s *Server) rekeyRows() []Row {
	return []Row{
		{"POST", "/v1/processors/{id}/re-key", access.RunProcessors, "Give records the external ids that the current version of the spec gives them, or only show which, some at a time", one(s.rekey)},
		{"POST", "/v1/processors/{id}/re-key/undo", access.RunProcessors, "Take the newest re-key of a processor back, or only show what that would do, some at a time", one(s.undoRekey)},
	}
}

type rekeyInput struct {
	ID   string `path:"id"`
	Body *struct {
		Preview bool   `json:"preview,omitempty" doc:"Only show what would be done."`
		Limit   int    `json:"limit,omitempty" minimum:"1" maximum:"10000" doc:"So many records and identities are looked at; 1,000 unless said."`
		After   string `json:"after,omitempty" doc:"next of the call before, to go on."`
	}
}

type undoRekeyInput struct {
	ID   string `path:"id"`
	Body *struct {
		Preview bool   `json:"preview,omitempty" doc:"Only show what would be done."`
		Limit   int    `json:"limit,omitempty" minimum:"1" maximum:"10000" doc:"So many records and identities are looked at; 1,000 unless said. What one call of the re-key moved is taken back by one call."`
		After   string `json:"after,omitempty" doc:"next of the call before, to go on."`
	}
}

type rekeyView struct {
	ID      *string          `json:"id" doc:"Of the re-key; null: a preview, or nothing was moved."`
	Preview bool             `json:"preview"`
	Looked  int              `json:"looked" doc:"Records and identities that were looked at."`
	Moved   []rekeyedView    `json:"moved"`
	Left    []notRekeyedView `json:"left" doc:"That stay under their external id although the current version would write them under another."`
	Next    *string          `json:"next" doc:"There are more: send it as after. Null: that was all."`
}

type rekeyedView struct {
	Noun       string  `json:"noun"`
	ID         string  `json:"id"`
	ProviderID string  `json:"provider_id"`
	From       string  `json:"from"`
	To         string  `json:"to"`
	Step       *string `json:"step" doc:"Of the current version, that writes it."`
	DeliveryID *string `json:"delivery_id" doc:"By which that was found out."`
}

type notRekeyedView struct {
	Noun       string     `json:"noun"`
	ID         string     `json:"id"`
	ProviderID string     `json:"provider_id"`
	ExternalID string     `json:"external_id"`
	To         []string   `json:"to" doc:"The external ids it would have."`
	Code       rekey.Code `json:"code" enum:"splits,still,merges,taken,shared,unknown,gone"`
	Why        string     `json:"why" said:"ours"`
}

// whyLeft says in words why a thing was left, and what to do.
var whyLeft = map[rekey.Code]string{
	rekey.Splits:  "Several deliveries wrote it, and the current version makes several records of them. Run those deliveries again, then undo what wrote this one.",
	rekey.Still:   "The current version still writes this external id, for another delivery. Run the deliveries of the new one again.",
	rekey.Merges:  "Several would have the same external id. Look whether the spec tells them apart.",
	rekey.Taken:   "There is one with the new external id already: it was written before the re-key. Undo one of the two, and ask again.",
	rekey.Shared:  "Others than this processor write it, too, under the present external id.",
	rekey.Unknown: "A delivery that wrote it is not kept any more, or a version that ran on it cannot run now.",
	rekey.Gone:    "Somebody changed it at the same moment. Ask again.",
}

func viewRekey(r *rekey.Result, preview bool) rekeyView {
	v := rekeyView{ID: idOrNull(id.Rekey, r.Number), Preview: preview, Looked: r.Looked, Moved: []rekeyedView{}, Left: []notRekeyedView{}, Next: placeText(r.Next)}
	for _, m := range r.Moved {
		v.Moved = append(v.Moved, rekeyedView{
			Noun: m.From.Noun, ID: id.Format(prefixOf(m.From.Noun), m.ID), ProviderID: id.Format(id.Provider, m.From.ProviderID),
			From: m.From.ExternalID, To: m.To.ExternalID, Step: orNull(m.Step), DeliveryID: idOrNull(id.Delivery, m.Delivery),
		})
	}
	for _, l := range r.Left {
		v.Left = append(v.Left, notRekeyedView{
			Noun: l.Key.Noun, ID: id.Format(prefixOf(l.Key.Noun), l.ID), ProviderID: id.Format(id.Provider, l.Key.ProviderID), ExternalID: l.Key.ExternalID,
			To: append([]string{}, l.To...), Code: l.Code, Why: whyLeft[l.Code],
		})
	}
	return v
}

// placeText is a place as callers hand it back: the id of the last thing, or re-key, that was looked at; number 0: none
// of its noun.
func placeText(p rekey.Place) *string {
	if p == (rekey.Place{}) {
		return nil
	}
	prefix := prefixOf(p.Noun)
	if p.Noun == rekey.CallNoun {
		prefix = id.Rekey
	}
	text := id.Format(prefix, p.ID)
	return &text
}

func readPlace(text string) (rekey.Place, error) {
	if text == "" {
		return rekey.Place{}, nil
	}
	for _, k := range record.Kinds {
		if n, err := id.Parse(k.Prefix, text); err == nil {
			return rekey.Place{Noun: k.Noun, ID: n}, nil
		}
	}
	n, err := id.Parse(id.Identity, text)
	if err != nil {
		return rekey.Place{}, noPlace(text)
	}
	return rekey.Place{Noun: rekey.IdentityNoun, ID: n}, nil
}

// readUndoPlace is readPlace for an undo, which goes on after a call of the re-key.
func readUndoPlace(text string) (rekey.Place, error) {
	if text == "" {
		return rekey.Place{}, nil
	}
	n, err := id.Parse(id.Rekey, text)
	if err != nil {
		return rekey.Place{}, noPlace(text)
	}
	return rekey.Place{Noun: rekey.CallNoun, ID: n}, nil
}

func noPlace(text string) error {
	return fault.New(fault.Invalid, "Nothing was changed.").With(fault.Detail{
		Field: "after", Code: "bad_id", Message: "“" + text + "” is no place to go on at.", Hint: "Send next of the answer before.",
	})
}

func (s *Server) rekey(ctx context.Context, in *rekeyInput) (rekeyView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return rekeyView{}, err
	}
	ask := rekey.Ask{By: caller(ctx), Processor: n}
	if in.Body != nil {
		ask.Preview, ask.Limit = in.Body.Preview, in.Body.Limit
		if ask.After, err = readPlace(in.Body.After); err != nil {
			return rekeyView{}, err
		}
	}
	r, err := s.Rekeys.Do(ctx, ask)
	if err != nil {
		return rekeyView{}, err
	}
	return viewRekey(r, ask.Preview), nil
}

func (s *Server) undoRekey(ctx context.Context, in *undoRekeyInput) (rekeyView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return rekeyView{}, err
	}
	ask := rekey.Ask{By: caller(ctx), Processor: n}
	if in.Body != nil {
		ask.Preview, ask.Limit = in.Body.Preview, in.Body.Limit
		if ask.After, err = readUndoPlace(in.Body.After); err != nil {
			return rekeyView{}, err
		}
	}
	r, err := s.Rekeys.Undo(ctx, ask)
	if err != nil {
		return rekeyView{}, err
	}
	return viewRekey(r, ask.Preview), nil
}

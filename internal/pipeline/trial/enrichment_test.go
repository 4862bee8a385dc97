package trial_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// enriching is plainSpec with an enrichment, of a catalogue where it can be fetched.
func enriching(t *testing.T) (draft string, catalogue connector.Catalogue) {
	draft = strings.Replace(plainSpec, "instructions:", "enrichments: [{name: contact, of: event, use: contact}]\ninstructions:", 1)
	draft = strings.Replace(draft, "activity_type: =event.kind", `activity_type: '=coalesce(event.contact.city, "nowhere")'`, 1)
	draft = strings.Replace(draft, ", contact_key: =event.contact", "", 1)
	return draft, connector.Catalogue{{
		Name: "webhooks", Title: "Webhooks",
		Sources: []*connector.SourceType{{
			Name: "webhook.payload", Title: "Deals", Var: "event", Record: types.Free,
			Enrichments: []connector.Enrichment{{
				Use:  "contact",
				Type: types.ObjectOf(types.Field{Name: "city", Type: types.Text.Maybe()}, types.Field{Name: "email", Type: types.PersonalOf("email").Maybe()}).Maybe(),
				Fetch: func(context.Context, connector.Request) (value.Value, error) {
					t.Error("something was fetched")
					return value.Null(), nil
				},
			}},
		}},
	}}
}

func linked(processorID int64) processor.Link {
	return processor.Link{ProcessorID: processorID, Constants: value.Object(nil)}
}

// TestNothingIsSaidWithoutAnAnswer: where the live version, or another processor, needs an answer that was never stored,
// what it would write is not guessed.
func TestNothingIsSaidWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	draft, catalogue := enriching(t)
	lib := library.Standard().WithModels(catalogue.Models()...)
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), lib)
		n.Catalogue = catalogue

		w := newWorld(t, n, "live", plainSpec)
		w.post(t, "", `{"id": 1, "agent": 7, "at": "2026-01-05", "kind": "Won"}`)
		w.Save(t, w.processor, draft)
		tried := w.tried()
		tried.Draft = &processor.Draft{Text: []byte(strings.Replace(plainSpec, "=event.kind", `"Deal"`, 1))}
		b, err := w.desk.Backtest(t.Context(), trial.Past{Tried: tried}, quiet)
		if err != nil {
			t.Fatal(err)
		}
		want := []trial.NotRun{{Why: "Cannot say: no answer is stored for the enrichment event.contact, which the live version needs.", Count: 1, Examples: w.deliveries(t)}}
		if diff := cmp.Diff(want, b.NotRun); diff != "" || b.Deliveries != 0 || len(b.Said)+len(b.Statuses)+len(b.NewIDs) > 0 {
			t.Errorf("a backtest tells %+v (-want +got):\n%s", b, diff)
		}

		w = newWorld(t, n, "other", plainSpec)
		w.post(t, "", `{"id": 1, "agent": 7, "at": "2026-01-05", "kind": "Won"}`)
		w.Link(t, w.source, linked(w.processor), linked(w.AddProcessor(t, "Other", draft)))
		w.Save(t, w.processor, strings.Replace(plainSpec, `concat("d", event.id)`, `concat("deal ", event.id)`, 1))
		orphans, err := w.desk.Orphans(t.Context(), w.ID, w.processor, quiet)
		if err != nil {
			t.Fatal(err)
		}
		want[0].Why, want[0].Examples = strings.Replace(want[0].Why, "the live version", "another processor", 1), w.deliveries(t)
		if diff := cmp.Diff(want, orphans.NotJudged); diff != "" || orphans.Count != 0 || len(orphans.Orphans) > 0 || len(orphans.Notes) != 1 {
			t.Errorf("orphans: %+v (-want +got):\n%s", orphans, diff)
		}
	})
}

// TestTrialsFetchNothing: a delivery without what a draft needs is refused or listed, and an item at hand has it inside.
func TestTrialsFetchNothing(t *testing.T) {
	t.Parallel()
	draft, catalogue := enriching(t)
	lib := library.Standard().WithModels(catalogue.Models()...)
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), lib)
		n.Catalogue = catalogue
		w := newWorld(t, n, "fetching", plainSpec)
		w.post(t, "", `{"id": 1, "agent": 7, "at": "2026-01-05", "kind": "Won"}`)
		tried := w.tried()
		tried.Draft = &processor.Draft{Text: []byte(draft)}

		_, err := w.desk.DryRun(t.Context(), trial.Dry{Tried: tried, Delivery: w.deliveries(t)[0]})
		if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "event.contact") {
			t.Errorf("a dry run of a delivery without it: %v", err)
		}
		b, err := w.desk.Backtest(t.Context(), trial.Past{Tried: tried}, quiet)
		if err != nil {
			t.Fatal(err)
		}
		if b.Deliveries != 0 || len(b.NotRun) != 1 || b.NotRun[0].Count != 1 || !strings.Contains(b.NotRun[0].Why, "event.contact") || len(b.Said)+len(b.Statuses) > 0 {
			t.Errorf("a backtest: %+v", b)
		}
		item, _ := value.ParseJSON([]byte(`{"id": 2, "agent": 7, "at": "2026-01-05", "contact": {"city": "Zwolle"}}`), value.Limits{})
		dry, err := w.desk.DryRun(t.Context(), trial.Dry{Tried: tried, Item: item})
		if err != nil {
			t.Fatal(err)
		}
		if got := dry.Things[1].Fields[0]; got.Name != "activity_type" || got.After.Text() != "Zwolle" || !dry.Tree.DigestMatches {
			t.Errorf("an item with it inside: %+v", dry.Things)
		}

		// What is personal in an answer at hand is a pseudonym, as it would be in a fetched one.
		tried.Draft.Text = []byte(strings.Replace(draft, `coalesce(event.contact.city, "nowhere")`, `coalesce(pseudonym(event.contact.email), "nobody")`, 1))
		item, _ = value.ParseJSON([]byte(`{"id": 3, "agent": 7, "at": "2026-01-05", "contact": {"email": "jan@example.test", "fax": "jan@example.test"}}`), value.Limits{})
		if dry, err = w.desk.DryRun(t.Context(), trial.Dry{Tried: tried, Item: item}); err != nil {
			t.Fatal(err)
		}
		shown, err := json.Marshal(dry.Tree)
		if err != nil {
			t.Fatal(err)
		}
		if got := dry.Things[1].Fields[0]; !strings.HasPrefix(got.After.Text(), "psn_") || !dry.Tree.DigestMatches || strings.Contains(string(shown), "jan@") {
			t.Errorf("an item with a person inside: %+v\n%s", dry.Things, shown)
		}
	})
}

package queue

import (
	"context"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestPersonalDataInEnrichments: what a connector brings passes the door of its type before it is stored, and a program
// sees the same pseudonym the first time and ever after.
func TestPersonalDataInEnrichments(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		const email = "Jan.Jansen@example.test"
		provider := func(use string) connector.Fetch {
			return func(context.Context, connector.Request) (value.Value, error) {
				return parsed(`{"city": "Zwolle", "email": "` + email + `", "outside the schema": "` + email + `"}`), nil
			}
		}
		catalogue := crm(provider)
		contact := &catalogue[0].Sources[0].Enrichments[0].Type
		contact.Fields = append(contact.Fields, types.Field{Name: "email", Type: types.PersonalOf("email").Maybe()})
		w := nodeOf(t, d, catalogue)
		w.Tenant = w.Node.Tenant(t, "acme")
		seen := w.start(t)
		source, _ := w.AddSource(t, "Deals", strings.NewReplacer("coalesce(deal.contact.firm.name, \"nobody\")", "coalesce(pseudonym(deal.contact.email), \"nobody\")",
			"  - {name: firm, of: deal.contact, use: company}\n", "").Replace(enriched))
		w.deliver(t, source.ID, deal(1, "Won"), "")
		await(t, seen, w, "succeeded")
		wrote := w.activityType(t, "1")
		if !strings.HasPrefix(wrote, "Zwolle | psn_") {
			t.Errorf("the activity says %q", wrote)
		}
		var stored []byte
		w.Ask(t, "SELECT body FROM snapshots", nil, &stored)
		if strings.Contains(strings.ToLower(string(stored)), "jansen") {
			t.Errorf("the snapshot has the address: %s", stored)
		}
		all, err := w.RecentExecutions(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Replay(t.Context(), w.ID, all[0].ID, false); err != nil {
			t.Fatal(err)
		}
		w.wantRuns(t, "succeeded", "replay succeeded")
		if got := w.activityType(t, "1"); got != wrote {
			t.Errorf("run again it says %q; want %q", got, wrote)
		}
		w.traced(t)
	})
}

// TestMarkIsYoungerThanSnapshot: a connector whose type gets a mark later leaves no personal value for runs again, traces
// and tests made of executions, and the trace still knows what ran.
func TestMarkIsYoungerThanSnapshot(t *testing.T) {
	t.Parallel()
	const email = "Jan.Jansen@example.test"
	withEmail := func(kind types.Type) connector.Catalogue {
		catalogue := crm(func(use string) connector.Fetch {
			return func(context.Context, connector.Request) (value.Value, error) {
				return parsed(`{"city": "Zwolle", "email": "` + email + `"}`), nil
			}
		})
		contact := &catalogue[0].Sources[0].Enrichments[0].Type
		contact.Fields = append(contact.Fields, types.Field{Name: "email", Type: kind.Maybe()})
		return catalogue
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := nodeOf(t, d, withEmail(types.Text))
		w.Tenant = w.Node.Tenant(t, "acme")
		seen := w.start(t)
		source, _ := w.AddSource(t, "Deals", strings.NewReplacer(`coalesce(deal.contact.firm.name, "nobody")`, `if(is_null(deal.contact.email), "nobody", "somebody")`,
			"  - {name: firm, of: deal.contact, use: company}\n", "").Replace(enriched))
		w.deliver(t, source.ID, deal(1, "Won"), "")
		await(t, seen, w, "succeeded")
		all, err := w.RecentExecutions(t.Context(), 0, 1)
		if err != nil {
			t.Fatal(err)
		}

		marked := withEmail(types.PersonalOf("email"))
		lib := withAsk().WithModels(marked.Models()...)
		x, err := explain.Recompute(t.Context(), w.Node.DB, lib, all[0])
		if err != nil {
			t.Fatal(err)
		}
		if got := x.With.Enrichments[0].Value.Get("email"); got.Kind() != value.KindPseudonym {
			t.Errorf("the trace shows %s", got)
		}
		if x.Tree.DigestMatches || x.Ran == nil || x.Tree.Note == "" {
			t.Errorf("the trace does not say that a mark is younger: %+v, %q", x.Ran, x.Tree.Note)
		}
		if made, err := spectest.Make(t.Context(), w.Node.DB, lib, w.ID, all[0].ID, "made"); !fault.Is(err, fault.Conflict) {
			t.Errorf("a test was made of what may not be shown: %+v, %v", made, err)
		}

		n := pipelinetest.Start(t, w.Node.DB, lib)
		n.Catalogue = marked
		if _, err := queueOf(n).Replay(t.Context(), w.ID, all[0].ID, false); err != nil {
			t.Fatal(err)
		}
		if all, err = w.RecentExecutions(t.Context(), 0, 1); err != nil {
			t.Fatal(err)
		}
		if x, err = explain.Recompute(t.Context(), w.Node.DB, lib, all[0]); err != nil || !x.Tree.DigestMatches {
			t.Errorf("it did not run again with the pseudonym: %v, %+v", err, x)
		}
	})
}

// TestMarksThatCameAndWent: what ran while fields were marked can be told after the marks were changed and taken away, for
// each set of marks there was.
func TestMarksThatCameAndWent(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", `
spec: 1
source_model: webhook.payload
instructions:
  - {type: upsert_team_external_identity, external_id: '=if(is_null(event.email), "no mail", "mail")'}
  - {type: upsert_team_external_identity, external_id: '=if(is_null(event.name), "no name", "name")'}
`)
		w.deliver(t, source.ID, `{"email": "jan@example.test", "name": "Jan"}`, "")
		newest := func() pipeline.ExecutionLine {
			t.Helper()
			all, err := w.RecentExecutions(t.Context(), 0, 1)
			if err != nil {
				t.Fatal(err)
			}
			return all[0]
		}
		ran := []pipeline.ExecutionLine{newest()}
		for _, marks := range [][]types.Mark{{{Path: "email", Kind: "email"}}, {{Path: "name", Kind: "name"}}, {{Path: "email", Kind: "email"}}, nil} {
			if _, err := processor.SetMarks(t.Context(), w.Node.DB, w.Node.Library, w.ID, source.ID, marks, func(int64) error { return nil }); err != nil {
				t.Fatal(err)
			}
			if _, err := queueOf(w.Node).Replay(t.Context(), w.ID, ran[0].ID, false); err != nil {
				t.Fatal(err)
			}
			ran = append(ran, newest())
		}
		for i, want := range []bool{true, false, false, false, true} {
			x, err := explain.Recompute(t.Context(), w.Node.DB, w.Node.Library, ran[i])
			if err != nil {
				t.Fatal(err)
			}
			if x.Ran == nil || x.Tree.DigestMatches != want || strings.Contains(x.Tree.Note, "other fields of its source") == want {
				t.Errorf("run %d: %t %t %q", i, x.Ran != nil, x.Tree.DigestMatches, x.Tree.Note)
			}
		}
		if doors, err := w.FormerDoors(t.Context(), w.Node.Library, w.ID, source.ID); len(doors) != 2 || err != nil {
			t.Errorf("%d former sets are kept, %v", len(doors), err)
		}
	})
}

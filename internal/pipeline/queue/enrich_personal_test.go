package queue

import (
	"context"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/connector"
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

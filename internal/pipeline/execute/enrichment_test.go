package execute_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// nested is a program with enrichments of enrichments.
var nested = &run.Program{Enrichments: []run.Enrichment{
	{Name: "deal.contact", Use: "person", Of: -1, Chain: "person"},
	{Name: "deal.contact.firm", Use: "company", Of: 0, Chain: "person/company"},
	{Name: "deal.owner", Use: "user", Of: -1, Chain: "user"},
	{Name: "deal.contact.firm.city", Use: "place", Of: 1, Chain: "person/company/place"},
}}

// TestTakenApartAndPutTogether: what a person writes is what it was, wherever something was not found.
func TestTakenApartAndPutTogether(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		there := func(name string) bool { return rapid.Bool().Draw(t, name) }
		object := func(name string, more ...value.Member) value.Value {
			return value.Object(append([]value.Member{{Key: "is", Value: value.Text(name)}}, more...))
		}
		var ofDeal, ofContact, ofFirm []value.Member
		if there("city") {
			ofFirm = append(ofFirm, value.Member{Key: "city", Value: object("city")})
		}
		if there("firm") {
			ofContact = append(ofContact, value.Member{Key: "firm", Value: object("firm", ofFirm...)})
		}
		if there("contact") {
			ofDeal = append(ofDeal, value.Member{Key: "contact", Value: object("contact", ofContact...)})
		}
		if there("owner") {
			ofDeal = append(ofDeal, value.Member{Key: "owner", Value: object("owner")})
		}
		given := object("deal", ofDeal...)
		item, fetched := execute.TakeApart(nested, given)
		if item.Len() != 1 {
			t.Fatalf("the item still has enrichments: %s", item)
		}
		enriched, err := execute.Enrich(nested, nil, fetched)
		if err != nil || len(enriched.Missing) > 0 || enriched.GivenUp != nil {
			t.Fatalf("%+v, %v", enriched, err)
		}
		if whole := execute.PutTogether(nested, item, enriched.Values); !whole.Equal(given) {
			t.Fatalf("%s became %s", given, whole)
		}
	})
}

// TestEnrich: what is missing, given up, damaged.
func TestEnrich(t *testing.T) {
	t.Parallel()
	found := func(chain, body string) pipeline.Enrichment {
		return pipeline.Enrichment{Chain: chain, Snapshot: 1, Body: []byte(body)}
	}
	for name, c := range map[string]struct {
		fetched []pipeline.Enrichment
		missing []string
		givenUp string
		broken  bool
	}{
		"nothing":                    {nil, []string{"deal.contact", "deal.contact.firm", "deal.owner", "deal.contact.firm.city"}, "", false},
		"no contact, so no firm":     {[]pipeline.Enrichment{{Chain: "person"}}, []string{"deal.owner"}, "", false},
		"a contact":                  {[]pipeline.Enrichment{found("person", "{}")}, []string{"deal.contact.firm", "deal.owner", "deal.contact.firm.city"}, "", false},
		"what nobody asks for":       {[]pipeline.Enrichment{found("contact", "{}")}, []string{"deal.contact", "deal.contact.firm", "deal.owner", "deal.contact.firm.city"}, "", false},
		"given up":                   {[]pipeline.Enrichment{{Chain: "person", GivenUp: "down"}, {Chain: "user"}}, nil, "deal.contact could not be fetched: down", false},
		"damaged":                    {[]pipeline.Enrichment{found("person", "{")}, nil, "", true},
		"with a number and not read": {[]pipeline.Enrichment{{Chain: "person", Snapshot: 7}}, nil, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := execute.Enrich(nested, nil, c.fetched)
			if (err != nil) != c.broken {
				t.Fatalf("error %v", err)
			}
			var missing []string
			for _, m := range e.Missing {
				missing = append(missing, m.Name)
			}
			givenUp := ""
			if e.GivenUp != nil {
				givenUp = e.GivenUp.Message
			}
			if c.broken {
				return
			}
			if diff := cmp.Diff(c.missing, missing); diff != "" || givenUp != c.givenUp {
				t.Errorf("given up %q; want %q; missing (-want +got):\n%s", givenUp, c.givenUp, diff)
			}
		})
	}
}

package api_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestKeptBooksAreNeverStale changes agents, teams, providers and identities at random and asks after each change what an
// identity could be: of books that are kept, and of new ones.
func TestKeptBooksAreNeverStale(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("books")
		admin := c.as(access.Admin)
		s.furnish(c)
		other := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Phones"}`, admin)
		door := fmt.Sprint("Authorization: Bearer ", other.at("data", "api_key"))
		call := 0
		deliver := func(agent, name string) {
			call++
			s.must(200, "POST", "/webhooks/"+other.id()+"/call", fmt.Sprintf(`{"id": %d, "agent_id": %q, "agent_name": %q, "started_at": "2026-01-05"}`, call, agent, name), door)
		}
		deliver("a", "Ann Vos")
		deliver("b", "Bob Vos")
		agent := s.must(201, "POST", "/v1/agents", `{"name": "Anne Vos"}`, admin).id()
		team := s.must(201, "POST", "/v1/teams", `{"name": "North"}`, admin).id()
		identities := map[string]string{}
		for _, external := range []string{"a", "b"} {
			identities[external] = fmt.Sprint(s.must(200, "GET", "/v1/identities?kind=agent&external_id="+external, "", admin).at("data", 0, "id"))
		}
		asked, err := id.Parse(id.Identity, identities["a"])
		if err != nil {
			t.Fatal(err)
		}
		var tenant int64
		err = s.Read(t.Context(), func(tx *storage.Tx) error {
			return tx.QueryRow("SELECT tenant_id FROM identities WHERE id = ?", asked).Scan(&tenant)
		})
		if err != nil {
			t.Fatal(err)
		}
		seed := rand.Uint64()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(seed, 4))
		n := 0
		change := []func(){
			func() {
				s.must(200, "PATCH", "/v1/agents/"+agent, fmt.Sprintf(`{"name": "Anne Vos %c"}`, 'a'+n%26), admin)
			},
			func() { s.must(200, "PATCH", "/v1/agents/"+agent, fmt.Sprintf(`{"active": %t}`, n%2 == 0), admin) },
			func() { s.must(200, "PATCH", "/v1/agents/"+agent, fmt.Sprintf(`{"team_id": %q}`, team), admin) },
			func() { s.must(200, "PATCH", "/v1/teams/"+team, fmt.Sprintf(`{"name": "North %d"}`, n), admin) },
			func() {
				s.must(200, "PATCH", "/v1/providers/"+other.id(), fmt.Sprintf(`{"name": "Phones %d"}`, n), admin)
			},
			func() { deliver("b", fmt.Sprintf("Ann Vos %c", 'a'+n%26)) },
			func() {
				s.call("POST", "/v1/identities/"+identities["b"]+"/link", fmt.Sprintf(`{"entity_id": %q}`, agent), admin)
			},
			func() { s.call("POST", "/v1/identities/"+identities["b"]+"/unlink", "", admin) },
			func() {
				made := s.must(200, "POST", "/v1/identities/changes", fmt.Sprintf(`{"changes": [{"id": %q, "do": "create"}]}`, identities["b"]), admin)
				if of := made.at("data", 0, "after", "entity", "id"); of != nil && r.IntN(2) == 0 {
					s.must(200, "POST", "/v1/identities/changes", fmt.Sprintf(`{"changes": [{"id": %q, "do": "restore", "was": {}, "is": {"entity_id": %q}, "made": true}]}`, identities["b"], of), admin)
				}
			},
			func() { s.must(201, "POST", "/v1/agents", `{"name": "Ann Vos"}`, admin) },
			func() { deliver(fmt.Sprint("new", n), "Somebody else") },
		}
		kept := identity.NewBooks(s.DB)
		seen := map[string]bool{}
		for n = range 60 {
			at := n % len(change) // each at least once, then at random
			if n >= len(change) {
				at = r.IntN(len(change))
			}
			change[at]()
			got, _, err1 := kept.Suggest(t.Context(), tenant, asked)
			want, _, err2 := identity.NewBooks(s.DB).Suggest(t.Context(), tenant, asked)
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
				t.Fatalf("after change %d, the %dth, it is\n%s\nwant\n%s", at, n, g, w)
			} else {
				seen[w] = true
			}
		}
		if len(seen) < 10 {
			t.Errorf("only %d answers were seen: the changes change too little", len(seen))
		}
	})
}

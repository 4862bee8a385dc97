package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// phoneList is a processor's spec that names agents with all that is known of them.
const phoneList = `{"spec": 1, "source_model": "webhook.payload", "instructions": [
	{"type": "upsert_agent_external_identity", "external_id": "=event.agent", "external_name": "=event.name", "email": "=event.email", "return_as": "agent"},
	{"type": "upsert_activity", "external_id": "=event.id", "activity_type": "Deal", "agent_external_identity": "=agent", "moment": "=parse_datetime(event.at)"}]}`

// source makes a provider with a source and a processor that names agents, and gives what sends it a delivery.
func (s *server) phone(name, admin string) func(body string) {
	s.t.Helper()
	p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "`+name+`"}`, admin)
	source := s.must(201, "POST", "/v1/providers/"+p.id()+"/sources", `{"type": "webhook.payload", "name": "`+name+`"}`, admin).id()
	processor := s.must(201, "POST", "/v1/processors", `{"name": "`+name+`", "provider_id": "`+p.id()+`", "source_model": "webhook.payload"}`, admin).id()
	s.must(200, "PUT", "/v1/processors/"+processor+"/spec", phoneList, admin)
	s.must(200, "POST", "/v1/processors/"+processor+"/enable", "", admin)
	s.must(200, "PUT", "/v1/sources/"+source+"/processors", `[{"processor_id": "`+processor+`"}]`, admin)
	return func(body string) {
		s.t.Helper()
		s.must(200, "POST", "/in/"+source, body, "Authorization: Bearer "+p.at("data", "api_key").(string))
	}
}

func (s *server) identityNamed(name, as string) string {
	s.t.Helper()
	return fmt.Sprint(s.must(200, "GET", "/v1/identities?search="+url.QueryEscape(name), "", as).at("data", 0, "id"))
}

// told is values with spaces between them.
func told(values ...any) string { return strings.TrimSuffix(fmt.Sprintln(values...), "\n") }

func TestWhatLinkingWouldMoveIsToldBeforeAndComesTrue(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours := s.company("ours")
		admin := ours.as(access.Admin)
		crm, phone := s.phone("CRM", admin), s.phone("Phone", admin)
		crm(`{"id": 1, "agent": "a1", "name": "Lotte Jansen", "email": "lotte@x.test", "at": "2026-01-05"}`)
		for i := range 3 {
			phone(fmt.Sprintf(`{"id": %d, "agent": "p9", "name": "L. Jansen", "email": "Lotte@X.test", "at": "2026-01-0%d"}`, i, i+5))
		}
		phone(`{"id": 7, "agent": "p10", "name": "Bram Mulder", "email": null, "at": "2026-01-05"}`)
		first := s.identityNamed("Lotte Jansen", admin)
		agent := fmt.Sprint(s.must(200, "POST", "/v1/identities/"+first+"/link-new", `{}`, admin).at("data", "entity", "id"))

		waiting := s.identityNamed("L. Jansen", admin)
		a := s.must(200, "GET", "/v1/identities/"+waiting+"/suggestions", "", admin)
		if a.at("data", "suggestions", 0, "entity", "id") != agent || a.at("data", "suggestions", 0, "strength") != "sure" ||
			a.at("data", "suggestions", 0, "reasons", 0, "code") != "same_email" || a.at("data", "suggestions", 0, "reasons", 0, "provider") != "CRM" ||
			a.at("data", "suggestions", 0, "reasons", 1, "code") != "similar_name" || a.at("data", "suggestions", 1) != nil {
			t.Errorf("suggestions are %s", a.Body)
		}
		a = s.must(200, "GET", "/v1/identities/"+waiting+"/records?entity_id="+agent, "", admin)
		if told(a.at("data", "kinds", 0, "count"), a.at("data", "kinds", 0, "there"), a.at("data", "kinds", 1)) != "3 1 <nil>" ||
			a.at("data", "kinds", 0, "since") != "2026-01-05T05:00:00Z" || a.at("data", "latest", 0, "external_id") != "2" ||
			a.at("data", "first_seen", "execution_id") == nil {
			t.Errorf("what would move is %s", a.Body)
		}
		bram := s.identityNamed("Bram", admin)
		a = s.must(200, "GET", "/v1/identities/standing?ids="+waiting+"&ids="+bram, "", admin)
		if told(a.at("data", 0, "records"), a.at("data", 0, "match", "entity", "id"), a.at("data", 1, "records"), a.at("data", 1, "match")) != "3 "+agent+" 1 <nil>" {
			t.Errorf("the standing is %s", a.Body)
		}

		count := func() string {
			return fmt.Sprint(s.must(200, "GET", "/v1/activities?agent_id="+agent, "", admin).at("meta", "total"))
		}
		if got := count(); got != "1" {
			t.Errorf("before, %s records count for the agent", got)
		}
		a = s.must(200, "POST", "/v1/identities/changes", `{"changes": [
			{"id": "`+waiting+`", "do": "link", "entity_id": "`+agent+`"}, {"id": "`+bram+`", "do": "create"},
			{"id": "`+first+`", "do": "ignore"}, {"id": "xid_0000000000", "do": "ignore"}]}`, admin)
		if told(a.at("data", 0, "done"), a.at("data", 1, "after", "entity", "name"), a.at("data", 2, "done"), a.at("data", 3, "done")) != "true Bram Mulder false false" ||
			!strings.Contains(fmt.Sprint(a.at("data", 2, "message")), "Unlink it") {
			t.Errorf("the changes gave %s", a.Body)
		}
		if got := count(); got != "4" {
			t.Errorf("after, %s records count for the agent, want the 1 and the 3", got)
		}
		s.must(200, "POST", "/v1/identities/changes", `{"changes": [{"id": "`+waiting+`", "do": "unlink"}]}`, admin)
		if got := count(); got != "1" {
			t.Errorf("after the undo, %s records count for the agent", got)
		}
		a = s.must(200, "GET", "/v1/identities/"+waiting+"/history", "", admin)
		if told(a.at("data", 0, "did"), a.at("data", 0, "from", "name"), a.at("data", 1, "did"), a.at("data", 1, "to", "name"), a.at("data", 1, "by")) != "unlinked Lotte Jansen linked Lotte Jansen the API key admin" {
			t.Errorf("the history is %s", a.Body)
		}
	})
}

func TestOneNameInOneCallIsOneNewAgent(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		ours, theirs := s.company("ours"), s.company("theirs")
		admin := ours.as(access.Admin)
		team := s.must(201, "POST", "/v1/teams", `{"name": "Inside"}`, admin).id()
		var ids []string
		for _, provider := range []string{"CRM", "Phone"} {
			s.phone(provider, admin)(`{"id": 1, "agent": "` + provider + `", "name": "Lotte", "email": null, "at": "2026-01-05"}`)
			ids = append(ids, s.identityNamed(provider, admin))
		}
		body := `{"changes": [{"id": "` + ids[0] + `", "do": "create", "team_id": "` + team + `"}, {"id": "` + ids[1] + `", "do": "create"}]}`
		if a := s.must(200, "POST", "/v1/identities/changes", body, theirs.as(access.Admin)); a.at("data", 0, "done") != false {
			t.Errorf("another tenant changes ours: %s", a.Body)
		}
		s.must(200, "POST", "/v1/identities/changes", body, admin)
		a := s.must(200, "GET", "/v1/agents", "", admin)
		if told(a.at("meta", "total"), a.at("data", 0, "team", "name")) != "1 Inside" {
			t.Errorf("the agents are %s", a.Body)
		}
		if a := s.must(200, "GET", "/v1/identities/standing?ids="+ids[0], "", theirs.as(access.Admin)); a.at("data", 0) != nil {
			t.Errorf("another tenant sees %s", a.Body)
		}
	})
}

// TestCreateAndLinkIsTakenBack: with the link goes what was made for it, unless something else uses that by now.
func TestCreateAndLinkIsTakenBack(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("ours").as(access.Admin)
		var ids []string
		for _, provider := range []string{"CRM", "Phone"} {
			s.phone(provider, admin)(`{"id": 1, "agent": "` + provider + `", "name": "Lotte", "email": null, "at": "2026-01-05"}`)
			ids = append(ids, s.identityNamed(provider, admin))
		}
		change := func(body string) answer {
			t.Helper()
			a := s.must(200, "POST", "/v1/identities/changes", `{"changes": [`+body+`]}`, admin)
			if a.at("data", 0, "done") != true {
				t.Fatalf("%s: %s", body, a.Body)
			}
			return a
		}
		agents := func() []string { return s.must(200, "GET", "/v1/agents", "", admin).column("name") }
		create := func(i int) string { return `{"id": "` + ids[i] + `", "do": "create"}` }
		var made any
		uncreate := func(i int) string {
			return `{"id": "` + ids[i] + `", "do": "restore", "was": {}, "is": {"entity_id": "` + fmt.Sprint(made) + `"}, "made": true}`
		}
		both := change(create(0) + "," + create(1))
		if got := told(both.at("data", 0, "made"), both.at("data", 1, "made")); got != "true false" {
			t.Errorf("made: %s", got)
		}
		made = both.at("data", 0, "after", "entity", "id")
		change(uncreate(0)) // the other is linked to it still
		if got := agents(); len(got) != 1 {
			t.Errorf("the agent is in use: %v", got)
		}
		change(`{"id": "` + ids[1] + `", "do": "unlink"}`)
		made = change(create(0)).at("data", 0, "after", "entity", "id")
		change(uncreate(0))
		if got := agents(); len(got) != 1 {
			t.Errorf("what was made again is there still: %v", got)
		}
		s.must(404, "GET", "/v1/agents/"+fmt.Sprint(made), "", admin)
		made = change(create(0)).at("data", 0, "after", "entity", "id")
		s.must(200, "PATCH", "/v1/agents/"+fmt.Sprint(made), `{"name": "Lotte Jansen"}`, admin)
		change(uncreate(0))
		if got := agents(); len(got) != 2 {
			t.Errorf("somebody has renamed it, it stays: %v", got)
		}
		made = change(create(0)).at("data", 0, "after", "entity", "id")
		s.must(201, "POST", "/v1/events", `{"name": "Hers", "rule": {"source": "activity", "agent_id": "`+fmt.Sprint(made)+`"}}`, admin)
		change(uncreate(0))
		if got := agents(); len(got) != 3 {
			t.Errorf("an event is about it, it stays: %v", got)
		}
		// What was linked to another since stays linked to that: the undo is of the link that was made, and of no other.
		old := uncreate(0)
		other := s.must(201, "POST", "/v1/agents", `{"name": "Another"}`, admin).id()
		change(`{"id": "` + ids[0] + `", "do": "link", "entity_id": "` + other + `"}`)
		unlinked := `{"id": "` + ids[0] + `", "do": "restore", "was": {}, "is": {"entity_id": "` + fmt.Sprint(made) + `"}}`
		for _, late := range []string{old, unlinked, `{"id": "` + ids[0] + `", "do": "restore", "was": {}, "is": {}}`} {
			a := s.must(200, "POST", "/v1/identities/changes", `{"changes": [`+late+`]}`, admin)
			if a.at("data", 0, "done") != false || !strings.Contains(fmt.Sprint(a.at("data", 0, "message")), "was changed since") {
				t.Errorf("%s: %s", late, a.Body)
			}
		}
		if got := s.must(200, "GET", "/v1/identities/"+ids[0], "", admin); got.at("data", "entity", "id") != other {
			t.Errorf("the later link is gone: %s", got.Body)
		}
		change(`{"id": "` + ids[0] + `", "do": "link", "entity_id": "` + fmt.Sprint(made) + `"}`)
		change(uncreate(0)) // it was not made for this link
		if got := agents(); len(got) != 4 {
			t.Errorf("what it was linked to by hand stays: %v", got)
		}
		if got := s.must(200, "GET", "/v1/identities/"+ids[0], "", admin); got.at("data", "entity") != nil {
			t.Errorf("it is linked still: %s", got.Body)
		}
	})
}

// TestBulkLinkIsTakenBack: what was linked to another before is linked to that again, and what was changed since stays.
func TestBulkLinkIsTakenBack(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("ours").as(access.Admin)
		agent := func(name string) string {
			return s.must(201, "POST", "/v1/agents", `{"name": "`+name+`"}`, admin).id()
		}
		anna, bram, cas := agent("Anna"), agent("Bram"), agent("Cas")
		phone := s.phone("Phone", admin)
		for _, n := range []string{"1", "2", "3", "4"} {
			phone(`{"id": ` + n + `, "agent": "` + n + `", "name": "A` + n + `", "email": null, "at": "2026-01-05"}`)
		}
		list := s.must(200, "GET", "/v1/identities?sort=external_id", "", admin)
		ids := list.column("id")
		s.must(200, "POST", "/v1/identities/"+ids[0]+"/link", `{"entity_id": "`+anna+`"}`, admin)
		s.must(200, "POST", "/v1/identities/"+ids[1]+"/ignore", "", admin)
		ended := func(a answer) answer {
			t.Helper()
			for {
				if got := s.must(200, "GET", "/v1/bulk-operations/"+a.id(), "", admin); got.at("data", "state") != "running" {
					return got
				}
				<-s.parts.kept
			}
		}
		state := func() string {
			t.Helper()
			text := ""
			for _, x := range ids {
				i := s.must(200, "GET", "/v1/identities/"+x, "", admin)
				text += told(i.at("data", "entity", "name"), i.at("data", "ignored")) + "; "
			}
			return text
		}
		before := state()
		linked := ended(s.must(200, "POST", "/v1/bulk-operations", `{"verb": "link", "identities": {"kind": "agent"}, "entity_id": "`+bram+`"}`, admin))
		if got := state(); got != "Bram false; Bram false; Bram false; Bram false; " {
			t.Errorf("linked: %s", got)
		}
		s.must(200, "POST", "/v1/identities/"+ids[3]+"/link", `{"entity_id": "`+cas+`"}`, admin)
		back := ended(s.must(200, "POST", "/v1/bulk-operations/"+linked.id()+"/undo", "", admin))
		if got, want := state(), strings.TrimSuffix(before, "<nil> false; ")+"Cas false; "; got != want {
			t.Errorf("taken back: %s, want %s", got, want)
		}
		if got := told(back.at("data", "verb"), back.at("data", "done"), back.at("data", "failed"), back.at("data", "problems", 0, "id")); got != "restore 3 1 "+ids[3] {
			t.Errorf("the undo is %s", back.Body)
		}
		ended(s.must(200, "POST", "/v1/bulk-operations/"+back.id()+"/undo", "", admin))
		if got := state(); got != "Bram false; Bram false; Bram false; Cas false; " {
			t.Errorf("and again: %s", got)
		}
	})
}

// crowd puts unlinked identities and linked agents there, some of them alike.
func crowd(t testing.TB, s *server, provider int64, waiting, agents int) {
	t.Helper()
	err := s.DB.Write(t.Context(), func(tx *storage.Tx) error {
		numbers := func(n int) string {
			return fmt.Sprintf(" WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n)
		}
		tenant := `(SELECT tenant_id FROM providers WHERE providers.id = ?)`
		statements := []string{
			`INSERT INTO agents (id, tenant_id, name, active, created_at, updated_at)` + numbers(agents) + `SELECT 1000000 + i, ` + tenant + `, 'Voornaam' || i || ' de Achternaam' || i, 1, 1, 1 FROM n`,
			`INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, email, entity_id, ignored, mark_number, mark_position, made_by, created_at, updated_at)` + numbers(agents) +
				`SELECT 2000000 + i, ` + tenant + `, ` + fmt.Sprint(provider) + `, 'agent', 'l' || i, 'v.achternaam' || i, 'a' || i || '@x.test', 1000000 + i, 0, 1, 0, '{"origin":"provider"}', 1, 1 FROM n`,
			`INSERT INTO identities (id, tenant_id, provider_id, kind, external_id, external_name, email, ignored, mark_number, mark_position, made_by, created_at, updated_at)` + numbers(waiting) +
				`SELECT 3000000 + i, ` + tenant + `, ` + fmt.Sprint(provider) + `, 'agent', 'w' || i, 'Voornam' || i || ' Achternaam' || i, 'a' || i || '@x.test', 0, 1, 0, '{"origin":"provider"}', 1, 1 FROM n`,
		}
		for _, text := range statements {
			if _, err := tx.Exec(text, provider); err != nil {
				return fmt.Errorf("%s: %w", text, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkTriage prints how long suggestions, what waits and what would move take where 5,000 identities wait and there
// are as many agents; 200 ms is to be reached.
func BenchmarkTriage(b *testing.B) {
	storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
		s := serve(b, d)
		ours := s.company("ours")
		admin := ours.as(access.Admin)
		s.furnish(ours)
		var provider int64
		if err := s.DB.Read(b.Context(), func(tx *storage.Tx) error {
			return tx.QueryRow("SELECT min(id) FROM providers").Scan(&provider)
		}); err != nil {
			b.Fatal(err)
		}
		crowd(b, s, provider, 5000, 5000)
		a := s.must(200, "GET", "/v1/identities?linked=false&per_page=100", "", admin)
		var all []string
		for i := range 100 {
			all = append(all, fmt.Sprint(a.at("data", i, "id")))
		}
		for name, path := range map[string]string{
			"suggestions": "/v1/identities/" + all[7] + "/suggestions",
			"records":     "/v1/identities/" + all[7] + "/records",
			"standing":    "/v1/identities/standing?ids=" + strings.Join(all, "&ids="),
			"list":        "/v1/identities?linked=false&per_page=100",
		} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					s.must(200, "GET", path, "", admin)
				}
			})
		}
	})
}

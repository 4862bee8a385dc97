package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// branching is a spec of which deliveries come by different parts.
const branching = `{"spec": 1, "source_model": "webhook.payload", "var": "event", "instructions": [
	{"type": "if_else", "id": "won", "condition": "=equals(event.status, \"won\")", "then": [
		{"type": "for_each", "id": "each", "list": "=event.lines", "item_var": "line", "body": [
			{"type": "upsert_team_external_identity", "id": "team", "external_id": "=line"}]}]},
	{"type": "if_else", "id": "lost", "condition": "=equals(event.status, \"lost\")", "then": [{"type": "stop", "id": "stop"}]}]}`

// counted lists what a coverage tells: id, branch and count of each spot.
func counted(a answer, what string) string {
	var all []string
	for i := 0; a.at("data", what, "spots", i) != nil; i++ {
		all = append(all, strings.TrimSpace(fmt.Sprint(a.at("data", what, "spots", i, "instruction_id")))+" "+
			strings.TrimPrefix(fmt.Sprint(a.at("data", what, "spots", i, "branch"))+" ", "<nil> ")+fmt.Sprint(a.at("data", what, "spots", i, "count")))
	}
	return fmt.Sprintf("%v of %v: %s", a.at("data", what, "reached"), a.at("data", what, "all"), strings.Join(all, ", "))
}

func TestCoverageOfTheLastDeliveries(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("acme").as(access.Admin)
		p, path := s.processor(admin)
		door := "Authorization: Bearer " + p.at("data", "api_key").(string)
		source := s.must(201, "POST", "/v1/providers/"+p.id()+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin).id()
		processor := strings.TrimPrefix(path, "/v1/processors/")
		s.must(404, "GET", path+"/coverage", "", admin) // no spec yet
		s.must(200, "PUT", path+"/spec", branching, admin)
		expect := func(query, deliveries, instructions, branches string) {
			t.Helper()
			got := s.must(200, "GET", path+"/coverage"+query, "", admin)
			for _, one := range [][2]string{
				{deliveries, fmt.Sprint(got.at("data", "deliveries"))}, {instructions, counted(got, "instructions")}, {branches, counted(got, "branches")},
			} {
				if one[0] != one[1] {
					t.Errorf("%s: got %s, want %s", query, one[1], one[0])
				}
			}
		}
		expect("", "0", "0 of 5: won 0, each 0, team 0, lost 0, stop 0", "0 of 4: won then 0, won else 0, lost then 0, lost else 0")
		s.must(200, "POST", path+"/enable", "", admin)
		s.must(200, "PUT", "/v1/sources/"+source+"/processors", `[{"processor_id": "`+processor+`"}]`, admin)
		s.must(200, "POST", "/in/"+source, `{"status": "lost"}`, door)
		s.must(200, "POST", "/in/"+source, `[{"status": "won", "lines": ["a", "b", "c"]}, {"status": "open"}, {"status": "won", "lines": []}]`, door)
		expect("?deliveries=3", "3", "4 of 5: stop 0, won 3, each 2, team 3, lost 3", "3 of 4: lost then 0, won then 2, won else 1, lost else 3")
		expect("", "4", "5 of 5: won 4, each 2, team 3, lost 4, stop 1", "4 of 4: won then 2, won else 2, lost then 1, lost else 3")

		// A delivery that is run again counts once, and a version with the same program counts what others ran.
		execution := fmt.Sprint(s.must(200, "GET", "/v1/executions", "", admin).at("data", 0, "id"))
		s.must(200, "POST", "/v1/executions/"+execution+"/replay", "", admin)
		s.must(200, "PUT", path+"/spec", strings.Replace(branching, `"spec": 1`, `"spec": 1, "note": "as before"`, 1), admin)
		expect("", "4", "5 of 5: won 4, each 2, team 3, lost 4, stop 1", "4 of 4: won then 2, won else 2, lost then 1, lost else 3")
		s.must(200, "PUT", path+"/spec", strings.Replace(branching, `"won\"`, `"gained\"`, 1), admin)
		expect("", "0", "0 of 5: won 0, each 0, team 0, lost 0, stop 0", "0 of 4: won then 0, won else 0, lost then 0, lost else 0")
		expect("?version=1", "4", "5 of 5: won 4, each 2, team 3, lost 4, stop 1", "4 of 4: won then 2, won else 2, lost then 1, lost else 3")
		s.must(404, "GET", path+"/coverage?version=9", "", admin)
		s.must(422, "GET", path+"/coverage?deliveries=0", "", admin)
	})
}

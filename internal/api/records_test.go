package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestOneChangeIsTakenBack: what one change wrote to a record is shown and taken back; the others of its history stay.
func TestOneChangeIsTakenBack(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, _ := worked(s)
		member := c.as(access.Member)
		two := s.must(200, "GET", "/v1/activities?external_id=%3Dtwo", "", member).column("id")[0]
		path := "/v1/activities/" + two
		change := s.must(200, "GET", path+"/history", "", member).column("id")[0]
		moment := func() any { return s.must(200, "GET", path, "", member).at("data", "moment") }
		later := moment()
		body := func(preview bool) string { return fmt.Sprintf(`{"change_id": %q, "preview": %t}`, change, preview) }
		seen := s.must(200, "POST", path+"/undo", body(true), member)
		if got := fmt.Sprint(seen.at("data", "things", 0, "set_back", 0, "field"), seen.at("data", "things", 1)); got != "moment<nil>" || moment() != later {
			t.Errorf("the preview: %s", seen.Body)
		}
		s.must(200, "POST", path+"/undo", body(false), member)
		if moment() == later {
			t.Errorf("the moment is still %v", later)
		}
		undone := s.must(200, "GET", path+"/history", "", member).column("id")[0]
		// The undo is taken back from the history, once; what was taken back can be undone again.
		back := `{"change_id": "` + undone + `"}`
		s.must(200, "POST", path+"/undo", back, member)
		if moment() != later {
			t.Errorf("the moment is %v, and was %v before the undo", moment(), later)
		}
		s.must(409, "POST", path+"/undo", back, member)
		history := s.must(200, "GET", path+"/history", "", member)
		if got, want := history.at("data", 0, "made_by", "redoes_id"), history.at("data", 1, "made_by", "undo_id"); got == nil || got != want {
			t.Errorf("the newest change takes back %v, want %v", got, want)
		}
		s.must(409, "POST", path+"/undo", `{"change_id": "`+history.column("id")[0]+`"}`, member)
		s.must(200, "POST", path+"/undo", body(false), member)
		s.must(404, "POST", path+"/undo", `{"change_id": "chg_0000000001"}`, member)
		s.must(422, "POST", path+"/undo", `{"change_id": "x"}`, member)
		s.must(403, "POST", path+"/undo", "", c.as(access.Viewer))
		made := s.must(200, "POST", path+"/undo", "", member)
		if made.at("data", "things", 0, "outcome") != "removed" || made.at("data", "things", 1) != nil {
			t.Errorf("that it was made: %s", made.Body)
		}
		s.must(404, "GET", path, "", member)
		sale := "/v1/sales/" + s.must(200, "GET", "/v1/sales", "", member).column("id")[0]
		if got := s.must(200, "POST", sale+"/undo", `{"preview": true}`, member); got.at("data", "things", 0, "outcome") != "removed" || got.at("data", "things", 1) != nil {
			t.Errorf("a call made the sale: %s", got.Body)
		}
	})
}

// TestRecordsThatCountForSomebody: the number that an entity's page shows is that of the list which it leads to.
func TestRecordsThatCountForSomebody(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, ids := worked(s)
		admin := c.as(access.Admin)
		for _, kind := range []string{"agent", "proposition"} {
			body := `{"verb": "link", "identities": {"kind": "` + kind + `"}, "entity_id": "` + ids[kind+"s"] + `"}`
			for a := s.must(200, "POST", "/v1/bulk-operations", body, admin); a.at("data", "state") == "running"; {
				<-s.parts.kept
				a = s.must(200, "GET", "/v1/bulk-operations/"+a.id(), "", admin)
			}
		}
		s.must(200, "PATCH", "/v1/agents/"+ids["agents"], `{"team_id": "`+ids["teams"]+`"}`, admin)
		other := s.must(201, "POST", "/v1/teams", `{"name": "Other"}`, admin).id()
		want := map[string]string{
			"agents/" + ids["agents"]:             "activity 2, sale 1, call 1, period 1, ",
			"teams/" + ids["teams"]:               "activity 2, sale 1, call 1, period 1, anonymous_activity 0, ",
			"teams/" + other:                      "activity 0, sale 0, call 0, period 0, anonymous_activity 0, ",
			"propositions/" + ids["propositions"]: "sale 1, ",
			"projects/" + ids["projects"]:         "activity 0, sale 0, call 0, period 0, anonymous_activity 0, ",
		}
		paths := map[string]string{"activity": "activities", "sale": "sales", "call": "calls", "period": "periods", "anonymous_activity": "anonymous-activities"}
		for of, want := range want {
			a, got := s.must(200, "GET", "/v1/"+of+"/records", "", admin), ""
			plural, number, _ := strings.Cut(of, "/")
			for i, kind := range a.column("kind") {
				n := fmt.Sprint(a.at("data", i, "count"))
				got += kind + " " + n + ", "
				list := s.must(200, "GET", "/v1/"+paths[kind]+"?"+strings.TrimSuffix(plural, "s")+"_id="+number, "", admin)
				if listed := fmt.Sprint(len(list.column("id"))); listed != n {
					t.Errorf("%s: %s of %s are listed, %s are counted", of, listed, kind, n)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", of, diff)
			}
		}
		identity := s.must(200, "GET", "/v1/identities?kind=proposition", "", admin).column("id")[0]
		if got := s.must(200, "GET", "/v1/sales?proposition_identity_id="+identity, "", admin).column("id"); len(got) != 1 {
			t.Errorf("sales of the proposition's identity: %v", got)
		}
		if got := s.must(200, "GET", "/v1/sales/export?team_id="+other, "", admin).Body.String(); strings.Count(got, "\n") != 1 {
			t.Errorf("the export of a team that nothing counts for: %q", got)
		}
	})
}

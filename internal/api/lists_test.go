package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// column gives one field of each row of a list.
func (a answer) column(name string) []string {
	rows, _ := a.at("data").([]any)
	out := make([]string, len(rows))
	for i := range rows {
		out[i] = fmt.Sprint(a.at("data", i, name))
	}
	return out
}

// worked is a company whose processor has written two good records and failed on one.
func worked(s *server) (c company, ids map[string]string) {
	s.t.Helper()
	c = s.company("worked")
	ids = s.furnish(c)
	admin := c.as(access.Admin)
	door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 5}`, admin).at("data", "api_key").(string)
	s.must(200, "POST", "/in/"+ids["sources"], `{"id": "=two", "agent": 7, "at": "2026-01-06"}`, door)
	s.must(200, "POST", "/in/"+ids["sources"], `{"id": "three", "agent": 7, "at": "no day at all"}`, door)
	s.must(200, "POST", "/in/"+ids["sources"], `{"id": "=two", "agent": 7, "at": "2026-01-07"}`, door)
	return c, ids
}

func TestExecutionsAreFoundByWhatTheyDid(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, ids := worked(s)
		viewer := c.as(access.Viewer)
		list := func(query string) []string {
			t.Helper()
			return s.must(200, "GET", "/v1/executions?"+query, "", viewer).column("id")
		}
		all := list("")
		if len(all) != 4 {
			t.Fatalf("%d executions, want 4", len(all))
		}
		third, bad, second, first := all[0], all[1], all[2], all[3]
		code := fmt.Sprint(s.must(200, "GET", "/v1/executions/"+bad, "", viewer).at("data", "error", "code"))
		delivery := fmt.Sprint(s.must(200, "GET", "/v1/executions/"+first, "", viewer).at("data", "delivery_id"))
		record := s.must(200, "GET", "/v1/activities?external_id=%3Dtwo", "", viewer).column("id")[0]
		now := url.QueryEscape(time.Now().Add(time.Hour).Format(time.RFC3339))
		ago := url.QueryEscape(time.Now().Add(-time.Hour).Format(time.RFC3339))
		for query, want := range map[string][]string{
			"errors=true":                                  {bad},
			"error_code=" + code:                           {bad},
			"error_code=" + code + "&instruction=s9":       {},
			"error_code=x":                                 {},
			"changed=false":                                {},
			"changed=true":                                 {third, second, first},
			"status=succeeded":                             {third, second, first},
			"status=succeeded&changed=true&kind=live":      {third, second, first},
			"kind=replay":                                  {},
			"provider_id=" + ids["providers"]:              all,
			"search=" + first:                              {first},
			"search=" + delivery:                           {first},
			"search=%3Dtwo":                                {third, second},
			"search=" + record:                             {third, second},
			"search=no+day+at+all":                         {bad},
			"search=nothing+like+it":                       {},
			"external_id=%3Dtwo":                           {third, second},
			"external_id=%3Dtwo&search=" + second:          {second},
			"external_id=four":                             {},
			"after=" + ago + "&before=" + now:              all,
			"after=" + now:                                 {},
			"before=" + ago:                                {},
			"status=failed&processor_id=" + ids["sources"]: nil,
		} {
			if want == nil {
				s.must(422, "GET", "/v1/executions?"+query, "", viewer)
				continue
			}
			got := list(query)
			slices.Sort(got)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		for _, c := range []struct{ of, query, newer, older string }{
			{third, "", "<nil>", bad},
			{bad, "", third, second},
			{first, "", second, "<nil>"},
			{bad, "status=succeeded", third, second}, // one that the filters leave out has neighbours all the same
			{third, "status=succeeded", "<nil>", second},
			{third, "search=%3Dtwo", "<nil>", second},
			{second, "errors=true", bad, "<nil>"},
		} {
			got := s.must(200, "GET", "/v1/executions/"+c.of+"/neighbours?"+c.query, "", viewer)
			if newer, older := fmt.Sprint(got.at("data", "newer")), fmt.Sprint(got.at("data", "older")); newer != c.newer || older != c.older || got.at("data", "whole") != true {
				t.Errorf("beside %s with %q: %s", c.of, c.query, got.Body)
			}
		}
		s.must(404, "GET", "/v1/executions/"+all[0]+"/neighbours", "", s.company("others").as(access.Viewer))
		cause := s.must(200, "GET", "/v1/executions/causes", "", viewer)
		if got := fmt.Sprintln(cause.at("data", "causes", 0, "error_code"), cause.at("data", "causes", 0, "count"), cause.at("data", "looked"), cause.at("data", "all")); got != code+" 1 1 true\n" {
			t.Errorf("the causes are %s", cause.Body)
		}
		for _, noun := range []string{"executions", "deliveries", "source-executions"} {
			chart := s.must(200, "GET", "/v1/"+noun+"/histogram?parts=3&after="+ago+"&before="+now, "", viewer)
			total := 0
			for i := range 3 {
				var n int
				_, _ = fmt.Sscan(fmt.Sprint(chart.at("data", "bars", i, "all")), &n)
				total += n
			}
			want := len(s.must(200, "GET", "/v1/"+noun+"?per_page=100", "", viewer).column("id"))
			if total != want || chart.at("data", "narrowed") != true {
				t.Errorf("the chart of %s counts %d, want %d: %s", noun, total, want, chart.Body)
			}
			if got := len(s.must(200, "GET", "/v1/"+noun+"?per_page=100&after="+ago+"&before="+now, "", viewer).column("id")); got != want {
				t.Errorf("within the hours around now are %d %s, want %d", got, noun, want)
			}
			if got := s.must(200, "GET", "/v1/"+noun+"?after="+now, "", viewer).column("id"); len(got) != 0 {
				t.Errorf("after now are the %s %v", noun, got)
			}
		}
		s.must(422, "GET", "/v1/executions/histogram?after="+now+"&before="+ago, "", viewer)
		if got := s.must(200, "GET", "/v1/deliveries?search=%3Dtwo", "", viewer).column("id"); len(got) != 2 {
			t.Errorf("deliveries of =two: %v", got)
		}
	})
}

func TestRecordsAreSearchedAndFollowed(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, _ := worked(s)
		viewer := c.as(access.Viewer)
		for query, want := range map[string][]string{
			"/v1/activities?search=TW":                                    {"=two"},
			"/v1/activities?search=%25":                                   {},
			"/v1/activities?search=1":                                     {"1"},
			"/v1/activities?search=7":                                     {"=two", "1"}, // of the agent
			"/v1/activities?unlinked=true":                                {"=two", "1"},
			"/v1/sales?cancelled=true":                                    {},
			"/v1/sales?cancelled=false":                                   {"1"},
			"/v1/activities?updated_after=2020-01-01T00:00:00Z":           {"=two", "1"},
			"/v1/activities?updated_after=2120-01-01T00:00:00Z":           {},
			"/v1/activities?search=tw&updated_after=2020-01-01T00:00:00Z": {"=two"},
		} {
			if diff := cmp.Diff(want, s.must(200, "GET", query, "", viewer).column("external_id")); diff != "" {
				t.Errorf("%s: %s", query, diff)
			}
		}
		journal := s.must(200, "GET", "/v1/journal", "", viewer)
		if got := journal.column("external_id"); !cmp.Equal(got, []string{"=two"}) || journal.at("data", 0, "fields", 0, "name") != "moment" {
			t.Errorf("the journal is %s, want the change of a moment", journal.Body)
		}
		maker := fmt.Sprint(journal.at("data", 0, "made_by", "execution_id"))
		for query, want := range map[string]int{
			"kind=activity": 1, "kind=sale": 0, "field=moment": 1, "field=value": 0, "origin=provider": 1, "origin=user": 0, "execution_id=" + maker: 1,
			"execution_id=exe_0000000001": 0, "external_id=%3Dtwo": 1, "external_id=1": 0, "after=2020-01-01T00:00:00Z": 1, "before=2020-01-01T00:00:00Z": 0,
		} {
			if got := s.must(200, "GET", "/v1/journal?"+query, "", viewer).column("id"); len(got) != want {
				t.Errorf("journal?%s: %v, want %d", query, got, want)
			}
		}
	})
}

func TestListsAreExportedWithoutFormulas(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, _ := worked(s)
		viewer := c.as(access.Viewer)
		got := s.must(200, "GET", "/v1/activities/export?search=two", "", viewer)
		text := got.Body.String()
		if !strings.HasPrefix(text, "\ufeffid,provider,external_id,contact_key,activity_type,") || !strings.Contains(text, ",'=two,,Deal,") || strings.Count(text, "\n") != 2 {
			t.Errorf("the export is %q", text)
		}
		if h := got.Header(); !strings.HasPrefix(h.Get("Content-Type"), "text/csv") || !strings.Contains(h.Get("Content-Disposition"), "activities-") {
			t.Errorf("its headers are %v", h)
		}
		if text := s.must(200, "GET", "/v1/executions/export?errors=true", "", viewer, "Accept-Language: nl").Body.String(); !strings.HasPrefix(text, "\ufeffid;received_at;") || strings.Contains(text, "no day") {
			t.Errorf("the export is %q", text)
		}
		s.must(400, "GET", "/v1/executions/export?sort=colour", "", viewer)
	})
}

func TestViewsAreOnesOwnOrShared(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("views")
		admin, member, viewer := c.as(access.Admin), c.as(access.Member), c.as(access.Viewer)
		names := func(who string) []string {
			return s.must(200, "GET", "/v1/views?list=executions", "", who).column("name")
		}
		mine := s.must(201, "POST", "/v1/views", `{"list": "executions", "name": " Mine ", "search": "status=failed"}`, member)
		s.must(201, "POST", "/v1/views", `{"list": "sales", "name": "Other", "search": ""}`, member)
		ours := s.must(201, "POST", "/v1/views", `{"list": "executions", "name": "Ours", "search": "", "shared": true}`, member)
		s.must(403, "POST", "/v1/views", `{"list": "executions", "name": "No", "search": "", "shared": true}`, viewer)
		s.must(422, "POST", "/v1/views", `{"list": "executions", "name": " ", "search": ""}`, viewer)
		if got := names(member); !cmp.Equal(got, []string{"Mine", "Ours"}) {
			t.Errorf("a member sees %v", got)
		}
		if got := names(viewer); !cmp.Equal(got, []string{"Ours"}) {
			t.Errorf("a viewer sees %v", got)
		}
		s.must(404, "DELETE", "/v1/views/"+mine.id(), "", admin)
		s.must(403, "DELETE", "/v1/views/"+ours.id(), "", viewer)
		if got := s.must(200, "PATCH", "/v1/views/"+ours.id(), `{"name": "Everybody's"}`, admin); got.at("data", "name") != "Everybody's" {
			t.Errorf("renamed: %s", got.Body)
		}
		s.must(http.StatusNoContent, "DELETE", "/v1/views/"+ours.id(), "", admin)
		s.must(http.StatusNoContent, "DELETE", "/v1/views/"+mine.id(), "", member)
	})
}

// TestWhatCameInBeforeIsRunTogether: deliveries from before a processor ran on their source; the preview tries the first.
func TestWhatCameInBeforeIsRunTogether(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, ids := worked(s)
		admin, member := c.as(access.Admin), c.as(access.Member)
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 5}`, admin).at("data", "api_key").(string)
		s.must(200, "POST", "/v1/processors/"+ids["processors"]+"/disable", "", admin)
		for _, item := range []string{`{"id": "four", "agent": 7, "at": "2026-01-06"}`, `{"id": "=two", "agent": 7, "at": "2026-01-07"}`, `{"id": "five", "agent": 7, "at": "never"}`} {
			s.must(200, "POST", "/in/"+ids["sources"], item, door)
		}
		s.must(200, "POST", "/v1/processors/"+ids["processors"]+"/enable", "", admin)
		waits := s.must(200, "GET", "/v1/deliveries?ran=false", "", member).column("id")
		if len(waits) != 3 || len(s.must(200, "GET", "/v1/deliveries?ran=true", "", member).column("id")) != 4 {
			t.Fatalf("%v have not run", waits)
		}
		if by := s.must(200, "GET", "/v1/deliveries?not_run_by="+ids["processors"], "", member).column("id"); !slices.Equal(by, waits) {
			t.Errorf("%v have not run by the processor, want %v", by, waits)
		}
		ask := `{"verb": "run", "deliveries": {"ran": "false"}`
		told := func(a answer, fields ...string) string {
			var all []any
			for _, f := range fields {
				all = append(all, a.at("data", "tried", f))
			}
			return strings.TrimSpace(fmt.Sprintln(all...))
		}
		preview := s.must(200, "POST", "/v1/bulk-operations", ask+`, "preview": true}`, member)
		if got := told(preview, "runs", "new", "changed", "same", "failed"); fmt.Sprint(preview.at("data", "total")) != "3" || got != "3 1 0 1 1" || told(preview, "error") == "<nil>" {
			t.Errorf("the preview is %s", preview.Body)
		}
		ended := s.must(200, "POST", "/v1/bulk-operations", ask+`}`, member)
		for ended.at("data", "state") == "running" {
			<-s.parts.kept
			ended = s.must(200, "GET", "/v1/bulk-operations/"+ended.id(), "", member)
		}
		if fmt.Sprintln(ended.at("data", "done"), ended.at("data", "failed")) != "2 1\n" || len(s.must(200, "GET", "/v1/deliveries?ran=false", "", member).column("id")) != 0 {
			t.Errorf("they did not all run: %s", ended.Body)
		}
		again := s.must(200, "POST", "/v1/bulk-operations", `{"verb": "replay", "executions": {"kind": "replay"}, "preview": true}`, member)
		if got := told(again, "runs", "new", "changed", "same", "failed"); got != "3 0 0 2 1" {
			t.Errorf("a preview of replays is %s", again.Body)
		}
		if none := s.must(200, "POST", "/v1/bulk-operations", `{"verb": "run", "deliveries": {}, "preview": true}`, member); told(none, "runs") != "0" {
			t.Errorf("all have run, and the preview is %s", none.Body)
		}
		late := s.must(200, "POST", "/v1/bulk-operations", `{"verb": "run", "ids": ["`+waits[0]+`"]}`, member)
		for late.at("data", "state") == "running" {
			<-s.parts.kept
			late = s.must(200, "GET", "/v1/bulk-operations/"+late.id(), "", member)
		}
		if runs := s.must(200, "GET", "/v1/executions?delivery_id="+waits[0], "", member).column("id"); fmt.Sprint(late.at("data", "failed")) != "0" || len(runs) != 1 {
			t.Errorf("what has run is not run once more: %s, %v", late.Body, runs)
		}
		s.must(422, "POST", "/v1/bulk-operations", `{"verb": "run", "executions": {}}`, member)
		s.must(422, "POST", "/v1/bulk-operations", `{"verb": "replay", "deliveries": {}}`, member)
	})
}

func TestOneThingIsDoneToMany(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, ids := worked(s)
		member := c.as(access.Member)
		ended := func(a answer) answer {
			t.Helper()
			for {
				if got := s.must(200, "GET", "/v1/bulk-operations/"+a.id(), "", member); got.at("data", "state") != "running" {
					return got
				}
				<-s.parts.kept
			}
		}
		count := func(query string) int { return len(s.must(200, "GET", query, "", member).column("id")) }
		preview := s.must(200, "POST", "/v1/bulk-operations", `{"verb": "replay", "executions": {"changed": "true"}, "preview": true}`, member)
		if fmt.Sprint(preview.at("data", "total")) != "3" || count("/v1/executions?kind=replay") != 0 {
			t.Errorf("the preview is %s", preview.Body)
		}
		got := ended(s.must(200, "POST", "/v1/bulk-operations", `{"verb": "replay", "executions": {"processor_id": "`+ids["processors"]+`"}}`, member))
		if fmt.Sprintln(got.at("data", "done"), got.at("data", "failed"), got.at("data", "undoable")) != "3 1 false\n" || count("/v1/executions?kind=replay") != 4 {
			t.Errorf("all four are run again, and no replay of them: %s", got.Body)
		}
		open := count("/v1/identities?linked=false")
		ignored := ended(s.must(200, "POST", "/v1/bulk-operations", `{"verb": "ignore", "identities": {"linked": "false"}}`, member))
		if count("/v1/identities?linked=false") != 0 || fmt.Sprint(ignored.at("data", "done")) != fmt.Sprint(open) || ignored.at("data", "undoable") != true {
			t.Errorf("%d are ignored: %s", open, ignored.Body)
		}
		ended(s.must(200, "POST", "/v1/bulk-operations/"+ignored.id()+"/undo", "", member))
		if back := count("/v1/identities?linked=false"); back != open {
			t.Errorf("%d are back, want %d", back, open)
		}
		agent := s.must(200, "GET", "/v1/identities?kind=agent", "", member).column("id")[0]
		linked := ended(s.must(200, "POST", "/v1/bulk-operations", `{"verb": "link", "ids": ["`+agent+`", "xid_0000000001"], "entity_id": "`+ids["agents"]+`"}`, member))
		if fmt.Sprintln(linked.at("data", "done"), linked.at("data", "failed"), linked.at("data", "problems", 0, "id")) != "1 1 xid_0000000001\n" {
			t.Errorf("one is linked and one is not there: %s", linked.Body)
		}
		// Of operations from before there was more to it, the ids of what they changed are stored, and no more.
		err := s.DB.Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec("UPDATE bulk_operations SET changed = '[7, 8]' WHERE verb = 'link'")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if old := s.must(200, "GET", "/v1/bulk-operations", "", member); old.at("data", 0, "id") != linked.id() || old.at("data", 0, "undoable") != false {
			t.Errorf("an old operation is %s", old.Body)
		}
		if _, err := s.DB.RunningOperations(t.Context()); err != nil {
			t.Error(err)
		}
		s.must(409, "POST", "/v1/bulk-operations/"+linked.id()+"/undo", "", member)
		for body, status := range map[string]int{
			`{"verb": "replay"}`:                                     422,
			`{"verb": "ignore", "executions": {}}`:                   422,
			`{"verb": "ignore", "ids": ["exe_0000000001"]}`:          422,
			`{"verb": "link", "ids": ["` + agent + `"]}`:             422,
			`{"verb": "dance", "ids": ["` + agent + `"]}`:            422,
			`{"verb": "replay", "executions": {"colour": "red"}}`:    422,
			`{"verb": "replay", "ids": ["exe_0000000001", "exe_!"]}`: 422,
		} {
			s.must(status, "POST", "/v1/bulk-operations", body, member)
		}
		s.must(200, "POST", "/v1/bulk-operations/"+linked.id()+"/cancel", "", member)
	})
}

// TestSalesAreExportedWithTheirNames: who it was, at which provider, by which ids; a contact key that could be somebody's
// address is its pseudonym, though the tenant lets records have it.
func TestSalesAreExportedWithTheirNames(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("ours")
		admin := c.as(access.Admin)
		s.must(200, "PATCH", "/v1/settings", `{"contact_keys": "allow"}`, admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "Phone"}`, admin)
		door := "Authorization: Bearer " + fmt.Sprint(provider.at("data", "api_key"))
		for id, contact := range map[string]string{"a": "jan@example.test", "b": "C-17"} {
			s.must(200, "POST", "/webhooks/"+provider.id()+"/sale", `{"id": "`+id+`", "agent_id": 8, "agent_name": "Bob", "proposition_id": 1,
				"proposition_name": "Gas", "sold_at": "2026-02-05 12:00:00", "contact_key": "`+contact+`"}`, door)
		}
		text := s.must(200, "GET", "/v1/sales/export", "", admin).Body.String()
		lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil || len(lines) != 3 {
			t.Fatalf("%v: %s", err, text)
		}
		for _, line := range lines[1:] {
			row := map[string]string{}
			for i, head := range lines[0] {
				row[head] = line[i]
			}
			want := map[string]string{"provider": "Phone", "agent": "Bob", "agent_external_id": "8", "proposition": "Gas", "proposition_external_id": "1", "project_external_id": ""}
			for head, text := range want {
				if row[head] != text {
					t.Errorf("%s is %q, want %q", head, row[head], text)
				}
			}
			if contact := row["contact_key"]; row["external_id"] == "b" && contact != "C-17" || row["external_id"] == "a" && !strings.HasPrefix(contact, "psn_") {
				t.Errorf("the contact key of %s is %q", row["external_id"], contact)
			}
		}
	})
}

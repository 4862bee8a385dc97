package ingest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// mark sets the marks of a source: a path and a kind each.
func (d *door) mark(t *testing.T, source int64, marks ...string) {
	t.Helper()
	var list []types.Mark
	for _, m := range marks {
		path, kind, _ := strings.Cut(m, " ")
		list = append(list, types.Mark{Path: path, Kind: kind})
	}
	if _, err := processor.SetMarks(t.Context(), d.Node.DB, d.Node.Library, d.ID, source, list, func(int64) error { return nil }); err != nil {
		t.Fatal(err)
	}
}

const carries = `
spec: 1
source_model: webhook.payload
instructions:
  - {type: define_variable, value: =event.contact, return_as: who}
  - type: upsert_anonymous_activity
    external_id: =concat("deal ", event.id)
    activity_type: '=if(exists(who.email), "Reached", "Not reached")'
    moment: =now()
    contact_key: =pseudonym(who.email)
  - {type: for_each, list: =event.lines, item_var: line, body: [{type: upsert_team_external_identity, external_id: =line.sku, external_name: =pseudonym(line.name)}]}
`

// TestPersonalDataDoesNotReachTheDisk: whatever becomes of a call at a source with marks, what is marked is kept as a
// pseudonym or not at all.
func TestPersonalDataDoesNotReachTheDisk(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", carries)
		w.mark(t, source.ID, "contact.email email", "lines[].name name", "**.bsn text", "address text")
		path := "/in/" + id.Format(id.Source, source.ID)
		planted := 0
		for _, c := range []struct {
			name   string
			status int
			body   string // each %s is a value of its own
			header []string
		}{
			{"taken", 200, `{"id": 1, "contact": {"email": "%s"}, "lines": [{"name": "%s", "sku": "a"}], "address": {"street": "%s", "no": 1}}`, nil},
			{"a batch", 200, `[{"id": 1, "contact": {"email": "%s"}}, {"id": 2, "x": {"y": [{"bsn": "%s"}]}}]`, nil},
			{"a batch with what is no object", 200, `[{"id": 1, "contact": {"email": "%s"}}, "%s", 12, null, ["%s"]]`, nil},
			{"only what is no object", 422, `["%s"]`, nil},
			{"a text", 422, `"%s"`, nil},
			{"another shape", 200, `{"id": 1, "contact": "%s", "lines": {"name": "%s"}}`, nil},
			{"a list of contacts", 200, `{"id": 1, "contact": [{"email": ["%s", ["%s"]]}]}`, nil},
			{"an event", 200, `{"id": 2, "contact": {"email": "%s"}}`, []string{"X-Event-Id", "e"}},
			{"the event again", 200, `{"id": 3, "contact": {"email": "%s"}}`, []string{"X-Event-Id", "e"}},
			{"refused for its event", 422, `{"id": 2, "contact": {"email": "%s"}}`, []string{"X-Event-Id", strings.Repeat("e", 300)}},
			{"cannot be read", 400, `{"id": 2, "contact": {"email": "%s"},}`, nil},
			{"a key stands twice", 400, `{"%[1]s": 1, "%[1]s": 2}`, nil},
			{"a strange character", 400, `{"id": 1, "contact": {"email": "%s\q"}}`, nil},
			{"no JSON at all", 400, `email=%s`, nil},
			{"another media type", 415, `{"contact": {"email": "%s"}}`, []string{"Content-Type", "application/xml"}},
			{"a failing run", 200, `{"contact": {"email": "%s"}}`, nil},
			{"broken gzip", 400, `{"contact": {"email": "%s"}}`, []string{"Content-Encoding", "gzip"}},
		} {
			values := make([]any, strings.Count(c.body, "%s")+strings.Count(c.body, "%[1]s")/2)
			for i := range values {
				planted++
				values[i] = fmt.Sprintf("planted%d@example.test", planted)
			}
			if got := w.call(path, w.Key, fmt.Sprintf(c.body, values...), c.header...); got.Code != c.status {
				t.Errorf("%s: %d %s, want %d", c.name, got.Code, got.Body, c.status)
			}
			for _, v := range values {
				if where := stored(t, w.DB, v.(string)); len(where) > 0 {
					t.Errorf("%s: %s is in %v", c.name, v, where)
				}
			}
		}
		unmarked, _ := w.AddSource(t, "Unmarked", carries)
		w.call("/in/"+id.Format(id.Source, unmarked.ID), w.Key, `{"contact": {"email": "elsewhere@example.test"}}`)
		if where := stored(t, w.DB, "elsewhere@example.test"); len(where) == 0 {
			t.Error("an unmarked value is nowhere, so the test looks at the wrong places")
		}
		if got := stored(t, w.DB, `"hash"`); len(got) < 4 {
			t.Errorf("what cannot be read leaves no notes: %v", got)
		}
		if n := w.Count(t, "source_executions WHERE error LIKE '%line 1, column%'"); n < 3 {
			t.Errorf("%d calls of the log name the place of the mistake", n)
		}
	})
}

// TestADeliveryIsReadAsItRan: what is stored gives what the run saw, trace and digest match, and a mark that is younger
// holds for whoever reads it.
func TestADeliveryIsReadAsItRan(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		source, _ := w.AddSource(t, "Deals", carries)
		w.mark(t, source.ID, "contact.email email", "lines[].name name")
		path := "/in/" + id.Format(id.Source, source.ID)
		// A false pseudonym is only text: it is not among the places.
		forged := "psn_abcdefghijklmnopqrstuvwxyz"
		got := w.call(path, w.Key, `{"id": "`+forged+`", "number": 1.50, "contact": {"email": " Jan@Example.test", "id": 7}, "lines": [{"name": "Jan", "sku": "a"}, {"name": "", "sku": "b"}]}`)
		if got.Code != http.StatusOK {
			t.Fatal(got.Body)
		}
		var execution, delivery int64
		w.Ask(t, "SELECT max(id), max(delivery_id) FROM executions", nil, &execution, &delivery)
		x, err := explain.Trace(t.Context(), w.DB, w.Node.Library, w.ID, execution)
		if err != nil {
			t.Fatal(err)
		}
		if !x.Tree.DigestMatches || x.Ran == nil || x.Redacted {
			t.Errorf("the trace does not match: %s", x.Tree.Note)
		}
		item := func() string {
			t.Helper()
			line, err := w.DB.Delivery(t.Context(), w.ID, delivery)
			if err != nil {
				t.Fatal(err)
			}
			door, err := w.DB.Door(t.Context(), w.Node.Library, w.ID, source.ID)
			if err != nil {
				t.Fatal(err)
			}
			v, err := execute.Item(&line.Delivery, door)
			if err != nil {
				t.Fatal(err)
			}
			kinds := []string{}
			for _, at := range []string{"id", "number"} {
				kinds = append(kinds, v.Get(at).Kind().String())
			}
			kinds = append(kinds, v.Get("contact").Get("email").Kind().String(), v.Get("contact").Get("id").Kind().String(), v.Get("lines").At(0).Get("name").Kind().String(), v.Get("lines").At(1).Get("name").String())
			return strings.Join(kinds, ", ")
		}
		if diff := cmp.Diff("text, a number, a personal value, a number, a personal value, \"\"", item()); diff != "" {
			t.Error(diff)
		}
		key := ""
		w.Ask(t, "SELECT contact_key FROM anonymous_activities", nil, &key)
		if want, _ := pseudonym.Of(w.PseudonymKey, w.Country, "email", "jan@example.test"); key != want {
			t.Errorf("the contact key is %s, want %s", key, want)
		}

		w.mark(t, source.ID, "contact.email email", "lines[].name name", "number text")
		if diff := cmp.Diff("text, a personal value, a personal value, a number, a personal value, \"\"", item()); diff != "" {
			t.Errorf("with a younger mark: %s", diff)
		}
		if x, err = explain.Trace(t.Context(), w.DB, w.Node.Library, w.ID, execution); err != nil {
			t.Fatal(err)
		}
		if x.Tree.DigestMatches || x.Ran == nil || !strings.Contains(x.Tree.Note, "marked as personal data after it ran") {
			t.Errorf("with a younger mark the trace says %v %v %q", x.Tree.DigestMatches, x.Ran != nil, x.Tree.Note)
		}
	})
}

// person is a source model with a schema that marks personal data.
func person() connector.Catalogue {
	all := connector.Standard()
	webhooks := *all[0]
	webhooks.Sources = []*connector.SourceType{{
		Name: "crm.person", Title: "Person", Var: "person",
		Record: types.ObjectOf(
			types.Field{Name: "id", Type: types.Text},
			types.Field{Name: "email", Type: types.PersonalOf("email")},
			types.Field{Name: "address", Type: types.ObjectOf(types.Field{Name: "street", Type: types.PersonalOf("address")}, types.Field{Name: "country", Type: types.Text}).Maybe()},
			types.Field{Name: "phones", Type: types.ListOf(types.PersonalOf("phone"))},
			types.Field{Name: "lines", Type: types.ListOf(types.ObjectOf(types.Field{Name: "name", Type: types.PersonalOf("name")}, types.Field{Name: "price", Type: types.Num}))},
		),
	}}
	return connector.Catalogue{&webhooks}
}

// TestAModelThatMarks: fields outside the schema are dropped and named; data of another shape than declared leaks nothing.
func TestAModelThatMarks(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		catalogue := person()
		n := pipelinetest.Start(t, d.Open(t), library.Standard().WithModels(catalogue.Models()...))
		n.Catalogue = catalogue
		w := &door{Node: n, Tenant: n.Tenant(t, "acme"), tally: ingest.NewTally(n.DB, pipelinetest.Log())}
		w.handler = &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: w.tally, Clock: time.Now, Log: pipelinetest.Log()}
		source, _ := w.AddSource(t, "People", `
spec: 1
source_model: crm.person
instructions:
  - {type: upsert_team_external_identity, external_id: =pseudonym(person.email)}
  - {type: for_each, list: =person.lines, item_var: line, body: [{type: upsert_team_external_identity, external_id: =pseudonym(line.name)}]}
`)
		path := "/in/" + id.Format(id.Source, source.ID)
		for _, body := range []string{
			`{"id": "1", "email": "secret1@x.test", "address": {"street": "secret2", "country": "NL"}, "phones": ["secret3"], "lines": [{"name": "secret4", "price": 1}]}`,
			`{"id": "2", "email": ["secret5"], "address": "secret6", "phones": "secret7", "lines": {"name": "secret8", "price": 1}}`,
			`{"id": "3", "email": {"work": "secret9"}, "address": [["secret10"]], "phones": {"a": "secret11"}, "lines": ["secret12"], "iban": "secret13", "lines_more": 1}`,
			`{"id": {"nested": "secret14"}, "email": true, "lines": [{"name": "", "price": {"x": "secret15"}, "extra": "secret16"}]}`,
		} {
			if got := w.call(path, w.Key, body); got.Code != http.StatusOK {
				t.Errorf("%s: %s", body, got.Body)
			}
		}
		if where := stored(t, w.DB, "secret"); len(where) > 0 {
			t.Errorf("secrets are in %v", where)
		}
		calls, err := w.DB.ListCalls(t.Context(), pipeline.CallFilter{TenantID: w.ID}, page.Request{})
		if err != nil {
			t.Fatal(err)
		}
		var remarks []string
		for _, c := range calls.Items {
			remarks = append(remarks, c.Remarks...)
		}
		want := []string{
			"fields of item 0 that crm.person does not have were dropped: id, lines[].extra, lines[].price",
			"fields of item 0 that crm.person does not have were dropped: iban, lines_more",
		}
		if diff := cmp.Diff(want, remarks); diff != "" {
			t.Error(diff)
		}
	})
}

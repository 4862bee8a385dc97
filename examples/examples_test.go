package examples_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/examples"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// folders are the examples.
func folders(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(examples.Specs, "*/spec.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for i := range files {
		files[i] = strings.TrimSuffix(files[i], "/spec.yaml")
	}
	return files
}

func read(t *testing.T, folder string) ([]byte, *tree.Spec, []tree.Problem) {
	t.Helper()
	source, err := examples.Specs.ReadFile(folder + "/spec.yaml")
	if err != nil {
		t.Fatal(err)
	}
	spec, problems, places := text.ReadYAML(source, library.Standard())
	if spec == nil {
		t.Fatalf("%s: %v", folder, problems)
	}
	model, _ := processor.ModelOf(spec.SourceModel)
	_, more := check.Check(spec, library.Standard(), model)
	places.Place(more)
	return source, spec, append(problems, more...)
}

// TestCheck: people learn from examples, so not even a warning is left in them.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, folder := range folders(t) {
		_, _, problems := read(t, folder)
		for _, p := range problems {
			t.Errorf("%s/spec.yaml:%d:%d: %s: %s", folder, p.Line, p.Column, p.Code, p.Message)
		}
	}
}

// TestSpecTests delivers what the tests of each spec give, through the door of a source, and looks for the records they
// expect.
func TestSpecTests(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		node := pipelinetest.Start(t, d.Open(t), library.Standard())
		handler := &ingest.Handler{Plan: node.Plan, Writer: node.Writer, Tally: ingest.NewTally(node.DB, pipelinetest.Log()), Clock: time.Now, Log: pipelinetest.Log()}
		for _, folder := range folders(t) {
			source, spec, _ := read(t, folder)
			for n, test := range spec.Tests {
				t.Run(folder+"/"+test.Name(), func(t *testing.T) {
					w := &world{Node: node, Tenant: node.Tenant(t, fmt.Sprint(folder, n)), handler: handler}
					s, _ := w.AddSource(t, folder, string(source))
					given, _ := test.Get("given")
					deliveries := given.Items()
					if given.Kind() == value.KindObject {
						deliveries = []value.Value{given}
					}
					for _, one := range deliveries {
						w.deliver(t, s.ID, one)
					}
					expect, _ := test.Get("expect")
					w.check(t, s.ID, expect)
				})
			}
		}
	})
}

type world struct {
	*pipelinetest.Node
	*pipelinetest.Tenant
	handler http.Handler
}

func (w *world) deliver(t *testing.T, sourceID int64, body value.Value) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, ingest.SourcePath+id.Format(id.Source, sourceID), strings.NewReader(string(body.AppendJSON(nil))))
	r.Header.Set("Authorization", "Bearer "+w.Key)
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
}

// check compares what is there with what a test expects: of each kind it names exactly these records, of each record the
// named fields.
func (w *world) check(t *testing.T, sourceID int64, expect value.Value) {
	t.Helper()
	runs, err := w.ListExecutions(t.Context(), pipeline.ExecutionFilter{TenantID: w.ID, SourceID: sourceID}, page.Request{Size: 1})
	if err != nil || len(runs.Items) == 0 {
		t.Fatalf("no execution: %v", err)
	}
	last := runs.Items[0]
	want := cmp.Or(expect.Get("outcome").Text(), "succeeded")
	if string(last.Status) != want {
		t.Errorf("it %s, with %v; want %s", last.Status, last.Errors, want)
	}
	if code := expect.Get("error").Get("code").Text(); code != "" && (len(last.Errors) == 0 || last.Errors[0].Code != code) {
		t.Errorf("errors %v; want %s", last.Errors, code)
	}
	for _, kind := range record.Kinds {
		if list := expect.Get(strings.ReplaceAll(kind.Plural, "-", "_")); expect.Has(strings.ReplaceAll(kind.Plural, "-", "_")) {
			rows, err := w.ListRecords(t.Context(), storage.RecordFilter{TenantID: w.ID, Kind: kind}, page.Request{Size: 100})
			if err != nil {
				t.Fatal(err)
			}
			entities := make([]value.Entity, len(rows.Items))
			for i, row := range rows.Items {
				entities[i] = row
			}
			compare(t, kind.Plural, list.Items(), entities)
		}
	}
	for _, agent := range expect.Get("agents").Items() {
		for _, field := range []string{"external_name", "email"} {
			if !agent.Has(field) {
				continue
			}
			var got string
			w.Ask(t, "SELECT coalesce(max("+field+"), '') FROM identities WHERE tenant_id = ? AND kind = 'agent' AND external_id = ?",
				[]any{w.ID, agent.Get("external_id").Text()}, &got)
			if got != agent.Get(field).Text() {
				t.Errorf("agent %s: %s is %q; want %q", agent.Get("external_id").Text(), field, got, agent.Get(field).Text())
			}
		}
	}
}

func compare(t *testing.T, what string, want []value.Value, have []value.Entity) {
	t.Helper()
	if len(have) != len(want) {
		t.Errorf("%d %s; want %d", len(have), what, len(want))
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range want {
		key := w.Get("external_id").Text()
		i := slices.IndexFunc(have, func(e value.Entity) bool { return e.ExternalID() == key })
		if i < 0 {
			t.Errorf("%s: there is no %q", what, key)
			continue
		}
		for _, m := range w.Members() {
			got, wanted := have[i].Field(m.Key), m.Value
			switch got.Kind() {
			case value.KindRef:
				got = value.Text(got.Entity().ExternalID())
			case value.KindMoment:
				wanted, _ = library.ReadMoment(wanted.Text(), zone)
			}
			if !got.Equal(wanted) {
				t.Errorf("%s %q: %s is %s; want %s", what, key, m.Key, got.AppendJSON(nil), wanted.AppendJSON(nil))
			}
		}
	}
}

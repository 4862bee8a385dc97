package examples_test

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/examples"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// received is when the items come, through the door as in the test.
var received = time.Date(2026, 1, 12, 10, 0, 0, 0, time.UTC)

// TestSameOnDatabases: an item that comes through the door of a source runs on either database as in a test of the spec:
// the digest, which covers every value and every answer of the records, is the same. Pseudonyms differ, since those of
// tests can be read.
func TestSameOnDatabases(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		node := pipelinetest.Start(t, d.Open(t), library.Standard())
		handler := &ingest.Handler{
			Plan: node.Plan, Writer: node.Writer, Tally: ingest.NewTally(node.DB, pipelinetest.Log()),
			Clock: func() time.Time { return received }, Log: pipelinetest.Log(),
		}
		compared := 0
		for _, folder := range folders(t) {
			source, err := examples.Specs.ReadFile(folder + "/spec.yaml")
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(source), "pseudonym(") {
				continue
			}
			compared++
			item, err := os.ReadFile(folder + "/item.json")
			if err != nil {
				t.Fatal(err)
			}
			tenant := node.Tenant(t, folder)
			s, _ := tenant.AddSource(t, folder, string(source))
			deliver(t, handler, tenant.Key, s.ID, string(item))
			var digest []byte
			node.Ask(t, "SELECT digest FROM executions WHERE tenant_id = ?", []any{tenant.ID}, &digest)
			if want := digestOf(t, folder, item); hex.EncodeToString(digest) != want {
				t.Errorf("%s: the digest is %x, and %s in a test", folder, digest, want)
			}
		}
		if compared < 8 {
			t.Errorf("only %d examples were compared", compared)
		}
	})
}

func deliver(t *testing.T, handler http.Handler, key string, sourceID int64, body string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, ingest.SourcePath+id.Format(id.Source, sourceID), strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
}

// digestOf runs the item as a test of the spec.
func digestOf(t *testing.T, folder string, content []byte) string {
	t.Helper()
	item, syntax := value.ParseJSON(content, value.Limits{})
	if syntax != nil {
		t.Fatal(syntax)
	}
	spec, _ := read(t, folder)
	result, err := suiteOf(t, spec).Run(&tree.Test{Members: []value.Member{
		{Key: "name", Value: value.Text("item.json")},
		{Key: "given", Value: item},
		{Key: "received_at", Value: value.Text(received.Format(time.RFC3339))},
		{Key: "expect", Value: value.Object(nil)},
	}})
	if err != nil || !result.Passed() {
		t.Fatalf("%s: %v %v", folder, result.Differences, err)
	}
	return hex.EncodeToString(result.Digest)
}

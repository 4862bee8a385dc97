package storagetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/specgen"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// sameSpecs is how many drawn specs each get sameItems drawn deliveries.
const (
	sameSpecs = 100
	sameItems = 20
)

// drawnWork is a spec with what is delivered to it, as text.
type drawnWork struct {
	spec string
	body string // a list of items
}

// work draws specs that check, each with items enough that records meet again.
func work(t *testing.T, lib *library.Library) []drawnWork {
	t.Helper()
	var all []drawnWork
	for seed := uint64(1); len(all) < sameSpecs; seed++ {
		c := specgen.DrawPayload(seed, lib)
		if _, problems := check.Check(c.Spec, lib, c.Model); tree.HasErrors(problems) || len(c.Spec.Instructions) == 0 {
			continue
		}
		var items []value.Value
		for more := uint64(0); len(items) < sameItems; more++ {
			for _, item := range specgen.DrawPayload(seed+more<<32, lib).Items {
				body := item.Value.String()
				_, refused := value.ParseJSON([]byte(body), value.Limits{Depth: 32}) // no door takes what is much deeper
				if item.Value.Kind() == value.KindObject && refused == nil && len(items) < sameItems && len(body) < 10_000 {
					items = append(items, item.Value)
				}
			}
		}
		all = append(all, drawnWork{spec: string(text.FormatYAML(c.Spec, lib)), body: value.List(items).String()})
	}
	return all
}

// TestEnginesGiveTheSame: what the same deliveries to the same specs leave is the same, byte for byte, on either
// database and once more on a fresh one: how each execution ended, with its errors, answers and digest, its trace, and
// the records with every field.
func TestEnginesGiveTheSame(t *testing.T) {
	t.Parallel()
	lib := library.Standard()
	drawn := work(t, lib)
	left := map[string][]string{}
	for _, turn := range []string{"first", "again"} {
		storagetest.InTurn(t, func(t *testing.T, d *storagetest.Database) {
			left[d.Name+" "+turn] = deliverAll(t, pipelinetest.Start(t, d.Open(t), lib), drawn)
		})
	}
	want := left["sqlite first"]
	executions, succeeded := 0, 0
	for _, line := range want {
		if strings.HasPrefix(line, "execution ") {
			executions++
		}
		if strings.Contains(line, ": succeeded {") {
			succeeded++
		}
	}
	if executions < sameSpecs*sameItems || succeeded < executions/5 {
		t.Errorf("only %d executions were compared, of which %d succeeded", executions, succeeded)
	}
	t.Logf("%d executions, of which %d succeeded, %d records", executions, succeeded, len(want)-executions)
	for name, got := range left {
		for i := range max(len(want), len(got)) {
			if i >= len(want) || i >= len(got) || want[i] != got[i] {
				t.Errorf("sqlite first and %s differ at line %d of %d and %d:\n%s", name, i, len(want), len(got), cmp.Diff(want[min(i, len(want)):min(i+1, len(want))], got[min(i, len(got)):min(i+1, len(got))]))
				break
			}
		}
	}
}

// deliverAll sends everything through the door and writes down what is stored afterwards.
func deliverAll(t *testing.T, n *pipelinetest.Node, drawn []drawnWork) []string {
	t.Helper()
	received := time.Date(2026, 1, 12, 10, 0, 0, 0, time.UTC)
	handler := &ingest.Handler{
		Plan: n.Plan, Writer: n.Writer, Tally: ingest.NewTally(n.DB, pipelinetest.Log()),
		Clock: func() time.Time { return received }, Log: pipelinetest.Log(),
	}
	tenant := n.Tenant(t, "same")
	paths := make([]string, len(drawn))
	for i, w := range drawn {
		s, _ := tenant.AddSource(t, fmt.Sprintf("source %d", i), w.spec)
		paths[i] = ingest.SourcePath + id.Format(id.Source, s.ID)
	}
	for i, w := range drawn {
		r := httptest.NewRequest(http.MethodPost, paths[i], strings.NewReader(w.body))
		r.Header.Set("Authorization", "Bearer "+tenant.Key)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK && answer.Code != http.StatusMultiStatus && answer.Code != http.StatusUnprocessableEntity {
			t.Fatalf("%d %.500s\n%s", answer.Code, answer.Body, w.spec)
		}
	}
	return append(executionsOf(t, n), recordsOf(t, n, tenant.ID)...)
}

// executionsOf writes down every execution with its trace.
func executionsOf(t *testing.T, n *pipelinetest.Node) []string {
	t.Helper()
	var lines []string
	for last := int64(0); ; {
		some, err := n.RecentExecutions(t.Context(), last, 500)
		if err != nil {
			t.Fatal(err)
		}
		if len(some) == 0 {
			break
		}
		last = some[len(some)-1].ID
		for _, e := range some {
			lines = append(lines, executionLine(t, n, e))
		}
	}
	slices.Sort(lines)
	return lines
}

func executionLine(t *testing.T, n *pipelinetest.Node, e pipeline.ExecutionLine) string {
	t.Helper()
	x, err := explain.Recompute(t.Context(), n.DB, n.Library, e)
	if err != nil {
		t.Fatal(err)
	}
	if !x.Tree.DigestMatches {
		t.Errorf("execution %d of delivery %d: its trace is not what ran", e.ID, e.Number)
	}
	shown, err := json.Marshal(x.Tree)
	if err != nil {
		t.Fatal(err)
	}
	var errs []string
	for _, one := range e.Errors {
		errs = append(errs, fmt.Sprintf("%s %s %s: %s", one.Code, one.Place, one.Value, one.Message))
	}
	return fmt.Sprintf("execution of delivery %d at %d: %s %+v errors %q answers %x digest %x trace %s", e.Number, e.Position, e.Status, e.Counts, errs, e.Answers, e.Digest, shown)
}

// recordsOf writes down every record and identity, with the mark of each field. Numbers that the database gave are left
// out: an identity is named by what it is.
func recordsOf(t *testing.T, n *pipelinetest.Node, tenantID int64) []string {
	t.Helper()
	var lines []string
	for _, kind := range record.Kinds {
		for request := (page.Request{Size: 100, Sort: "external_id"}); ; {
			p, err := n.ListRecords(t.Context(), storage.RecordFilter{TenantID: tenantID, Kind: kind}, request)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range p.Items {
				var b bytes.Buffer
				fmt.Fprintf(&b, "%s %q", kind.Noun, row.Key.ExternalID)
				for i, f := range kind.Fields {
					fmt.Fprintf(&b, " %s=%s@%v", f.Name, trace.V{Value: row.Values[i]}, row.MarkOf(i))
				}
				fmt.Fprintf(&b, " locked %v", slices.Sorted(maps.Keys(row.Locks)))
				lines = append(lines, b.String())
			}
			if p.Next == nil {
				break
			}
			request.Cursor = p.Next
		}
	}
	slices.Sort(lines)
	return lines
}

package spectest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestMadeCases plays testdata/made/*.txtar on both databases: spec.yaml is a spec; deliveries has an item per line, or
// "again 2", which runs the second line's again; tests is what each execution gives, as a test. All of them pass, and
// fail once an instruction that they came by is switched off.
func TestMadeCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/made/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		w := &made{
			Node: n, again: &queue.Queue{Store: storage.QueueStore{DB: n.DB, Loader: storage.NewPictureLoader(n.DB, n.Library)}, Plan: n.Plan, Writer: n.Writer, Log: pipelinetest.Log()},
			doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: func() time.Time { return time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC) }, Log: pipelinetest.Log()},
		}
		for _, name := range files {
			t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
				archive, err := txtar.ParseFile(name)
				if err != nil || len(archive.Files) != 3 {
					t.Fatalf("a case has spec.yaml, deliveries and tests: %v", err)
				}
				got := w.play(t, filepath.Base(name), string(archive.Files[0].Data), strings.Split(strings.TrimSpace(string(archive.Files[1].Data)), "\n"))
				if *update && d.Name == "sqlite" {
					archive.Files[2].Data = []byte(got)
					if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				if diff := cmp.Diff(string(archive.Files[2].Data), got); diff != "" {
					t.Errorf("-want +got\n%s", diff)
				}
			})
		}
	})
}

type made struct {
	*pipelinetest.Node
	doors *ingest.Handler
	again *queue.Queue
}

func (w *made) play(t *testing.T, name, spec string, deliveries []string) string {
	t.Helper()
	company := w.Tenant(t, name)
	source, _ := company.AddSource(t, "Source", spec)
	var ran []int64
	for _, line := range deliveries {
		if n, ok := strings.CutPrefix(line, "again "); ok {
			i, err := strconv.Atoi(n)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.again.Replay(t.Context(), company.ID, ran[i-1], false); err != nil {
				t.Fatal(err)
			}
		} else {
			w.deliver(t, id.Format(id.Source, source.ID), company.Key, line)
		}
		p, err := w.ListExecutions(t.Context(), pipeline.ExecutionFilter{TenantID: company.ID}, page.Request{Size: 1})
		if err != nil {
			t.Fatal(err)
		}
		ran = append(ran, p.Items[0].ID)
	}
	var b strings.Builder
	for i, e := range ran {
		m, err := spectest.Make(t.Context(), w.DB, w.Library, company.ID, e, "line "+strconv.Itoa(i+1))
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text.FormatTest(m.Test, w.Library))
		if !m.SameRun {
			fmt.Fprintln(&b, "not the very same run")
		}
		for _, r := range m.Remarks {
			fmt.Fprintln(&b, "remark:", r)
		}
		if !m.Result.Passed() {
			t.Errorf("line %d: it does not pass: %v\n%s", i+1, m.Result.Differences, text.FormatTest(m.Test, w.Library))
		}
		if m.Execution.Status != run.Failed {
			failsWithout(t, w.Library, m)
		}
	}
	return internalID.ReplaceAllString(b.String(), "xid_…")
}

// internalID of an identity, which is another one in each database.
var internalID = regexp.MustCompile("xid_[0-9a-z]{10}")

func (w *made) deliver(t *testing.T, source, key, body string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, ingest.SourcePath+source, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	answer := httptest.NewRecorder()
	if w.doors.ServeHTTP(answer, r); answer.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", body, answer.Code, answer.Body)
	}
}

// failsWithout switches off each instruction that wrote something the test expects, one at a time: then the test fails.
func failsWithout(t *testing.T, lib *library.Library, m *spectest.Made) {
	t.Helper()
	model, _ := lib.Model(m.Spec.SourceModel)
	suite, err := spectest.New(m.Spec, lib, model)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := suite.Run(m.Test); err != nil {
		t.Fatal(err)
	}
	missed := map[string]bool{}
	for _, s := range suite.Coverage().Instructions().Missed {
		missed[s.Instruction] = true
	}
	m.Spec.Walk(func(_ string, i *tree.Instruction) bool {
		if !strings.HasPrefix(i.Type, "upsert_") || missed[i.ID] || i.Disabled {
			return true
		}
		i.Disabled = true
		defer func() { i.Disabled = false }()
		without, err := spectest.New(m.Spec, lib, model)
		if err != nil {
			return true // what it returns is missed by others
		}
		result, err := without.Run(m.Test)
		if err != nil {
			t.Fatal(err)
		}
		if result.Passed() {
			t.Errorf("the test passes without %s %s:\n%s", i.ID, i.Type, text.FormatTest(m.Test, lib))
		}
		return true
	})
}

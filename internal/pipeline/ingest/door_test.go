package ingest_test

import (
	"bufio"
	"context"
	"database/sql"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	"github.com/dealwright/dealwright/internal/tenant"
)

var update = flag.Bool("update", false, "rewrite the answers and logs of testdata/door")

// door is a handler on a node, with a tenant at whose doors tests call.
type door struct {
	*pipelinetest.Node
	*pipelinetest.Tenant
	tally   *ingest.Tally
	handler *ingest.Handler
}

func open(t testing.TB, d *storagetest.Database) *door {
	t.Helper()
	return openOn(t, d.Open(t))
}

func openOn(t testing.TB, db *storage.DB) *door {
	t.Helper()
	n := pipelinetest.Start(t, db, library.Standard())
	tally := ingest.NewTally(n.DB, pipelinetest.Log())
	w := &door{Node: n, Tenant: n.Tenant(t, "acme"), tally: tally}
	w.handler = &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()}
	return w
}

func (d *door) call(path, key, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer := httptest.NewRecorder()
	d.handler.ServeHTTP(answer, r)
	return answer
}

// write has the tally write what it has, as at its end.
func (d *door) write(t testing.TB) {
	t.Helper()
	ended, stop := context.WithCancel(t.Context())
	stop()
	if err := d.tally.Run(ended); err != nil {
		t.Fatal(err)
	}
}

// TestDoor plays testdata/door/*.txtar. A file has the specs of the processors on {source} (`spec….yaml`, in order),
// then calls, each a request as it goes over the wire, and its answer: `call …` and `answer …`; last the call log:
// `log`. Ids and moments in answers are masked. In requests {source}, {provider} and {key} stand for those of the test's
// tenant, {other-source}, {other-provider} and {other-key} for those of another tenant, {second-key} for the key of the
// tenant's other provider; {off} in the name of a file's first comment line switches record kinds off.
func TestDoor(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/door/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		other := w.Node.Tenant(t, "other")
		otherSource, _ := other.AddSource(t, "Elsewhere")
		_, second := w.AddProvider(t, "Second")
		for n, file := range files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
				archive, err := txtar.ParseFile(file)
				if err != nil {
					t.Fatal(err)
				}
				var specs []string
				for _, f := range archive.Files {
					if strings.HasPrefix(f.Name, "spec") {
						specs = append(specs, string(f.Data))
					}
				}
				p, key := w.AddProvider(t, fmt.Sprint("Provider ", n))
				w.Provider = p
				source, _ := w.AddSource(t, "Source", specs...)
				fill := strings.NewReplacer(
					"{source}", id.Format(id.Source, source.ID), "{provider}", id.Format(id.Provider, p.ID), "{key}", key,
					"{other-source}", id.Format(id.Source, otherSource.ID), "{other-provider}", id.Format(id.Provider, other.Provider.ID),
					"{other-key}", other.Key, "{second-key}", second,
				)
				kinds := tenant.Kinds
				if strings.Contains(string(archive.Comment), "{off}") {
					kinds = []string{"sale"}
				}
				setKinds(t, w, kinds)
				answer := ""
				for i := range archive.Files {
					f := &archive.Files[i]
					switch word, _, _ := strings.Cut(f.Name, " "); word {
					case "call":
						answer = mask(fill, w.wire(t, fill.Replace(string(f.Data))))
					case "answer":
						check(t, f, answer)
					case "log":
						w.write(t)
						check(t, f, mask(fill, callLog(t, w.DB, p.ID)))
					}
				}
				if *update && d.Name == "sqlite" {
					if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
						t.Fatal(err)
					}
				}
			})
		}
	})
}

func setKinds(t *testing.T, w *door, kinds []string) {
	t.Helper()
	_, err := w.ChangeTenant(t.Context(), w.ID, func(before tenant.Tenant) (tenant.Tenant, error) {
		before.RecordKinds = kinds
		return before, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, f *txtar.File, got string) {
	t.Helper()
	if *update {
		f.Data = []byte(got)
		return
	}
	if diff := cmp.Diff(string(f.Data), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", f.Name, diff)
	}
}

// wire sends a request as it is written in a file and gives status and body.
func (d *door) wire(t *testing.T, request string) string {
	t.Helper()
	head, body, _ := strings.Cut(request, "\n\n")
	body = strings.TrimSuffix(body, "\n")
	lines := strings.Split(strings.TrimRight(head, "\n"), "\n")
	raw := lines[0] + " HTTP/1.1\r\nHost: dealwright\r\n" + strings.Join(lines[1:], "\r\n")
	if len(lines) > 1 {
		raw += "\r\n"
	}
	if strings.Contains(request, "multipart/form-data") {
		body = strings.ReplaceAll(body, "\n", "\r\n") + "\r\n"
	}
	raw += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	r.RemoteAddr = "203.0.113.5:4711"
	answer := httptest.NewRecorder()
	d.handler.ServeHTTP(answer, r)
	return fmt.Sprintf("%d\n%s\n", answer.Code, answer.Body)
}

var masks = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`,?"meta":\{[^}]*\}`), ``},
	{regexp.MustCompile(`\b([a-z]{3})_[0-9a-z]{10}\b`), `${1}_…`},
	{regexp.MustCompile(`(\},)(\{"(?:id|noun|index|field|code)")`), "$1\n $2"},
}

func mask(fill *strings.Replacer, answer string) string {
	_ = fill
	for _, m := range masks {
		answer = m.find.ReplaceAllString(answer, m.put)
	}
	return answer
}

// callLog gives the source executions of a provider, oldest first.
func callLog(t *testing.T, db *storage.DB, providerID int64) string {
	t.Helper()
	var log strings.Builder
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		rows, err := tx.Query(`
			SELECT door, status, http_status, items, COALESCE(remarks, '[]'), body, COALESCE(error, ''), caller, media, bytes, more
			FROM source_executions LEFT JOIN turned_away ON turned_away.id = source_executions.id
			WHERE provider_id = ? ORDER BY source_executions.id`, providerID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var door, status, remarks string
			var http, items int
			var body []byte
			var failure string
			var caller, media sql.NullString
			var bytes, more sql.NullInt64
			if err := rows.Scan(&door, &status, &http, &items, &remarks, &body, &failure, &caller, &media, &bytes, &more); err != nil {
				return err
			}
			if caller.Valid {
				fmt.Fprintf(&log, "%s %s %d turned away, from %s, %q, %d bytes, %d more like it: %s\n", door, status, http, caller.String, media.String, bytes.Int64, more.Int64, failure)
				continue
			}
			fmt.Fprintf(&log, "%s %s %d items=%d remarks=%s body=%q\n", door, status, http, items, remarks, body)
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return log.String()
}

package rekey_test

import (
	"database/sql"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/rekey"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

var varies = regexp.MustCompile(`\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ|\b(dlv|und)_\w{10}\b`)

var update = flag.Bool("update", false, "write what the cases give into their files")

// TestCases plays testdata/*.txtar on both databases. The sections of a file are, in order:
//
//	spec…                       of the processors on the source
//	<n> source, <n> <door>      calls, numbered from 1
//	save                        a new version of the first processor
//	preview, rekey [limit <n>]  of the first processor, followed by what is answered; limited, it is asked until the end,
//	                            and how often it was asked is told
//	preview undo, undo          of the newest re-key, likewise
//	take back <n>, give back <n>, replay <n>
//	                            of the executions of a call
//	why <noun> <external id>    which field of the delivery its id comes from
//	absent <noun> <external id> what is said of an id that is not there any more
//	state                       all there is: marks and locks, too
//
// A preview writes nothing, and a re-key does what its preview said: that is checked.
func TestCases(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		loader := storage.NewPictureLoader(n.DB, n.Library)
		trials := &trial.Desk{Store: n.DB, Library: n.Library, Plan: n.Plan}
		for _, c := range pipelinetest.Cases(t) {
			t.Run(c.Name, func(t *testing.T) {
				w := &world{
					Node: n, Tenant: n.Tenant(t, c.Name), calls: map[string]int64{},
					doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()},
					runs:  &queue.Queue{Store: storage.QueueStore{DB: n.DB, Loader: loader}, Plan: n.Plan, Writer: n.Writer, Log: pipelinetest.Log()},
					undos: &undo.Desk{Store: n.DB, Library: n.Library, Writer: n.Writer},
					whys:  &why.Desk{Store: n.DB, Library: n.Library},
					desk:  &rekey.Desk{Store: n.DB, Trials: trials, Writer: n.Writer},
				}
				w.play(t, c, *update && d.Name == "sqlite")
			})
		}
	})
}

type world struct {
	*pipelinetest.Node
	*pipelinetest.Tenant
	doors  *ingest.Handler
	runs   *queue.Queue
	undos  *undo.Desk
	whys   *why.Desk
	desk   *rekey.Desk
	source int64
	first  int64            // processor
	calls  map[string]int64 // as the files number them
}

func (w *world) play(t *testing.T, c *pipelinetest.Case, update bool) {
	source, processors := w.AddSource(t, "Source", c.Specs...)
	w.source, w.first = source.ID, processors[0]
	c.Play(t, update, func(words []string, body string) (string, bool) { return w.do(t, words, body) })
}

// do carries out a section; answers says whether what it gives is compared.
func (w *world) do(t *testing.T, words []string, body string) (got string, answers bool) {
	t.Helper()
	by := access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}
	switch words[0] {
	case "save":
		w.Save(t, w.first, body)
	case "state":
		return w.state(t), true
	case "preview", "rekey", "undo":
		return w.rekey(t, words), true
	case "take", "give":
		for _, e := range w.executions(t, words[2]) {
			if _, err := w.undos.Execution(t.Context(), undo.Ask{By: by, ID: e, Redo: words[0] == "give"}); err != nil {
				t.Fatal(err)
			}
		}
	case "replay":
		for _, e := range w.executions(t, words[1]) {
			if _, err := w.runs.Replay(t.Context(), w.ID, e, false); err != nil {
				t.Fatal(err)
			}
		}
	case "why":
		return w.why(t, words[1], strings.ReplaceAll(words[2], "_", " ")), true
	case "absent":
		a, err := w.whys.Absent(t.Context(), why.Wanted{TenantID: w.ID, Noun: words[1], ExternalID: strings.ReplaceAll(words[2], "_", " ")})
		if err != nil {
			t.Fatal(err)
		}
		return varies.ReplaceAllString(a.Verdict, "…") + "\n", true
	default:
		w.call(t, words[0], words[1], body)
	}
	return "", false
}

func (w *world) call(t *testing.T, number, door, body string) {
	t.Helper()
	path := ingest.WebhookPath + id.Format(id.Provider, w.Provider.ID) + "/" + door
	if door == "source" {
		path = ingest.SourcePath + id.Format(id.Source, w.source)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.Key)
	answer := httptest.NewRecorder()
	w.doors.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Errorf("%s %s: %d %s", door, body, answer.Code, answer.Body)
	}
	p, err := w.ListCalls(t.Context(), pipeline.CallFilter{TenantID: w.ID}, page.Request{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	w.calls[number] = p.Items[0].ID
}

func (w *world) executions(t *testing.T, call string) (all []int64) {
	t.Helper()
	w.list(t, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		all = append(all, n)
		return err
	}, "SELECT e.id FROM executions AS e JOIN deliveries AS d ON d.id = e.delivery_id WHERE e.kind = 'live' AND d.source_execution_id = ? AND e.tenant_id = ? ORDER BY e.id", w.calls[call])
	return all
}

func (w *world) list(t *testing.T, scan func(*sql.Rows) error, query string, args ...any) {
	t.Helper()
	err := w.Read(t.Context(), func(tx *storage.Tx) error { return tx.Each(scan, query, append(args, w.ID)...) })
	if err != nil {
		t.Fatal(err)
	}
}

// rekey asks, and makes sure that a preview writes nothing and says what is done.
func (w *world) rekey(t *testing.T, words []string) string {
	t.Helper()
	ask := rekey.Ask{By: access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}, Processor: w.first}
	desk := *w.desk
	if slices.Contains(words, "limit") { // what one call looks through is limited as well: many calls come to the same
		desk.Parts = 1
	}
	do := desk.Do
	if slices.Contains(words, "undo") {
		do = w.desk.Undo
	}
	if at := slices.Index(words, "limit"); at > 0 {
		ask.Limit, _ = strconv.Atoi(words[at+1])
	}
	answer := func(preview bool) string {
		ask, all := ask, &rekey.Result{}
		ask.Preview = preview
		for n := 1; ; n++ {
			r, err := do(t.Context(), ask)
			if err != nil {
				return fault.Of(err).Message + "\n"
			}
			all.Looked += r.Looked
			all.Moved, all.Left = append(all.Moved, r.Moved...), append(all.Left, r.Left...)
			if ask.After = r.Next; r.Next == (rekey.Place{}) {
				asked := ""
				if n > 1 && slices.Contains(words, "undo") {
					asked = fmt.Sprintf("asked %d times: ", n)
				}
				return asked + describe(all)
			}
		}
	}
	before := w.state(t) + w.journal(t)
	seen := answer(true)
	if diff := cmp.Diff(before, w.state(t)+w.journal(t)); diff != "" {
		t.Errorf("the preview of %s wrote (-before +after):\n%s", strings.Join(words, " "), diff)
	}
	if words[0] == "preview" {
		return seen
	}
	done := answer(false)
	if diff := cmp.Diff(seen, done); diff != "" {
		t.Errorf("%s does other things than its preview said (-preview +done):\n%s", strings.Join(words, " "), diff)
	}
	return done
}

func describe(r *rekey.Result) string {
	var lines []string
	for _, m := range r.Moved {
		lines = append(lines, fmt.Sprintf("%s %s → %s %s", m.From.Noun, m.From.ExternalID, m.To.ExternalID, m.Step))
	}
	for _, l := range r.Left {
		lines = append(lines, fmt.Sprintf("%s %s left: %s %v", l.Key.Noun, l.Key.ExternalID, l.Code, l.To))
	}
	return fmt.Sprintf("%d looked at\n", r.Looked) + strings.Join(lines, "\n") + "\n"
}

func (w *world) journal(t *testing.T) string {
	return fmt.Sprint(w.Count(t, "journal WHERE tenant_id = ?", w.ID), " lines in the journal\n")
}

// why tells the sources of the external id of a thing.
func (w *world) why(t *testing.T, noun, externalID string) string {
	t.Helper()
	at, err := w.Keyed(t.Context(), w.ID, noun, externalID)
	if err != nil || len(at) != 1 {
		t.Fatalf("%s %s: there are %d (%v)", noun, externalID, len(at), err)
	}
	told, err := w.whys.Record(t.Context(), w.ID, record.KindOf(noun), at[0].ID, "external_id")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range told.Fields[0].From.Sources {
		fmt.Fprintf(&b, "%s = %s\n", s.Path, s.Value)
	}
	for _, c := range told.Fields[0].Before {
		fmt.Fprintf(&b, "before: %s, re-key: %t\n", c.Before, c.By.Rekey != 0)
	}
	return b.String()
}

// state lists what is there.
func (w *world) state(t *testing.T) string {
	t.Helper()
	var lines []string
	add := func(rows *sql.Rows) error {
		var line string
		err := rows.Scan(&line)
		lines = append(lines, line)
		return err
	}
	for _, query := range []string{
		"SELECT 'activity ' || external_id || ' ' || activity_type || coalesce(' value ' || value, '') || coalesce(' of ' || (SELECT external_id FROM identities WHERE identities.id = agent_identity_id), '') || CASE WHEN locks IS NULL THEN '' ELSE ' locked' END FROM activities WHERE tenant_id = ? ORDER BY external_id",
		"SELECT kind || ' identity ' || external_id || ' “' || external_name || '”' FROM identities WHERE tenant_id = ? ORDER BY kind, external_id",
	} {
		w.list(t, add, query)
	}
	return strings.Join(lines, "\n") + "\n"
}

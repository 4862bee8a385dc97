package undo_test

import (
	"database/sql"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/event"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

// TestCases plays testdata/*.txtar on both databases. The sections of a file are, in order: `spec…` of the processors on
// the source; `<n> source` and `<n> <door>`, calls, numbered from 1; `preview`, `undo`, `redo`, `preview redo` and the
// number of a call (of a call at the source: each of its executions), followed by what was answered; `save`, a new version
// of the first processor; `preview`, `undo`, `redo` with `version <n>` of it, and `limit <n>` executions, where a person
// would go on by asking again; `only <noun> <external id>`, of an undo: what was written to that alone, with _ for spaces;
// `of that`, of a redo: the newest such undo, not the newest; `event` and an agent or team by its name: one about that;
// `state`, all there is. A preview writes nothing: that is checked.
func TestCases(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		for _, c := range pipelinetest.Cases(t) {
			t.Run(c.Name, func(t *testing.T) {
				w := &world{
					Node: n, Tenant: n.Tenant(t, c.Name),
					doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()},
					desk:  &undo.Desk{Store: n.DB, Library: n.Library, Writer: n.Writer},
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
	desk   *undo.Desk
	source int64
	first  int64            // processor
	atDoor map[string]bool  // call → at a fixed webhook
	calls  map[string]int64 // as the files number them
	only   int64            // the newest undo of one thing alone
}

func (w *world) play(t *testing.T, c *pipelinetest.Case, update bool) {
	w.calls, w.atDoor = map[string]int64{}, map[string]bool{}
	source, processors := w.AddSource(t, "Source", c.Specs...)
	w.source = source.ID
	if len(processors) > 0 {
		w.first = processors[0]
	}
	c.Play(t, update, func(words []string, body string) (got string, tells bool) {
		switch words[0] {
		case "save":
			w.Save(t, w.first, body)
		case "event":
			w.event(t, words[1], words[2])
		case "state":
			return w.state(t), true
		case "preview", "undo", "redo":
			return w.undo(t, words), true
		default:
			w.call(t, words[0], words[1], body)
		}
		return "", false
	})
}

// event adds one about an agent or team.
func (w *world) event(t *testing.T, noun, name string) {
	t.Helper()
	e := event.Event{TenantID: w.ID, Name: name, Rule: event.Rule{Source: "activity"}}
	about := map[string]*int64{"agent": &e.Rule.AgentID, "team": &e.Rule.TeamID}[noun]
	w.Ask(t, "SELECT id FROM "+noun+"s WHERE tenant_id = ? AND name = ?", []any{w.ID, name}, about)
	if _, err := w.AddEvent(t.Context(), e); err != nil {
		t.Fatal(err)
	}
}

func (w *world) call(t *testing.T, number, door, body string) {
	t.Helper()
	w.post(t, door, body)
	p, err := w.ListCalls(t.Context(), pipeline.CallFilter{TenantID: w.ID}, page.Request{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	w.calls[number], w.atDoor[number] = p.Items[0].ID, door != "source"
}

func (w *world) post(t *testing.T, door, body string) {
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
}

// undo does what the words of a section say.
func (w *world) undo(t *testing.T, words []string) string {
	t.Helper()
	a := undo.Ask{
		By:      access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner},
		Preview: words[0] == "preview", Redo: slices.Contains(words, "redo"),
	}
	if only := slices.Index(words, "only"); only > 0 {
		a.Only = record.Key{ProviderID: w.Provider.ID, Noun: words[only+1], ExternalID: strings.ReplaceAll(words[only+2], "_", " ")}
		words = words[:only]
	}
	if of := slices.Index(words, "of"); of > 0 {
		a.Undo = w.only
		words = words[:of]
	}
	number := words[len(words)-1]
	before := w.state(t) + w.journal(t)
	var results []*record.UndoResult
	summary := ""
	if at := slices.Index(words, "version"); at > 0 {
		all := undo.AskVersion{By: a.By, Processor: w.first, Preview: a.Preview, Redo: a.Redo}
		all.Version, _ = strconv.Atoi(words[at+1])
		if limit := slices.Index(words, "limit"); limit > 0 {
			all.Limit, _ = strconv.Atoi(words[limit+1])
		}
		of, err := w.desk.Version(t.Context(), all)
		if err != nil {
			return fault.Of(err).Message + "\n"
		}
		results = []*record.UndoResult{{Things: of.Things}}
		summary = fmt.Sprintf("%d executions, %d done, %d already; more: %t, still runs: %t\n", of.Executions, of.Done, of.Already, of.Next != 0, of.StillRuns)
	} else if a.ID = w.calls[number]; w.atDoor[number] {
		r, err := w.desk.Call(t.Context(), a)
		if err != nil {
			return fault.Of(err).Message + "\n"
		}
		results = append(results, r)
	} else {
		for _, e := range w.executions(t, number) {
			a.ID = e
			r, err := w.desk.Execution(t.Context(), a)
			if err != nil {
				return fault.Of(err).Message + "\n"
			}
			results = append(results, r)
			if a.Only != (record.Key{}) {
				w.only = r.Number
			}
		}
	}
	if a.Preview {
		if diff := cmp.Diff(before, w.state(t)+w.journal(t)); diff != "" {
			t.Errorf("%s wrote (-before +after):\n%s", strings.Join(words, " "), diff)
		}
	}
	var b strings.Builder
	b.WriteString(summary)
	for _, r := range results {
		for _, d := range r.Things {
			fmt.Fprintf(&b, "%s %s%s", d.Noun, d.Key.ExternalID, d.Email)
			if d.Key.ExternalID+d.Email == "" {
				fmt.Fprintf(&b, "“%s”", d.Name)
			}
			fmt.Fprintf(&b, ": %s", d.Outcome)
			for _, f := range d.Fields {
				fmt.Fprintf(&b, "\n  %s %s → %s", f.Name, w.show(t, f.Name, f.From.String()), w.show(t, f.Name, f.To.String()))
			}
			for _, l := range d.Left {
				fmt.Fprintf(&b, "\n  left %s: %s", l.Field, w.mask(l.Why))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// show gives names for the ids of agents and teams.
func (w *world) show(t *testing.T, field, v string) string {
	text := strings.Trim(v, `"`)
	for prefix, table := range map[string]string{id.Agent: "agents", id.Team: "teams"} {
		if n, err := id.Parse(prefix, text); err == nil {
			var name string
			w.Ask(t, "SELECT coalesce(max(name), 'one that is gone') FROM "+table+" WHERE id = ?", []any{n}, &name)
			return "“" + name + "”"
		}
	}
	return v
}

// mask takes the numbers out of ids.
func (w *world) mask(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if at := strings.Index(word, "_0"); at > 0 {
			words[i] = word[:at] + "_…"
		}
	}
	return strings.Join(words, " ")
}

func (w *world) executions(t *testing.T, call string) (all []int64) {
	t.Helper()
	w.list(t, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		all = append(all, n)
		return err
	}, "SELECT e.id FROM executions AS e JOIN deliveries AS d ON d.id = e.delivery_id WHERE d.source_execution_id = ? AND e.tenant_id = ? ORDER BY e.id", w.calls[call])
	return all
}

func (w *world) list(t *testing.T, scan func(*sql.Rows) error, query string, args ...any) {
	t.Helper()
	err := w.Read(t.Context(), func(tx *storage.Tx) error { return tx.Each(scan, query, append(args, w.ID)...) })
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) journal(t *testing.T) string {
	return fmt.Sprint(w.Count(t, "journal WHERE tenant_id = ?", w.ID), " lines in the journal\n")
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
	const who = ", coalesce(' of ' || (SELECT external_id FROM identities WHERE identities.id = agent_identity_id), '')"
	for _, query := range []string{
		"SELECT 'activity ' || external_id || ' ' || activity_type || coalesce(' value ' || value, '') || coalesce(' contact ' || contact_key, '')" + strings.Replace(who, ",", "||", 1) + " FROM activities WHERE tenant_id = ? ORDER BY external_id",
		"SELECT 'sale ' || external_id || coalesce(' value ' || contract_value, '') || CASE WHEN cancelled_at IS NULL THEN '' ELSE ' cancelled' END" + strings.Replace(who, ",", "||", 1) + " FROM sales WHERE tenant_id = ? ORDER BY external_id",
		"SELECT kind || ' identity ' || external_id || ' “' || external_name || '”' || coalesce(' ' || email, '') || coalesce(' in ' || (SELECT t.external_id FROM identities AS t WHERE t.id = identities.team_identity_id), '') || coalesce(' is “' || " + storage.EntityName + " || '”', '') FROM identities WHERE tenant_id = ? ORDER BY kind, external_id",
		"SELECT 'agent “' || name || '”' || coalesce(' in “' || (SELECT teams.name FROM teams WHERE teams.id = agents.team_id) || '”', '') FROM agents WHERE tenant_id = ? ORDER BY name",
		"SELECT 'team “' || name || '”' FROM teams WHERE tenant_id = ? ORDER BY name",
		"SELECT 'user ' || email || ' ' || status || coalesce(' of “' || (SELECT agents.name FROM agents WHERE agents.id = users.agent_id) || '”', '') FROM users WHERE role <> 'owner' AND tenant_id = ? ORDER BY email",
	} {
		w.list(t, add, query)
	}
	return strings.Join(lines, "\n") + "\n"
}

// TestNothingRefersToWhatIsGone: calls come in for an agent while the call that made it is undone and redone. Whatever
// comes first, no record refers to an identity that is not there, and each call that was answered with 200 has its record.
func TestNothingRefersToWhatIsGone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		w := &world{
			Node: n, Tenant: n.Tenant(t, "racing"), calls: map[string]int64{}, atDoor: map[string]bool{},
			doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()},
			desk:  &undo.Desk{Store: n.DB, Library: n.Library, Writer: n.Writer},
		}
		const rounds, callers = 12, 4
		for round := range rounds {
			who := fmt.Sprint("agent", round)
			body := func(key string) string {
				return fmt.Sprintf(`{"id": "%s-%s", "type": "Deal", "agent_id": "%s", "agent_name": "Cas", "moment": "2025-12-10"}`, who, key, who)
			}
			w.call(t, "first", "activity", body("first"))
			ask := undo.Ask{By: access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}, ID: w.calls["first"]}
			var all sync.WaitGroup
			for c := range callers {
				all.Go(func() { w.post(t, "activity", body(fmt.Sprint(c))) })
			}
			all.Go(func() {
				for _, ask.Redo = range []bool{false, true} {
					if _, err := w.desk.Call(t.Context(), ask); err != nil && !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				}
			})
			all.Wait()
		}
		if got := w.Count(t, "activities AS a WHERE tenant_id = ? AND NOT EXISTS (SELECT 1 FROM identities AS i WHERE i.id = a.agent_identity_id)", w.ID); got != 0 {
			t.Errorf("%d records refer to an identity that is gone", got)
		}
		if got := w.Count(t, "activities WHERE tenant_id = ? AND external_id NOT LIKE '%first'", w.ID); got != rounds*callers {
			t.Errorf("%d records of the other calls, want %d", got, rounds*callers)
		}
	})
}

// TestBigExecutionsMakeSmallGroups: what a version wrote thousands of things by is taken back in several groups of the
// writer, for which the doors wait, although the executions are few.
func TestBigExecutionsMakeSmallGroups(t *testing.T) {
	t.Parallel()
	const deliveries, lines = 24, 200
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		w := &world{
			Node: n, Tenant: n.Tenant(t, "big"), calls: map[string]int64{}, atDoor: map[string]bool{},
			doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()},
			desk:  &undo.Desk{Store: n.DB, Library: n.Library, Writer: n.Writer},
		}
		source, processors := w.AddSource(t, "Source", `{"spec": 1, "source_model": "webhook.payload", "var": "event", "instructions": [
			{"type": "for_each", "list": "=event.lines", "item_var": "line", "body": [
				{"type": "upsert_team_external_identity", "external_id": "=line"}]}]}`)
		w.source, w.first = source.ID, processors[0]
		for i := range deliveries {
			var all []string
			for k := range lines {
				all = append(all, strconv.Itoa(i*lines+k))
			}
			w.call(t, strconv.Itoa(i), "source", `{"lines": ["`+strings.Join(all, `","`)+`"]}`)
		}
		if got := w.Count(t, "identities WHERE tenant_id = ?", w.ID); got != deliveries*lines {
			t.Fatalf("%d teams, want %d", got, deliveries*lines)
		}
		of, err := w.desk.Version(t.Context(), undo.AskVersion{By: access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}, Processor: w.first, Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		if of.Executions != deliveries || of.Done != deliveries || of.Next != 0 || len(of.Things) != deliveries*lines {
			t.Errorf("%d executions, %d done, next %d, %d things", of.Executions, of.Done, of.Next, len(of.Things))
		}
		if got := w.Count(t, "identities WHERE tenant_id = ?", w.ID); got != 0 {
			t.Errorf("%d teams are left", got)
		}
		var groups int
		w.Ask(t, "SELECT count(DISTINCT at) FROM journal WHERE tenant_id = ? AND noun = 'execution'", []any{w.ID}, &groups)
		if groups < 3 {
			t.Errorf("it took %d groups, want 3", groups)
		}
	})
}

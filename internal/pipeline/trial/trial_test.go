package trial_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/examples"
	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// world is a tenant with a source and a processor on a node at work.
type world struct {
	*pipelinetest.Node
	*pipelinetest.Tenant
	desk      *trial.Desk
	doors     *ingest.Handler
	runs      *queue.Queue
	undos     *undo.Desk
	source    int64
	processor int64
	clock     time.Time
}

func newWorld(t testing.TB, n *pipelinetest.Node, name, spec string) *world {
	t.Helper()
	w := &world{Node: n, Tenant: n.Tenant(t, name), clock: time.Date(2026, 1, 12, 10, 0, 0, 0, time.UTC)}
	w.desk = &trial.Desk{Store: n.DB, Library: n.Library, Plan: n.Plan}
	w.doors = &ingest.Handler{
		Plan: n.Plan, Writer: n.Writer, Tally: ingest.NewTally(n.DB, pipelinetest.Log()), Log: pipelinetest.Log(),
		Clock: func() time.Time { return w.clock },
	}
	w.runs = &queue.Queue{Store: storage.QueueStore{DB: n.DB, Loader: storage.NewPictureLoader(n.DB, n.Library)}, Plan: n.Plan, Writer: n.Writer, Log: pipelinetest.Log()}
	w.undos = &undo.Desk{Store: n.DB, Library: n.Library, Writer: n.Writer}
	source, processors := w.AddSource(t, "Source", spec)
	w.source, w.processor = source.ID, processors[0]
	return w
}

// post sends an item to a source, or a body to a fixed webhook.
func (w *world) post(t testing.TB, door, body string) {
	t.Helper()
	at := ingest.WebhookPath + id.Format(id.Provider, w.Provider.ID) + "/" + door
	if door == "" {
		at = ingest.SourcePath + id.Format(id.Source, w.source)
	}
	r := httptest.NewRequest(http.MethodPost, at, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.Key)
	answer := httptest.NewRecorder()
	w.doors.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", door, body, answer.Code, answer.Body)
	}
}

// numbers reads a column of numbers.
func (w *world) numbers(t testing.TB, query string, args ...any) (all []int64) {
	t.Helper()
	err := w.Read(t.Context(), func(tx *storage.Tx) error {
		return tx.Each(func(rows *sql.Rows) error {
			var n int64
			err := rows.Scan(&n)
			all = append(all, n)
			return err
		}, query, args...)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (w *world) deliveries(t testing.TB) []int64 {
	t.Helper()
	return w.numbers(t, "SELECT id FROM deliveries WHERE source_id = ? ORDER BY id", w.source)
}

func (w *world) undo(t testing.TB, delivery int64, only record.Key) {
	t.Helper()
	for _, e := range w.numbers(t, "SELECT id FROM executions WHERE delivery_id = ? ORDER BY id", delivery) {
		_, err := w.undos.Execution(t.Context(), undo.Ask{By: access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}, ID: e, Only: only})
		if err != nil && !fault.Is(err, fault.Conflict) {
			t.Fatal(err)
		}
	}
}

func (w *world) tried() trial.Tried { return trial.Tried{TenantID: w.ID, Processor: w.processor} }

// things is all records and identities of the tenant: "sale 7" → field → what it holds.
func (w *world) things(t testing.TB) map[string]map[string]string {
	t.Helper()
	var need record.Need
	err := w.Read(t.Context(), func(tx *storage.Tx) error {
		ask := func(query string) error {
			return tx.Each(func(rows *sql.Rows) error {
				k := record.Key{ProviderID: w.Provider.ID}
				err := rows.Scan(&k.Noun, &k.ExternalID)
				need.Keys = append(need.Keys, k)
				return err
			}, query, w.ID)
		}
		for _, kind := range record.Kinds {
			if err := ask("SELECT '" + kind.Noun + "', external_id FROM " + storage.Table(kind) + " WHERE tenant_id = ?"); err != nil {
				return err
			}
		}
		return ask("SELECT kind || '_identity', external_id FROM identities WHERE tenant_id = ?")
	})
	if err != nil {
		t.Fatal(err)
	}
	need.Normalize()
	all := map[string]map[string]string{}
	err = w.Snapshot(t.Context(), func(at record.Snapshot) error {
		l, err := at.Load(&need)
		if err != nil {
			return err
		}
		for key, r := range l.Rows {
			fields := map[string]string{}
			for i, f := range r.Kind.Fields {
				set(fields, f.Name, r.Values[i])
				if _, locked := r.Locks[i]; locked {
					fields[f.Name+" locked"] = "yes"
				}
			}
			all[key.Noun+" "+key.ExternalID] = fields
		}
		for key, i := range l.Identities {
			fields := map[string]string{}
			for _, name := range record.IdentityFields {
				set(fields, name, i.Field(name))
			}
			all[key.Noun+" "+key.ExternalID] = fields
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// set keeps what a field holds; one that holds nothing is not there.
func set(fields map[string]string, name string, v value.Value) {
	if text := v.String(); v.IsNull() || text == "false" {
		delete(fields, name)
	} else {
		fields[name] = text
	}
}

// becomes is what a dry run says that things will be.
func becomes(now map[string]map[string]string, said *trial.DryRun) map[string]map[string]string {
	after := map[string]map[string]string{}
	for key, fields := range now {
		after[key] = map[string]string{}
		for name, v := range fields {
			after[key][name] = v
		}
	}
	for _, thing := range said.Things {
		key := thing.Key.Noun + " " + thing.Key.ExternalID
		if thing.Outcome == trial.Created {
			after[key] = map[string]string{}
		}
		for _, f := range thing.Fields {
			set(after[key], f.Name, f.After)
		}
		for _, name := range thing.Locks {
			after[key][name+" locked"] = "yes"
		}
	}
	return after
}

// everything is each row of each table, so that a trial that writes anything is found.
func (w *world) everything(t testing.TB) map[string][]string {
	t.Helper()
	tables := []string{
		"tenants", "providers", "sources", "processors", "spec_versions", "drafts", "links", "source_executions", "deliveries", "executions",
		"environments", "identities", "agents", "teams", "users", "journal", "epochs",
	}
	for _, kind := range record.Kinds {
		tables = append(tables, storage.Table(kind))
	}
	all := map[string][]string{}
	err := w.Read(t.Context(), func(tx *storage.Tx) error {
		for _, table := range tables {
			err := tx.Each(func(rows *sql.Rows) error {
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				cells, dest := make([]any, len(columns)), make([]any, len(columns))
				for i := range cells {
					dest[i] = &cells[i]
				}
				err = rows.Scan(dest...)
				all[table] = append(all[table], fmt.Sprint(cells))
				return err
			}, "SELECT * FROM "+table)
			if err != nil {
				return err
			}
			slices.Sort(all[table])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// check runs a delivery dry, then tests it for real: the one must be what the other said.
func (w *world) check(t *testing.T, delivery int64) {
	t.Helper()
	said, err := w.desk.DryRun(t.Context(), trial.Dry{Tried: w.tried(), Delivery: delivery})
	if err != nil {
		t.Fatal(err)
	}
	if !said.Tree.DigestMatches {
		t.Errorf("delivery %d: the trace is not that of the dry run", delivery)
	}
	want := becomes(w.things(t), said)
	out, err := w.runs.Test(t.Context(), w.ID, w.processor, delivery, false)
	if err != nil {
		t.Fatal(err)
	}
	type ended struct {
		Status, Digest, Errors string
		Counts                 any
	}
	e := out.Execution
	if diff := cmp.Diff(
		ended{string(said.Execution.Status), fmt.Sprintf("%x", said.Execution.Digest), fmt.Sprint(said.Execution.Errors), said.Execution.Counts},
		ended{string(e.Status), fmt.Sprintf("%x", e.Digest), fmt.Sprint(e.Errors), e.Counts}); diff != "" {
		t.Errorf("delivery %d ends otherwise than the dry run (-dry +real):\n%s", delivery, diff)
	}
	if diff := cmp.Diff(want, w.things(t)); diff != "" {
		t.Errorf("delivery %d: what is there (-dry run +real):\n%s", delivery, diff)
	}
}

// randomSpec uses all that writes; the blank is what a version sets in the value of a deal.
const randomSpec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - {type: upsert_team_external_identity, external_id: '=event.team', return_as: team}
  - {type: upsert_agent_external_identity, external_id: =event.agent, external_name: =event.name, team_external_identity: =team, return_as: agent}
  - {type: upsert_activity, external_id: '=concat("d", event.id)', activity_type: =event.kind, agent_external_identity: =agent, moment: =parse_datetime(event.at), value: =%s, contact_key: =event.contact, return_as: deal}
  - type: if_else
    condition: =event.lock
    then:
      - {type: lock_record_field, record: =deal, field: value}
  - type: for_each
    list: =event.lines
    item_var: line
    body:
      - {type: upsert_sale, external_id: '=concat(event.id, "-", line.id)', agent_external_identity: =agent, proposition_external_identity: =product, sold_at: =parse_datetime(line.at), contract_value: =parse_number(line.value)}
  - {type: insert_contact_period_change, contact_key: =event.contact, period_type: =event.kind, moment: =parse_datetime(event.at), only_if_changed: true}
  - {type: update_contact_activities, contact_key: =event.contact, set: {value: =event.other}}
  - type: if_else
    condition: =event.fail
    then:
      - {type: fail, message: it was asked to}
  - type: if_else
    condition: =event.stop
    then:
      - {type: stop, reason: it was asked to}
  - {type: upsert_period, external_id: '=concat("p", event.id)', period_type: Shift, starts_at: =parse_datetime(event.at), agent_external_identity: =agent}
`

func spec(worth string) string {
	s := fmt.Sprintf(randomSpec, worth)
	return strings.Replace(s, "  - {type: upsert_agent_", "  - {type: upsert_proposition_external_identity, external_id: =event.kind, return_as: product}\n  - {type: upsert_agent_", 1)
}

func randomItem(r *rand.Rand) string {
	day := func() string { return fmt.Sprintf("2026-01-%02d", 1+r.IntN(20)) }
	var lines []string
	for range r.IntN(3) {
		worth := []string{"12.50", "none", "7"}[r.IntN(3)] // "none" fails its item
		lines = append(lines, fmt.Sprintf(`{"id": %d, "at": "%s", "value": "%s"}`, r.IntN(3), day(), worth))
	}
	return fmt.Sprintf(`{"id": %d, "agent": %d, "name": "Name %d", "team": "t%d", "kind": "%s", "at": "%s", "worth": %d, "other": %d, "contact": "c%d",
		"lock": %t, "money": %t, "fail": %t, "stop": %t, "lines": [%s]}`, r.IntN(5), r.IntN(3), r.IntN(4), r.IntN(2), []string{"Lead", "Won"}[r.IntN(2)], day(),
		r.IntN(3), r.IntN(3), r.IntN(3), r.IntN(5) == 0, r.IntN(2) == 0, r.IntN(8) == 0, r.IntN(8) == 0, strings.Join(lines, ", "))
}

// TestDryRunIsWhatTestDoes: over random deliveries, versions and undos, a dry run says exactly what a test for real then
// does.
func TestDryRunIsWhatTestDoes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		for seed := range uint64(6) {
			w := newWorld(t, n, fmt.Sprint("random", seed), spec("event.worth"))
			r := rand.New(rand.NewPCG(seed, 1))
			for range 25 {
				switch r.IntN(6) {
				case 0:
					w.Save(t, w.processor, spec([]string{"event.worth", "event.other"}[r.IntN(2)]))
				case 1:
					w.post(t, "activity", fmt.Sprintf(`{"id": "d%d", "type": "Call", "agent_id": %d, "agent_name": "Somebody", "moment": "2026-01-05", "value": %d}`, r.IntN(5), r.IntN(3), r.IntN(9)))
				default:
					w.post(t, "", randomItem(r))
				}
				all := w.deliveries(t)
				if len(all) == 0 {
					continue
				}
				one := all[r.IntN(len(all))]
				if r.IntN(4) == 0 {
					w.undo(t, one, record.Key{})
				}
				w.check(t, one)
			}
		}
	})
}

// TestExamplesRunDryAsTheyDo: the same over the examples, with the items of their tests.
func TestExamplesRunDryAsTheyDo(t *testing.T) {
	t.Parallel()
	specs, err := examples.Specs.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		lib := library.Standard()
		n := pipelinetest.Start(t, d.Open(t), lib)
		items := 0
		for _, entry := range specs {
			source, err := examples.Specs.ReadFile(path.Join(entry.Name(), "spec.yaml"))
			if err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, n, entry.Name(), string(source))
			parsed, _, _ := text.ReadYAML(source, lib)
			for _, test := range parsed.Tests {
				given := value.Object(test.Members).Get("given")
				all := given.Items()
				if given.Kind() != value.KindList {
					all = []value.Value{given}
				}
				for _, item := range all {
					items++
					w.post(t, "", item.String())
				}
			}
			deliveries := w.deliveries(t)
			w.undo(t, deliveries[0], record.Key{})
			for _, delivery := range deliveries {
				w.check(t, delivery)
			}
		}
		if items < 12 {
			t.Errorf("only %d items", items)
		}
	})
}

// TestDryRunWritesNothing: not a row of any table changes, whatever is tried.
func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		w := newWorld(t, n, "nothing", spec("event.worth"))
		r := rand.New(rand.NewPCG(1, 2))
		for range 5 {
			w.post(t, "", randomItem(r))
		}
		w.Save(t, w.processor, spec("event.other"))
		before := w.everything(t)
		draft := &processor.Draft{Text: []byte(strings.Replace(spec("event.other"), "instructions:", "constants: [{name: extra, type: number, default: 3}]\ninstructions:", 1))}
		constants := value.Object([]value.Member{{Key: "extra", Value: value.Int(5)}})
		item, _ := value.ParseJSON([]byte(randomItem(r)), value.Limits{})
		for _, ask := range []trial.Dry{
			{Tried: w.tried(), Delivery: w.deliveries(t)[0]},
			{Tried: trial.Tried{TenantID: w.ID, Processor: w.processor, Version: 1}, Delivery: w.deliveries(t)[1]},
			{Tried: trial.Tried{TenantID: w.ID, Processor: w.processor, Draft: draft}, Delivery: w.deliveries(t)[2], Constants: &constants},
			{Tried: w.tried(), Item: item},
		} {
			if _, err := w.desk.DryRun(t.Context(), ask); err != nil {
				t.Error(err)
			}
		}
		if diff := cmp.Diff(before, w.everything(t)); diff != "" {
			t.Errorf("a dry run wrote (-before +after):\n%s", diff)
		}
	})
}

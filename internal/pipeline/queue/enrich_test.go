package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/enrich"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// crm is a catalogue with one type of provider, whose deals have a contact, and that a company.
func crm(fetch func(use string) connector.Fetch) connector.Catalogue {
	text := func(names ...string) types.Type {
		var fields []types.Field
		for _, name := range names {
			fields = append(fields, types.Field{Name: name, Type: types.Text.Maybe()})
		}
		return types.ObjectOf(fields...).Maybe()
	}
	return connector.Catalogue{{
		Name: "crm", Title: "CRM",
		Sources: []*connector.SourceType{{
			Name: "crm.deal", Title: "Deals", Var: "deal",
			Record: types.ObjectOf(types.Field{Name: "id", Type: types.Num}, types.Field{Name: "agent", Type: types.Num}, types.Field{Name: "type", Type: types.Text}, types.Field{Name: "at", Type: types.Text}),
			Enrichments: []connector.Enrichment{
				{Use: "contact", Type: text("city", "works_at"), Fetch: fetch("contact")},
				{Use: "company", Of: "contact", Type: text("name"), Fetch: fetch("company")},
				{Use: "owner", Type: text("name"), Fetch: fetch("owner")},
			},
		}},
	}}
}

// enriched writes where the contact lives and who the company is.
const enriched = `
spec: 1
source_model: crm.deal
enrichments:
  - {name: contact, of: deal, use: contact}
  - {name: firm, of: deal.contact, use: company}
instructions:
  - type: upsert_agent_external_identity
    external_id: =deal.agent
    return_as: agent
  - type: upsert_activity
    external_id: =deal.id
    activity_type: =concat(coalesce(deal.contact.city, "nowhere"), " | ", coalesce(deal.contact.firm.name, "nobody"))
    agent_external_identity: =agent
    moment: =parse_datetime(deal.at)
`

// plain needs nothing fetched.
const plain = `
spec: 1
source_model: crm.deal
instructions:
  - type: upsert_agent_external_identity
    external_id: =deal.agent
    return_as: agent
  - type: upsert_activity
    external_id: =deal.id
    activity_type: =deal.type
    agent_external_identity: =agent
    moment: =parse_datetime(deal.at)
`

// openCRM is open with that catalogue. Its desk tries again at once.
func openCRM(t *testing.T, d *storagetest.Database, fetch func(use string) connector.Fetch) *world {
	t.Helper()
	w := nodeOfCRM(t, d, fetch)
	w.Tenant = w.Node.Tenant(t, "acme")
	return w
}

func nodeOfCRM(t *testing.T, d *storagetest.Database, fetch func(use string) connector.Fetch) *world {
	t.Helper()
	return nodeOf(t, d, crm(fetch))
}

func nodeOf(t *testing.T, d *storagetest.Database, catalogue connector.Catalogue) *world {
	t.Helper()
	if err := catalogue.Check(); err != nil {
		t.Fatal(err)
	}
	n := pipelinetest.Start(t, d.Open(t), withAsk().WithModels(catalogue.Models()...))
	n.Catalogue = catalogue
	q := queueOf(n)
	q.Desk.Times = enrich.Times{Attempt: time.Minute, Asked: time.Minute, Lease: 2 * time.Minute, First: time.Millisecond, Longest: 5 * time.Millisecond, GiveUp: time.Hour}
	return &world{Node: n, Queue: q}
}

// start lets the queue work until the test ends, and gives what tells of its looks.
func (w *world) start(t *testing.T) chan struct{} {
	t.Helper()
	seen := make(chan struct{}, 100)
	w.Queue.Store = &watched{Store: w.Queue.Store, seen: seen}
	pipelinetest.Go(t, w.Queue.Run)
	return seen
}

// found gives made-up answers for whatever is asked, and counts the questions.
type found struct {
	asked sync.Map // use → *atomic.Int64
	// before is asked first, where it is set.
	before func(ctx context.Context, use string, r connector.Request) error
}

func (f *found) count(use string) int64 {
	n, _ := f.asked.LoadOrStore(use, new(atomic.Int64))
	return n.(*atomic.Int64).Load()
}

func (f *found) fetch(use string) connector.Fetch {
	return func(ctx context.Context, r connector.Request) (value.Value, error) {
		n, _ := f.asked.LoadOrStore(use, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
		if f.before != nil {
			if err := f.before(ctx, use, r); err != nil {
				return value.Null(), err
			}
		}
		switch id, _ := r.Of.Get("id").Decimal().Int64(); {
		case use == "company" && r.Of.Get("works_at").IsNull():
			return value.Null(), nil
		case use == "company":
			return parsed(`{"name": "Firm ` + r.Of.Get("works_at").Text() + `"}`), nil
		case id == 404:
			return value.Null(), nil
		case id%2 == 0:
			return parsed(fmt.Sprintf(`{"city": "City %d"}`, id)), nil
		default:
			return parsed(fmt.Sprintf(`{"city": "City %d", "works_at": "%d"}`, id, id)), nil
		}
	}
}

func parsed(text string) value.Value {
	v, err := value.ParseJSON([]byte(text), value.Limits{})
	if err != nil {
		panic(err)
	}
	return v
}

// traced checks that the trace of every execution that has run is what ran, and gives the enrichments of the newest.
func (w *world) traced(t *testing.T) string {
	t.Helper()
	all, err := w.RecentExecutions(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	newest := ""
	for i, e := range all {
		x, err := explain.Recompute(t.Context(), w.Node.DB, w.Node.Library, e)
		if err != nil {
			t.Fatal(err)
		}
		if !x.Tree.DigestMatches {
			t.Errorf("the trace of execution %d is not what ran: %s", e.ID, x.Tree.Note)
		}
		if i == 0 {
			newest = x.Tree.Enrichments.Value.String()
		}
	}
	return newest
}

func TestEnrichmentsAreFetchedBeforeTheRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		provider := &found{}
		w := openCRM(t, d, provider.fetch)
		source, _ := w.AddSource(t, "Deals", enriched, plain)
		done := w.deliver(t, source.ID, deal(1, "Won"), "")
		if first := done.Units[0].Outcome().Execution; first.Reason != pipeline.ReasonEnriching || done.Delivery.State != pipeline.DeliveryWaiting {
			t.Errorf("the door left the execution %s %s, and the delivery %s", first.Status, first.Reason, done.Delivery.State)
		}
		w.wantRuns(t, "waiting enriching", "succeeded") // what needs nothing does not wait
		seen := w.start(t)
		await(t, seen, w, "succeeded", "succeeded")
		w.deliver(t, source.ID, deal(2, "Won"), "")
		w.deliver(t, source.ID, deal(404, "Won"), "")
		await(t, seen, w, "succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "succeeded")
		for id, want := range map[string]string{"1": "City 1 | Firm 1", "2": "City 2 | nobody", "404": "nowhere | nobody"} {
			// The plain processor comes after the enriched one, so its mark is the newer one of each delivery; the name
			// the enriched one gave is in its execution.
			if got := w.activityType(t, id); got != "Won" {
				t.Errorf("the activity of deal %s says %q; want that of the later processor, not %q", id, got, want)
			}
		}
		if got := provider.count("company"); got != 2 {
			t.Errorf("asked for %d companies; want two, since where there is no contact there is none", got)
		}
		if got := w.Count(t, "fetches"); got != 0 {
			t.Errorf("%d fetches are left", got)
		}
		if got := w.Count(t, "deliveries WHERE state = 'done'"); got != 3 {
			t.Errorf("%d deliveries are done", got)
		}
		w.traced(t)
	})
}

func TestEnrichmentsInTheTrace(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := openCRM(t, d, (&found{}).fetch)
		source, _ := w.AddSource(t, "Deals", enriched)
		seen := w.start(t)
		for i, c := range []struct {
			id                  int
			says, inTheTraceNow string
		}{
			{1, "City 1 | Firm 1", `{"deal.contact":{"city":"City 1","works_at":"1"},"deal.contact.firm":{"name":"Firm 1"}}`},
			{2, "City 2 | nobody", `{"deal.contact":{"city":"City 2"},"deal.contact.firm":null}`},
			{404, "nowhere | nobody", `{"deal.contact":null,"deal.contact.firm":null}`},
			{1, "City 1 | Firm 1", `{"deal.contact":{"city":"City 1","works_at":"1"},"deal.contact.firm":{"name":"Firm 1"}}`},
		} {
			w.deliver(t, source.ID, deal(c.id, "Won"), "")
			await(t, seen, w, repeated("succeeded", i+1)...)
			if got := w.activityType(t, strconv.Itoa(c.id)); got != c.says {
				t.Errorf("the activity of deal %d says %q; want %q", c.id, got, c.says)
			}
			if diff := cmp.Diff(c.inTheTraceNow, w.traced(t)); diff != "" {
				t.Errorf("enrichments in the trace (-want +got):\n%s", diff)
			}
		}
		if got := w.Count(t, "snapshots"); got != 3 {
			t.Errorf("%d snapshots; want each content once: two contacts, one company", got)
		}
	})
}

func repeated(text string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = text
	}
	return all
}

// overHTTP is a connector that asks a real server.
func overHTTP(url func() string) func(use string) connector.Fetch {
	return func(use string) connector.Fetch {
		return func(ctx context.Context, r connector.Request) (value.Value, error) {
			key := r.Of.Get("id")
			if use == "company" {
				key = r.Of.Get("works_at")
			}
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, url()+"/"+use+"/"+key.String(), nil)
			if err != nil {
				return value.Null(), err
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				return value.Null(), errors.New("the provider cannot be reached")
			}
			defer res.Body.Close()
			body, err := io.ReadAll(res.Body)
			switch {
			case err != nil:
				return value.Null(), err
			case res.StatusCode == http.StatusNotFound:
				return value.Null(), nil
			case res.StatusCode == http.StatusTooManyRequests:
				seconds, _ := strconv.ParseFloat(res.Header.Get("Retry-After"), 64)
				return value.Null(), &connector.Failure{Message: "too many requests", RetryAfter: time.Duration(seconds * float64(time.Second))}
			case res.StatusCode >= 500:
				return value.Null(), fmt.Errorf("the provider answered %d", res.StatusCode)
			case res.StatusCode >= 400:
				return value.Null(), &connector.Failure{Message: fmt.Sprintf("the provider answered %d", res.StatusCode), Final: true}
			}
			v, syntax := value.ParseJSON(body, value.Limits{})
			if syntax != nil {
				return value.Null(), errors.New("the provider answered what is no JSON")
			}
			return v, nil
		}
	}
}

// TestFetchesThatFail are tried again until they succeed, whatever the provider does in between, and what was fetched
// before is not fetched again.
func TestFetchesThatFail(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var mu sync.Mutex
		tries := map[string]int{}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			tries[r.URL.Path]++
			try := tries[r.URL.Path]
			mu.Unlock()
			switch {
			case r.URL.Path == "/contact/2" && try == 1: // slow: until the caller has had enough
				<-r.Context().Done()
			case r.URL.Path == "/contact/3" && try <= 2:
				w.Header().Set("Retry-After", "0.01")
				w.WriteHeader(http.StatusTooManyRequests)
			case r.URL.Path == "/contact/4" && try <= 3:
				w.WriteHeader(http.StatusInternalServerError)
			case r.URL.Path == "/contact/5" && try == 1: // dies in the middle
				panic(http.ErrAbortHandler)
			case r.URL.Path == "/contact/6" && try == 1:
				fmt.Fprint(w, "<html>")
			case strings.HasPrefix(r.URL.Path, "/company") && try == 1:
				w.WriteHeader(http.StatusBadGateway)
			case strings.HasPrefix(r.URL.Path, "/company"):
				fmt.Fprint(w, `{"name": "Dakwerk"}`)
			default:
				fmt.Fprint(w, `{"city": "Zwolle", "works_at": "9"}`)
			}
		}))
		t.Cleanup(server.Close)
		w := openCRM(t, d, overHTTP(func() string { return server.URL }))
		w.Desk.Times.Attempt = 500 * time.Millisecond
		source, _ := w.AddSource(t, "Deals", enriched)
		seen := w.start(t)
		for id := range 6 {
			w.deliver(t, source.ID, deal(id+1, "Won"), "")
		}
		await(t, seen, w, repeated("succeeded", 6)...)
		for id := range 6 {
			if got := w.activityType(t, strconv.Itoa(id+1)); got != "Zwolle | Dakwerk" {
				t.Errorf("the activity of deal %d says %q", id+1, got)
			}
		}
		mu.Lock()
		defer mu.Unlock()
		if tries["/contact/1"] != 1 {
			t.Errorf("a contact that came at once was fetched %d times, since its company failed", tries["/contact/1"])
		}
		w.traced(t)
	})
}

func TestFetchesGivenUp(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var well atomic.Bool
		provider := &found{before: func(_ context.Context, use string, r connector.Request) error {
			id, _ := r.Of.Get("id").Decimal().Int64()
			switch {
			case well.Load() || use == "company":
				return nil
			case id == 1:
				return &connector.Failure{Message: "the contact may not be read", Final: true}
			case id == 2:
				return errors.New("the provider is down")
			}
			panic("a mistake in a connector, about somebody@example.test")
		}}
		w := openCRM(t, d, provider.fetch)
		w.Desk.Times.GiveUp = 0
		source, processors := w.AddSource(t, "Deals", enriched)
		seen := w.start(t)
		for id := range 3 {
			w.deliver(t, source.ID, deal(id+1, "Won"), "")
		}
		await(t, seen, w, "failed", "failed", "failed")
		var got []string
		all, err := w.RecentExecutions(t.Context(), 0, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			if len(e.Errors) != 1 {
				t.Fatalf("%d errors", len(e.Errors))
			}
			got = append(got, e.Errors[0].Code+" "+e.Errors[0].Field+": "+e.Errors[0].Message)
		}
		want := []string{
			"enrichment_failed deal.contact: deal.contact could not be fetched: the connector broke; the log says where",
			"enrichment_failed deal.contact: deal.contact could not be fetched: the provider is down",
			"enrichment_failed deal.contact: deal.contact could not be fetched: the contact may not be read",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("errors (-want +got):\n%s", diff)
		}
		w.traced(t)
		if n := w.Count(t, "deliveries WHERE state = 'failed'"); n != 3 {
			t.Errorf("%d deliveries failed", n)
		}

		// A run again fetches anew: it says so while the provider is down, and succeeds when that is over.
		again, err := w.ReplayAll(t.Context(), w.ID, []int64{all[1].ID, all[2].ID}, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range again {
			if !fault.Is(a.Err, fault.Unavailable) {
				t.Errorf("run again while the provider is down: %v", a.Err)
			}
		}
		_, err = w.Queue.Test(t.Context(), w.ID, processors[0], all[0].DeliveryID, false)
		if !fault.Is(err, fault.Unavailable) || strings.Contains(err.Error(), "somebody") {
			t.Errorf("a test while the connector is broken: %v", err)
		}
		well.Store(true)
		if again, err = w.ReplayAll(t.Context(), w.ID, []int64{all[0].ID, all[1].ID, all[2].ID}, false); err != nil {
			t.Fatal(err)
		}
		for _, a := range again {
			if a.Err != nil || a.Outcome.Execution.Status != "succeeded" {
				t.Errorf("run again: %v", a.Err)
			}
		}
		w.traced(t)
		if n := w.Count(t, "deliveries WHERE state = 'done'"); n != 3 {
			t.Errorf("%d deliveries are done", n)
		}
	})
}

// TestGivenUpIsTheEnd: once something cannot be had, nothing more is asked for, and the run fails.
func TestGivenUpIsTheEnd(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var owners atomic.Int64
		w := openCRM(t, d, (&found{before: func(_ context.Context, use string, _ connector.Request) error {
			if use == "owner" {
				owners.Add(1)
			}
			return &connector.Failure{Message: "it may not be read", Final: true}
		}}).fetch)
		source, _ := w.AddSource(t, "Deals", strings.Replace(enriched, "\ninstructions:", "\n  - {name: owner, of: deal, use: owner}\ninstructions:", 1))
		seen := w.start(t)
		w.deliver(t, source.ID, deal(1, "Won"), "")
		await(t, seen, w, "failed")
		if n := owners.Load(); n != 0 {
			t.Errorf("the owner was asked for %d times", n)
		}
		w.traced(t)
	})
}

// TestRunsAgainUseWhatWasFetched: a mended spec sees what the first run saw, also under another name, and only what it
// needs beside that is fetched.
func TestRunsAgainUseWhatWasFetched(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		provider := &found{}
		w := openCRM(t, d, provider.fetch)
		source, processors := w.AddSource(t, "Deals", enriched)
		seen := w.start(t)
		done := w.deliver(t, source.ID, deal(1, "Won"), "")
		await(t, seen, w, "succeeded")
		execution := done.Units[0].Outcome().Execution.ID
		first, err := w.Execution(t.Context(), w.ID, execution)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Replay(t.Context(), w.ID, execution, false); err != nil {
			t.Fatal(err)
		}
		w.Save(t, processors[0], strings.NewReplacer("deal.contact.city", "deal.person.city", "deal.contact.firm.name", "deal.boss.name",
			"{name: contact, of: deal, use: contact}", "{name: person, of: deal, use: contact}",
			"{name: firm, of: deal.contact, use: company}", "{name: boss, of: deal, use: owner}").Replace(enriched))
		if _, err := w.Queue.Test(t.Context(), w.ID, processors[0], done.Delivery.Number, false); err != nil {
			t.Fatal(err)
		}
		w.wantRuns(t, "succeeded", "replay succeeded", "test succeeded")
		for use, want := range map[string]int64{"contact": 1, "company": 1, "owner": 1} {
			if got := provider.count(use); got != want {
				t.Errorf("asked %d times for the %s; want %d", got, use, want)
			}
		}
		w.traced(t)

		all, err := w.Enrichments(t.Context(), w.ID, done.Delivery.Number, 12345)
		if err != nil || len(all) != 1 || len(all[done.Delivery.Number]) != 3 {
			t.Errorf("known of the delivery: %+v, %v", all, err)
		}
		again, err := w.Execution(t.Context(), w.ID, execution)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(first.Enrichments, again.Enrichments); diff != "" {
			t.Errorf("the first execution's snapshots have changed (-before +after):\n%s", diff)
		}
		if other, err := w.Enrichments(t.Context(), w.ID+1, done.Delivery.Number); err != nil || len(other) > 0 {
			t.Errorf("another tenant sees %+v, %v", other, err)
		}
	})
}

// TestWhatIsFetchedKeepsTheOrder: a delivery whose contact takes long holds back the later ones of its processor.
func TestWhatIsFetchedKeepsTheOrder(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		gate := make(chan struct{})
		var once sync.Once
		open := func() { once.Do(func() { close(gate) }) }
		t.Cleanup(open)
		provider := &found{before: func(ctx context.Context, _ string, r connector.Request) error {
			if r.Of.Get("type").Text() == "First" {
				select {
				case <-gate:
				case <-ctx.Done():
				}
			}
			return ctx.Err()
		}}
		w := openCRM(t, d, provider.fetch)
		source, processors := w.AddSource(t, "Deals", strings.Replace(enriched, `=concat(`, `=concat(deal.type, `, 1))
		seen := w.start(t)
		w.deliver(t, source.ID, deal(2, "First"), "")
		w.deliver(t, source.ID, deal(2, "Second"), "")
		await(t, seen, w, "waiting enriching", "waiting behind")
		w.work(t, behind) // nothing of it can run
		w.wantRuns(t, "waiting enriching", "waiting behind")

		// Whoever has waited long enough goes past.
		held := pipeline.Waiting{SourceID: source.ID, Processors: processors, Enriched: processors, Reasons: behind, Limit: 10}
		for since, want := range map[int64]int{w.Now() - patience.Microseconds(): 0, w.Now() + 1: 1} {
			held.HeldSince = since
			if runs, err := w.Waiting(t.Context(), held); err != nil || len(runs) != want {
				t.Errorf("%d can run, %v; want %d", len(runs), err, want)
			}
		}
		open()
		await(t, seen, w, "succeeded", "succeeded")
		if got := w.activityType(t, "2"); got != "SecondCity 2 | nobody" {
			t.Errorf("the activity says %q", got)
		}
		if got := w.Count(t, "journal WHERE noun = 'activity'"); got != 1 {
			t.Errorf("%d changes; want the first to be made, then the second", got)
		}
	})
}

// TestEnrichmentsNoLongerWanted: what waits for a provider that is down runs when the spec asks for nothing any more;
// and while a processor is suspended nobody is asked.
func TestEnrichmentsNoLongerWanted(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		provider := &found{before: func(context.Context, string, connector.Request) error { return errors.New("down") }}
		w := openCRM(t, d, provider.fetch)
		source, processors := w.AddSource(t, "Deals", enriched)
		seen := w.start(t)
		w.deliver(t, source.ID, deal(1, "Won"), "")
		for provider.count("contact") < 3 {
			<-seen
		}
		w.wantRuns(t, "waiting enriching")
		w.Save(t, processors[0], plain)
		if _, err := w.Node.Plan.Fresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		await(t, seen, w, "succeeded")
		if got := w.activityType(t, "1"); got != "Won" {
			t.Errorf("the activity says %q", got)
		}
		w.traced(t)
	})
}

// TestNobodyIsAskedForASuspendedProcessor, and what its deliveries need is fetched once it runs again.
func TestNobodyIsAskedForASuspendedProcessor(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		provider := &found{}
		w := openCRM(t, d, provider.fetch)
		source, _ := w.AddSource(t, "Deals", enriched)
		w.deliver(t, source.ID, deal(1, "Won"), "")
		w.switchKinds(t, "sale")
		w.deliver(t, source.ID, deal(2, "Won"), "")
		seen := w.start(t)
		<-seen
		w.wantRuns(t, "waiting enriching", "waiting suspended")
		if n := provider.count("contact"); n != 0 {
			t.Errorf("the provider was asked %d times", n)
		}
		w.switchKinds(t, "sale", "activity")
		if _, err := w.Node.Plan.Fresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		await(t, seen, w, "succeeded", "succeeded")
	})
}

// TestADeliveryThatCannotBeReadIsNotFetchedFor: it is parked, and keeps back nothing.
func TestADeliveryThatCannotBeReadIsNotFetchedFor(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := openCRM(t, d, (&found{}).fetch)
		source, _ := w.AddSource(t, "Deals", enriched)
		w.damage(t, w.deliver(t, source.ID, deal(1, "Won"), "").Delivery.Number)
		w.deliver(t, source.ID, deal(2, "Won"), "")
		await(t, w.start(t), w, "waiting parked", "succeeded")
	})
}

// TestLeases: what a node keeps after somebody else has taken the execution is dropped.
func TestLeases(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := openCRM(t, d, (&found{}).fetch)
		source, processors := w.AddSource(t, "Deals", enriched)
		w.deliver(t, source.ID, deal(1, "Won"), "")
		take := func(now, until int64) []pipeline.Fetch {
			t.Helper()
			taken, _, err := w.Node.DB.TakeFetches(t.Context(), source.ID, processors, 10, now, until)
			if err != nil {
				t.Fatal(err)
			}
			return taken
		}
		now := w.Now()
		slow := take(now, now+10)
		if len(slow) != 1 || len(take(now+9, now+20)) != 0 {
			t.Fatalf("taken twice: %+v", slow)
		}
		quick := take(now+10, now+20)
		if len(quick) != 1 || quick[0].Epoch <= slow[0].Epoch || quick[0].Since != now {
			t.Fatalf("not taken after the lease has ended: %+v", quick)
		}
		end := func(f pipeline.Fetch, city string) {
			t.Helper()
			e := f.Execution
			err := w.Node.DB.EndFetches(t.Context(), []pipeline.FetchEnd{{
				TenantID: e.TenantID, ExecutionID: e.ID, Epoch: f.Epoch,
				Enrichments: []pipeline.Enrichment{{Chain: "contact", FetchedAt: now, Snapshot: pipeline.NotStored, Body: []byte(`{"city":"` + city + `"}`)}, {Chain: "contact/company", FetchedAt: now}},
			}}, pipeline.Breaker{})
			if err != nil {
				t.Fatal(err)
			}
		}
		end(slow[0], "Too late")
		w.wantRuns(t, "waiting enriching")
		end(quick[0], "In time")
		end(slow[0], "Too late")
		w.wantRuns(t, "waiting behind")
		w.work(t, behind)
		if got := w.activityType(t, "1"); got != "In time | nobody" {
			t.Errorf("the activity says %q", got)
		}
		if n := w.Count(t, "snapshots"); n != 1 {
			t.Errorf("%d snapshots are kept", n)
		}
	})
}

// TestTwoNodesFetch: both at work on one database, each delivery is fetched for once and runs once, in order.
func TestTwoNodesFetch(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		if !d.Nodes {
			return
		}
		provider := &found{}
		w := openCRM(t, d, provider.fetch)
		other := nodeOfCRM(t, d, provider.fetch)
		source, _ := w.AddSource(t, "Deals", enriched)
		const n = 60
		for i := range n {
			w.deliver(t, source.ID, deal(2+2*(i%3), "Won"), "")
		}
		seen := w.start(t)
		other.start(t)
		await(t, seen, w, repeated("succeeded", n)...)
		if got := provider.count("contact"); got != n {
			t.Errorf("asked for %d contacts; want %d", got, n)
		}
		w.traced(t)
	})
}

// fetchedText is what the server of TestFetchesOverAKill asks.
func fetchedText(w http.ResponseWriter, use string) {
	text := map[string]any{"city": "Zwolle"}
	if use == "company" {
		text = map[string]any{"name": "Dakwerk"}
	}
	_ = json.NewEncoder(w).Encode(text)
}

// TestFetchesOverAKill: a server that is killed in the middle of a fetch goes on with it when it is back, and what it
// had fetched before is not fetched again.
func TestFetchesOverAKill(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var tenantID, sourceID int64
		func() {
			db, err := d.Try(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			catalogue := crm((&found{}).fetch)
			tenant := (&pipelinetest.Node{DB: db, Library: withAsk().WithModels(catalogue.Models()...), Catalogue: catalogue}).Tenant(t, "acme")
			source, _ := tenant.AddSource(t, "Deals", enriched)
			tenantID, sourceID = tenant.ID, source.ID
		}()

		const n = 8
		asked := make(chan string, 1000)
		var hangs atomic.Bool
		var contacts atomic.Int64
		hangs.Store(true)
		provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			use := strings.Split(r.URL.Path, "/")[1]
			asked <- use
			if use == "contact" {
				contacts.Add(1)
			} else if hangs.Load() {
				<-r.Context().Done()
				return
			}
			fetchedText(w, use)
		}))
		t.Cleanup(provider.Close)

		s := startServer(t, d.Options, provider.URL)
		for i := range n {
			s.post(t, fmt.Sprint("/deliver?source=", sourceID), deal(i, "Won"))
		}
		for <-asked != "company" { // a contact is there and its company is being fetched
		}
		s.kill()
		hangs.Store(false)
		before := contacts.Load()

		s = startServer(t, d.Options, provider.URL)
		s.post(t, fmt.Sprint("/await?tenant=", tenantID), "")
		s.kill()

		w := nodeOfCRM(t, d, (&found{}).fetch)
		w.Tenant = &pipelinetest.Tenant{}
		w.Tenant.ID = tenantID
		w.wantRuns(t, repeated("succeeded", n)...)
		if got := w.Count(t, "activities WHERE activity_type = 'Zwolle | Dakwerk'"); got != n {
			t.Errorf("%d activities", got)
		}
		if again := contacts.Load(); again > before+n {
			t.Errorf("asked %d times for contacts, %d of them before the kill", again, before)
		}
		w.traced(t)
	})
}

// awaitNothingWaits is what a server that was told to answers when everything has run.
func awaitNothingWaits(ctx context.Context, db *storage.DB, seen <-chan struct{}) error {
	for {
		sums, err := db.Sums(ctx)
		if err != nil || sums.Executions["waiting"] == 0 {
			return err
		}
		select {
		case <-seen:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

package why_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/ingest"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/queue"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/undo"
	"github.com/dealwright/dealwright/internal/pipeline/why"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	"github.com/dealwright/dealwright/internal/tenant"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

// TestCases plays testdata/*.txtar on both databases. The sections of a file are, in order:
//
//	spec…                      of the processors on the source, enabled
//	<n> source, <n> <door>     calls, numbered from 1; refused ones too
//	save                       a new version of the first processor
//	disable, enable            the first processor
//	wait <n> <reason>, end <n> <reason>   as the queue would leave the execution of a call: waiting, or skipped
//	suspend, resume            the first processor; unlink takes it off the source
//	projects off, projects on  in the tenant's settings
//	undo <n>, replay <n>, overwrite <n>   of a call; overwrite runs it again with overwrite_newer
//	undo <n> only <noun> <external id>    likewise, of what was written to that alone
//	link <kind> <external id>  to a new entity of its name
//	why <noun> <external id> [field …]    followed by what is told; the id has _ for spaces
//	absent <noun> <external id>           likewise
func TestCases(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		loader := storage.NewPictureLoader(n.DB, n.Library)
		for _, c := range pipelinetest.Cases(t) {
			t.Run(c.Name, func(t *testing.T) {
				w := &world{
					Node: n, Tenant: n.Tenant(t, c.Name),
					doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()},
					runs:  &queue.Queue{Store: storage.QueueStore{DB: n.DB, Loader: loader}, Plan: n.Plan, Writer: n.Writer, Log: pipelinetest.Log()},
					undos: &undo.Desk{Store: n.DB, Library: n.Library, Writer: n.Writer},
					desk:  &why.Desk{Store: n.DB, Library: n.Library},
					calls: map[string]int64{}, atDoor: map[string]bool{},
				}
				w.play(t, c, *update && d.Name == "sqlite")
			})
		}
	})
}

type world struct {
	*pipelinetest.Node
	*pipelinetest.Tenant
	doors      *ingest.Handler
	runs       *queue.Queue
	undos      *undo.Desk
	desk       *why.Desk
	source     int64
	processors []int64
	calls      map[string]int64 // as the files number them
	atDoor     map[string]bool  // call → at a fixed webhook
}

func (w *world) play(t *testing.T, c *pipelinetest.Case, update bool) {
	source, processors := w.AddSource(t, "Source", c.Specs...)
	w.source, w.processors = source.ID, processors
	c.Play(t, update, func(words []string, body string) (got string, tells bool) {
		if words[0] == "why" || words[0] == "absent" {
			return w.mask(w.tell(t, words)), true
		}
		w.do(t, words, body)
		return "", false
	})
}

// do carries out a section that changes something.
func (w *world) do(t *testing.T, words []string, body string) {
	t.Helper()
	ctx, by := t.Context(), access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}
	fail := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", strings.Join(words, " "), err)
		}
	}
	switch words[0] {
	case "save":
		w.Save(t, w.processors[0], body)
	case "disable":
		_, err := processor.Disable(ctx, w.DB, w.ID, w.processors[0])
		fail(err)
	case "enable":
		_, err := processor.Enable(ctx, w.DB, w.Library, w.ID, w.processors[0])
		fail(err)
	case "wait", "end":
		status := map[string]string{"wait": "waiting", "end": "skipped"}[words[0]]
		for _, e := range w.executions(t, words[1]) {
			w.set(t, "UPDATE executions SET status = ?, reason = ? WHERE id = ?", status, words[2], e.ID)
		}
	case "suspend", "resume":
		w.set(t, "UPDATE processors SET suspended = ? WHERE id = ?", map[string]int{"suspend": 1, "resume": 0}[words[0]], w.processors[0])
	case "projects":
		_, err := processor.ChangeSettings(ctx, w.DB, w.Library, w.ID, func(t tenant.Tenant) (tenant.Tenant, error) {
			t.Projects = words[1] == "on"
			return t, nil
		})
		fail(err)
	case "unlink":
		w.set(t, "DELETE FROM links WHERE processor_id = ?", w.processors[0])
	case "undo":
		var only record.Key
		if len(words) > 2 {
			only = record.Key{ProviderID: w.Provider.ID, Noun: words[3], ExternalID: strings.ReplaceAll(words[4], "_", " ")}
		}
		if n := w.calls[words[1]]; w.atDoor[words[1]] {
			_, err := w.undos.Call(ctx, undo.Ask{By: by, ID: n, Only: only})
			fail(err)
			return
		}
		for _, e := range w.executions(t, words[1]) {
			_, err := w.undos.Execution(ctx, undo.Ask{By: by, ID: e.ID, Only: only})
			fail(err)
		}
	case "replay", "overwrite":
		for _, e := range w.executions(t, words[1]) {
			_, err := w.runs.Replay(ctx, w.ID, e.ID, words[0] == "overwrite")
			fail(err)
		}
	case "link":
		p, err := w.ListIdentities(ctx, identity.Filter{TenantID: w.ID, Kind: words[1], ExternalID: words[2]}, page.Request{Size: 1})
		fail(err)
		_, err = identity.LinkNew(ctx, w.DB, by, p.Items[0].ID, "", 0)
		fail(err)
	default:
		w.call(t, words[0], words[1], body)
	}
}

// set changes the database as something does that is not about here.
func (w *world) set(t *testing.T, statement string, args ...any) {
	t.Helper()
	err := w.DB.Write(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Exec(statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) call(t *testing.T, number, door, body string) {
	t.Helper()
	path := ingest.WebhookPath + id.Format(id.Provider, w.Provider.ID) + "/" + door
	if door == "source" {
		path = ingest.SourcePath + id.Format(id.Source, w.source)
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+w.Key)
	w.doors.ServeHTTP(httptest.NewRecorder(), r)
	p, err := w.ListCalls(t.Context(), pipeline.CallFilter{TenantID: w.ID}, page.Request{Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	w.calls[number], w.atDoor[number] = p.Items[0].ID, door != "source"
}

// executions of a call that were live.
func (w *world) executions(t *testing.T, call string) []pipeline.ExecutionLine {
	t.Helper()
	d, err := w.ListDeliveries(t.Context(), pipeline.DeliveryFilter{TenantID: w.ID, SourceExecutionID: w.calls[call]}, page.Request{Size: 1})
	if err != nil || len(d.Items) == 0 {
		t.Fatalf("call %s has no delivery (%v)", call, err)
	}
	e, err := w.ListExecutions(t.Context(), pipeline.ExecutionFilter{TenantID: w.ID, DeliveryID: d.Items[0].Number, Kind: pipeline.Live}, page.Request{Size: 10})
	if err != nil {
		t.Fatal(err)
	}
	return e.Items
}

// tell answers a question and writes the answer down.
func (w *world) tell(t *testing.T, words []string) string {
	t.Helper()
	noun, external := words[1], strings.ReplaceAll(words[2], "_", " ")
	if words[0] == "absent" {
		a, err := w.desk.Absent(t.Context(), why.Wanted{TenantID: w.ID, Noun: noun, ExternalID: external})
		if err != nil {
			return fault.Of(err).Message + "\n"
		}
		return absent(a)
	}
	at, err := w.Keyed(t.Context(), w.ID, noun, external)
	if err != nil || len(at) != 1 {
		t.Fatalf("%v: there are %d (%v)", words, len(at), err)
	}
	fields := words[3:]
	if len(fields) == 0 {
		fields = []string{""}
	}
	var b strings.Builder
	for _, field := range fields {
		var told *why.Thing
		if k := record.KindOf(noun); k != nil {
			told, err = w.desk.Record(t.Context(), w.ID, k, at[0].ID, field)
		} else {
			told, err = w.desk.Identity(t.Context(), w.ID, at[0].ID, field)
		}
		if err != nil {
			fmt.Fprintln(&b, fault.Of(err).Details[0].Message)
			continue
		}
		for _, f := range told.Fields {
			write(&b, f)
		}
	}
	return b.String()
}

func write(b *strings.Builder, f why.Field) {
	fmt.Fprintf(b, "%s = %s\n", f.Name, f.Value)
	if w := f.From; w != nil {
		if w.Execution == nil {
			fmt.Fprintf(b, "  a call to the %s webhook\n", w.Delivery.Door)
		} else {
			fmt.Fprintf(b, "  %s execution of version %d", w.Execution.Kind, w.Execution.Version)
			if !w.Matches {
				fmt.Fprintf(b, ", not as it ran: %s", w.Note)
			}
			b.WriteByte('\n')
		}
		if s := w.Step; s != nil {
			fmt.Fprintf(b, "  step %s %s", s.ID, s.Summary)
			if len(s.Items) > 0 {
				fmt.Fprintf(b, " item %v", s.Items)
			}
			if s.Field != nil {
				fmt.Fprintf(b, ", %s: %s", s.Field.Name, s.Field.Formula)
			}
			b.WriteByte('\n')
			for _, c := range s.Under {
				fmt.Fprintf(b, "  under %s %s: %s is %s\n", c.Step, c.Branch, c.Formula, c.Value)
			}
		}
		for _, s := range w.Sources {
			fmt.Fprintf(b, "  ← %s %s = %s", s.Kind, s.Path, s.Value)
			if len(s.Via) > 0 {
				fmt.Fprintf(b, " by way of %s", strings.Join(s.Via, ", "))
			}
			b.WriteByte('\n')
		}
	}
	for _, c := range f.Before {
		who := c.By.Origin
		if c.By.Undo != 0 {
			who = "an undo"
		}
		fmt.Fprintf(b, "  before %s changed it: %s\n", who, c.Before)
	}
	if f.Lock != nil {
		fmt.Fprintf(b, "  locked by step %s\n", f.Lock.By.Instruction)
	}
	for _, h := range f.Held {
		fmt.Fprintf(b, "  held back: %s of step %s, %s\n", h.Value, h.Step, h.Why)
	}
	if f.Note != "" {
		fmt.Fprintf(b, "  %s\n", f.Note)
	}
}

func absent(a *why.Answer) string {
	var b strings.Builder
	fmt.Fprintln(&b, a.Verdict)
	for _, d := range a.Deliveries {
		fmt.Fprintf(&b, "delivery %s", id.Format(id.Delivery, d.Delivery.Number))
		for _, p := range d.Places {
			fmt.Fprintf(&b, ", %s = %s", p.Path, p.Value)
		}
		b.WriteByte('\n')
		for _, o := range d.Outcomes {
			fmt.Fprintf(&b, "  %s (%s)\n", o.ProcessorName, o.State)
			for _, r := range o.Reasons {
				fmt.Fprintf(&b, "    %s: %s\n", r.Code, r.Text)
			}
		}
	}
	for _, r := range a.Refused {
		fmt.Fprintf(&b, "refused at the %s webhook: %s\n", r.Call.Door, r.Reason)
	}
	return b.String()
}

var (
	anyID     = regexp.MustCompile(`\b([a-z]{3})_[0-9a-hjkmnp-tv-z]{10}\b`)
	anyMoment = regexp.MustCompile(`\b20(2[6-9]|[3-9]\d)-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
)

// mask takes out what differs from run to run; the moments of the cases are older than the present.
func (w *world) mask(text string) string {
	return anyMoment.ReplaceAllString(anyID.ReplaceAllString(text, "${1}_…"), "<now>")
}

// TestSightingsEndByBytes: no more bodies are read than there is room for, the newest first, and that is said.
func TestSightingsEndByBytes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		tally := ingest.NewTally(n.DB, pipelinetest.Log())
		w := &world{
			Node: n, Tenant: n.Tenant(t, "bytes"), calls: map[string]int64{}, atDoor: map[string]bool{},
			doors: &ingest.Handler{Plan: n.Plan, Writer: n.Writer, Tally: tally, Clock: time.Now, Log: pipelinetest.Log()},
		}
		source, _ := w.AddSource(t, "Source")
		w.source = source.ID
		const body = `{"id":"q1"}`
		for i := range 3 {
			w.call(t, strconv.Itoa(i), "source", body)
		}
		for bytes, want := range map[int]int{1000: 3, 3 * len(body): 3, 3*len(body) - 1: 2, 1: 0} {
			s, err := n.DB.Sightings(t.Context(), pipeline.SightingFilter{TenantID: w.ID, Texts: []string{`q1`}, Calls: 10, Most: 10, Bytes: bytes})
			if err != nil {
				t.Fatal(err)
			}
			if len(s.Deliveries) != want || s.All != (want == 3) {
				t.Errorf("%d bytes: %d deliveries, all: %t", bytes, len(s.Deliveries), s.All)
			}
		}
	})
}

package queue

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/enrich"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/postgres"
	"github.com/dealwright/dealwright/internal/storage/sqlite"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// In the environment of a test binary that is to be a server: the options of its database, and the URL of the provider
// that it fetches from.
const (
	serverEnv   = "DEALWRIGHT_TEST_QUEUE_SERVER"
	providerEnv = "DEALWRIGHT_TEST_QUEUE_PROVIDER"
)

// TestMain makes the test binary a server that can be killed.
func TestMain(m *testing.M) {
	if text := os.Getenv(serverEnv); text != "" {
		if err := serve(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serve runs a node that takes deliveries at /deliver?source= and answers at /answer?tenant=&execution=, and says at
// /await that nothing waits any more. It prints its address and ends only when it is killed.
func serve(options string) error {
	var o storage.Options
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return err
	}
	ctx := context.Background()
	open := sqlite.Open
	if o.URL != "" {
		open = postgres.Open
	}
	db, err := open(ctx, o)
	if err != nil {
		return err
	}
	catalogue := crm(overHTTP(func() string { return os.Getenv(providerEnv) }))
	lib := withAsk().WithModels(append(catalogue.Models(), library.WebhookPayload)...)
	loader := storage.NewPictureLoader(db, lib)
	holder, err := plan.NewHolder(ctx, loader)
	if err != nil {
		return err
	}
	seen := make(chan struct{}, 100)
	q := &Queue{
		Store: &watched{Store: storage.QueueStore{DB: db, Loader: loader}, seen: seen}, Plan: holder,
		Writer: commit.New(db.Engine(), holder, pipelinetest.Log(), db.Now), Log: pipelinetest.Log(),
		Desk: enrich.New(db, holder, catalogue, pipelinetest.Log(), db.Now),
	}
	q.Desk.Times.Attempt, q.Desk.Times.Lease = time.Second, 2*time.Second // of one that was killed, it ends soon
	ended := make(chan error, 3)
	go func() { ended <- q.Writer.Run(ctx) }()
	go func() { ended <- q.Run(ctx) }()
	number := func(r *http.Request, name string) int64 {
		n, _ := strconv.ParseInt(r.URL.Query().Get(name), 10, 64) // 0 is nothing's number
		return n
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/deliver", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // what is missing is missed by the run
		result, err := q.Writer.Submit(r.Context(), deliveryJob(db.Now(), number(r, "source"), string(body), ""))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, result.Items[0].Units[0].Outcome().Execution.ID)
	})
	mux.HandleFunc("/await", func(w http.ResponseWriter, r *http.Request) {
		if err := awaitNothingWaits(r.Context(), db, seen); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("/answer", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		outcome, err := q.Answer(r.Context(), number(r, "tenant"), number(r, "execution"), value.Text(string(body)))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, outcome.Execution.Status, " ", outcome.Execution.Reason)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println(listener.Addr())
	go func() { ended <- http.Serve(listener, mux) }()
	return <-ended
}

// server is a process of its own.
type server struct {
	cmd *exec.Cmd
	url string
}

func startServer(t *testing.T, o storage.Options, provider string) *server {
	t.Helper()
	options, err := json.Marshal(struct{ Dir, URL string }{o.Dir, o.URL})
	if err != nil {
		t.Fatal(err)
	}
	s := &server{cmd: exec.Command(os.Args[0])}
	s.cmd.Env = append(os.Environ(), serverEnv+"="+string(options), providerEnv+"="+provider)
	s.cmd.Stderr = os.Stderr
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server did not start: %v", err)
	}
	s.url = "http://" + strings.TrimSpace(address)
	return s
}

// kill is kill -9.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may be dead already
	_ = s.cmd.Wait()
}

func (s *server) post(t *testing.T, path, body string) string {
	t.Helper()
	answer, err := http.Post(s.url+path, "text/plain", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s, %v", path, answer.StatusCode, text, err)
	}
	return string(text)
}

// TestAnswersOverAKill: an execution that has asked waits on disk, whatever happens to the server, and goes on with the
// answers it got before.
func TestAnswersOverAKill(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		var tenantID, sourceID int64
		func() { // a node that ends before the servers begin: on SQLite there is one process at a time
			db, err := d.Try(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			tenant := (&pipelinetest.Node{DB: db, Library: withAsk()}).Tenant(t, "acme")
			source, _ := tenant.AddSource(t, "Deals", asking)
			tenantID, sourceID = tenant.ID, source.ID
		}()

		s := startServer(t, d.Options, "")
		execution := s.post(t, fmt.Sprint("/deliver?source=", sourceID), deal(1, "A"))
		s.kill()

		answer := fmt.Sprintf("/answer?tenant=%d&execution=%s", tenantID, execution)
		s = startServer(t, d.Options, "")
		if got := s.post(t, answer, "ask again"); got != "waiting asked" {
			t.Errorf("after the first answer: %s", got)
		}
		s.kill()

		s = startServer(t, d.Options, "")
		if got := s.post(t, answer, "Won"); got != "succeeded " {
			t.Errorf("after the second answer: %s", got)
		}
		s.kill()

		w := open(t, d)
		w.Tenant.ID = tenantID
		w.wantRuns(t, "succeeded")
		if got := w.activityType(t, "1"); got != "Answered | Won" {
			t.Errorf("the record says %q", got)
		}
	})
}

// TestBehindOverARestart: what was kept to be run later runs when the server comes back.
func TestBehindOverARestart(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		const n = 20
		var tenantID int64
		func() {
			db, err := d.Try(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			t.Run("before", func(t *testing.T) {
				node := pipelinetest.Start(t, db, withAsk())
				w := &world{Node: node, Tenant: node.Tenant(t, "acme"), Queue: queueOf(node)}
				source, _ := w.AddSource(t, "Deals", deals)
				for i := range n {
					w.deliver(t, source.ID, deal(i, "A"), pipeline.ReasonBehind)
				}
				tenantID = w.ID
			})
		}()
		db := d.Open(t)
		node := pipelinetest.Start(t, db, withAsk())
		w := &world{Node: node, Queue: queueOf(node)}
		seen := make(chan struct{}, 100)
		w.Queue.Store = &watched{Store: w.Queue.Store, seen: seen}
		pipelinetest.Go(t, w.Run)
		for w.Count(t, "executions WHERE status = 'succeeded'") < n {
			<-seen
		}
		if got := w.Count(t, "activities WHERE tenant_id = ?", tenantID); got != n {
			t.Errorf("%d activities; want %d", got, n)
		}
	})
}

// Package e2e tests the real binary from outside, over HTTP and the command line, on both databases: it knows what is
// documented and nothing of the insides. Scenarios are the scripts in testdata (see scripts_test.go for their
// commands); what a script cannot say well (a kill in mid-load, a browser) is a test of its own.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/pgtest"
)

// program is the built binary, set before the tests run.
var program string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "dealwright-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "dealwright")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", program, "../cmd/dealwright")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build ./cmd/dealwright: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// onBothDatabases runs a test on SQLite and on PostgreSQL, beside each other. What it is given makes a new empty
// database and tells the flags that choose it.
func onBothDatabases(t *testing.T, test func(t *testing.T, flags func(testing.TB) []string)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, func(t testing.TB) []string { return []string{"--data", t.TempDir()} })
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func(t testing.TB) []string {
			return []string{"--data", t.TempDir(), "--database-url", pgtest.URL(t)}
		})
	})
}

const (
	email    = "owner@example.test"
	password = "correct horse battery staple"
)

// startLimit is how long a server may take until it answers, on a machine that does much else.
const startLimit = 30 * time.Second

// server is one installation of the binary: a database that is set up, and the process that serves it, if it runs.
type server struct {
	url    string // http://127.0.0.1:port, the same over restarts
	key    string // an administrator's API key
	tenant string
	flags  []string // that choose the database
	client *http.Client

	process *exec.Cmd
	ended   chan error // gets the end of process
	log     *logBuffer
}

// newServer sets up an owner on an empty database and serves it.
func newServer(t testing.TB, flags []string) *server {
	t.Helper()
	s := &server{
		flags:  flags,
		log:    &logBuffer{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: time.Minute},
	}
	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"setup"}, flags...)
	out := s.run(t, append(args, "--email", email, "--password-file", secret, "--json")...)
	var owner struct {
		TenantID string `json:"tenant_id"`
		APIKey   string `json:"api_key"`
	}
	if err := json.Unmarshal(out, &owner); err != nil || owner.APIKey == "" || owner.TenantID == "" {
		t.Fatalf("setup --json printed %q: want tenant_id and api_key (%v)", out, err)
	}
	s.key, s.tenant = owner.APIKey, owner.TenantID
	s.serve(t)
	return s
}

// node serves the database of s (PostgreSQL) with another process, beside it.
func (s *server) node(t testing.TB) *server {
	t.Helper()
	n := &server{flags: s.flags, key: s.key, tenant: s.tenant, client: s.client, log: &logBuffer{}}
	n.serve(t)
	return n
}

// serve starts s for the first time, on an address of its own.
func (s *server) serve(t testing.TB) {
	t.Helper()
	s.url = "http://" + freeAddress(t)
	t.Cleanup(func() {
		s.kill()
		s.client.CloseIdleConnections()
		if t.Failed() {
			t.Logf("log of the server:\n%s", s.log)
		}
	})
	s.start(t)
}

// run runs a command of the binary that must succeed and gives its standard output.
func (s *server) run(t testing.TB, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	cmd.Env = append(os.Environ(), "DEALWRIGHT_URL="+s.url, "DEALWRIGHT_API_KEY="+s.key)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("dealwright %v: %v\n%s%s", args, err, out, stderr.Bytes())
	}
	return out
}

// start serves, and returns once the server says that it is ready.
func (s *server) start(t testing.TB) {
	t.Helper()
	if err := s.launch(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, s.log)
	}
}

func (s *server) launch(ctx context.Context) error {
	args := append([]string{"serve", "--listen", s.url[len("http://"):]}, s.flags...)
	s.process = exec.Command(program, args...) // kill and stop end it
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		return err
	}
	s.ended = make(chan error, 1)
	go func(p *exec.Cmd, ended chan<- error) { ended <- p.Wait() }(s.process, s.ended)

	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	again := time.NewTicker(3 * time.Millisecond)
	defer again.Stop()
	for {
		select {
		case err := <-s.ended:
			s.process = nil
			return fmt.Errorf("dealwright %v ended at once: %w", args, err)
		case <-ctx.Done():
			return fmt.Errorf("dealwright %v was not ready within %s", args, startLimit)
		case <-again.C:
			if s.ready(ctx) {
				return nil
			}
		}
	}
}

func (s *server) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/readyz", nil)
	if err != nil {
		return false
	}
	res, err := s.client.Do(req)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close()) == nil && res.StatusCode == http.StatusOK
}

// kill ends the process as a power cut would: without any chance to tidy up.
func (s *server) kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill() // fails when it has ended by itself
	_ = s.wait()                 // "signal: killed"
}

// stop asks the process to end and gives how it did: nil is exit code 0.
func (s *server) stop() error {
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.wait()
}

func (s *server) wait() error {
	err := <-s.ended
	s.process = nil
	return err
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes one request. The header has the administrator's key, unless it says otherwise.
func (s *server) send(ctx context.Context, method, path string, header http.Header, body []byte) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.key)
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	return &answer{status: res.StatusCode, header: res.Header, body: got}, nil
}

// call makes one request with a JSON body that must answer with the status, and gives what stands under "data".
func (s *server) call(t testing.TB, method, path string, body any, status int) any {
	t.Helper()
	var data []byte
	if body != nil {
		var err error
		if data, err = json.Marshal(body); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.send(t.Context(), method, path, http.Header{"Content-Type": {"application/json"}}, data)
	if err != nil {
		t.Fatal(err)
	}
	if got.status != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, got.status, status, got.body)
	}
	v, err := at(got.body, "data")
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return v
}

// eventually returns once something holds that the server does by itself.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(startLimit)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("not within %s: %s", startLimit, what)
		case <-again.C:
		}
	}
}

// freeAddress gives an address of this machine where nobody listens.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.Addr().String()
}

// logBuffer keeps the end of a process's output, for when a test fails.
type logBuffer struct {
	mu   sync.Mutex
	buf  []byte
	want string        // closes seen, once
	seen chan struct{} // nil: nothing is looked for
}

// newWatchedLog makes one that tells, through seen, when the output has a text.
func newWatchedLog(want string) *logBuffer {
	return &logBuffer{want: want, seen: make(chan struct{})}
}

const logKept = 64 << 10

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf = append(b.buf, p...)
	if b.want != "" && bytes.Contains(b.buf, []byte(b.want)) {
		close(b.seen)
		b.want = ""
	}
	if over := len(b.buf) - logKept; over > 0 {
		b.buf = append(b.buf[:0], b.buf[over:]...)
	}
	return len(p), nil
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.buf)
}

// lines gives the lines of a text.
func lines(text []byte) []string {
	var all []string
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		all = append(all, s.Text())
	}
	return all
}

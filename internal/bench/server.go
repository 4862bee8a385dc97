package bench

import (
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
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is one running binary with an entrance made ready.
type server struct {
	name   string
	cmd    *exec.Cmd
	dir    string
	target target
	start  time.Duration // from exec to the first healthy answer
	idleMB float64       // resident memory before any delivery
}

// startServer runs the binary on a fresh data folder, and on databaseURL unless that is empty, and makes provider,
// source and processor through its API as a stranger would.
func startServer(ctx context.Context, binary, databaseURL string) (s *server, err error) {
	s = &server{name: "SQLite"}
	if databaseURL != "" {
		s.name = "PostgreSQL"
	}
	if s.dir, err = os.MkdirTemp("", "dealwright-bench-"); err != nil {
		return nil, err
	}
	started := s // the result is nil when it fails
	defer func() {
		if err != nil {
			err = errors.Join(err, started.stop())
		}
	}()
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	database := []string{"--data", s.dir}
	if databaseURL != "" {
		database = append(database, "--database-url", databaseURL)
	}
	key, err := setup(ctx, binary, s.dir, database)
	if err != nil {
		return nil, err
	}
	s.cmd = exec.CommandContext(ctx, binary, append([]string{"serve", "--listen", addr}, database...)...)
	logFile, err := os.Create(filepath.Join(s.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	s.cmd.Stdout, s.cmd.Stderr = logFile, logFile
	began := time.Now()
	if err := errors.Join(s.cmd.Start(), logFile.Close()); err != nil {
		return nil, err
	}
	if err := healthy(ctx, addr); err != nil {
		return nil, err
	}
	s.start = time.Since(began)
	if s.idleMB, err = resident(s.cmd.Process.Pid); err != nil {
		return nil, err
	}
	s.target, err = prepare(ctx, apiClient{base: "http://" + addr, key: key})
	s.target.addr = addr
	return s, err
}

func (s *server) stop() error {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may have ended already
		_ = s.cmd.Wait()
	}
	return os.RemoveAll(s.dir)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func setup(ctx context.Context, binary, dir string, database []string) (key string, err error) {
	password := filepath.Join(dir, "password")
	if err := os.WriteFile(password, []byte("bench-bench-bench-1"), 0o600); err != nil {
		return "", err
	}
	args := append([]string{"setup", "--email", "bench@example.test", "--password-file", password, "--json"}, database...)
	out, err := exec.CommandContext(ctx, binary, args...).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", fmt.Errorf("setup: %w: %s", err, exit.Stderr)
		}
		return "", fmt.Errorf("setup: %w", err)
	}
	var made struct {
		APIKey string `json:"api_key"`
	}
	if err := json.Unmarshal(out, &made); err != nil {
		return "", fmt.Errorf("setup printed %q: %w", out, err)
	}
	return made.APIKey, nil
}

// healthy waits until the server answers. It asks every millisecond, for that is what is measured.
func healthy(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/healthz", nil)
		if err != nil {
			return err
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return errors.New("the server did not become healthy within 20 s")
		case <-tick.C:
		}
	}
}

// resident memory of a process, in MB.
func resident(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, errors.New("no VmRSS in /proc")
}

// cpuTime of a process so far, in user and kernel mode.
func cpuTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name before it may have spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat has %d fields", pid, len(fields))
	}
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * (time.Second / 100), nil // the kernel counts in hundredths for user space
}

// apiClient speaks to the API with an administrator's key.
type apiClient struct{ base, key string }

// prepare makes provider, source, processor with the bench's spec and link, and gives the entrance.
func prepare(ctx context.Context, c apiClient) (target, error) {
	var provider struct {
		ID     string `json:"id"`
		APIKey string `json:"api_key"`
	}
	var source struct{ ID, URL string }
	var processor struct{ ID string }
	if err := c.call(ctx, "POST", "/v1/providers", map[string]any{"type": "webhooks", "name": "Bench"}, &provider); err != nil {
		return target{}, err
	}
	if err := c.call(ctx, "POST", "/v1/providers/"+provider.ID+"/sources", map[string]any{"type": "webhook.payload", "name": "Conversations"}, &source); err != nil {
		return target{}, err
	}
	if err := c.call(ctx, "POST", "/v1/processors", map[string]any{"name": "Conversations", "provider_id": provider.ID, "source_model": "webhook.payload"}, &processor); err != nil {
		return target{}, err
	}
	if err := c.call(ctx, "PUT", "/v1/processors/"+processor.ID+"/spec", yamlText(spec), nil); err != nil {
		return target{}, err
	}
	if err := c.call(ctx, "PUT", "/v1/sources/"+source.ID+"/processors", []map[string]any{{"processor_id": processor.ID, "constants": map[string]any{}}}, nil); err != nil {
		return target{}, err
	}
	if err := c.call(ctx, "POST", "/v1/processors/"+processor.ID+"/enable", nil, nil); err != nil {
		return target{}, err
	}
	path := source.URL[strings.Index(source.URL, "/in/"):]
	return target{path: path, token: provider.APIKey}, nil
}

// yamlText is sent as application/yaml.
type yamlText string

// call sends body as JSON (or as it is, for yamlText) and decodes what stands under "data".
func (c apiClient) call(ctx context.Context, method, path string, body, into any) error {
	contentType := "application/json"
	var content []byte
	switch body := body.(type) {
	case nil:
	case yamlText:
		contentType, content = "application/yaml", []byte(body)
	default:
		var err error
		if content, err = json.Marshal(body); err != nil {
			return err
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", contentType)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, &struct{ Data any }{into})
}

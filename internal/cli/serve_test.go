package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/cli"
	"github.com/dealwright/dealwright/internal/pgtest"
	"github.com/dealwright/dealwright/internal/secret"
	"github.com/dealwright/dealwright/internal/storage"
)

// TestServe serves until it is told to stop. A set-up of the same folder goes through the server that has it open.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out, in := io.Pipe()
	ended := make(chan int, 1)
	var log bytes.Buffer
	go func() {
		code := cli.Main(ctx, []string{"serve", "--data", dir, "--listen", "127.0.0.1:0"}, cli.Environment{Out: in, Err: &log, Version: "test"})
		in.Close()
		ended <- code
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("%v: exit code %d\n%s", err, <-ended, &log)
	}
	_, url, _ := strings.Cut(strings.TrimSpace(line), " serves on ")

	secret := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(secret, []byte("correct horse battery\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var printed, complaints bytes.Buffer
	setup := func() int {
		printed.Reset()
		return cli.Main(t.Context(), []string{"setup", "--data", dir, "--email", "a@b.test", "--password-file", secret, "--json"},
			cli.Environment{Out: &printed, Err: &complaints, Version: "test"})
	}
	var owner struct {
		TenantID string `json:"tenant_id"`
		APIKey   string `json:"api_key"`
	}
	if code := setup(); code != 0 {
		t.Fatalf("setup ended with %d: %s", code, &complaints)
	}
	if err := json.Unmarshal(printed.Bytes(), &owner); err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/v1/settings", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+owner.APIKey)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), owner.TenantID) {
		t.Errorf("with the key of setup: %v %s %s", err, res.Status, body)
	}
	if code := setup(); code != 1 || !strings.Contains(complaints.String(), "set up already") {
		t.Errorf("a second setup ended with %d: %s", code, &complaints)
	}

	stop()
	http.DefaultClient.CloseIdleConnections()
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with %d: %s", code, &log)
	}
	if _, err := os.Stat(filepath.Join(dir, "serving.json")); !os.IsNotExist(err) {
		t.Errorf("the folder still says that it is served: %v", err)
	}
}

// TestServeWarnsOfAKeyInTheDatabase: PostgreSQL keeps the secret key where none is given, and whoever runs it is told.
func TestServeWarnsOfAKeyInTheDatabase(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		flags  func(t *testing.T) []string
		warned bool
	}{
		{"in the database", func(t *testing.T) []string { return []string{"--database-url", pgtest.URL(t)} }, true},
		{"given", func(t *testing.T) []string {
			key := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(key, []byte(secret.New().Text()), 0o600); err != nil {
				t.Fatal(err)
			}
			return []string{"--database-url", pgtest.URL(t), "--secret-key-file", key}
		}, false},
		{"in the folder", func(t *testing.T) []string { return []string{"--data", t.TempDir()} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			out, in := io.Pipe()
			ended := make(chan int, 1)
			var log, seen bytes.Buffer
			flags := c.flags(t)
			go func() {
				code := cli.Main(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, flags...), cli.Environment{Out: in, Err: &log, Version: "test"})
				in.Close()
				ended <- code
			}()
			if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
				t.Fatalf("%v: exit code %d\n%s", err, <-ended, &log)
			}
			code := cli.Main(t.Context(), append([]string{"doctor"}, flags...), cli.Environment{Out: &seen, Err: io.Discard, Version: "test"})
			if told := strings.Contains(seen.String(), storage.KeyInDatabase); code != 0 || told != c.warned {
				t.Errorf("doctor ended with %d and says\n%s", code, &seen)
			}
			stop()
			if code := <-ended; code != 0 {
				t.Errorf("serve ended with %d", code)
			}
			if n := strings.Count(log.String(), storage.KeyInDatabase); (n == 1) != c.warned || n > 1 {
				t.Errorf("serve says it %d times:\n%s", n, &log)
			}
		})
	}
}

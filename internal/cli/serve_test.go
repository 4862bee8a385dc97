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

package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// runningFile says, in the folder of a SQLite database, which server has it open and where that answers.
const runningFile = "serving.json"

// running is what it holds.
type running struct {
	URL      string `json:"url"`
	Instance string `json:"instance"` // a server that answers at the URL with another one is not ours
}

// newInstance names one run of a server.
func newInstance() string { return rand.Text() }

// note writes the file, and gives what takes it away again.
func (r running) note(dir string) (remove func() error, err error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, runningFile)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, fmt.Errorf("note where the server answers: %w", err)
	}
	return func() error { return os.Remove(path) }, nil
}

// answerLimit is how long a running server may take to say that it is there.
const answerLimit = 2 * time.Second

// Running gives the URL of the server that has the SQLite database of a folder open, "" for none.
func Running(ctx context.Context, dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, runningFile))
	var r running
	if err != nil || json.Unmarshal(text, &r) != nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"/healthz", nil)
	if err != nil {
		return ""
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil { // it was killed, and the file has stayed
		return ""
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	var health struct {
		Data struct {
			Instance string `json:"instance"`
		} `json:"data"`
	}
	if err != nil || json.Unmarshal(body, &health) != nil || health.Data.Instance != r.Instance {
		return ""
	}
	return r.URL
}

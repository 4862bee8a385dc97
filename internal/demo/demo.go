// Package demo shows the product at work: it sets up a company over the public API, as anybody could, and then plays a
// working day of webhooks to the server over HTTP. It knows nothing of the server but its API, and it keeps what it
// needs to go on in a file of its own beside the data.
//
//	first start   set up the company ─▶ day 1 from the morning on
//	any other     ─▶ where the last one ended; after the evening the next day begins
package demo

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// Options of the demo.
type Options struct {
	URL  string    // of the server
	Dir  string    // of its data; the demo keeps demo.json there
	Out  io.Writer // for people
	Tick bool      // Out is a terminal: the counts move on one line
	// Length is how long the working day takes; 0: as fast as the server answers.
	Length time.Duration
	Now    func() time.Time
}

// Length of the working day, unless told otherwise.
const Length = 10 * time.Minute

// File has what the demo needs to go on, in the data folder.
const File = "demo.json"

// Read gives the company of a data folder; fs.ErrNotExist when there is none yet.
func Read(dir string) (*Company, error) {
	text, err := os.ReadFile(filepath.Join(dir, File))
	if err != nil {
		return nil, err
	}
	var c Company
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("%s is damaged (%w); move the folder %s away to begin anew", filepath.Join(dir, File), err, dir)
	}
	return &c, nil
}

// Open reads the company of a data folder, or begins a new one: make then makes the tenant with its owner and gives an
// administrator's API key.
func Open(dir string, make func(email, password string) (apiKey string, err error)) (*Company, error) {
	c, err := Read(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		return c, err
	}
	c = &Company{Email: "demo@dealwright.example", Password: "demo-" + rand.Text()[:10]}
	if c.APIKey, err = make(c.Email, c.Password); err != nil {
		return nil, err
	}
	return c, c.save(dir)
}

// save writes the file anew, whole or not at all: it holds keys that are shown once.
func (c *Company) save(dir string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	next := filepath.Join(dir, File+".new")
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	return os.Rename(next, filepath.Join(dir, File))
}

// Run sets the company up, as far as that is not done, and plays its working day until ctx ends or the evening comes.
// The end of ctx is no error.
func (c *Company) Run(ctx context.Context, o Options) error {
	api := &client{http: &http.Client{Timeout: 30 * time.Second}, url: o.URL, key: c.APIKey}
	defer api.http.CloseIdleConnections()
	save := func() error { return c.save(o.Dir) }
	err := c.setUp(ctx, api, save)
	if err == nil {
		fmt.Fprintf(o.Out, "\n  Open       %s\n  Sign in    %s   %s\n\n", o.URL, c.Email, c.Password)
		err = c.play(ctx, api, o, save)
	}
	if ctx.Err() != nil {
		return errors.Join(save())
	}
	return err
}

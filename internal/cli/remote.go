package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
)

// remote says which server a command speaks to, and as whom.
type remote struct {
	URL    string `help:"Address of the server." name:"url" default:"http://127.0.0.1:8080" env:"DEALWRIGHT_URL" placeholder:"URL"`
	APIKey string `help:"API key to come in with (sk_live_…)." name:"api-key" env:"DEALWRIGHT_API_KEY" placeholder:"KEY"`
}

// Validate looks whether there is a key; kong calls it.
func (r remote) Validate() error {
	if r.APIKey == "" {
		return errors.New("an API key is missing: set DEALWRIGHT_API_KEY, or give --api-key; keys are made under Settings → API keys, and by dealwright setup")
	}
	if !strings.HasPrefix(r.URL, "http://") && !strings.HasPrefix(r.URL, "https://") {
		return fmt.Errorf("--url takes the address of a server, such as http://127.0.0.1:8080, and %q is none", r.URL)
	}
	return nil
}

// patience with a server that does not answer. Long work is asked for in parts, each much shorter.
const patience = 2 * time.Minute

// answered is the envelope of an answer.
type answered struct {
	Data  json.RawMessage `json:"data"`
	Error *refused        `json:"error"`
	Meta  struct {
		RequestID  string `json:"request_id"`
		NextCursor string `json:"next_cursor"`
	} `json:"meta"`
}

// refused is what the API says is wrong.
type refused struct {
	Message string `json:"message"`
	Details []struct {
		Field, Message, Hint, Pointer string
		Line, Column                  int
	} `json:"details"`
}

// call makes one call to the API and reads the data of the answer.
func (r remote) call(ctx context.Context, method, path string, send, data any) error {
	var body []byte
	if send != nil {
		var err error
		if body, err = json.Marshal(send); err != nil {
			return err
		}
	}
	a, err := r.exchange(ctx, method, path, "application/json", body)
	if err != nil || data == nil {
		return err
	}
	return json.Unmarshal(a.Data, data)
}

// exchange sends a body as it is.
func (r remote) exchange(ctx context.Context, method, path, media string, body []byte) (answered, error) {
	var a answered
	ctx, done := context.WithTimeout(ctx, patience)
	defer done()
	s, err := r.send(ctx, method, path, media, "application/json", body)
	if err != nil {
		return a, err
	}
	defer s.Body.Close()
	text, err := io.ReadAll(s.Body)
	if err != nil {
		return a, err
	}
	if s.StatusCode == http.StatusNoContent {
		return a, nil
	}
	return r.read(s, text)
}

// send makes a call; the caller closes the body of the answer.
func (r remote) send(ctx context.Context, method, path, media, accept string, body []byte) (*http.Response, error) {
	if err := r.Validate(); err != nil { // a command that has flags of its own to validate hides it from kong
		return nil, usageError{err}
	}
	q, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(r.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, usageError{err}
	}
	q.Header.Set("Authorization", "Bearer "+r.APIKey)
	q.Header.Set("Accept", accept)
	if body != nil {
		q.Header.Set("Content-Type", media)
	}
	s, err := http.DefaultClient.Do(q)
	if err != nil {
		if failed := (*url.Error)(nil); errors.As(err, &failed) && !errors.Is(err, context.Canceled) {
			err = failed.Err // without the whole address of the call
		}
		return nil, fmt.Errorf("%s: %w; is the server at work there? Set DEALWRIGHT_URL or --url to its address", r.URL, err)
	}
	return s, nil
}

// read reads an answer: what it refuses is an error.
func (r remote) read(s *http.Response, text []byte) (a answered, err error) {
	if err := json.Unmarshal(text, &a); err != nil {
		return a, fmt.Errorf("%s answers %s with what is no JSON; is --url the address of a Dealwright server?", r.URL, s.Status)
	}
	if a.Error == nil {
		return a, nil
	}
	kind := fault.Conflict
	if s.StatusCode == http.StatusUnprocessableEntity || s.StatusCode == http.StatusBadRequest {
		kind = fault.Invalid
	}
	f := fault.New(kind, "%s", a.Error.Message)
	for _, d := range a.Error.Details {
		if d.Line > 0 {
			d.Message = fmt.Sprintf("line %d, column %d: %s", d.Line, d.Column, d.Message)
		}
		f.With(fault.Detail{Field: d.Field, Message: d.Message, Hint: d.Hint})
	}
	if s.StatusCode >= http.StatusInternalServerError { // whoever runs the server finds it in the log by this
		f.Cause = errors.New("the server's log tells more of request " + a.Meta.RequestID)
	}
	return a, f
}

// lines makes a call that is answered in lines, tells progress and gives the data of the last. It may take as long as it
// takes; ctx ends it, here and on the server.
func (r remote) lines(ctx context.Context, method, path string, send any, progress func(json.RawMessage)) (json.RawMessage, error) {
	body, err := json.Marshal(send)
	if err != nil {
		return nil, err
	}
	if send == nil {
		body = nil
	}
	s, err := r.send(ctx, method, path, "application/json", "application/x-ndjson, application/json", body)
	if err != nil {
		return nil, err
	}
	defer s.Body.Close()
	in := bufio.NewReader(s.Body)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return nil, fmt.Errorf("the answer ended before it was complete: %w", err)
		}
		var now struct{ Progress json.RawMessage }
		if json.Unmarshal(line, &now) == nil && now.Progress != nil {
			progress(now.Progress)
			continue
		}
		a, err := r.read(s, line)
		return a.Data, err
	}
}

// most that a list command gives in all.
const most = 10_000

// list reads a list page by page, until there are n.
func (r remote) list(ctx context.Context, path string, query url.Values, n int) ([]json.RawMessage, error) {
	all := []json.RawMessage{}
	for len(all) < n {
		query.Set("per_page", strconv.Itoa(min(n-len(all), 100)))
		a, err := r.exchange(ctx, http.MethodGet, path+"?"+query.Encode(), "", nil)
		if err != nil {
			return nil, err
		}
		var page []json.RawMessage
		if err := json.Unmarshal(a.Data, &page); err != nil {
			return nil, err
		}
		all = append(all, page...)
		if a.Meta.NextCursor == "" {
			break
		}
		query.Set("cursor", a.Meta.NextCursor)
	}
	return all, nil
}

// overAPI has the flags of commands over the API that print what they were answered.
type overAPI struct {
	remote
	JSON bool `help:"Print JSON: what the API answered." name:"json"`
}

// show prints an answer: as it came, or by human for people.
func (c overAPI) show(env Environment, data json.RawMessage, human func(w io.Writer, data json.RawMessage) error) error {
	if c.JSON {
		return printJSON(env.Out, data)
	}
	return human(env.Out, data)
}

package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// client speaks the public API with an API key.
type client struct {
	http *http.Client
	url  string
	key  string
}

// failure is an answer that is no success.
type failure struct {
	Status  int
	Code    string
	Message string
}

func (f *failure) Error() string { return fmt.Sprintf("%d %s: %s", f.Status, f.Code, f.Message) }

// do sends body (nil: none; []byte: as it is; anything else as JSON) and reads what is under "data" into data.
func (c *client) do(ctx context.Context, method, path, contentType string, body, data any) error {
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		content = bytes.NewReader(b)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(ctx, method, c.url+path, content)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+c.key)
	if content != nil {
		r.Header.Set("Content-Type", contentType)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	var envelope struct {
		Data  json.RawMessage
		Error struct{ Code, Message string }
	}
	if len(text) > 0 {
		if err := json.Unmarshal(text, &envelope); err != nil {
			return fmt.Errorf("%s %s: status %d, and the answer is no JSON: %w", method, path, answer.StatusCode, err)
		}
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s %s: %w", method, path, &failure{answer.StatusCode, envelope.Error.Code, envelope.Error.Message})
	}
	if data == nil {
		return nil
	}
	return json.Unmarshal(envelope.Data, data)
}

func (c *client) post(ctx context.Context, path string, body, data any) error {
	return c.do(ctx, http.MethodPost, path, "application/json", body, data)
}

// hook sends one webhook, as its sender would, and gives the status and the answer.
func (c *client) hook(ctx context.Context, path, key string, e Event) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, strings.NewReader(e.Body))
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	if e.Form {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if e.WrongKey {
		key = "the key of yesterday"
	}
	r.Header.Set("Authorization", "Bearer "+key)
	if e.ID != "" {
		r.Header.Set("Webhook-Id", e.ID)
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, text, err
}

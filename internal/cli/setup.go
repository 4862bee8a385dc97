package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/app"
	"github.com/dealwright/dealwright/internal/connector"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/reply"
	"github.com/dealwright/dealwright/internal/storage"
)

type setup struct {
	database
	Email        string `help:"E-mail address the owner signs in with." required:"" placeholder:"ADDRESS"`
	PasswordFile string `help:"File with the owner's password; - for standard input." name:"password-file" required:"" placeholder:"FILE"`
	Name         string `help:"Name of the owner."`
	Tenant       string `help:"Name of the company; without it the part of the e-mail address after the @."`
	JSON         bool   `help:"Print JSON." name:"json"`
}

// Run makes the owner and an administrator's API key.
func (c setup) Run(ctx context.Context, env Environment) (err error) {
	password, err := readFile(env, c.PasswordFile)
	if err != nil {
		return err
	}
	founding := access.Founding{
		Tenant: c.Tenant, Email: c.Email, Name: c.Name, Password: strings.TrimRight(string(password), "\r\n"), First: true, Key: true,
	}
	tenantID, key, err := found(ctx, c.options(), founding)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(env.Out, struct {
			TenantID string `json:"tenant_id"`
			APIKey   string `json:"api_key"`
		}{tenantID, key})
	}
	_, err = fmt.Fprintf(env.Out, "Set up %s. %s can sign in.\nAn administrator's API key, shown this once: %s\n", tenantID, c.Email, key)
	return err
}

// found makes the first tenant of a database, with its owner: through the server that has it open, or else itself.
func found(ctx context.Context, o storage.Options, f access.Founding) (tenantID, key string, err error) {
	if url := app.Running(ctx, o.Dir); o.URL == "" && url != "" {
		return foundThere(ctx, url, f)
	}
	db, err := app.OpenDatabase(ctx, o)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	made, _, key, err := access.Found(ctx, db, access.NewHasher(), f, connector.Standard().Names())
	if err != nil {
		return "", "", err
	}
	return id.Format(id.Tenant, made.ID), key, nil
}

// foundThere does it through the API of a running server, as its first-run page does.
func foundThere(ctx context.Context, url string, f access.Founding) (tenantID, key string, err error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", "", err
	}
	there := caller{url: url, http: &http.Client{Jar: jar, Timeout: callLimit}}
	if f.Tenant == "" {
		_, f.Tenant, _ = strings.Cut(f.Email, "@")
	}
	var session struct {
		Tenant struct {
			ID string `json:"id"`
		} `json:"tenant"`
	}
	err = there.post(ctx, "/v1/auth/setup", map[string]string{"tenant": f.Tenant, "name": f.Name, "email": f.Email, "password": f.Password}, &session)
	if err != nil {
		return "", "", err
	}
	var made struct {
		Key string `json:"key"`
	}
	err = there.post(ctx, "/v1/api-keys", map[string]string{"name": "Made by setup", "role": string(access.Admin)}, &made)
	return session.Tenant.ID, made.Key, err
}

// callLimit is how long one call may take.
const callLimit = 30 * time.Second

// caller makes calls of the API.
type caller struct {
	url  string
	http *http.Client
}

// post sends body as JSON and reads what stands under "data"; a failure is the fault the server told.
func (c caller) post(ctx context.Context, path string, body, data any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct {
		Data  json.RawMessage `json:"data"`
		Error reply.ErrorBody `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s%s answered %s and no JSON: %w", c.url, path, res.Status, err)
	}
	if answer.Error.Code == "" {
		return json.Unmarshal(answer.Data, data)
	}
	f := fault.New(fault.Conflict, "%s", answer.Error.Message)
	if answer.Error.Code == fault.Invalid.Code() {
		f.Kind = fault.Invalid
	}
	f.Details = answer.Error.Details
	return f
}

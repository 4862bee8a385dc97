package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/app"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/provider"
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

// found makes the first tenant of a database that nobody serves, with its owner.
func found(ctx context.Context, o storage.Options, f access.Founding) (tenantID, key string, err error) {
	db, err := app.OpenDatabase(ctx, o)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	made, _, key, err := access.Found(ctx, db, access.NewHasher(), f, provider.TypeNames())
	if err != nil {
		return "", "", err
	}
	return id.Format(id.Tenant, made.ID), key, nil
}

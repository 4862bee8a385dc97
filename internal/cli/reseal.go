package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/dealwright/dealwright/internal/app"
	"github.com/dealwright/dealwright/internal/secret"
)

type reseal struct {
	database
	NewSecretKeyFile string `help:"File with the new key: 32 random bytes in base64, made with openssl rand -base64 32." name:"new-secret-key-file" required:"" type:"path" placeholder:"FILE"`
	JSON             bool   `help:"Print JSON." name:"json"`
}

// Run puts the secrets of a database that no server uses under a new key. It leaves the files of both keys alone.
func (c reseal) Run(ctx context.Context, env Environment) (err error) {
	key, err := secret.Source{File: c.NewSecretKeyFile}.Read()
	if err != nil {
		return usageError{err}
	}
	o := c.options()
	o.Existing = true
	db, err := app.OpenDatabase(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Reseal(ctx, key); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(env.Out, map[string]string{"secret_key": key.Fingerprint()})
	}
	_, err = fmt.Fprintf(env.Out, "The secrets of the database are now under the key %s in %s.\nStart every server with it: give it with --secret-key-file or %s, or put it in the place of %s in the data folder.\n",
		key.Fingerprint(), c.NewSecretKeyFile, secret.Variable, secret.FileName)
	return err
}

package cli

import (
	"context"
	"fmt"

	"github.com/dealwright/dealwright/internal/app"
)

// listening are the flags of a command that serves.
type listening struct {
	Listen    string `help:"Address to serve on; 127.0.0.1:8080, if left out." default:"127.0.0.1:8080" env:"DEALWRIGHT_LISTEN" placeholder:"HOST:PORT"`
	PublicURL string `help:"Address as others reach it, for the URLs that are shown (https://…)." name:"public-url" env:"DEALWRIGHT_PUBLIC_URL" placeholder:"URL"`
}

type serve struct {
	database
	listening
	logging
}

// Run serves until it is told to stop.
func (c serve) Run(ctx context.Context, env Environment) error {
	log := c.logger(env.Err)
	return app.Serve(ctx, app.Options{
		Storage:   c.options(),
		Listen:    c.Listen,
		PublicURL: c.PublicURL,
		Log:       log,
		Version:   env.Version,
		Serving: func(url string) {
			fmt.Fprintf(env.Out, "dealwright %s serves on %s\n", env.Version, url)
		},
	})
}

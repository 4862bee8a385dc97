package cli

import (
	"context"
	"errors"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/app"
	"github.com/dealwright/dealwright/internal/demo"
)

type demonstrate struct {
	database
	listening
	Length time.Duration `help:"How long the working day takes; 0 for as fast as the server answers." default:"10m"`
}

// Run serves a demo company and plays its day until it is told to stop.
func (c demonstrate) Run(ctx context.Context, env Environment) error {
	company, err := demo.Open(c.Data, func(email, password string) (string, error) {
		_, key, err := found(ctx, c.options(), access.Founding{
			Tenant: "Havenlicht Energie", Email: email, Name: "Demo", Password: password, First: true, Key: true,
		})
		return key, err
	})
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	serving := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- app.Serve(ctx, app.Options{
			Storage: c.options(), Listen: c.Listen, PublicURL: c.PublicURL, Proxies: c.proxies(), Log: logging{LogLevel: "warn"}.logger(env.Err), Version: env.Version,
			Serving: func(url string) { serving <- url },
		})
	}()
	select {
	case err := <-ended:
		return err
	case url := <-serving:
		err := company.Run(ctx, demo.Options{URL: url, Dir: c.Data, Out: env.Out, Tick: env.Terminal, Length: c.Length, Now: time.Now})
		if err == nil {
			<-ctx.Done() // the day is over; people may still want to look around
		}
		stop()
		return errors.Join(err, <-ended)
	}
}

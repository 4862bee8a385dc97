package cli

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/dealwright/dealwright/internal/app"
)

// listening are the flags of a command that serves.
type listening struct {
	Listen    string    `help:"Address to serve on; 127.0.0.1:8080, if left out." default:"127.0.0.1:8080" env:"DEALWRIGHT_LISTEN" placeholder:"HOST:PORT"`
	PublicURL string    `help:"Address as others reach it, for the URLs that are shown (https://…)." name:"public-url" env:"DEALWRIGHT_PUBLIC_URL" placeholder:"URL"`
	Proxies   []network `help:"Addresses of the proxies before the server, such as 192.0.2.7, or networks that have nobody else in them; of calls from there the X-Forwarded-For that they add says who calls, so that one caller's wrong passwords do not count for all. If left out, nobody is believed." name:"trusted-proxies" env:"DEALWRIGHT_TRUSTED_PROXIES" placeholder:"CIDR,…"`
}

// network is a range of addresses, or one, as it is given with a flag.
type network struct{ netip.Prefix }

// UnmarshalText is how kong reads it.
func (n *network) UnmarshalText(text []byte) (err error) {
	if a, wrong := netip.ParseAddr(string(text)); wrong == nil {
		n.Prefix, err = a.Prefix(a.BitLen())
	} else {
		n.Prefix, err = netip.ParsePrefix(string(text))
	}
	switch {
	case err != nil:
		return fmt.Errorf("%q is no address; write 192.0.2.7, or 10.9.8.0/29 for a network", text)
	case n.Bits() == 0:
		return fmt.Errorf("%s is everybody, who could then say to be anybody; name the networks of your proxies", text)
	}
	return nil
}

func (l listening) proxies() []netip.Prefix {
	all := make([]netip.Prefix, len(l.Proxies))
	for i, n := range l.Proxies {
		all[i] = n.Prefix
	}
	return all
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
		Proxies:   c.proxies(),
		Log:       log,
		Version:   env.Version,
		Serving: func(url string) {
			fmt.Fprintf(env.Out, "dealwright %s serves on %s\n", env.Version, url)
		},
	})
}

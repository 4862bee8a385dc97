// Command dealwright-bench measures a built dealwright from outside; `make bench` runs it.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"time"

	"github.com/dealwright/dealwright/internal/bench"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "dealwright-bench:", err)
		os.Exit(1)
	}
}

func run() error {
	var o bench.Options
	var clients, reference, token, dir string
	var rows int
	flag.StringVar(&o.Binary, "binary", "bin/dealwright", "the built server")
	flag.StringVar(&o.DatabaseURL, "database-url", "", "an empty PostgreSQL database; without it SQLite alone is measured")
	flag.StringVar(&clients, "clients", "32,256", "numbers of clients")
	flag.DurationVar(&o.Stretch, "stretch", 5*time.Second, "length of one measurement")
	flag.IntVar(&o.Rounds, "rounds", 5, "interleaved repeats")
	flag.StringVar(&reference, "reference", "", "serve as the reference on this address instead")
	flag.StringVar(&token, "token", "", "the reference's bearer token")
	flag.IntVar(&rows, "seed", 0, "instead: fill a database with so many executions, for lists; of --data or --database-url, while no server runs on it")
	flag.StringVar(&dir, "data", "", "folder of the SQLite database to fill")
	flag.Parse()
	if reference != "" {
		l, err := net.Listen("tcp", reference)
		if err != nil {
			return err
		}
		return bench.Reference(l, token)
	}
	if rows > 0 {
		return bench.SeedAt(context.Background(), dir, o.DatabaseURL, rows)
	}
	var err error
	if o.Clients, err = bench.ParseClients(clients); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return bench.Main(ctx, o, os.Stdout)
}

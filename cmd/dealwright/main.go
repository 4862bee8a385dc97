// Command dealwright is the whole product: server, commands and user interface in one binary.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/dealwright/dealwright/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	info, err := os.Stdout.Stat()
	code := cli.Main(ctx, os.Args[1:], cli.Environment{
		In:       os.Stdin,
		Out:      os.Stdout,
		Err:      os.Stderr,
		Terminal: err == nil && info.Mode()&os.ModeCharDevice != 0,
		Version:  cli.BuildVersion(),
	})
	stop()
	os.Exit(code)
}

package cli_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/dealwright/dealwright/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"dealwright": func() {
			os.Exit(cli.Main(context.Background(), os.Args[1:], cli.Environment{
				In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Version: "test",
			}))
		},
	})
}

// TestScripts is the specification of the command line: testdata/*.txtar. `exits N dealwright …` runs a command that
// must end with that code; the rest is testscript's. -update writes cmp files anew.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "served": served, "keyfrom": keyFrom},
	})
}

// exits runs a command and compares its exit code.
func exits(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) < 2 {
		ts.Fatalf("usage: exits code command…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		code = string(rune('0' + exit.ExitCode()))
	} else {
		ts.Check(err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s", code, args[0])
	}
}

// served serves the folder d and sets DEALWRIGHT_URL; it ends with the script.
func served(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) != 0 {
		ts.Fatalf("usage: served")
	}
	ctx, stop := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		cli.Main(ctx, []string{"serve", "--data", ts.MkAbs("d"), "--listen", "127.0.0.1:0"}, cli.Environment{Out: in, Err: io.Discard, Version: "test"})
		in.Close()
	}()
	ts.Defer(func() { stop(); <-ended })
	line, err := bufio.NewReader(out).ReadString('\n')
	ts.Check(err)
	_, url, _ := strings.Cut(strings.TrimSpace(line), " serves on ")
	ts.Setenv("DEALWRIGHT_URL", url)
}

// keyFrom sets DEALWRIGHT_API_KEY to what setup printed in a file.
func keyFrom(ts *testscript.TestScript, not bool, args []string) {
	if not || len(args) != 1 {
		ts.Fatalf("usage: keyfrom file")
	}
	var made struct {
		APIKey string `json:"api_key"`
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &made))
	ts.Setenv("DEALWRIGHT_API_KEY", made.APIKey)
}

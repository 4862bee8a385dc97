package e2e

import (
	"context"
	"os/exec"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// demo is a running `dealwright demo`.
type demo struct {
	url, email, password string
	process              *exec.Cmd
	ended                chan error // gets the end of process
}

// demoLimit is how long a whole day may take when it is played as fast as the server answers.
const demoLimit = 3 * time.Minute

var demoSignIn = regexp.MustCompile(`(?s)Open +(\S+).*?Sign in +(\S+) +(\S+)`)

// playDay plays a day into the demo company, whose database the flags choose, and leaves the server running.
func playDay(t *testing.T, flags ...string) *demo {
	t.Helper()
	log := newWatchedLog("The day is over")
	d := &demo{process: exec.Command(program, append([]string{"demo", "--listen", freeAddress(t), "--length", "0"}, flags...)...)} // stop ends it
	d.process.Stdout, d.process.Stderr = log, log
	if err := d.process.Start(); err != nil {
		t.Fatal(err)
	}
	d.ended = make(chan error, 1)
	go func() { d.ended <- d.process.Wait() }()
	t.Cleanup(func() { _ = d.process.Process.Kill() }) // fails when it has ended
	ctx, cancel := context.WithTimeout(t.Context(), demoLimit)
	defer cancel()
	select {
	case <-log.seen:
	case err := <-d.ended:
		t.Fatalf("the demo ended by itself (%v):\n%s", err, log)
	case <-ctx.Done():
		t.Fatalf("the day was not over within %s; the demo printed:\n%s", demoLimit, log)
	}
	found := demoSignIn.FindStringSubmatch(log.String())
	if found == nil {
		t.Fatalf("the demo did not print URL and sign-in:\n%s", log)
	}
	d.url, d.email, d.password = found[1], found[2], found[3]
	return d
}

// stop ends the demo as Ctrl-C does.
func (d *demo) stop(t *testing.T) {
	t.Helper()
	if err := d.process.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := <-d.ended; err != nil {
		t.Errorf("Ctrl-C ended the demo with %v, not cleanly", err)
	}
}

// TestDemo plays two days: the second start goes on with the same data and the same sign-in.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := playDay(t, "--data", dir)
	first.stop(t)
	second := playDay(t, "--data", dir)
	second.stop(t)
	if first.email != second.email || first.password != second.password {
		t.Errorf("the second start has another sign-in: %s %s, then %s %s", first.email, first.password, second.email, second.password)
	}
	if out, err := exec.CommandContext(t.Context(), program, "doctor", "--all-traces", "--data", dir).CombinedOutput(); err != nil {
		t.Errorf("doctor: %v\n%s", err, out)
	}
}

package demo_test

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/cli"
	"github.com/dealwright/dealwright/internal/demo"
)

// screen tells when a text has been printed.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	want string
	seen chan struct{} // closed when want is there
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := strings.Contains(s.text.String(), s.want)
	s.text.Write(p)
	if !before && strings.Contains(s.text.String(), s.want) {
		close(s.seen)
	}
	return len(p), nil
}

// play runs the demo until it has printed want, and ends it as Ctrl-C does.
func play(t *testing.T, dir, want string, flags ...string) *demo.Company {
	t.Helper()
	out := &screen{want: want, seen: make(chan struct{})}
	var failures bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan int, 1)
	go func() {
		args := append([]string{"demo", "--data", dir, "--listen", "127.0.0.1:0"}, flags...)
		ended <- cli.Main(ctx, args, cli.Environment{Out: out, Err: &failures})
	}()
	code := -1
	select {
	case <-out.seen:
		stop()
		code = <-ended
	case code = <-ended:
	}
	if code != 0 || failures.Len() > 0 {
		t.Fatalf("exit code %d\n%s%s", code, failures.String(), out.text.String())
	}
	c, err := demo.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestDays plays a day in two parts, then another one, each in a process of its own as far as the data can tell.
func TestDays(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	const over = "The day is over."
	// At this pace a day takes an hour, so it ends in the morning.
	morning := play(t, dir, "Working day 1", "--length", "1h")
	if morning.Day != 1 || morning.Next > 50 {
		t.Errorf("day %d, event %d; want the morning of the first day", morning.Day, morning.Next)
	}
	first := play(t, dir, over, "--length", "0")
	if first.Day != 1 || first.APIKey != morning.APIKey || first.Password != morning.Password {
		t.Errorf("the second start began anew: %+v", first)
	}
	n := first.Count
	for name, count := range map[string]int{
		"refused": n.Refused, "repeats": n.Repeats, "succeeded": n.Succeeded, "skipped": n.Skipped, "partial": n.Partial, "failed": n.Failed,
		"created": n.Created, "updated": n.Updated,
	} {
		if count == 0 {
			t.Errorf("%s: none; a real day has some", name)
		}
	}
	second := play(t, dir, over, "--length", "0")
	if second.Day != 2 || second.Count.Calls <= first.Count.Calls {
		t.Errorf("day %d after %d calls; want the second day", second.Day, second.Count.Calls)
	}
	var report bytes.Buffer
	if code := cli.Main(t.Context(), []string{"doctor", "--all-traces", "--data", dir}, cli.Environment{Out: &report, Err: &report}); code != 0 {
		t.Errorf("the numbers do not add up:\n%s", report.String())
	}
	everyExecutionIsATest(t, dir, 200)
	aWorldToLookAt(t, dir)
}

func TestDayIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	date := time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)
	day := demo.Day(1, date)
	if diff := cmp.Diff(day, demo.Day(1, date)); diff != "" {
		t.Errorf("the same day differs:\n%s", diff)
	}
	if !slices.IsSortedFunc(day, func(a, b demo.Event) int { return a.At.Compare(b.At) }) {
		t.Error("the day is not in order")
	}
	if cmp.Equal(day, demo.Day(2, date)) {
		t.Error("two days are the same")
	}
	for _, e := range day {
		if e.At.Day() != date.Day() {
			t.Errorf("%s is sent at %s", e.Body, e.At)
		}
	}
}

func TestAServerThatFailsEndsTheDay(t *testing.T) {
	t.Parallel()
	c := &demo.Company{APIKey: "key"}
	err := c.Run(t.Context(), demo.Options{URL: "http://127.0.0.1:1", Dir: t.TempDir(), Out: &bytes.Buffer{}, Now: time.Now})
	if err == nil || !strings.Contains(err.Error(), http.MethodPost) && !strings.Contains(err.Error(), "Post") {
		t.Errorf("%v; want an error that names the call", err)
	}
}

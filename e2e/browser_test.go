package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/bench"
)

// needsWeb fails a test where the packages of web/ or the built user interface are not there.
func needsWeb(t *testing.T) {
	t.Helper()
	for _, needed := range []string{"../web/node_modules", "../web/dist/index.html"} {
		if _, err := os.Stat(needed); err != nil {
			t.Fatalf("%v: run make web first", err)
		}
	}
}

// TestBrowser runs the browser tests of web/e2e in a real Chromium against the real binary, which has a day of the demo
// company behind it.
// It needs the packages of web/ and the built user interface; `make test` sees to both.
func TestBrowser(t *testing.T) {
	t.Parallel()
	needsWeb(t)
	d := playDay(t, t.TempDir())
	npm := exec.CommandContext(t.Context(), "npm", "run", "--silent", "e2e")
	npm.Dir = "../web"
	npm.Env = append(os.Environ(), "DEALWRIGHT_URL="+d.url, "DEALWRIGHT_EMAIL="+d.email, "DEALWRIGHT_PASSWORD="+d.password)
	out, err := npm.CombinedOutput()
	if err != nil {
		t.Fatalf("npm run e2e: %v\n%s", err, out)
	}
	t.Logf("%s", out)
	d.stop(t)
}

// listed is how many executions the lists of TestLists have.
const listed = 30_000

// TestLists walks through lists of many rows in a browser.
func TestLists(t *testing.T) {
	needsWeb(t)
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		s := newServer(t, flags(t))
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		dir, url := s.flags[1], ""
		if len(s.flags) > 3 {
			url = s.flags[3]
		}
		if err := bench.SeedAt(t.Context(), dir, url, listed); err != nil {
			t.Fatal(err)
		}
		s.start(t)
		npm := exec.CommandContext(t.Context(), "npm", "run", "--silent", "lists")
		npm.Dir = "../web"
		npm.Env = append(os.Environ(), "DEALWRIGHT_URL="+s.url, "DEALWRIGHT_EMAIL="+email, "DEALWRIGHT_PASSWORD="+password)
		out, err := npm.CombinedOutput()
		if err != nil {
			t.Fatalf("npm run lists: %v\n%s", err, out)
		}
		t.Logf("%s", out)
	})
}

// TestSixSteps performs the six steps in a browser, from an install without an owner, in each language.
func TestSixSteps(t *testing.T) {
	needsWeb(t)
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		for _, language := range []string{"en", "nl"} {
			t.Run(language, func(t *testing.T) {
				s := &server{flags: flags(t), client: &http.Client{Timeout: time.Minute}, log: &logBuffer{}}
				s.serve(t)
				npm := exec.CommandContext(t.Context(), "npm", "run", "--silent", "sixsteps")
				npm.Dir = "../web"
				npm.Env = append(os.Environ(), "DEALWRIGHT_URL="+s.url, "DEALWRIGHT_LANGUAGE="+language)
				if out, err := npm.CombinedOutput(); err != nil {
					t.Fatalf("npm run sixsteps: %v\n%s", err, out)
				}
			})
		}
	})
}

package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/bench"
)

// elsewhere are the files of web/e2e that TestBrowser leaves to others: they need another server than a day of the demo
// company, or are about the pages alone, which are the same whatever database is behind them.
var elsewhere = map[string]string{
	"sixsteps.e2e.ts":  "TestSixSteps",
	"lists.e2e.ts":     "TestLists",
	"everypage.e2e.ts": "TestEveryPage",
	"hostile.e2e.ts":   "TestEveryPage",
	"guide.e2e.ts":     "TestEveryPage",
	"firstload.e2e.ts": "TestEveryPage",
	"shots.e2e.ts":     "make shots",
}

// browse runs files of web/e2e in a real Chromium against a server, and prints each test as it ends.
func browse(t *testing.T, files []string, env ...string) {
	t.Helper()
	for _, needed := range []string{"../web/node_modules", "../web/dist/index.html"} {
		if _, err := os.Stat(needed); err != nil {
			t.Fatalf("%v: run make web first", err)
		}
	}
	npm := exec.CommandContext(t.Context(), "npm", append([]string{"run", "--silent", "e2e", "--"}, files...)...)
	npm.Dir = "../web"
	npm.Env = append(os.Environ(), env...)
	npm.Stdout, npm.Stderr = t.Output(), t.Output()
	if err := npm.Run(); err != nil {
		t.Errorf("npm run e2e -- %v: %v", files, err)
	}
}

// TestBrowser runs the browser tests of web/e2e against the real binary, which has a day of the demo company behind it.
// It needs the packages of web/ and the built user interface; `make test` sees to both.
func TestBrowser(t *testing.T) {
	paths, err := filepath.Glob("../web/e2e/*.e2e.ts")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no browser tests in web/e2e (%v)", err)
	}
	var files []string
	for _, path := range paths {
		if name := filepath.Base(path); elsewhere[name] == "" {
			files = append(files, "e2e/"+name)
		}
	}
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		d := playDay(t, flags(t)...)
		browse(t, files, "DEALWRIGHT_URL="+d.url, "DEALWRIGHT_EMAIL="+d.email, "DEALWRIGHT_PASSWORD="+d.password)
		d.stop(t)
	})
}

// TestEveryPage looks at each page there is: what can be read, heard and reached, and what hostile texts do there.
func TestEveryPage(t *testing.T) {
	t.Parallel()
	d := playDay(t, "--data", t.TempDir())
	browse(t, []string{"e2e/everypage.e2e.ts", "e2e/hostile.e2e.ts", "e2e/guide.e2e.ts", "e2e/firstload.e2e.ts"}, "DEALWRIGHT_URL="+d.url, "DEALWRIGHT_EMAIL="+d.email, "DEALWRIGHT_PASSWORD="+d.password)
	d.stop(t)
}

// listed is how many executions the lists of TestLists have.
const listed = 30_000

// TestLists walks through lists of many rows in a browser.
func TestLists(t *testing.T) {
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
		browse(t, []string{"e2e/lists.e2e.ts"}, "DEALWRIGHT_URL="+s.url, "DEALWRIGHT_EMAIL="+email, "DEALWRIGHT_PASSWORD="+password)
	})
}

// TestSixSteps performs the six steps in a browser, from an install without an owner, in each language.
func TestSixSteps(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		for _, language := range []string{"en", "nl"} {
			t.Run(language, func(t *testing.T) {
				s := &server{flags: flags(t), client: &http.Client{Timeout: time.Minute}, log: &logBuffer{}}
				s.serve(t)
				browse(t, []string{"e2e/sixsteps.e2e.ts"}, "DEALWRIGHT_URL="+s.url, "DEALWRIGHT_LANGUAGE="+language)
			})
		}
	})
}

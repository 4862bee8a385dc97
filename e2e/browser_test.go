package e2e

import (
	"os"
	"os/exec"
	"testing"
)

// TestBrowser runs the browser tests of web/e2e in a real Chromium against the real binary, which has a day of the demo
// company behind it.
// It needs the packages of web/ and the built user interface; `make test` sees to both.
func TestBrowser(t *testing.T) {
	t.Parallel()
	for _, needed := range []string{"../web/node_modules", "../web/dist/index.html"} {
		if _, err := os.Stat(needed); err != nil {
			t.Fatalf("%v: run make web first", err)
		}
	}
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

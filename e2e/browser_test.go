package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

// TestBrowser runs the browser tests of web/e2e in a real Chromium against the real binary, which has some deliveries.
// It needs the packages of web/ and the built user interface; `make test` sees to both.
func TestBrowser(t *testing.T) {
	t.Parallel()
	for _, needed := range []string{"../web/node_modules", "../web/dist/index.html"} {
		if _, err := os.Stat(needed); err != nil {
			t.Fatalf("%v: run make web first", err)
		}
	}
	s := newServer(t, []string{"--data", t.TempDir()})
	door := newSource(t, s)
	for n := range 30 {
		if status, err := door.post(t.Context(), "deal-"+strconv.Itoa(n)); err != nil || status != http.StatusOK {
			t.Fatalf("post: status %d, %v", status, err)
		}
	}
	npm := exec.CommandContext(t.Context(), "npm", "run", "--silent", "e2e")
	npm.Dir = "../web"
	npm.Env = append(os.Environ(),
		"DEALWRIGHT_URL="+s.url, "DEALWRIGHT_API_KEY="+s.key,
		"DEALWRIGHT_EMAIL="+email, "DEALWRIGHT_PASSWORD="+password)
	out, err := npm.CombinedOutput()
	if err != nil {
		t.Fatalf("npm run e2e: %v\n%s", err, out)
	}
	t.Logf("%s", out)
}

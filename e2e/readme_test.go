package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the tour of the README as a reader would: all its sh blocks in one shell, in order. An output block
// is what the block before it prints; … stands for any text, a line of its own for any lines.
func TestReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, tour, ok := strings.Cut(string(readme), "## Five-minute tour")
	if !ok {
		t.Fatal("the README has no five-minute tour")
	}
	// The reader's port is taken or not; ours is free.
	tour = strings.ReplaceAll(tour, "127.0.0.1:8080", freeAddress(t))

	const mark = "== end of block =="
	script := "set -eu -o pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
	var wants []string
	for _, block := range regexp.MustCompile("(?ms)^```(sh|output)\n(.*?)^```$").FindAllStringSubmatch(tour, -1) {
		if block[1] == "sh" {
			script += block[2] + "echo '" + mark + "'\n"
			wants = append(wants, "")
			continue
		}
		if len(wants) == 0 {
			t.Fatal("the tour has an output before any command")
		}
		wants[len(wants)-1] = block[2]
	}
	if len(wants) == 0 {
		t.Fatal("the tour has no sh blocks")
	}

	bash := exec.CommandContext(t.Context(), "bash", "-c", script)
	bash.Dir = t.TempDir()
	bash.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+string(os.PathListSeparator)+os.Getenv("PATH"))
	log := &logBuffer{}
	bash.Stderr = log
	out, err := bash.Output()
	if err != nil {
		t.Errorf("the tour ended with %v\n%s\n%s", err, out, log)
	}
	got := strings.Split(string(out), mark+"\n")
	for i, want := range wants {
		if i >= len(got) {
			break
		}
		pattern := strings.ReplaceAll(regexp.QuoteMeta(want), "…\n", "(?s:.*)")
		pattern = strings.ReplaceAll(pattern, "…", ".*")
		if !regexp.MustCompile("^" + pattern + "$").MatchString(got[i]) {
			t.Errorf("block %d of the tour printed\n%s\nbut the README says\n%s", i+1, got[i], want)
		}
	}
}

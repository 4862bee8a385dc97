package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme runs the tour of the README as a reader would: all its sh blocks in one shell, in order.
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

	runsAsPrinted(t, tour)
}

// TestGuide runs the sh blocks of each page of the guide, in order, as a reader would: with a server of her own, whose
// address and key are in the environment. Both languages have the same blocks, which another test sees to.
func TestGuide(t *testing.T) {
	t.Parallel()
	for _, slug := range []string{"webhooks", "api", "operating"} {
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			page, err := os.ReadFile("../docs/guide/en/" + slug + ".md")
			if err != nil {
				t.Fatal(err)
			}
			text := string(page)
			if slug != "operating" { // which makes its server itself
				address := freeAddress(t)
				text = "```sh\n" + `echo 'a password of your own' >password
dealwright setup --data own --email you@example.test --password-file password --json >own.json
dealwright serve --data own --listen ` + address + ` >own.log 2>&1 &
export DEALWRIGHT_URL=http://` + address + ` DEALWRIGHT_API_KEY=$(jq -r .api_key own.json)
curl -s --retry 30 --retry-connrefused -o own.ready $DEALWRIGHT_URL/readyz
` + "```\n" + text
			}
			runsAsPrinted(t, strings.ReplaceAll(text, "127.0.0.1:8080", freeAddress(t)))
		})
	}
	pages, err := filepath.Glob("../docs/guide/en/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pages {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if slug := strings.TrimSuffix(filepath.Base(name), ".md"); strings.Contains(string(page), "```sh\n") && slug != "webhooks" && slug != "api" && slug != "operating" {
			t.Errorf("%s has commands that nothing runs", slug)
		}
	}
}

// runsAsPrinted runs all sh blocks of a text in one shell. An output block is what the block before it prints; … stands for
// any text, a line of its own for any lines.
func runsAsPrinted(t *testing.T, tour string) {
	t.Helper()
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
			t.Errorf("block %d printed\n%s\nbut it says\n%s", i+1, got[i], want)
		}
	}
}

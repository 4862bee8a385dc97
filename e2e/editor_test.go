package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const specBeingWritten = `spec:   1
source_model: webhook.payload
instructions:
# who sold it
- type: upsert_agent_external_identity
  external_id: =evnt.user.id
  external_name: =implode_with_spaces("é🚲", event.user.first_name, event.user.la
  return_as: agent
- {type: stop, reson: done}
tests:
- name: one
  given: {user: {id: 7, first_name: Cas, last_name: Bos}}
  expect: {outcome: skipped}
`

// TestEditor is a session of a real editor with the language server: a broken spec is opened, completed, mended and
// formatted (testdata/editor.lua), until nothing is wrong with it. What the editor showed is testdata/editor.golden.
func TestEditor(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("nvim"); err != nil {
		t.Fatalf("%v: run scripts/need neovim first", err)
	}
	folder := t.TempDir()
	spec, transcript := filepath.Join(folder, "deal.yaml"), filepath.Join(folder, "transcript")
	if err := os.WriteFile(spec, []byte(specBeingWritten), 0o600); err != nil {
		t.Fatal(err)
	}
	script, err := filepath.Abs("testdata/editor.lua")
	if err != nil {
		t.Fatal(err)
	}
	nvim := exec.CommandContext(t.Context(), "nvim", "--headless", "--clean", "-n", "-c", "luafile "+script)
	nvim.Env = append(os.Environ(), "PROGRAM="+program, "SPEC="+spec, "TRANSCRIPT="+transcript, "HOME="+folder, "XDG_STATE_HOME="+folder, "XDG_CACHE_HOME="+folder)
	out, failed := nvim.CombinedOutput()
	got, _ := os.ReadFile(transcript)
	if failed != nil {
		t.Fatalf("nvim: %v\n%s\n%s", failed, out, got)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile("testdata/editor.golden", got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/editor.golden")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

package cli_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/cli"
)

// TestRekeyIsAskedToTheEnd: a re-key and its undo are asked part by part, and what is told in the end is of all parts.
func TestRekeyIsAskedToTheEnd(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, path, after string
		flags             []string
	}{
		{"re-key", "/v1/processors/prc_0000000001/re-key", "act_0000000002", nil},
		{"undo", "/v1/processors/prc_0000000001/re-key/undo", "rek_0000000002", []string{"--undo"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var asked []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				asked = append(asked, r.URL.Path+" "+string(body))
				next := `null`
				if len(asked) == 1 {
					next = `"` + c.after + `"`
				}
				moved := fmt.Sprintf(`{"noun": "activity", "id": "act_%010d", "from": "%[1]d", "to": "deal %[1]d"}`, len(asked))
				left := `{"noun": "sale", "id": "sal_0000000009", "external_id": "x", "why": "It is taken."}`
				fmt.Fprintf(w, `{"data": {"moved": [%s], "left": [%s], "next": %s}}`, moved, left, next)
			}))
			defer server.Close()
			var out, errs bytes.Buffer
			env := cli.Environment{Out: &out, Err: &errs, Version: "test"}
			args := append([]string{"processor", "re-key", "prc_0000000001", "--url", server.URL, "--api-key", "k"}, c.flags...)
			if code := cli.Main(t.Context(), args, env); code != 0 {
				t.Fatalf("exit code %d: %s", code, &errs)
			}
			want := `activity act_0000000001: “1” → “deal 1”
sale sal_0000000009 stays “x”: It is taken.
activity act_0000000002: “2” → “deal 2”
sale sal_0000000009 stays “x”: It is taken.
2 moved, 2 left
`
			if diff := cmp.Diff(want, out.String()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			first, _ := json.Marshal(map[string]any{"preview": false})
			second, _ := json.Marshal(map[string]any{"preview": false, "after": c.after})
			if diff := cmp.Diff([]string{c.path + " " + string(first), c.path + " " + string(second)}, asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

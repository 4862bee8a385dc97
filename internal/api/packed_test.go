package api_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestTextIsSentPacked: long text comes in gzip to who takes it, as it is to who does not, and says the same.
func TestTextIsSentPacked(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		viewer := s.company("packed").as(access.Viewer)
		s.api.UI = fstest.MapFS{
			"index.html":          {Data: []byte("<h1>page</h1>")},
			"assets/app-1.js":     {Data: []byte(strings.Repeat("say('hello');\n", 2000))},
			"assets/font-1.woff2": {Data: []byte(strings.Repeat("font", 2000))},
		}
		get := func(path, accept string) (*http.Response, string) {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", accept)
			name, value, _ := strings.Cut(viewer, ": ")
			r.Header.Set(name, value)
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			body := io.Reader(w.Body)
			if w.Header().Get("Content-Encoding") == "gzip" {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				body = z
			}
			text, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			return w.Result(), string(text)
		}
		for path, packed := range map[string]bool{
			"/assets/app-1.js": true, "/openapi.json": true, "/docs/en/concepts": true,
			"/assets/font-1.woff2": false, "/healthz": false, "/v1/agents": false,
		} {
			plain, want := get(path, "identity")
			if got := plain.Header.Get("Content-Encoding"); got != "" {
				t.Errorf("%s is sent in %s to who takes none", path, got)
			}
			answer, got := get(path, "gzip, br, zstd")
			if is := answer.Header.Get("Content-Encoding") == "gzip"; is != packed {
				t.Errorf("%s: packed %v, want %v", path, is, packed)
			}
			if packed && got != want {
				t.Errorf("%s says something else when it is packed", path)
			}
			if !strings.Contains(strings.Join(answer.Header.Values("Vary"), ", "), "Accept-Encoding") {
				t.Errorf("%s does not say that it varies: %v", path, answer.Header)
			}
		}
	})
}

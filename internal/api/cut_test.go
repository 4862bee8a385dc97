package api

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestACutAnswerIsNoWholeOne: who reads an answer that breaks off after its beginning gets an error, packed or plain.
func TestACutAnswerIsNoWholeOne(t *testing.T) {
	t.Parallel()
	s := &Server{Options: Options{Log: slog.New(slog.DiscardHandler), Now: time.Now}}
	for name, stop := range map[string]func(*http.Request){
		"an export whose next page fails": func(r *http.Request) { s.cut(r.Context(), errors.New("the database has gone")) },
		"a panic":                         func(*http.Request) { panic("a mistake of ours") },
		"none":                            func(*http.Request) {},
	} {
		door := httptest.NewServer(packed(s.identified(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/csv")
			_, _ = io.WriteString(w, strings.Repeat("a line of an export\n", 20_000))
			stop(r)
		}))))
		t.Cleanup(door.Close)
		for _, plain := range []bool{true, false} {
			answer, err := (&http.Client{Transport: &http.Transport{DisableCompression: plain}}).Get(door.URL)
			if err == nil { // else it broke off before its first packet
				_, err = io.ReadAll(answer.Body)
				_ = answer.Body.Close()
			}
			if cut := name != "none"; (err != nil) != cut {
				t.Errorf("%s, plain %t: error %v", name, plain, err)
			}
		}
	}
}

package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/lsp"
	"github.com/dealwright/dealwright/internal/spec/value"
)

type serveEditor struct {
	URL    string `help:"Address of a server; fields of what it received lately are then proposed in a spec that says x-processor: prc_…." name:"url" default:"http://127.0.0.1:8080" env:"DEALWRIGHT_URL" placeholder:"URL"`
	APIKey string `help:"API key for that server; without one, none is asked." name:"api-key" env:"DEALWRIGHT_API_KEY" placeholder:"KEY"`
	Stdio  bool   `help:"Speak over standard input and output, as always; some editors say it."`
}

// Run serves one editor over standard input and output until it says exit.
func (c serveEditor) Run(ctx context.Context, env Environment) error {
	server := lsp.Server{Library: library.Standard(), Version: env.Version, ReadFile: readURI}
	if c.APIKey != "" {
		server.Recent = remote{URL: c.URL, APIKey: c.APIKey}.recentItems
	}
	return server.Run(ctx, env.In, env.Out)
}

// maxSamples bounds a file beside a spec.
const maxSamples = 4 << 20

// readURI reads a file of this machine.
func readURI(uri string) ([]byte, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "file" {
		return nil, fmt.Errorf("%s is no file here", uri)
	}
	info, err := os.Stat(u.Path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSamples {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", u.Path, maxSamples)
	}
	return os.ReadFile(u.Path)
}

// How much a server is asked for, while somebody types.
const (
	recentPerSource = "10"
	recentWait      = 5 * time.Second
)

// recentItems gives what the sources of a processor delivered last.
func (r remote) recentItems(ctx context.Context, processor string) ([]value.Value, error) {
	ctx, done := context.WithTimeout(ctx, recentWait)
	defer done()
	var links []struct {
		SourceID string `json:"source_id"`
	}
	if err := r.call(ctx, http.MethodGet, "/v1/processors/"+url.PathEscape(processor)+"/sources", nil, &links); err != nil {
		return nil, err
	}
	var items []value.Value
	for _, link := range links {
		var deliveries []struct {
			ID string `json:"id"`
		}
		if err := r.call(ctx, http.MethodGet, "/v1/deliveries?per_page="+recentPerSource+"&source_id="+url.QueryEscape(link.SourceID), nil, &deliveries); err != nil {
			return nil, err
		}
		for _, d := range deliveries {
			var whole struct {
				Body json.RawMessage `json:"body"`
			}
			if err := r.call(ctx, http.MethodGet, "/v1/deliveries/"+d.ID, nil, &whole); err != nil {
				return nil, err
			}
			if v, wrong := value.ParseJSON(whole.Body, value.Limits{}); wrong == nil {
				items = append(items, v)
			}
		}
	}
	return items, nil
}

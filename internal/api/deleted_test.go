package api_test

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestListsTellWhatIsGone: who keeps a copy of a list learns what was deleted since.
func TestListsTellWhatIsGone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("acme")
		admin := c.as(access.Admin)
		p, path := s.processor(admin)
		source := s.must(201, "POST", "/v1/providers/"+p.id()+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin)
		kept := s.must(201, "POST", "/v1/providers/"+p.id()+"/sources", `{"type": "webhook.payload", "name": "Kept"}`, admin)
		since := url.QueryEscape(fmt.Sprint(kept.at("data", "updated_at")))
		listed := func(path, query string, want ...string) {
			t.Helper()
			got := s.must(200, "GET", path+"?"+query, "", admin)
			for i := range max(len(want), 3) {
				id := ""
				if i < len(want) {
					id = want[i]
				}
				if found := got.at("data", i, "id"); found != nil && fmt.Sprint(found) != id || found == nil && id != "" {
					t.Errorf("%s?%s: item %d is %v, want %q", path, query, i, found, id)
				}
			}
		}
		s.must(204, "DELETE", "/v1/sources/"+source.id(), "", admin)
		listed("/v1/sources", "", kept.id())
		listed("/v1/sources", "deleted=include", source.id(), kept.id())
		listed("/v1/sources", "deleted=only&updated_after="+since, source.id())
		listed("/v1/providers/"+p.id()+"/sources", "deleted=only", source.id())
		got := s.must(200, "GET", "/v1/sources?deleted=include", "", admin)
		if got.at("data", 0, "deleted_at") == nil || got.at("data", 1, "deleted_at") != nil {
			t.Errorf("which one is gone: %s", got.Body)
		}
		s.must(404, "GET", "/v1/sources/"+source.id(), "", admin)
		s.must(422, "GET", "/v1/sources?deleted=no", "", admin)

		// A provider takes its sources and processors along.
		s.must(204, "DELETE", "/v1/providers/"+p.id()+"?confirm=true", "", admin)
		listed("/v1/providers", "")
		listed("/v1/providers", "deleted=only&updated_after="+since, p.id())
		listed("/v1/processors", "deleted=only&updated_after="+since, path[len("/v1/processors/"):])
		listed("/v1/sources", "deleted=only&updated_after="+since, source.id(), kept.id())
	})
}

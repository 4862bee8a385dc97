package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestExecutionAsTest(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("acme")
		ids := s.furnish(c)
		admin, viewer := c.as(access.Admin), c.as(access.Viewer)
		path, spec := "/v1/executions/"+ids["executions"]+"/as-test", "/v1/processors/"+ids["processors"]
		made := s.must(200, "POST", path, `{"name": "a deal"}`, viewer)
		if made.at("data", "passed") != true || made.at("data", "same_run") != true || made.at("data", "saved") != nil || made.at("data", "tree", "given", "agent") == nil {
			t.Errorf("made: %s", made.Body)
		}
		if text := fmt.Sprint(made.at("data", "text")); !strings.HasPrefix(text, "- name: a deal\n") {
			t.Errorf("its text is %q", text)
		}
		s.must(422, "POST", path, `{"name": ""}`, admin)
		s.must(422, "POST", path, `{}`, admin)
		s.must(403, "POST", path, `{"name": "a deal", "save": true}`, viewer)
		saved := s.must(200, "POST", path, `{"name": "a deal", "save": true}`, admin)
		if fmt.Sprintf("%v %v", saved.at("data", "saved", "version"), saved.at("data", "saved", "passed")) != "2 true" {
			t.Errorf("saved: %s", saved.Body)
		}
		versions := s.must(200, "GET", spec+"/versions", "", admin)
		if fmt.Sprint(versions.at("data", 0, "same_program_as")) != "1" {
			t.Errorf("with a test the program is another one: %s", versions.Body)
		}
		if got := s.must(422, "POST", path, `{"name": "a deal", "save": true}`, admin); got.at("error", "details", 0, "code") != "bad_test" {
			t.Errorf("two tests of one name: %s", got.Body)
		}
		// On a spec that was changed since, it is kept, and said not to pass.
		s.must(200, "PUT", spec+"/spec", strings.Replace(plan, `"Deal"`, `"Order"`, 1), admin)
		if got := s.must(200, "POST", path, `{"name": "as it was", "save": true}`, admin); got.at("data", "passed") != true || got.at("data", "saved", "passed") != false || got.at("data", "saved", "differences", 0) == nil {
			t.Errorf("on another spec: %s", got.Body)
		}
	})
}

package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestUndo: what an execution wrote is shown, taken back and given back.
func TestUndo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("ours")
		ids := s.furnish(c)
		member := c.as(access.Member)
		path := "/v1/executions/" + ids["executions"]
		activities := func(want int) {
			t.Helper()
			if list, _ := s.must(200, "GET", "/v1/activities", "", member).at("data").([]any); len(list) != want {
				t.Errorf("%d activities, want %d", len(list), want)
			}
		}
		seen := s.must(200, "POST", path+"/undo", `{"preview": true}`, member)
		if seen.at("data", "preview") != true || seen.at("data", "id") != nil || seen.at("data", "things", 0, "outcome") != "removed" {
			t.Errorf("the preview: %s", seen.Body)
		}
		activities(1)
		done := s.must(200, "POST", path+"/undo", "", member)
		if done.at("data", "id") == nil || done.at("data", "things", 0, "id") != ids["activities"] {
			t.Errorf("the undo: %s", done.Body)
		}
		activities(0)
		first := done.at("data", "id").(string)
		viewer, stranger := c.as(access.Viewer), s.company("theirs").as(access.Admin)
		if told := s.must(200, "GET", "/v1/undos/"+first, "", viewer); told.at("data", "execution_id") != ids["executions"] || told.at("data", "by") == nil ||
			told.at("data", "things", 0, "id") != ids["activities"] || told.at("data", "redoes_id") != nil || told.at("data", "taken_back_by_id") != nil {
			t.Errorf("the undo is told as %s", told.Body)
		}
		again := s.must(200, "POST", path+"/redo", `{}`, member).at("data", "id")
		activities(1)
		if told := s.must(200, "GET", "/v1/undos/"+first, "", viewer); told.at("data", "taken_back_by_id") != again {
			t.Errorf("the undo that was taken back by %v is told as %s", again, told.Body)
		}
		if told := s.must(200, "GET", fmt.Sprintf("/v1/undos/%s", again), "", viewer); told.at("data", "redoes_id") != first || told.at("data", "execution_id") != ids["executions"] ||
			told.at("data", "taken_back_by_id") != nil {
			t.Errorf("the undo of the undo is told as %s", told.Body)
		}
		if diff := cmp.Diff([]string{"undo -"}, s.found(first, viewer)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{}, s.found(first, stranger)); diff != "" {
			t.Error(diff)
		}
		s.must(404, "GET", "/v1/undos/"+first, "", stranger)
		s.must(404, "GET", "/v1/undos/und_zzzzzzzzzz", "", viewer)
		s.must(404, "GET", "/v1/undos/"+ids["executions"], "", viewer)
		s.must(422, "POST", path+"/redo", `{"undo_id": "`+ids["activities"]+`"}`, member)
		alone := s.must(200, "POST", "/v1/activities/"+ids["activities"]+"/undo", `{}`, member).at("data", "id").(string)
		for undo, says := range map[string]string{
			first:             "taken back already", // another one stands
			"und_zzzzzzzzzz":  "no undo of this run",
			fmt.Sprint(again): "no undo of this run", // but of an undo of it
		} {
			if refused := s.must(409, "POST", path+"/redo", `{"undo_id": "`+undo+`"}`, member); !strings.Contains(refused.Body.String(), says) {
				t.Errorf("to take back %s is refused with %s, want %q", undo, refused.Body, says)
			}
		}
		activities(0)
		s.must(200, "POST", path+"/redo", `{"undo_id": "`+alone+`"}`, member)
		activities(1)
		if line := s.must(200, "GET", "/v1/activities/"+ids["activities"]+"/history", "", member); line.at("data", 0, "made_by", "undo_id") == nil || line.at("data", 0, "by") == nil {
			t.Errorf("the history does not tell of the undo: %s", line.Body)
		}
		s.must(409, "POST", path+"/redo", "", member)
		s.must(422, "POST", path+"/undo", `{"previews": true}`, member)
	})
}

// TestUndoOfAVersion: what all executions of a version wrote is shown, taken back and given back.
func TestUndoOfAVersion(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("ours")
		ids := s.furnish(c)
		member, path := c.as(access.Member), "/v1/processors/"+ids["processors"]+"/versions/1"
		left := func() int {
			t.Helper()
			list, _ := s.must(200, "GET", "/v1/activities", "", member).at("data").([]any)
			return len(list)
		}
		if got := s.must(200, "POST", path+"/undo", `{"preview": true}`, member); fmt.Sprint(got.at("data", "counts", "removed")) != "1" || got.at("data", "still_runs") != true || left() != 1 {
			t.Errorf("the preview: %s", got.Body)
		}
		if got := s.must(200, "POST", path+"/undo", "", member); fmt.Sprint(got.at("data", "done")) != "1" || got.at("data", "next") != nil || left() != 0 {
			t.Errorf("the undo: %s", got.Body)
		}
		if got := s.must(200, "POST", path+"/redo", `{"limit": 1}`, member); fmt.Sprint(got.at("data", "done")) != "1" || left() != 1 {
			t.Errorf("the redo: %s", got.Body)
		}
		s.must(404, "POST", "/v1/processors/"+ids["processors"]+"/versions/2/undo", "", member)
		s.must(422, "POST", path+"/undo", `{"after": "x"}`, member)
	})
}

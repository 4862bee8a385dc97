package api_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestWhatPeopleDoWhileNothingComesInIsFoundByItsMoment(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, ids := worked(s)
		viewer := c.as(access.Viewer)
		all := s.must(200, "GET", "/v1/executions", "", viewer).column("id")
		err := s.DB.Write(t.Context(), func(tx *storage.Tx) error {
			for _, column := range []string{"source_executions SET received_at = received_at", "deliveries SET received_at = received_at", "executions SET ran_at = ran_at"} {
				if _, err := tx.Exec("UPDATE "+column+" - ?", (3 * time.Hour).Microseconds()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s.must(200, "POST", "/v1/executions/"+all[2]+"/replay", `{"overwrite_newer": true}`, c.as(access.Member))
		hourAgo := time.Now().Add(-time.Hour).Truncate(time.Second)
		moment := func(from time.Duration) string { return url.QueryEscape(hourAgo.Add(from).Format(time.RFC3339)) }
		ago := moment(0)
		count := func(path string, want int) {
			t.Helper()
			if got := s.must(200, "GET", path, "", viewer).column("id"); len(got) != want {
				t.Errorf("%s gives %d rows, want %d", path, len(got), want)
			}
		}
		count("/v1/executions?after="+ago, 1)
		count("/v1/executions?before="+ago, len(all))
		charted := func(before, within int) { // before the hour and within it, as the list has them
			t.Helper()
			chart := s.must(200, "GET", "/v1/executions/histogram?parts=2&after="+moment(-4*time.Hour)+"&before="+moment(4*time.Hour), "", viewer)
			if got := told(chart.at("data", "bars", 0, "all"), chart.at("data", "bars", 1, "all")); got != fmt.Sprintf("%d %d", before, within) {
				t.Errorf("the bars have %s executions, want %d %d", got, before, within)
			}
		}
		charted(len(all), 1)
		for path, want := range map[string]int{
			"/v1/activities?updated_after=" + ago: 1, "/v1/journal?after=" + ago: 2,
		} {
			count(path, want)
		}
		// The run that was asked for stays where it is when something comes in again.
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 5}`, c.as(access.Admin)).at("data", "api_key").(string)
		s.must(200, "POST", "/in/"+ids["sources"], `{"id": "four", "agent": 7, "at": "2026-01-08"}`, door)
		count("/v1/executions?after="+ago, 2)
		count("/v1/executions?before="+ago, len(all))
		charted(len(all), 2)
	})
}

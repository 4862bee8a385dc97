package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestAnEventTellsOncePerRecord(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("events")
		admin := c.as(access.Admin)
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + p.at("data", "api_key").(string)
		send := func(id int, kind, value string) {
			t.Helper()
			s.must(200, "POST", "/webhooks/"+p.id()+"/activity", fmt.Sprintf(`{"id": %d, "type": %q, "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05", "value": %s}`, id, kind, value), door)
		}
		send(1, "Deal", "900") // before the event: none of its business
		event := s.must(201, "POST", "/v1/events", `{"name": "Big deal", "rule": {"source": "activity", "types": ["Deal"], "least": 500, "tell": true}}`, admin).id()
		count := func(path string) string {
			return fmt.Sprint(s.must(200, "GET", path, "", admin).at("meta", "total"))
		}
		// seek looks until what was written is settled, and then some, and says what is there.
		seek := func(records, told string) {
			t.Helper()
			limit := time.Now().Add(20 * time.Second)
			for count("/v1/notices") != told || count("/v1/events/"+event+"/records") != records {
				if _, err := s.SeekEvents(t.Context()); err != nil {
					t.Fatal(err)
				}
				if time.Now().After(limit) {
					t.Fatalf("%s records and %s told, want %s and %s", count("/v1/events/"+event+"/records"), count("/v1/notices"), records, told)
				}
			}
			for range 3 {
				if _, err := s.SeekEvents(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			if count("/v1/notices") != told {
				t.Errorf("told %s times, want %s", count("/v1/notices"), told)
			}
		}
		send(2, "Deal", "700")
		send(3, "Deal", "100")
		send(4, "Visit", "900")
		seek("1", "1")
		notice := s.must(200, "GET", "/v1/notices", "", admin)
		if got := fmt.Sprint(notice.at("data", 0, "record")); got != "map[agent:Ann external_id:2 value:700]" {
			t.Errorf("a notice is of %s", got)
		}
		if got := fmt.Sprint(s.must(200, "GET", "/v1/events/"+event+"/records", "", admin).at("data", 0, "unlinked_agent")); got != "Ann" {
			t.Errorf("an agent that is not linked is called %q", got)
		}
		for value := range 5 {
			send(2, "Deal", fmt.Sprint(800+value))
		}
		send(4, "Deal", "900") // becomes one
		seek("2", "2")
		send(2, "Visit", "900") // is none any more, and stays told
		seek("1", "2")
		send(2, "Deal", "900") // and again: told once
		seek("2", "2")
		s.must(204, "DELETE", "/v1/events/"+event, "", admin)
		if got := count("/v1/notices"); got != "0" {
			t.Errorf("%s notices of an event that is gone", got)
		}
	})
}

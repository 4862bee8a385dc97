package api_test

import (
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestAnEventIsAboutTheNextRecord(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c, ids := worked(s)
		admin := c.as(access.Admin)
		e := s.must(201, "POST", "/v1/events", `{"name": "new", "rule": {"source": "activity", "tell": true}}`, admin).id()
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 5}`, admin).at("data", "api_key").(string)
		s.must(200, "POST", "/in/"+ids["sources"], `{"id": "late", "agent": 7, "at": "2026-01-06"}`, door)
		for end := time.Now().Add(time.Minute); ; {
			if _, err := s.DB.SeekEvents(t.Context()); err != nil {
				t.Fatal(err)
			}
			if told := s.must(200, "GET", "/v1/events/"+e+"/records", "", admin).column("external_id"); len(told) == 1 && told[0] == "late" {
				return
			}
			if time.Now().After(end) {
				t.Fatal("the record that came after the event is not told of")
			}
		}
	})
}

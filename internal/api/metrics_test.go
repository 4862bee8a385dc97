package api_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

func TestMetricsFollowTheirRecords(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("metrics").as(access.Admin)
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + p.at("data", "api_key").(string)
		send := func(kind, body string) {
			t.Helper()
			s.must(200, "POST", "/webhooks/"+p.id()+"/"+kind, body, door)
		}
		made := 0
		metric := func(definition string) string {
			t.Helper()
			made++
			return s.must(201, "POST", "/v1/metrics", `{"name": "Metric `+strconv.Itoa(made)+`", "definition": `+definition+`}`, admin).id()
		}
		stretch := "?from=2026-01-01T00:00:00Z&to=2026-01-31T23:00:00Z&bucket=month"
		total := func(id, want string) {
			t.Helper()
			if got := fmt.Sprint(s.must(200, "GET", "/v1/metrics/"+id+"/values"+stretch, "", admin).at("data", "all", "total")); got != want {
				t.Errorf("the total is %s, want %s", got, want)
			}
		}
		deals := metric(`{"aggregate": "count", "source": "activity", "types": ["Deal"]}`)
		visits := metric(`{"aggregate": "count", "source": "activity", "types": ["Visit"]}`)
		gas := metric(`{"aggregate": "sum", "source": "sale", "field": "gas_usage", "sales": "net"}`)
		gross := metric(`{"aggregate": "count", "source": "sale"}`)
		share := metric(`{"aggregate": "ratio", "over_id": "` + deals + `", "under_id": "` + visits + `", "format": "percentage"}`)
		worked := metric(`{"aggregate": "time", "source": "period", "types": ["Shift"]}`)

		send("activity", `{"id": 1, "type": "Deal", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05"}`)
		total(deals, "1")
		total(share, "<nil>") // nothing below the line
		send("activity", `{"id": 2, "type": "Visit", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05"}`)
		send("activity", `{"id": 3, "type": "Visit", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-06"}`)
		total(share, "50")
		send("activity", `{"id": 1, "type": "Visit", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05"}`)
		total(deals, "0") // it left at once
		total(visits, "3")

		send("sale", `{"id": 1, "agent_id": 7, "agent_name": "Ann", "proposition_id": 2, "proposition_name": "Solar", "sold_at": "2026-01-05", "energy_meta": {"gas_usage": 1200.5}}`)
		send("sale", `{"id": 2, "agent_id": 7, "agent_name": "Ann", "proposition_id": 2, "proposition_name": "Solar", "sold_at": "2026-01-06", "cancelled_at": "2026-03-01", "energy_meta": {"gas_usage": 10}}`)
		total(gas, "1200.5")
		total(gross, "2")
		send("period", `{"id": 1, "type": "Shift", "agent_id": 7, "agent_name": "Ann", "starts_at": "2026-01-31T22:00:00Z", "ends_at": "2026-02-01T06:00:00Z"}`)
		total(worked, "3600") // until midnight in Amsterdam

		lines := s.must(200, "GET", "/v1/metrics/"+visits+"/records?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "", admin)
		if got := fmt.Sprint(lines.at("data", 0, "external_id"), lines.at("data", 1, "external_id"), lines.at("data", 2, "external_id"), lines.at("data", 3)); !strings.HasPrefix(got, "3") || !strings.HasSuffix(got, "<nil>") {
			t.Errorf("the records of three visits are %s", lines.Body)
		}
		s.must(409, "DELETE", "/v1/metrics/"+deals, "", admin) // a ratio is of it
		s.must(204, "DELETE", "/v1/metrics/"+share, "", admin)
		s.must(204, "DELETE", "/v1/metrics/"+deals, "", admin)
		for _, bad := range []string{
			`{"aggregate": "sum", "source": "sale", "field": "duration"}`, `{"aggregate": "time", "source": "sale"}`, `{"aggregate": "count"}`,
			`{"aggregate": "ratio", "over_id": "mtr_0000000001", "under_id": "` + visits + `"}`, `{"aggregate": "count", "source": "call", "types": ["x"]}`,
		} {
			s.must(422, "POST", "/v1/metrics/preview", bad, admin)
		}
	})
}

// TestMetricNamesAreOnesOwn: two metrics of one tenant are never called the same, in capitals or not.
func TestMetricNamesAreOnesOwn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("names")
		admin := c.as(access.Admin)
		const count = `", "definition": {"aggregate": "count", "source": "activity"}}`
		named := func(name string) string { return `{"name": "` + name + count }
		deals := s.must(201, "POST", "/v1/metrics", named("Deals"), admin).id()
		visits := s.must(201, "POST", "/v1/metrics", named("Visits"), admin).id()
		got := s.must(409, "POST", "/v1/metrics", named(" deals "), admin)
		if said := got.at("error", "message"); said != "There is a metric “Deals” already. Give this one another name." || got.at("error", "details", 0, "field") != "name" {
			t.Errorf("a name that is taken is told as %s", got.Body)
		}
		if said := s.must(409, "POST", "/v1/metrics", named("Deals"), admin, "Accept-Language: nl").at("error", "message"); said != "Er is al een metric “Deals”. Geef deze een andere naam." {
			t.Errorf("in Dutch: %v", said)
		}
		s.must(409, "PATCH", "/v1/metrics/"+visits, `{"name": "DEALS"}`, admin)
		s.must(200, "PATCH", "/v1/metrics/"+deals, named("deals"), admin) // its own
		s.must(200, "PATCH", "/v1/metrics/"+visits, `{"name": "Visits"}`, admin)
		s.must(201, "POST", "/v1/metrics", named("Deals"), s.company("others").as(access.Admin))
		s.must(204, "DELETE", "/v1/metrics/"+deals, "", admin)
		s.must(201, "POST", "/v1/metrics", named("Deals"), admin)
	})
}

// TestMoneyIsToldApart: a sum of values adds money, or what is none; where it adds both that is told.
func TestMoneyIsToldApart(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("money").as(access.Admin)
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + p.at("data", "api_key").(string)
		for _, body := range []string{
			`{"id": 1, "type": "Deal", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05", "value": 100.50, "value_is_money": true}`,
			`{"id": 2, "type": "Deal", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05", "value": 20, "value_is_money": true}`,
			`{"id": 3, "type": "Panels", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05", "value": 8}`,
			`{"id": 4, "type": "Visit", "agent_id": 7, "agent_name": "Ann", "moment": "2026-01-05"}`,
		} {
			s.must(200, "POST", "/webhooks/"+p.id()+"/activity", body, door)
		}
		made := map[string]string{}
		for _, c := range []struct{ name, definition, total, mixed string }{
			{"both", `"aggregate": "sum", "source": "activity", "field": "value"`, "128.5", "map[money:2 other:1]"},
			{"money", `"aggregate": "sum", "source": "activity", "field": "value", "money": "only"`, "120.5", "<nil>"},
			{"pieces", `"aggregate": "sum", "source": "activity", "field": "value", "money": "without"`, "8", "<nil>"},
			{"deals", `"aggregate": "sum", "source": "activity", "field": "value", "types": ["Deal", "Visit"]`, "120.5", "<nil>"},
			{"count", `"aggregate": "count", "source": "activity", "money": "only"`, "4", "<nil>"}, // a count adds no values
			{"ratio", `"aggregate": "ratio", "over_id": "both", "under_id": "pieces"`, "16.0625", "map[money:2 other:1]"},
		} {
			definition := strings.NewReplacer(`"both"`, `"`+made["both"]+`"`, `"pieces"`, `"`+made["pieces"]+`"`).Replace(c.definition)
			made[c.name] = s.must(201, "POST", "/v1/metrics", `{"name": "`+c.name+`", "definition": {`+definition+`}}`, admin).id()
			got := s.must(200, "GET", "/v1/metrics/"+made[c.name]+"/values?from=2026-01-01T00:00:00Z&to=2026-01-31T00:00:00Z", "", admin)
			if total, mixed := fmt.Sprint(got.at("data", "all", "total")), fmt.Sprint(got.at("data", "mixed")); total != c.total || mixed != c.mixed {
				t.Errorf("%s: %s, mixed %s; want %s, %s", c.name, total, mixed, c.total, c.mixed)
			}
		}
		lines := list(s.must(200, "GET", "/v1/metrics/"+made["pieces"]+"/records?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", "", admin).at("data"))
		if len(lines) != 2 { // one of them has no value
			t.Errorf("the records behind the pieces are %v", lines)
		}
		s.must(422, "POST", "/v1/metrics/preview", `{"aggregate": "sum", "source": "activity", "field": "value", "money": "some"}`, admin)
	})
}

func TestHomeCountsWhatCameAndRan(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("home")
		admin := c.as(access.Admin)
		s.furnish(c)
		sum := func(path ...any) int {
			n := 0
			home := s.must(200, "GET", "/v1/home", "", admin)
			for i := range 24 {
				shown := fmt.Sprint(home.at(append(append([]any{"data"}, path...), i)...))
				one, err := strconv.Atoi(shown)
				if err != nil {
					t.Fatalf("hour %d of %v holds %s", i, path, shown)
				}
				n += one
			}
			return n
		}
		limit := time.Now().Add(20 * time.Second)
		for sum("outcomes", "created") == 0 && time.Now().Before(limit) {
			if _, err := s.CountPulse(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 { // nothing is counted twice
			if _, err := s.CountPulse(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := sum("outcomes", "created"); got != 1 {
			t.Errorf("%d executions made something, want 1", got)
		}
		if got := sum("sources", 0, "deliveries"); got != 1 {
			t.Errorf("%d deliveries came by the source, want 1", got)
		}
		// The last hour is that of the past sixty minutes, whatever the clock says.
		for _, moved := range []struct{ minutes, want int }{{0, 1}, {50, 1}, {15, 0}} {
			err := s.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec("UPDATE source_pulse SET at = at - ? WHERE span = ?", int64(moved.minutes)*60_000_000, pulse.Fine)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range []string{"1h", "24h", "30d"} {
				home := s.must(200, "GET", "/v1/home?range="+r, "", admin)
				if got := home.at("data", "sources", 0, "last_hour"); fmt.Sprint(got) != strconv.Itoa(moved.want) {
					t.Errorf("%s: %v deliveries in the last hour, moved back %d minutes more; want %d", r, got, moved.minutes, moved.want)
				}
			}
		}
		home := s.must(200, "GET", "/v1/home?range=30d", "", admin)
		if got := home.at("data", "latency", 0, "runs"); fmt.Sprint(got) != "1" {
			t.Errorf("the latency is of %v runs, want 1", got)
		}
		if got := home.at("data", "needs", 0, "kind"); got != "unlinked" {
			t.Errorf("what needs a person begins with %v, want the agent that is not linked", got)
		}
		for _, r := range []string{"1h", "7d"} {
			s.must(200, "GET", "/v1/home?range="+r, "", admin)
		}
	})
}

// TestLastDaysOfAMetric: where nobody says from when, a metric is of so many days, today among them, however it is cut.
func TestLastDaysOfAMetric(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("days").as(access.Admin)
		p := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + p.at("data", "api_key").(string)
		for i, moment := range []string{"2026-03-30T23:59:59", "2026-03-01T00:00:00", "2026-02-28T23:59:59", "2026-03-31T00:00:00", "2026-03-24T00:00:00", "2026-03-23T23:59:59"} {
			s.must(200, "POST", "/webhooks/"+p.id()+"/activity", fmt.Sprintf(`{"id": %d, "type": "Visit", "agent_id": 7, "agent_name": "Ann", "moment": "%s"}`, i, moment), door)
		}
		id := s.must(201, "POST", "/v1/metrics", `{"name": "Visits", "definition": {"aggregate": "count", "source": "activity"}}`, admin).id()
		const to = "to=2026-03-30T10:00:00Z" // the day after which the clock went forward
		for _, tt := range []struct {
			query   string
			buckets int
			total   string
		}{
			{"", 30, "4"}, {"&bucket=week", 6, "4"}, {"&bucket=month", 1, "4"},
			{"&days=7", 7, "2"}, {"&days=7&bucket=week", 2, "2"}, {"&days=7&bucket=hour", 7*24 - 1, "2"}, {"&days=31&bucket=month", 2, "5"},
		} {
			got := s.must(200, "GET", "/v1/metrics/"+id+"/values?"+to+tt.query, "", admin)
			if points := got.at("data", "all", "points").([]any); len(points) != tt.buckets || fmt.Sprint(got.at("data", "all", "total")) != tt.total {
				t.Errorf("%q: %d parts and %v in all, want %d and %s", tt.query, len(points), got.at("data", "all", "total"), tt.buckets, tt.total)
			}
		}
		if got := len(s.must(200, "GET", "/v1/metrics/"+id+"/records?"+to, "", admin).at("data").([]any)); got != 3 {
			t.Errorf("the records of 30 days up to a moment are %d, want 3", got)
		}
		s.must(422, "GET", "/v1/metrics/"+id+"/values?days=0", "", admin)
	})
}

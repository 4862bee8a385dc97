package api_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pulse"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// countUntil counts until it came to something.
func (s *server) countUntil(what string, is func() bool) {
	s.t.Helper()
	limit := time.Now().Add(20 * time.Second)
	for !is() {
		if time.Now().After(limit) {
			s.t.Fatalf("it never came to it: %s", what)
		}
		if _, err := s.CountPulse(s.t.Context()); err != nil {
			s.t.Fatal(err)
		}
	}
}

// added adds up the numbers of a list in an answer.
func (a answer) added(path ...any) (sum int) {
	for i := 0; ; i++ {
		v := a.at(append(append([]any{"data"}, path...), i)...)
		if v == nil {
			return sum
		}
		var n int
		_, _ = fmt.Sscan(fmt.Sprint(v), &n)
		sum += n
	}
}

func TestHomeDrawsFailuresLinksFreshnessAndFlow(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("graphs")
		admin := c.as(access.Admin)
		ids := s.furnish(c)
		key := s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 60}`, admin)
		door := fmt.Sprint("Authorization: Bearer ", key.at("data", "api_key"))
		for i := range 3 {
			s.call("POST", "/in/"+ids["sources"], fmt.Sprintf(`{"id": %d, "agent": 7, "at": "not a day"}`, 10+i), door)
		}
		home := func(of string) answer { return s.must(200, "GET", "/v1/home?range="+of, "", admin) }
		s.countUntil("all is counted", func() bool {
			h := home("24h")
			return h.added("outcomes", "failed") == 3 && h.added("links", "named") == 4
		})
		for _, of := range []string{"1h", "24h", "7d", "30d"} {
			h := home(of)
			for _, want := range []struct {
				path []any
				is   string
			}{
				{[]any{"failures", 0, "total"}, "3"}, {[]any{"failures", 0, "processor", "name"}, "Deals"}, {[]any{"failures", 1}, "<nil>"},
				{[]any{"links", "backlog", 0, "count"}, "1"}, {[]any{"links", "backlog", 0, "provider", "name"}, "CRM"}, {[]any{"links", "backlog", 1}, "<nil>"},
				{[]any{"freshness", 0, "source"}, "<nil>"}, {[]any{"freshness", 0, "records"}, "4"}, {[]any{"freshness", 1, "source", "name"}, "Deals"}, {[]any{"freshness", 1, "records"}, "1"},
				{[]any{"flow", "runs", 0, "source_id"}, ids["sources"]}, {[]any{"flow", "runs", 0, "executions"}, "4"}, {[]any{"flow", "runs", 0, "failed"}, "3"},
				{[]any{"flow", "records", 0, "processor_id"}, ids["processors"]}, {[]any{"flow", "records", 0, "kind"}, "activity"}, {[]any{"flow", "records", 0, "records"}, "1"},
				{[]any{"flow", "records", 1, "provider_id"}, ids["providers"]}, {[]any{"flow", "records", 4, "records"}, "1"}, {[]any{"flow", "records", 5}, "<nil>"},
			} {
				if got := fmt.Sprint(h.at(append([]any{"data"}, want.path...)...)); got != want.is {
					t.Errorf("%s: %v is %s, want %s", of, want.path, got, want.is)
				}
			}
			if got := h.added("failures", 0, "executions"); got != 3 {
				t.Errorf("%s: the strip has %d failures, want 3", of, got)
			}
			if linked, named := h.added("links", "linked"), h.added("links", "named"); linked != 0 || named != 4 {
				t.Errorf("%s: %d of %d records are linked, want 0 of 4", of, linked, named)
			}
		}
		// What the strip leads to is what it counted.
		code := fmt.Sprint(home("24h").at("data", "failures", 0, "code"))
		list := s.must(200, "GET", "/v1/executions?error_code="+code+"&processor_id="+ids["processors"], "", admin)
		if got := fmt.Sprint(list.at("meta", "total")); got != "3" {
			t.Errorf("the list of %s has %s executions, want 3", code, got)
		}

		// Linking counts for what is there already; an ignored identity is left out of it.
		agent := fmt.Sprint(s.must(200, "GET", "/v1/identities?kind=agent", "", admin).at("data", 0, "id"))
		for _, step := range []struct {
			do, body      string
			linked, named int
			backlog       string
		}{
			{"ignore", "", 0, 0, "<nil>"}, {"unignore", "", 0, 4, "1"}, {"link-new", "{}", 4, 4, "<nil>"}, {"unlink", "", 0, 4, "1"},
		} {
			s.must(200, "POST", "/v1/identities/"+agent+"/"+step.do, step.body, admin)
			h := home("24h")
			linked, named, backlog := h.added("links", "linked"), h.added("links", "named"), fmt.Sprint(h.at("data", "links", "backlog", 0, "count"))
			if linked != step.linked || named != step.named || backlog != step.backlog {
				t.Errorf("after %s %d of %d are linked and %s wait, want %d of %d and %s", step.do, linked, named, backlog, step.linked, step.named, step.backlog)
			}
		}
		// Nothing is counted twice, and nothing is another tenant's.
		for range 3 {
			if _, err := s.CountPulse(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if got := home("24h").added("links", "named"); got != 4 {
			t.Errorf("%d records name an agent after more rounds, want 4", got)
		}
		other := s.must(200, "GET", "/v1/home", "", s.company("other").as(access.Admin))
		if other.added("links", "named") != 0 || other.at("data", "failures", 0) != nil || other.at("data", "freshness", 0) != nil || other.at("data", "flow", "runs", 0) != nil {
			t.Errorf("another tenant sees %s", other.Body)
		}
		// What named an identity that is not there any more is linked to nobody.
		err := s.Write(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Exec("DELETE FROM identities WHERE kind = 'agent'")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if h := home("24h"); h.added("links", "linked") != 0 || h.added("links", "named") != 0 {
			t.Errorf("%d of %d records are linked by an identity that is gone", h.added("links", "linked"), h.added("links", "named"))
		}
	})
}

// TestSilenceIsOfThePastSixtyMinutes: what came in by :15 and then no more is silent at 1:20 and some, though something came in
// each whole hour of the clock.
func TestSilenceIsOfThePastSixtyMinutes(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("silence")
		admin := c.as(access.Admin)
		ids := s.furnish(c)
		zone, err := time.LoadLocation(fmt.Sprint(s.must(200, "GET", "/v1/home", "", admin).at("data", "time_zone")))
		if err != nil {
			t.Fatal(err)
		}
		base := time.Now().Add(-3 * time.Hour).Truncate(time.Hour).In(zone)
		source, _ := id.Parse(id.Source, ids["sources"])
		put := func(span int64, at time.Time, n int) {
			t.Helper()
			err := s.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec("INSERT INTO source_pulse (tenant_id, span, at, provider_id, source_id, deliveries) SELECT tenant_id, ?, ?, provider_id, id, ? FROM sources WHERE id = ?",
					span, at.UnixMicro(), n, source)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		history := func(from, to int) {
			for week := 1; week <= 4; week++ {
				for hour := from; hour <= to; hour++ {
					put(pulse.Hour, base.Add(time.Duration(hour)*time.Hour).AddDate(0, 0, -7*week), 10+week)
				}
			}
		}
		history(-1, 1)
		// This week: as always until a quarter past.
		put(pulse.Hour, base.Add(-time.Hour), 12)
		put(pulse.Hour, base, 8)
		for minute := -60; minute <= 15; minute += 5 {
			put(pulse.Fine, base.Add(time.Duration(minute)*time.Minute), 1)
		}
		at := func(after time.Duration, want string) {
			t.Helper()
			s.api.Now = func() time.Time { return base.Add(after) }
			h := s.must(200, "GET", "/v1/home", "", admin)
			for i := 0; h.at("data", "sources", i) != nil; i++ {
				if h.at("data", "sources", i, "source", "id") == ids["sources"] {
					if got := fmt.Sprint(h.at("data", "sources", i, "state")); got != want {
						t.Errorf("after %s the source is %s, want %s: %v", after, got, want, h.at("data", "sources", i))
					}
					return
				}
			}
			t.Errorf("after %s the source is not there", after)
		}
		minutes := time.Minute
		at(20*minutes, pulse.AsUsual)
		at(59*minutes, pulse.AsUsual)
		at(74*minutes, pulse.AsUsual)
		at(79*minutes, pulse.AsUsual) // sixty minutes, give or take five
		at(81*minutes, pulse.Silent)
		at(119*minutes, pulse.Silent)
		put(pulse.Fine, base.Add(85*minutes), 1)
		at(86*minutes, pulse.AsUsual)
		put(pulse.Fine, base.Add(90*minutes), 28) // the most that is usual is 14
		at(91*minutes, pulse.Burst)
		at(121*minutes, pulse.Burst)
		at(151*minutes, pulse.AsUsual)
		at(156*minutes, pulse.AsUsual) // in the third hour there are weeks without anything

		// What is not counted yet is no silence: the delivery of furnish.
		history(2, 5)
		sinceBase := time.Since(base)
		at(sinceBase+time.Minute, pulse.Silent)
		at(sinceBase+10*time.Minute, pulse.Unknown)
	})
}

// TestOldCountsGo: what is older than anything that is drawn is swept, in parts, and not counted again.
func TestOldCountsGo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("counts")
		admin := c.as(access.Admin)
		ids := s.furnish(c)
		key := s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 60}`, admin)
		s.call("POST", "/in/"+ids["sources"], `{"id": 10, "agent": 7, "at": "not a day"}`, fmt.Sprint("Authorization: Bearer ", key.at("data", "api_key")))
		counted := func(h answer) bool { return h.added("outcomes", "failed") == 1 && h.added("links", "named") == 4 }
		s.countUntil("all is counted", func() bool { return counted(s.must(200, "GET", "/v1/home?range=24h", "", admin)) })

		tables := []string{"source_pulse", "run_pulse", "run_latency", "failure_pulse", "record_pulse", "agent_pulse"}
		do := func(statement string, args ...any) {
			t.Helper()
			err := s.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec(statement, args...)
				return err
			})
			if err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		// kept tells the tables that have counts by five minutes, and by hour.
		kept := func() (fine, hours []string) {
			for _, table := range tables {
				if s.Count(t, table+" WHERE span = ?", pulse.Fine) > 0 {
					fine = append(fine, table)
				}
				if s.Count(t, table+" WHERE span = ?", pulse.Hour) > 0 {
					hours = append(hours, table)
				}
			}
			return fine, hours
		}
		const day = 24 * time.Hour
		for _, c := range []struct {
			further     time.Duration // everything is as much older than before
			fine, hours []string
		}{
			{0, tables, tables},
			{3 * day, nil, tables},
			{32 * day, nil, tables[:1]},
			{60 * day, nil, nil},
		} {
			for _, table := range tables {
				do("UPDATE "+table+" SET at = at - ?", c.further.Microseconds())
			}
			if err := s.SweepPulse(t.Context()); err != nil {
				t.Fatal(err)
			}
			fine, hours := kept()
			if diff := cmp.Diff([][]string{c.fine, c.hours}, [][]string{fine, hours}); diff != "" {
				t.Errorf("%v further back is swept (-want +got):\n%s", c.further, diff)
			}
			// From nothing, of the same age.
			do("UPDATE deliveries SET received_at = received_at - ?", c.further.Microseconds())
			do("UPDATE executions SET ran_at = ran_at - ?", c.further.Microseconds())
			for _, k := range record.Kinds {
				do("UPDATE "+storage.Table(k)+" SET created_at = created_at - ?", c.further.Microseconds())
			}
			for _, table := range tables {
				do("DELETE FROM " + table)
			}
			do("UPDATE pulse_places SET deliveries = 0, executions = 0, records = 0, turn = turn + 1")
			for more := true; more; {
				var err error
				if more, err = s.CountPulse(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			fine, hours = kept()
			if diff := cmp.Diff([][]string{c.fine, c.hours}, [][]string{fine, hours}); diff != "" {
				t.Errorf("%v further back is counted (-want +got):\n%s", c.further, diff)
			}
		}
		// Many: more than go at once.
		const moments, each = 30, 200
		now := time.Now().UnixMicro()
		do(fmt.Sprintf(`INSERT INTO agent_pulse (tenant_id, span, at, identity_id, records)
			WITH RECURSIVE n (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < %d)
			SELECT t.id, 3600, %d - (n / %d) * 3600000000, n %% %d, 1 FROM n, (SELECT min(id) AS id FROM tenants) t`, moments*each-1, now-(40*day).Microseconds(), each, each))
		do("INSERT INTO agent_pulse (tenant_id, span, at, identity_id, records) SELECT min(id), 3600, ?, 1, 1 FROM tenants", now)
		if err := s.SweepPulse(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := s.Count(t, "agent_pulse"); n != 1 {
			t.Errorf("%d counts are left, want the one of now", n)
		}
	})
}

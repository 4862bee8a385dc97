package storagetest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// doing makes a job of one delivery whose unit carries out effects. Errors of the data are kept, not returned.
func doing(failed *error, effects ...run.Effect) commit.Job {
	return call("", func(d *pipeline.Delivery) []execute.Unit {
		return []execute.Unit{&unit{delivery: d, do: func(apply func(run.Effect) (value.Value, error)) error {
			for _, e := range effects {
				_, err := apply(e)
				var data *run.DataError
				if errors.As(err, &data) {
					*failed = err
					return nil
				}
				if err != nil {
					return err
				}
			}
			return nil
		}}}
	})
}

func changeOf(contact string, moment int64) run.Effect {
	return run.Effect{Kind: run.InsertPeriodChange, Noun: "period", Key: fmt.Sprintf("%s | %d", contact, moment), Fields: []run.Field{
		{Name: "contact_key", Value: value.Text(contact)},
		{Name: "period_type", Value: value.Text(fmt.Sprint("state ", moment))},
		{Name: "moment", Value: value.Moment(moment)},
	}}
}

// Changes of contacts that arrive in any order, more than once and on any node at the same time make one line of
// periods each.
func TestPeriodChangesFromEverywhere(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		nodes := []*node{start(t, d.Open(t))}
		if d.Nodes {
			nodes = append(nodes, start(t, d.Open(t)))
		}
		const contacts, moments = 12, 8
		var jobs []commit.Job
		var failed error
		for c := range contacts {
			for m := range moments {
				for range 1 + (c+m)%2 {
					jobs = append(jobs, doing(&failed, changeOf(fmt.Sprint("c", c), int64(m+1)*1e6)))
				}
			}
		}
		rand.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
		var wg sync.WaitGroup
		for i, job := range jobs {
			wg.Go(func() {
				if _, err := nodes[i%len(nodes)].writer.Submit(context.Background(), job); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if failed != nil {
			t.Fatal(failed)
		}
		var want []string
		for m := range moments {
			line := fmt.Sprintf("state %d from %d to %d", (m+1)*1e6, (m+1)*1e6, (m+2)*1e6)
			if m == moments-1 {
				line = fmt.Sprintf("state %d from %d to 0", (m+1)*1e6, (m+1)*1e6)
			}
			want = append(want, line)
		}
		for c := range contacts {
			if diff := cmp.Diff(want, line(t, nodes[0].DB, fmt.Sprint("c", c))); diff != "" {
				t.Errorf("contact %d (-want +got):\n%s", c, diff)
			}
		}
	})
}

// line is the periods of a contact; an open one ends at 0.
func line(t *testing.T, db *storage.DB, contact string) (lines []string) {
	t.Helper()
	err := db.Read(context.Background(), func(tx *storage.Tx) error {
		rows, err := tx.Query("SELECT period_type, starts_at, coalesce(ends_at, 0) FROM periods WHERE provider_id = ? AND contact_key = ? ORDER BY starts_at", int64(provider), contact)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind string
			var starts, ends int64
			if err := rows.Scan(&kind, &starts, &ends); err != nil {
				return err
			}
			lines = append(lines, fmt.Sprintf("%s from %d to %d", kind, starts, ends))
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

// What follow-up finds of a contact is what is stored, with the identities it refers to, and what the group has made.
func TestContactFollowUp(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		contact := run.Field{Name: "contact_key", Value: value.Text("c1")}
		submit(t, n, call("", one("7", "a1", "Lead", contact), one("8", "a2", "Visit", contact), one("8", "b1", "Lead")))
		var failed error
		submit(t, n, doing(&failed,
			run.Effect{Kind: run.UpsertIdentity, Noun: "agent", Key: "9"},
			run.Effect{Kind: run.UpdateContact, Noun: "activity", Key: "c1", Fields: []run.Field{
				{Name: "activity_types", Value: value.List([]value.Value{value.Text("Lead")})},
				{Name: "set.value", Value: value.Int(12)},
			}},
			run.Effect{Kind: run.LockField, Noun: "activity", Key: "a1", Fields: []run.Field{{Name: "value"}}},
		))
		submit(t, n, doing(&failed, run.Effect{Kind: run.UpdateContact, Noun: "activity", Key: "c1", Fields: []run.Field{
			{Name: "set.value", Value: value.Int(13)},
			{Name: "set.activity_type", Value: value.Text("Meeting")},
		}}))
		if failed != nil {
			t.Fatal(failed)
		}
		need := &record.Need{
			Contacts: []record.ContactKey{{ProviderID: provider, Noun: "activity", Contact: "c1"}, {ProviderID: provider, Noun: "period", Contact: "c1"}},
		}
		want := map[string]string{"activity a1": `"Meeting" of 7, 12, locks 1`, "activity a2": `"Meeting" of 8, 13, locks 0`}
		g := begin(t, n.DB, 0, need)
		defer g.Rollback()
		if diff := cmp.Diff(want, ofContacts(g.Loaded())); diff != "" {
			t.Errorf("a group loads (-want +got):\n%s", diff)
		}
		err := n.Snapshot(t.Context(), func(s record.Snapshot) error {
			l, err := s.Load(need)
			if err == nil {
				if diff := cmp.Diff(want, ofContacts(l)); diff != "" {
					t.Errorf("a snapshot loads (-want +got):\n%s", diff)
				}
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// ofContacts tells the activities that were loaded by their contact.
func ofContacts(l *record.Loaded) map[string]string {
	told := map[string]string{}
	for key, rows := range l.Contacts {
		for _, row := range rows {
			told[key.Noun+" "+row.Key.ExternalID] = fmt.Sprintf("%s of %s, %s, locks %d",
				row.Field("activity_type"), row.Field("agent_external_identity").Entity().ExternalID(), row.Field("value"), len(row.Locks))
		}
	}
	return told
}

// A contact with more records than follow-up works on is an error of the data; one with as many is not.
func TestContactOfTooManyRecords(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := start(t, d.Open(t))
		for contact, many := range map[string]int{"most": record.MostOfContact, "more": record.MostOfContact + 1} {
			err := n.Write(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.Exec(fmt.Sprintf(`INSERT INTO periods (id, tenant_id, provider_id, external_id, period_type, starts_at, contact_key,
						mark_number, mark_position, made_by, created_at, updated_at)
					WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
					SELECT %d + i, %d, %d, '%s' || i, 'Open', i, '%s', 1, 0, '{}', 1, 1 FROM n`, many, 10_000_000*many, tenant, provider, contact, contact))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		set := func(contact string) run.Effect {
			return run.Effect{Kind: run.UpdateContact, Noun: "period", Key: contact, Fields: []run.Field{
				{Name: "only_open", Value: value.Bool(true)}, {Name: "set.ends_at", Value: value.Moment(20_000)},
			}}
		}
		var failed error
		submit(t, n, doing(&failed, set("more")))
		var data *run.DataError
		if !errors.As(failed, &data) || data.Code != "limit" || data.Field != "contact_key" {
			t.Errorf("with one too many: %v", failed)
		}
		failed = nil
		submit(t, n, doing(&failed, set("most")))
		if failed != nil {
			t.Error(failed)
		}
		if ended := count(t, n.DB, "periods WHERE ends_at = 20000"); ended != record.MostOfContact {
			t.Errorf("%d periods were ended", ended)
		}
	})
}

// The second of two nodes that follow up on one contact waits for the first, also where nothing was there to lock.
func TestSecondOnContactWaits(t *testing.T) {
	t.Parallel()
	twoNodes(t, func(t *testing.T, _ *storagetest.Database, a, b *storage.DB) {
		contact := record.ContactKey{ProviderID: provider, Noun: "period", Contact: "c1"}
		key := record.Key{ProviderID: provider, Noun: "period", ExternalID: "p1"}
		need := &record.Need{Keys: []record.Key{key}, Contacts: []record.ContactKey{contact}}
		first := begin(t, a, 0, need)
		defer first.Rollback()
		second := make(chan commit.Group, 1)
		go func() {
			defer close(second)
			g, err := b.Engine().Begin(context.Background(), 0, &record.Need{Contacts: []record.ContactKey{contact}})
			if err != nil {
				t.Error(err)
				return
			}
			second <- g
		}()
		for waiting := 0; waiting == 0; {
			ask(t, a, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", nil, &waiting)
			select {
			case g := <-second:
				g.Rollback()
				t.Fatal("the second node did not wait for the first")
			default:
			}
		}
		values := make([]value.Value, len(record.Period.Fields))
		values[record.Period.Place("period_type")] = value.Text("Open")
		values[record.Period.Place("starts_at")] = value.Moment(5)
		values[record.Period.Place("contact_key")] = value.Text("c1")
		w := commit.Writes{Changes: record.Changes{Rows: []record.Change[record.Row]{{
			New: &record.Row{ID: 1, Kind: record.Period, TenantID: tenant, Key: key, Values: values, MadeBy: "{}"},
		}}}}
		if err := first.Apply(t.Context(), &w); err != nil {
			t.Fatal(err)
		}
		g, ok := <-second
		if !ok {
			return
		}
		defer g.Rollback()
		if n := len(g.Loaded().Contacts[contact]); n != 1 {
			t.Errorf("the second node sees %d periods of the contact", n)
		}
	})
}

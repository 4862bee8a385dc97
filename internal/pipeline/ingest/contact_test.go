package ingest_test

import (
	"bytes"
	"compress/gzip"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
	"github.com/dealwright/dealwright/internal/tenant"
)

// TestContactKeysDoNotReachTheDisk: whatever becomes of a call at a fixed webhook, its contact_key is kept as the tenant
// lets it.
func TestContactKeysDoNotReachTheDisk(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		door := "/webhooks/" + id.Format(id.Provider, w.Provider.ID) + "/anonymous-activity"
		planted := 0
		// plant gives a value that no other call has.
		plant := func() string {
			planted++
			return fmt.Sprintf("planted%d@example.test", planted)
		}
		for _, policy := range []tenant.ContactKeys{tenant.PseudonymKeys, tenant.RefuseKeys, tenant.AllowKeys} {
			_, err := w.ChangeTenant(t.Context(), w.ID, func(t tenant.Tenant) (tenant.Tenant, error) {
				return t.With(tenant.Change{ContactKeys: &policy}, t.ProviderTypes)
			})
			if err != nil {
				t.Fatal(err)
			}
			taken := 200
			if policy == tenant.RefuseKeys {
				taken = 422
			}
			for _, c := range []struct {
				name   string
				status int
				body   string // %s: the value
				header []string
			}{
				{"taken", taken, `{"id": "a", "type": "Visit", "moment": "2026-01-05", "contact_key": "%s"}`, nil},
				{"an event", taken, `{"id": "b", "type": "Visit", "moment": "2026-01-05", "contact_key": "%s"}`, []string{"X-Event-Id", "e"}},
				{"the event again, with another body", taken, `{"id": "b", "type": "Visit", "moment": "2026-01-06", "contact_key": "%s"}`, []string{"X-Event-Id", "e"}},
				{"refused for something else", 422, `{"id": "c", "contact_key": "%s"}`, nil},
				{"refused for its event", 422, `{"id": "c", "type": "Visit", "moment": "2026-01-05", "contact_key": "%s"}`, []string{"X-Event-Id", strings.Repeat("e", 300)}},
				{"cannot be read", 400, `{"id": "c", "contact_key": "%s",}`, nil},
				{"a list", 422, `[{"id": "c", "contact_key": "%s"}]`, nil},
				{"a media type that is not taken", 415, `contact_key: "%s"`, []string{"Content-Type", "application/yaml"}},
				{"a form", taken, "id=d&type=Visit&moment=2026-01-05&contact_key=%s", []string{"Content-Type", "application/x-www-form-urlencoded"}},
				{"a form that is refused", 422, "id=d&contact_key=%s", []string{"Content-Type", "application/x-www-form-urlencoded"}},
				{"a form that cannot be read", 400, "id=%%zz&contact_key=%s", []string{"Content-Type", "application/x-www-form-urlencoded"}},
			} {
				v := plant()
				sent := v
				if strings.HasPrefix(c.name, "a form") {
					sent = url.QueryEscape(v)
				}
				if got := w.call(door, w.Key, fmt.Sprintf(c.body, sent), c.header...); got.Code != c.status {
					t.Errorf("%s, %s: %d %s, want %d", policy, c.name, got.Code, got.Body, c.status)
				}
				where := append(stored(t, w.DB, v), stored(t, w.DB, sent)...)
				if policy == tenant.AllowKeys && len(where) == 0 {
					t.Errorf("%s, %s: %s is nowhere, so the test looks at the wrong places", policy, c.name, v)
				}
				if policy != tenant.AllowKeys && len(where) > 0 {
					t.Errorf("%s, %s: %s is in %v", policy, c.name, v, where)
				}
			}
			// What an answer quotes of what cannot be read.
			word := fmt.Sprintf("jan-de-vries-%s", policy)
			if got := w.call(door, w.Key, `{"contact_key": `+word+`}`); got.Code != 400 || !strings.Contains(got.Body.String(), word) {
				t.Errorf("%s, quoted: %d %s", policy, got.Code, got.Body)
			}
			if where := stored(t, w.DB, word); (len(where) > 0) != (policy == tenant.AllowKeys) {
				t.Errorf("%s: what is quoted is in %v", policy, where)
			}
			// What is packed, and not unpacked since nothing of that kind is taken, is as good as what is in it.
			packed := zipped(t, fmt.Sprintf(`{"contact_key": %q}`, plant()))
			if got := w.call(door, w.Key, packed, "Content-Type", "text/csv", "Content-Encoding", "gzip"); got.Code != 415 {
				t.Errorf("%s, packed: %d %s", policy, got.Code, got.Body)
			}
			if where := stored(t, w.DB, packed); (len(where) > 0) != (policy == tenant.AllowKeys) {
				t.Errorf("%s: what is packed is in %v", policy, where)
			}
		}
		if got := stored(t, w.DB, `"hash"`); len(got) == 0 || got[0] != "source_executions" {
			t.Errorf("what cannot be read leaves no note, or not in the log: %v", got)
		}
		if got := stored(t, w.DB, "contact_key looked like an e-mail address; a pseudonym took its place"); len(got) == 0 {
			t.Error("the call log does not say that a pseudonym took the place")
		}
	})
}

// TestFieldsOfNobodyDoNotReachTheDisk: of a call that is refused only the fields that the webhook has are kept, and what
// looks personal in those is not.
func TestFieldsOfNobodyDoNotReachTheDisk(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		w := open(t, d)
		door := "/webhooks/" + id.Format(id.Provider, w.Provider.ID) + "/activity"
		for i, c := range []struct {
			name   string
			status int
			body   string // %s: the value
			header []string
			kept   string // must be in the log
		}{
			{"a field of nobody", 422, `{"id": "k0", "type": "Visit", "emial": "%s"}`, nil, `"emial":"(not kept)"`},
			{"words", 422, `{"id": "k1", "remark": "Jan called again %s"}`, nil, `"id":"k1"`},
			{"deep", 422, `{"id": "k2", "customer": {"name": ["%s"]}}`, nil, `"customer":"(not kept)"`},
			{"an object in a field", 422, `{"id": "k3", "type": {"name": "%s"}}`, nil, `"type":{}`},
			{"a list in a field", 422, `{"id": "k4", "agent_name": ["%s"]}`, nil, `"agent_name":[]`},
			{"a name of a field", 422, `{"id": "k5", "%s": true}`, nil, `"id":"k5"`},
			{"a field of another kind", 422, `{"id": "k6", "moment": "%s"}`, nil, `"moment":"psn`},
			{"too long", 422, `{"id": "k7", "type": "` + strings.Repeat("x", 300) + ` %s"}`, nil, `"type":"psn`},
			{"a list of bodies", 422, `[{"id": "k8", "phone": "%s"}]`, nil, `"phone":"(not kept)"`},
			{"only text", 422, `"%s"`, nil, `(not kept)`},
			{"refused for its event", 422, `{"id": "k10", "remark": "%s"}`, []string{"X-Event-Id", strings.Repeat("e", 300)}, `"id":"k10"`},
			{"a form", 422, "id=k11&remark=%s", []string{"Content-Type", "application/x-www-form-urlencoded"}, `"remark":"(not kept)"`},
			{"cannot be read", 400, `{"id": "k12", "emial": "%s",}`, nil, `"hash"`},
			{"cannot be read, in quotes of another kind", 400, `{'emial': '%s'}`, nil, `"hash"`},
			{"a form that cannot be read", 400, "id=%%zz&remark=%s", []string{"Content-Type", "application/x-www-form-urlencoded"}, `"hash"`},
			{"another media type", 415, "emial: %s", []string{"Content-Type", "application/yaml"}, `"hash"`},
		} {
			v := fmt.Sprintf("stranger%d@example.test", i)
			if got := w.call(door, w.Key, fmt.Sprintf(c.body, v), c.header...); got.Code != c.status {
				t.Errorf("%s: %d %s, want %d", c.name, got.Code, got.Body, c.status)
			}
			if where := append(stored(t, w.DB, v), stored(t, w.DB, url.QueryEscape(v))...); len(where) > 0 {
				t.Errorf("%s: %s is in %v", c.name, v, where)
			}
			if where := stored(t, w.DB, c.kept); len(where) == 0 {
				t.Errorf("%s: the log has no %s", c.name, c.kept)
			}
		}
		for i, word := range []string{"Jan van der Berg", "4917"} { // what looks like nothing is kept nowhere all the same
			body := fmt.Sprintf(`{"id": "w%d", "type": "Visit", "customer": "%s"}`, i, word)
			if got := w.call(door, w.Key, body); got.Code != 422 || !strings.Contains(got.Body.String(), word) {
				t.Errorf("the sender is not told of %s: %d %s", word, got.Code, got.Body)
			}
			if where := stored(t, w.DB, word); len(where) > 0 {
				t.Errorf("%s is in %v", word, where)
			}
		}
		// What only has fields of the webhook is kept as it came.
		whole := `{"id":   "w9", "type": "Visit", "agent_email": "agent@example.test"}`
		if got := w.call(door, w.Key, whole); got.Code != 422 {
			t.Errorf("%d %s", got.Code, got.Body)
		}
		if where := stored(t, w.DB, whole); len(where) != 1 {
			t.Errorf("what could be kept as it came is in %v", where)
		}
		if got := w.call(door, w.Key, `{"id": "w10",}`); got.Code != 400 || len(stored(t, w.DB, `{"id": "w10",}`)) != 1 {
			t.Errorf("what cannot be read and has nobody in it is not kept: %d", got.Code)
		}
	})
}

// zipped is a text packed with gzip.
func zipped(t *testing.T, text string) string {
	t.Helper()
	var packed strings.Builder
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// stored names the tables that have a text anywhere, as often as they have rows with it.
func stored(t *testing.T, db *storage.DB, text string) (tables []string) {
	t.Helper()
	err := db.Read(t.Context(), func(tx *storage.Tx) error {
		for _, table := range []string{"source_executions", "deliveries", "executions", "anonymous_activities", "journal"} {
			err := tx.Each(func(rows *sql.Rows) error {
				columns, err := rows.Columns()
				if err != nil {
					return err
				}
				values, places := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
				for i := range values {
					places[i] = &values[i]
				}
				if err := rows.Scan(places...); err != nil {
					return err
				}
				for _, v := range values {
					if bytes.Contains(v, []byte(text)) {
						tables = append(tables, table)
					}
				}
				return nil
			}, "SELECT * FROM "+table)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

package e2e

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// planter makes personal values of all kinds and knows the part of each that is like no other.
type planter struct {
	from    int // of the numbers in the values
	needles [][]byte
}

// mostPlanted values are looked for.
const mostPlanted = 1000

func (p *planter) plant(kind string) string {
	n := p.from + len(p.needles) + 1
	needle := fmt.Sprintf("planted%04d", n)
	value := needle
	switch kind {
	case "email":
		value = "Jan." + needle + "@Example.test"
	case "phone":
		needle = fmt.Sprintf("8877%06d", n)
		value = "06-" + needle[:4] + " " + needle[4:]
	case "name":
		value = "Jan  " + strings.ToUpper(needle[:1]) + needle[1:] + " de Vries"
	case "address":
		value = needle + "straat 12 hs"
	case "postcode":
		value = "1234 " + needle
	case "date":
		value = "born on " + needle
	}
	p.needles = append(p.needles, []byte(needle))
	return value
}

// found names the values that stand in some bytes, plainly or in hexadecimal digits.
func (p *planter) found(data []byte) (values []string) {
	data = bytes.ToLower(data)
	plain := bytes.ReplaceAll(bytes.ReplaceAll(data, []byte("-"), nil), []byte(" "), nil)
	for _, needle := range p.needles {
		digits := []byte(hex.EncodeToString(needle))
		if bytes.Contains(data, needle) || bytes.Contains(data, digits) || bytes.HasPrefix(needle, []byte("8877")) && bytes.Contains(plain, needle) {
			values = append(values, string(needle))
		}
	}
	return values
}

const personalSpec = `
spec: 1
source_model: webhook.payload
instructions:
  - {type: define_variable, value: =event.contact, return_as: who}
  - type: upsert_anonymous_activity
    external_id: =concat("deal ", event.id)
    activity_type: '=if(exists(who.email), "Reached", "Not reached")'
    moment: =now()
    contact_key: =coalesce(pseudonym(who.email), pseudonym(who.phone), "nobody")
  - type: for_each
    list: =event.lines
    item_var: line
    body:
      - {type: upsert_team_external_identity, external_id: =line.sku, external_name: =pseudonym(line.name)}
  - type: if_else
    condition: =exists(event.box)
    then:
      - {type: upsert_team_external_identity, external_id: =event.box}
`

var personalMarks = []map[string]string{
	{"path": "contact.email", "kind": "email"}, {"path": "contact.phone", "kind": "phone"}, {"path": "contact.name", "kind": "name"},
	{"path": "contact.address", "kind": "address"}, {"path": "contact.postcode", "kind": "postcode"}, {"path": "contact.born", "kind": "date"},
	{"path": "lines[].name", "kind": "name"}, {"path": "household", "kind": "text"}, {"path": "**.bsn", "kind": "text"}, {"path": "answers.*.text", "kind": "text"},
}

// TestPersonalDataDoesNotReachTheDisk plants a thousand personal values in everything that can come in, runs, replays,
// tests and undoes, looks at all there is to see, and then scans every byte that the server wrote or logged.
func TestPersonalDataDoesNotReachTheDisk(t *testing.T) {
	onBothDatabases(t, func(t *testing.T, flags func(testing.TB) []string) {
		f := flags(t)
		s := newServer(t, f)
		d := newSource(t, s)
		d.save(t, personalSpec)
		sourceID := d.url[strings.LastIndex(d.url, "/")+1:]
		personal := "/v1/sources/" + sourceID + "/personal"
		p := &planter{}

		// What came before the marks is on the disk, till it is redacted.
		before := &planter{from: 5000}
		d.deliver(t, fmt.Sprintf(`{"id": "early", "contact": {"email": %q}, "note": "plain0001"}`, before.plant("email")))
		d.deliver(t, fmt.Sprintf(`[{"id": "early"}, %q]`, before.plant("email")))
		d.deliver(t, fmt.Sprintf(`{%q: 1, %[1]q: 2}`, before.plant("email"))) // an error that quotes it
		s.call(t, http.MethodPut, personal, map[string]any{"marks": personalMarks}, http.StatusOK)

		var deliveries, executions []string
		look := func(path string) {
			t.Helper()
			got, err := s.send(t.Context(), http.MethodGet, path, nil, nil)
			if err != nil || got.status != http.StatusOK {
				t.Fatalf("GET %s: %v %s", path, err, got.body)
			}
			if seen := append(p.found(got.body), before.found(got.body)...); len(seen) > 0 {
				t.Errorf("GET %s shows %v: %s", path, seen, got.body)
			}
		}
		for round := 0; len(p.needles) < mostPlanted; round++ {
			for _, body := range []string{
				fmt.Sprintf(`{"id": %d, "contact": {"email": %q, "phone": %q, "name": %q, "address": %q, "postcode": %q, "born": %q}, "lines": [{"sku": "s%d", "name": %q}]}`,
					round, p.plant("email"), p.plant("phone"), p.plant("name"), p.plant("address"), p.plant("postcode"), p.plant("date"), round, p.plant("name")),
				fmt.Sprintf(`{"id": "o%d", "contact": {"email": [%q], "phone": %q}, "household": {"names": [%q, %q], "n": 2}, "answers": {"q1": {"text": %q}, "q2": {"text": [%q]}}}`,
					round, p.plant("email"), p.plant("phone"), p.plant("name"), p.plant("name"), p.plant("text"), p.plant("text")),
				fmt.Sprintf(`{"id": "c%d", "contact": %q, "lines": {"name": %q}}`, round, p.plant("name"), p.plant("name")),
				fmt.Sprintf(`[{"id": "b%d", "contact": {"email": %q}}, %q, {"id": "b%d", "deep": [{"down": {"bsn": %q}}]}, 5]`, round, p.plant("email"), p.plant("text"), round, p.plant("text")),
				fmt.Sprintf(`{"id": "f%d", "box": {"bsn": %q}}`, round, p.plant("text")), // a run that fails, with this value
				fmt.Sprintf(`{"contact": {"email": %q}, "lines": [{"name": %q}]}`, p.plant("email"), p.plant("name")),
				fmt.Sprintf(`{"id": "u%d", "contact": {"email": %q},}`, round, p.plant("email")), // cannot be read
				fmt.Sprintf(`{"id": "u%d", %q: 1, %[2]q: 2}`, round, p.plant("email")),
				fmt.Sprintf(`[%q, %q]`, p.plant("email"), p.plant("name")),
				p.plant("name") + "," + p.plant("email") + "\n",
			} {
				d.deliver(t, body)
			}
			long := http.Header{"X-Event-Id": {strings.Repeat("e", 300)}}
			event := http.Header{"X-Event-Id": {fmt.Sprintf("event %d", round)}}
			xml := http.Header{"Content-Type": {"application/xml"}}
			d.deliver(t, fmt.Sprintf(`{"id": 1, "contact": {"email": %q}}`, p.plant("email")), long)
			d.deliver(t, fmt.Sprintf(`{"id": 1, "contact": {"email": %q}}`, p.plant("email")), event)
			d.deliver(t, fmt.Sprintf(`{"id": 1, "contact": {"email": %q}}`, p.plant("email")), event) // the event again
			d.deliver(t, fmt.Sprintf(`<contact>%s</contact>`, p.plant("name")), xml)
			s.contact(t, d, fmt.Sprintf(`{"id": "k%d", "type": "Visit", "moment": "2026-01-05", "contact_key": %q}`, round, p.plant("email")))
			s.contact(t, d, fmt.Sprintf(`{"id": "k%d", "contact_key": %q}`, round, p.plant("email")))
		}

		for _, path := range []string{"/v1/deliveries?per_page=100", "/v1/executions?per_page=100", "/v1/source-executions?per_page=100", "/v1/source-executions?status=failed&per_page=100", "/v1/anonymous-activities?per_page=100", "/v1/identities?per_page=100"} {
			look(path)
		}
		deliveries, executions = s.ids(t, "/v1/deliveries?per_page=60"), s.ids(t, "/v1/executions?per_page=60")
		for _, id := range s.ids(t, "/v1/source-executions?status=failed&per_page=60") {
			look("/v1/source-executions/" + id)
		}
		for _, id := range deliveries {
			look("/v1/deliveries/" + id)
		}
		for i, id := range executions {
			look("/v1/executions/" + id)
			look("/v1/executions/" + id + "/trace")
			if i%10 == 0 {
				s.call(t, http.MethodPost, "/v1/executions/"+id+"/replay", nil, http.StatusOK)
			}
		}
		s.call(t, http.MethodPost, "/v1/processors/"+d.processor+"/test", map[string]any{"delivery_id": deliveries[len(deliveries)-1]}, http.StatusOK)
		look("/v1/processors/" + d.processor + "/spec")
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}

		kept := scan(t, f)
		kept["the log"] = []byte(s.log.String())
		control, young := false, 0
		for where, data := range kept {
			if seen := p.found(data); len(seen) > 0 {
				t.Errorf("%s has %d of %d planted values: %v", where, len(seen), len(p.needles), seen)
			}
			control = control || bytes.Contains(data, []byte("plain0001")) || bytes.Contains(data, []byte(hex.EncodeToString([]byte("plain0001"))))
			young += len(before.found(data))
		}
		if !control || young == 0 {
			t.Fatalf("what is not marked was found: %v, and what came before the marks: %d times; the scan looks at the wrong places", control, young)
		}

		// Redacting takes away what came before the marks, and a second time there is nothing to do.
		var did struct {
			Redacted int `json:"redacted_deliveries"`
			Calls    int `json:"redacted_calls"`
		}
		for _, want := range []int{1, 0} {
			if err := json.Unmarshal(s.run(t, append(append([]string{"redact"}, f...), "--json")...), &did); err != nil || did.Redacted != want || did.Calls != 2*want {
				t.Errorf("redact says %+v (%v), want %d deliveries and %d calls", did, err, want, 2*want)
			}
		}
		for where, data := range scan(t, f) {
			if seen := append(before.found(data), p.found(data)...); len(seen) > 0 {
				t.Errorf("after redacting, %s has %v", where, seen)
			}
		}
		var health struct{ Healthy bool }
		if err := json.Unmarshal(s.run(t, append(append([]string{"doctor"}, f...), "--json")...), &health); err != nil || !health.Healthy {
			t.Errorf("the doctor says %v %v", health, err)
		}
		s.start(t)
		traced := false
		for _, id := range s.ids(t, "/v1/executions?per_page=100&sort=id") {
			look("/v1/executions/" + id + "/trace")
			got, err := s.send(t.Context(), http.MethodGet, "/v1/executions/"+id+"/trace", nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			traced = traced || bytes.Contains(got.body, []byte("was redacted after it ran"))
		}
		if !traced {
			t.Error("no trace says that its delivery was redacted")
		}
	})
}

// deliver calls the source, whatever it answers: the answer is the sender's own.
func (d *source) deliver(t *testing.T, body string, more ...http.Header) {
	t.Helper()
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + d.key}}
	for _, m := range more {
		for name, values := range m {
			header[name] = values
		}
	}
	if got, err := d.server.send(t.Context(), http.MethodPost, d.url, header, []byte(body)); err != nil || got.status >= 500 {
		t.Fatalf("POST %s: %v", d.url, err)
	}
}

// contact calls the fixed webhook for anonymous activities of the source's provider.
func (s *server) contact(t *testing.T, d *source, body string) {
	t.Helper()
	provider := s.ids(t, "/v1/providers")[0]
	header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + d.key}}
	if got, err := s.send(t.Context(), http.MethodPost, "/webhooks/"+provider+"/anonymous-activity", header, []byte(body)); err != nil || got.status >= 500 {
		t.Fatalf("the fixed webhook: %v", err)
	}
}

// ids gives those of a list.
func (s *server) ids(t *testing.T, path string) (ids []string) {
	t.Helper()
	list, _ := s.call(t, http.MethodGet, path, nil, http.StatusOK).([]any)
	for _, one := range list {
		ids = append(ids, get(t, one, "id"))
	}
	return ids
}

// scan reads every file below the data folder, and, if there is a PostgreSQL database, all its tables and every file
// below the folder of its server, which has the databases of other tests, too, and its log of changes.
func scan(t *testing.T, flags []string) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	below := func(folder string) {
		t.Helper()
		err := filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				all[name], err = os.ReadFile(name)
			}
			if errors.Is(err, fs.ErrNotExist) { // a server that is at work takes files away
				return nil
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	below(flags[1])
	if len(flags) < 4 {
		return all
	}
	conn, err := pgx.Connect(t.Context(), flags[3])
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := conn.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	rows, err := conn.Query(t.Context(), "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var dump bytes.Buffer
		if _, err := conn.PgConn().CopyTo(t.Context(), &dump, "COPY "+pgx.Identifier{table}.Sanitize()+" TO STDOUT"); err != nil {
			t.Fatal(err)
		}
		all["table "+table] = dump.Bytes()
	}
	var folder string
	if _, err := conn.Exec(t.Context(), "CHECKPOINT"); err != nil { // what is in memory only goes to the files
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), "SELECT current_setting('data_directory')").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	below(folder)
	return all
}

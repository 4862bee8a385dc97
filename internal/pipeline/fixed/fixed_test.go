package fixed

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

var (
	_ execute.Unit = (*Webhook)(nil)
	_ error        = (*fault.Error)(nil)
)

// TestCases runs testdata/*.txtar: each "<n> <door>" is a call with delivery number n, "<n> <door> form" one whose
// fields are all text. "before" is what is there already; "tenant" changes the tenant's settings.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, file)
		})
	}
}

func runCase(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := newTestCase(t, archive)
	got := map[string]string{}
	got["answers"], got["state"] = c.run()
	if *update {
		archive.Files = slices.DeleteFunc(archive.Files, func(f txtar.File) bool { return f.Name == "answers" || f.Name == "state" })
		for _, name := range []string{"answers", "state"} {
			if got[name] != "" {
				archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, name := range []string{"answers", "state"} {
		want := ""
		for _, f := range archive.Files {
			if f.Name == name {
				want = string(f.Data)
			}
		}
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

type testCase struct {
	t      *testing.T
	tenant *plan.Tenant
	before settings
	calls  []txtar.File
}

// settings is the section "before".
type settings struct {
	Identities []struct {
		Kind, ID, Name string
		Entity         int64
		EntityName     string `json:"entity_name"`
		Ignored        bool
	}
	Agents []record.Agent
	Users  []struct {
		Email string
		Agent int64
	}
}

func newTestCase(t *testing.T, archive *txtar.Archive) *testCase {
	c := &testCase{t: t, tenant: &plan.Tenant{
		ID: 1, Zone: "Europe/Amsterdam", Country: "+31", Projects: true, UserCreation: true, AgentManagement: true,
		Kinds: map[string]bool{"activity": true, "sale": true, "call": true, "period": true, "anonymous_activity": true},
	}}
	for _, f := range archive.Files {
		switch f.Name {
		case "answers", "state":
		case "before":
			if err := json.Unmarshal(f.Data, &c.before); err != nil {
				t.Fatal(err)
			}
		case "tenant":
			if err := json.Unmarshal(f.Data, c.tenant); err != nil {
				t.Fatal(err)
			}
		default:
			c.calls = append(c.calls, f)
		}
	}
	return c
}

// run begins the stage again until all it needs is loaded, as the group writer does.
func (c *testCase) run() (answers, state string) {
	need := &record.Need{}
	for range 20 {
		need.Normalize()
		last := int64(1000)
		newID := func() int64 {
			last++
			return last
		}
		stage := record.NewStage(0, newID, need, c.loaded())
		answers, err := c.callAll(stage, need)
		var missing *record.NotLoaded
		if errors.As(err, &missing) {
			need.Add(&missing.Need)
			continue
		}
		if err != nil {
			c.t.Fatal(err)
		}
		return answers, describeChanges(stage.Changes())
	}
	c.t.Fatal("the calls do not come to an end")
	return "", ""
}

func (c *testCase) loaded() *record.Loaded {
	l := &record.Loaded{
		Identities: map[record.Key]*record.Identity{},
		Users:      map[record.UserKey]*record.User{},
		Agents:     map[int64]*record.Agent{},
		AgentUsers: map[int64]*record.User{},
	}
	for n, i := range c.before.Identities {
		key := record.Key{ProviderID: 2, Noun: i.Kind + record.IdentitySuffix, ExternalID: i.ID}
		l.Identities[key] = &record.Identity{
			ID: int64(n + 1), TenantID: 1, Key: key, Name: i.Name, EntityID: i.Entity, EntityName: i.EntityName, Ignored: i.Ignored,
		}
	}
	for _, a := range c.before.Agents {
		l.Agents[a.ID] = &a
	}
	for n, u := range c.before.Users {
		user := &record.User{ID: int64(n + 500), TenantID: 1, AgentID: u.Agent, Email: u.Email, Status: "active"}
		l.Users[record.UserKey{TenantID: 1, Email: u.Email}] = user
		if u.Agent != 0 {
			l.AgentUsers[u.Agent] = user
		}
	}
	return l
}

func (c *testCase) callAll(stage *record.Stage, need *record.Need) (string, error) {
	var b strings.Builder
	for _, call := range c.calls {
		words := strings.Fields(call.Name)
		var number int64
		if _, err := fmt.Sscan(words[0], &number); err != nil {
			return "", fmt.Errorf("%s: %w", call.Name, err)
		}
		body, syntax := value.ParseJSON(call.Data, value.Limits{})
		if syntax != nil {
			return "", fmt.Errorf("%s: %w", call.Name, syntax)
		}
		fmt.Fprintf(&b, "%s: ", words[0])
		door := DoorOf(words[1])
		if refused := door.Open(c.tenant); refused != nil {
			describeFault(&b, refused)
			continue
		}
		w, refused := door.Read(c.tenant, Guard(c.tenant, body, len(words) > 2))
		if refused != nil {
			describeFault(&b, refused)
			continue
		}
		w.Delivery = &pipeline.Delivery{Number: number, TenantID: 1, ProviderID: 2}
		known := len(need.Keys)
		w.Need(need)
		if keys := need.Keys[known:]; len(keys) > 0 {
			need.Normalize()
			if len(need.Keys) > known {
				return "", &record.NotLoaded{}
			}
		}
		if err := w.Run(stage); err != nil {
			return "", err
		}
		if o := w.Outcome(); o.Refused != nil {
			describeFault(&b, o.Refused)
		} else {
			fmt.Fprintln(&b, w.Written().Outcome)
			for _, r := range o.Remarks {
				fmt.Fprintln(&b, "  "+r)
			}
		}
	}
	return b.String(), nil
}

func describeFault(b *strings.Builder, e *fault.Error) {
	fmt.Fprintf(b, "%d %s\n", e.Kind.Status(), e.Message)
	for _, d := range e.Details {
		fmt.Fprintf(b, "  %s %s %s %s\n", d.Field, d.Code, d.Message, d.Hint)
	}
}

// describeChanges lists what there is to write, by external id.
func describeChanges(c *record.Changes) string {
	var b strings.Builder
	for _, ch := range c.Identities {
		i := ch.New
		fmt.Fprintf(&b, "%s %s", i.Key.Noun, i.Key.ExternalID)
		for _, name := range []string{"external_name", "email", "project_external_identity", "team_external_identity", "entity"} {
			if v := i.Field(name); !v.IsNull() {
				fmt.Fprintf(&b, " %s=%s", name, v)
			}
		}
		b.WriteByte('\n')
	}
	for _, ch := range c.Rows {
		fmt.Fprintf(&b, "%s %s", ch.New.Key.Noun, ch.New.Key.ExternalID)
		for n, f := range ch.New.Kind.Fields {
			if v := ch.New.Values[n]; !v.IsNull() {
				fmt.Fprintf(&b, " %s=%s", f.Name, v)
			}
		}
		b.WriteByte('\n')
	}
	for _, ch := range c.Teams {
		fmt.Fprintf(&b, "team %d %s\n", ch.New.ID, ch.New.Name)
	}
	for _, ch := range c.Agents {
		fmt.Fprintf(&b, "agent %d %s of team %d\n", ch.New.ID, ch.New.Name, ch.New.TeamID)
	}
	for _, ch := range c.Users {
		fmt.Fprintf(&b, "user %s %q %s of agent %d\n", ch.New.Email, ch.New.Name, ch.New.Status, ch.New.AgentID)
	}
	for _, e := range c.Journal {
		fmt.Fprintf(&b, "journal %s %d %s\n", e.Noun, e.ThingID, e.Before)
	}
	return b.String()
}

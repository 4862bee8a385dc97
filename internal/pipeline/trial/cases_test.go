package trial_test

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

// TestCases plays testdata/*.txtar on both databases. The sections of a file are, in order: `spec`, saved as the first
// version; `save`, the next version; `post`, items for the source, one on each line, numbered from 1 through the file;
// `post <door>`, bodies for a fixed webhook; `undo <n>`, of what item n led to, with `only <noun> <external id>`
// of that alone; `link <external id> <agent> <team>`, of an
// agent's identity, the team where there is one; `link team:<external id> <team>`, of a team's; `metrics`, one on each line: its name and what it is; `draft`, kept for the trials that follow;
// `dry <n>`, `backtest`, `orphans`, followed by what they say: of the draft, once there is one (with `live` after it: of
// the live version). Trials write nothing: that is checked.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		n := pipelinetest.Start(t, d.Open(t), library.Standard())
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar")
			t.Run(name, func(t *testing.T) { play(t, n, name, file, d.Name == "sqlite") })
		}
	})
}

func play(t *testing.T, n *pipelinetest.Node, name, file string, mayUpdate bool) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, n, name, string(archive.Files[0].Data))
	tried := w.tried()
	for i := range archive.Files[1:] {
		f := &archive.Files[i+1]
		words := strings.Fields(f.Name)
		switch words[0] {
		case "save":
			w.Save(t, w.processor, string(f.Data))
		case "post":
			for line := range strings.Lines(string(f.Data)) {
				w.post(t, strings.Join(words[1:], ""), line)
			}
		case "undo":
			var only record.Key
			if len(words) > 2 {
				only = record.Key{ProviderID: w.Provider.ID, Noun: words[3], ExternalID: words[4]}
			}
			w.undo(t, w.item(t, words[1]), only)
		case "link":
			w.link(t, words[1], words[2], strings.Join(words[3:], " "))
		case "metrics":
			w.metrics(t, string(f.Data))
		case "draft":
			tried.Draft = &processor.Draft{Text: f.Data}
		default:
			one := tried
			if words[len(words)-1] == "live" {
				one.Draft = nil
			}
			before := w.everything(t)
			got := w.say(t, one, words)
			if diff := gocmp.Diff(before, w.everything(t)); diff != "" {
				t.Errorf("%s wrote (-before +after):\n%s", f.Name, diff)
			}
			if *update && mayUpdate {
				f.Data = []byte(got)
			} else if diff := gocmp.Diff(string(f.Data), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", f.Name, diff)
			}
		}
	}
	if *update && mayUpdate {
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// item gives the delivery of item n.
func (w *world) item(t *testing.T, n string) int64 {
	t.Helper()
	place, err := strconv.Atoi(n)
	if err != nil {
		t.Fatal(err)
	}
	return w.deliveries(t)[place-1]
}

func (w *world) say(t *testing.T, tried trial.Tried, words []string) string {
	t.Helper()
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	switch words[0] {
	case "dry":
		r, err := w.desk.DryRun(t.Context(), trial.Dry{Tried: tried, Delivery: w.item(t, words[1])})
		if err != nil {
			return fault.Of(err).Error() + "\n"
		}
		w.sayDry(t, say, r)
	case "backtest":
		r, err := w.desk.Backtest(t.Context(), trial.Past{Tried: tried}, func(trial.Progress) {})
		if err != nil {
			return fault.Of(err).Error() + "\n"
		}
		w.sayBacktest(t, say, r)
	case "orphans":
		r, err := w.desk.Orphans(t.Context(), tried.TenantID, tried.Processor, quiet)
		if err != nil {
			return fault.Of(err).Error() + "\n"
		}
		w.sayOrphans(t, say, r)
	default:
		t.Fatalf("what is %q?", words[0])
	}
	return b.String()
}

func (w *world) sayDry(t *testing.T, say func(string, ...any), r *trial.DryRun) {
	say("%s %v", r.Execution.Status, r.Execution.Counts)
	for _, e := range r.Execution.Errors {
		say("error %s at %s: %s", e.Code, e.Instruction, e.Message)
	}
	for _, thing := range r.Things {
		say("%s %s: %s by %s", thing.Key.Noun, thing.Key.ExternalID, thing.Outcome, strings.Join(thing.Steps, ", "))
		for _, f := range thing.Fields {
			say("  %s %s → %s", f.Name, f.Before, f.After)
		}
		for _, f := range thing.Held {
			say("  %s stays %s, not %s: %s", f.Name, f.Before, f.After, f.Why)
		}
		for _, name := range thing.Locks {
			say("  %s is locked", name)
		}
	}
	for _, o := range r.Overwrites {
		w.sayOverwrite(t, say, o)
	}
	for _, o := range r.NewIDs {
		say("new id: %s %q → %q at %s", o.Noun, o.Before, o.After, o.Step)
	}
	for _, note := range r.Notes {
		say("note: %s", note)
	}
}

func (w *world) sayOverwrite(t *testing.T, say func(string, ...any), o trial.Overwrite) {
	say("overwrite: %s %q of %s by item %d over %s by item %d at %s: %s", o.Noun, o.ExternalID, o.Over.ID, w.place(t, o.Over.Delivery), o.By.ID, w.place(t, o.By.Delivery), o.Step, o.Kind)
}

// place gives the number of the item that led to a delivery; 0: none of the source.
func (w *world) place(t *testing.T, delivery int64) int {
	for i, n := range w.deliveries(t) {
		if n == delivery {
			return i + 1
		}
	}
	return 0
}

func (w *world) sayBacktest(t *testing.T, say func(string, ...any), r *trial.Backtest) {
	say("%d deliveries, told apart by %q", r.Deliveries, r.IdentifiedBy)
	count := r.Tally
	if sum := count.NowFails + count.NowSucceeds + count.Changed + count.New + count.Gone + count.Same; sum != r.Deliveries {
		t.Errorf("the counts %+v are not %d together", count, r.Deliveries)
	}
	say("now fails %d, now succeeds %d, changed %d, new %d, gone %d, same %d", count.NowFails, count.NowSucceeds, count.Changed, count.New, count.Gone, count.Same)
	for _, g := range r.Statuses {
		say("%s → %s %s %s: %d", g.Live, g.Tried, g.Code, g.Step, g.Count)
		for _, e := range g.Examples {
			say("  item %d: %s", w.place(t, e.Delivery), e.Message)
		}
	}
	for _, g := range r.Said {
		say("says %s %s %s at %s: %d, %d held back", g.Noun, g.Field, g.Change, g.Step, g.Count, g.HeldBack)
		w.sayExamples(t, say, g)
	}
	for _, g := range r.Ends {
		say("ends %s %s %s, cause %s: %d, %d held back", g.Noun, g.Field, g.Change, g.Cause, g.Count, g.HeldBack)
		w.sayExamples(t, say, g)
	}
	for _, g := range r.Overwrites {
		say("overwrites %s at %s, %s: %d", g.Noun, g.Step, g.Kind, g.Count)
		for _, o := range g.Examples {
			w.sayOverwrite(t, say, o)
		}
	}
	for _, g := range r.NewIDs {
		say("new ids %s at %s, %s → %s: %d", g.Noun, g.Step, g.Before, g.After, g.Count)
		for _, e := range g.Examples {
			say("  item %d: %s → %s", w.place(t, e.Delivery), e.Before, e.After)
		}
	}
	for _, m := range r.Moves.Metrics {
		say("metric %s: %s → %s, %d at another moment", m.Metric.Name, metric.Text(m.Now), metric.Text(m.Then), m.Elsewhen)
		for _, a := range m.Agents.Whom {
			say("  %s: %s → %s", cmp.Or(a.Name, "nobody"), metric.Text(a.Now), metric.Text(a.Then))
		}
		for _, a := range m.Teams.Whom {
			say("  team %s: %s → %s", cmp.Or(a.Name, "none"), metric.Text(a.Now), metric.Text(a.Then))
		}
	}
	for _, g := range r.NotRun {
		say("not run: %d: %s", g.Count, g.Why)
	}
	for _, note := range r.Notes {
		say("note: %s", note)
	}
}

func (w *world) sayExamples(t *testing.T, say func(string, ...any), g trial.Group) {
	for _, e := range g.Examples {
		why := e.Why
		if prefix, _, found := strings.Cut(why, "_0"); found {
			why = prefix + "_…"
		}
		say("  item %d %s: %s → %s %s", w.place(t, e.Delivery), e.ExternalID, e.Before, e.After, why)
	}
}

func (w *world) sayOrphans(t *testing.T, say func(string, ...any), r *trial.Orphans) {
	say("%d of %d things, by version %d over %d deliveries", r.Count, r.Things, r.Version, r.Deliveries)
	for _, o := range r.Orphans {
		say("%s %s, made by item %d, last set by item %d: %s", o.Key.Noun, o.Key.ExternalID, w.place(t, o.Maker.Delivery), w.place(t, o.Mark.Number), w.named(t, o.Why))
	}
	for _, g := range r.NotJudged {
		say("not judged: %d: %s", g.Count, g.Why)
	}
	for _, note := range r.Notes {
		say("note: %s", note)
	}
}

// named puts items for the ids of deliveries.
func (w *world) named(t *testing.T, text string) string {
	for i, n := range w.deliveries(t) {
		text = strings.ReplaceAll(text, id.Format(id.Delivery, n), fmt.Sprint("item ", i+1))
	}
	return text
}

// link makes an identity that of an agent, who may be in a team, or of a team; who is not there is made.
func (w *world) link(t *testing.T, externalID, name, team string) {
	t.Helper()
	kind := "agent"
	if rest, ok := strings.CutPrefix(externalID, "team:"); ok {
		kind, externalID = "team", rest
	}
	made := identity.Entity{Name: name}
	if team != "" {
		made.TeamID = w.entity(t, "team", identity.Entity{Name: team})
	}
	entity := w.entity(t, kind, made)
	err := w.Write(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Exec("UPDATE identities SET entity_id = ? WHERE tenant_id = ? AND kind = ? AND external_id = ?", entity, w.ID, kind, externalID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// entity gives the agent or the team of a name, made where there is none.
func (w *world) entity(t *testing.T, kind string, e identity.Entity) int64 {
	t.Helper()
	if there := w.numbers(t, "SELECT id FROM "+kind+"s WHERE tenant_id = ? AND name = ?", w.ID, e.Name); len(there) > 0 {
		return there[0]
	}
	e.TenantID = w.ID
	e.Kind = identity.Kinds[slices.IndexFunc(identity.Kinds, func(k identity.Kind) bool { return k.Noun == kind })]
	made, err := w.AddEntity(t.Context(), access.Principal{TenantID: w.ID, UserID: 5, Role: access.Owner}, e)
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// metrics adds metrics: a name and a definition on each line. A ratio is of those before it, by their places from 1 on.
func (w *world) metrics(t *testing.T, lines string) {
	t.Helper()
	var made []int64
	for line := range strings.Lines(lines) {
		name, text, _ := strings.Cut(line, " ")
		var d metric.Definition
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Fatal(err)
		}
		if d.Aggregate == metric.Ratio {
			d.Over, d.Under = made[d.Over-1], made[d.Under-1]
		}
		m, err := w.AddMetric(t.Context(), metric.Metric{TenantID: w.ID, Name: name, Definition: d})
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, m.ID)
	}
}

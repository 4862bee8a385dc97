package trial_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/pipelinetest"
	"github.com/dealwright/dealwright/internal/pipeline/trial"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestPartly: of a draft that is being written what can run does, and it is told what did not, and why.
func TestPartly(t *testing.T) {
	t.Parallel()
	const agent = "  - {type: upsert_agent_external_identity, external_id: =event.agent, return_as: agent}\n"
	const sale = "  - {type: upsert_activity, external_id: '=concat(event.id)', activity_type: Offer, agent_external_identity: =agent, moment: =parse_datetime(event.at)}\n"
	for name, c := range map[string]struct {
		head, steps string
		left        []string // kind, name and code
		states      []string // of the steps at the top
		writes      int
	}{
		"whole":                          {"", agent + sale, nil, []string{"ran", "ran"}, 2},
		"the last lacks its fields":      {"", agent + "  - {type: upsert_activity}\n", []string{"step s2 missing_field"}, []string{"ran", "disabled"}, 1},
		"the first does, the next reads": {"", "  - {type: upsert_agent_external_identity, return_as: agent}\n" + sale, []string{"step s1 missing_field", "step s2 unknown_name"}, []string{"disabled", "disabled"}, 0},
		"a loop over nothing yet":        {"", "  - {id: loop, type: for_each, item_var: line, body: [{type: stop}]}\n" + agent, []string{"step loop missing_field"}, []string{"disabled", "ran"}, 1},
		"a type nobody knows":            {"", agent + "  - {id: odd, type: upsert_agnet}\n", []string{"step odd unknown_type"}, []string{"ran", "disabled"}, 1},
		"a constant without a value":     {"constants: [{name: channel, type: string}]\n", agent + strings.Replace(sale, "Offer", "=channel", 1), []string{"constant channel missing_constant", "step s2 unknown_name"}, []string{"ran", "disabled"}, 1},
		"a constant of no type":          {"constants: [{name: channel, type: txet}, {name: kind, type: string, default: Offer}]\n", agent + strings.Replace(sale, "Offer", "=kind", 1), []string{"constant channel bad_constant"}, []string{"ran", "ran"}, 2},
		"a test that is none":            {"tests: [{name: [x]}]\n", agent, nil, []string{"ran"}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
				n := pipelinetest.Start(t, d.Open(t), library.Standard())
				w := newWorld(t, n, "partly", plainSpec)
				w.post(t, "", `{"id": "1", "agent": 7, "at": "2026-01-05", "kind": "Won"}`)
				tried := w.tried()
				tried.Draft = &processor.Draft{Text: []byte("spec: 1\nsource_model: webhook.payload\nvar: event\n" + c.head + "instructions:\n" + c.steps)}
				ask := trial.Dry{Tried: tried, Delivery: w.deliveries(t)[0]}
				if _, err := w.desk.DryRun(t.Context(), ask); len(c.left) > 0 && !fault.Is(err, fault.Invalid) {
					t.Errorf("without asking for a part: %v", err)
				}
				ask.Partly = true
				r, err := w.desk.DryRun(t.Context(), ask)
				if err != nil {
					t.Fatal(err)
				}
				var left, states []string
				for _, l := range r.LeftOut {
					left = append(left, l.Kind+" "+l.Name+" "+l.Code)
				}
				for _, s := range r.Tree.Steps {
					states = append(states, string(s.State))
				}
				if diff := cmp.Diff(c.left, left); diff != "" {
					t.Errorf("left out (-want +got):\n%s", diff)
				}
				if diff := cmp.Diff(c.states, states); diff != "" {
					t.Errorf("steps (-want +got):\n%s", diff)
				}
				if len(r.Things) != c.writes || r.Tree.Item.Value.Get("kind").Text() != "Won" {
					t.Errorf("writes %+v of %+v", r.Things, r.Tree.Item)
				}
			})
		})
	}
}

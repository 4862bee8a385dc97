package trial

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/specgen"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// TestBesideIsWhole: a version that runs after another, and takes over what both have in common, writes and ends as it does
// alone, delivery by delivery, and leaves the same.
func TestBesideIsWhole(t *testing.T) {
	t.Parallel()
	lib := library.Standard()
	taken, ran := 0, 0
	for seed := range uint64(1000) {
		c := specgen.DrawPayload(seed, lib)
		live, tried := c.Spec, edited(c, seed, lib)
		if tried == nil || !checks(live, c, lib) || !checks(tried, c, lib) {
			continue
		}
		p := &piece{}
		for n := range 12 { // some items come again, and find what they made
			number := int64(n + 1)
			p.deliveries = append(p.deliveries, pipeline.Delivery{Number: number, TenantID: 1, ProviderID: 2, SourceID: 3, ReceivedAt: c.Env.ReceivedAt})
			p.items = append(p.items, c.Items[n%len(c.Items)].Value)
		}
		nothing := loader(func(context.Context, *record.Need) (*record.Loaded, error) { return &record.Loaded{}, nil })
		alone := drawnSide(t, c, live, lib)
		if err := nothing.run(t.Context(), p, nil, true, []*record.Stage{alone.stage}, alone); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		lead := drawnSide(t, c, tried, lib)
		beside := lead.beside(drawnSide(t, c, live, lib).subject)
		beside.links = alone.links
		if err := nothing.run(t.Context(), p, nil, true, []*record.Stage{lead.stage, beside.stage}, lead, beside); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i := range p.deliveries {
			if diff := cmp.Diff(retold(alone, i), retold(beside, i)); diff != "" {
				t.Fatalf("seed %d, delivery %d (-alone +beside):\n%s\n%s\n%s", seed, i+1, diff, c.Txtar(lib, ""), tried.AppendJSON(nil))
			}
			ran += len(beside.seen[i].writes)
			for _, w := range beside.seen[i].writes {
				if slices.ContainsFunc(lead.seen[i].writes, func(o write) bool {
					return len(w.fields) > 0 && len(o.fields) > 0 && &w.fields[0] == &o.fields[0]
				}) {
					taken++
				}
			}
		}
	}
	t.Logf("%d of %d writes were taken over", taken, ran)
	if taken == 0 || taken == ran {
		t.Error("nothing is tried here")
	}
}

func checks(spec *tree.Spec, c *specgen.Case, lib *library.Library) bool {
	_, problems := check.Check(spec, lib, c.Model)
	return !tree.HasErrors(problems)
}

// edited gives the spec of a case with one change at the top; nil: there is none to make.
func edited(c *specgen.Case, seed uint64, lib *library.Library) *tree.Spec {
	draw := rand.New(rand.NewPCG(seed, 0xed17))
	other := *c.Spec
	other.Instructions = slices.Clone(other.Instructions)
	if len(other.Instructions) == 0 {
		return nil
	}
	at := draw.IntN(len(other.Instructions))
	switch draw.IntN(4) {
	case 0:
		other.Instructions = slices.Delete(other.Instructions, at, at+1)
	case 1:
		off := *other.Instructions[at]
		off.Disabled = !off.Disabled
		other.Instructions[at] = &off
	case 2: // what another spec does there
		foreign := specgen.DrawPayload(seed+1, lib).Spec.Instructions
		if len(foreign) == 0 {
			return nil
		}
		one := *foreign[draw.IntN(len(foreign))]
		one.ID = "edited"
		other.Instructions = slices.Insert(other.Instructions, at, &one)
	default: // another value
		one := *other.Instructions[at]
		one.Fields = slices.Clone(one.Fields)
		for i, f := range one.Fields {
			if e, ok := f.Content.(*tree.Expr); ok && (e.Type == tree.Literal || draw.IntN(2) == 0) {
				one.Fields[i].Content = tree.Lit(value.Text(fmt.Sprint("edited ", seed)))
				break
			}
		}
		other.Instructions[at] = &one
	}
	return &other
}

func drawnSide(t *testing.T, c *specgen.Case, spec *tree.Spec, lib *library.Library) *side {
	s := &subject{
		processor: processor.Processor{ID: 4, TenantID: 1, SourceModel: c.Model.Name, Version: 1}, tenant: &plan.Tenant{ID: 1, Zone: c.Env.Zone, Country: c.Env.Country},
		links: []processor.Link{{SourceID: 3, ProcessorID: 4}},
	}
	s.settings.TimeZone, s.settings.Country = c.Env.Zone, c.Env.Country
	if err := s.use(lib, spec, 1, false); err != nil {
		t.Fatalf("seed %d: %v", c.Seed, err)
	}
	made := newSide(s, record.NewOverlay(1))
	made.links[3] = &plan.Link{ProcessorID: 4, Version: 1, Program: s.program, Zone: c.Env.Zone, Country: c.Env.Country, Constants: c.Env.Constants}
	return made
}

// retold is all that a side tells of a delivery, in words: things are named by their key and what they hold, since each side
// has things of its own.
func retold(s *side, i int) []string {
	e := s.ran[i]
	lines := []string{fmt.Sprintf("%s %s %+v", e.Status, e.Reason, e.Counts)}
	for _, err := range e.Errors {
		lines = append(lines, fmt.Sprintf("error %s at %s %s %s: %s", err.Code, err.Instruction, err.Place, err.Field, err.Message))
	}
	for _, w := range s.seen[i].writes {
		line := fmt.Sprintf("%d %v %s locked %q stale %q before%s set%s", w.about, w.key, w.step, w.locked, w.stale, inWords(w.before), inWords(w.fields))
		for _, o := range w.others {
			line += fmt.Sprintf(" other %s %s locked %q stale %q before%s", o.ExternalID, o.Outcome, o.Locked, o.Stale, inWords(o.Before))
		}
		key := record.Key{ProviderID: 2, Noun: w.key.Noun, ExternalID: w.key.ExternalID}
		if w.about == ofThing {
			if w.place != s.stage.Place(key) {
				line += " at another place"
			}
			if row := s.stage.Row(key); !key.IsIdentity() && row != nil {
				line += fmt.Sprintf(" now %v %v", row.Mark, row.Marks)
				for k, v := range row.Values {
					line += inWords([]run.Field{{Name: row.Kind.Fields[k].Name, Value: v}})
				}
			}
		}
		lines = append(lines, line)
	}
	return lines
}

func inWords(fields []run.Field) string {
	var b strings.Builder
	for _, f := range fields {
		shown := f.Value.String()
		if it, ok := f.Value.Entity().(*record.Identity); ok {
			shown = fmt.Sprintf("%s %q %q %q", it.Noun(), it.ExternalID(), it.Name, it.Email)
		} else if f.Value.Entity() != nil {
			shown = f.Value.Entity().ExternalID()
		}
		fmt.Fprintf(&b, " %s=%s", f.Name, shown)
	}
	return b.String()
}

// TestBesideSpendsAsAlone: what is taken over counts against the budgets of a run as if it had been run.
func TestBesideSpendsAsAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		items int
		step  string
	}{
		"steps":       {9_000, `for_each, list: =event.list, item_var: it, body: [` + strings.Repeat(`{type: define_variable, value: 1, return_as: X},`, 6) + `]`},
		"expressions": {9_000, `define_variable, value: '=map(event.list, it, concat(` + strings.Repeat(`"", `, 130) + `""))', return_as: X`},
		"text":        {40, `for_each, list: =event.list, item_var: it, body: [{type: define_variable, value: '=concat(event.long, "")', return_as: X}]`},
		"writes":      {6_000, `for_each, list: =event.list, item_var: it, body: [{type: upsert_team_external_identity, external_id: =it, return_as: X}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := "spec: 1\nsource_model: webhook.payload\nvar: event\ninstructions:\n"
			for _, n := range []string{"first", "second"} {
				source += "  - {id: " + n + ", type: " + strings.ReplaceAll(c.step, "X", n) + "}\n"
			}
			list := make([]value.Value, c.items)
			for i := range list {
				list[i] = value.Text(fmt.Sprint(i))
			}
			p := &piece{
				deliveries: []pipeline.Delivery{{Number: 1, TenantID: 1, ProviderID: 2, SourceID: 3}},
				items:      []value.Value{value.Object([]value.Member{{Key: "list", Value: value.List(list)}, {Key: "long", Value: value.Text(strings.Repeat("x", 1_000_000))}})},
			}
			live, tried := benchSubject(t, source), benchSubject(t, strings.Replace(source, "id: second", "id: second, disabled: true", 1))
			sideOf := func(s *subject, made *side) *side {
				made.links[3] = &plan.Link{ProcessorID: 4, Version: 1, Program: s.program, Zone: "Europe/Amsterdam", Country: "+31"}
				return made
			}
			alone, lead := sideOf(live, newSide(live, record.NewOverlay(1))), sideOf(tried, newSide(tried, record.NewOverlay(1)))
			beside := sideOf(live, lead.beside(live))
			nothing := loader(func(context.Context, *record.Need) (*record.Loaded, error) { return &record.Loaded{}, nil })
			if err := nothing.run(t.Context(), p, nil, true, []*record.Stage{alone.stage}, alone); err != nil {
				t.Fatal(err)
			}
			if err := nothing.run(t.Context(), p, nil, true, []*record.Stage{lead.stage, beside.stage}, lead, beside); err != nil {
				t.Fatal(err)
			}
			if lead.ran[0].Status != run.Succeeded || alone.ran[0].Status != run.Failed || alone.ran[0].Errors[0].Code != "limit" {
				t.Fatalf("once is %s %v, twice is %s %v", lead.ran[0].Status, lead.ran[0].Errors, alone.ran[0].Status, alone.ran[0].Errors)
			}
			if diff := cmp.Diff(retold(alone, 0), retold(beside, 0)); diff != "" {
				t.Errorf("(-alone +beside):\n%s", diff)
			}
		})
	}
}

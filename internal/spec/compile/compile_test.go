package compile_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

func TestWhatCannotBeCompiled(t *testing.T) {
	t.Parallel()
	literal := func(s string) *tree.Expr { return tree.Lit(value.Text(s)) }
	for want, in := range map[string]*tree.Instruction{
		`/instructions/0: there is no operation "upsert_cat"`: {Type: "upsert_cat"},
		`/instructions/0/external_id: it is required`:         {Type: "upsert_team_external_identity"},
		`/instructions/0/reason: there is no expression "shout"`: {Type: "stop", Fields: []tree.Field{
			{Name: "reason", Content: &tree.Expr{Type: "shout", Fields: []tree.Field{{Name: "text", Content: literal("a")}}}},
		}},
		`/instructions/0/reason: it could not be read`: {Type: "stop", Fields: []tree.Field{{Name: "reason", Content: tree.Raw{}}}},
	} {
		_, err := compile.Compile(&tree.Spec{Var: "event", Instructions: []*tree.Instruction{in}}, library.Standard(), compile.Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestSummaries(t *testing.T) {
	t.Parallel()
	lib := library.Standard()
	spec, problems, _ := text.ReadYAML([]byte(benchSpec+"  - {type: upsert_anonymous_activity, external_id: 1, activity_type: Deal won, moment: =closed}\n  - {type: upsert_team_external_identity, disabled: true, external_id: x}\n"), lib)
	if tree.HasErrors(problems) {
		t.Fatal(problems)
	}
	p, err := compile.Compile(spec, lib, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, in := range p.Body {
		got = append(got, in.Summary)
	}
	want := []string{
		"Upsert team identity event.team.id",
		"Upsert agent identity event.agent.id",
		"Upsert proposition identity event.product.id",
		"Define closed",
		`Upsert activity concat("Conversation | ", event.conversation.outcome)`,
		`If equals(event.conversation.outcome, "sale")`,
		"Upsert anonymous activity “Deal won”",
		"Upsert team identity “x”",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Any number of runs share a program.
func TestProgramsAreShared(t *testing.T) {
	t.Parallel()
	lib := library.Standard()
	spec, _, _ := text.ReadYAML([]byte(benchSpec), lib)
	p, err := compile.Compile(spec, lib, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	item, fail := value.ParseJSON([]byte(benchItem), value.Limits{})
	if fail != nil {
		t.Fatal(fail)
	}
	env := run.Environment{Zone: "Europe/Amsterdam"}
	first, err := run.Run(p, item, env, trivial{})
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if again, err := run.Run(p, item, env, trivial{}); err != nil || again.Digest != first.Digest {
					t.Errorf("%+v, %v", again, err)
				}
			}
		})
	}
	all.Wait()
}
